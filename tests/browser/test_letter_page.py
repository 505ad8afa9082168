"""The letter's page in a real browser: each of its states, on a phone, and on paper."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.stage import LETTER, Stage
from tests.harness.browser import NARROW, WIDE, Windows, axe, pictures, serves_everybody
from tests.world import LETTER as LETTER_TEXT

SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) {
    window.shifts.push(shift.sources.map(({node}) => node?.outerHTML?.slice(0, 80)));
  }
}).observe({type: "layout-shift", buffered: true});
"""

FOCUSED = """() => {
  const one = document.activeElement, bar = document.querySelector(".sign-bar");
  if (one === document.body || bar.contains(one)) return null;
  const {top, bottom} = one.getBoundingClientRect(), foot = bar.getBoundingClientRect();
  const middle = (top + bottom) / 2, isBelowBar = middle > foot.top && middle < foot.bottom;
  return {name: one.outerHTML.slice(0, 90), isHidden: isBelowBar || bottom > innerHeight + 1};
}"""

STATES = {
    "late": "You can still sign",
    "paused": "Nobody can sign or confirm for now",
    "closed": "The organisers have ended the signing.",
}


@pytest.fixture(scope="module")
def states(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of letters in each of the states that commands can bring about."""
    folder: Path = tmp_path_factory.mktemp("letters")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    for state in STATES:
        text = LETTER_TEXT.replace("free-the-press", f"is-{state}")
        file = folder / f"{state}.md"
        file.write_text(text.replace("{extra}", f'soft_deadline: "{yesterday}"'))
        stage.command("letter", "import", str(file), "--open")
    stage.command("letter", "pause", "is-paused")
    stage.command("letter", "close", "is-closed")
    return {state: f"{stage.url}/letters/is-{state}" for state in STATES}


@pytest.mark.parametrize("state", STATES)
def test_every_state_says_so_to_everybody(
    states: dict[str, str], windows: Windows, state: str
) -> None:
    page = windows.open()
    serves_everybody(page, states[state], f"letter-{state}")
    expect(page.locator(".notice.state")).to_contain_text(STATES[state])


def test_a_draft_is_read_by_its_private_link(
    stage: Stage, windows: Windows, tmp_path: Path
) -> None:
    file = tmp_path / "draft.md"
    text = LETTER_TEXT.replace("free-the-press", "still-a-draft").replace("{extra}", "")
    file.write_text(text)
    stage.command("letter", "import", str(file), "--owner", "desk@undersigned.example")
    desk = windows.open()
    stage.sign_in(desk)
    desk.goto(f"{stage.url}/desk/letters/still-a-draft")
    desk.get_by_role("button", name="Make a private link").click()
    link = desk.locator(".copied a").get_attribute("href")
    axe(desk)
    pictures(desk, "draft-link")
    assert link
    reader = windows.open()
    serves_everybody(reader, link, "draft")
    expect(reader.get_by_role("heading", name="Please don't pass it on")).to_be_visible()
    assert reader.locator("form").count() == 0


BULLETED = """Three things are at stake:

- memory,
- trust.

| Year | Requests made | Refused by the ministry | Before a court | Reason given to them |
|---|---|---|---|---|
| 2024 | 312 | 300 | 12 | Overriding reasons of national security |

We ask you to:

- open the archive;
- publish its finding aids.
"""


def test_asks_without_numbers_stand_out_and_a_wide_table_shows_that_it_goes_on(
    stage: Stage, windows: Windows, tmp_path: Path
) -> None:
    head, _lines, _body = LETTER_TEXT.replace("free-the-press", "bulleted").rpartition("---\n")
    file = tmp_path / "bulleted.md"
    file.write_text(f"{head.replace('{extra}', '')}---\n{BULLETED}")
    stage.command("letter", "import", str(file), "--open")
    reader = windows.open(viewport=NARROW)
    reader.goto(f"{stage.url}/letters/bulleted")
    marker = "(list) => getComputedStyle(list.querySelector('li'), '::marker').color"
    told, asked = (reader.locator(".body > ul").nth(n).evaluate(marker) for n in (0, 1))
    assert told == reader.locator(".body").evaluate("(body) => getComputedStyle(body).color")
    assert asked == reader.locator(".body a, .share a").first.evaluate(
        "(link) => getComputedStyle(link).color"
    )
    table = reader.get_by_role("group", name="Table")
    assert table.evaluate("(one) => one.scrollWidth > one.clientWidth")
    assert "local" in table.evaluate("(one) => getComputedStyle(one).backgroundAttachment")
    table.focus()
    reader.keyboard.press("End")
    expect(table).to_be_focused()
    axe(reader)


def test_programs_read_the_page_and_no_policy_is_broken(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    page.add_init_script(
        "window.broken = [];"
        "document.addEventListener('securitypolicyviolation', (e) => broken.push(e.blockedURI))"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(stage.url + LETTER)
    facts = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    assert facts["headline"] == "Give Radio Ardal its frequency back"
    assert page.evaluate("broken") == []
    # Nothing is asked of those it can be shared on.
    assert page.locator(".share a").count() == 8
    assert all(url.startswith(stage.url) for url in asked), asked


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])
def test_nothing_moves_while_the_page_loads(
    stage: Stage, windows: Windows, viewport: dict[str, int]
) -> None:
    page = windows.open(viewport=viewport, timezone_id="Asia/Tokyo")
    page.add_init_script(SHIFTS)
    page.goto(stage.url + LETTER)
    expect(page.locator(".deadline .countdown")).to_contain_text("Closes in")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("shifts") == []


def test_the_bar_never_covers_what_is_focused_and_goes_where_the_form_is(
    stage: Stage, page: Page
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(stage.url + LETTER)
    bar = page.locator(".sign-bar")
    assert is_at_foot(page)
    expect(bar).to_contain_text("Closes in")
    seen: list[dict[str, Any]] = []
    for _step in range(60):
        page.keyboard.press("Tab")
        if focused := page.evaluate(FOCUSED):
            seen.append(focused)
    assert len(seen) > 30
    assert [one["name"] for one in seen if one["isHidden"]] == []
    page.evaluate("scrollTo(0, 0)")
    bar.get_by_role("link").click()
    expect(page.locator("#sign-heading")).to_be_in_viewport()
    assert not is_at_foot(page)
    page.locator("#email").focus()
    assert not is_at_foot(page)


def is_at_foot(page: Page) -> bool:
    """Whether the bar sticks to the foot of the window."""
    box = page.locator(".sign-bar").bounding_box()
    assert box
    return abs(box["y"] + box["height"] - NARROW["height"]) < 1


@pytest.fixture
def paper(stage: Stage, page: Page) -> str:
    page.goto(stage.url + LETTER)
    return text_of(page.pdf(prefer_css_page_size=True))


def text_of(pdf: bytes) -> str:
    sheets = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


PARTS = (
    "Ardal and Brussels, 1 December 2026",
    "Ms Ilse Varga",
    "The Special Rapporteur",
    "Re.: The withdrawal of the licence",
    "Dear Ms Varga,",
    "We, the undersigned organisations",
    "Yours sincerely,",
    "The signatories:",
    "Association of Valley Teachers",
    "The Coastal Press Union",
    "Étienne Leclerc",
    "Prof. Sigrid Thorsen",
    "SHA-256",
)


def test_the_page_is_printed_in_the_order_of_its_pdf(stage: Stage, page: Page, paper: str) -> None:
    final = page.request.get(f"{stage.url}{LETTER}/letter.pdf").body()
    # The PDF says its version at the foot of every sheet, too: the last is compared.
    places = [paper.index(part) for part in PARTS]
    assert places == sorted(places)
    in_pdf = [text_of(final).index(part) for part in PARTS[:-1]]
    assert in_pdf == sorted(in_pdf)


def test_nothing_else_is_printed(paper: str) -> None:
    for other in ("Share this letter", "Sign this letter", "Your name", "This isn't us", "Privacy",
                  "Search and download", "↩", "Copy the link"):  # fmt: skip
        assert other not in paper


def test_notes_lead_back_to_where_they_are_referred_to(stage: Stage, page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.goto(stage.url + LETTER)
    reference, note = page.locator("[role=doc-noteref]"), page.locator(".footnotes li")
    reference.click()
    expect(note).to_be_in_viewport()
    expect(reference).not_to_be_in_viewport()
    note.locator("[role=doc-backlink]").click()
    expect(reference).to_be_in_viewport()
