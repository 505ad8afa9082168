"""Lists of organisations: what their columns are, and what becomes of them."""

import pytest

from app import sheets
from app.db import Database
from app.organisation import book_columns, book_imports, books
from app.organisation.books import Wanted
from app.organisation.organisations import Book
from app.organiser import organisers
from app.trail.audit import OPERATOR
from tests.world import OLGA


@pytest.fixture
def book(database: Database) -> Book:
    with database.write() as db:
        return books.book_of(db, organisers.add(db, OLGA), None)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Organisation;E-Mail;Land", {"name": 0, "email": 1, "country": 2}),
        ("NAME_OF_ORGANIZATION;Web site;País", {"name": 0, "website": 1, "country": 2}),
        ("Название;Сайт;Страна;Тип", {"name": 0, "website": 1, "country": 2, "category": 3}),
        ("name;name (fr);name_ru;names", {"name": 0, "name.fr": 1, "name.ru": 2, "names": 3}),
        ("seq;source;extra", {}),
        ("name;contact name;contact role", {"name": 0, "contact_name": 1, "contact_role": 2}),
    ],
)
def test_columns_are_known_by_what_people_call_them(
    headings: str, expected: dict[str, int]
) -> None:
    assert book_columns.columns_of(sheets.pasted(headings + "\nA;B;C;D")) == expected


def test_a_list_is_compared_anew_if_the_book_has_changed_since(
    database: Database, book: Book
) -> None:
    both = sheets.pasted("name;country\nAurora;NO\nBoreas;DE")
    with database.read() as db:
        intake = book_imports.prepare(db, book, both)
    with database.write() as db:
        one = sheets.pasted("name;country\nAurora;NO")
        first = book_imports.prepare(db, book, one)
        assert book_imports.take_in(db, book, one, first, by=OPERATOR) == (1, 0)
    with database.write() as db:
        assert book_imports.take_in(db, book, both, intake, by=OPERATOR) == (1, 0)
    with database.read() as db:
        assert [entry.name for entry in books.page(db, book, Wanted())] == ["Aurora", "Boreas"]


def test_of_two_rows_that_name_one_entry_the_second_is_refused(
    database: Database, book: Book
) -> None:
    with database.write() as db:
        first = sheets.pasted("name;aliases\nAurora;Dawn")
        intake = book_imports.prepare(db, book, first)
        book_imports.take_in(db, book, first, intake, by=OPERATOR)
        both = sheets.pasted("name;country\nAurora;NO\nDawn;SE")
        planned = book_imports.plan(db, book, both)
        assert [one.state for one in planned] == ["changed", "wrong"]
        assert planned[1].remarks[-1] == ("", "Row 2 has this organisation.")
        intake = book_imports.prepare(db, book, both)
        assert book_imports.take_in(db, book, both, intake, by=OPERATOR) == (0, 1)
        (entry,) = books.page(db, book, Wanted())
        assert entry.country == "NO"


def test_empty_cells_and_names_that_are_known_change_nothing(
    database: Database, book: Book
) -> None:
    first = "name;aliases;website;email\nAurora;Dawn | Morgen;aurora.example;a@aurora.example"
    for text, expected in (
        (first, (1, 0)),
        ("name;aliases;website;email\naurora;;;", (0, 0)),
        ("name;aliases\nMorgen;dawn", (0, 0)),
        ("name;email\nAurora;A+news@aurora.example", (0, 0)),
        ("name;aliases;domains\nDawn;Daybreak;aurora.example, dawn.example", (0, 1)),
    ):
        sheet = sheets.pasted(text)
        with database.write() as db:
            intake = book_imports.prepare(db, book, sheet)
            assert book_imports.take_in(db, book, sheet, intake, by=OPERATOR) == expected, text
    with database.read() as db:
        (entry,) = books.page(db, book, Wanted())
    assert entry.name == "Aurora"
    assert entry.aliases == ["Dawn", "Morgen", "Daybreak"]
    assert entry.domains == ["aurora.example", "dawn.example"]
