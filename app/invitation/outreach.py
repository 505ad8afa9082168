"""Outreach: how much mail organisers may cause to people who have not asked for any.

Letters cost nothing, so an allowance of each letter alone would be none: every organiser has one
over all letters, and all organisers together the one that the operator set. What no organiser
causes, such as a planned reminder, counts against the letter, the mailbox and all together.
"""

from collections.abc import Sequence
from uuid import UUID

from app import throttle
from app.db import Db
from app.errors import TooMany
from app.i18n import _, format_moment, format_number
from app.throttle import Allowance
from app.trail.audit import Actor


def ask(
    db: Db,
    letter_id: UUID,
    mailboxes: Sequence[str],
    *,
    by: Actor,
    of_letter: Allowance,
    of_mailbox: Allowance,
) -> list[bool]:
    """Whether each of these mailboxes, in their order, may be written to once more today."""
    number = len(mailboxes)
    each: list[tuple[Allowance, Sequence[str]]] = [
        (of_letter, [str(letter_id)] * number),
        (of_mailbox, mailboxes),
        (_of_all(db), [""] * number),
    ]
    if by.kind == "organiser":
        each.insert(0, (throttle.OUTREACH, [str(by.id)] * number))
    return throttle.spend_together(db, *each)


def used_up(db: Db, letter_id: UUID, *, by: Actor, of_letter: Allowance) -> str:
    """The sentence that says which allowance has nothing left and when it has; "" if all have."""
    sentences = {
        throttle.OUTREACH: _(
            "You may cause %(number)s mails a day to people who have not signed, over all letters, "
            "and have caused them. The next may leave on %(when)s."
        ),
        of_letter: _(
            "%(number)s such mails a day may leave for one letter, and have left. The next may "
            "leave on %(when)s."
        ),
        _of_all(db): _(
            "All organisers of this site together may cause %(number)s mails a day to people who "
            "have not signed, and have caused them. The next may leave on %(when)s."
        ),
    }
    for allowance, whose in ((throttle.OUTREACH, by.id), (of_letter, letter_id), (_of_all(db), "")):
        if (whose is not None) and throttle.left(db, allowance, str(whose)) == 0:
            return sentences[allowance] % facts_of(db, allowance)
    return ""


def refusal(
    db: Db, letter_id: UUID, *, by: Actor, of_letter: Allowance, of_mailbox: Allowance
) -> TooMany:
    """For whoever got nothing: where all else has some left, it was the mailboxes."""
    sentence = used_up(db, letter_id, by=by, of_letter=of_letter)
    return TooMany(sentence or of_mailboxes(db, of_mailbox))


def of_mailboxes(db: Db, allowance: Allowance) -> str:
    sentence = _(
        "Organisers may write to one mailbox %(number)s times a day, and have done so. It can be "
        "written to again on %(when)s."
    )
    return sentence % facts_of(db, allowance)


def facts_of(db: Db, allowance: Allowance) -> dict[str, str]:
    """What sentences say of an allowance: its `number`, and `when` there is more again."""
    when = format_moment(throttle.renewed_at(db, allowance))
    return {"number": format_number(allowance.limit), "when": when}


def _of_all(db: Db) -> Allowance:
    return Allowance("outreach of all", db.settings.outreach_per_day, throttle.DAY)
