from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents import pdf
from app.documents.document import Document, Lead, Line
from app.documents.press import Press
from tests.documents.extraction import extracted, links, pages, squeezed, texts
from tests.documents.letters import (
    full_letter,
    in_order,
    letter,
    organisations,
    reference_letter,
    urls,
)
from tests.documents.pdf_reading import (
    figures,
    footnotes,
    headings,
    lists,
    structure,
    tables,
)
from tests.documents.pdf_reading import links as told_links


@pytest.fixture
def reference(tmp_path: Path) -> Document:
    return reference_letter(tmp_path)


class TestReferenceLetter:
    def test_its_text_is_the_source_word_by_word(self, reference: Document) -> None:
        text = squeezed(structure(pdf.render(reference)).text())
        colophon = "11listedsignatoriesasof29September2025,16:00(UTC)"
        assert text.partition(colophon)[0] == squeezed("".join(in_order(reference)))

    def test_it_has_two_or_three_pages(self, reference: Document) -> None:
        assert pages(pdf.render(reference)) in (2, 3)

    def test_its_links_are_live_and_in_order(self, reference: Document) -> None:
        live = [*dict.fromkeys(links(pdf.render(reference)))]
        assert live == [*urls(reference.body), reference.check_url]
        assert len(live) == 14

    def test_its_signatories_stand_together_under_their_heading(self, reference: Document) -> None:
        last = texts(pdf.render(reference))[-1]
        names = [line.name for line in (*reference.organisations, *reference.individuals)]
        found = [last.index(name) for name in ("The signatories:", *names)]
        assert found == sorted(found)

    def test_the_same_letter_gives_the_same_bytes_in_any_process(self, reference: Document) -> None:
        here = pdf.render(reference)
        assert pdf.render(reference) == here
        assert Press().make(reference, "pdf") == here


class TestEverythingInALetter:
    def test_what_stands_above_the_text_comes_in_order(self) -> None:
        text = structure(pdf.render(full_letter())).text()
        before = (
            "European Exchange Europäischer Austausch Norwegian Baku and Geneva, 29 September 2025 "
            "To the President Mikael Sjöberg Minister of Justice Cc: Court of Human Rights "
            "Re.: Freedom of lawyers Dear Mr. President, The facts We write about lawyers"
        )
        assert text.startswith(before)

    def test_headings_lists_tables_notes_and_links_are_what_they_are(self) -> None:
        told = structure(pdf.render(full_letter()))
        assert headings(told) == [
            (1, "Re.: Freedom of lawyers"),
            (2, "The facts"),
            (3, "What we ask"),
            (2, "The signatories:"),
            (3, "Individuals"),
        ]
        asks, nested, *names = lists(told)
        assert asks == [("7.", "Release those in prison:"), ("8.", "Amend the law.")]
        assert nested == [("•", "at once, and"), ("•", "without conditions.")]
        assert tables(told) == [
            [["Year", "Lawyers", "Judges"], ["2023", "812", "14"], ["2024", "1,204", "93"]]
        ]
        assert footnotes(told) == ["A note with a link.", "Short.", "In a table."]
        assert told_links(told)[:2] == [
            ("a link", "https://source.example/note"),
            ("the report", "https://source.example/report"),
        ]
        assert names == [
            [
                ("", "Freedom Now, Norway Jane Doe, Director"),
                ("", "Open Azerbaijan†"),
                ("", "People in Need, signed version 2"),
            ],
            [("", "Samed Rahimli, lawyer, Bar Association")],
        ]
        assert figures(told) == [
            "QR code that leads to https://letters.example.org/letters/lawyers"
        ]

    def test_what_ends_it_comes_last(self) -> None:
        text = structure(pdf.render(full_letter())).text()
        ending = (
            "and 5 organisations and individuals whose names are withheld for their safety "
            "† Reported by the organisers; not yet confirmed by the signatory. "
            "4 listed signatories as of 29 September 2025, 16:00 (UTC) Version 1 of the letter "
            f"SHA-256 {'0123 4567 89ab cdef ' * 4}"
            "Check this document at https://letters.example.org/letters/lawyers"
        )
        assert text.endswith(ending)

    def test_every_page_says_what_it_is_and_which_of_how_many(self) -> None:
        on_pages = texts(pdf.render(full_letter(organisations=organisations(200))))
        for number, page in enumerate(on_pages, 1):
            assert "Proof · Version 1 · SHA-256 0123 4567 89ab cdef… · as of 29 September" in page
            assert f"{number} / {len(on_pages)}" in page

    def test_four_addressees_and_more_stand_two_by_two(self) -> None:
        addressees = tuple(f"Minister {n}\nCapital {n}" for n in range(5))
        laid_out = extracted(pdf.render(letter(addressees=addressees)), "-layout")
        assert "Minister 0" in laid_out
        [row] = [row for row in laid_out.splitlines() if "Minister 2" in row]
        assert "Minister 3" in row

    def test_footnotes_stand_on_the_page_that_refers_to_them(self) -> None:
        body = "First.[^a]\n\n" + "A line.\n\n" * 50 + "Last.[^b]\n\n[^a]: note one\n[^b]: note two"
        first, second = texts(pdf.render(letter(body=body)))
        assert "note one" in first
        assert "note two" in second

    def test_a_note_begins_beside_its_number(self) -> None:
        body = "Text.[^a]\n\n[^a]: The note.\n\n    Its second paragraph."
        [note] = structure(pdf.render(letter(body=body))).every("Note")
        number, first = note.pieces()[:2]
        assert number.text == "1"
        assert abs(number.y - first.y) < 5


class TestHostileText:
    def test_what_people_typed_is_never_typst(self) -> None:
        hostile = '#panic("x") $x$ *b* \\u{41} `#read("letter.json")` @a <b> ] } // c \\'
        document = letter(
            title=hostile,
            subject=hostile,
            body=hostile.replace("*", "\\*").replace("`", "\\`").replace("\\u", "\\\\u"),
            letterhead=(Lead(hostile, hostile),),
            addressees=(hostile,),
            cc=(hostile,),
            organisations=(Line(hostile, representative=hostile, group=hostile),),
        )
        assert squeezed(extracted(pdf.render(document))).count(squeezed('#panic("x")$x$*b*')) == 9


BLOCKS = [
    "# a",
    "### b",
    "- c",
    "  - d",
    "1. e",
    "> f",
    "| a |\n|---|\n| c |",
    "---",
    "[^1]: n",
    "",
]
INLINES = [
    "```\nz\n```",
    "x[^1]",
    "**b *i***",
    "[l](https://a.example)",
    "![i](x)",
    "<b>",
    "&nbsp;",
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(BLOCKS + INLINES), max_size=20).map("\n".join),
    st.text(st.characters(codec="ascii")),
)
def test_any_body_and_any_name_print(body: str, name: str) -> None:
    pdf.render(letter(body=body, organisations=(Line(name or "-"),)), allow_missing=True)


def test_quotations_within_quotations_print_however_many_were_typed() -> None:
    body = "> " * 16 + "x\n\n" + "> " * 12 + "# a *b **c***\n\n" + "> " * 12 + "|a|\n" + "> " * 12
    rendered = pdf.render(letter(body=body + "|-|\n\n" + "> - " * 8 + "deep"))
    assert "deep" in extracted(rendered)
