"""Opening and closing a letter, and ending its two-person rule: what two organisers do together
where the letter says so. Pausing needs one only: it is the safe direction."""

from app import audit, letters, roles
from app.agreements import Action
from app.db import Db
from app.i18n import _
from app.letters import Letter
from app.proposals import Facts


def _open(db: Db, letter: Letter, _facts: Facts, *, by: audit.Actor) -> None:
    letters.open_(db, letter, by=by)


def _close(db: Db, letter: Letter, facts: Facts, *, by: audit.Actor) -> None:
    letters.close(db, letter, facts["reason"], by=by)


def _end_rule(db: Db, letter: Letter, _facts: Facts, *, by: audit.Actor) -> None:
    letters.set_two_person(db, letter, False, by=by)


def _as_read(_db: Db, letter: Letter, _facts: Facts) -> str:
    """Whoever agrees to open a letter has read this text and this deadline."""
    return f"{letter.status} {letter.sha256} {letter.deadline}"


def _as_it_stands(_db: Db, letter: Letter, _facts: Facts) -> str:
    return letter.status


def _in_force(_db: Db, letter: Letter, _facts: Facts) -> str:
    return str(letter.two_person)


OPENING = Action(
    "opening", roles.OWN, _as_read, _open, lambda *_of: _("Open the letter for signature.")
)
CLOSING = Action("closing", roles.OWN, _as_it_stands, _close, lambda *_of: _("Close the letter."))
RULE_END = Action(
    "end of rule",
    roles.OWN,
    _in_force,
    _end_rule,
    lambda *_of: _("Let one organiser alone open, close and approve in bulk again."),
)
