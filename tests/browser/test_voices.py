"""Reported sign-ons and messages in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import DESK, LETTER, Stage
from tests.harness.browser import Windows, axe, pictures, serves_everybody

PAGES = {
    "desk-reported": f"{DESK}/reported",
    "desk-report": f"{DESK}/reported/new",
    "desk-report-import": f"{DESK}/reported/import",
    "desk-messages": f"{DESK}/messages",
    "desk-message-form": f"{DESK}/messages/new",
}
LIST = """Organisation,Country,Name,E-mail
Fjord Archive,Norway,Ida Lie,ida@fjordarchive.example
,Norway,,
Dune Radio,Nowhere,,
"""


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_and_fit_a_phone(stage: Stage, windows: Windows, name: str) -> None:
    page = windows.open()
    stage.sign_in(page)
    serves_everybody(page, stage.url + PAGES[name], name)


def test_a_list_is_reported_and_one_of_it_confirms(
    stage: Stage, windows: Windows, page: Page
) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/reported")
    page.get_by_role("link", name="Bring in a list").click()
    page.fill("#pasted", LIST)
    page.select_option("#received", "meeting")
    page.fill("#received_on", "2026-01-05")
    page.get_by_role("button", name="Look at the rows").click()
    expect(page.get_by_role("heading", name="1 sign-on can be entered")).to_be_visible()
    expect(page.get_by_role("heading", name="2 rows can't be entered as they are")).to_be_visible()
    pictures(page, "desk-report-preview")
    axe(page)
    page.check("#authority")
    page.get_by_role("button", name="Enter 1 sign-on").click()
    expect(page.get_by_text("Entered: 1 sign-on.")).to_be_visible()
    expect(page.locator("#pasted")).to_have_value(re.compile("Dune Radio\tNowhere"))
    pictures(page, "desk-report-left")
    axe(page)
    page.get_by_role("link", name="Back to what was reported").click()
    pictures(page, "desk-reported-one")
    axe(page)
    page.get_by_role("link", name="Review Fjord Archive").click()
    page.get_by_role("button", name="Approve Fjord Archive").click()

    theirs = windows.open(javascript=False)
    theirs.goto(f"{stage.url}{LETTER}/signatories?q=fjord")
    expect(theirs.locator(".reported")).to_have_text("reported")
    theirs.goto(stage.link("ida@fjordarchive.example", "/reported/"))
    theirs.get_by_role("button", name="Yes, we sign this letter").click()
    expect(theirs.get_by_text("without the mark that it was reported")).to_be_visible()
    theirs.goto(f"{stage.url}{LETTER}/signatories?q=fjord")
    expect(theirs.locator(".reported")).to_have_count(0)


def test_whoever_was_reported_reads_it_on_a_phone(
    stage: Stage, windows: Windows, page: Page
) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/reported/new")
    page.fill("#organisation", "Dune Radio")
    page.select_option("#country", "DE")
    page.fill("#email", "post@duneradio.example")
    page.check("#received")
    page.fill("#received_on", "2026-01-05")
    page.check("#authority")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_text("Entered: 1 sign-on.")).to_be_visible()
    link = stage.link("post@duneradio.example", "/reported/")
    serves_everybody(windows.open(), link, "reported")


def test_a_message_is_written_looked_at_and_followed(
    stage: Stage, windows: Windows, page: Page
) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/messages")
    page.get_by_role("link", name="Write a message").click()
    page.get_by_role("button", name="Save and look at it").click()
    page.get_by_role("link", name="Give a subject.").click()
    expect(page.locator("#subject")).to_be_focused()
    axe(page)
    page.fill("#subject", "We deliver on Monday")
    page.fill("#body", "Dear friends,\n\nread the [minutes](https://example.org/minutes).")
    page.get_by_label("All who have confirmed").check()
    page.get_by_role("button", name="Save and look at it").click()
    expect(page.get_by_role("link", name="minutes")).to_be_visible()
    serves_everybody(page, page.url, "desk-message")
    page.get_by_role("button", name=re.compile(r"Send it to \d+ people")).click()
    expect(page.get_by_text("All its mails have left.")).to_be_visible(timeout=30_000)
    serves_everybody(page, page.url, "desk-message-sent")
    page.goto(f"{stage.url}{DESK}/messages")
    pictures(page, "desk-messages-one")
    axe(page)

    theirs = windows.open(javascript=False)
    theirs.goto(stage.link("moe@coastalpress.example", "/unsubscribe/"))
    pictures(theirs, "unsubscribe")
    theirs.get_by_role("button", name="Send me no more messages").click()
    expect(theirs.get_by_role("heading", name="No more messages")).to_be_visible()
