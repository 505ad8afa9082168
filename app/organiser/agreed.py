"""All actions that two organisers do together, by the names under which they are proposed."""

from app.endorsement import approvals
from app.letter import letter_moves
from app.letter.letters import Letter
from app.organiser import team_moves
from app.organiser.agreements import Action
from app.organiser.proposals import Proposal

ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        letter_moves.OPENING,
        letter_moves.CLOSING,
        letter_moves.DEADLINES,
        letter_moves.RULE_END,
        approvals.APPROVALS,
        team_moves.INVITING,
        team_moves.ROLE_CHANGE,
    )
}


def says(letter: Letter, proposal: Proposal) -> str:
    """What is agreed to, in a sentence."""
    return action_of(proposal).says(letter, proposal.facts)


def action_of(proposal: Proposal) -> Action:
    return ACTIONS[proposal.action]
