"""Two entries of the address book that are one organisation's, in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage
from tests.harness.browser import Windows, serves_everybody

BOOK = "/desk/organisations"
LINE = "The International Commission of Jurists (ICJ)"
DOUBLE = "Intl. Commission of Jurists"


def add(stage: Stage, page: Page, name: str) -> str:
    """Enters an organisation into the book; answers the address of its page."""
    page.goto(f"{stage.url}{BOOK}/new")
    page.get_by_label("Name", exact=True).fill(name)
    with page.expect_navigation():
        page.get_by_label("Name", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def delete(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_text("Delete this entry").press("Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Delete for good").press("Enter")


def reached(page: Page, wanted: Locator) -> None:
    """Goes there by the Tab key alone, from the top of the page."""
    page.locator("body").press("Tab")
    for _step in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {wanted}")


def in_book(stage: Stage, page: Page) -> list[str]:
    page.goto(f"{stage.url}{BOOK}?q=jurists")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page.get_by_role("link", name="Jurists").all_inner_texts()


@pytest.mark.parametrize("javascript", [True, False])
def test_two_entries_are_merged_and_taken_apart_with_the_keyboard_alone(
    stage: Stage, windows: Windows, javascript: bool
) -> None:
    page = windows.open(javascript=javascript)
    stage.sign_in(page)
    line, double = add(stage, page, LINE), add(stage, page, DOUBLE)
    page.goto(line)
    perhaps = page.get_by_role("region", name="Perhaps the same")
    merge = perhaps.get_by_role("button", name=f"Merge {DOUBLE} into this entry")
    expect(merge).to_be_visible()
    if javascript:
        serves_everybody(
            windows.open(storage_state=page.context.storage_state()), line, "desk-book-merge"
        )
    reached(page, merge)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    undo = perhaps.get_by_role("button", name=f"Undo the merge of {DOUBLE}")
    expect(undo).to_be_visible()
    expect(merge).to_have_count(0)
    if javascript:
        serves_everybody(
            windows.open(storage_state=page.context.storage_state()), line, "desk-book-merged"
        )
    assert in_book(stage, page) == [LINE]
    page.goto(double)
    expect(page.get_by_role("heading", level=1)).to_have_text("Not found")

    page.goto(line)
    reached(page, undo)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(merge).to_be_visible()
    assert sorted(in_book(stage, page)) == sorted([LINE, DOUBLE])
    for entry in (line, double):
        delete(page, entry)


def test_whoever_comes_too_late_to_a_merge_is_told(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    stage.sign_in(page)
    line, double = add(stage, page, LINE), add(stage, page, DOUBLE)
    page.goto(line)
    late = page.context.new_page()
    late.goto(double)
    page.get_by_role("button", name=f"Merge {DOUBLE} into this entry").click()
    expect(page.get_by_role("button", name=f"Undo the merge of {DOUBLE}")).to_be_visible()
    late.get_by_role("button", name=f"Merge {LINE} into this entry").click()
    expect(late.get_by_role("heading", level=1)).to_have_text("Not found")
    expect(late.get_by_text("Merged into this entry")).to_have_count(0)
    assert in_book(stage, page) == [LINE]
