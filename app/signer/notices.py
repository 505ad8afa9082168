"""Mails to signers about their own endorsement, with a fresh manage link."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app import links, throttle
from app.db import Db
from app.endorsement.endorsements import Endorsement, address_of, mail_language
from app.letter.letters import Letter
from app.mailing import mail, mail_states, outbox
from app.mailing.mail import MAILS

# So long a notice waits that a newer one would replace.
PAUSE = timedelta(minutes=10)
# So long a decision can be taken back, and so long its mail waits.
UNDO = timedelta(minutes=1)
# The mails that tell a signer of a decision, by the status they tell of.
DECISIONS = ("approved", "declined")


def tell_once(db: Db, endorsement: Endorsement, letter: Letter, name: str, **facts: Any) -> None:
    """The same as `tell` for what may change again soon: only the last of several leaves.

    So nobody can fill a signer's mailbox by setting the same thing over and over.
    """
    outbox.take_back(db, [name], endorsement.id)
    tell(db, endorsement, letter, name, after=PAUSE, **facts)


def tell_decision(
    db: Db, endorsement: Endorsement, letter: Letter, *, again: bool = True
) -> datetime | None:
    """Queues the mail that says how it was decided; a waiting one that says otherwise goes.

    Answers when it is to leave; None if none is due. Who was told "approved" last isn't told it
    again, nor, unless `again`, any other decision they know of.
    """
    status = endorsement.status
    outbox.take_back(db, DECISIONS, endorsement.id)
    if mail_states.last_sent(db, DECISIONS, endorsement.id) == status and not (
        again and status == "declined"
    ):
        return None
    after = _spaced(db, endorsement, DECISIONS, throttle.DECISIONS, UNDO)
    told = tell(db, endorsement, letter, status, after=after, reason=endorsement.reason)
    return db.now + after if told else None


def tell_changes(
    db: Db, endorsement: Endorsement, letter: Letter, changes: dict[str, tuple[str, str]]
) -> None:
    """Queues the mail about what organisers changed in the line, as field → (before, after).

    Changes that wait to be told are told along with these, and not what was changed back.
    """
    told: dict[str, tuple[str, str]] = {}
    for facts in outbox.waiting_facts(db, "edited", endorsement.id):
        told |= {field: (before, after) for field, (before, after) in facts["changes"].items()}
    for field, (before, after) in changes.items():
        told[field] = (told.get(field, (before, ""))[0], after)
    outbox.take_back(db, ["edited"], endorsement.id)
    differing = {field: pair for field, pair in told.items() if pair[0] != pair[1]}
    if differing:
        after_pause = _spaced(db, endorsement, ["edited"], throttle.EDITS, PAUSE)
        tell(db, endorsement, letter, "edited", after=after_pause, changes=differing)


def now_confidential(db: Db, endorsement: Endorsement) -> None:
    """Mails that wait must not call the signature listed that has just been hidden, nor show on
    a locked screen that there is one."""
    outbox.reword(db, endorsement.id, visibility=endorsement.visibility)


def tell(
    db: Db,
    endorsement: Endorsement,
    letter: Letter,
    name: str,
    *,
    after: timedelta = timedelta(),
    **facts: Any,
) -> bool:
    """Queues the mail `name` (one of app.mailing.mail) for the signer; False if their address is
    erased."""
    assert name in MAILS, name
    address = address_of(db, endorsement)
    # Whoever was reported gets a manage link once the address has proven to be theirs.
    if not address or endorsement.is_reported:
        return False
    secret = links.make(db, links.MANAGE, endorsement_id=endorsement.id)
    outbox.enqueue(
        db,
        name,
        {
            "to": address,
            "language": mail_language(endorsement),
            "letter": mail.letter_facts(letter, endorsement.language),
            "listed_name": endorsement.listed_name,
            "visibility": endorsement.visibility,
            "secret": secret,
            **facts,
        },
        mailbox=endorsement.mailbox,
        letter_id=letter.id,
        endorsement_id=endorsement.id,
        link=links.digest(secret),
        after=after,
    )
    return True


def _spaced(
    db: Db,
    endorsement: Endorsement,
    names: Sequence[str],
    allowance: throttle.Allowance,
    pause: timedelta,
) -> timedelta:
    """How long a mail waits: the pause, or where the allowance is used up its whole period. Till
    then a newer one takes its place, so that the last state of things is told all the same."""
    told = mail_states.number_of(db, names, endorsement.id, allowance.period)
    return pause if told < allowance.limit else allowance.period
