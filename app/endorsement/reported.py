"""Reported sign-ons: what was signed by hand, by mail or at a meeting, as an organiser enters it.

Whoever is reported is asked by mail to confirm. A reviewer may list them before, from what the
organiser has in writing; until they confirm, the list says that they were reported. Who said that
they did not sign, or withdrew, is not reported again.

They signed when the organiser received it, so closing takes nothing from them: they may confirm as
long as the letter is not delivered, and those listed may even then.
"""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app import links, throttle
from app.db import Db, new_id
from app.endorsement import endorsements
from app.endorsement.endorsements import LIVE, Endorsement, status_name
from app.endorsement.reports import Entry, Report
from app.errors import Conflict, Refused
from app.i18n import _
from app.invitation import outreach
from app.letter import letters
from app.letter.letters import Letter
from app.mailing import mail, mailboxes
from app.organiser.organisers import Organiser
from app.signer import confirmation_mails, consent, mailbox_locks, signers
from app.signer.submissions import LINE_FIELDS
from app.trail import audit

_insert_endorsement = insert(Endorsement)
_insert_report = insert(Report)


def enter(
    db: Db, letter: Letter, entries: Sequence[Entry], *, by: Organiser
) -> list[Refused | None]:
    """Enters them and queues the mails that ask to confirm; answers why one was not taken.

    Nothing that stands under the letter is written over. Mails beyond the day's allowance wait
    for an organiser.
    """
    must_be_reportable(letter)
    # Whoever signs just now, or reports the same signer, is waited for.
    mailbox_locks.take(db, _mailboxes(db, entries))
    letters.locked(db, letter)
    refusals = not_taken(db, letter, entries)
    taken = [entry for entry, refusal in zip(entries, refusals, strict=True) if refusal is None]
    may_mail = _may_ask(db, letter, [entry.submission.email for entry in taken], by=by.actor)
    try:
        with db.gathering():
            for entry, may in zip(taken, may_mail, strict=True):
                _enter(db, letter, entry, by, may_mail=may)
    except IntegrityError as clash:
        raise Conflict(_("Somebody signed at the same moment. Please try again.")) from clash
    return refusals


def must_be_reportable(letter: Letter) -> None:
    if letter.status == "draft":
        raise Conflict(_("Open the letter first: those you report are asked by mail to confirm."))
    if letter.status == "delivered":
        raise Conflict(_("The letter has been delivered: nobody can be added any more."))


def not_taken(db: Db, letter: Letter, entries: Sequence[Entry]) -> list[Refused | None]:
    """For each why it can't be entered: it stands there already, or did, or comes twice."""
    standing = _standing(db, letter, [entry.name[1] for entry in entries])
    refusals: list[Refused | None] = []
    for entry in entries:
        refusals.append(_refusal(entry, standing.get(entry.name)))
        standing.setdefault(entry.name, "")
    return refusals


def ask_again(db: Db, endorsement: Endorsement, letter: Letter, *, by: audit.Actor) -> None:
    """One more mail that asks to confirm; raises TooMany where the day's allowances are used up."""
    endorsements.locked(db, endorsement)
    to = endorsements.address_of(db, endorsement)
    if not to:
        raise Conflict(_("No address of this signer is known, so nobody can be asked."))
    if not endorsement.is_reported or endorsement.status not in ("pending", "approved"):
        raise Conflict(_("There is nothing to confirm here any more."))
    must_be_allowed(db, letter, to, by=by)
    endorsement.mail_held_at = None
    db.flush()
    ask(db, endorsement, letter, to=to, by_stranger=False)
    audit.record_about(db, "asked to confirm", endorsement, by=by)


def must_be_allowed(db: Db, letter: Letter, to: str, *, by: audit.Actor) -> None:
    """Takes one mail to this address from the day's allowances; raises TooMany."""
    if _may_ask(db, letter, [to], by=by) != [True]:
        raise outreach.refusal(db, letter.id, by=by, **_allowances())


def ask(db: Db, signer: Any, letter: Letter, *, to: str, by_stranger: bool) -> None:
    """Queues the mail that asks to confirm what was reported; `signer` has an endorsement's
    fields."""
    query = select(Report, Organiser).outerjoin(
        Organiser, col(Organiser.id) == col(Report.organiser_id)
    )
    report, organiser = db.execute(query.where(col(Report.endorsement_id) == signer.id)).one()
    db.execute(
        update(Report).where(col(Report.endorsement_id) == signer.id).values(asked_at=db.now)
    )
    _mail(db, signer, letter, report, organiser, to=to, by_stranger=by_stranger)


def confirm(db: Db, endorsement: Endorsement, letter: Letter, spoken: str) -> bool:
    """They signed, on a page that spoke that language; False if there was nothing to confirm any
    more."""
    must_be_confirmable(endorsement, letter)
    agreed = f"{endorsement.consent}\n\n{consent.wording(spoken)}"
    return signers.confirm_reported(db, endorsement, letter, consent=agreed, spoken=spoken)


def must_be_confirmable(endorsement: Endorsement, letter: Letter) -> None:
    if letter.status == "paused":
        raise Conflict(_("Signing is paused. Please come back later to confirm."))
    if letter.status == "delivered" and endorsement.status == "pending":
        raise Conflict(_("The letter has been delivered: nobody can be added any more."))


def _standing(db: Db, letter: Letter, folded: Sequence[str]) -> dict[tuple[str, str], str]:
    """The states of those who stand or stood under the letter, by kind and folded name."""
    e = Endorsement
    query = select(col(e.kind), col(e.folded), col(e.status)).where(
        col(e.letter_id) == letter.id,
        col(e.status).in_((*LIVE, "withdrawn")),
        col(e.folded).in_(folded),
    )
    # One that withdrew and signed again stands there.
    rows = sorted(db.execute(query), key=lambda row: row.status != "withdrawn")
    return {(row.kind, row.folded): row.status for row in rows}


def _refusal(entry: Entry, status: str | None) -> Refused | None:
    typed = entry.submission
    field = "organisation" if typed.kind == "organisation" else "name"
    name = endorsements.listed_name(typed)
    if status is None:
        return None
    if status == "":
        return Refused(_("“%(name)s” comes twice in this list.") % {"name": name}, field)
    if status == "withdrawn":
        sentence = _("“%(name)s” has withdrawn. Only the signer can sign again, with the form.")
        return Refused(sentence % {"name": name}, field)
    sentence = _("“%(name)s” stands under this letter already: %(status)s. Nothing was changed.")
    return Refused(sentence % {"name": name, "status": status_name(status)}, field)


def _may_ask(db: Db, letter: Letter, addresses: Sequence[str], *, by: audit.Actor) -> list[bool]:
    """Whether each address may be written to; without one there is nothing to spend."""
    asked = [mailboxes.canonical(address) for address in addresses if address]
    granted = iter(outreach.ask(db, letter.id, asked, by=by, **_allowances()))
    return [bool(address) and next(granted) for address in addresses]


def _allowances() -> dict[str, throttle.Allowance]:
    return {"of_letter": throttle.REPORTED_OF_LETTER, "of_mailbox": throttle.REPORTED_MAILBOX}


def _mailboxes(db: Db, entries: Sequence[Entry]) -> list[str]:
    addresses = [entry.submission.email for entry in entries]
    return [_mailbox(db, address) for address in addresses if address]


def _mailbox(db: Db, address: str) -> str:
    return db.keys.index(mailboxes.canonical(address))


def _enter(db: Db, letter: Letter, entry: Entry, by: Organiser, *, may_mail: bool) -> None:
    row = _row(db, letter, entry, is_held=bool(entry.submission.email) and not may_mail)
    report = {
        "endorsement_id": row["id"],
        "letter_id": letter.id,
        "organiser_id": by.id,
        "received": entry.received,
        "received_on": entry.received_on,
        "note": entry.note,
        "created_at": db.now,
        "asked_at": db.now if may_mail else None,
    }
    db.insert(_insert_endorsement, row)
    db.insert(_insert_report, report)
    audit.record(
        db,
        "reported",
        by=by.actor,
        letter_id=letter.id,
        subject_id=row["id"],
        version=letter.version,
        received=entry.received,
        received_on=entry.received_on.isoformat(),
        has_address=bool(entry.submission.email),
        mail_held=row["mail_held_at"] is not None,
    )
    if may_mail:
        signer, told = SimpleNamespace(**row), SimpleNamespace(**report)
        _mail(db, signer, letter, told, by, to=entry.submission.email, by_stranger=False)


def _row(db: Db, letter: Letter, entry: Entry, *, is_held: bool) -> dict[str, Any]:
    typed, public_id = entry.submission, endorsements.new_public_id()
    mailbox = _mailbox(db, typed.email) if typed.email else public_id
    return {
        **{field: getattr(typed, field) for field in LINE_FIELDS},
        "id": new_id(),
        "public_id": public_id,
        "letter_id": letter.id,
        "version_id": letter.version_id,
        "language": entry.language,
        "spoken": "",
        "kind": typed.kind,
        "status": "pending",
        "visibility": typed.visibility,
        "origin": "reported",
        "address": db.keys.seal(typed.email) if typed.email else "",
        # Without an address a mailbox that nobody else has.
        "mailbox": mailbox,
        "folded": entry.name[1],
        "logo": "",
        "consent": consent.reported(db.now.date(), entry.received_on),
        "created_at": db.now,
        "mail_held_at": db.now if is_held else None,
    }


def _mail(
    db: Db,
    signer: Any,
    letter: Letter,
    report: Any,
    organiser: Organiser | None,
    *,
    to: str,
    by_stranger: bool,
) -> None:
    confirmation_mails.enqueue(
        db,
        mail.reported.__name__,
        links.REPORTED,
        signer,
        letter,
        to=to,
        by_stranger=by_stranger,
        reported_by=organiser.name if organiser else "",
        reply_to=db.keys.unseal(organiser.address) if organiser else "",
        received=report.received,
        received_on=report.received_on.isoformat(),
    )
