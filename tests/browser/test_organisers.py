"""The desk in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import DESK, LETTER, Stage
from tests.documents.word_files import p, text_box, word_file
from tests.harness.browser import NARROW, Windows, axe, pictures, serves_everybody

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
    "desk-settings": f"{DESK}/settings",
    "desk-team": f"{DESK}/team",
    "desk-history": f"{DESK}/audit",
    "desk-figures": f"{DESK}/figures",
    "desk-versions": f"{DESK}/versions",
    "desk-export": f"{DESK}/export",
    "desk-webhooks": f"{DESK}/webhooks",
    "desk-messages": f"{DESK}/messages",
    "desk-reported": f"{DESK}/reported",
    "desk-closing": f"{DESK}/closing",
    "desk-clear": f"{DESK}/endorsements?only=unopposed",
    "desk-account": "/desk/account",
    "desk-tokens": "/desk/tokens",
    "desk-documents": f"{DESK}/documents",
}


@pytest.mark.parametrize("name", PAGES)
def test_desk_pages_are_accessible_and_fit_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    page = windows.open()
    stage.sign_in(page)
    serves_everybody(page, stage.url + PAGES[name], name)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_letters_pages_are_one_menu_away_on_a_phone(
    stage: Stage, windows: Windows, javascript: bool
) -> None:
    page = windows.open(javascript=javascript, viewport=NARROW)
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/weeding")
    navigation = page.get_by_role("navigation", name="This letter")
    expect(navigation.get_by_role("link", name="History")).to_be_hidden()
    menu = navigation.locator("summary")
    expect(menu).to_have_text("Publish Names to check")
    menu.focus()
    page.keyboard.press("Enter")
    here = navigation.get_by_role("link", name="Names to check")
    expect(here).to_have_attribute("aria-current", "page")
    if javascript:
        axe(page)
    navigation.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History")


def test_a_letters_pages_stand_beside_the_page_where_there_is_room(
    stage: Stage, page: Page
) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/figures")
    navigation = page.get_by_role("navigation", name="This letter")
    expect(navigation.locator("summary")).to_be_hidden()
    navigation.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    axe(page)


def test_the_public_address_is_copied(stage: Stage, windows: Windows) -> None:
    page = windows.open(permissions=["clipboard-read", "clipboard-write"])
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{stage.url}{LETTER}"


def test_deadlines_are_offered_by_the_clocks_of_ones_own_place(
    stage: Stage, windows: Windows
) -> None:
    stage.command("letter", "import", str(without_deadline(stage)), "--slug", "no-deadline")
    page = windows.open(timezone_id="Asia/Tbilisi")
    stage.sign_in(page)
    page.goto(f"{stage.url}/desk/letters/no-deadline/settings")
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tbilisi")


def without_deadline(stage: Stage) -> Path:
    file = stage.server.data_dir / "no-deadline.md"
    file.write_text("---\nlanguage: en\ntitle: No deadline\n---\n\nWe ask you to wait.\n")
    return file


def entry(page: Page, name: str) -> Locator:
    return page.locator("li.entry").filter(has=page.get_by_role("heading", name=name))


def test_the_queue_is_worked_with_the_keyboard(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    names = page.locator("li.entry h3").all_inner_texts()
    page.locator("li.entry").first.focus()
    page.keyboard.press("j")
    expect(page.locator("li.entry").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("?")
    expect(page.get_by_text("undo the last decision")).to_have_count(0)
    expect(page.get_by_text("choose, to approve several together")).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("a")
    expect(page.get_by_text(f"Approved: “{names[0]}”.")).to_be_visible()
    # Whoever stood next is next, without a key pressed.
    expect(entry(page, names[1])).to_be_focused()
    axe(page)
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.get_by_text(f"Taken back: “{names[0]}”")).to_be_visible()
    entry(page, names[0]).focus()
    page.keyboard.press("d")
    expect(page.get_by_label("Reason").first).to_be_focused()
    page.keyboard.type("janda")
    expect(page.get_by_label("Reason").first).to_have_value("janda")


def test_a_signer_is_asked_and_answers_with_the_keyboard(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    entry(page, "Citizens for Radio").focus()
    with page.expect_navigation():
        page.keyboard.press("q")
    axe(page)
    page.get_by_label("Question").focus()
    page.keyboard.type("Who chairs your board?")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    asked = entry(page, "Citizens for Radio")
    expect(asked.get_by_text("Question asked")).to_be_visible()
    page.goto(stage.link("citizensforradio@gmail.com", "/manage/"))
    axe(page)
    pictures(page, "manage-question")
    page.get_by_label("Your answer").fill("Aoife does.")
    page.get_by_role("button", name="Send the answer").click()
    page.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    first = page.locator("li.entry").first
    expect(first.get_by_text("Question answered")).to_be_visible()
    expect(first.get_by_text("Aoife does.")).to_be_visible()
    axe(page)
    pictures(page, "desk-queue-answered")


def test_a_line_is_edited_with_the_keyboard(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    entry(page, "Zofia Wrona").focus()
    with page.expect_navigation():
        page.keyboard.press("e")
    axe(page)
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save the line").click()
    expect(page.get_by_role("link", name="Enter the name as it should be listed.")).to_be_visible()
    axe(page)
    pictures(page, "desk-line")
    page.get_by_label("Name", exact=True).fill("Zofia J. Wrona")
    page.get_by_role("button", name="Save the line").click()
    expect(entry(page, "Zofia J. Wrona")).to_be_visible()


def test_several_are_approved_together(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    page.get_by_role("button", name="Approve the chosen ones").click()
    expect(page.get_by_text("Nothing is ticked yet.")).to_be_visible()
    expect(page.locator("li.entry input[name=id]").first).to_be_focused()
    axe(page)
    page.get_by_label("All on this page").check()
    expect(page.get_by_text("Nothing is ticked yet.")).to_be_hidden()
    number = page.locator("li.entry input[name=id]:checked").count()
    assert number == page.locator("li.entry").count()
    entry(page, "The Coastal Press Union").focus()
    page.keyboard.press("x")
    expect(page.get_by_label("All on this page")).not_to_be_checked()
    page.get_by_role("button", name="Approve the chosen ones").click()
    expect(page.get_by_role("heading", name=f"Approve {number - 1} signature")).to_be_visible()
    expect(page.get_by_text("The Coastal Press Union")).to_have_count(0)
    axe(page)
    pictures(page, "desk-approvals")
    with page.expect_navigation():
        page.get_by_role("button", name="Approve those ticked").click()
    expect(page.locator("li.entry h3")).to_have_text(["The Coastal Press Union"])


def test_the_queue_needs_no_script(stage: Stage, windows: Windows) -> None:
    page = windows.open(javascript=False)
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    expect(page.get_by_text("Keys", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Approve the chosen ones").click()
    expect(page.get_by_text("Choose the signatures that you want to approve.")).to_be_visible()
    page.get_by_label("All on this page (1)").check()
    page.get_by_role("button", name="Approve the chosen ones").click()
    expect(page.get_by_role("heading", name="Approve 1 signature?")).to_be_visible()
    page.get_by_role("link", name="Back to the queue").click()
    page.get_by_role("button", name="Approve The Coastal Press Union").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back: “The Coastal Press Union”")).to_be_visible()


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
