import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document as Opened
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents import docx
from app.documents.document import Lead, Line
from app.documents.docx.text import directed
from app.documents.docx.wordml import properties
from app.documents.markdown import parse, strings
from app.i18n import direction
from tests.documents.extraction import squeezed
from tests.documents.letters import AS_OF, letter, organisations, picture, reference_letter, urls
from tests.documents.word import DIRECTION_MARKS, W, Word, value

RICH = """\
# One

**b** *i* ~~s~~ `c` [l *m*](https://a.example/?x&y)[^a] and[^a]\\
below

### Two

7. seven
   - point

     more of it
     1. deep
8. eight

between

1. one anew

> said
>
> > inside

| l | m | r | n |
|:--|:-:|--:|---|
| 1 | 2 | 3 | 4 |

---

```
d
    e
```

[^a]: note [there](https://b.example)

    - listed
"""


def rendered(**facts: Any) -> Word:
    word = Word(docx.render(letter(**facts)))
    assert word.faults() == []
    return word


class TestReferenceLetter:
    @pytest.fixture
    def word(self, tmp_path: Path) -> Word:
        return Word(docx.render(reference_letter(tmp_path)))

    def test_it_is_sound_and_its_paragraphs_have_styles(self, word: Word) -> None:
        assert word.faults() == []
        assert word.paragraphs("PlaceAndDate") == ["Baku and Geneva, 29 September 2025"]
        assert [text.count("\n") for text in word.paragraphs("Addressee")] == [2]
        assert word.paragraphs("Heading1")[0].startswith("Re.: ")
        assert word.paragraphs("Salutation") == ["Dear Mr. President,"]
        assert word.paragraphs("Letterhead")[0] == "European Exchange"
        assert word.paragraphs("LetterheadLocalName") == ["Europäischer Austausch"]
        assert len(word.paragraphs("ListBullet")) > 3

    def test_its_signatories_stand_in_their_order(self, word: Word, tmp_path: Path) -> None:
        letter = reference_letter(tmp_path)
        assert word.paragraphs("SignatoriesHeading") == ["The signatories:"]
        names = [line.name for line in (*letter.organisations, *letter.individuals)]
        assert word.paragraphs("Signatory") == names
        assert len(names) == 11

    def test_its_links_are_live_and_in_order(self, word: Word, tmp_path: Path) -> None:
        letter = reference_letter(tmp_path)
        assert word.links() == [*urls(letter.body), letter.check_url]


class TestText:
    def test_everything_of_the_body_has_its_style(self) -> None:
        word = rendered(body=RICH)
        assert word.paragraphs("Heading2") == ["One"]
        assert word.paragraphs("Heading3") == ["Two"]
        assert "b i s c l m and1\nbelow" in word.paragraphs("BodyText")
        assert word.paragraphs("Quote") == ["said", "inside"]
        assert word.paragraphs("SourceCode") == ["d\n    e"]
        assert word.paragraphs("TableHead") == ["l", "m", "r", "n"]
        assert word.paragraphs("TableText") == ["1", "2", "3", "4"]
        assert len(word.paragraphs("Rule")) == 1

    @pytest.mark.parametrize(
        ("tag", "text"), [("b", "b"), ("i", "i"), ("i", "m"), ("strike", "s"), ("iCs", "i")]
    )
    def test_emphasis_is_as_word_makes_it(self, tag: str, text: str) -> None:
        runs = rendered(body=RICH).find("r")
        marked = [run.findtext(f"{W}t") for run in runs if value(run, f"rPr/{tag}") is not None]
        assert text in marked

    def test_lists_are_lists_with_their_levels_and_starts(self) -> None:
        word = rendered(body=RICH)
        points = [
            (value(p, "pPr/numPr/ilvl"), value(p, "pPr/numPr/numId"))
            for p in word.find("p")
            if p.find(f"{W}pPr/{W}numPr") is not None
        ]
        assert [level for level, _number in points] == ["0", "1", "2", "0", "0"]
        numbers = [number for _level, number in points]
        assert numbers[0] == numbers[3]
        assert len(set(numbers)) == 4
        starts = {
            each.get(f"{W}numId"): value(each, "lvlOverride/startOverride")
            for each in word.parts["word/numbering.xml"].iter(f"{W}num")
        }
        assert [starts[number] for number in numbers] == ["7", None, "1", "7", "1"]
        assert word.paragraphs("ListParagraph") == ["more of it"]

    def test_the_lists_of_two_kinds_look_alike_at_every_level(self) -> None:
        numbering = rendered().parts["word/numbering.xml"]
        assert [len(list(d.iter(f"{W}lvl"))) for d in numbering.iter(f"{W}abstractNum")] == [9, 9]

    def test_a_note_is_one_note_however_often_it_is_referred_to(self) -> None:
        word = rendered(body=RICH)
        assert len(word.find("footnoteReference")) == 1
        [again] = word.find("fldSimple")
        assert again.get(f"{W}instr") == " NOTEREF _Note1 \\f \\h "
        assert word.note(1) == "note there\nlisted"
        targets = {target for target, _ in word.relations("word/footnotes.xml").values()}
        assert targets == {"https://b.example"}

    def test_a_table_breaks_no_word_to_make_room_for_a_long_cell(self) -> None:
        heads = ("Correspondent", "Arrested", "First hearing", "Charge")
        cells = ("Salma B.", "12 March", "9 March", "Photography of the harbour " * 3)
        head, rule, row = ("|".join(line) for line in (heads, ["--"] * 4, cells))
        table = rendered(body=f"{head}\n{rule}\n{row}").find("tbl")[0]
        widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
        longest = ("Correspondent", "Arrested", "hearing", "Photography")
        needed = [len(word) * 120 + 216 for word in longest]
        assert all(width >= least for width, least in zip(widths, needed, strict=True))
        assert sum(widths) <= 9072

    def test_a_table_repeats_its_head_and_keeps_its_sides(self) -> None:
        table = Opened(BytesIO(docx.render(letter(body=RICH)))).tables[0]
        assert [cell.text for cell in table.rows[0].cells] == ["l", "m", "r", "n"]
        head = table.rows[0]._tr
        assert head.find(f"{W}trPr/{W}tblHeader") is not None
        sides = [value(p, "pPr/jc") for p in head.iter(f"{W}p")]
        assert sides == ["left", "center", "right", None]

    @pytest.mark.parametrize(
        "body",
        [
            "",
            "- ",
            "- - - a",
            "1.\n2. # b",
            "| a |\n|---|",
            "|".join("a" * 90) + "\n" + "|".join("-" * 90) + "\n" + "|".join("b" * 90),
            "> " * 15 + "a",
            "".join(" " * 2 * n + "- a\n" for n in range(30)),
            "a[^1]\n\n[^1]: - b",
            "a[^1]\n\n[^1]: | a |\n    |---|\n    | b |",
            "999999999. a",
            "[[^1]](http://a.example)\n\n# b[^1]\n\n[^1]: c",
        ],
    )
    def test_unusual_bodies_are_sound(self, body: str) -> None:
        word = rendered(body=body)
        assert squeezed("".join(strings(parse(body)))) in squeezed(word.text()) or "[^1]" in body


class TestList:
    def test_long_lists_are_columns_of_a_section(self) -> None:
        for count, columns in ((41, 2), (301, 3)):
            word = rendered(organisations=organisations(count))
            sections = [each.find(f"{W}cols").get(f"{W}num") for each in word.find("sectPr")]
            assert sections == [None, str(columns), None]
            assert {value(each, "type") for each in word.find("sectPr")} == {"continuous"}
            style = f"SignatoryIn{columns}Columns"
            assert word.paragraphs(style) == [line.name for line in organisations(count)]

    def test_a_letter_may_say_in_how_many(self) -> None:
        word = rendered(organisations=organisations(9), columns=3)
        assert len(word.paragraphs("SignatoryIn3Columns")) == 9
        assert len(rendered(organisations=organisations(99), columns=1).find("sectPr")) == 1

    def test_no_heading_stands_alone(self) -> None:
        """In columns it begins a page, as Word keeps nothing together across sections."""
        styles = rendered().parts["word/styles.xml"]
        keeping = {
            style.get(f"{W}styleId")
            for style in styles.iter(f"{W}style")
            if style.find(f"{W}pPr/{W}keepNext") is not None
        }
        assert {f"Heading{level}" for level in range(1, 7)} <= keeping
        based = {s.get(f"{W}styleId"): value(s, "basedOn") for s in styles.iter(f"{W}style")}
        for heading in ("SignatoriesHeading", "GroupHeading", "IndividualsHeading"):
            assert based[heading] in keeping
        for count, breaks in ((3, 0), (41, 1)):
            word = rendered(organisations=organisations(count))
            assert len(word.find("pageBreakBefore")) == breaks

    def test_a_short_list_is_kept_in_one_piece_with_the_end(self) -> None:
        word = rendered(organisations=organisations(24))
        assert len(self.kept(word)) == 24
        word = rendered(organisations=organisations(30))
        assert self.kept(word) == [0, 1, 26, 27, 28, 29]

    def kept(self, word: Word) -> list[int]:
        names = [p for p in word.find("p") if value(p, "pPr/pStyle") == "Signatory"]
        return [n for n, p in enumerate(names) if p.find(f"{W}pPr/{W}keepNext") is not None]

    def test_groups_stand_under_their_headings(self) -> None:
        lines = (Line("A", group="Asia"), Line("B", group="Asia"), Line("C", group="Europe"))
        word = rendered(organisations=lines)
        after = word.paragraphs()[word.paragraphs().index("The signatories:") + 1 :]
        assert after[:5] == ["Asia", "A", "B", "Europe", "C"]
        assert word.paragraphs("GroupHeading") == ["Asia", "Europe"]

    def test_individuals_stand_apart_with_role_and_affiliation(self) -> None:
        person = Line("Samed Rahimli", role="lawyer", affiliation="Bar Association")
        word = rendered(organisations=organisations(1), individuals=(person,))
        assert word.paragraphs("IndividualsHeading") == ["Individuals"]
        assert word.paragraphs("Signatory")[-1] == "Samed Rahimli, lawyer, Bar Association"
        assert rendered(individuals=(person,)).paragraphs("IndividualsHeading") == []

    def test_individuals_have_columns_of_their_own(self) -> None:
        word = rendered(organisations=organisations(301), individuals=organisations(41))
        sections = [each.find(f"{W}cols").get(f"{W}num") for each in word.find("sectPr")]
        assert sections == [None, "3", "2", None]

    def test_as_many_columns_of_individuals_do_not_run_on_from_those_of_organisations(self) -> None:
        lists = {"organisations": organisations(60), "individuals": organisations(50)}
        for listed, expected in (
            (lists, [None, "2", "2", None]),
            ({**lists, "organisations": ()}, [None, "2", None]),
            ({**lists, "columns": 1}, [None]),
        ):
            sections = [
                each.find(f"{W}cols").get(f"{W}num") for each in rendered(**listed).find("sectPr")
            ]
            assert sections == expected

    def test_a_table_has_its_head_on_every_page(self) -> None:
        lines = (
            Line("Freedom Now", country="Norway", group="Europe", reported=True),
            Line(
                "Other", country="Ghana", representative="Jane Doe", role="Director", group="Africa"
            ),
        )
        word = rendered(organisations=lines, form="table")
        assert word.paragraphs("TableHead") == ["Organisation", "Country", "Representative"]
        assert word.paragraphs("GroupHeading") == ["Europe", "Africa"]
        said = word.paragraphs("SignatoryInTable")
        assert said == ["Freedom Now†", "Norway", "", "Other", "Ghana", "Jane Doe, Director"]
        assert len(word.find("tblHeader")) == 1
        assert len(word.find("sectPr")) == 1

    def test_what_is_said_of_a_line_follows_it(self) -> None:
        lines = (
            Line("Freedom Now", representative="Jane Doe", role="Director", reported=True),
            Line("Other", signed_version=1),
        )
        word = rendered(organisations=lines, withheld=5)
        names = word.paragraphs("Signatory")
        assert names == ["Freedom Now†\nJane Doe, Director", "Other, signed version 1"]
        assert word.paragraphs("Withheld")[0].startswith("and 5 organisations and individuals")
        assert word.paragraphs("FootLine")[0].startswith("† Reported")

    def test_a_wall_of_logos_says_whose_they_are(self) -> None:
        leads = tuple(Lead(f"Lead {n}", logo=picture("PNG", (90 + n, 60))) for n in range(30))
        word = rendered(wall=leads)
        assert word.alternatives()[:30] == [lead.name for lead in leads]

    def test_ten_thousand_keep_their_order(self) -> None:
        lines = organisations(10_000)
        for form in ("names", "table"):
            word = Word(docx.render(letter(organisations=lines, form=form)))
            text = word.text()
            found = re.findall(r"Organisation (\d{5})", text)
            assert found == [f"{n:05d}" for n in range(10_000)]

    def test_without_anybody_there_is_no_list(self) -> None:
        assert rendered().paragraphs("SignatoriesHeading") == []
        assert rendered(withheld=2).paragraphs("SignatoriesHeading") == ["The signatories:"]


class TestLetterhead:
    def test_logos_cover_the_same_area_in_the_order_given(self) -> None:
        leads = tuple(
            Lead(f"Lead {n}", logo=picture("PNG", size))
            for n, size in enumerate([(300, 300), (400, 200), (300, 240)])
        )
        word = rendered(letterhead=leads)
        areas = [width * height for width, height in word.sizes()[:3]]
        assert areas == [pytest.approx(areas[0], rel=0.01)] * 3
        assert word.alternatives()[:3] == ["Lead 0", "Lead 1", "Lead 2"]

    @pytest.mark.parametrize(("count", "rows"), [(1, 0), (2, 1), (6, 1), (7, 2), (12, 2)])
    def test_many_stand_in_rows_within_the_page(self, count: int, rows: int) -> None:
        leads = tuple(
            Lead(f"Lead {n}", logo=picture("JPEG", (100 + 90 * n, 100))) for n in range(count)
        )
        word = rendered(letterhead=leads)
        tables = word.find("tbl")[:-1]
        assert len(tables) == rows
        for table in tables:
            widths = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
            assert sum(widths) == pytest.approx(9072, abs=len(widths))

    def test_who_has_no_logo_stands_in_type(self) -> None:
        committee = Lead("Norwegian Helsinki Committee", "Den norske Helsingforskomité")
        word = rendered(letterhead=(Lead("A", logo=picture("WEBP")), committee))
        assert word.alternatives()[0] == "A"
        assert committee.name in word.paragraphs("Letterhead")
        assert word.paragraphs("LetterheadLocalName") == [committee.local_name]
        assert all(content.startswith(b"\x89PNG") for content in word.media())

    def test_the_same_picture_is_in_the_file_once(self) -> None:
        lead = Lead("A", logo=picture("PNG"))
        assert len(rendered(letterhead=(lead, lead), wall=(lead,)).media()) == 2  # with the code


class TestScripts:
    def test_a_letter_from_right_to_left(self) -> None:
        body = "نطلب (حالا) [الإفراج](https://a.example) عن ABC.\n\n| a |\n|:--|\n| ب |"
        word = rendered(
            language="ar",
            direction="rtl",
            subject="الحرية",
            body=body,
            organisations=organisations(41),
        )
        styles = word.parts["word/styles.xml"]
        [normal] = [s for s in styles.iter(f"{W}style") if s.get(f"{W}styleId") == "Normal"]
        assert normal.find(f"{W}pPr/{W}bidi") is not None
        language = styles.find(f".//{W}lang").attrib
        assert language[f"{W}bidi"] == "ar-EG"
        runs = {run.findtext(f"{W}t"): value(run, "rPr/rtl") for run in word.find("r")}
        assert runs["نطلب (حالا) "] == ""
        assert runs["ABC"] is None
        assert runs["الحرية"] == ""
        assert all(section.find(f"{W}bidi") is not None for section in word.find("sectPr"))
        assert len(word.find("bidiVisual")) == len(word.find("tbl")) == 2
        # What Word calls left is where a line starts, so here it is right.
        assert [value(p, "pPr/jc") for p in word.find("tc/p")[:2]] == ["right", "right"]

    def test_what_the_service_says_in_another_language_says_so(self) -> None:
        word = rendered(language="ur", direction="rtl", organisations=(Line("مركز"),))
        [line, *_] = [p for p in word.find("p") if value(p, "pPr/pStyle") == "FootLine"][1:]
        assert value(line, "pPr/bidi") == "0"
        assert value(line, "pPr/jc") == "right"
        assert value(line, "r/rPr/lang") == "en-US"

    def test_names_keep_their_own_direction(self) -> None:
        lines = (Line("مركز حماية", country="Palestine"), Line("مركز (ABC)"), Line("Freedom Now"))
        word = rendered(organisations=lines)
        names = [p for p in word.find("p") if value(p, "pPr/pStyle") == "Signatory"]
        assert [value(p, "r/rPr/rtl") for p in names] == ["", "", None]
        texts = ["".join(p.itertext()) for p in names]
        assert texts == ["مركز حماية\u200e, Palestine", "\u202bمركز (ABC)\u202c", "Freedom Now"]

    @pytest.mark.parametrize(
        ("text", "base", "pieces"),
        [
            ("plain (a) 1", "ltr", ["plain (a) 1"]),
            ("see שלום עולם, (שם) now", "ltr", ["see ", "שלום עולם, (שם", ") now"]),
            ("שלום (ABC) 12", "rtl", ["שלום (", "ABC", ") 12"]),
            ("12 ABC", "rtl", ["12 ", "ABC"]),
            ("e\u0301 שָ", "ltr", ["e\u0301 ", "שָ"]),
            ("", "rtl", []),
        ],
    )
    def test_runs_have_one_direction(self, text: str, base: Any, pieces: list[str]) -> None:
        assert [piece for piece, _side in directed(text, base)] == pieces

    @pytest.mark.parametrize(
        ("language", "attribute", "tag"),
        [("en", "val", "en-US"), ("fr-CH", "val", "fr-CH"), ("zh-TW", "eastAsia", "zh-TW"),
         ("he", "bidi", "he-IL"), ("ja", "eastAsia", "ja-JP"), ("xx", "val", "xx")],
    )  # fmt: skip
    def test_word_knows_the_language(self, language: str, attribute: str, tag: str) -> None:
        word = rendered(language=language, direction=direction(language))
        assert word.parts["word/styles.xml"].find(f".//{W}lang").get(W + attribute) == tag
        assert word.parts["word/settings.xml"].find(f"{W}autoHyphenation") is not None


class TestFile:
    def test_it_says_what_it_is(self) -> None:
        leads = (Lead("European Exchange"), Lead("Freedom Now"))
        core = Opened(BytesIO(docx.render(letter(letterhead=leads)))).core_properties
        assert core.title == "On the freedom of lawyers"
        assert core.author == "European Exchange; Freedom Now"
        assert core.language == "en-US"
        assert core.created == AS_OF
        long = Opened(BytesIO(docx.render(letter(title="x" * 999)))).core_properties
        assert long.title == "x" * 255

    def test_every_page_says_what_it_is(self) -> None:
        footer = rendered(mark="Proof").parts["word/footer.xml"]
        text = "".join(footer.itertext())
        assert text.startswith("Proof · Version 1 · SHA-256 0123 4567 89ab cdef… · as of 29 Sept")
        assert [f.get(f"{W}instr") for f in footer.iter(f"{W}fldSimple")] == [
            " PAGE ",
            " NUMPAGES ",
        ]

    def test_it_says_how_it_can_be_checked(self) -> None:
        word = rendered(organisations=organisations(2))
        lines = word.paragraphs("FootLine")
        assert "2 listed signatories as of 29 September 2025, 16:00 (UTC)" in lines
        grouped = " ".join(["0123 4567 89ab cdef"] * 4)
        assert f"Version 1 of the letter\nSHA-256 {grouped}" in lines
        assert word.links() == ["https://letters.example.org/letters/lawyers"]
        assert word.alternatives()[-1].startswith("QR code that leads to https://letters.example")

    def test_the_same_letter_gives_the_same_bytes(self) -> None:
        facts: dict[str, Any] = {
            "body": RICH,
            "letterhead": (Lead("A", logo=picture("PNG")), Lead("B")),
            "organisations": organisations(50),
        }
        assert docx.render(letter(**facts)) == docx.render(letter(**facts))

    def test_what_people_typed_is_text(self) -> None:
        hostile = (
            '{ HYPERLINK "http://e.example" } MERGEFIELD <w:br/> &amp; ]]> {{ 7 }} \x01\x0b\ufffe'
        )
        shown = hostile[: hostile.index("\x01")]
        word = rendered(
            title=hostile,
            subject=hostile,
            body=hostile.replace("<", "\\<").replace("&", "\\&"),
            letterhead=(Lead(hostile, hostile), Lead(hostile, logo=picture("PNG"))),
            addressees=(hostile,),
            cc=(hostile,),
            closing=hostile,
            mark=hostile,
            signatories_heading=hostile,
            organisations=(Line(hostile, representative=hostile, country=hostile, group=hostile),),
        )
        assert word.text().count(shown.strip()) == 12
        fields = [f for part in word.parts.values() for f in part.iter(f"{W}fldSimple")]
        assert [f.get(f"{W}instr") for f in fields] == [" PAGE ", " NUMPAGES "]
        assert not any(list(part.iter(f"{W}instrText")) for part in word.parts.values())
        outside = [
            t for t, is_outside in word.relations("word/document.xml").values() if is_outside
        ]
        assert outside == ["https://letters.example.org/letters/lawyers"]

    def test_properties_come_in_words_order_or_not_at_all(self) -> None:
        made = properties("pPr", {"jc": "left", "keepNext": True, "pStyle": "A", "ind": None})
        assert re.findall(r"w:(\w+)", made)[1:-1:1][:5] == [
            "pStyle",
            "val",
            "keepNext",
            "jc",
            "val",
        ]
        with pytest.raises(KeyError):
            properties("pPr", {"color": "red"})


NAMES = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
BLOCKS = ["# a", "### b", "- c", "  - d", "1. e", "7) f", "> g", "---", "", "    j", "[^1]: q"]
BLOCKS += ["| h |\n|---|\n| i |", "```\nk\n```"]
INLINES = ["l[^1]", "**m *n***", "[o](https://a.example)", "<b>", "שלום p", "~~r~~\\"]
LINES = st.sampled_from(BLOCKS + INLINES)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, max_size=20).map("\n".join), NAMES, st.sampled_from(["ltr", "rtl"]))
def test_any_body_and_any_name_give_a_sound_file(body: str, name: str, side: Any) -> None:
    word = rendered(body=body, direction=side, organisations=(Line(name, representative=name),))
    text = seen(word.text())
    for piece in (*strings(parse(body)), name):
        assert seen(piece) in text


def seen(text: str) -> str:
    """What is to be seen of a text."""
    return squeezed(re.sub("[\x00-\x1f\ufffe\uffff]", "", DIRECTION_MARKS.sub("", text)))
