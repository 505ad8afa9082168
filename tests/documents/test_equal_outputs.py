"""One letter, several outputs: HTML, PDF and Word say the same, and what the letter says."""

import csv
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from app.documents import docx, html, pdf
from app.documents.document import Document, Line
from app.i18n import direction
from app.letter import letter_files
from tests.documents import docx_facts, html_facts, pdf_facts
from tests.documents.everything import everything
from tests.documents.facts import Facts, expected
from tests.documents.letters import letter, reference_letter
from tests.documents.pdf_text import RIGHT_TO_LEFT
from tests.documents.strategies import SAID, documents
from tests.harness.shared import SHARED, shared

LETTERS = {
    "azerbaijan-iaj": "en",
    "dpg-sustainability.en": "en",
    "dpg-sustainability.pt": "pt",
    "dpg-sustainability.references": "en",
    "keepandroidopen-google": "en",
    "osd-sos.ar": "ar",
    "osd-sos.he": "he",
    "pmpc.de": "de",
    "pmpc.en": "en",
    "pmpc.fr": "fr",
    "pmpc.hy": "hy",
    "pmpc.ru": "ru",
    "pmpc.tr": "tr",
    "pmpc.zh-tw": "zh-TW",
    "protetti-ministra.it": "it",
}
Same = Callable[[Document], None]


def read_html(document: Document) -> Facts:
    return html_facts.facts(html.page(document))


def read_docx(document: Document) -> Facts:
    return docx_facts.facts(docx.render(document))


def read_pdf(document: Document) -> Facts:
    return pdf_facts.facts(pdf.render(document, allow_missing=True))


def check_html(document: Document) -> None:
    assert read_html(document) == expected(document)


def check_docx(document: Document) -> None:
    assert read_docx(document) == expected(document)


def check_pdf(document: Document) -> None:
    turned = document.direction == "rtl"
    told, asked = (
        pdf_facts.comparable(each, right_to_left=turned)
        for each in (read_pdf(document), expected(document))
    )
    assert told == asked


@pytest.fixture(params=[check_html, check_docx, check_pdf], ids=["html", "docx", "pdf"])
def same(request: pytest.FixtureRequest) -> Same:
    check: Same = request.param
    return check


def test_the_reference_letter(same: Same, tmp_path: Path) -> None:
    same(reference_letter(tmp_path))


@pytest.mark.parametrize("name", LETTERS)
def test_letters_of_the_world(name: str, same: Same, tmp_path: Path) -> None:
    text = letter_files.read(shared(f"letters/{name}.md"), tmp_path).text
    same(
        letter(
            language=LETTERS[name],
            direction=direction(LETTERS[name]),
            title=text.title,
            subject=text.subject,
            body=text.body,
            organisations=organisations_of_the_world(12, name=str, group=lambda _: ""),
        )
    )


def test_every_letter_of_the_world_is_tried() -> None:
    found = {path.stem for path in (SHARED / "letters").glob("*.md")}
    assert found in (set(), set(LETTERS))


def organisations_of_the_world(
    count: int, *, name: Callable[[str], str], group: Callable[[str], str]
) -> tuple[Line, ...]:
    with open(shared("organisations/coara.csv"), encoding="utf-8") as rows:
        found = islice(csv.DictReader(rows), 0, 30 * count, 30)
        lines = [Line(name(row["name"]), group=group(row["country"])) for row in found]
    return tuple(sorted(lines, key=lambda line: line.group))


def test_a_letter_with_everything(same: Same) -> None:
    same(everything())


def test_a_letter_from_right_to_left_with_everything(same: Same) -> None:
    body = "# عنوان\n\nنطلب [الإفراج](https://a.example)[^1].\n\n3. ثلاثة\n4. أربعة\n\n[^1]: ملاحظة"
    same(replace(everything(), language="ar", direction="rtl", body=letter(body=body).body))


def test_a_table_in_groups(same: Same) -> None:
    lines = organisations_of_the_world(40, name=str, group=lambda country: country[:1])
    shown = [
        replace(line, country="Norway", representative="Jane Doe", reported=n == 1)
        for n, line in enumerate(lines)
    ]
    same(replace(everything(), form="table", organisations=tuple(shown)))


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_names_in_groups_and_columns(columns: int, same: Same) -> None:
    lines = organisations_of_the_world(28, name=str, group=lambda country: country)
    same(letter(organisations=lines, columns=columns))


@pytest.mark.parametrize("facts", [{"withheld": 4}, {"signatories_heading": "", "subject": ""}])
def test_a_letter_with_little(facts: dict[str, object], same: Same) -> None:
    same(letter(**facts))


# ---- Any letter at all ----

QUICK = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=100, deadline=None, suppress_health_check=QUICK)
@given(documents())
def test_any_letter_as_html(document: Document) -> None:
    check_html(document)


@settings(max_examples=100, deadline=None, suppress_health_check=QUICK)
@given(documents())
def test_any_letter_as_a_word_file(document: Document) -> None:
    check_docx(document)


@settings(max_examples=50, deadline=None, suppress_health_check=QUICK)
@given(documents([said for said in SAID if not RIGHT_TO_LEFT.search(said)]))
def test_any_letter_as_pdf(document: Document) -> None:
    check_pdf(document)
