"""The two-person rule's ground: who gets a say where two have to agree.

It is in force once two owners are there, and from then on never fewer. Who could make a second
person up alone would agree with themselves: a say is given by two, too.
"""

from app.db import Db
from app.letter.letters import Letter
from app.organiser import colleagues, roles
from app.organiser.roles import OWNER

OWNERS = 2


def owners(db: Db, letter: Letter) -> int:
    return len(colleagues.of_letter(db, letter, roles.OWN))


def is_say_by_two(db: Db, letter: Letter, role: str, was: str = "") -> bool:
    """Whether another owner has to agree before somebody gets this role in place of the one they
    had. The second owner there is none to agree to: the first one chooses them."""
    if not (letter.two_person and roles.gives_say(role, was)):
        return False
    return role != OWNER or owners(db, letter) >= OWNERS
