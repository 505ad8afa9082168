"""What visitors and signers meet in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import DESK, LETTER, Stage, fill
from tests.harness.browser import NARROW, Windows, axe, pictures, serves_everybody

PUBLIC = {
    "home": "/",
    "letter": LETTER,
    "check-your-inbox": f"{LETTER}/check-your-inbox",
    "signatories": f"{LETTER}/signatories",
    "nobody-found": f"{LETTER}/signatories?q=zzz",
    "privacy": "/privacy",
    "embed": f"{LETTER}/embed",
    "embed-logos": f"{LETTER}/embed?layout=logos&theme=dark",
    "embed-demo": f"{LETTER}/embed/demo",
    "proof": f"{LETTER}/letter.html",
    "mailbox": "/mailbox",
    "not-found": "/nowhere",
    "unknown-link": "/confirm/nonsense",
    "sign-in": "/desk/sign-in",
}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_pages_are_accessible_and_fit_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    serves_everybody(windows.open(), stage.url + PUBLIC[name], name)


@pytest.mark.parametrize("javascript", [True, False])
def test_somebody_signs_on_a_phone_and_is_listed(
    stage: Stage, windows: Windows, javascript: bool
) -> None:
    address = f"berit{javascript}@browserwatch.example"
    name = f"Browser Watch {javascript}"
    phone = windows.open(javascript=javascript, viewport=NARROW)
    phone.goto(stage.url + LETTER)
    fill(phone)
    phone.fill("#organisation", name)
    phone.fill("#email", address)
    phone.get_by_role("button", name="Sign", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check your inbox")

    phone.goto(stage.link(address, "/confirm/"))
    button = phone.get_by_role("button", name="Sign this letter")
    box = button.bounding_box()
    assert box
    assert box["y"] + box["height"] <= NARROW["height"], "the button is below the fold"
    if javascript:
        axe(phone)
        pictures(phone, "confirm")
    button.click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your signature is confirmed")

    phone.goto(stage.link(address, "/manage/"))
    if javascript:
        axe(phone)
        pictures(phone, "manage")
    expect(phone.locator(".signature .name")).to_contain_text(name)


def test_an_empty_form_says_what_is_missing_and_keeps_what_was_typed(
    stage: Stage, windows: Windows
) -> None:
    page = windows.open()
    page.goto(stage.url + LETTER)
    page.fill("#name", "Berit Vik")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    for field in ("organisation", "country", "email", "authority"):
        expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#name")).to_have_value("Berit Vik")
    axe(page)
    pictures(page, "errors")


def test_the_form_is_sent_with_the_keyboard_alone(stage: Stage, page: Page) -> None:
    page.goto(stage.url + LETTER)
    page.locator("#kind").focus()
    page.keyboard.press("ArrowDown")  # an individual
    expect(page.get_by_label("An individual, for themselves")).to_be_checked()
    typed = {"name": "Kai Board", "email": "kai@keyboard.example"}
    for _step in range(30):
        focused = page.evaluate("document.activeElement.name || document.activeElement.type")
        if focused in typed:
            page.keyboard.type(typed.pop(focused))
        if focused == "submit" and not typed:
            page.keyboard.press("Enter")
            break
        page.keyboard.press("Tab")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your inbox")


def test_an_open_list_grows_while_one_watches(stage: Stage, windows: Windows) -> None:
    watching, desk = windows.open(), windows.open()
    watching.goto(stage.url + LETTER)
    entry = watching.locator("#signatories .name").get_by_text("Open Microphone Foundation")
    expect(entry).to_have_count(0)
    stage.sign_in(desk)
    desk.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    desk.get_by_role("button", name="Approve Open Microphone Foundation").click()
    expect(entry).to_be_visible()
    expect(watching.locator("[data-announcement]")).not_to_be_empty()


def test_the_embed_fits_280_pixels_and_sets_nothing(stage: Stage, windows: Windows) -> None:
    page = windows.open(viewport={"width": 280, "height": 480})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{stage.url}{LETTER}/embed")
    assert page.evaluate("document.documentElement.scrollWidth") <= 280
    assert page.context.cookies() == []
    assert all(url.startswith(stage.url) for url in asked), asked
