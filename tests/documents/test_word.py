"""Letters come in from Word: what is kept, what is listed, what is refused."""

import itertools
import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from app.documents import word
from app.documents.markdown import Node, parse, strings
from app.documents.word import WordLetter
from app.errors import Refused
from tests.documents.word_files import (
    archive,
    change,
    field,
    p,
    picture,
    r,
    root,
    table,
    text_box,
    word_file,
)
from tests.harness.shared import shared

BOLD, ITALIC = "<w:b/>", "<w:i/>"


def letter(body: str, changes: str = "accept", **parts: str) -> WordLetter:
    return word.read(word_file(body, **parts), changes=changes)  # type: ignore[arg-type]


def refusal(source: bytes) -> str:
    with pytest.raises(Refused) as refused:
        word.read(source)
    assert refused.value.field == "file"
    assert refused.value.sentence.endswith((".", "?"))
    return refused.value.sentence


# What every file of the shared ones gives: a piece of its text, or the sentence that refuses it.
FILES = {
    "Eastern_Arabic_numbering.docx": "Use Native Digits = Context",
    "arabic_align.docx": "وثيقة تجربة",
    "arabic_numbering.docx": "وثيقة تجربة",
    "dpg-sustainability_en.docx": "digital public good",
    "eclipse-foundation-input-open-source-hardware.docx": "how the CRA applies",
    "empty.docx": None,
    "endnotes.docx": "A tachyon walks into a bar.",
    "external-picture.docx": None,
    "footnote-hyperlink.docx": "Example",
    "keepandroidopen-google_letter.docx": "We, the undersigned organizations",
    "osd-sos_index-he-IL.docx": "הגדרת הקוד הפתוח",
    "protetti-ministra_letter.docx": "Gentile Ministra,",
    "simple-list.docx": "Banana",
    "strict-format.docx": "Test",
    "tables.docx": "Bottom right",
    "text-box.docx": "Datum plane",
    "utf8-bom.docx": "This XML has a byte order mark.",
}


@pytest.mark.parametrize("name", FILES)
def test_every_file_gives_a_letter_or_a_sentence(name: str) -> None:
    source, expected = shared(f"docx/{name}").read_bytes(), FILES[name]
    if expected is None:
        assert refusal(source) == "There is no text in this file."
        return
    read = word.read(source)
    assert expected in " ".join(strings(parse(read.body)))
    assert read.title
    assert all(re.fullmatch(r"[A-Z“].+[.”]", sentence) for sentence in read.losses)


def test_no_file_is_forgotten() -> None:
    assert {path.name for path in shared("docx").glob("*.docx")} == set(FILES)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("dpg-sustainability_en.docx", "en"),
        ("osd-sos_index-he-IL.docx", "he"),
        ("protetti-ministra_letter.docx", "it"),
        ("arabic_numbering.docx", "ar"),
    ],
)
def test_the_language_is_read_off_the_text(name: str, language: str) -> None:
    assert word.read(shared(f"docx/{name}").read_bytes()).language == language


@pytest.mark.parametrize(
    ("name", "lists", "links", "footnotes"),
    [
        ("dpg-sustainability_en.docx", 1, 14, 9),
        ("keepandroidopen-google_letter.docx", 6, 0, 0),
        ("protetti-ministra_letter.docx", 1, 0, 0),
        ("osd-sos_index-he-IL.docx", 1, 7, 0),
    ],
)
def test_a_real_letter_keeps_its_links_lists_and_footnotes(
    name: str, lists: int, links: int, footnotes: int
) -> None:
    read = parse(word.read(shared(f"docx/{name}").read_bytes()).body)
    assert len(found(read["blocks"], "list")) == lists
    assert len(found([read["blocks"], read["footnotes"]], "link")) == links
    assert len(found(read["blocks"], "footnote_ref")) == len(read["footnotes"]) == footnotes


def found(node: object, kind: str) -> list[Node]:
    if isinstance(node, list):
        return [one for child in node for one in found(child, kind)]
    if not isinstance(node, dict):
        return []
    inside = [one for child in node.values() for one in found(child, kind)]
    return [node, *inside] if node.get("type") == kind else inside


def test_paragraphs_headings_formats_and_breaks_are_kept() -> None:
    read = letter(
        p("On frequencies", style="Title")
        + p("A ", r("strong ", BOLD), r("word", BOLD + ITALIC), " and ", r("gone", "<w:strike/>"))
        + p("What we ask", style="Heading1")
        + p("one<w:br/>".removesuffix("<w:br/>"), "<w:r><w:br/></w:r>", "two")
        + p("As you said.", style="Quote")
    )
    assert read.title == "On frequencies"
    assert read.body == (
        "A **strong _word_** and ~~gone~~\n\n# What we ask\n\none\\\ntwo\n\n> As you said.\n"
    )
    assert read.losses == []


def test_links_are_kept_and_those_elsewhere_named() -> None:
    links = {
        "r1": "https://a.example/x?a=1&amp;b=2",
        "r2": "javascript:alert(1)",
        "r3": "mailto:a@b.example",
    }
    runs = [f'<w:hyperlink r:id="{id_}">{r(id_)}</w:hyperlink>' for id_ in links]
    inner = f'<w:hyperlink w:anchor="part">{r("below")}</w:hyperlink>'
    read = letter(p(*runs, inner, field(' HYPERLINK "https://c.example" ', r("f"))), links=links)  # type: ignore[arg-type]
    assert read.body == (
        "[r1](https://a.example/x?a=1&b=2)r2[r3](mailto:a@b.example)below[f](https://c.example)\n"
    )
    assert read.losses == ["The link to javascript:alert(1) at “r2” was left out; its text stays."]


def test_nested_lists_keep_their_depth_and_their_first_number() -> None:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="%{level + 1}."/></w:lvl>'
        for level, (start, kind) in enumerate([(3, "decimal"), (1, "lowerLetter"), (1, "bullet")])
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )

    def point(text: str, level: int) -> str:
        number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
        return p(text, properties=number)

    read = letter(
        p("We ask you to:")
        + point("suspend", 0)
        + point("now", 1)
        + point("at once", 2)
        + point("hear", 0),
        numbering=numbering,
    )
    assert read.body == "We ask you to:\n\n3. suspend\n   1. now\n      - at once\n4. hear\n"
    assert read.losses == [
        "The list that begins “now at once” is numbered 1, 2, 3 now, as every list is."
    ]


def test_footnotes_and_endnotes_are_footnotes() -> None:
    reference = '<w:r><w:{0}Reference w:id="2"/></w:r>'
    read = letter(
        p("One", reference.format("footnote"), " two", reference.format("endnote")),
        footnotes=f'<w:footnote w:id="2">{p("See ", r("here", BOLD))}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{p("The end")}{p("of it")}</w:endnote>',
    )
    assert read.body == ("One[^1] two[^2]\n\n[^1]: See **here**\n\n[^2]: The end\n\n    of it\n")


def test_tables_have_one_head_and_cells_of_one_line() -> None:
    tall = '<w:tc><w:tcPr><w:vMerge w:val="{}"/></w:tcPr>{}</w:tc>'
    read = letter(
        table(
            [p("Name"), p("Says"), p("More")],
            [tall.format("restart", p("tall")), p("a") + p("b"), p("c|d")],
            [tall.format("continue", p()), table([p("inner")]) + p(), p("e")],
        )
        + p("After")
    )
    assert read.body.startswith(
        "| Name | Says | More |\n| --- | --- | --- |\n| tall | a b | c\\|d |\n|  | inner | e |\n"
    )
    assert read.losses == [
        "The table that begins “Name” has no merged cells now.",
        "The paragraphs of a cell follow each other on one line: “a b”.",
        "The list or table inside a cell is now plain text: “inner”.",
        "The table that begins “Name” has a head now: its first row.",
    ]


TRACKED = (
    p(
        "We ",
        change("del", r("beg", tag="delText")),
        change("ins", r("ask") + change("del", r("!", tag="delText"))),
        " you ",
        change("moveFrom", r("kindly ")),
        "to act",
        change("moveTo", r(" kindly")),
        r(".", BOLD + "<w:rPrChange w:id='1' w:author='Anna'><w:rPr/></w:rPrChange>"),
    )
    + p("Old", properties=f"<w:rPr>{change('del', '')}</w:rPr>")
    + p(" end.")
    + p(change("ins", r("New paragraph.")), properties=f"<w:rPr>{change('ins', '')}</w:rPr>")
    + table(
        [p("Head")],
        [p("old row")],
        [p("new row")],
        properties=("", change("del", ""), change("ins", "")),
    )
)


def test_tracked_changes_are_accepted() -> None:
    read = letter(TRACKED)
    assert read.body == (
        "We ask you to act kindly.\n\nOld end.\n\nNew paragraph.\n\n"
        "| Head |\n| --- |\n| new row |\n"
    )
    assert read.losses[0] == "11 tracked changes were accepted."


def test_tracked_changes_are_refused() -> None:
    read = letter(TRACKED, "reject")
    assert read.body == (
        "We beg you kindly to act.\n\nOld\n\nend.\n\n| Head |\n| --- |\n| old row |\n"
    )
    assert read.losses[0] == "11 tracked changes were refused."


def test_comments_pictures_and_text_boxes_are_listed_by_place() -> None:
    read = letter(
        p("Give the frequency back", '<w:r><w:commentReference w:id="7"/></w:r>', " now.")
        + p(picture("Our logo"), "Dear Ms Varga,")
        + p("We write.", picture(), text_box(p("Boxed ", r("words", BOLD)) + p(picture(), "more")))
        + p("The end.", "<w:r><w:object/></w:r>"),
        comments=f'<w:comment w:id="7" w:author="Anna">{p("Which one?")}</w:comment>',
    )
    assert read.body == (
        "Give the frequency back now.\n\nDear Ms Varga,\n\nWe write.\n\n"
        "Boxed **words**\n\nmore\n\nThe end.\n"
    )
    assert read.losses == [
        "The comment of Anna near “Give the frequency back” was left out: “Which one?”.",
        "The picture “Our logo” near “Dear Ms Varga,” was left out.",
        "The picture near “We write.” was left out.",
        "The text box near “We write.” is now part of the text: “Boxed words more”.",
        "The picture near “more” was left out.",
        "What is embedded near “The end.” was left out.",
    ]


@pytest.mark.parametrize(
    ("body", "text", "loss"),
    [
        (
            p("Seen ", r("secret ", "<w:vanish/>"), r("agent", "<w:vanish/>"), "again"),
            "Seen again",
            "Hidden text near “Seen” was left out: “secret agent”.",
        ),
        (p("Seen", r("still", '<w:vanish w:val="0"/>')), "Seenstill", None),
        (
            p("So ", "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"),
            "So `x = 1`",
            "The equation near “So” is written as TeX now. Look at it.",
        ),
        (
            p("On ", field(" DATE ", r("12 May")), "."),
            "On 12 May.",
            "The field DATE near “On 12 May” is now the text it showed last.",
        ),
        (
            p("By ", f'<w:fldSimple w:instr=" AUTHOR ">{r("Anna")}</w:fldSimple>'),
            "By Anna",
            "The field AUTHOR near “By Anna” is now the text it showed last.",
        ),
        (
            p(
                "Say ",
                f"<w:r><w:ruby><w:rt>{r('kan')}</w:rt><w:rubyBase>{r('漢')}</w:rubyBase></w:ruby></w:r>",
            ),
            "Say 漢",
            "The reading “kan” near “Say 漢” was left out.",
        ),
        (
            p("Hi ")
            + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('Click here')}"
            "</w:sdtContent></w:sdt>",
            "Hi",
            "The empty form field “Click here” near “Hi” was left out.",
        ),
        (
            f"<w:customXml>{p('In ', '<w:smartTag>' + r('Ardal') + '</w:smartTag>')}</w:customXml>",
            "In Ardal",
            None,
        ),
        (p("1 000 m", r("2", '<w:vertAlign w:val="superscript"/>')), "1 000 m²", None),
        (
            p("x", r("a1", '<w:vertAlign w:val="subscript"/>')),
            "xa1",
            "“a1” near “x” is no longer raised or lowered.",
        ),
        (p("far<w:noBreakHyphen/>".removesuffix("<w:noBreakHyphen/>")), "far", None),
        (p("right", properties='<w:ind w:left="5000"/>'), "right", None),
        (p("both", properties='<w:ind w:left="700" w:right="700"/>'), "> both", None),
        (
            p("Contents 1", style="TOC1") + p("Text"),
            "Text",
            "The table of contents was left out.",
        ),
        (
            p("Ask", style="Heading1", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
            + p("You")
            + p("Tell", style="Heading1"),
            "# Ask\n\nYou\n\n# Tell",
            "The number that Word gave to the heading “Ask” was left out.",
        ),
        (p("a \ue000b"), "a b", "A symbol was left out that no other font has, at “b”."),
        (
            p('<mc:AlternateContent><mc:Choice Requires="wps">', r("new"), "</mc:Choice>")
            .replace("</mc:Choice>", "</mc:Choice><mc:Fallback>")
            .replace("</w:p>", f"{r('old')}</mc:Fallback></mc:AlternateContent></w:p>"),
            "new",
            None,
        ),
    ],
)
def test_what_else_word_has(body: str, text: str, loss: str | None) -> None:
    read = letter(p("Subject", style="Title") + body)
    assert read.body == f"{text}\n"
    assert read.losses == ([loss] if loss else [])


@pytest.mark.parametrize(
    "body",
    [
        p("{begin} TOC {separate}Chapter 1", style="TOC1") + p("{end}Text."),
        p("{begin} TOC {separate}") + p("Chapter 1{end}", style="TOC1") + p("Text."),
        p("{begin} TOC {separate}Chapter 1{begin} PAGEREF {separate}1{end}", style="TOC1")
        + p("{end}Text."),
        p("Text.{begin} TOC "),  # and it never ends
        p("Text.{end}{separate}"),  # and it never began
    ],
)
def test_fields_in_disorder_take_no_text_with_them(body: str) -> None:
    for kind in ("begin", "separate", "end"):
        mark = f'</w:t><w:fldChar w:fldCharType="{kind}"/><w:t>'
        body = body.replace(f"{{{kind}}}", mark)
    for kind in (" TOC ", " PAGEREF "):
        body = body.replace(kind, f"</w:t><w:instrText>{kind}</w:instrText><w:t>")
    read = letter(body)
    assert read.body == "Text.\n"
    assert set(read.losses) <= {"The table of contents was left out."}


def test_page_headers_and_footers_are_listed_once() -> None:
    read = letter(
        p("Text"),
        header1=p("Confidential draft", picture()),
        header2=p("Confidential draft"),
        footer1=p(field(" PAGE ", r("1"))),
    )
    assert read.losses == [
        "The page header “Confidential draft” was left out.",
        "The picture in the page header was left out.",
    ]


def test_the_frame_is_taken_from_words_own_styles_where_that_is_safe() -> None:
    begin = (
        p("Ardal, 1 December", style="Date")
        + p("Ms Ilse Varga", style="InsideAddress")
        + p("Chair", style="InsideAddress")
    )
    rest = p("We ask you.") + p("Yours sincerely,", style="Closing")
    read = letter(begin + p("Dear Ms Varga,", style="Salutation") + rest)
    assert (read.place_and_date, read.addressees) == (
        "Ardal, 1 December",
        ("Ms Ilse Varga\nChair",),
    )
    assert (read.salutation, read.closing) == ("Dear Ms Varga,", "Yours sincerely,")
    assert read.body == "We ask you.\n"
    # With a paragraph of another style before it, the salutation would change its place.
    read = letter(begin + p("By mail") + p("Dear Ms Varga,", style="Salutation") + rest + p("Anna"))
    assert (read.salutation, read.closing) == ("", "")
    assert read.body.startswith("By mail\n\nDear Ms Varga,")
    assert read.body.endswith("Yours sincerely,\n\nAnna\n")


@pytest.mark.parametrize(
    ("body", "core", "title", "has_title"),
    [
        (p("Free", style="Title") + p("us", style="Title") + p("x"), "", "Free us", True),
        (p("Short line") + p("The press", style="Heading1") + p("x"), "", "The press", True),
        (p("long " * 60) + p("Part one", style="Heading1") + p("x"), "", None, False),
        (p("One", style="Heading1") + p("x") + p("Two", style="Heading1"), "", "One", True),
        (p("We ask the council for the press."), "The press council", "The press council", True),
        (p("We ask you."), "Budget of last year", "We ask you.", False),
    ],
)
def test_the_title_is_never_one_of_another_text(
    body: str, core: str, title: str | None, has_title: bool
) -> None:
    read = letter(body, core=f"<dc:title>{core}</dc:title>")
    assert read.has_title is has_title
    assert read.title == title or (title is None and read.title.startswith("long long"))


@pytest.mark.parametrize(
    ("text", "marked", "language"),
    [
        ("We ask you", "en-US", "en"),
        ("Nous vous demandons", "fr-FR", "fr"),
        ("我們要求", "zh-TW", "zh-TW"),
        ("Мы просим", "en-US", "ru"),
        ("ჩვენ გთხოვთ", "en-US", "ka"),
        ("We ask you", "xx-YY", "en"),
    ],
)
def test_a_language_is_believed_where_the_script_is_its_own(
    text: str, marked: str, language: str
) -> None:
    lang = f'<w:lang w:val="{marked}" w:eastAsia="{marked}"/>'
    assert letter(p(r(text, lang))).language == language


def test_right_to_left_text_has_the_language_of_its_own_mark() -> None:
    lang = '<w:rtl/><w:lang w:val="en-US" w:bidi="fa-IR"/>'
    assert letter(p(r("ما می‌خواهیم", lang))).language == "fa"


def test_what_pandoc_does_not_read_is_named_all_the_same() -> None:
    unknown = "<w:unheardOf>" + r("lost words") + "</w:unheardOf>"
    read = letter(p("Kept") + p(unknown))
    assert read.body == "Kept\n"
    assert read.losses == ["This text could not be read: “lost words”."]


def test_very_many_losses_are_counted() -> None:
    read = letter(p("Text", *([picture()] * (word.MOST_LOSSES + 2))))
    assert len(read.losses) == word.MOST_LOSSES + 1
    assert read.losses[-1] == "2 more things could not be kept."


def test_macros_and_pictures_do_not_even_reach_the_reader() -> None:
    macros = word_file(p("Text"))
    packed = ZipFile(BytesIO(macros))
    entries = {name: packed.read(name) for name in packed.namelist()}
    read = word.read(archive({**entries, "word/vbaProject.bin": b"\0" * 100_000}))
    assert read.body == "Text\n"


BODY = f"<w:body>{p('x')}</w:body>"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "not a Word file"),
        (b"PK\x03\x04 and nothing more", "not a Word file"),
        (b"{\\rtf1 hello}", "not a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "without a password"),
        (b"PK" + b"x" * word.word_package.LARGEST_FILE, "larger than ten megabytes"),
        (archive({"a.txt": "x"}), "no Word text"),
        (archive({"word/document.xml": "<w:document"}), "damaged"),
        (archive({"word/document.xml": root("document", "")}), "no Word text"),
        (archive({f"{n}.xml": "" for n in range(5_001)}), "more in this file"),
        (archive({"word/document.xml": "<a>" * 400 + "</a>" * 400}), "damaged"),
        (
            archive(
                {
                    "word/document.xml": '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
                    + root("document", BODY)
                }
            ),
            "definitions",
        ),
        (
            archive(
                {
                    "word/document.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd">'
                    + root("document", BODY)
                }
            ),
            "definitions",
        ),
        (word_file(p("x" * 201_000)), "longer than 100,000 characters"),
        (word_file("<w:sectPr/>"), "no text"),
    ],
    ids=itertools.count(1),
)
def test_what_is_no_letter_is_refused_with_a_sentence(source: bytes, sentence: str) -> None:
    assert sentence in refusal(source)


def test_a_bomb_is_refused_while_it_inflates() -> None:
    """Whatever size the archive says its part has."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 40_000_000)
    bomb = bytearray(file.getvalue())
    assert len(bomb) < 60_000
    assert "more in this file" in refusal(bytes(bomb))
    told = bomb.rindex(b"PK\x01\x02") + 24  # the size of the part, in the directory
    bomb[told : told + 4] = (100).to_bytes(4, "little")
    assert refusal(bytes(bomb))


def test_an_encrypted_part_is_refused() -> None:
    locked = bytearray(word_file(p("x")))
    at = 0
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = 0
        while (at := locked.find(signature, at)) >= 0:
            locked[at + flags] |= 1
            at += 4
    assert "password" in refusal(bytes(locked))


def test_a_table_wider_than_a_letter_has_its_rows_as_text() -> None:
    cells = [f"cell{number}" for number in range(30)]
    line = [p(cell) for cell in cells]
    wide = letter(p("Before the table.") + table(line, line))
    row = " · ".join(cells)
    assert [*strings(parse(wide.body))] == ["Before the table.", row, row]
    assert "The table that begins “cell0” is too wide: its rows are text now." in wide.losses


def test_tables_in_tables_are_flattened_as_deep_as_they_go() -> None:
    nested = p("deep")
    for _level in range(80):
        nested = table([nested + p("x")])
    assert "deep" in letter(nested).body


def test_a_paragraph_of_very_many_parts_is_read_in_time() -> None:
    """Seconds, where looking back from each part would take hours."""
    read = letter(p(*(["<w:r/>", change("ins", "<w:r/>"), picture()] * 8_000), "x"))
    assert read.body == "x\n"


def test_more_parts_than_any_letter_has_are_refused() -> None:
    assert "more in this file" in refusal(word_file("<w:p/>" * 250_001))
