"""Deadlines by the clocks of a place, what visitors see, and a letter's address."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.letter import letters
from tests.harness.filled import Filled
from tests.world import AURORA, BOREAS, DARIA, LETTER, OTTO, Desk, World, later, submit

EDDA = "edda@organisers.example"
BRUSSELS = ZoneInfo("Europe/Brussels")


def settings(world: World) -> str:
    return f"/desk/letters/{world.slug}/settings"


def set_(world: World, desk: Desk, action: str, **fields: str) -> httpx.Response:
    """Fills one form of the page in and sends it; a field of None is a box left empty."""
    address = f"/desk/letters/{world.slug}/{action}"
    form = Filled(desk.browser.get(settings(world)).text, address).values
    return desk.browser.post(address, data={**form, **fields})


def kept(world: World, name: str) -> Any:
    with world.database.read() as db:
        return getattr(letters.by_slug(db, world.slug), name)


def in_brussels(**delta: float) -> str:
    moment = datetime.now(UTC) + timedelta(**delta)
    return moment.astimezone(BRUSSELS).strftime("%Y-%m-%dT%H:%M")


def test_a_deadline_is_set_by_the_clocks_of_a_place(world: World) -> None:
    desk = world.desk()
    answer = set_(
        world,
        desk,
        "deadlines",
        deadline="2027-07-01T17:00",
        soft_deadline="2027-01-15T12:00",
        zone="Europe/Brussels",
    )
    assert answer.status_code == 303, answer.text
    assert kept(world, "deadline") == datetime(2027, 7, 1, 15, 0, tzinfo=UTC)
    assert kept(world, "soft_deadline") == datetime(2027, 1, 15, 11, 0, tzinfo=UTC)
    page = world.client.get(world.path).text
    assert "1 July 2027, 17:00 (UTC+02:00)" in page
    assert 'data-deadline="2027-07-01T17:00:00+02:00"' in page
    history = desk.browser.get(f"/desk/letters/{world.slug}/audit").text
    assert "The deadline was set to 1 July 2027, 17:00 (UTC+02:00)" in history
    assert "A first deadline was set: 15 January 2027, 12:00 (UTC+01:00)" in history

    set_(world, desk, "deadlines", deadline="2027-01-31T17:00")
    assert "31 January 2027, 17:00 (UTC+01:00)" in world.client.get(world.path).text
    history = desk.browser.get(f"/desk/letters/{world.slug}/audit").text
    assert "was moved from 1 July 2027, 17:00 (UTC+02:00) to 31 January 2027" in history
    set_(world, desk, "deadlines", deadline="", soft_deadline="")
    assert kept(world, "deadline") is None
    assert "Sign until" not in world.client.get(world.path).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"zone": ""}, "Choose the time zone of the deadlines."),
        ({"zone": "Europe/Ardal"}, "Choose the time zone of the deadlines."),
        ({"deadline": "2020-01-01T12:00"}, "This moment has passed."),
        ({"deadline": "soon"}, "Give a date and a time"),
        ({"deadline": "9999-12-31T23:59", "zone": "Pacific/Honolulu"}, "Give a date and a time"),
        ({"deadline": "9999-12-30T23:59"}, "That is too far away."),
        ({"deadline": "2027-03-28T02:30"}, "There is no such time"),
        ({"soft_deadline": "2027-06-01T12:00"}, "The first deadline must be before the last one."),
    ],
)
def test_what_is_no_deadline_is_refused_and_nothing_typed_is_lost(
    world: World, fields: dict[str, str], sentence: str
) -> None:
    desk = world.desk()
    before = world.rows()
    typed = {"deadline": "2027-06-01T12:00", "soft_deadline": "", "zone": "Europe/Brussels"}
    answer = set_(world, desk, "deadlines", **{**typed, **fields})
    assert answer.status_code == 422
    assert sentence in answer.text
    again = Filled(answer.text, f"/desk/letters/{world.slug}/deadlines").values
    assert again["deadline"] == {**typed, **fields}["deadline"]
    assert world.rows() == before


def test_a_later_deadline_opens_signing_again(world: World) -> None:
    desk = world.desk()
    set_(world, desk, "deadlines", deadline=in_brussels(days=1), zone="Europe/Brussels")
    with later(days=2):
        assert world.sign(AURORA).status_code == 409
        desk = world.desk()
        # What has passed may stay as it is, but not be set.
        answer = set_(world, desk, "deadlines", soft_deadline=in_brussels(hours=-40))
        assert answer.status_code == 303
        answer = set_(world, desk, "deadlines", deadline=in_brussels(hours=-1))
        assert answer.status_code == 422
        set_(world, desk, "deadlines", deadline=in_brussels(days=1))
        assert world.sign(AURORA).status_code == 303


def test_the_deadlines_of_a_public_letter_are_its_owners_to_move(world: World) -> None:
    """Moving one ends signing, or lets it go on: as closing and opening does."""
    typed = {"deadline": in_brussels(days=1), "zone": "Europe/Brussels"}
    editor, owner = world.share(EDDA, "editor"), world.desk()
    address = f"/desk/letters/{world.slug}/deadlines"
    page = editor.browser.get(settings(world)).text
    assert "its owners alone move the deadlines" in page
    assert editor.post(address, page, **typed).status_code == 403
    assert kept(world, "deadline") is None

    world.share(OTTO)
    with world.database.write() as db:
        letters.by_slug(db, world.slug).two_person = True
    answer = set_(world, owner, "deadlines", **typed)
    assert answer.headers["location"].endswith("/agreements")
    assert kept(world, "deadline") is None
    otto = world.desk(OTTO)
    waiting = otto.browser.get(answer.headers["location"]).text
    assert "Set the last deadline to" in waiting
    one = re.search(r'href="(/desk/letters/[^"]+/agreements/[^"]+)"', waiting)
    assert one
    assert submit(otto.browser, one[1], f"{one[1]}/agreement").status_code == 303
    assert kept(world, "deadline") is not None


def test_an_editor_sets_the_deadline_of_a_draft(world: World) -> None:
    with world.database.write() as db:
        letters.by_slug(db, world.slug).status = "draft"
    editor = world.share(EDDA, "editor")
    answer = set_(world, editor, "deadlines", deadline=in_brussels(days=1), zone="Europe/Brussels")
    assert answer.status_code == 303
    assert kept(world, "deadline") is not None


def test_the_offset_of_a_file_stays_until_a_zone_is_chosen(world: World) -> None:
    world.letter("deadline: 2027-06-12T17:00:30+04:00")
    desk = world.desk()
    page = desk.browser.get(settings(world)).text
    assert "As it is: UTC+04:00" in page
    set_(world, desk, "deadlines", soft_deadline="2027-06-01T12:00")
    assert kept(world, "soft_deadline") == datetime(2027, 6, 1, 8, 0, tzinfo=UTC)
    # Nobody typed seconds, so they stay.
    assert kept(world, "deadline") == datetime(2027, 6, 12, 13, 0, 30, tzinfo=UTC)
    set_(world, desk, "deadlines", zone="Asia/Tbilisi")
    assert kept(world, "deadline_zone") == "Asia/Tbilisi"
    world.letter("deadline: 2027-06-12T17:00:30+04:00")
    assert kept(world, "deadline_zone") == "Asia/Tbilisi"
    world.letter("deadline: 2027-06-13T17:00:00-03:00")
    assert kept(world, "deadline_zone") == ""
    assert "(UTC-03:00)" in world.client.get(world.path).text


def test_what_visitors_see_follows_the_settings(world: World) -> None:
    desk = world.desk()
    assert world.client.get(f"{world.path}/letter.html").status_code == 404
    assert "/letter.html" not in world.client.get(world.path).text
    answer = set_(world, desk, "settings", show_representatives="yes", public_proof="yes")
    assert answer.status_code == 303
    assert world.trail("settings changed")[-1].facts["fields"] == (
        "show_representatives, public_proof"
    )
    page = world.client.get(world.path).text
    assert "and with your name and role" in page
    world.approved(AURORA)
    world.approved(DARIA)
    assert world.signatories()[0]["name"] == "Anna Berg"
    for output in ("pdf", "docx", "html"):
        assert f'href="{world.path}/letter.{output}"' in page
    assert world.client.get(f"{world.path}/letter.html").status_code == 200

    address = f"/desk/letters/{world.slug}/settings"
    form = Filled(desk.browser.get(address).text, address).values
    del form["individuals"], form["show_representatives"]
    assert desk.browser.post(address, data=form).status_code == 303
    assert world.signatories()[0]["name"] is None
    assert "Daria Orlova" in world.names()
    assert world.sign({**DARIA, "email": "other@mail.example"}).status_code == 422


def test_names_that_were_promised_not_to_be_public_never_become_so(world: World) -> None:
    world.verified(BOREAS)
    desk = world.desk()
    before = world.rows()
    answer = set_(world, desk, "settings", show_representatives="yes")
    assert answer.status_code == 422
    assert "were told that their names would not be public" in answer.text
    assert world.rows() == before


@pytest.mark.parametrize("days", ["0", "3651", "-1", "ten", "", "１", "9" * 9])
def test_days_have_bounds(world: World, days: str) -> None:
    desk = world.desk()
    answer = set_(world, desk, "settings", retention_days=days)
    assert (answer.status_code == 303) == (days == "１")
    if answer.status_code == 422:
        assert "Give a number of days from 1 to 3650." in answer.text
        assert kept(world, "retention_days") == 180


def test_owners_alone_say_how_long_personal_data_is_kept(world: World) -> None:
    """An editor could have all of it erased the day after the letter closes."""
    editor = world.share(EDDA, "editor")
    page = editor.browser.get(settings(world)).text
    assert "Personal data is kept for 180 days" in page
    assert 'name="retention_days"' not in page
    refused = set_(world, editor, "settings", retention_days="1", individuals="yes")
    assert refused.status_code == 403
    assert kept(world, "retention_days") == 180
    assert set_(world, editor, "settings", withheld_count="yes").status_code == 303
    assert (kept(world, "withheld_count"), kept(world, "retention_days")) == (True, 180)
    assert set_(world, world.desk(), "settings", retention_days="30").status_code == 303
    assert kept(world, "retention_days") == 30


def test_a_draft_changes_its_slug_and_an_opened_letter_does_not(world: World) -> None:
    desk = world.desk()
    opened = settings(world)
    assert f'action="/desk/letters/{world.slug}/slug"' not in desk.browser.get(opened).text
    page = desk.browser.get(opened).text
    csrf = Filled(page, opened).values["csrf"]
    refused = desk.browser.post(
        f"/desk/letters/{world.slug}/slug", data={"csrf": csrf, "slug": "other"}
    )
    assert refused.status_code == 409

    taken = world.slug
    world.letter(text=LETTER.replace("slug: free-the-press", "slug: a-draft"), opens=False)
    for wrong in (taken, "Not a slug", "new", "x" * 81):
        assert set_(world, desk, "slug", slug=wrong).status_code == 422
    answer = set_(world, desk, "slug", slug="a-better-name")
    assert answer.headers["location"] == "/desk/letters/a-better-name/settings?saved=yes"
    assert desk.browser.get("/desk/letters/a-draft").status_code == 404


def test_a_draft_in_the_wrong_language_is_put_right(world: World) -> None:
    world.letter(text=LETTER.replace("slug: free-the-press", "slug: a-draft"), opens=False)
    desk = world.desk()
    assert set_(world, desk, "language", language="xx").status_code == 422
    assert set_(world, desk, "language", language="fr").status_code == 303
    assert kept(world, "language") == "fr"
    assert kept(world, "titles") == {"fr": "Free the press of Ardal"}
    page = desk.browser.get(f"/desk/letters/{world.slug}/text").text
    assert re.search(r'name="subject_label"[^>]* value="Objet', page)


def test_a_letter_without_deadlines_is_offered_the_zone_of_the_one_before(world: World) -> None:
    desk = world.desk()
    chosen = re.compile(r'<option value="([^"]+)" selected>[^<]+</option>')
    zones = desk.browser.get(settings(world)).text.partition('id="zone"')[2].partition("</select>")
    assert chosen.findall(zones[0]) == []
    set_(world, desk, "deadlines", deadline=in_brussels(days=9), zone="Europe/Brussels")
    world.slug = world.another_letter()
    page = desk.browser.get(settings(world)).text
    zones = page.partition('id="zone"')[2].partition("</select>")
    assert chosen.findall(zones[0]) == ["Europe/Brussels"]
    # What the letter has is no proposal, which a browser may replace by its own zone.
    assert "data-zone" in page
    set_(world, desk, "deadlines", deadline=in_brussels(days=9), zone="Asia/Baku")
    assert "data-zone" not in desk.browser.get(settings(world)).text
