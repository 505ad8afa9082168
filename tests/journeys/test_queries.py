"""However long a list is, a page of the desk takes few statements: none of them row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update
from sqlmodel import col

from app.db import new_id
from app.endorsement import approvals, endorsement_lists
from app.endorsement.endorsements import Endorsement, new_public_id
from app.endorsement.review_queue import FILTERS
from app.invitation.invitations import STATUSES, Invitation
from app.letter import letters
from app.trail.audit import OPERATOR
from tests.routes import addresses, values_of
from tests.world import AURORA, BOREAS, World

MANY = 1_000
MOST = 40
# Statements for one approval among many.
EACH = 17


def crowd(world: World) -> None:
    """A thousand endorsements, half of them waiting for review, and a thousand invitations."""
    world.approved(AURORA)
    world.verified(BOREAS)
    world.crowd(MANY)
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        half = select(col(Endorsement.id)).where(col(Endorsement.folded).like("member 0%"))
        db.execute(
            update(Endorsement)
            .where(col(Endorsement.id).in_(half), col(Endorsement.folded).like("%5"))
            .values(status="verified")
        )
        rows = [
            Invitation(
                id=new_id(),
                letter_id=letter.id,
                status=STATUSES[n % len(STATUSES)],
                organisation=f"Invited {n:04}",
                folded=f"invited {n:04}",
                address=db.keys.seal(f"office@invited{n}.example"),
                mailbox=f"{n:043}",
                created_at=db.now,
            ).model_dump()
            for n in range(MANY)
        ]
        db.execute(insert(Invitation), rows)


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    """All statements meanwhile, of both ways into the database."""
    heard: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        heard.append(statement)

    engines = {world.database.reader, world.database.writer}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", listen)
    try:
        yield heard
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", listen)


def test_every_page_of_the_desk_takes_few_statements(world: World) -> None:
    crowd(world)
    desk = world.desk()
    ids = desk.ids(world.slug)
    given = {"letters/{slug}": [world.slug], "endorsements/{endorsement_id}": ids[:1]}
    too_many, walked = {}, 0
    for address in addresses(world.app, "GET", values_of(world, **given), desk=True):
        with counted(world) as heard:
            answer = desk.browser.get(address)
        walked += answer.status_code == 200
        if len(heard) > MOST:
            too_many[address] = len(heard)
    assert walked > 30
    assert too_many == {}


@pytest.mark.parametrize("only", FILTERS)
def test_every_filter_of_the_queue_takes_few_statements(world: World, only: str) -> None:
    """Copies of one line: something speaks against each, so that a filter looks at very many."""
    crowd(world)
    desk = world.desk()
    queue = f"/desk/letters/{world.slug}/endorsements"
    with counted(world) as heard:
        answer = desk.browser.get(queue, params={"status": "approved", "only": only})
    assert answer.status_code == 200
    assert 3 < len(heard) <= MOST


def test_approving_many_takes_few_statements_for_each(world: World) -> None:
    world.letter("two_person: false")
    world.approved(AURORA)
    world.verified(BOREAS)
    with world.database.write() as db:
        one = db.scalars(select(Endorsement).where(col(Endorsement.status) == "verified")).one()
        copies = [
            {
                **one.model_dump(),
                "id": new_id(),
                "public_id": new_public_id(),
                "organisation": f"Waiting {n:03}",
                "folded": f"waiting {n:03}",
                "website": f"https://waiting{n}.example",
                "mailbox": f"{n:043}",
            }
            for n in range(50)
        ]
        db.execute(insert(Endorsement), copies)
    with world.database.read() as db:
        letter = letters.by_slug(db, world.slug)
        waiting = endorsement_lists.with_status(db, letter, "verified", limit=100)
        facts = approvals.facts(waiting)
    with world.database.write() as db, counted(world) as heard:
        letter = letters.by_slug(db, world.slug)
        approvals.APPROVALS.run(db, letter, facts, by=OPERATOR)
    assert len(heard) < EACH * len(waiting)
    assert world.count()["total"] == len(waiting) + 1
