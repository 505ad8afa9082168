"""A letter is opened, paused and closed by its owners, who say why; visitors read the reason."""

import re

import pytest

from tests.journeys.test_team import press
from tests.world import AURORA, BOREAS, CIRRUS, LETTER, OTTO, World

HOSTILE = '<script>alert(1)</script> https://evil.example "&"'


def url(world: World) -> str:
    return f"/desk/letters/{world.slug}"


def test_opening_says_first_what_will_happen(world: World) -> None:
    world.slug = world.letter(text=LETTER.replace("free-the-press", "the-draft"), opens=False)
    olga = world.desk()
    page = olga.browser.get(f"{url(world)}/opening").text
    assert world.settings.url(world.path) in page
    assert "There is no deadline" in page
    assert "version 1" in page
    assert world.client.get(world.path).status_code == 404
    assert press(world, olga, f"{url(world)}/opening", "/opening").status_code == 303
    assert world.client.get(world.path).status_code == 200
    # What is open can't be opened.
    assert olga.browser.get(f"{url(world)}/opening").status_code == 409


def test_before_opening_the_overview_says_what_is_missing_and_afterwards_what_comes_next(
    world: World,
) -> None:
    world.slug = world.letter(text=LETTER.replace("free-the-press", "the-draft"), opens=False)
    olga = world.desk()
    draft = olga.browser.get(url(world)).text
    missing = to_do(draft, "Missing")
    assert "A deadline" in missing
    assert "Colleagues who work on it with you" in missing
    world.share(OTTO, "editor")
    assert "Colleagues who work on it with you" in to_do(olga.browser.get(url(world)).text, "Done")
    assert press(world, olga, f"{url(world)}/opening", "/opening").status_code == 303
    opened = olga.browser.get(url(world)).text
    assert not to_do(opened, "Missing")
    assert f'data-copy="{world.settings.url(world.path)}"' in opened
    assert f'href="{url(world)}/embed"' in opened
    assert f'href="{url(world)}/invitations">Invite' in opened


def to_do(page: str, state: str) -> list[str]:
    return re.findall(rf"{state}:</span><a [^>]+>([^<]+)</a>", page)


def test_closing_says_first_how_many_are_not_confirmed(world: World) -> None:
    world.approved(AURORA)
    world.verified(BOREAS)
    world.sign(CIRRUS)
    page = world.desk().browser.get(f"{url(world)}/closing").text
    assert "1 signature isn't confirmed yet. It can still be, for 24 hours." in page
    assert "1 waits for review." in page
    assert "1 signatory is listed or confidential." in page


@pytest.mark.parametrize("move", ["pause", "closing"])
def test_visitors_read_the_reason_as_plain_text(world: World, move: str) -> None:
    olga = world.desk()
    reason = f"We wait for news.\n{HOSTILE}"
    page = f"{url(world)}/{move}"
    assert press(world, olga, page, f"/{move}", reason=reason).status_code == 303
    shown = world.client.get(world.path).text
    assert "We wait for news." in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown
    assert 'href="https://evil.example' not in shown
    assert "We wait for news." in olga.browser.get(url(world)).text
    (entry,) = world.trail(f"letter {'paused' if move == 'pause' else 'closed'}")
    assert entry.reason == reason
    # Taken up again, there is nothing to explain.
    assert press(world, olga, f"{url(world)}/opening", "/opening").status_code == 303
    assert "We wait for news." not in world.client.get(world.path).text


@pytest.mark.parametrize("move", ["pause", "closing"])
def test_a_reason_that_is_too_long_is_not_lost(world: World, move: str) -> None:
    page = f"{url(world)}/{move}"
    answer = press(world, world.desk(), page, f"/{move}", reason="x" * 501)
    assert answer.status_code == 422
    assert "at most 500 characters" in answer.text
    assert "x" * 501 in answer.text
    assert world.sign(AURORA).status_code == 303


def test_no_reason_is_asked_of_anybody(world: World) -> None:
    olga = world.desk()
    assert press(world, olga, f"{url(world)}/pause", "/pause").status_code == 303
    assert "The organisers say" not in world.client.get(world.path).text
    (entry,) = world.trail("letter paused")
    assert entry.reason is None


def test_a_letter_whose_deadline_has_passed_is_not_opened(world: World) -> None:
    text = LETTER.replace("free-the-press", "too-late")
    world.slug = world.letter('deadline: "2020-01-01T12:00:00+01:00"', text=text, opens=False)
    refused = world.desk().browser.get(f"{url(world)}/opening")
    assert refused.status_code == 409
    assert "set a later one first" in refused.text
