"""Which entry of an address book somebody is, and which it isn't."""

from typing import Any
from uuid import UUID

import pytest

from app.db import Database, Db
from app.organisation import book_entries, entry_matches
from app.organisation.entry_matches import Sought
from app.organisation.organisations import Organisation
from app.organiser import organisers
from tests.world import OLGA, OTTO


@pytest.fixture
def book(database: Database) -> UUID:
    """Olga's, with organisations that have things in common."""
    with database.write() as db:
        olga = organisers.add(db, OLGA).id
        put(
            db,
            olga,
            "Norwegian Helsinki Committee",
            country="NO",
            domains=["nhc.no"],
            names={"nb": "Den norske Helsingforskomité"},
            aliases=["Helsinki Committee Oslo"],
        )
        put(db, olga, "Мемориал", domains=["memo.example"])
        put(db, olga, "Faculty of Law", country="IS", domains=["uni.example"])
        put(db, olga, "Faculty of Medicine", country="IS", domains=["uni.example"])
        put(db, olga, "Human Rights Centre", country="GE", domains=["hrc.example"])
        put(db, olga, "Human Rights Centre", country="AM")
        put(db, olga, "Blogging Lawyers", domains=["wordpress.com", "gmail.com"])
        return olga


def put(db: Db, book_id: UUID, name: str, **fields: Any) -> None:
    entry = Organisation(book_id=book_id, name=name, created_at=db.now, changed_at=db.now, **fields)
    book_entries.keep(db, [entry])


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (Sought("norwegian  HELSINKI committee"), "Norwegian Helsinki Committee"),
        (Sought("Den Norske Helsingforskomite"), "Norwegian Helsinki Committee"),
        (Sought("Helsinki Committee, Oslo"), "Norwegian Helsinki Committee"),
        (Sought("NHC", "https://www.nhc.no/en"), "Norwegian Helsinki Committee"),
        (Sought("NHC", "mail.nhc.no"), "Norwegian Helsinki Committee"),
        (Sought("Norwegian Helsinki Committee", country="GE"), None),
        (Sought("Norwegian Helsinki Committee", "nhc.no", "GE"), "Norwegian Helsinki Committee"),
        (Sought("МЕМОРИАЛ"), "Мемориал"),
        (Sought("", "uni.example"), None),
        (Sought("Faculty of Law", "uni.example"), "Faculty of Law"),
        (Sought("Human Rights Centre"), None),
        (Sought("Human Rights Centre", country="AM"), "Human Rights Centre"),
        (Sought("Human Rights Centre", "hrc.example"), "Human Rights Centre"),
        (Sought("Somebody", "anybody.wordpress.com"), None),
        (Sought("Somebody", "gmail.com"), None),
        (Sought("", ""), None),
        (Sought("Helsinki Committee"), None),
    ],
)
def test_an_entry_is_found_by_its_names_or_its_own_domain(
    database: Database, book: UUID, sought: Sought, expected: str | None
) -> None:
    with database.read() as db:
        found = entry_matches.match(db, book, **sought._asdict())
    assert (found.name if found else None) == expected


def test_whatever_two_entries_have_in_common_the_country_or_the_domain_tells(
    database: Database, book: UUID
) -> None:
    with database.read() as db:
        georgian = entry_matches.match(db, book, name="Human Rights Centre", domain="hrc.example")
        armenian = entry_matches.match(db, book, name="Human Rights Centre", country="AM")
    assert georgian is not None
    assert armenian is not None
    assert (georgian.country, armenian.country) == ("GE", "AM")


def test_no_entry_of_another_book_is_found(database: Database, book: UUID) -> None:
    with database.write() as db:
        other = organisers.add(db, OTTO).id
        assert entry_matches.match(db, other, name="Мемориал", domain="memo.example") is None
        assert entry_matches.match(db, None, name="Мемориал", domain="memo.example") is None
        assert book != other


def test_many_are_looked_up_at_once(database: Database, book: UUID) -> None:
    sought = [Sought(f"Nobody {n}", f"nobody{n}.example") for n in range(12_000)]
    with database.read() as db:
        found = entry_matches.matches(db, book, [*sought, Sought("NHC", "nhc.no")])
    assert found[:-1] == [None] * 12_000
    assert found[-1] is not None
    assert (found[-1].entry.name, found[-1].how) == ("Norwegian Helsinki Committee", "domain")


def test_a_changed_entry_is_found_by_what_it_is_called_now(database: Database, book: UUID) -> None:
    with database.write() as db:
        entry = entry_matches.match(db, book, name="Мемориал")
        assert entry is not None
        entry.name, entry.domains = "Memorial", ["memorial.example"]
        book_entries.keep(db, [entry])
    with database.read() as db:
        assert entry_matches.match(db, book, name="Мемориал") is None
        assert entry_matches.match(db, book, domain="memo.example") is None
        found = entry_matches.match(db, book, domain="memorial.example")
        assert found is not None
        assert found.name == "Memorial"
