"""What PDF/UA-1 and PDF/A-2a ask of a file, as far as its structure shows it."""

from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from app.documents import pdf
from app.documents.document import Lead
from tests.documents.extraction import annotations
from tests.documents.letters import AS_OF, full_letter, grouped, letter, picture
from tests.documents.pdf_reading import Element, headings, structure
from tests.documents.pdf_text import pieces

STANDARD = {
    *("Document", "Part", "Sect", "Div", "P", "H1", "H2", "H3", "H4", "H5", "H6", "BlockQuote"),
    *("L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TR", "TH", "TD", "Figure"),
    *("Span", "Code", "Link", "Note"),
}


@pytest.fixture(scope="module")
def rendered() -> bytes:
    """Everything a letter may hold: two pages, and a table of signatories on them."""
    logo = picture("PNG", (300, 100))
    return pdf.render(
        full_letter(
            letterhead=(Lead("European Exchange", logo=logo), Lead("Norwegian")),
            organisations=grouped(40, 8),
            form="table",
            wall=(Lead("People in Need", logo=logo),),
        )
    )


@pytest.fixture(scope="module")
def reader(rendered: bytes) -> PdfReader:
    return PdfReader(BytesIO(rendered))


@pytest.fixture(scope="module")
def told(rendered: bytes) -> Element:
    return structure(rendered)


class TestFile:
    def test_it_says_which_standards_it_keeps(self, rendered: bytes) -> None:
        for claim in ("pdfuaid:part>1<", "pdfaid:part>2<", "pdfaid:conformance>A<"):
            assert claim.encode() in rendered

    def test_title_language_and_author_are_told(self, reader: PdfReader) -> None:
        assert reader.metadata
        assert reader.metadata.title == "On the freedom of lawyers"
        assert reader.metadata.author == "European Exchange, Norwegian"
        assert reader.metadata.creation_date == AS_OF
        root: Any = reader.root_object
        assert root["/Lang"] == "en"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        described = root["/Metadata"].get_data().decode()
        assert "<dc:language><rdf:Bag><rdf:li>en</rdf:li>" in described
        assert "On the freedom of lawyers</rdf:li></rdf:Alt></dc:title>" in described

    def test_it_is_tagged_without_doubt(self, reader: PdfReader) -> None:
        root: Any = reader.root_object
        assert root["/MarkInfo"] == {"/Marked": True, "/Suspects": False}
        assert "/ParentTree" in root["/StructTreeRoot"]
        for page in reader.pages:
            assert page["/Tabs"] == "/S"
            assert "/StructParents" in page

    def test_its_colours_are_defined(self, reader: PdfReader) -> None:
        root: Any = reader.root_object
        [intent] = [each.get_object() for each in root["/OutputIntents"]]
        assert intent["/S"] == "/GTS_PDFA1"
        assert intent["/DestOutputProfile"].get_object().get_data()

    def test_it_holds_nothing_that_acts_or_leads_to_other_files(self, reader: PdfReader) -> None:
        root: Any = reader.root_object
        assert "/Encrypt" not in reader.trailer
        assert not {"/OpenAction", "/AA", "/AcroForm", "/AF"} & set(root)
        assert not {"/JavaScript", "/EmbeddedFiles"} & set(root.get("/Names", {}))
        kinds = {note["/A"]["/S"] for page in reader.pages for note in _links(page) if "/A" in note}
        assert kinds == {"/URI"}

    def test_every_font_is_embedded_and_its_text_known(self, reader: PdfReader) -> None:
        fonts = [
            font.get_object()
            for page in reader.pages
            for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
        ]
        assert fonts
        for font in fonts:
            [descendant] = font["/DescendantFonts"]
            described = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(described.get_object())
            assert font["/ToUnicode"].get_object().get_data()


class TestStructure:
    def test_all_that_is_printed_is_in_it_once(self, reader: PdfReader, told: Element) -> None:
        on_pages = [
            piece
            for number, page in enumerate(reader.pages)
            for marked in pieces(page, number).values()
            for piece in marked
        ]
        assert sorted(told.pieces(), key=repr) == sorted(on_pages, key=repr)

    def test_it_is_made_of_standard_elements_under_one_document(self, told: Element) -> None:
        assert told.kind == "Document"
        assert {element.kind for element in told.walk()} <= STANDARD

    def test_no_heading_is_skipped(self, told: Element) -> None:
        levels = [level for level, _ in headings(told)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_every_picture_has_an_alternative_and_a_place(self, told: Element) -> None:
        figures = told.every("Figure")
        assert [figure.alternative for figure in figures[:2]] == [
            "European Exchange",
            "People in Need",
        ]
        assert len(figures) == 3
        assert all("/BBox" in figure.attributes for figure in figures)

    def test_tables_have_heads_that_their_cells_refer_to(self, told: Element) -> None:
        for table in told.every("Table"):
            [head] = table.every("THead")
            cells = head.every("TH")
            assert cells
            assert {cell.attributes["/Scope"] for cell in cells} == {"/Column"}
            names = {cell.identifier for cell in cells}
            for cell in table.every("TD"):
                assert set(cell.attributes["/Headers"]) <= names
                assert cell.attributes["/Headers"]

    def test_items_of_lists_have_labels_and_bodies(self, told: Element) -> None:
        for item in told.every("LI"):
            assert [part.kind for part in item.elements()] == ["Lbl", "LBody"]

    def test_notes_stand_where_they_are_referred_to(self, told: Element) -> None:
        notes = told.every("Note")
        assert len({note.identifier for note in notes}) == 3
        said = told.text()
        assert said.index("A note with a link") < said.index("judges") < said.index("What we ask")

    def test_links_can_be_followed_and_are_described(self, rendered: bytes, told: Element) -> None:
        found = annotations(rendered)
        assert all(note["/Subtype"] == "/Link" and note["/Contents"] for note in found)
        assert all("/StructParent" in note for note in found)
        outward = [link for link in told.every("Link") if link.url]
        assert [link.url for link in outward] == [
            "https://source.example/note",
            "https://source.example/report",
            "https://letters.example.org/letters/lawyers",
        ]
        assert all(link.text() for link in told.every("Link"))

    def test_what_is_said_in_another_language_says_so(self) -> None:
        pashto = structure(pdf.render(letter(language="ps", direction="rtl", subject="ازادي")))
        foreign = [each.text() for each in pashto.walk() if each.language == "en"]
        assert any("0 listed signatories" in text for text in foreign)


def _links(page: Any) -> list[Any]:
    return [note.get_object() for note in page.annotations or []]
