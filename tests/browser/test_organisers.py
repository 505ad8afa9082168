"""The desk in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import DESK, LETTER, Stage
from tests.documents.word_files import p, text_box, word_file
from tests.harness.browser import Windows, axe, pictures, serves_everybody

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGES = {
    "desk": "/desk/letters",
    "desk-import": "/desk/letters/import",
    "desk-letter": DESK,
    "desk-queue": f"{DESK}/endorsements?status=verified",
    "desk-corrections": f"{DESK}/endorsements?status=correction",
    "desk-approved": f"{DESK}/endorsements?status=approved",
    "desk-pending": f"{DESK}/endorsements?status=pending",
    "desk-declined": f"{DESK}/endorsements?status=declined",
    "desk-nobody": f"{DESK}/endorsements?status=expired",
    "desk-order": f"{DESK}/order",
    "desk-weeding": f"{DESK}/weeding",
    "desk-sorting": f"{DESK}/sorting",
    "desk-documents": f"{DESK}/documents",
}


@pytest.mark.parametrize("name", PAGES)
def test_desk_pages_are_accessible_and_fit_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    page = windows.open()
    stage.sign_in(page)
    serves_everybody(page, stage.url + PAGES[name], name)


def test_the_queue_is_worked_with_the_keyboard(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    first = page.locator("li.entry").first.locator("h3").inner_text()
    page.locator("li.entry").first.focus()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name=f"Approve {first}")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(f"{stage.url}{LETTER}/signatories")
    expect(page.get_by_text(first)).to_be_visible()


def test_the_list_is_ordered_by_hand(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/order")
    names = page.locator("ol.order bdi").all_inner_texts()
    page.get_by_role("button", name=f"Move {names[1]} up").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Save the order").click()
    page.goto(f"{stage.url}{LETTER}/signatories")
    listed = page.locator("ol.signatories .name").all_inner_texts()
    assert listed[:2] == [names[1], names[0]]


def test_the_list_is_ordered_without_script(stage: Stage, windows: Windows) -> None:
    page = windows.open(javascript=False)
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/order")
    names = page.locator("ol.order bdi").all_inner_texts()
    places = page.locator("ol.order input[type=number]")
    places.nth(0).fill("3")
    places.nth(2).fill("1")
    with page.expect_navigation():
        page.get_by_role("button", name="Save the order").click()
    assert page.locator("ol.order bdi").all_inner_texts()[:3] == [names[2], names[1], names[0]]


def test_documents_are_made_while_one_looks_on(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/documents")
    with page.expect_navigation():
        page.get_by_role("button", name="Make all documents now").click()
    expect(page.locator('[data-state="ready"]')).to_have_count(3, timeout=20_000)
    expect(page.get_by_text("Ready (")).to_have_count(3)
    axe(page)


def test_a_word_file_is_brought_in(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.get_by_role("link", name="Bring in a letter").click()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("link", name="Choose a file.")).to_be_visible()
    axe(page)
    body = p("Free the archive", style="Title") + p("We ask you to open it.", text_box(p("Aside")))
    page.set_input_files(
        "#file", {"name": "draft.docx", "mimeType": WORD, "buffer": word_file(body)}
    )
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("heading", name="Look at these")).to_be_visible()
    expect(page.locator(".letter").get_by_text("We ask you to open it.")).to_be_visible()
    expect(page.locator(".losses li").filter(has_text="Aside")).to_be_visible()
    axe(page)
    pictures(page, "desk-imported")
