"""Footnotes beside the text on wide screens, and below it everywhere else."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Stage
from tests.harness.browser import NARROW, Windows, axe, pictures

SENTENCE = "The licence was withdrawn without a hearing, and nobody was told a reason for it. "
ARABIC = "سُحب الترخيص من دون جلسة استماع، ولم يُخبر أحد بسبب ذلك القرار حتى هذا اليوم. "
LONG, SHORT = 4, 1
# Of each note: where it stands, and the line that refers to it.
PLACES = """() => [...document.querySelectorAll(".footnotes > ol > li")].map((note, at) => {
  const line = document.getElementById(`note-${at + 1}-reference-1`).getBoundingClientRect();
  const {top, bottom, left, right} = note.getBoundingClientRect();
  return {top, bottom, left, right, line: line.top};
})"""
BOX = "name => { const {top, bottom, left, right} = document.querySelector(name)\
.getBoundingClientRect(); return {top, bottom, left, right}; }"


def letter(slug: str, language: str, sentence: str) -> str:
    """Notes far from each other, notes close together and long ones, and one referred to twice."""
    references = [
        "[^1]",
        "",
        "[^2] and again[^1]",
        "[^3][^4][^5]",
        "",
        "",
        "",
        "",
        "",
        "[^6]",
        "",
        "",
    ]
    body = "\n\n".join(sentence * 4 + one for one in references)
    lengths = [SHORT, SHORT, LONG, LONG, LONG, SHORT]
    notes = "\n\n".join(f"[^{at}]: {sentence * long}" for at, long in enumerate(lengths, 1))
    front = f'slug: {slug}\ntitle: "{sentence.strip()}"\nlanguage: {language}'
    return f"---\n{front}\n---\n\n{body}\n\n{notes}\n"


@pytest.fixture(scope="module")
def noted(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of letters with notes, by their language."""
    folder: Path = tmp_path_factory.mktemp("noted")
    for language, sentence in (("en", SENTENCE), ("ar", ARABIC)):
        file = folder / f"{language}.md"
        file.write_text(letter(f"noted-{language}", language, sentence))
        stage.command("letter", "import", str(file), "--open")
    return {one: f"{stage.url}/letters/noted-{one}?lang={one}" for one in ("en", "ar")}


def places(page: Page) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.evaluate(PLACES)
    return found


def box(page: Page, selector: str) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(BOX, selector)
    return found


def lie_apart(notes: list[dict[str, float]]) -> bool:
    return all(one["bottom"] < two["top"] for one, two in pairwise(notes))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1200, 1280, 1600])
def test_on_a_wide_screen_each_stands_at_its_line_or_below_the_one_before(
    noted: dict[str, str], windows: Windows, width: int, language: str
) -> None:
    page = windows.open(viewport={"width": width, "height": 900})
    page.goto(noted[language])
    notes, text, sheet = places(page), box(page, ".letter .body"), box(page, ".sheet")
    assert len(notes) == 6
    assert lie_apart(notes)
    # Those with room above are level with their line; the crowded ones follow as they can.
    for at in (0, 1, 2, 5):
        assert abs(notes[at]["top"] - notes[at]["line"]) < 12, at
    assert all(note["top"] > note["line"] - 12 for note in notes)
    for note in notes:
        is_beside = (
            note["left"] > text["right"] if language == "en" else note["right"] < text["left"]
        )
        assert is_beside
        assert sheet["left"] < note["left"] < note["right"] < sheet["right"]
    assert notes[-1]["bottom"] < sheet["bottom"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_links_lead_to_a_note_and_back(noted: dict[str, str], windows: Windows) -> None:
    page = windows.open(viewport={"width": 1280, "height": 700})
    page.goto(noted["en"])
    page.locator("#note-6-reference-1").click()
    note = page.locator("#note-6")
    expect(note).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    page.locator("#note-1 [role=doc-backlink]").nth(1).click()
    expect(page.locator("#note-1-reference-2")).to_be_in_viewport()


def test_listeners_and_copiers_have_them_once_after_the_letter(
    noted: dict[str, str], windows: Windows
) -> None:
    page = windows.open(viewport={"width": 1280, "height": 900})
    page.goto(noted["en"])
    read = page.locator(".letter").aria_snapshot()
    assert read.index("Back to where note 1") > read.rindex("and again")
    assert read.count("Back to where note") == 7  # to the first of them from two places
    copied: str = page.evaluate(
        "() => { getSelection().selectAllChildren(document.querySelector('.letter .body'));"
        " return String(getSelection()); }"
    )
    assert copied.count(SENTENCE.strip()) == 48  # twelve paragraphs of four, and no note between
    axe(page)
    pictures(page, "side-notes")


def test_they_stand_below_on_a_phone_and_on_paper(noted: dict[str, str], windows: Windows) -> None:
    for size, media in ((NARROW, "screen"), ({"width": 1100, "height": 900}, "screen"),
                        ({"width": 1280, "height": 900}, "print")):  # fmt: skip
        page = windows.open(viewport=size)
        page.goto(noted["en"])
        wishes: Any = {"media": media}
        page.emulate_media(**wishes)
        notes = places(page)
        assert notes[0]["top"] > box(page, ".letter .body")["bottom"], (size, media)
        assert lie_apart(notes)


def test_they_stay_apart_where_readers_choose_larger_letters_and_wider_lines(
    noted: dict[str, str], windows: Windows
) -> None:
    page = windows.open(viewport={"width": 1600, "height": 900})
    page.goto(noted["en"])
    # WCAG 1.4.12. As a browser's extension would put it there, past the page's own policy.
    sheet = "* { line-height: 1.5 !important; letter-spacing: .12em !important;\
 word-spacing: .16em !important } p { margin-block-end: 2em !important }"
    page.evaluate(
        "text => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text);"
        " document.adoptedStyleSheets = [sheet]; }",
        sheet,
    )
    assert lie_apart(places(page))
