"""The first page: the letters that can be signed now, and how many have signed each."""

import re

from sqlalchemy import insert
from sqlmodel import col, select

from app.db import new_id
from app.letter import letters
from app.letter.letters import Letter
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, World

MANY = 60


def numbers(world: World) -> list[str]:
    return re.findall(r"<span>([\d,]+) signator(?:y|ies)</span>", world.client.get("/").text)


def test_it_counts_who_is_listed_as_the_lists_do(world: World) -> None:
    assert numbers(world) == ["0"]
    world.approved(AURORA)
    world.approved(BOREAS, visibility="confidential")
    world.verified(CIRRUS)
    assert numbers(world) == ["1"]
    world.another_letter()
    world.approved(DARIA)
    world.approved(CIRRUS)
    assert numbers(world) == ["2", "1"]
    assert world.count()["total"] == 2
    world.client.post(world.link(DARIA["email"], "/manage/") + "/withdrawal")
    assert numbers(world) == ["1", "1"]


def test_many_letters_are_counted_by_one_statement_and_only_once(world: World) -> None:
    world.approved(AURORA)
    with world.database.write() as db:
        row = letters.by_slug(db, world.slug).model_dump()
        rows = [row | {"id": new_id(), "slug": f"letter-{number}"} for number in range(MANY)]
        db.execute(insert(Letter), rows)
        assert len(db.scalars(select(col(Letter.id))).all()) == MANY + 1
    with world.queries() as first:
        assert sorted(numbers(world)) == ["0"] * MANY + ["1"]
    assert len([one for one in first if "endorsement" in one]) == 1
    with world.queries() as again:
        numbers(world)
    assert [one for one in again if "endorsement" in one] == []
