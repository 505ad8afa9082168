"""The desk's page that gives the code for other sites."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import DESK, LETTER, Stage
from tests.harness.browser import Windows, serves_everybody

BUILDER = f"{DESK}/embed"
ELEMENT = "undersigned-signatories"


@pytest.mark.parametrize("kind", ["frame", "element", "json"])
def test_the_builder_is_accessible_and_fits_a_phone(
    stage: Stage, windows: Windows, kind: str
) -> None:
    desk = windows.open()
    stage.sign_in(desk)
    serves_everybody(desk, f"{stage.url}{BUILDER}?kind={kind}", f"embed-builder-{kind}")


def test_code_and_preview_follow_what_is_chosen(stage: Stage, windows: Windows) -> None:
    desk = windows.open(permissions=["clipboard-read", "clipboard-write"])
    stage.sign_in(desk)
    desk.goto(stage.url + BUILDER)
    code = desk.get_by_label("The code")
    expect(code).to_have_value(re.compile(f'^<iframe src="{stage.url}{LETTER}/embed" '))
    expect(desk.get_by_role("button", name="Show the code")).to_be_hidden()
    desk.get_by_label("Colours").select_option("dark")
    expect(code).to_have_value(re.compile("embed\\?theme=dark"))
    preview = desk.frame_locator("iframe")
    expect(preview.locator(".embed")).to_have_attribute("data-theme", "dark")

    names = desk.get_by_label("Names at most")
    names.fill("3")
    desk.get_by_label("An element with a script").check()
    expect(code).to_have_value(re.compile(f'<{ELEMENT} letter="[^"]+" theme="dark" limit="3">'))
    expect(desk.locator(ELEMENT).locator("li")).to_have_count(3)
    expect(desk).to_have_url(re.compile("kind=element&theme=dark&layout=list&limit=3&language="))

    desk.get_by_role("button", name="Copy").click()
    expect(desk.get_by_text("Copied.")).to_be_visible()
    assert desk.evaluate("navigator.clipboard.readText()") == code.input_value()
    desk.get_by_label("CSV").check()
    expect(desk.get_by_label("The address")).to_have_value(f"{stage.url}{LETTER}/signatories.csv")
    expect(desk.get_by_label("Colours")).to_be_hidden()


def test_without_script_a_button_shows_the_code(stage: Stage, plain_page: Page) -> None:
    stage.sign_in(plain_page)
    plain_page.goto(stage.url + BUILDER)
    plain_page.get_by_label("Shape").select_option("logos")
    plain_page.get_by_role("button", name="Show the code").click()
    expect(plain_page.get_by_label("The code")).to_have_value(re.compile("layout=logos"))
    expect(plain_page.get_by_role("button", name="Copy")).to_be_hidden()
    inner = plain_page.frame_locator("iframe")
    expect(inner.locator(".embed")).to_have_attribute("data-layout", "logos")
