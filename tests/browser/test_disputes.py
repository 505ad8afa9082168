""" "This isn't us" in a real browser: from an open list that empties itself to the desk."""

from playwright.sync_api import expect

from tests.browser.stage import DESK, LETTER, Stage
from tests.harness.browser import Windows, axe, pictures

NAME = "Ədalət Hüquq Mərkəzi"


def test_a_line_is_disputed_hidden_while_one_watches_and_shown_again(
    stage: Stage, windows: Windows
) -> None:
    watching, visitor = windows.open(), windows.open()
    watching.goto(stage.url + LETTER)
    line = watching.locator(".signatories li", has_text=NAME)
    expect(line).to_be_visible()

    visitor.goto(f"{stage.url}{LETTER}/signatories")
    visitor.get_by_role("link", name=f"This isn't us {NAME}").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("This isn't us")
    axe(visitor)
    pictures(visitor, "dispute")
    visitor.get_by_role("button", name="Send me the mail").click()
    expect(visitor.locator("[data-error-summary]")).to_be_visible()
    axe(visitor)
    visitor.fill("#email", "board@edalet.example")
    visitor.fill("#reason", "The board has not decided.")
    visitor.get_by_role("button", name="Send me the mail").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    axe(visitor)

    visitor.goto(stage.link("board@edalet.example", "/dispute/"))
    axe(visitor)
    pictures(visitor, "dispute-confirm")
    visitor.get_by_role("button", name="We did not sign this").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("The organisers have been told")
    axe(visitor)
    expect(line).to_have_count(0)

    stage.sign_in(visitor)
    visitor.goto(f"{stage.url}{DESK}/endorsements?status=disputed")
    visitor.locator(".entry", has_text=NAME).get_by_text("Show again", exact=False).first.click()
    axe(visitor)
    pictures(visitor, "disputed")
    visitor.get_by_label("Reason: the signer is told it.").first.fill("The chair called us.")
    visitor.get_by_role("button", name="Show again with this reason").click()
    expect(visitor.get_by_role("status")).to_contain_text("The line is on the list.")
    # Drawn anew by the script, the line leads to the same page as the server's.
    expect(line).to_be_visible()
    again = watching.get_by_role("link", name=f"This isn't us {NAME}")
    again.click()
    expect(watching.get_by_role("heading", level=1)).to_have_text("This isn't us")
