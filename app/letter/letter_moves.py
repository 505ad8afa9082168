"""What two organisers do together where the letter says so: opening and closing it, moving the
deadlines of a public one, which end signing or let it go on, and ending the rule itself. Pausing
needs one only: it is the safe direction."""

from app.db import Db
from app.i18n import _
from app.letter import deadlines, letter_states, letters
from app.letter.letters import Letter
from app.organiser import roles
from app.organiser.agreements import Action
from app.organiser.proposals import Facts
from app.trail import audit


def _open(db: Db, letter: Letter, _facts: Facts, *, by: audit.Actor) -> None:
    letter_states.open_(db, letter, by=by)


def _close(db: Db, letter: Letter, facts: Facts, *, by: audit.Actor) -> None:
    letter_states.close(db, letter, facts["reason"], by=by)


def _move_deadlines(db: Db, letter: Letter, facts: Facts, *, by: audit.Actor) -> None:
    deadlines.set_(db, letter, **facts, by=by)


def _as_set(_db: Db, letter: Letter, _facts: Facts) -> str:
    times = f"{letter.deadline} {letter.soft_deadline} {letter.deadline_zone}"
    return f"{letter.status} {times}"


def _says_deadlines(_letter: Letter, facts: Facts) -> str:
    if not facts["deadline"]:
        return _("Take the last deadline away.")
    when = {"when": facts["deadline"].replace("T", " "), "zone": facts["zone"] or "–"}
    return _("Set the last deadline to %(when)s (time zone: %(zone)s).") % when


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
DEADLINES = Action("deadlines", roles.OWN, _as_set, _move_deadlines, _says_deadlines)
RULE_END = Action(
    "end of rule",
    roles.OWN,
    _in_force,
    _end_rule,
    lambda *_of: _("Let one organiser alone open, close and approve in bulk again."),
)
