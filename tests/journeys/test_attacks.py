"""Attacks that once worked, told as stories."""

import logging
import traceback
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db import Database
from app.keys import WeakKey
from tests.world import AURORA, World, submit


@pytest.fixture
def logo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 20), "#8c2f39").save(file, "PNG")
    return file.getvalue()


def test_a_strangers_logo_is_shown_before_it_is_confirmed(world: World, logo: bytes) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    world.sign(AURORA, files={"logo": ("logo.png", logo, "image/png")})
    answer = world.client.post(link)
    assert answer.status_code == 409
    assert 'src="/logos/' in answer.text
    assert submit(world.client, link, link).status_code == 200
    assert 'class="logo" src="/logos/' in world.desk().queue(world.slug)


def test_a_name_of_many_accents_is_refused_at_once(world: World) -> None:
    name = "a" + "\u0300\u0316" * 200_000
    answer = world.sign(AURORA, organisation=name, files={"logo": ("", b"", "image/png")})
    assert answer.status_code == 422
    assert "too long" in answer.text


def test_errors_are_logged_without_what_was_typed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even where the database itself says what was in its way."""
    world.sign(AURORA, email="post@aurora.example", visibility="confidential")
    with world.database.write() as db:
        db.execute(text("CREATE UNIQUE INDEX once ON endorsement (organisation, name)"))
    with caplog.at_level(logging.DEBUG), pytest.raises(IntegrityError) as raised:
        world.sign(AURORA, visibility="confidential")  # what the test client raises, a server logs
    logged = caplog.text + "".join(traceback.format_exception(raised.value))
    assert "UNIQUE" in logged.upper()
    assert AURORA["name"] not in logged
    assert AURORA["organisation"] not in logged


@pytest.mark.only("postgresql")  # SQLite reads what it can of any value
def test_a_value_that_cant_be_read_is_not_logged(world: World) -> None:
    with pytest.raises(DBAPIError) as raised, world.database.read() as db:
        db.execute(text("SELECT CAST(:name AS integer)"), {"name": AURORA["name"]})
    assert AURORA["name"] not in "".join(traceback.format_exception(raised.value))


def test_addresses_that_no_letter_can_have_lead_nowhere(world: World) -> None:
    for slug in ("%00", "A", "x" * 500, "%ff", "..%2f.."):
        assert world.client.get(f"/letters/{slug}").status_code == 404
    assert world.client.get(f"{world.path}/signatories?q=" + "a+" * 2_000).status_code == 200
    assert (
        world.desk()
        .browser.get(f"/desk/letters/{world.slug}/endorsements?q=" + "a+" * 2_000)
        .status_code
        == 200
    )


def test_a_key_file_without_a_key_stops_the_start(world: World) -> None:
    (world.settings.data_dir / "secret.key").write_text("")
    with pytest.raises(WeakKey):
        Database(world.settings)
