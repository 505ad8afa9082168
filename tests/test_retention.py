"""Personal data is erased when a letter's retention is over; organisations stay listed."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, text
from sqlmodel import col

from app.dispute.disputes import Dispute
from app.endorsement.endorsements import Endorsement
from tests.journeys.test_disputes import dispute
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, EMIL, Forms, World, later, submit

TABLES = (
    *("letter", "endorsement", "correction", "question", "decision", "outbox", "link"),
    *("audit_entry", "invitation", "circulation", "reminder", "report", "proposal", "message"),
)


def _dump(world: World) -> str:
    with world.database.read() as db:
        return "\n".join(
            str(row) for table in TABLES for row in db.execute(text(f"SELECT * FROM {table}"))
        )


def test_personal_data_goes_and_organisations_stay(world: World) -> None:
    world.letter("retention_days: 30\nsignatories: [Daria Orlova, Aurora Media Watch]")
    world.approved(AURORA)
    world.approved(DARIA)
    desk, sorting = world.desk(), f"/desk/letters/{world.slug}/sorting"
    form = Forms(desk.browser.get(f"{sorting}?q=daria").text).forms[sorting]
    typed = {name: "Orlova" for name in form if name.startswith(("sort_key_", "category_"))}
    desk.browser.post(sorting, data={**form, **typed})
    world.approved(BOREAS, visibility="confidential")
    world.verified(CIRRUS)
    queue = world.desk().queue(world.slug)
    (asked,) = (path for path in Forms(queue).forms if path.endswith("/approval"))
    path = asked.replace("/approval", "/question")
    submit(world.desk().browser, path, path, question="Are you Ketevan Lomidze?")
    world.desk().decide(world.slug, "Cirrus Foundation", "decline", reason="Ketevan said no")
    world.desk().move(world.slug, "closing")

    with time_machine.travel(datetime.now(UTC) + timedelta(days=29)):
        world.keep_house()
        assert world.names() == ["Aurora Media Watch", "Daria Orlova"]
        assert "Anna Berg" in _dump(world)
        assert "'Orlova'" in _dump(world)

    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        for _twice in range(2):
            world.keep_house()
        assert world.names() == ["Aurora Media Watch"]
        left = _dump(world)
        for name in ("Anna Berg", "Orlova", "Bruno Falk", "Ketevan"):
            assert name not in left
        assert left.count("personal data erased") == 1
        for status in ("approved", "declined"):
            assert world.desk().queue(world.slug, status)


def test_the_circulation_list_goes_too(world: World) -> None:
    world.letter("retention_days: 30")
    world.invite("Valley Listeners; vera@valley.example; Vera Dahl")
    personal = world.link("vera@valley.example", "/invitations/")
    world.desk().move(world.slug, "closing")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31)):
        world.keep_house()
        assert "Valley Listeners" not in _dump(world)
        assert "Vera Dahl" not in _dump(world)
        assert world.client.get(personal).status_code == 404


def test_mailboxes_that_signed_twice_are_erased_too(world: World) -> None:
    world.letter("retention_days: 30")
    world.approved(DARIA)
    world.approved(EMIL, email=DARIA["email"])
    world.approved(AURORA, visibility="confidential")
    world.approved(BOREAS, email=AURORA["email"], visibility="confidential")
    world.approved(CIRRUS)
    world.desk().move(world.slug, "closing")
    with later(days=31):
        world.keep_house()
        assert world.names() == ["Cirrus Foundation"]
        left = _dump(world)
    for name in ("Daria", "Emil", "Anna Berg", "Bruno Falk", "Boreas", "Ketevan"):
        assert name not in left


def test_a_letter_that_cannot_be_erased_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.letter("retention_days: 30")
    world.approved(AURORA)
    world.approved(BOREAS)
    world.desk().move(world.slug, "closing")
    _damage(world)
    spoilt = world.slug
    world.slug = world.another_letter("retention_days: 30")
    world.approved(CIRRUS)
    world.desk().move(world.slug, "closing")
    with later(days=31), caplog.at_level(logging.ERROR):
        world.keep_house()
        left = _dump(world)
        world.slug = spoilt
        assert world.names() == ["Aurora Media Watch", "Boreas Legal Aid"]
    assert "Anna Berg" in left
    assert "Ketevan" not in left
    assert "erase failed for" in caplog.text
    assert "Anna Berg" not in caplog.text


def _damage(world: World) -> None:
    """Two rows that no code of ours writes: each has the other's number for its mailbox, so that
    neither can get its own."""
    with world.database.write() as db:
        one, two = db.scalars(select(Endorsement).order_by(col(Endorsement.id))).all()
        one.mailbox, two.mailbox = two.public_id, one.public_id
        one.folded = two.folded = "spoilt"


def test_what_is_disputed_later_still_goes_too(world: World) -> None:
    world.letter("retention_days: 30")
    world.approved(AURORA)
    world.desk().move(world.slug, "closing")
    with later(days=31):
        world.keep_house()
        dispute(world, "who@elsewhere.example", AURORA["organisation"], reason="Ask Zora.")
    with later(days=50):
        world.keep_house()
        with world.database.read() as db:
            assert [one.reason for one in db.scalars(select(Dispute))] == ["Ask Zora."]
    with later(days=100):
        world.keep_house()
        with world.database.read() as db:
            assert not db.scalars(select(Dispute)).all()
