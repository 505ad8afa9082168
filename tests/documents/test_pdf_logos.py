from io import BytesIO
from math import sqrt
from typing import Any

import pytest
from pypdf import PdfReader

from app.documents import pdf
from app.documents.document import Lead
from tests.documents.extraction import extracted, pages
from tests.documents.letters import letter, organisations, picture
from tests.documents.pdf_reading import figures, structure

SHAPES = [(800, 100), (300, 300), (400, 200), (200, 400), (600, 300), (500, 120)]
LEADS = tuple(Lead(f"Lead {n}", logo=picture("PNG", SHAPES[n % 6])) for n in range(12))
CODE = "QR code that leads to https://letters.example.org/letters/lawyers"


class TestLetterhead:
    @pytest.mark.parametrize("count", range(1, 13))
    def test_one_to_twelve_logos_stand_in_the_given_order_on_the_page(self, count: int) -> None:
        rendered = pdf.render(letter(letterhead=LEADS[:count]))
        assert pages(rendered) == 1
        assert figures(structure(rendered)) == [*(lead.name for lead in LEADS[:count]), CODE]
        for left, right, _ in boxes(rendered)[:count]:
            assert 70 < left < right < 525

    def test_logos_weigh_alike_whatever_their_pixels(self) -> None:
        square, wide = picture("PNG", (60, 60)), picture("PNG", (900, 300))
        leads = (Lead("Square", logo=square), Lead("Wide", logo=wide))
        small, large, _ = (sqrt(area) for _, _, area in boxes(pdf.render(letter(letterhead=leads))))
        assert small == pytest.approx(large, rel=0.02)

    def test_a_name_without_a_logo_is_set_in_type(self) -> None:
        mixed = (*LEADS[:3], Lead("Norwegian Helsinki Committee", "Den norske Helsingforskomité"))
        assert "Helsinki" in extracted(pdf.render(letter(letterhead=mixed)))

    def test_a_broken_logo_gives_way_to_the_name(self) -> None:
        broken = (Lead("Freedom Now", logo=picture("PNG")[:60]), LEADS[0])
        rendered = pdf.render(letter(letterhead=broken))
        assert figures(structure(rendered)) == ["Lead 0", CODE]
        assert "Freedom Now" in extracted(rendered)


class TestWall:
    def test_logos_stand_below_the_list_in_its_order(self) -> None:
        told = structure(pdf.render(letter(organisations=organisations(5), wall=LEADS)))
        assert figures(told) == [*(lead.name for lead in LEADS), CODE]
        order = [part.kind for part in told.elements()]
        assert order.index("L") < order.index("Div")

    @pytest.mark.parametrize("count", [1, 7, 60])
    def test_none_leaves_its_place(self, count: int) -> None:
        wall = tuple(LEADS[n % 12] for n in range(count))
        rendered = pdf.render(letter(organisations=organisations(60), wall=wall))
        found = boxes(rendered)
        assert len(found) == count + 1
        assert all(70 < left < right < 525.5 for left, right, _ in found)

    def test_a_broken_one_is_left_out(self) -> None:
        wall = (Lead("Broken", logo=b"no picture"), Lead("None"), LEADS[0])
        assert figures(structure(pdf.render(letter(wall=wall)))) == ["Lead 0", CODE]


def boxes(rendered: bytes) -> list[tuple[float, float, float]]:
    """Left end, right end and area of every picture, in points."""
    PdfReader(BytesIO(rendered))
    found = [figure.attributes["/BBox"] for figure in structure(rendered).every("Figure")]
    return [_measured(*map(float, box)) for box in found]


def _measured(left: float, foot: float, right: float, head: float) -> Any:
    return left, right, (right - left) * (head - foot)
