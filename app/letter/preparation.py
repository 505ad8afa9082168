"""What organisers should have done before they open a letter, as far as a program can tell."""

from typing import Literal, NamedTuple

from app.db import Db
from app.invitation import circulation
from app.letter.letters import Letter
from app.letter.versions import Version
from app.organiser import team, team_invitations


class Step(NamedTuple):
    name: Literal["text", "leads", "deadline", "colleagues", "introduction"]
    is_done: bool


def steps(db: Db, letter: Letter) -> list[Step]:
    """In the order in which one would take them. None of them is needed to open the letter."""
    text = db.get_one(Version, letter.version_id).text()
    has_colleagues = len(team.members(db, letter)) > 1 or team_invitations.pending(db, letter)
    return [
        Step("text", bool(text.body.strip() and text.addressees)),
        Step("leads", bool(text.letterhead)),
        Step("deadline", letter.deadline is not None),
        Step("colleagues", bool(has_colleagues)),
        Step("introduction", bool(circulation.of(db, letter).introduction)),
    ]
