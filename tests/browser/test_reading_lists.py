"""The public list as it is read: found with the keyboard, without script, without a jolt."""

import re
from io import BytesIO
from queue import Queue

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.browser.stage import LETTER, Approve, Stage, fill
from tests.harness.browser import NARROW, Windows, axe, pictures, serves_everybody

LIST = f"{LETTER}/signatories"
PAGES = {
    "narrowed": f"{LIST}?q=radio&country=CH&kind=organisation",
    "nobody-narrowed": f"{LIST}?q=zzz&country=FR&kind=individual",
    "narrowed-ar": f"{LIST}?q=radio&lang=ar",
    "logos": f"{LIST}?layout=logos",
    "logos-ar": f"{LIST}?layout=logos&lang=ar",
}
# How far things have moved by themselves since.
JOLTS = """(since) => new Promise((seen) => {
  new PerformanceObserver((list) => {
    seen(list.getEntries().filter(({ startTime }) => startTime > since).map(({ value }) => value));
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(seen, 300, []);
})"""


@pytest.mark.parametrize("name", PAGES)
def test_each_form_of_the_list_is_accessible_and_fits_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    serves_everybody(windows.open(), stage.url + PAGES[name], f"list-{name}")


def test_a_name_is_found_with_the_keyboard_and_its_line_has_an_address(
    stage: Stage, page: Page
) -> None:
    page.goto(stage.url + LIST)
    page.get_by_label("Find a name").focus()
    page.keyboard.type("adalet")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    lines = page.locator("[data-id]")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text("Ədalət Hüquq Mərkəzi")
    anchor = page.get_by_role("link", name="Link to this line Ədalət Hüquq Mərkəzi")
    expect(anchor).to_have_css("opacity", "0")
    page.get_by_role("link", name="Ədalət Hüquq Mərkəzi", exact=True).focus()
    for _step in range(2):
        page.keyboard.press("Tab")
    expect(anchor).to_be_focused()
    expect(anchor).to_have_css("opacity", "1")
    box = anchor.bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 24
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert re.search(r"/signatories\?at=(\w+)#s-\1$", page.url)
    expect(lines).to_have_count(10)
    marked = page.locator("[data-id]:target")
    expect(marked).to_contain_text("Ədalət Hüquq Mərkəzi")
    expect(marked).to_have_css("outline-style", "solid")
    expect(marked).to_be_in_viewport()


def test_the_list_is_narrowed_on_a_phone_without_script(stage: Stage, windows: Windows) -> None:
    phone = windows.open(javascript=False, viewport=NARROW)
    phone.goto(stage.url + LIST)
    phone.get_by_label("Country").select_option("NO")
    phone.get_by_role("button", name="Search").click()
    expect(phone.locator("[data-id]")).to_have_count(3)
    # What was found is seen at once, and not below all that stands above the list.
    expect(phone.locator("[data-id]").first).to_be_in_viewport(ratio=1)
    phone.get_by_label("Kind of signatory").select_option("individual")
    phone.get_by_role("button", name="Search").click()
    expect(phone.locator("[data-id]")).to_have_count(1)
    phone.get_by_label("Find a name").fill("zzz")
    phone.get_by_role("button", name="Search").click()
    expect(phone.get_by_text("No signatory matches all of this:")).to_be_visible()
    phone.get_by_role("link", name="Search in all countries").click()
    phone.get_by_role("link", name="Show the whole list").click()
    expect(phone.locator("[data-id]")).to_have_count(10)


def test_logos_that_come_late_move_nothing(
    stage: Stage, windows: Windows, approve: Approve
) -> None:
    sign_with_logo(stage, windows.open())
    approve("Browser Watch")
    page = windows.open()
    listed = page.request.get(f"{stage.url}{LIST}.json").json()["signatories"]
    address = next(line["logo"] for line in listed if line["logo"])
    held: Queue[Route] = Queue()

    def hold(route: Route) -> None:
        held.put(route)

    page.route(address, hold)
    for path in (LETTER, LIST, f"{LIST}?layout=logos"):
        page.goto(stage.url + path)
        logo = page.locator("[data-live] img")
        logo.scroll_into_view_if_needed()
        expect(logo).to_have_js_property("naturalWidth", 0)
        before = page.evaluate("performance.now()")
        while held.empty():
            page.wait_for_timeout(20)
        held.get().continue_()
        expect(logo).to_have_js_property("naturalWidth", 640)
        assert page.evaluate(JOLTS, before) == [], path
        box = logo.bounding_box()
        assert box
        assert box["height"] == (80 if "logos" in path else 36)
    axe(page)
    pictures(page, "list-logos-with-one")
    expect(page.get_by_role("img", name="Browser Watch")).to_be_visible()
    page.get_by_role("link", name="Names", exact=True).click()
    expect(page.get_by_role("link", name="Logos", exact=True)).to_be_visible()


def sign_with_logo(stage: Stage, page: Page) -> None:
    file = BytesIO()
    Image.new("RGB", (640, 160), (20, 90, 160)).save(file, "PNG")
    page.goto(stage.url + LETTER)
    fill(page)
    page.set_input_files(
        "#logo", {"name": "logo.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    page.goto(stage.link("berit@browserwatch.example", "/confirm/"))
    page.get_by_role("button", name="Sign this letter").click()
