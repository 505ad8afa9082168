"""What signers do with mailed links, in a real browser."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import DESK, LETTER, Stage, fill
from tests.harness.browser import NARROW, WIDE, Windows, axe
from tests.world import at_once

LOW = {"width": 1280, "height": 720}
ENLARGED = {"width": 320, "height": 256}  # what 1280 × 1024 hold at 400 %
LANGUAGES = ("en", "fr", "es", "ru", "ar", "az")
# What programs and partner sites read of a list.
LISTS = ("", "/signatories", "/signatories.json", "/signatories.csv", "/signatories.atom", "/embed")
LISTEN = """() => {
  window.counts = [];
  const heard = (event) => window.counts.push(JSON.parse(event.data).count);
  new EventSource(location.pathname + "/live").addEventListener("signatories", heard);
}"""


def sign(stage: Stage, page: Page, name: str, address: str, language: str = "en") -> str:
    """Fills in and sends the form; answers the mailed link to confirm."""
    page.goto(f"{stage.url}{LETTER}?lang={language}")
    fill(page)
    page.fill("#organisation", name)
    page.fill("#email", address)
    page.locator("[data-sign] button.large, [data-sign] button.button").last.click()
    page.wait_for_url("**/check-your-inbox*")
    return stage.link(address, "/confirm/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_button_stands_above_the_fold(stage: Stage, windows: Windows, language: str) -> None:
    """In every language, on a phone and on a low screen, with a long name, and so does what says
    who will see that name."""
    name = (
        "International Federation of Associations for the Freedom of Broadcasting and the "
        f"Protection of Journalists in Exile {language}"
    )
    page = windows.open(viewport=NARROW)
    page.goto(sign(stage, page, name, f"fold-{language}@browserwatch.example", language))
    assert page.locator("html").get_attribute("lang") == language
    for viewport in (NARROW, LOW):
        page.set_viewport_size(viewport)
        button = page.locator(".ballot button")
        box = button.bounding_box()
        assert box
        assert box["y"] + box["height"] <= viewport["height"], viewport
        assert box["height"] >= 44
        seen_by = page.locator(".ballot .seen-by").bounding_box()
        assert seen_by
        assert seen_by["y"] + seen_by["height"] <= box["y"], "who sees the name is below the button"
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.set_viewport_size(ENLARGED)
    covered = page.locator(".ballot :is(.addressed, .seen-by, .name)").evaluate_all(
        """parts => parts.filter(part => {
          part.scrollIntoView({ block: "end" });
          const { left, bottom } = part.getBoundingClientRect();
          return !part.contains(document.elementFromPoint(left + 5, bottom - 5));
        }).length"""
    )
    assert covered == 0
    page.set_viewport_size(NARROW)
    ballot = page.locator(".ballot")
    for said in ("Ms Ilse Varga", name, "SHA-256"):
        expect(ballot).to_contain_text(said)
    axe(page)


def test_signing_confirming_and_withdrawing_by_keyboard_without_scripts(
    stage: Stage, windows: Windows
) -> None:
    """On 320 pixels; beside it axe looks at each page that came."""
    phone = windows.open(javascript=False, viewport=NARROW)
    looking = windows.open(viewport=NARROW)

    def look(address: str) -> None:
        for scheme in ("light", "dark"):
            looking.emulate_media(color_scheme=scheme)
            looking.goto(address)
            axe(looking)
            assert looking.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    address = "keys@browserwatch.example"
    phone.goto(f"{stage.url}{LETTER}")
    for field, typed in (
        ("#organisation", "Keyboard Watch"),
        ("#country", "Norway"),
        ("#name", "Kari Tast"),
        ("#email", address),
    ):
        reach(phone, field)
        phone.keyboard.type(typed)
    reach(phone, "#authority")
    phone.keyboard.press("Space")
    reach(phone, "button")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    look(phone.url)

    link = stage.link(address, "/confirm/")
    look(link)
    phone.goto(link)
    reach(phone, ".ballot button")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your signature is confirmed")
    look(link)

    manage = stage.link(address, "/manage/")
    look(manage)
    phone.goto(manage)
    reach(phone, "summary >> text=Correct your details")
    phone.keyboard.press("Enter")
    reach(phone, "#role")
    phone.keyboard.type("Chair")
    reach(phone, "form[action$='/correction'] button")
    phone.keyboard.press("Enter")
    expect(phone.locator(".facts")).to_contain_text("Chair")
    reach(phone, "a[href$='/receipt']")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Receipt of a signature")
    look(f"{manage}/receipt")
    phone.goto(manage)
    reach(phone, "summary >> text=Withdraw your signature")
    phone.keyboard.press("Enter")
    reach(phone, "form[action$='/withdrawal'] button")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Your signature is withdrawn")
    look(manage)


def test_a_withdrawal_takes_the_line_off_everything_whatever_an_organiser_does(
    stage: Stage, windows: Windows
) -> None:
    name, address = "Ferry Line Observatory", "ferry@browserwatch.example"
    signer, desk = windows.open(), windows.open()
    signer.goto(sign(stage, signer, name, address))
    signer.locator(".ballot button").click()
    manage = stage.link(address, "/manage/")
    stage.sign_in(desk)
    desk.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    desk.get_by_role("button", name=f"Approve {name}").click()

    watching, embedded = windows.open(viewport=WIDE), windows.open()
    watching.goto(stage.url + LETTER)
    embedded.goto(f"{stage.url}{LETTER}/embed")
    on_page = watching.locator("#signatories .name").get_by_text(name)
    in_embed = embedded.locator("body").get_by_text(name)
    expect(on_page).to_be_visible()
    expect(in_embed).to_be_visible()
    for path in LISTS:
        assert name in httpx.get(f"{stage.url}{LETTER}{path}").text, path
    before = httpx.get(f"{stage.url}{LETTER}/signatories.json").json()["count"]["total"]
    watching.evaluate(LISTEN)
    watching.wait_for_function("window.counts.length > 0")

    withdrawal, decline = lambda: httpx.post(f"{manage}/withdrawal"), declining(stage, desk, name)
    withdrawn, _decided = at_once(withdrawal, decline)
    assert withdrawn.status_code == 303

    expect(on_page).to_have_count(0)
    expect(in_embed).to_have_count(0)
    watching.wait_for_function(f"window.counts.at(-1) === {before - 1}")
    for path in LISTS:
        assert name not in httpx.get(f"{stage.url}{LETTER}{path}").text, path
    signer.goto(manage)
    expect(signer.get_by_role("heading", level=1)).to_have_text("Your signature is withdrawn")
    # Nor does what an organiser does later bring it back.
    late = decline()
    assert late.status_code in (303, 409)
    signer.reload()
    expect(signer.get_by_role("heading", level=1)).to_have_text("Your signature is withdrawn")


def declining(stage: Stage, desk: Page, name: str) -> Callable[[], httpx.Response]:
    """What sends the organiser's form that declines the listed line."""
    desk.goto(f"{stage.url}{DESK}/endorsements?status=approved")
    entry = desk.locator(".entry", has=desk.get_by_role("heading", name=name))
    key = re.sub(r"^e-", "", entry.get_attribute("id") or "")
    csrf = desk.locator("input[name=csrf]").first.get_attribute("value") or ""
    cookies = {one["name"]: one["value"] for one in desk.context.cookies()}
    fields = {"csrf": csrf, "reason": "The form was not theirs."}
    path = f"{stage.url}{DESK}/endorsements/{key}/decline"
    return lambda: httpx.post(path, data=fields, cookies=cookies)


def reach(page: Page, what: str) -> None:
    """Presses Tab until that has the focus."""
    wanted = page.locator(what).locator("visible=true")
    for _step in range(120):
        page.keyboard.press("Tab")
        if any(one.evaluate("it => it === document.activeElement") for one in wanted.all()):
            return
    raise AssertionError(f"{what} can't be reached by the keyboard")
