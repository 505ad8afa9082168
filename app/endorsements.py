"""Endorsements: one organisation or individual signing one version of a letter.

This file holds the record, the table of allowed moves and the one door through which a status
changes, with the verbs of signers and organisers that go through it.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Select,
    String,
    Text,
    and_,
    func,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, col

from app import audit, invitations, letters, links, positions, regulars, suppressions, webhooks
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letters import Letter
from app.names import fold

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
LONGEST_REASON = 1_000

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
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    public_id: str = Field(sa_column=Column(String(22), nullable=False, unique=True))
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    version_id: UUID = Field(foreign_key="version.id")
    language: str = Field(sa_column=Column(String(20), nullable=False))
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
    # The entry of the address book it stands for, and the invitation it answers. Not foreign keys:
    # SQLite can't add one to a table that is there.
    organisation_id: UUID | None = None
    invitation_id: UUID | None = None

    @property
    def listed_name(self) -> str:
        return self.organisation if self.kind == "organisation" else self.name

    @property
    def is_listed(self) -> bool:
        return (
            self.status == "approved"
            and self.visibility == "public"
            and self.hidden_at is None
            and self.merged_into is None
        )

    @property
    def is_reported(self) -> bool:
        """An organiser says that they signed; they themselves have not confirmed it."""
        return self.origin == "reported" and self.verified_at is None

    def may_become(self, to: Status) -> bool:
        moves = REPORTED_MOVES if self.is_reported else MOVES
        return self.status in moves[to]

    @property
    def state_name(self) -> str:
        return status_name(self.status)


def folded_name(kind: str, organisation: str, name: str) -> str:
    return fold(organisation if kind == "organisation" else name)


def new_public_id() -> str:
    """Random, stable, and safe at the end of an address."""
    return secrets.token_hex(11)


def shown(version_sha256: str, signer: Any) -> str:
    """A digest of what a signer is shown and confirms: the version, in the language they read it
    in, and their own line.

    `signer` is anything with an endorsement's fields.
    """
    line = ("kind", "organisation", "name", "role", "country", "website", "visibility", "logo")
    fields = (*line, "language")
    parts = [version_sha256, *(getattr(signer, field) for field in fields)]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def seen(endorsement: Endorsement) -> str:
    """What an organiser sees and decides on: the status, and a digest of the signer's line."""
    return f"{endorsement.status}.{shown('', endorsement)}"


def must_be_as_seen(db: Db, endorsement: Endorsement, seen_before: str) -> None:
    """Raises Conflict if a page that was open shows another status or line; "" says nothing."""
    _lock(db, endorsement)
    if not seen_before or seen_before == seen(endorsement):
        return
    if seen_before.partition(".")[0] != endorsement.status:
        raise _decided(endorsement)
    raise Conflict(
        _("The signer has changed this line since you opened the page. Please look at it again.")
    )


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


def confirm(db: Db, endorsement: Endorsement, letter: Letter) -> bool:
    """pending → verified, for the version now shown; False if it was confirmed before."""
    if not _may_move(db, endorsement, "verified"):
        return False
    letter.must_be_confirmable(endorsement.created_at, db.now)
    _move(
        db,
        endorsement,
        "verified",
        by=audit.SIGNER,
        version_id=letter.version_id,
        verified_at=db.now,
        mail_held_at=None,
    )
    return True


def confirm_reported(db: Db, endorsement: Endorsement, letter: Letter, consent: str) -> bool:
    """The signer stands by what an organiser reported: a listed line loses its mark, one that is
    not listed yet waits for review. False where there is nothing to confirm any more."""
    _lock(db, endorsement)
    if not endorsement.is_reported or endorsement.status not in ("pending", "approved"):
        return False
    changes: dict[str, Any] = {
        "version_id": letter.version_id,
        "verified_at": db.now,
        "mail_held_at": None,
        "consent": consent,
    }
    if endorsement.status == "pending":
        _move(db, endorsement, "verified", by=audit.SIGNER, **changes)
        return True
    for field, value in changes.items():
        setattr(endorsement, field, value)
    db.flush()
    _record(db, "confirmed", endorsement, by=audit.SIGNER)
    if endorsement.is_listed:
        letters.revise(db, endorsement.letter_id)
    return True


def withdraw(db: Db, endorsement: Endorsement, *, by: audit.Actor = audit.SIGNER) -> bool:
    """From any live state, whatever an organiser does; False if it was withdrawn before."""
    if not _may_move(db, endorsement, "withdrawn"):
        return False
    _move(db, endorsement, "withdrawn", by=by, withdrawn_at=db.now)
    return True


def refuse(db: Db, endorsement: Endorsement, *, everywhere: bool) -> None:
    """ "I did not ask for this": ends it, and no more mail about this letter, or about any."""
    withdraw(db, endorsement)
    about = None if everywhere else endorsement.letter_id
    if suppressions.covers(db, [endorsement.mailbox], about):
        return
    suppressions.add(db, endorsement.mailbox, about)
    audit.record(
        db,
        "mail refused",
        by=audit.SIGNER,
        letter_id=endorsement.letter_id,
        subject_id=endorsement.id,
        everywhere=everywhere,
    )


def go_confidential(db: Db, endorsement: Endorsement) -> None:
    """At once, without review: the safe direction needs nobody's consent."""
    _lock(db, endorsement)
    if endorsement.visibility == "confidential":
        return
    was_listed = endorsement.is_listed
    endorsement.visibility = "confidential"
    db.flush()
    _record(db, "went confidential", endorsement, by=audit.SIGNER)
    # No public line speaks for somebody confidential, nor a confidential one for the public.
    _stand_alone(db, endorsement, by=audit.SIGNER)
    _release(db, endorsement, by=audit.SIGNER)
    if was_listed:
        letters.revise(db, endorsement.letter_id)


def approve(db: Db, endorsement: Endorsement, letter: Letter, *, by: audit.Actor) -> None:
    if not _may_move(db, endorsement, "approved"):
        raise _decided(endorsement)
    _must_stand_alone(endorsement)
    others = _entries_of_others(letter, endorsement)
    _move(
        db,
        endorsement,
        "approved",
        by=by,
        decided_at=db.now,
        reason=None,
        position=_next_position(db, letter, endorsement),
        **regulars.at_approval(db, endorsement, letter, others, by=by),
    )


def decline(db: Db, endorsement: Endorsement, reason: str, *, by: audit.Actor) -> None:
    reason = checked_reason(reason)
    if not _may_move(db, endorsement, "declined"):
        raise _decided(endorsement)
    _must_stand_alone(endorsement)
    _move(db, endorsement, "declined", by=by, why=reason, decided_at=db.now, reason=reason)


def undo(
    db: Db, endorsement: Endorsement, to: str, before: dict[str, Any], *, by: audit.Actor
) -> None:
    """Back through the door an organiser's decision came by; `before` are the columns it changed.

    Raises Conflict if the endorsement went another way meanwhile.
    """
    _lock(db, endorsement)
    moves = REPORTED_MOVES if endorsement.is_reported else MOVES
    if endorsement.status not in DECIDED or to not in moves[endorsement.status]:
        raise _decided(endorsement)
    _must_stand_alone(endorsement)
    _move(db, endorsement, to, by=by, action="decision undone", **before)


def change_line(db: Db, endorsement: Endorsement, changes: dict[str, Any]) -> None:
    """Sets fields of the line, and what finds it by its name. Raises Conflict where the same
    mailbox has signed under the new name."""
    for field, value in changes.items():
        setattr(endorsement, field, value)
    endorsement.folded = folded_name(endorsement.kind, endorsement.organisation, endorsement.name)
    try:
        db.flush()
    except IntegrityError as clash:
        raise Conflict(_("The same mailbox has signed under this name already.")) from clash


def expire(db: Db, endorsement: Endorsement) -> None:
    if _may_move(db, endorsement, "expired"):
        _move(db, endorsement, "expired", by=audit.WORKER)


def put_in_order(db: Db, letter: Letter, public_ids: Sequence[str], *, by: audit.Actor) -> None:
    """The list as ordered by hand; those not named keep their order, after the named."""
    _lock_approved(db, letter)
    known = {row.public_id: row.folded for row in _in_places(db, letter)}
    arranged = [public_id for public_id in dict.fromkeys(public_ids) if public_id in known]
    places = positions.with_room([known[one] for one in arranged], _named_in_file(letter))
    number = _renumber(db, letter, "public_id", dict(zip(arranged, places, strict=True)))
    audit.record(db, "ordered by hand", by=by, letter_id=letter.id, signatories=number)
    letters.revise(db, letter.id)


def follow_file(db: Db, letter: Letter) -> None:
    """The same with the names that the letter's file lists."""
    _lock_approved(db, letter)
    places = {name: place for place, name in reversed([*enumerate(_named_in_file(letter))])}
    _renumber(db, letter, "folded", places)
    letters.revise(db, letter.id)


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why: the signer is told the reason."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("The reason is too long: at most 1,000 characters."), "reason")
    return reason


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


def _entries_of_others(letter: Letter, endorsement: Endorsement) -> Select[Any]:
    """The address book's entries that the letter's other signatories stand for."""
    return select(col(Endorsement.organisation_id)).where(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status) == "approved",
        col(Endorsement.id) != endorsement.id,
        col(Endorsement.organisation_id).is_not(None),
    )


def _next_position(db: Db, letter: Letter, endorsement: Endorsement) -> int:
    """Where the letter's file puts this name, else after all others."""
    file, name = _named_in_file(letter), fold(endorsement.listed_name)
    # Confidential ones must not move a line that the public sees.
    listed = {
        row.folded: row.position
        for row in (_in_places(db, letter) if name in file else ())
        if row.visibility == "public" and row.position is not None
    }
    place = positions.place_of(name, file, listed)
    if place is not None:
        return place
    highest = db.scalar(
        select(func.max(Endorsement.position)).where(col(Endorsement.letter_id) == letter.id)
    )
    # All that the file names and who may still come find room before.
    return (-1 if highest is None else highest) + 1 + len(file)


def _named_in_file(letter: Letter) -> list[str]:
    return [fold(name) for name in letter.listed_order]


def _lock_approved(db: Db, letter: Letter) -> None:
    """Of two who arrange at once, one does so after the other; always in the same order, and
    before the letter's own row, as every verb locks."""
    approved = and_(col(Endorsement.letter_id) == letter.id, col(Endorsement.status) == "approved")
    ids = select(col(Endorsement.id)).where(approved).order_by(col(Endorsement.id))
    db.execute(ids.with_for_update())


def _in_places(db: Db, letter: Letter) -> Sequence[Any]:
    """The approved in their places by hand."""
    e = Endorsement
    return db.execute(
        select(col(e.id), col(e.public_id), col(e.folded), col(e.visibility), col(e.position))
        .where(col(e.letter_id) == letter.id, col(e.status) == "approved")
        .order_by(col(e.position), col(e.id))
    ).all()


def _renumber(db: Db, letter: Letter, column: str, places: dict[str, int]) -> int:
    after = max(places.values(), default=-1) + 1
    changes = [
        {"id": row.id, "position": places.get(getattr(row, column), after + number)}
        for number, row in enumerate(_in_places(db, letter))
    ]
    if changes:
        db.execute(update(Endorsement), changes)
    return len(changes)


def _lock(db: Db, endorsement: Endorsement) -> None:
    db.refresh(endorsement, with_for_update=True)


def _may_move(db: Db, endorsement: Endorsement, to: Status) -> bool:
    _lock(db, endorsement)
    return endorsement.may_become(to)


def _move(
    db: Db,
    endorsement: Endorsement,
    to: str,
    *,
    by: audit.Actor,
    action: str = "",
    why: str | None = None,
    **changes: Any,
) -> None:
    """The only door to an endorsement's status; one conditional UPDATE decides who came first.

    In the trail the move is called `action`, by default the status it leads to.
    """
    was_listed, came_from = endorsement.is_listed, endorsement.status
    moved = db.changed(
        update(Endorsement)
        .where(col(Endorsement.id) == endorsement.id, col(Endorsement.status) == came_from)
        .values(status=to, **changes)
    )
    if moved != 1:
        raise _decided(endorsement)
    db.refresh(endorsement)
    facts = {"came_from": came_from, **({"to": to} if action else {})}
    _record(db, action or to, endorsement, by=by, reason=why, **facts)
    if to in ("declined", "withdrawn"):
        _release(db, endorsement, by=by)
    if to != "expired":
        webhooks.announce(db, endorsement.letter_id, f"endorsement.{to}", endorsement.public_id)
    invitations.follow(db, endorsement, by=by)
    if was_listed or endorsement.is_listed:
        letters.revise(db, endorsement.letter_id)


def _must_stand_alone(endorsement: Endorsement) -> None:
    if endorsement.merged_into:
        raise Conflict(
            _("This endorsement was merged into another line. Undo that first, if it was wrong.")
        )


def _stand_alone(db: Db, endorsement: Endorsement, *, by: audit.Actor) -> None:
    """It is a line of its own again, if it was merged."""
    if endorsement.merged_into:
        endorsement.merged_into = None
        db.flush()
        _record(db, "merge ended", endorsement, by=by)


def _release(db: Db, endorsement: Endorsement, *, by: audit.Actor) -> None:
    """A line goes: what was merged into it takes its place, as it was before, or goes over to
    the line that this one was merged into."""
    merged = col(Endorsement.merged_into) == endorsement.id
    query = select(Endorsement).where(merged).order_by(col(Endorsement.id)).with_for_update()
    for one in db.scalars(query.execution_options(populate_existing=True)).all():
        one.merged_into = endorsement.merged_into
        db.flush()
        _record(db, "merge ended", one, by=by)
        if one.is_listed:
            letters.revise(db, one.letter_id)


def _record(
    db: Db,
    action: str,
    endorsement: Endorsement,
    *,
    by: audit.Actor,
    reason: str | None = None,
    **facts: str | int | bool | None,
) -> None:
    audit.record(
        db,
        action,
        by=by,
        letter_id=endorsement.letter_id,
        subject_id=endorsement.id,
        reason=reason,
        **facts,
    )


def _decided(endorsement: Endorsement) -> Conflict:
    return Conflict(
        _("This endorsement is %(status)s now; somebody was quicker. Nothing was changed.")
        % {"status": endorsement.state_name}
    )
