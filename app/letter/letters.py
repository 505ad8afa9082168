"""Letters: the whole undertaking of a joint letter, from draft to delivered."""

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, Column, String, Text, select, update
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound, Refused
from app.i18n import _, readable
from app.letter.versions import Version
from app.trail import audit

Status = Literal["draft", "open", "paused", "closed", "delivered"]
Order = Literal["collation", "manual", "time", "country"]

GRACE = timedelta(hours=24)
# Of a deadline: what comes after it is reckoned from it, and calendars end with the year 9999.
LATEST_YEAR = 2_999
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 80
RESERVED_SLUGS = ("import", "new")  # addresses of the desk's own


class Letter(Table, table=True):
    __table_args__ = (
        CheckConstraint("status IN ('draft','open','paused','closed','delivered')", name="status"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str = Field(sa_column=Column(String(LONGEST_SLUG), nullable=False, unique=True))
    title: str
    # The one it was written in; its titles in all it can be read in, by their tags.
    language: str = Field(sa_column=Column(String(20), nullable=False))
    titles: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    status: str = Field(default="draft", sa_column=Column(String(10), nullable=False))
    # Not a foreign key: a letter and its first version are made together.
    version_id: UUID
    version: int
    sha256: str = Field(sa_column=Column(String(64), nullable=False))

    deadline: datetime | None = Field(default=None, sa_type=Moment)
    # The deadline is shown in the organisers' zone: one with a name, such as Europe/Brussels, or ""
    # where they wrote an offset only, in minutes.
    deadline_offset: int = 0
    deadline_zone: str = Field(default="", sa_column=Column(String(64), nullable=False))
    soft_deadline: datetime | None = Field(default=None, sa_type=Moment)
    order: str = Field(
        default="collation", sa_column=Column("order_rule", String(10), nullable=False)
    )
    articles: str = Field(default="keep", sa_column=Column(String(4), nullable=False))
    listed_order: list[str] = Field(sa_column=Column(JSON, nullable=False))
    leads_first: bool = False
    grouped_by: str = Field(default="none", sa_column=Column(String(10), nullable=False))
    # How the organisations are printed: names in so many columns (0: as fits), or a table.
    list_form: str = Field(default="names", sa_column=Column(String(10), nullable=False))
    list_columns: int = 0
    logo_wall: bool = False
    individuals: bool = True
    show_representatives: bool = False
    withheld_count: bool = False
    public_proof: bool = False
    two_person: bool = False
    retention_days: int = 180
    # Why it was paused or closed, for visitors; empty while it is open.
    state_reason: str = Field(default="", sa_column=Column(Text, nullable=False))

    # Whose address book is used: the organiser's who owned the letter first; all who work on the
    # letter share it.
    book_id: UUID | None = None

    # Counts what visitors can see change; never touched by anything confidential.
    revision: int = 0
    revised_at: datetime = Field(sa_type=Moment)
    created_at: datetime = Field(sa_type=Moment)
    opened_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def path(self) -> str:
        return f"/letters/{self.slug}"

    @property
    def languages(self) -> list[str]:
        """The languages it can be read in, the one it was written in first."""
        return [self.language, *sorted(self.titles.keys() - {self.language})]

    def readable_in(self, asked: str) -> str:
        """The language of its texts that is nearest to a tag somebody asked for, else the one it
        was written in."""
        return readable(asked, self.languages)

    def title_in(self, language: str) -> str:
        return self.titles.get(language, self.title)

    def path_in(self, language: str) -> str:
        """Its address for readers of one of its languages."""
        is_translation = language in self.titles and language != self.language
        return f"{self.path}?lang={language}" if is_translation else self.path

    @property
    def is_public(self) -> bool:
        return self.status != "draft"

    @property
    def zone(self) -> tzinfo:
        """The organisers' time zone."""
        if self.deadline_zone:
            return ZoneInfo(self.deadline_zone)
        return timezone(timedelta(minutes=self.deadline_offset))

    @property
    def local_deadline(self) -> datetime | None:
        """The deadline in the organisers' zone."""
        return self.deadline and self.deadline.astimezone(self.zone)

    @property
    def local_soft_deadline(self) -> datetime | None:
        return self.soft_deadline and self.soft_deadline.astimezone(self.zone)

    @property
    def has_ended(self) -> bool:
        """Whether an organiser closed it; its deadline may have ended signing before."""
        return self.status in ("closed", "delivered")

    def on_its_calendar(self, moment: datetime) -> date:
        """The day it is then where its organisers are."""
        return moment.astimezone(self.zone).date()

    @property
    def ends_at(self) -> datetime | None:
        """When signing ended or ends: closed by an organiser, or the deadline."""
        if self.has_ended:
            return self.closed_at
        return self.deadline

    def closed_reason(self, now: datetime) -> str | None:
        """Why nobody can sign: draft, paused, closed or deadline; None while signing is open."""
        if self.status == "delivered":
            return "closed"
        if self.status != "open":
            return self.status
        return "deadline" if self.deadline and now >= self.deadline else None

    def must_be_signable(self, now: datetime) -> None:
        """Raises Conflict with the sentence for visitors unless signing is open."""
        reason = self.closed_reason(now)
        if reason == "draft":
            raise NotFound(_("There is no such letter."))
        if reason == "paused":
            raise Conflict(_("Signing is paused. Please come back later."))
        if reason:
            raise Conflict(_("This letter is closed: it can no longer be signed."))

    def must_be_confirmable(self, signed_at: datetime, now: datetime) -> None:
        """A signature given in time may be confirmed until 24 hours after closing."""
        if self.status == "paused":
            raise Conflict(_("Signing is paused. Please come back later to confirm."))
        ends = self.ends_at
        if ends and (signed_at >= ends or now - GRACE > ends):
            raise Conflict(_("This letter is closed, and the 24 hours for confirming are over."))


def checked_slug(slug: str) -> str:
    if len(slug) > LONGEST_SLUG or not SLUG.fullmatch(slug):
        raise Refused(
            _("A web address has small letters, digits and single hyphens, at most 80 characters."),
            "slug",
        )
    if slug in RESERVED_SLUGS:
        raise Refused(_("No letter can have the web address “%(slug)s”.") % {"slug": slug}, "slug")
    return slug


def by_slug(db: Db, slug: str) -> Letter:
    # Asked for what no slug can be, PostgreSQL would stumble over a NUL.
    known = SLUG.fullmatch(slug) and select(Letter).where(col(Letter.slug) == slug)
    letter = db.scalars(known).first() if known is not None else None
    if not letter:
        raise NotFound(_("There is no such letter."))
    return letter


def public(db: Db, slug: str) -> Letter:
    """The letter as a visitor may see it; a draft is not there for them."""
    letter = by_slug(db, slug)
    if not letter.is_public:
        raise NotFound(_("There is no such letter."))
    return letter


def checked_language(letter: Letter, language: str) -> str:
    """The language, if the letter can be read in it; "" stands for the one it was written in."""
    if language and language not in letter.titles:
        raise Refused(
            _("This letter can be read in %(languages)s, and in no other language.")
            % {"languages": ", ".join(letter.languages)},
            "language",
        )
    return language or letter.language


def by_id(db: Db, letter_id: UUID) -> Letter:
    return db.get_one(Letter, letter_id)


def locked(db: Db, letter: Letter) -> Letter:
    """The letter as it is now, kept so until the transaction ends.

    Signing goes on meanwhile: what refers to the letter can be written.
    """
    db.refresh(letter, with_for_update={"key_share": True})
    return letter


def open_for_signature(db: Db) -> list[Letter]:
    """Letters that can be signed now, the nearest deadline first."""
    query = select(Letter).where(col(Letter.status) == "open")
    found = [letter for letter in db.scalars(query) if not letter.closed_reason(db.now)]
    return sorted(found, key=lambda letter: (letter.deadline is None, letter.deadline, letter.slug))


def adopt(db: Db, letter: Letter, version: Version) -> None:
    """Makes `version` the one that is shown and signed."""
    if letter.version_id == version.id:
        return
    text = version.text()
    letter.title, letter.language = text.title, text.language
    letter.titles = version.titles
    letter.version_id, letter.version, letter.sha256 = version.id, version.number, version.sha256
    db.flush()
    revise(db, letter.id)


def set_facts(db: Db, letter: Letter, action: str, facts: dict[str, Any], by: audit.Actor) -> None:
    for name, value in facts.items():
        setattr(letter, name, value)
    db.add(letter)
    db.flush()
    audit.record(db, action, by=by, letter_id=letter.id, **facts)
    revise(db, letter.id)


def set_two_person(db: Db, letter: Letter, is_on: bool, *, by: audit.Actor) -> None:
    """Whether opening, closing and bulk approval need two organisers."""
    set_facts(db, letter, "two-person rule set", {"two_person": is_on}, by)


def revise(db: Db, letter_id: UUID) -> None:
    """Says that visitors see something new: called by every verb that changes the public view.

    Its row lock also serialises such verbs on one letter. Once in a transaction is enough.
    """
    if letter_id in db.revised:
        return
    db.revised.add(letter_id)
    change = {"revision": Letter.__table__.c.revision + 1, "revised_at": db.now}  # type: ignore[attr-defined]
    db.execute(update(Letter).where(col(Letter.id) == letter_id).values(change))
    if db.is_postgresql:
        db.connection().exec_driver_sql("NOTIFY undersigned_revised")


def status_name(status: str) -> str:
    names = {
        "draft": _("a draft"),
        "open": _("open"),
        "paused": _("paused"),
        "closed": _("closed"),
        "delivered": _("delivered"),
    }
    return names[status]
