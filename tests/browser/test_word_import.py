"""A letter is brought in from Word in a real browser."""

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.stage import Stage
from tests.documents.word_files import change, p, picture, r, table, text_box, word_file
from tests.harness.browser import NARROW, Windows, axe, pictures

DRAFT = word_file(
    p("Keep the archive of Ardal open", style="Title")
    + p("Dear Ms Varga,")
    + p("We ask you to ", change("ins", r("keep")), " the archive ", r("open", "<w:b/>"), ".")
    + p("Thank you.", '<w:r><w:commentReference w:id="1"/></w:r>', picture("The reading room"))
    + p("It matters.", text_box(p("One in three readers comes from abroad.")))
    + table([p("Year"), p("Readers")], [p("2025"), p("12,400") + p("(estimated)")]),
    comments=f'<w:comment w:id="1" w:author="Anna">{p("Is this too soft?")}</w:comment>',
)
FILE: FilePayload = {
    "name": "Archive.docx",
    "mimeType": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "buffer": DRAFT,
}


def bring_in(stage: Stage, page: Page, file: FilePayload, slug: str) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}/desk/letters")
    page.get_by_role("link", name="Bring in a letter").click()
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("Web address").fill(slug)
    page.get_by_role("button", name="Bring it in").click()


def test_what_could_not_be_kept_is_seen_at_once(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    bring_in(stage, page, FILE, "archive")
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep the archive of Ardal open")
    expect(page.locator(".losses li")).to_have_count(6)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    pictures(page, "desk-import-report")
    page.set_viewport_size(NARROW)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.get_by_role("link", name="To the letter").click()
    expect(page.get_by_text("Draft", exact=True).first).to_be_visible()


def test_a_wrong_file_is_said_at_its_field(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    wrong: FilePayload = {**FILE, "buffer": b"no Word file"}
    bring_in(stage, page, wrong, "wrong")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("#file-error")).to_contain_text("This is not a Word file")
    expect(page.get_by_label("Web address")).to_have_value("wrong")
    axe(page)
    pictures(page, "desk-import-refused")


def test_a_letter_is_brought_in_without_script(stage: Stage, windows: Windows) -> None:
    page = windows.open(javascript=False)
    bring_in(stage, page, FILE, "archive-without-script")
    expect(page.locator(".losses li")).to_have_count(6)


def test_the_button_says_that_the_file_is_being_read(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}/desk/letters/import")
    page.get_by_label("File", exact=True).set_input_files(FILE)
    # The answer is still to come: the browser stays on this page.
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("button", name="Reading the file …")).to_be_visible()
    assert page.locator("form[data-importing]").get_attribute("aria-busy") == "true"
