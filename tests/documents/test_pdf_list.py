import re
from itertools import groupby, pairwise

import pytest

from app.documents import pdf
from app.documents.document import Line
from tests.documents.extraction import extracted, pages, squeezed, texts
from tests.documents.letters import grouped, letter, organisations
from tests.documents.pdf_reading import Element, headings, lists, structure
from tests.documents.pdf_text import Piece


class TestColumns:
    def test_a_thousand_stand_in_columns_in_their_order(self) -> None:
        rendered = pdf.render(letter(organisations=organisations(1000)))
        found = re.findall(r"Organisation (\d{5})", extracted(rendered, "-raw"))
        assert found == [f"{n:05d}" for n in range(1000)]
        assert pages(rendered) < 10

    @pytest.mark.parametrize(
        ("count", "chosen", "columns"),
        [(40, 0, 1), (41, 0, 2), (301, 0, 3), (60, 1, 1), (20, 2, 2), (20, 3, 3), (400, 2, 2)],
    )
    def test_there_are_as_many_as_chosen_or_fit(
        self, count: int, chosen: int, columns: int
    ) -> None:
        document = letter(organisations=organisations(count), columns=chosen)
        assert {len(page) for page in columns_by_page(structure(pdf.render(document)))} == {columns}

    @pytest.mark.parametrize("count", [61, 200, 500])
    def test_they_end_level_on_the_last_page_and_fill_the_others(self, count: int) -> None:
        *full, last = columns_by_page(
            structure(pdf.render(letter(organisations=grouped(count, 999))))
        )
        feet = [min(piece.y for piece in column) for column in last]
        assert max(feet) - min(feet) < 50  # three rows, as names have up to three lines
        for page in full:
            # The page before the last may have given three rows to what ends the letter.
            foot = 260 if page is full[-1] else 115
            assert max(min(piece.y for piece in column) for column in page) < foot

    def test_every_page_has_one_list_of_all_its_columns_or_is_part_of_one(self) -> None:
        told = structure(pdf.render(letter(organisations=organisations(1000))))
        assert len(lists(told)[0]) > 500
        assert sum(len(found) for found in lists(told)) == 1000

    def test_they_leave_room_for_the_footnotes_of_their_page(self) -> None:
        notes = "".join(f"[^{n}]: A note of some length, {'and more, ' * 9}\n" for n in range(8))
        body = "".join(f"Line[^{n}]\n\n" for n in range(8)) + notes
        rendered = pdf.render(letter(body=body, organisations=organisations(180)))
        per_page = [page.count("Organisation") for page in texts(rendered)]
        assert per_page[0] > 20
        assert sum(per_page) == 180
        assert len(per_page) == 3

    def test_a_word_longer_than_its_column_breaks(self) -> None:
        lines = (Line("x" * 180), Line("Réseau " + "é" * 173), *organisations(60))
        rendered = pdf.render(letter(subject="z" * 200, body="q" * 200, organisations=lines))
        boxes = extracted(rendered, "-bbox")
        right_ends = [float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)]
        assert max(right_ends) < 530  # points; the page is 595 wide
        assert squeezed(extracted(rendered)).count("é" * 100) == 1


class TestGroups:
    def test_each_stands_under_its_heading(self) -> None:
        told = structure(pdf.render(letter(organisations=grouped(30, 8))))
        assert headings(told)[1:] == [
            (2, "The signatories:"),
            (3, "Group 000"),
            (3, "Group 001"),
            (3, "Group 002"),
            (3, "Group 003"),
        ]
        assert sum(len(found) for found in lists(told)) == 30

    def test_without_a_heading_of_the_list_they_are_one_level_higher(self) -> None:
        document = letter(organisations=grouped(30, 8), signatories_heading="")
        assert headings(structure(pdf.render(document)))[1] == (2, "Group 000")

    def test_lead_organisations_stand_first_without_a_heading(self) -> None:
        document = letter(organisations=(Line("Freedom Now"), *grouped(3, 3)))
        text = structure(pdf.render(document)).text()
        assert "The signatories: Freedom Now Group 000 Organisation 00000" in text

    @pytest.mark.parametrize("columns", [1, 2, 3])
    def test_no_heading_stands_at_the_foot_of_a_column(self, columns: int) -> None:
        document = letter(organisations=grouped(700, 4), columns=columns)
        told = structure(pdf.render(document))
        parts = [part for part in told.elements() if part.kind in ("H3", "L")]
        assert len([part for part in parts if part.kind == "H3"]) == 175
        for heading, names in pairwise(parts):
            if heading.kind == "H3":
                above, below = heading.pieces()[0], names.pieces()[0]
                assert (above.page, round(above.x)) == (below.page, round(below.x))
                assert 0 < above.y - below.y < 20


class TestLines:
    def test_individuals_stand_apart_with_role_and_affiliation(self) -> None:
        person = Line("Samed Rahimli", role="lawyer", affiliation="Bar Association")
        text = extracted(pdf.render(letter(organisations=organisations(1), individuals=(person,))))
        assert re.search(r"Individuals\s+Samed Rahimli, lawyer, Bar Association", text)
        assert "Individuals" not in extracted(pdf.render(letter(individuals=(person,))))

    def test_representatives_stand_below_their_organisation(self) -> None:
        line = Line("Freedom Now", representative="Jane Doe", role="Director", country="Norway")
        text = extracted(pdf.render(letter(organisations=(line,))))
        assert re.search(r"Freedom Now, Norway\s+Jane Doe, Director", text)

    def test_names_stand_as_close_in_an_arabic_letter_as_in_others(self) -> None:
        signed = {"representative": "Jane Doe", "role": "Director"}
        lines = tuple(Line(f"Organisation {n}", **signed) for n in range(9))
        english = letter(organisations=lines)
        arabic = letter(organisations=lines, language="ar", direction="rtl")
        assert steps(pdf.render(arabic)) == steps(pdf.render(english))

    def test_reported_lines_are_marked_and_the_mark_explained(self) -> None:
        marked = letter(organisations=(Line("Freedom Now", reported=True), Line("Other")))
        assert extracted(pdf.render(marked)).count("†") == 2
        assert "†" not in extracted(pdf.render(letter(organisations=(Line("Freedom Now"),))))

    def test_withheld_names_are_a_number_or_nothing(self) -> None:
        assert "withheld" not in extracted(pdf.render(letter(organisations=organisations(1))))
        text = extracted(pdf.render(letter(organisations=organisations(1), withheld=5)))
        assert "and 5 organisations and individuals whose names are withheld" in text


def columns_by_page(told: Element) -> list[list[list[Piece]]]:
    """Per page its columns of names, per column its pieces."""
    names = [piece for item in told.every("LI") for piece in item.pieces()]
    return [
        [[*column] for _, column in groupby(sorted(page, key=_place), key=_place)]
        for _, page in groupby(names, key=lambda piece: piece.page)
    ]


def steps(rendered: bytes) -> set[int]:
    """From one name of the list down to the next, in points."""
    feet = [max(piece.y for piece in item.pieces()) for item in structure(rendered).every("LI")]
    return {round(upper - lower) for upper, lower in pairwise(feet)}


def _place(piece: Piece) -> int:
    """Lines after the first stand a little further in."""
    return round(piece.x) // 40
