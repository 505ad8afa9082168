"""The address book as a CSV file, which can be brought in again."""

import csv
import io
from collections.abc import Iterator

from app.db import Db
from app.organisation import book_entries, books
from app.organisation.books import Wanted
from app.organisation.organisations import Book, Organisation
from app.spreadsheets import safe_cell
from app.trail import audit

HEADINGS = (
    "name",
    "names",
    "aliases",
    "acronym",
    "domains",
    "website",
    "country",
    "category",
    "sort key",
    "contact name",
    "contact role",
    "email",
    "language",
)
BETWEEN = " | "


def csv_of(db: Db, book: Book, *, by: audit.Actor) -> bytes:
    """All entries with their contacts, by name; that they were taken out stands in the trail.

    UTF-8 with a mark, which Excel needs to read it as such.
    """
    entries = books.page(db, book, Wanted())
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(HEADINGS)
    rows.writerows([safe_cell(cell) for cell in _cells(db, entry)] for entry in entries)
    audit.record_of_book(
        db, "book exported", by=by, book_id=book.id, subject_id=None, entries=len(entries)
    )
    return text.getvalue().encode("utf-8-sig")


def _cells(db: Db, entry: Organisation) -> Iterator[str]:
    yield entry.name
    yield BETWEEN.join(f"{tag}: {name}" for tag, name in sorted(entry.names.items()))
    yield BETWEEN.join(entry.aliases)
    yield entry.acronym
    yield BETWEEN.join(entry.domains)
    yield entry.website
    yield entry.country
    yield entry.category
    yield entry.sort_key or ""
    yield entry.contact_name
    yield entry.contact_role
    yield book_entries.address_of(db, entry)
    yield entry.language
