"""Endorsements: one organisation or individual signing one version of a letter.

This file holds the record and the table of allowed moves. A status changes through one door
(endorsement_states.py), by verbs of signers (app/signer/signers.py) and organisers (decisions.py).
"""

import secrets
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, String, Text, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field

from app import links
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.name.names import fold

Kind = Literal["organisation", "individual"]
Status = Literal["pending", "verified", "approved", "declined", "withdrawn", "expired"]

STATUSES: tuple[Status, ...] = (
    "verified",
    "approved",
    "pending",
    "declined",
    "withdrawn",
    "expired",
)
LIVE = ("pending", "verified", "approved", "declined")
# What may stand under another line, and what another may stand under.
MERGEABLE = ("verified", "approved")

# To a status, from which others. Withdrawal is open from every live state and leads nowhere.
MOVES: dict[str, tuple[str, ...]] = {
    "verified": ("pending",),
    "approved": ("verified", "declined"),
    "declined": ("verified", "approved"),
    "withdrawn": LIVE,
    "expired": ("pending",),
}
# What organisers make of an endorsement; they can take it back while nobody was told.
DECIDED = ("approved", "declined")
# An organiser has it in writing what was reported: it is reviewed without waiting for the mail.
REPORTED_MOVES: dict[str, tuple[str, ...]] = {
    **MOVES,
    "approved": ("pending", *MOVES["approved"]),
    "declined": ("pending", *MOVES["declined"]),
    "expired": (),
}


# Who is listed: as conditions of an index here, of an instance below, of queries in
# app/signatory/listed_rows.py.
LISTED = text(
    "status = 'approved' AND visibility = 'public' AND hidden_at IS NULL AND merged_into IS NULL"
)


def _new_stamp() -> int:
    """Of so few bits that millions of them can be summed up."""
    return secrets.randbits(40)


class Endorsement(Table, table=True):
    __table_args__ = (
        CheckConstraint("kind IN ('organisation','individual')", name="kind"),
        CheckConstraint(
            "status IN ('pending','verified','approved','declined','withdrawn','expired')",
            name="status",
        ),
        CheckConstraint("visibility IN ('public','confidential')", name="visibility"),
        CheckConstraint("origin IN ('web','invitation','reported','import')", name="origin"),
        Index(
            "uq_endorsement_live",
            "letter_id",
            "mailbox",
            "kind",
            "folded",
            unique=True,
            sqlite_where=text("status IN ('pending','verified','approved','declined')"),
            postgresql_where=text("status IN ('pending','verified','approved','declined')"),
        ),
        Index(None, "letter_id", "status", "id"),
        Index(None, "letter_id", "folded"),
        Index(None, "mailbox"),
        Index(None, "merged_into"),
        Index(None, "compared_at", "status", "kind"),
        Index(
            "ix_endorsement_listed",
            "letter_id",
            "status",
            text("substr(public_id, 1, 2)"),
            "public_id",
            "stamp",
            sqlite_where=LISTED,
            postgresql_where=LISTED,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    public_id: str = Field(sa_column=Column(String(22), nullable=False, unique=True))
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    version_id: UUID = Field(foreign_key="version.id")
    language: str = Field(sa_column=Column(String(20), nullable=False))
    # What the pages spoke on which they signed, and so what mails to them do; empty where somebody
    # else entered them: then it is the text's language.
    spoken: str = Field(default="", sa_column=Column(String(20), nullable=False, server_default=""))
    kind: str = Field(sa_column=Column(String(12), nullable=False))
    status: str = Field(sa_column=Column(String(10), nullable=False))
    visibility: str = Field(sa_column=Column(String(12), nullable=False))
    origin: str = Field(sa_column=Column(String(10), nullable=False))

    # An individual's `organisation` is their affiliation; an organisation's `name` and `role`
    # are its representative's.
    organisation: str = ""
    website: str = ""
    country: str = ""
    name: str = ""
    role: str = ""
    # The address, sealed, and the index that finds equal mailboxes.
    address: str
    mailbox: str = Field(sa_column=Column(String(43), nullable=False))
    folded: str
    logo: str = ""
    # The group it stands in where the list is grouped by category: what organisers call it.
    category: str = ""
    sort_key: str | None = None
    # Place in the list ordered by hand, given at approval.
    position: int | None = None
    consent: str = Field(sa_column=Column(Text, nullable=False))
    reason: str | None = Field(default=None, sa_column=Column(Text))

    created_at: datetime = Field(sa_type=Moment)
    verified_at: datetime | None = Field(default=None, sa_type=Moment)
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Moment)
    # Its mail waits for an organiser because an allowance was used up.
    mail_held_at: datetime | None = Field(default=None, sa_type=Moment)
    hidden_at: datetime | None = Field(default=None, sa_type=Moment)
    merged_into: UUID | None = None
    # When an organisation's name was compared with the others' (app/duplicate/name_pairs.py).
    compared_at: datetime | None = Field(default=None, sa_type=Moment)
    # Another one with every change of the row, whoever makes it: what was made from the row is good
    # as long as the row has this stamp.
    stamp: int = Field(
        default_factory=_new_stamp,
        sa_column=Column(
            BigInteger, nullable=False, default=_new_stamp, onupdate=_new_stamp, server_default="0"
        ),
    )
    # The entry of the address book it stands for, and the invitation it answers. Not foreign keys:
    # SQLite can't add one to a table that is there.
    organisation_id: UUID | None = None
    invitation_id: UUID | None = None

    @property
    def listed_name(self) -> str:
        return listed_name(self)

    @property
    def is_listed(self) -> bool:
        return (
            self.status == "approved"
            and self.visibility == "public"
            and self.hidden_at is None
            and self.merged_into is None
        )

    @property
    def is_disputed(self) -> bool:
        """Hidden from the list until an organiser decides; what was erased is hidden for good."""
        is_there = bool(self.folded)
        return self.status == "approved" and self.hidden_at is not None and is_there

    @property
    def is_reported(self) -> bool:
        """An organiser says that they signed; they themselves have not confirmed it."""
        return self.origin == "reported" and self.verified_at is None

    @property
    def moves(self) -> dict[str, tuple[str, ...]]:
        return REPORTED_MOVES if self.is_reported else MOVES

    def may_become(self, to: Status) -> bool:
        return self.status in self.moves[to]

    def may_go_back(self, to: str) -> bool:
        """Whether an organiser's decision led from there to where it is now."""
        return self.status in DECIDED and to in self.moves[self.status]

    @property
    def state_name(self) -> str:
        return status_name(self.status)


def folded_name(kind: str, organisation: str, name: str) -> str:
    return fold(organisation if kind == "organisation" else name)


def listed_name(signer: Any) -> str:
    """What a list calls them; `signer` has an endorsement's fields."""
    return str(signer.organisation if signer.kind == "organisation" else signer.name)


def mail_language(signer: Any) -> str:
    """What mails to a signer speak; `signer` has an endorsement's fields."""
    return str(signer.spoken or signer.language)


def new_public_id() -> str:
    """Random, stable, and safe at the end of an address."""
    return secrets.token_hex(11)


def address_of(db: Db, endorsement: Endorsement) -> str:
    """The signer's address; empty once the letter's retention is over."""
    return db.keys.unseal(endorsement.address) if endorsement.address else ""


def by_link(db: Db, purpose: str, token: str) -> tuple[links.Link, Endorsement, Letter]:
    """What a signer's link is about; raises NotFound for an unknown one."""
    link = links.find(db, purpose, token)
    endorsement = db.get_one(Endorsement, link.endorsement_id)
    return link, endorsement, letters.by_id(db, endorsement.letter_id)


def locked(db: Db, endorsement: Endorsement) -> Endorsement:
    """The endorsement as it is now, kept so until the transaction ends."""
    db.refresh(endorsement, with_for_update=True)
    return endorsement


def of_letter(db: Db, letter: Letter, endorsement_id: UUID) -> Endorsement:
    endorsement = db.get(Endorsement, endorsement_id)
    if not endorsement or endorsement.letter_id != letter.id:
        raise NotFound(_("There is no such endorsement."))
    return endorsement


def change_line(db: Db, endorsement: Endorsement, changes: dict[str, Any]) -> None:
    """Sets fields of the line, and what finds it by its name. Raises Conflict where the same
    mailbox has signed under the new name."""
    for field, value in changes.items():
        setattr(endorsement, field, value)
    endorsement.folded = folded_name(endorsement.kind, endorsement.organisation, endorsement.name)
    endorsement.compared_at = None
    try:
        db.flush()
    except IntegrityError as clash:
        raise Conflict(_("The same mailbox has signed under this name already.")) from clash


def status_name(status: str) -> str:
    names = {
        "pending": _("waiting for confirmation"),
        "verified": _("waiting for review"),
        "approved": _("approved"),
        "declined": _("declined"),
        "withdrawn": _("withdrawn"),
        "expired": _("expired"),
    }
    return names[status]
