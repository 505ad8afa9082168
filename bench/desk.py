"""Every page of the desk with 1,000 endorsements and 1,000 invitations."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import insert, select, update
from sqlmodel import col

from app import links
from app.db import Db, new_id
from app.endorsement.endorsements import Endorsement
from app.invitation.invitations import STATUSES, Invitation
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.trail.audit import OPERATOR
from bench import stage
from bench.table import Line

MANY = 1_000
ROUNDS = 7
TARGET_MS = 150.0
# The pages that somebody works on; those that are a form alone are as fast as the lightest here.
PAGES = (
    "",
    "/endorsements?status=verified",
    "/endorsements?status=approved",
    "/invitations",
    "/duplicates",
    "/order",
    "/sorting",
    "/weeding",
    "/figures",
    "/audit",
    "/messages",
    "/team",
    "/versions",
)


def measure() -> Iterator[Line]:
    """The baseline is the lightest page of the desk, in the same process."""
    with TemporaryDirectory() as directory:
        ours = stage.server(Path(directory))
        database = stage.database(ours)
        with database.write() as db:
            letter = stage.letter(db)
            stage.crowd(db, letter, MANY)
            _invite(db, letter)
            link = _sign_in(db, letter)
        database.close()
        with ours, httpx.Client(base_url=ours.url, timeout=60) as browser:
            page = browser.get(link).text
            csrf = re.search(r'name="csrf" value="([^"]+)"', page)
            browser.post(link, data={"csrf": csrf[1] if csrf else ""})
            floor = _best(browser, "/desk/tokens")
            for path in PAGES:
                taken = _best(browser, f"/desk/letters/{letter.slug}{path}")
                if taken is not None and floor is not None:
                    yield _line(path.partition("?")[0] or "/", taken, floor)


def _line(path: str, taken: float, floor: float) -> Line:
    return Line(
        f"desk {path}",
        figure=f"{taken:.0f} ms",
        against=f"{floor:.0f} ms",
        ratio=f"{taken / floor:.1f}",
        target=f"≤ {TARGET_MS:.0f} ms",
        verdict="ok" if taken <= TARGET_MS else "missed",
    )


def _best(browser: httpx.Client, path: str) -> float | None:
    """Milliseconds of the fastest of some rounds; None for a page that isn't there."""
    taken = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        answer = browser.get(path)
        taken.append((time.perf_counter() - began) * 1_000)
        if answer.status_code == 404:
            return None
        assert answer.status_code == 200, (path, answer.status_code)
    return min(taken)


def _invite(db: Db, letter: Letter) -> None:
    rows = [
        Invitation(
            letter_id=letter.id,
            status=STATUSES[n % len(STATUSES)],
            organisation=f"Invited {n:04}",
            folded=f"invited {n:04}",
            address=db.keys.seal(f"office@invited{n}.example"),
            mailbox=f"{n:043}",
            created_at=db.now,
            id=new_id(),
        ).model_dump()
        for n in range(MANY)
    ]
    db.execute(insert(Invitation), rows)
    half = select(col(Endorsement.id)).where(col(Endorsement.letter_id) == letter.id)
    waiting = col(Endorsement.id).in_(half.limit(MANY // 2).scalar_subquery())
    db.execute(update(Endorsement).where(waiting).values(status="verified"))


def _sign_in(db: Db, letter: Letter) -> str:
    organiser = organisers.add(db, "olga@organisers.example")
    organisers.give_role(db, organiser, letter, roles.OWNER, by=OPERATOR)
    secret = organisers.first_link(db, organiser)
    return f"/desk/sign-in/{links.token(db.keys, links.SIGN_IN, secret)}"
