"""A letter is written in a real browser, with script and without."""

from playwright.sync_api import Dialog, FilePayload, Page, expect

from tests.browser.stage import DESK, Stage
from tests.harness.browser import NARROW, Windows, axe, pictures, serves_everybody
from tests.world import logo

TEXT = f"{DESK}/text"
NEW = "/desk/letters/new"
LOGO: FilePayload = {"name": "logo.png", "mimeType": "image/png", "buffer": logo()["logo"][1]}


def begin(page: Page, title: str) -> None:
    page.get_by_label("Language", exact=True).select_option("en")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill("We ask for *everything*.")


def test_pages_for_writing_serve_everybody(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    stage.sign_in(page)
    for name, address in {
        "desk-new": NEW,
        "desk-text": TEXT,
        "desk-translation": f"{TEXT}?lang=ar",
        "desk-settings": f"{DESK}/settings",
    }.items():
        page.set_viewport_size({"width": 1280, "height": 900})
        serves_everybody(page, stage.url + address, name)


def test_the_preview_follows_the_typing_and_keeps_its_place(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(stage.url + TEXT)
    preview = page.locator(".preview")
    preview.evaluate("(element) => element.scrollTo(0, 120)")
    page.get_by_label("Salutation").fill("Dear Chair of the Council,")
    expect(preview.locator(".salutation")).to_have_text("Dear Chair of the Council,")
    assert preview.evaluate("(element) => element.scrollTop") == 120
    expect(page.get_by_label("Salutation")).to_be_focused()


def test_whoever_leaves_with_something_unsaved_is_warned(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(stage.url + TEXT)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("Salutation").press_sequentially("Dear all,")
    with page.expect_event("dialog"):
        page.evaluate("location.href = '/desk/letters'")
    assert asked == ["beforeunload"]
    assert page.url == stage.url + TEXT
    page.get_by_role("button", name="Save …").click()
    expect(page.get_by_role("heading", name="Publish version")).to_be_visible()
    axe(page)
    pictures(page, "desk-publication")
    page.set_viewport_size(NARROW)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert asked == ["beforeunload"]


def test_an_error_is_marked_no_longer_once_its_field_is_edited(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(stage.url + NEW)
    page.get_by_role("button", name="Begin the letter").click()
    title, text = page.get_by_label("Title"), page.get_by_label("Text", exact=True)
    expect(title).to_have_attribute("aria-invalid", "true")
    expect(text).to_have_attribute("aria-invalid", "true")
    title.fill("Open the archive")
    expect(title).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#title-error")).to_have_count(0)
    expect(text).to_have_attribute("aria-invalid", "true")
    summary = page.locator("[data-error-summary]")
    expect(summary.locator("a[href='#title']")).to_have_count(0)
    axe(page)
    text.fill("We ask for everything.")
    page.get_by_label("Language", exact=True).select_option("en")
    expect(summary).to_have_count(0)
    axe(page)


def test_rows_and_logos_come_without_losing_what_is_typed(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(stage.url + NEW)
    begin(page, "Open the archive")
    page.get_by_label("Organisation 1").fill("House of Records")
    page.locator("#lead_file_1").set_input_files(LOGO)
    expect(page.locator(".preview .letterhead img")).to_be_visible()
    expect(page.get_by_alt_text("The logo as it is kept")).to_be_visible()
    page.get_by_role("button", name="One more organisation").click()
    expect(page.get_by_label("Organisation 2")).to_be_focused()
    page.keyboard.type("Union of Readers")
    expect(page.locator(".preview .letterhead li")).to_have_count(2)
    expect(page.get_by_label("Text", exact=True)).to_have_value("We ask for *everything*.")
    axe(page)
    page.get_by_role("button", name="Begin the letter").click()
    expect(page.get_by_role("status").first).to_have_text("Saved as version 1.")
    expect(page.locator(".preview .letterhead img")).to_be_visible()


def test_signed_out_meanwhile_nothing_is_lost(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(stage.url + NEW)
    begin(page, "Open the books")
    page.context.clear_cookies()
    page.get_by_role("button", name="Begin the letter").click()
    expect(page.get_by_role("alert")).to_contain_text("You have been signed out.")
    expect(page.get_by_label("Title")).to_have_value("Open the books")
    other = page.context.new_page()
    stage.sign_in(other)
    page.get_by_role("button", name="Begin the letter").click()
    expect(page.get_by_role("status").first).to_have_text("Saved as version 1.")


def test_two_editors_meet(stage: Stage, windows: Windows) -> None:
    one, other = windows.open(), windows.open()
    stage.sign_in(one)
    one.goto(stage.url + NEW)
    begin(one, "Open the minutes")
    one.get_by_role("button", name="Begin the letter").click()
    expect(one.get_by_role("status").first).to_have_text("Saved as version 1.")
    stage.sign_in(other)
    for page, closing in ((one, "In hope,"), (other, "In haste,")):
        page.goto(f"{stage.url}/desk/letters/open-the-minutes/text")
        page.get_by_label("Closing").fill(closing)
    one.get_by_role("button", name="Save").click()
    expect(one.get_by_role("status").first).to_have_text("Saved as version 2.")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("alert").first).to_contain_text("Somebody else has saved this text")
    for opened in other.locator("#conflict summary").all()[:2]:
        opened.click()
    axe(other)
    pictures(other, "desk-conflict")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_role("status").first).to_have_text("Saved as version 3.")


def test_without_script_the_preview_has_a_button(stage: Stage, windows: Windows) -> None:
    page = windows.open(javascript=False)
    stage.sign_in(page)
    page.goto(stage.url + NEW)
    begin(page, "Open the vault")
    page.locator("#lead_file_1").set_input_files(LOGO)
    page.get_by_label("Organisation 1").fill("House of Records")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview em")).to_have_text("everything")
    expect(page.locator(".preview .letterhead img")).to_be_visible()
    page.get_by_role("button", name="One more addressee").click()
    page.get_by_label("Addressee 2").fill("The Ombudsman")
    page.get_by_role("button", name="Begin the letter").click()
    expect(page.get_by_role("status").first).to_have_text("Saved as version 1.")
    expect(page.locator(".preview .addressee")).to_have_text("The Ombudsman")
