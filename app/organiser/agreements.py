"""The two-person rule: where a letter has it, some things happen once a second organiser agrees.

It happens exactly as proposed, in the transaction of the agreement. The command line is outside
of the rule: whoever runs the site could do anything anyway, and the trail says "operator".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app import throttle
from app.db import Db
from app.errors import Conflict, TooMany
from app.i18n import _, speaking
from app.letter import letter_states
from app.letter.letters import Letter
from app.organiser import colleagues, proposals, roles
from app.organiser.organisers import Organiser, shown_name
from app.organiser.proposals import Ended, Facts, Proposal
from app.organiser.roles import Ability
from app.trail.audit import Actor


class Run(Protocol):
    def __call__(self, db: Db, letter: Letter, facts: Facts, /, *, by: Actor) -> None: ...


def _nothing(_db: Db, _facts: Facts) -> None:
    pass


def _nobody(_db: Db, _letter: Letter, _facts: Facts) -> list[str]:
    return []


@dataclass(frozen=True)
class Action:
    """Something that two organisers do together where a letter says so.

    `name` has 20 characters at most. `about` gives all that must still be the same when the
    second one agrees, `says` the sentence agreed to, `names` whom it concerns, for those who may
    agree; `run` does it, and `drop` forgets what was kept for it once it will not be done. For one
    that nobody decided about in seven days, that is the work of a chore.
    """

    name: str
    ability: Ability
    about: Callable[[Db, Letter, Facts], str]
    run: Run
    says: Callable[[Letter, Facts], str]
    names: Callable[[Db, Letter, Facts], list[str]] = _nobody
    drop: Callable[[Db, Facts], None] = _nothing


def carry_out(
    db: Db, letter: Letter, organiser: Organiser, action: Action, facts: Facts
) -> Proposal | None:
    """Does it where one organiser is enough, and returns None; else proposes it.

    Raises Conflict where nobody else could agree, or the same waits already, and TooMany. Whether
    the organiser has the action's ability was looked at when the letter was loaded.
    """
    if not letter.two_person:
        action.run(db, letter, facts, by=organiser.actor)
        return None
    return propose(db, letter, organiser, action, facts)


def propose(db: Db, letter: Letter, organiser: Organiser, action: Action, facts: Facts) -> Proposal:
    """Asks all others who could agree; raises as `carry_out` does."""
    others = second_organisers(db, letter, organiser, action)
    if not others:
        raise Conflict(
            _(
                "Two organisers have to agree to this, and nobody else on this letter could. "
                "Invite a second one first."
            )
        )
    if not throttle.spend(db, throttle.PROPOSALS, str(organiser.id)):
        raise TooMany(
            _("You have proposed a lot in this hour, and each is mailed. Please go on later.")
        )
    about = action.about(db, letter, facts)
    proposal = proposals.make(db, letter, organiser, action.name, facts, about)
    for other in others:
        _write(db, other, "agreement_asked", letter, proposal, action, by=organiser)
    return proposal


def second_organisers(
    db: Db, letter: Letter, organiser: Organiser, action: Action
) -> list[Organiser]:
    """Those on the letter who could agree to what this organiser proposes."""
    able = colleagues.of_letter(db, letter, action.ability)
    return [one for one in able if one.id != organiser.id]


def still_stands(db: Db, letter: Letter, proposal: Proposal, action: Action) -> bool:
    """Whether it is still about the same, and whoever proposed it could still do so."""
    if action.ability not in roles.abilities(db, proposal.proposed_by, letter.id):
        return False
    return proposals.digest(action.about(db, letter, proposal.facts)) == proposal.about


def agree(
    db: Db, letter: Letter, proposal: Proposal, organiser: Organiser, action: Action
) -> Ended:
    """Does what was proposed: "agreed". It is "void", and nothing done, if it no longer stands.

    Raises Conflict for one's own and for what waits no longer, and whatever the action raises:
    then it goes on waiting.
    """
    if proposal.proposed_by == organiser.id:
        raise Conflict(_("You proposed this yourself: another organiser has to agree."))
    stands = still_stands(db, letter, proposal, action)
    ended = proposals.end(db, proposal, "agreed" if stands else "void", by=organiser.actor)
    if stands:
        action.run(db, letter, proposal.facts, by=organiser.actor)
    else:
        action.drop(db, proposal.facts)
    _tell_proposer(db, letter, proposal, organiser, action)
    return ended


def reject(
    db: Db, letter: Letter, proposal: Proposal, organiser: Organiser, action: Action, reason: str
) -> None:
    """`reason` may be empty; the proposer is told it."""
    if proposal.proposed_by == organiser.id:
        raise Conflict(_("You proposed this yourself: you can take it back."))
    proposals.end(
        db,
        proposal,
        "rejected",
        by=organiser.actor,
        reason=letter_states.checked_reason(reason) or None,
    )
    action.drop(db, proposal.facts)
    _tell_proposer(db, letter, proposal, organiser, action)


def take_back(db: Db, proposal: Proposal, organiser: Organiser, action: Action) -> None:
    if proposal.proposed_by != organiser.id:
        raise Conflict(_("Only whoever proposed this can take it back; you can reject it."))
    proposals.end(db, proposal, "taken back", by=organiser.actor)
    action.drop(db, proposal.facts)


def _tell_proposer(
    db: Db, letter: Letter, proposal: Proposal, organiser: Organiser, action: Action
) -> None:
    proposer = db.get_one(Organiser, proposal.proposed_by)
    if roles.abilities(db, proposer.id, letter.id):
        _write(db, proposer, "agreement_ended", letter, proposal, action, by=organiser)


def _write(
    db: Db,
    reader: Organiser,
    mail: str,
    letter: Letter,
    proposal: Proposal,
    action: Action,
    *,
    by: Organiser,
) -> None:
    with speaking(reader.language):
        proposed = action.says(letter, proposal.facts)
    colleagues.write(
        db,
        reader,
        letter,
        mail,
        page=proposal.path,
        proposed=proposed,
        who=shown_name(db, by),
        status=proposal.status,
        reason=proposal.reason,
        why=proposal.facts.get("reason") or "",
    )
