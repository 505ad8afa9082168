import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app.documents import html
from app.documents.document import Lead, Line
from app.documents.markdown import parse
from tests.documents.letters import letter, organisations

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


def test_headings_begin_where_the_page_wants_them_and_end_at_six() -> None:
    source = "# a\n\n## b\n\n### c\n\n#### d\n\n##### e"
    tags = re.findall(r"<(h\d)>", html.body(parse(source)))
    assert tags == ["h3", "h4", "h5", "h6", "h6"]
    assert "<h2>a</h2>" in html.body(parse(source), level=2)


def test_a_link_passes_on_no_authority() -> None:
    assert html.body(parse("[a](https://b.example/?c&d)")) == (
        '<p><a href="https://b.example/?c&amp;d" rel="nofollow noopener">a</a></p>\n'
    )


def test_points_of_a_tight_list_are_no_paragraphs() -> None:
    assert html.body(parse("7. a\n8. b")) == '<ol start="7">\n<li>a</li>\n<li>b</li>\n</ol>\n'
    assert "<li>\n<p>a</p>\n</li>" in html.body(parse("- a\n\n- b"))


def test_footnotes_lead_there_and_back() -> None:
    page = Elements(html.body(parse("a[^1] b[^1] c[^2]\n\n[^1]: one\n[^2]: two\n\n    - list")))
    ids, targets = page.values("id"), page.values("href")
    assert sorted(ids) == sorted(target.removeprefix("#") for target in set(targets))
    assert page.values("aria-label").count("Back to where note 1 is referred to") == 2


def test_two_bodies_on_a_page_share_no_id() -> None:
    tree = parse("a[^1]\n\n[^1]: one")
    ids = Elements(html.body(tree) + html.body(tree, prefix="old")).values("id")
    assert len(ids) == len(set(ids)) == 4


@given(
    st.lists(st.sampled_from([*"*`~[]()!<>#|&\"'\n:/a", "https:", "[^1]", "\n[^1]: "])).map("".join)
)
def test_no_text_becomes_markup(source: str) -> None:
    elements = Elements(html.body(parse(source))).all
    allowed = "p h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td pre code hr em strong s"
    assert {tag for tag, _ in elements} <= {*allowed.split(), "a", "br", "sup", "section"}
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
        }


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
    assert f'content="{html.policy()}"'.replace("'", "&#39;") in page


def test_the_policy_lets_the_page_style_itself_and_nothing_more() -> None:
    style = re.search("<style>(.*)</style>", html.page(letter()), re.DOTALL)
    assert style
    assert "<" not in style[1]
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src data:", html.policy()
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


@pytest.mark.parametrize(("count", "columns"), [(40, ""), (41, " two"), (301, " three")])
def test_long_lists_stand_in_columns(count: int, columns: str) -> None:
    assert f'<ul class="names{columns}">' in html.page(letter(organisations=organisations(count)))


def test_logos_cover_the_same_area() -> None:
    leads = [Lead(str(size), logo=picture("PNG", size)) for size in [(300, 300), (400, 200)]]
    images = [
        each
        for tag, each in Elements(html.page(letter(letterhead=tuple(leads)))).all
        if tag == "img"
    ]
    areas = [int(image["width"] or 0) * int(image["height"] or 0) for image in images[:2]]
    assert areas == [pytest.approx(html.LOGO_AREA, rel=0.05)] * 2
    assert [image["alt"] for image in images[:2]] == ["(300, 300)", "(400, 200)"]


def picture(kind: str, size: tuple[int, int] = (40, 20)) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, "navy").save(drawn, kind)
    return drawn.getvalue()
