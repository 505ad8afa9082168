"""Circulating a letter in a real browser: pasting, sending, answering, with all pages looked at."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.stage import DESK, Stage
from tests.harness.browser import Windows, serves_everybody

VERA = "vera@valley.example"
LIST = f"""Valley Listeners; {VERA}; Vera Dahl; NO; valley.example
Elm Watch; eva@elm.example; Eva Elm; DE
Elm Watch; eva@elm.example
"Dahl, Nora" <nora@mail.example>
bare@fjord.example
nobody at nowhere
"""


@pytest.fixture(scope="module")
def circulated(stage: Stage, browser: Browser) -> Stage:
    """The demo with a list that was pasted, of which one got the mail."""
    page = Windows(browser).open()
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/invitations")
    page.get_by_role("link", name="Bring in a list").click()
    page.get_by_label("Paste it here").fill(LIST)
    page.get_by_role("button", name="Look through it").click()
    expect(page.get_by_text("The same stands in row 2.")).to_be_visible()
    page.get_by_role("button", name="Take in 4 invitations").click()
    page.get_by_role("link", name="To the invitations").click()
    page.get_by_role("checkbox", name="Valley Listeners").check()
    page.get_by_role("button", name="Send invitations …").first.click()
    page.get_by_role("button", name="Send 1 invitation").click()
    expect(page.get_by_role("status")).to_have_text("1 invitation leaves now.")
    page.close()
    return stage


PAGES = {
    "list": "",
    "board": "?view=board",
    "filtered": "?status=unmailed",
    "empty": "?q=zzz",
    "import": "/import",
    "book": "/book",
    "introduction": "/introduction",
    "reminders": "/reminders",
    "sending": "/sending?all=yes&status=unmailed",
    "assignment": "/assignment?all=yes&status=unmailed",
    "removal": "/removal?all=yes&status=invited",
}


@pytest.mark.parametrize("name", PAGES)
def test_the_desk_pages_serve_everybody(circulated: Stage, windows: Windows, name: str) -> None:
    page = windows.open()
    circulated.sign_in(page)
    url = f"{circulated.url}{DESK}/invitations{PAGES[name]}"
    serves_everybody(page, url, f"desk-invitations-{name}")


def test_one_invitation_serves_everybody(circulated: Stage, windows: Windows) -> None:
    page = windows.open()
    circulated.sign_in(page)
    page.goto(f"{circulated.url}{DESK}/invitations")
    page.get_by_role("link", name="Valley Listeners").click()
    serves_everybody(page, page.url, "desk-invitation")


def test_the_personal_page_serves_everybody(circulated: Stage, windows: Windows) -> None:
    link = circulated.link(VERA, "/invitations/")
    serves_everybody(windows.open(), link, "invitation")


def test_one_press_without_script_and_with_the_keyboard_alone(
    circulated: Stage, windows: Windows
) -> None:
    link = circulated.link(VERA, "/invitations/")
    page: Page = windows.open(javascript=False)
    page.goto(link)
    page.get_by_role("button", name="Sign this letter").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-your-inbox*")
    page.goto(circulated.link(VERA, "/confirm/"))
    page.get_by_role("button", name="Sign this letter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your signature is confirmed")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("Signed and confirmed.")).to_be_visible()
