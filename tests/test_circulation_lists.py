"""What organisers paste and upload becomes entries, each with the row it stands in."""

import pytest

from app.errors import Refused
from app.invitation import circulation_lists
from app.invitation.circulation_lists import Entry
from app.letter.letters import Letter
from tests.test_sheets import workbook

LETTER = Letter(language="en", titles={"en": "Title", "pt": "Título"})
ANNA = "anna@aurora.example"


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        (ANNA, Entry(1, ANNA)),
        (f"<{ANNA}>", Entry(1, ANNA)),
        (f"Anna Berg <{ANNA}>,", Entry(1, ANNA, name="Anna Berg")),
        (f'"Berg, Anna" <{ANNA}>;', Entry(1, ANNA, name="Berg, Anna")),
        (f"Berg, Anna <{ANNA}>", Entry(1, ANNA, name="Berg, Anna")),
        (f"Aurora; {ANNA}", Entry(1, ANNA, "Aurora")),
        (f"Aurora; Anna Berg; {ANNA}; no", Entry(1, ANNA, "Aurora", "Anna Berg", country="no")),
        (f"Aurora\t{ANNA}\tAnna\tDirector", Entry(1, ANNA, "Aurora", "Anna", "Director")),
        (f"Aurora; {ANNA}; aurora.example", Entry(1, ANNA, "Aurora", website="aurora.example")),
        (f"Aurora; {ANNA}; a; b; c; d", Entry(1, ANNA, "Aurora", "a", "b", note="c; d")),
        ("Aurora; anna at nhc.no; NO", Entry(1, "anna at nhc.no", "Aurora", country="NO")),
        ("Aurora, no address", Entry(1, "", "Aurora", "no address")),
        ("Women at Work; Jane Doe", Entry(1, "", "Women at Work", "Jane Doe")),
        ("anna at nhc.no", Entry(1, "anna at nhc.no")),
    ],
)
def test_a_line_is_understood(line: str, entry: Entry) -> None:
    assert circulation_lists.pasted(LETTER, line) == [entry]


def test_several_on_one_line_share_its_number() -> None:
    found = circulation_lists.pasted(LETTER, "\n\na@one.example, b@two.example")
    assert [(entry.number, entry.address) for entry in found] == [
        (3, "a@one.example"),
        (3, "b@two.example"),
    ]


def test_headings_are_found_in_any_order_and_spelling() -> None:
    rows = [["Pays", "E-Mail", "Name of Organisation"], ["Norvège", ANNA, "Aurora"]]
    (entry,) = circulation_lists.read(LETTER, workbook(rows), "list.xlsx")
    assert entry == Entry(2, ANNA, "Aurora", country="Norvège")


def test_what_is_mended_in_place_is_an_address() -> None:
    """A broken one stood for a name, and comes back in that column once it has its @."""
    broken = circulation_lists.pasted(LETTER, "Another One, not-an-address")
    text = circulation_lists.as_text(broken)
    (entry,) = circulation_lists.pasted(LETTER, text.replace("not-an-address", ANNA))
    assert (entry.organisation, entry.name, entry.address) == ("Another One", "", ANNA)


def test_nothing_is_no_list() -> None:
    for text in ("", " \n\n"):
        with pytest.raises(Refused):
            circulation_lists.pasted(LETTER, text)


def test_entries_are_carried_and_come_back_the_same() -> None:
    entries = [Entry(2, ANNA, 'Aurora "Ä" <b>', note="1\n2"), Entry(7, "x")]
    assert circulation_lists.brought(circulation_lists.carried(entries)) == entries
    for broken in ("", "[", "{}", "[[1]]", '[["1","a","","","","","","",""]]', "[1]", "null"):
        with pytest.raises(Refused):
            circulation_lists.brought(broken)


def test_countries_and_languages_are_known_by_code_and_name() -> None:
    assert [
        circulation_lists.country_code(text) for text in ("no", "Norway", "UK", "Atlantis")
    ] == [
        "NO",
        "NO",
        "GB",
        "",
    ]
    tags = [
        circulation_lists.language_tag(LETTER, text) for text in ("pt", "Portuguese", "Klingon")
    ]
    assert tags == ["pt", "pt", ""]


def test_rows_as_text_are_the_same_rows() -> None:
    rows = [
        Entry(2, "Vera <vera@@valley.example>", "Valley, “Listeners”", note='one\ttwo "three"'),
        Entry(3, "", name="Eva Elm"),
    ]
    assert circulation_lists.pasted(LETTER, circulation_lists.as_text(rows)) == [
        rows[0]._replace(note='one two "three"'),
        rows[1],
    ]
