"""A letter in several languages, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import DESK, LETTER, Stage, fill
from tests.harness.browser import NARROW, Windows, axe, pictures, serves_everybody

FRENCH = """---
title: "Rendez sa fréquence à Radio Ardal"
language: fr
place_and_date: "Ardal, le 23 novembre 2026"
salutation: "Madame la Présidente,"
closing: "Veuillez agréer, Madame la Présidente, l’expression de notre haute considération."
---

Nous vous demandons de rendre sa fréquence à Radio Ardal :

1. suspendez la décision ;
2. entendez la station.
"""
ARABIC = """---
title: "أعيدوا إلى إذاعة أردال تردّدها"
language: ar
place_and_date: "أردال، 23 نوفمبر 2026"
addressees:
  - |
    السيدة رئيسة المجلس
    دار البث
cc: ["أمين المظالم"]
subject: "ترخيص إذاعة أردال (FM 98.7)"
salutation: "السيدة الرئيسة،"
closing: "وتفضلوا بقبول فائق الاحترام،"
---

نطلب منكم أن تعيدوا إلى [إذاعة أردال](https://example.org/f) تردّدها (98.7 ميغاهرتز)، كما ينص
قانون Media Act 2019 في المادة 12.[^1]

## طلباتنا

1. علّقوا القرار.
2. استمعوا إلى المحطة.
   - علنًا،
   - وفي مهلة معقولة.

> لكل شخص الحق في حرية الرأي والتعبير.

| السنة | الشكاوى |
|---|---:|
| 2024 | 3 |
| 2025 | 41 |

[^1]: الجريدة الرسمية، العدد 7.
"""
# How far from where its line begins, in pixels, a text begins.
INDENT = """(text) => {
  const line = text.parentElement, its = text.getBoundingClientRect();
  const all = line.getBoundingClientRect(), isRtl = getComputedStyle(line).direction === "rtl";
  return Math.round(isRtl ? all.right - its.right : its.left - all.left);
}"""
PAGES = {
    "letter-fr": f"{LETTER}?lang=fr",
    "letter-ar": f"{LETTER}?lang=ar",
    "signatories-ar": f"{LETTER}/signatories?lang=ar",
    "inbox-ar": f"{LETTER}/check-your-inbox?lang=ar",
    "embed-ar": f"{LETTER}/embed?lang=ar",
}


@pytest.fixture(scope="module", autouse=True)
def translations(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder: Path = tmp_path_factory.mktemp("translations")
    for text in (FRENCH, ARABIC):
        (folder / "letter.md").write_text(text)
        file = str(folder / "letter.md")
        stage.command("letter", "import", file, "--slug", "radio-ardal", "--translation")


@pytest.mark.parametrize("name", PAGES)
def test_pages_in_every_direction_are_accessible_and_fit_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    serves_everybody(windows.open(), stage.url + PAGES[name], name)


def test_the_language_is_switched_with_the_keyboard(stage: Stage, page: Page) -> None:
    page.goto(stage.url + LETTER)
    # By its class: once it is switched, its name is French too.
    switch = page.locator("nav.languages")
    expect(switch.locator("[aria-current]")).to_have_text("English")
    page.locator("body").press("Tab")
    for _step in range(20):
        if page.evaluate("document.activeElement.lang") == "fr":
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rendez sa fréquence à Radio Ardal")
    expect(switch.locator("[aria-current]")).to_have_text("français")


def test_somebody_reads_arabic_and_signs_without_script(stage: Stage, windows: Windows) -> None:
    title = "أعيدوا إلى إذاعة أردال تردّدها"
    phone = windows.open(javascript=False, viewport=NARROW)
    phone.goto(stage.url + LETTER)
    phone.locator("nav.languages").get_by_role("link", name="العربية").click()
    text = phone.locator(".letter")
    assert (text.get_attribute("lang"), text.get_attribute("dir")) == ("ar", "rtl")
    fill(phone)
    phone.fill("#organisation", "مرصد المتصفح")
    phone.fill("#email", "amal@browserwatch.example")
    phone.get_by_role("button", name="التوقيع", exact=True).click()
    expect(phone.get_by_role("link", name=title)).to_be_visible()
    phone.goto(stage.link("amal@browserwatch.example", "/confirm/"))
    expect(phone.get_by_role("heading", name=title)).to_be_visible()
    pictures(phone, "confirm-ar")
    phone.get_by_role("button", name="التوقيع على هذه الرسالة").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("تم تأكيد توقيعك")


def test_an_open_list_in_another_language_stays_in_its_order(
    stage: Stage, windows: Windows
) -> None:
    watching, desk = windows.open(), windows.open()
    watching.goto(f"{stage.url}{LETTER}?lang=ar")
    names = watching.locator("#signatories .group[data-kind=organisation] .name")
    before = names.all_inner_texts()
    stage.sign_in(desk)
    desk.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    desk.get_by_role("button", name="Approve Open Microphone Foundation").click()
    listed = names.get_by_text("Open Microphone Foundation")
    expect(listed).to_be_visible()
    after = names.all_inner_texts()
    assert [name for name in after if name != "Open Microphone Foundation"] == before
    # Their own script comes first for readers of Arabic, after the digits.
    assert before[1] == "مركز حرية الإعلام"


def test_headings_of_groups_stand_above_their_names(stage: Stage, windows: Windows) -> None:
    desk = windows.open()
    stage.sign_in(desk)
    desk.goto(f"{stage.url}{DESK}/order")
    desk.get_by_label("Grouped").select_option("country")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Set the form").click()
    page = windows.open()
    for path, heading in {"": "h4", "/signatories": "h4", "/embed": "h3"}.items():
        page.goto(f"{stage.url}{LETTER}{path}?lang=ar")
        group = page.locator(f"{heading} bdi").get_by_text("تونس")
        expect(group).to_have_attribute("dir", "rtl")
        assert group.evaluate(INDENT) == 0, path or "/"


def test_the_desk_shows_each_text(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}?lang=ar")
    axe(page)
    pictures(page, "desk-letter-ar")
    expect(page.locator(".letter")).to_have_attribute("dir", "rtl")
