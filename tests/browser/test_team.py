"""Colleagues at one letter in a real browser: asked to join, and agreeing to what needs two."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import DESK, Stage
from tests.harness.browser import Windows, axe, pictures, serves_everybody

PAGES = {
    "desk-team": f"{DESK}/team",
    "desk-agreements": f"{DESK}/agreements",
    "desk-pause": f"{DESK}/pause",
    "desk-closing": f"{DESK}/closing",
}
NINA = "nina@colleagues.example"


@pytest.mark.parametrize("name", PAGES)
def test_team_pages_are_accessible_and_fit_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    page = windows.open()
    stage.sign_in(page)
    serves_everybody(page, stage.url + PAGES[name], name)


def test_a_colleague_joins_and_agrees_to_close(stage: Stage, windows: Windows) -> None:
    page, hers = windows.open(), windows.open()
    stage.sign_in(page)
    _invite(stage, page)
    _join(stage, hers)
    _ask_for_two(stage, page)

    page.goto(f"{stage.url}{DESK}/closing")
    page.get_by_label("Reason").fill("We have what we need.")
    axe(page)
    page.get_by_role("button", name="Propose to close it").click()
    expect(page.get_by_text("It waits for another organiser")).to_be_visible()

    hers.goto(f"{stage.url}{DESK}")
    hers.get_by_role("link", name="Close the letter.").click()
    pictures(hers, "desk-agreement")
    hers.get_by_role("button", name="Agree, and do it").click()
    expect(hers.locator(".badge", has_text="Closed")).to_be_visible()
    expect(hers.get_by_text("We have what we need.")).to_be_visible()


def _ask_for_two(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.url}{DESK}/team")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("It is on.")).to_be_visible()
    axe(page)


def _invite(stage: Stage, page: Page) -> None:
    page.goto(f"{stage.url}{DESK}/team")
    page.get_by_label("E-mail address").fill(NINA)
    page.get_by_label("Name optional").fill("Nina Neu")
    page.get_by_label("Role on the letter", exact=True).select_option("owner")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("Nina Neu")).to_be_visible()
    axe(page)


def _join(stage: Stage, page: Page) -> None:
    page.goto(stage.link(NINA, "/desk/sign-in/team/"))
    axe(page)
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.locator(".organiser", has_text="Nina Neu")).to_be_visible()
