import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.documents import html, html_logos
from app.documents.document import Document, Lead, Line
from app.documents.markdown import parse
from app.letter.clean_text import clean_line
from tests.documents.html_facts import parsed
from tests.documents.letters import letter, organisations, picture
from tests.documents.strategies import documents

HOSTILE = "<script>alert('x')</script> \" onload=alert(1) {{ 7*7 }} {% raw %}"


class Elements(HTMLParser):
    """What a browser would make of some HTML: its elements in order, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def tags(self) -> set[str]:
        return {tag for tag, _attributes in self.all}

    def values(self, name: str) -> list[str]:
        return [attributes[name] or "" for _tag, attributes in self.all if name in attributes]


def body(source: str) -> str:
    return "".join(html.parts(parse(source)))


def test_headings_begin_where_the_page_wants_them_and_end_at_six() -> None:
    source = "# a\n\n## b\n\n### c\n\n#### d\n\n##### e\n\n###### f"
    tags = re.findall(r"<(h\d)>", body(source))
    assert tags == ["h2", "h3", "h4", "h5", "h6", "h6"]


def test_a_link_passes_on_no_authority() -> None:
    assert body("[a](https://b.example/?c&d)") == (
        '<p><a href="https://b.example/?c&amp;d" rel="nofollow noopener">a</a></p>\n'
    )


def test_points_of_a_tight_list_are_no_paragraphs() -> None:
    assert body("7. a\n8. b") == '<ol start="7">\n<li>a</li>\n<li>b</li>\n</ol>\n'
    assert "<li>\n<p>a</p>\n</li>" in body("- a\n\n- b")


def test_footnotes_lead_there_and_back() -> None:
    page = Elements(body("a[^1] b[^1] c[^2]\n\n[^1]: one\n[^2]: two\n\n    - list"))
    ids, targets = page.values("id"), page.values("href")
    assert sorted(ids) == sorted(target.removeprefix("#") for target in set(targets))
    assert page.values("aria-label").count("Back to where note 1 is referred to") == 2


@given(
    st.lists(st.sampled_from([*"*`~[]()!<>#|&\"'\n:/a", "https:", "[^1]", "\n[^1]: "])).map("".join)
)
def test_no_text_becomes_markup(source: str) -> None:
    elements = Elements(body(source)).all
    allowed = (
        "p h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td pre code hr em strong s"
    )
    assert {tag for tag, _ in elements} <= {*allowed.split(), "a", "br", "sup", "section", "div"}
    for _tag, attributes in elements:
        assert set(attributes) <= {
            "href",
            "rel",
            "id",
            "role",
            "start",
            "scope",
            "class",
            "aria-label",
            "dir",
            "tabindex",
        }


ALLOWED_TAGS = (
    "html head meta title style body main section div header footer p h1 h2 h3 h4 h5 h6 ul "
    "ol li blockquote table thead tbody tr th td pre code hr em strong s b small bdi span "
    "sup a br img"
)
ALLOWED_ATTRIBUTES = (
    "lang dir charset http-equiv content name class href rel id role start scope "
    "aria-label tabindex src width height alt"
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.text())
def test_no_letter_becomes_anything_but_a_letter(document: Document, raw: str) -> None:
    root, errors = parsed(html.page(replace(document, body=parse(raw), title=clean_line(raw))))
    assert errors == []
    parsed_whole, errors = parsed(html.page(document))
    assert errors == []
    for element in (*root.iter(), *parsed_whole.iter()):
        assert element.tag in ALLOWED_TAGS.split()
        assert set(element.keys()) <= set(ALLOWED_ATTRIBUTES.split())
        href = element.get("href", "#")
        assert href.startswith(("#", "https://", "http://", "mailto:")), href


def test_the_page_holds_the_whole_letter_in_order() -> None:
    page = Elements(
        html.page(
            letter(
                letterhead=(Lead("European Exchange", "Europäischer Austausch"),),
                place_and_date="Baku, 29 September 2025",
                addressees=("To the President,\nMikael Sjöberg",),
                cc=("The Secretary General",),
                subject_label="Re.:",
                salutation="Dear Mr. President,",
                closing="Yours sincerely,\nthe undersigned",
                organisations=(Line("Freedom Now", representative="Jane Doe", role="Director"),),
                individuals=(Line("Samed Rahimli", role="lawyer", reported=True),),
                withheld=3,
            )
        )
    )
    said = [
        "European Exchange",
        "Europäischer Austausch",
        "Baku, 29 September 2025",
        "To the President,",
        "Mikael Sjöberg",
        "Cc:",
        "The Secretary General",
        "Re.: Freedom of lawyers",
        "Dear Mr. President,",
        "We write to you about lawyers.",
        "Yours sincerely,",
        "The signatories:",
        "Freedom Now",
        "Jane Doe, Director",
        "Individuals",
        "Samed Rahimli",
        "†",
        ", lawyer",
        "and 3 organisations and individuals whose names are withheld for their safety",
        "† Reported by the organisers",
        "2 listed signatories as of 29 September 2025, 16:00 (UTC)",
        "Version 1 of the letter",
        "0123 4567 89ab cdef",
        "https://letters.example.org/letters/lawyers",
    ]
    at = page.text.index("</title>") if "</title>" in page.text else 0
    for piece in said:
        at = page.text.index(piece, at) + len(piece)


def test_the_page_stands_alone() -> None:
    page = html.page(letter(letterhead=(Lead("Logo", logo=picture("PNG")),)))
    elements = Elements(page)
    assert not elements.tags() & {"script", "link", "iframe", "object", "form"}
    assert not elements.values("style")
    assert all(url.startswith("data:image/") for url in elements.values("src"))
    assert f'content="{html.policy(page.encode())}"'.replace("'", "&#39;") in page


def test_the_policy_lets_the_page_style_itself_and_nothing_more() -> None:
    page = html.page(letter())
    style = re.search("<style>(.*)</style>", page, re.DOTALL)
    assert style
    assert "<" not in style[1]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src data:",
        html.policy(page.encode()),
    )


def test_what_people_typed_is_never_markup() -> None:
    page = html.page(
        letter(
            title=HOSTILE,
            subject=HOSTILE,
            letterhead=(Lead(HOSTILE, HOSTILE), Lead(HOSTILE, logo=picture("JPEG"))),
            addressees=(HOSTILE,),
            cc=(HOSTILE,),
            closing=HOSTILE,
            mark=HOSTILE,
            organisations=(Line(HOSTILE, representative=HOSTILE, country=HOSTILE),),
            check_url="https://a.example/?<script>",
        )
    )
    elements = Elements(page)
    assert "script" not in elements.tags()
    assert not elements.values("onload")
    assert "{{ 7*7 }}" in elements.text


def test_language_and_direction_are_the_letters_and_its_own_words_say_theirs() -> None:
    page = html.page(
        letter(
            language="ar",
            direction="rtl",
            organisations=(Line("مركز حماية", country="فلسطين"),),
            individuals=(Line("Samed Rahimli"),),
        )
    )
    assert '<html lang="ar" dir="rtl">' in page
    assert "<bdi>مركز حماية</bdi>" in page
    assert "، فلسطين" in page


@pytest.mark.parametrize(("count", "columns"), [(40, 1), (41, 2), (301, 3)])
def test_long_lists_stand_in_columns(count: int, columns: int) -> None:
    page = html.page(letter(organisations=organisations(count)))
    assert f'<div class="list columns-{columns}">' in page
    assert 'class="list columns-2"' in html.page(letter(columns=2, organisations=organisations(3)))


def test_organisations_stand_in_a_table_with_its_heads_and_groups() -> None:
    lines = (
        Line("Aurora", country="Norway", representative="Jane Doe", role="Director", group="North"),
        Line("Boreas", country="Sweden", group="North", reported=True, signed_version=1),
        Line("Notus", country="Malta", group="South"),
    )
    page = html.page(letter(form="table", organisations=lines, version=2))
    assert page.count('<th scope="col">') == 6
    assert re.findall(r'<h3 class="group">(.*)</h3>', page) == ["North", "South"]
    rows = re.findall(r'<tr><th scope="row">(.*)</th><td>(.*)</td><td>(.*)</td></tr>', page)
    assert [re.sub("<.*?>", "", " | ".join(row)) for row in rows] == [
        "Aurora | Norway | Jane Doe, Director",
        "Boreas†, signed version 1 | Sweden | ",
        "Notus | Malta | ",
    ]


def test_headings_of_groups_skip_no_level_where_the_list_has_none() -> None:
    lines = (Line("Lead"), Line("Aurora", group="North"), Line("Notus", group="South"))
    page = html.page(letter(signatories_heading="", organisations=lines))
    assert re.findall(r"<(h[1-6])", page) == ["h1", "h2", "h2"]


def test_logos_of_the_letterhead_stand_in_rows_in_their_order() -> None:
    for count, rows in ((1, [1]), (6, [6]), (7, [4, 3]), (12, [6, 6])):
        leads = [Lead(str(n), logo=picture("PNG")) for n in range(count)]
        shown = html_logos.letterhead(leads)
        assert [len(row) for row in shown] == rows
        assert [lead["name"] for row in shown for lead in row] == [lead.name for lead in leads]


def test_logos_cover_the_same_area_but_none_is_very_wide_or_high() -> None:
    sizes = [(300, 300), (400, 200), (2000, 100), (100, 2000)]
    [row] = html_logos.letterhead([Lead("-", logo=picture("PNG", size)) for size in sizes])
    shown = [(lead["logo"]["width"], lead["logo"]["height"]) for lead in row]
    assert shown[0][0] * shown[0][1] == pytest.approx(shown[1][0] * shown[1][1], rel=0.05)
    assert all(width <= 235 and height <= 91 for width, height in shown)


def test_a_wall_of_logos_names_them() -> None:
    wall = (Lead("Aurora", logo=picture("PNG")), Lead("Notus", logo=picture("WEBP")))
    page = html.page(letter(organisations=(Line("Aurora"), Line("Notus")), wall=wall))
    assert re.findall(r'<li><img [^>]*alt="(\w+)"', page) == ["Aurora", "Notus"]


def test_every_printed_page_says_what_it_is_whatever_that_is() -> None:
    page = html.page(letter(mark='Proof"; } </style><script>'))
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert 'content: "Proof\\22 ; } \\3c /style\\3e \\3c script\\3e  · Version 1' in style
    assert 'counter(page) " / " counter(pages)' in style
    assert '@bottom-right { content: "Version 1' in html.page(letter(direction="rtl"))


@pytest.mark.parametrize(
    ("head", "is_wide"),
    [
        ("|".join("abcdefgh"), True),
        ("Correspondent|Arrested|First hearing|Charge", True),
        ("Year|The lawyers of whom we know", False),
    ],
)
def test_a_table_wider_than_a_telephone_scrolls_by_itself_and_by_keyboard(
    head: str, is_wide: bool
) -> None:
    rule = "|".join("-" for _ in head.split("|"))
    page = Elements(body(f"{head}\n{rule}\n"))
    scrolled = [attributes.get("tabindex") for tag, attributes in page.all if tag == "div"]
    assert scrolled == (["0"] if is_wide else [])
