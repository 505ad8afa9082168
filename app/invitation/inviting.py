"""Writing to invitees: who can be written to, and the mails with their personal links."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update
from sqlmodel import col

from app import links, throttle
from app.db import Db
from app.errors import Conflict
from app.i18n import _
from app.invitation import circulation, inviters, outreach
from app.invitation.invitations import Invitation, address_of
from app.letter.letters import Letter
from app.mailing import mail, mail_states, outbox, suppressions
from app.organiser.organisers import Organiser
from app.trail import audit


class Written(NamedTuple):
    """How many were written to, and how many others only the day's allowances kept from it."""

    number: int
    held_back: int


class LeftOut(NamedTuple):
    """One who will not be written to, and the sentence why."""

    invitation: Invitation
    why: str


def is_writable(letter: Letter) -> ColumnElement[bool]:
    """Whether the invitation's mailbox takes mail about the letter."""
    mailbox = col(Invitation.mailbox)
    return and_(~suppressions.unwanted(mailbox, letter.id), ~mail_states.refuses(mailbox))


def sorted_out(
    db: Db, letter: Letter, invitations: Sequence[Invitation], *, again: bool
) -> tuple[list[Invitation], list[LeftOut]]:
    """Who of these would be written to, and who would not; `again` to remind those who were."""
    ids = [invitation.id for invitation in invitations]
    mailbox = col(Invitation.mailbox)
    query = select(
        col(Invitation.id), suppressions.unwanted(mailbox, letter.id), mail_states.refuses(mailbox)
    ).where(col(Invitation.id).in_(ids))
    closed_to_us = {id_: (unwanted, refuses) for id_, unwanted, refuses in db.execute(query)}
    writable: list[Invitation] = []
    left_out: list[LeftOut] = []
    for invitation in invitations:
        unwanted, refuses = closed_to_us[invitation.id]
        why = _why_not(invitation, unwanted=unwanted, refuses=refuses, again=again)
        if why:
            left_out.append(LeftOut(invitation, why))
        else:
            writable.append(invitation)
    return writable, left_out


def must_be_open(db: Db, letter: Letter) -> None:
    """Raises Conflict unless people can read the letter and sign it."""
    reason = letter.closed_reason(db.now)
    if reason == "draft":
        raise Conflict(
            _("Open the letter first: who is written to must be able to read and sign it.")
        )
    if reason:
        raise Conflict(_("Nobody is written to: the letter can't be signed now."))


def send(db: Db, letter: Letter, invitations: Sequence[Invitation], *, by: audit.Actor) -> Written:
    """Mails those who were not mailed yet, as many as the day's allowances let; raises TooMany if
    that is none."""
    must_be_open(db, letter)
    writable, _left_out = sorted_out(db, letter, invitations, again=False)
    granted = allowed(db, letter, writable, by=by)
    must_be_some(db, letter, writable, granted, by=by)
    claimed = db.execute(
        update(Invitation)
        .where(
            col(Invitation.id).in_([invitation.id for invitation in granted]),
            col(Invitation.invited_at).is_(None),
        )
        .values(invited_at=db.now)
        .returning(col(Invitation.id))
        .execution_options(synchronize_session=False)
    )
    ids = set(claimed.scalars())
    introduction = circulation.of(db, letter).introduction
    team = inviters.on(db, letter)
    with db.gathering():
        for invitation in granted:
            if invitation.id in ids:
                inviter = inviters.of(team, invitation, by.id)
                _mail(db, letter, invitation, inviter, introduction=introduction)
                _record(db, "invitation mailed", letter, invitation.id, by)
    return Written(len(ids), len(writable) - len(granted))


def remind(db: Db, letter: Letter, invitations: Sequence[Invitation], *, by: audit.Actor) -> None:
    """Queues a reminder to each; reminders.py sees to it that it is the only one of its day."""
    team = inviters.on(db, letter)
    with db.gathering():
        for one in invitations:
            until = one.promised_until if one.status == "promised" else None
            inviter = inviters.of(team, one, by.id)
            queue(db, mail.reminder.__name__, letter, one, inviter, promised_until=_iso(until))
            _record(db, "invitee reminded", letter, one.id, by)


def allowed(
    db: Db, letter: Letter, invitations: Sequence[Invitation], *, by: audit.Actor
) -> list[Invitation]:
    """The first of them, as many as may still be written to today."""
    mailboxes = [one.mailbox for one in invitations]
    grants = outreach.ask(db, letter.id, mailboxes, by=by, **_allowances())
    return [one for one, granted in zip(invitations, grants, strict=True) if granted]


def must_be_some(
    db: Db,
    letter: Letter,
    wanted: Sequence[Invitation],
    granted: Sequence[Invitation],
    *,
    by: audit.Actor,
) -> None:
    """Raises TooMany, with the sentence why, where nobody of those wanted may be written to."""
    if wanted and not granted:
        raise outreach.refusal(db, letter.id, by=by, **_allowances())


def held_back(db: Db, letter: Letter, *, by: audit.Actor) -> str:
    """The sentence why some were not written to just now."""
    return outreach.refusal(db, letter.id, by=by, **_allowances()).sentence


def is_used_up(db: Db, letter: Letter) -> bool:
    """Whether no reminder may leave by itself any more today."""
    of_letter = throttle.INVITATIONS
    return bool(outreach.used_up(db, letter.id, by=audit.WORKER, of_letter=of_letter))


def why_not_yet(db: Db, letter: Letter, invitation: Invitation) -> str:
    """The sentence why a reminder can't leave to this invitee today; "" where it can."""
    used_up = outreach.used_up(db, letter.id, by=audit.WORKER, of_letter=throttle.INVITATIONS)
    if used_up or throttle.left(db, throttle.INVITED_MAILBOX, invitation.mailbox):
        return used_up
    return outreach.of_mailboxes(db, throttle.INVITED_MAILBOX)


def _allowances() -> dict[str, throttle.Allowance]:
    return {"of_letter": throttle.INVITATIONS, "of_mailbox": throttle.INVITED_MAILBOX}


def queue(
    db: Db,
    name: str,
    letter: Letter,
    invitation: Invitation,
    inviter: Organiser | None,
    **facts: Any,
) -> None:
    secret = links.make(db, links.INVITATION, invitation_id=invitation.id)
    outbox.enqueue(
        db,
        name,
        {**facts_of(db, letter, invitation, inviter), "secret": secret} | facts,
        mailbox=invitation.mailbox,
        letter_id=letter.id,
        invitation_id=invitation.id,
        link=links.digest(secret),
    )


def facts_of(
    db: Db, letter: Letter, invitation: Invitation, inviter: Organiser | None
) -> dict[str, Any]:
    """What mails to an invitee say, but for the link."""
    language = letter.readable_in(invitation.language)
    return {
        "to": address_of(db, invitation),
        "language": invitation.language,
        "letter": mail.letter_facts(letter, language),
        "listed_name": invitation.listed_name,
        "organisation": invitation.organisation,
        "name": invitation.name,
        **inviters.facts_of(db, letter, language, inviter),
    }


def _mail(
    db: Db, letter: Letter, invitation: Invitation, inviter: Organiser | None, *, introduction: str
) -> None:
    queue(db, mail.invitation.__name__, letter, invitation, inviter, introduction=introduction)


def _why_not(invitation: Invitation, *, unwanted: bool, refuses: bool, again: bool) -> str:
    """The sentence, or "" for one who can be written to."""
    if refuses or invitation.status == "bounced":
        return _("Mail to this mailbox was refused.")
    if unwanted:
        return _("They want no mail about this letter.")
    if invitation.status in ("signed", "declined"):
        return _("They have answered.")
    if again and invitation.invited_at is None:
        return _("They have not got the invitation yet.")
    if again and invitation.stopped_at:
        return _("Their reminders were stopped.")
    if not again and invitation.invited_at:
        return _("They have got the invitation already.")
    return ""


def _record(db: Db, action: str, letter: Letter, subject_id: UUID, by: audit.Actor) -> None:
    audit.record(db, action, by=by, letter_id=letter.id, subject_id=subject_id)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
