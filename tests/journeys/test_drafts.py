"""A draft is shown to readers who were given its private link, and to nobody else."""

import re

import pytest

from app.letter import draft_links, letters
from app.letter.letters import Letter
from tests.journeys.test_team import press
from tests.world import LETTER, OTTO, TRANSLATION, Desk, World

DRAFT = LETTER.replace("free-the-press", "the-draft")


@pytest.fixture
def olga(world: World) -> Desk:
    world.letter(text=DRAFT, opens=False)
    return world.desk()


def url(world: World) -> str:
    return f"/desk/letters/{world.slug}"


def link(world: World, desk: Desk) -> str:
    """The private link that stands on the desk's page of the letter, as a path; "" for none."""
    page = desk.browser.get(url(world)).text
    found = re.search(rf'data-copy="{world.settings.base_url}(/drafts/[^"]+)"', page)
    return found[1] if found else ""


def made(world: World, desk: Desk) -> str:
    assert press(world, desk, url(world), "/draft-link").status_code == 303
    return link(world, desk)


def test_whoever_has_the_link_reads_the_draft_and_signs_nothing(world: World, olga: Desk) -> None:
    assert link(world, olga) == ""
    answer = world.client.get(made(world, olga))
    assert answer.status_code == 200
    assert "We, the undersigned, ask you" in answer.text
    assert "signed yet" in answer.text
    assert "<form" not in answer.text
    assert "<script" not in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    # To everybody else there is no such letter.
    assert world.client.get(world.path).status_code == 404
    assert "Disallow: /drafts/" in world.client.get("/robots.txt").text


def test_the_link_shows_the_text_as_it_is_now(world: World, olga: Desk) -> None:
    path = made(world, olga)
    world.letter(text=DRAFT.replace("Hear the station", "Hear its listeners"), opens=False)
    world.translation(TRANSLATION.replace("free-the-press", "the-draft"))
    assert "Hear its listeners" in world.client.get(path).text
    in_portuguese = world.client.get(f"{path}?lang=pt").text
    assert "Libertem a imprensa de Ardal" in in_portuguese
    assert f'href="{path}?lang=en"' in in_portuguese


def test_a_new_link_ends_the_one_before_and_taking_it_back_ends_both(
    world: World, olga: Desk
) -> None:
    first = made(world, olga)
    second = made(world, olga)
    assert first != second
    unknown = world.client.get(first)
    assert unknown.status_code == 404
    assert "replaced by a new one" in unknown.text
    assert world.client.get(second).status_code == 200
    assert press(world, olga, url(world), "/draft-link/removal").status_code == 303
    assert world.client.get(second).status_code == 404
    assert link(world, olga) == ""
    assert [entry.action for entry in world.trail() if "draft" in entry.action] == [
        "draft link made",
        "draft link made",
        "draft link taken back",
    ]


def test_what_was_taken_back_in_another_tab_is_no_crash(world: World, olga: Desk) -> None:
    made(world, olga)
    stale = olga.browser.get(url(world)).text
    removal = f"{url(world)}/draft-link/removal"
    assert olga.post(removal, stale).status_code == 303
    assert olga.post(removal, stale).status_code == 409


def test_once_the_letter_is_open_the_link_leads_to_it(world: World, olga: Desk) -> None:
    path = made(world, olga)
    before = olga.browser.get(url(world)).text
    assert press(world, olga, f"{url(world)}/opening", "/opening").status_code == 303
    answer = world.client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, world.path)
    in_french = world.client.get(f"{path}?lang=fr")
    assert in_french.headers["location"] == f"{world.path}?lang=fr"
    assert world.client.get(f"{path}x").status_code == 404
    assert link(world, olga) == ""
    assert olga.post(f"{url(world)}/draft-link", before).status_code == 409
    assert olga.browser.get(f"{url(world)}/draft").headers["location"] == world.path


def test_the_link_outlives_another_address_of_the_letter(world: World, olga: Desk) -> None:
    path = made(world, olga)
    settings = f"{url(world)}/settings"
    assert press(world, olga, settings, "/slug", slug="renamed").status_code == 303
    assert world.client.get(path).status_code == 200


def test_the_database_holds_nothing_to_read_a_draft_with(world: World, olga: Desk) -> None:
    token = made(world, olga).removeprefix("/drafts/")
    with world.database.read() as db:
        letter: Letter = letters.by_slug(db, world.slug)
        row = db.get_one(draft_links.DraftLink, letter.id)
        held = repr(row.model_dump()) + repr(world.rows())
    assert token not in held
    assert world.client.get(f"/drafts/{row.digest}").status_code == 404
    assert world.client.get(f"/drafts/{row.sealed}").status_code == 404


def test_viewers_see_the_draft_and_are_not_shown_its_link(world: World, olga: Desk) -> None:
    path = made(world, olga)
    world.share(OTTO, "viewer")
    otto = world.desk(OTTO)
    assert path not in otto.browser.get(url(world)).text
    assert "signed yet" in otto.browser.get(f"{url(world)}/draft").text
    assert f'href="{url(world)}/draft"' in otto.browser.get(url(world)).text


def test_the_draft_is_not_on_the_shelf(world: World, olga: Desk) -> None:
    path = made(world, olga)
    world.client.get(path)
    with world.statements(reading=True) as asked:
        world.client.get(path)
    assert any("draft_link" in statement for statement in asked)
