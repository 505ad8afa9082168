import re
import subprocess
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.documents import pdf
from app.documents.document import Document, Lead, Line
from app.documents.fonts import MissingGlyph
from app.documents.markdown import Node, Tree, strings
from app.documents.press import Press
from tests.documents.letters import AS_OF, letter, organisations, reference_letter
from tests.documents.test_html import picture

FOOTER = re.compile(r"Version1·SHA-256[0-9a-f]{16}…·asof29September2025,16:00\(UTC\)\d+/\d+")


@pytest.fixture
def reference(tmp_path: Path) -> Document:
    return reference_letter(tmp_path)


class TestReferenceLetter:
    def test_its_text_is_the_source_word_by_word(self, reference: Document) -> None:
        text = FOOTER.sub("", squeezed(extracted(pdf.render(reference), "-raw")))
        colophon = "11listedsignatoriesasof29September2025,16:00(UTC)"
        assert text.partition(colophon)[0] == squeezed("".join(in_order(reference)))

    def test_it_has_two_or_three_pages(self, reference: Document) -> None:
        assert pages(pdf.render(reference)) in (2, 3)

    def test_its_links_are_live_and_in_order(self, reference: Document) -> None:
        live = [*dict.fromkeys(links(pdf.render(reference)))]
        assert live == [*urls(reference.body), reference.check_url]
        assert len(live) == 14

    def test_its_signatories_stand_together_under_their_heading(self, reference: Document) -> None:
        last = PdfReader(BytesIO(pdf.render(reference))).pages[-1].extract_text()
        names = [line.name for line in (*reference.organisations, *reference.individuals)]
        found = [last.index(name) for name in ("The signatories:", *names)]
        assert found == sorted(found)

    def test_the_same_letter_gives_the_same_bytes_in_any_process(self, reference: Document) -> None:
        here = pdf.render(reference)
        assert pdf.render(reference) == here
        assert Press().make(reference, "pdf") == here

    def test_it_takes_less_than_a_second(self, reference: Document) -> None:
        begun = perf_counter()
        pdf.render(reference)
        assert perf_counter() - begun < 1


class TestList:
    def test_a_thousand_stand_in_columns_in_their_order(self) -> None:
        begun = perf_counter()
        rendered = pdf.render(letter(organisations=organisations(1000)))
        assert perf_counter() - begun < 5
        found = re.findall(r"Organisation (\d{5})", extracted(rendered, "-raw"))
        assert found == [f"{n:05d}" for n in range(1000)]
        assert pages(rendered) < 10

    def test_its_pages_are_numbered(self) -> None:
        rendered = pdf.render(letter(organisations=organisations(500)))
        numbers = re.findall(r"\d+ / \d+", extracted(rendered, "-raw"))
        assert numbers == [f"{n} / {pages(rendered)}" for n in range(1, pages(rendered) + 1)]

    @pytest.mark.parametrize("count", [3, 30, 60])
    def test_neither_its_heading_nor_what_ends_the_letter_stands_without_names(
        self, count: int
    ) -> None:
        for lines in range(20, 40, 2):
            body = "A line.\n\n" * lines
            on_pages = texts(pdf.render(letter(body=body, organisations=organisations(count))))
            [page] = [page for page in on_pages if "The signatories:" in page]
            assert page.count("Organisation", page.index("The signatories:")) >= 3, lines
            assert "Organisation" in on_pages[-1], lines

    def test_columns_leave_room_for_the_footnotes_of_their_page(self) -> None:
        notes = "".join(f"[^{n}]: A note of some length, {'and more, ' * 9}\n" for n in range(8))
        body = "".join(f"Line[^{n}]\n\n" for n in range(8)) + notes
        rendered = pdf.render(letter(body=body, organisations=organisations(180)))
        per_page = [page.count("Organisation") for page in texts(rendered)]
        assert per_page[0] > 20
        assert sum(per_page) == 180
        assert len(per_page) == 3

    def test_individuals_stand_apart_with_role_and_affiliation(self) -> None:
        person = Line("Samed Rahimli", role="lawyer", affiliation="Bar Association")
        text = extracted(pdf.render(letter(organisations=organisations(1), individuals=(person,))))
        assert re.search(r"Individuals\s+Samed Rahimli, lawyer, Bar Association", text)
        assert "Individuals" not in extracted(pdf.render(letter(individuals=(person,))))

    def test_representatives_stand_below_their_organisation(self) -> None:
        line = Line("Freedom Now", representative="Jane Doe", role="Director", country="Norway")
        text = extracted(pdf.render(letter(organisations=(line,))))
        assert re.search(r"Freedom Now, Norway\s+Jane Doe, Director", text)

    def test_reported_lines_are_marked_and_the_mark_explained(self) -> None:
        marked = letter(organisations=(Line("Freedom Now", reported=True), Line("Other")))
        assert extracted(pdf.render(marked)).count("†") == 2
        assert "†" not in extracted(pdf.render(letter(organisations=(Line("Freedom Now"),))))

    def test_a_word_longer_than_its_column_breaks(self) -> None:
        lines = (Line("x" * 180), Line("Réseau " + "é" * 173), *organisations(60))
        rendered = pdf.render(letter(subject="z" * 200, body="q" * 200, organisations=lines))
        boxes = extracted(rendered, "-bbox")
        right_ends = [float(right) for right in re.findall(r'xMax="([\d.]+)"', boxes)]
        assert max(right_ends) < 530  # points; the page is 595 wide
        assert squeezed(extracted(rendered)).replace("\u200b", "").count("é" * 100) == 1

    def test_withheld_names_are_a_number_or_nothing(self) -> None:
        assert "withheld" not in extracted(pdf.render(letter(organisations=organisations(1))))
        text = extracted(pdf.render(letter(organisations=organisations(1), withheld=5)))
        assert "and 5 organisations and individuals whose names are withheld" in text


class TestScripts:
    NAMES = (
        "مركز حماية لحقوق الإنسان",
        "საქართველოს ახალგაზრდა იურისტთა ასოციაცია",
        "Правозащитный центр «Мемориал»",
        "国际特赦组织",
        "İnsan Hüquqları Mərkəzi ƏĞIİÖÜŞÇ əğıiöüşç",
        "המוקד להגנת הפרט",
        "Հայաստանի Հելսինկյան կոմիտե",
        "国境なき記者団",
        "국제앰네스티",
        "मानव अधिकार आयोग",
    )

    @pytest.mark.parametrize("language", ["en", "ar", "zh-TW", "az"])
    def test_names_print_and_can_be_copied_out_again(self, language: str) -> None:
        lines = tuple(Line(name) for name in self.NAMES)
        direction = "rtl" if language == "ar" else "ltr"
        rendered = pdf.render(letter(language=language, direction=direction, organisations=lines))
        text = squeezed(extracted(rendered))
        assert [name for name in self.NAMES if squeezed(name) not in text] == []

    def test_a_letter_from_right_to_left(self) -> None:
        body = "نطلب منكم [الإفراج](https://a.example) عن السجناء[^1].\n\n- أولا\n\n[^1]: ملاحظة"
        rendered = pdf.render(letter(language="ar", direction="rtl", subject="الحرية", body=body))
        assert squeezed("نطلب منكم الإفراج عن السجناء") in squeezed(extracted(rendered))
        assert catalogue(rendered)["/Lang"] == "ar"

    def test_a_character_without_a_font_is_named_with_the_name_it_is_in(self) -> None:
        lines = (Line("Freedom Now"), Line("Centre \ue000 for Rights"))
        with pytest.raises(MissingGlyph, match=r"\(U\+E000\) in “Centre \ue000 for Rights”"):
            pdf.render(letter(organisations=lines))

    def test_it_is_found_in_the_text_too(self) -> None:
        with pytest.raises(MissingGlyph) as refused:
            pdf.render(letter(body="The quick brown fox jumps over the lazy \u0378 dog and on"))
        assert refused.value.text == "…brown fox jumps over the lazy \u0378 dog and on"

    def test_a_box_may_stand_for_it_and_the_file_is_then_no_archive(self) -> None:
        lines = (Line("Centre \u0378 for Rights"),)
        rendered = pdf.render(letter(organisations=lines), allow_missing=True)
        assert "for Rights" in extracted(rendered)
        assert b"pdfuaid" not in rendered
        whole = pdf.render(letter(organisations=lines[:0]), allow_missing=True)
        assert b"pdfuaid:part" in whole


class TestFile:
    def test_it_is_tagged_accessible_and_fit_for_archives(self) -> None:
        rendered = pdf.render(letter(letterhead=(Lead("European Exchange"),), mark="Proof"))
        reader = PdfReader(BytesIO(rendered))
        assert b"<pdfuaid:part>1<" in rendered
        assert b"<pdfaid:part>2<" in rendered
        assert b"<pdfaid:conformance>A<" in rendered
        assert catalogue(rendered)["/Lang"] == "en"
        assert catalogue(rendered)["/MarkInfo"]["/Marked"]
        assert catalogue(rendered)["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.metadata
        assert reader.metadata.title == "On the freedom of lawyers"
        assert reader.metadata.author == "European Exchange"
        assert reader.metadata.creation_date == AS_OF

    def test_every_page_says_what_it_is(self) -> None:
        rendered = pdf.render(letter(body="A line.\n\n" * 60, mark="Proof"))
        for page in texts(rendered):
            assert "Proof · Version 1 · SHA-256 0123 4567 89ab cdef… · as of 29 September" in page

    def test_it_says_how_it_can_be_checked(self) -> None:
        text = squeezed(extracted(pdf.render(letter(organisations=organisations(2)))))
        assert "2listedsignatoriesasof29September2025,16:00(UTC)" in text
        assert "0123456789abcdef" * 4 in text
        assert "https://letters.example.org/letters/lawyers" in text

    def test_logos_are_balanced_and_have_alternatives(self) -> None:
        leads = [Lead(f"Lead {n}", logo=picture("PNG", (100 + 90 * n, 100))) for n in range(12)]
        for count in (1, 2, 5, 12):
            reader = PdfReader(BytesIO(pdf.render(letter(letterhead=tuple(leads[:count])))))
            assert len(reader.pages) == 1
        mixed = (*leads[:3], Lead("Norwegian Helsinki Committee", "Den norske Helsingforskomité"))
        assert "Helsinki" in extracted(pdf.render(letter(letterhead=mixed)))

    def test_footnotes_stand_on_the_page_that_refers_to_them(self) -> None:
        body = "First.[^a]\n\n" + "A line.\n\n" * 50 + "Last.[^b]\n\n[^a]: note one\n[^b]: note two"
        first, second = texts(pdf.render(letter(body=body)))
        assert "note one" in first
        assert "note two" in second

    def test_every_node_of_a_body_prints(self) -> None:
        body = (
            "# h\n\n### i\n\n**b** *i* ~~s~~ `c`  \nx[^1] y[^1]\n\n7. a\n   - b\n\n> q\n\n---\n\n"
        )
        body += "```\nd\n```\n\n| l | r |\n|:-:|--:|\n| 1 | 2[^1] |\n\n[^1]: n\n\n    - m"
        text = squeezed(extracted(pdf.render(letter(body=body))))
        for said in ("h", "i", "b", "7.a", "•b", "q", "d", "lr12", "1n", "•m"):
            assert said in text

    def test_what_people_typed_is_never_typst(self) -> None:
        hostile = '#panic("x") $x$ *b* \\u{41} `#read("letter.json")` @a <b> ] } // c \\'
        rendered = pdf.render(
            letter(
                title=hostile,
                subject=hostile,
                body=hostile.replace("*", "\\*").replace("`", "\\`").replace("\\u", "\\\\u"),
                letterhead=(Lead(hostile, hostile),),
                addressees=(hostile,),
                cc=(hostile,),
                organisations=(Line(hostile, representative=hostile),),
            )
        )
        assert squeezed(extracted(rendered)).count(squeezed('#panic("x")$x$*b*')) == 8


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


def extracted(rendered: bytes, *options: str) -> str:
    """The text as a reader program copies it out, without hyphenation and direction marks."""
    done = subprocess.run(
        ["pdftotext", "-nopgbrk", *options, "-", "-"],
        input=rendered,
        capture_output=True,
        check=True,
    )
    return re.sub("\u00ad\n|[\u200e\u200f\u202a-\u202e]", "", done.stdout.decode())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def texts(rendered: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(rendered)).pages]


def pages(rendered: bytes) -> int:
    return len(PdfReader(BytesIO(rendered)).pages)


def catalogue(rendered: bytes) -> Any:
    return PdfReader(BytesIO(rendered)).root_object


def links(rendered: bytes) -> list[str]:
    annotations = [
        note.get_object()
        for page in PdfReader(BytesIO(rendered)).pages
        for note in page.annotations or []
    ]
    return [note["/A"]["/URI"] for note in annotations if note["/Subtype"] == "/Link"]


def urls(tree: Tree) -> list[str]:
    return re.findall(r"'url': '([^']+)'", str(tree))


def in_order(document: Document) -> list[str]:
    """What the PDF of the reference letter says, from its head to its last name."""
    names = [line.name for line in document.organisations]
    leads = [text for lead in document.letterhead for text in (lead.name, lead.local_name)]
    return [
        *leads,
        document.place_and_date,
        *document.addressees,
        document.subject_label,
        document.subject,
        document.salutation,
        *(said(block) for block in document.body["blocks"]),
        document.signatories_heading,
        *names,
        "Individuals",
        *(line.name for line in document.individuals),
    ]


def said(block: Node) -> str:
    if block["type"] == "list":
        return "".join("•" + "".join(map(said, blocks)) for blocks in block["items"])
    return "".join(strings({"blocks": [block], "footnotes": []}))
