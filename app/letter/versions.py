"""Versions: the immutable texts of a letter, each with a number and a SHA-256.

A version's text never changes, but may be withheld from the public (app/letter/withholdings.py).

The hash covers every part a signer reads, in a canonical form: JSON with sorted keys, no spaces,
Unicode NFC, UTF-8 (after RFC 8785). Anyone who has the version's JSON can compute it again.
"""

import hashlib
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, Column, String, UniqueConstraint, select
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.errors import NotFound
from app.i18n import _
from app.letter.clean_text import clean, clean_block, clean_line
from app.trail import audit
from app.webhook import webhooks


@dataclass(frozen=True)
class Lead:
    """A lead organisation in the letterhead; `logo` is a file name among the kept logos,
    `logo_sha256` what the hash of the version covers."""

    name: str
    local_name: str = ""
    logo: str = ""
    logo_sha256: str = ""


@dataclass(frozen=True)
class Text:
    """One language of a version: the letter's frame and its body in Markdown."""

    title: str
    language: str
    body: str
    letterhead: tuple[Lead, ...] = ()
    place_and_date: str = ""
    addressees: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject_label: str = ""
    subject: str = ""
    salutation: str = ""
    closing: str = ""
    signatories_heading: str = ""


@dataclass(frozen=True)
class Content:
    """All languages of a version; `language` names the one the letter was written in."""

    language: str
    texts: dict[str, Text] = field(default_factory=dict)

    def cleaned(self) -> "Content":
        """Without what nobody can see: signers sign what they read."""
        return Content(self.language, {tag: _cleaned(text) for tag, text in self.texts.items()})

    def canonical(self) -> bytes:
        parts = asdict(self)
        for text in parts["texts"].values():
            for lead in text["letterhead"]:
                del lead["logo"]  # a random file name; its digest stands for the picture
        return orjson.dumps(_normal(parts), option=orjson.OPT_SORT_KEYS)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()


class Version(Table, table=True):
    __table_args__ = (UniqueConstraint("letter_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    number: int
    sha256: str = Field(sa_column=Column(String(64), nullable=False))
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    withheld_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def languages(self) -> list[str]:
        """The languages it can be read in, the one it was written in first."""
        original = self.content["language"]
        return [original, *sorted(self.content["texts"].keys() - {original})]

    @property
    def titles(self) -> dict[str, str]:
        """By the languages it can be read in."""
        return {language: text["title"] for language, text in self.content["texts"].items()}

    def text(self, language: str = "") -> Text:
        """The text in `language`, else in the language the letter was written in.

        A translation without a letterhead of its own has the original's.
        """
        texts = self.content["texts"]
        original = _text(texts[self.content["language"]])
        text = _text(texts[language]) if language in texts else original
        return text if text.letterhead else replace(text, letterhead=original.letterhead)

    def whole(self) -> Content:
        """All its texts."""
        texts = {language: _text(parts) for language, parts in self.content["texts"].items()}
        return Content(self.content["language"], texts)


def publish(db: Db, letter_id: UUID, content: Content, *, by: audit.Actor) -> Version:
    """Makes the letter's next version; the same text again is the version there is."""
    content = content.cleaned()
    latest = newest(db, letter_id)
    if latest and latest.sha256 == content.sha256:
        return latest
    version = Version(
        letter_id=letter_id,
        number=latest.number + 1 if latest else 1,
        sha256=content.sha256,
        content=asdict(content),
        created_at=db.now,
    )
    db.add(version)
    db.flush()
    audit.record(
        db,
        "version published",
        by=by,
        letter_id=letter_id,
        subject_id=version.id,
        number=version.number,
        sha256=version.sha256,
    )
    webhooks.announce(db, letter_id, "version.published", str(version.number))
    return version


def newest(db: Db, letter_id: UUID) -> Version | None:
    query = select(Version).where(col(Version.letter_id) == letter_id)
    return db.scalars(query.order_by(col(Version.number).desc()).limit(1)).first()


def of_letter(db: Db, letter_id: UUID) -> list[Version]:
    """All of them, the newest first."""
    query = select(Version).where(col(Version.letter_id) == letter_id)
    return list(db.scalars(query.order_by(col(Version.number).desc())))


def numbered(db: Db, letter_id: UUID, number: int) -> Version:
    query = select(Version).where(
        col(Version.letter_id) == letter_id, col(Version.number) == number
    )
    version = db.scalars(query).first()
    if not version:
        raise NotFound(_("There is no such version."))
    return version


def outdated(db: Db, letter_id: UUID) -> list[str]:
    """The languages whose text is older than that of the language the letter was written in."""
    query = select(col(Version.content)).where(col(Version.letter_id) == letter_id)
    renewed: dict[str, int] = {}
    texts: dict[str, Any] = {}
    original = ""
    for number, content in enumerate(db.scalars(query.order_by(col(Version.number)))):
        before, texts, original = texts, content["texts"], content["language"]
        renewed |= {one: number for one, text in texts.items() if before.get(one) != text}
    return sorted(one for one in texts if renewed[one] < renewed[original])


def _text(parts: dict[str, Any]) -> Text:
    lists = {name: tuple(parts[name]) for name in ("addressees", "cc")}
    leads = tuple(Lead(**lead) for lead in parts["letterhead"])
    return Text(**{**parts, **lists, "letterhead": leads})


def _cleaned(text: Text) -> Text:
    lines = ("title", "place_and_date", "subject_label", "subject", "salutation")
    return replace(
        text,
        **{part: clean_line(getattr(text, part)) for part in (*lines, "signatories_heading")},
        letterhead=tuple(
            replace(lead, name=clean_line(lead.name), local_name=clean_line(lead.local_name))
            for lead in text.letterhead
        ),
        addressees=tuple(clean_block(block) for block in text.addressees),
        cc=tuple(clean_block(receiver) for receiver in text.cc),
        closing=clean_block(text.closing),
        body=clean(text.body),
    )


def _normal(part: Any) -> Any:
    if isinstance(part, str):
        return unicodedata.normalize("NFC", part)
    if isinstance(part, dict):
        return {key: _normal(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_normal(value) for value in part]
    return part
