"""The letter's HTML file, in a browser and on paper."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from app.documents import html
from app.documents.document import Document, Line
from tests.documents.everything import everything
from tests.documents.letters import letter, organisations
from tests.harness.browser import NARROW, WIDE, Windows, axe, pictures


def shown(page: Page, document: Document, folder: Path) -> Page:
    """The letter, opened as a file somebody was sent."""
    file = folder / "letter.html"
    file.write_text(html.page(document), encoding="utf-8")
    page.goto(file.as_uri())
    return page


def printed(page: Page) -> list[str]:
    """The texts of its pages on paper."""
    rendered = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    return [sheet.extract_text() for sheet in rendered.pages]


@pytest.mark.parametrize("form", ["names", "table"])
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_is_accessible_and_fits(
    windows: Windows, tmp_path: Path, form: str, viewport: dict[str, int]
) -> None:
    document = Document(**{**vars(everything()), "form": form})
    page = shown(windows.open(viewport=viewport), document, tmp_path)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    pictures(page, f"letter-file-{form}-{viewport['width']}")


def test_every_sheet_says_what_it_is_and_is_numbered(windows: Windows, tmp_path: Path) -> None:
    document = letter(body="A line.\n\n" * 60, mark="Proof")
    sheets = printed(shown(windows.open(), document, tmp_path))
    assert len(sheets) == 3
    for number, sheet in enumerate(sheets, 1):
        assert "Proof · Version 1 · SHA-256 0123 4567 89ab cdef… · as of 29 September" in sheet
        assert f"{number} / 3" in sheet


LISTS = {
    "few": {"organisations": organisations(12)},
    "one column": {"organisations": organisations(35)},
    "two columns": {"organisations": organisations(60)},
    "three columns": {"organisations": organisations(310)},
    "table": {"form": "table", "organisations": organisations(60)},
    "groups": {
        "columns": 2,
        "organisations": tuple(Line(f"Organisation {n}", group=f"G{n // 20}") for n in range(80)),
    },
}


def test_a_list_longer_than_a_page_begins_below_the_letter(
    windows: Windows, tmp_path: Path
) -> None:
    lines = [Line(f"Organisation {n}", representative="A B", group=f"G{n}") for n in range(20)]
    document = letter(body="A line.", organisations=tuple(lines))
    first, second = printed(shown(windows.open(), document, tmp_path))
    assert "Organisation 0" in first
    assert "Organisation 19" in second


@pytest.mark.parametrize("kind", LISTS)
def test_no_heading_of_the_list_stands_alone(windows: Windows, tmp_path: Path, kind: str) -> None:
    page = windows.open()
    for lines in range(24, 34):
        document = letter(body="A line.\n\n" * lines, **LISTS[kind])
        sheets = printed(shown(page, document, tmp_path))
        [sheet] = [sheet for sheet in sheets if "The signatories:" in sheet]
        assert sheet.count("Organisation ", sheet.index("The signatories:")) >= 3, lines
        for sheet in sheets:
            said = sheet.partition("Version 1 ·")[0].strip()
            assert not re.search(r"\nG\d$", said), lines
