"""Taking a list of organisations into an address book: what it would change, then the change."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlmodel import col

from app import i18n
from app.db import Db
from app.endorsement import evidence
from app.errors import Refused
from app.i18n import _
from app.name import countries
from app.name.names import fold
from app.organisation import book_entries, book_fields, entry_matches, organisations
from app.organisation.book_columns import columns_of
from app.organisation.book_fields import FieldsRefused
from app.organisation.entry_matches import Match, Sought
from app.organisation.organisations import (
    Book,
    Organisation,
    OrganisationKey,
    in_book,
)
from app.sheets import Row, Sheet
from app.trail import audit

State = Literal["new", "changed", "unchanged", "wrong"]

SEVERAL = ("names", "aliases", "domains")
_BETWEEN = re.compile(r"\s*[|\n]\s*|\s*;\s*")


@dataclass
class Planned:
    """What a row of the list would do. `remarks` are fields, or "", with a sentence: why it can't
    be taken, or what of it was left out. `changes` are field → (before, after), as texts."""

    number: int
    name: str
    state: State
    remarks: list[tuple[str, str]] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    entry_id: UUID | None = None


class Intake(NamedTuple):
    """A list compared with a book that stood as `standing` says: rows to write, and fields to
    change by entry."""

    standing: tuple[Any, ...]
    new: list[dict[str, Any]]
    keys: list[dict[str, Any]]
    changed: dict[UUID, dict[str, Any]]


def plan(db: Db, book: Book, sheet: Sheet) -> list[Planned]:
    """What each row under the headings would do; raises Refused where no column holds names."""
    columns = columns_of(sheet)
    if "name" not in columns:
        raise Refused(
            _("No column is called “name” or “organisation”. The first row has to say what the"
              " columns are."),
            "file",
        )  # fmt: skip
    planned = [_checked(db, row, columns) for row in sheet.below_headings().rows]
    _refuse_repeats(planned)
    good = [one for one in planned if one.state != "wrong"]
    found = entry_matches.matches(db, book.id, [_sought(one) for one in good])
    for one, match in zip(good, found, strict=True):
        _compare(db, one, match)
    _refuse_second_changes(good)
    return planned


def prepare(db: Db, book: Book, sheet: Sheet) -> Intake:
    """All that `take_in` writes, made while nobody has to wait: ten thousand rows take seconds."""
    planned = plan(db, book, sheet)
    new = [_entry(db, book, one) for one in planned if one.state == "new"]
    return Intake(
        _standing(db, book),
        [entry.model_dump() for entry in new],
        [key for entry in new for key in book_entries.keys_of(entry)],
        {one.entry_id: one.fields for one in planned if one.state == "changed" and one.entry_id},
    )


def take_in(
    db: Db, book: Book, sheet: Sheet, intake: Intake, *, by: audit.Actor
) -> tuple[int, int]:
    """Writes what was prepared, or what is right now if the book has changed since:
    (how many are new, how many changed)."""
    if intake.standing != _standing(db, book):
        intake = prepare(db, book, sheet)
    for table, rows in ((Organisation, intake.new), (OrganisationKey, intake.keys)):
        if rows:
            db.execute(insert(table), rows)
    _change(db, book, intake.changed)
    audit.record_of_book(
        db,
        "list taken in",
        by=by,
        book_id=book.id,
        subject_id=None,
        added=len(intake.new),
        changed=len(intake.changed),
    )
    return len(intake.new), len(intake.changed)


def _standing(db: Db, book: Book) -> tuple[Any, ...]:
    """Differs once an entry came, went, was changed or merged."""
    merged = func.count(col(Organisation.merged_into))
    facts = select(func.count(), func.max(col(Organisation.changed_at)), merged)
    return tuple(db.execute(facts.where(col(Organisation.book_id) == book.id)).one())


def _change(db: Db, book: Book, changed: Mapping[UUID, dict[str, Any]]) -> None:
    entries: list[Organisation] = []
    for ids in organisations.portions(list(changed)):
        entries += db.scalars(in_book(book.id).where(col(Organisation.id).in_(ids)))
    for entry in entries:
        for name, value in changed[entry.id].items():
            setattr(entry, name, value)
    book_entries.keep(db, entries)


def _checked(db: Db, row: Row, columns: Mapping[str, int]) -> Planned:
    """The row with its fields checked; empty cells say nothing."""
    cells = {name: _plain(row.cell(column)) for name, column in columns.items()}
    typed = {name: text for name, text in cells.items() if text}
    planned = Planned(row.number, typed.get("name", ""), "new")
    _gather_several(typed)
    _read_country(typed, planned)
    _leave_out_shared(typed)
    try:
        planned.fields = book_fields.checked(db, {"name": "", **typed})
        planned.name = planned.fields["name"]
    except FieldsRefused as refused:
        planned.state = "wrong"
        planned.remarks = [*refused.errors.items()]
    return planned


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from calculating."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text


def _gather_several(typed: dict[str, str]) -> None:
    """Cells that hold several, as lines; names in columns of their own among them."""
    for name in SEVERAL:
        if name in typed:
            typed[name] = "\n".join(filter(None, _BETWEEN.split(typed[name])))
    tagged = {name.partition(".")[2]: name for name in typed if name.startswith("name.")}
    lines = [f"{tag}: {typed.pop(name)}" for tag, name in sorted(tagged.items())]
    if lines:
        typed["names"] = "\n".join(filter(None, [typed.get("names", ""), *lines]))


def _read_country(typed: dict[str, str], planned: Planned) -> None:
    """ "Europe" or "global" is no country, and no reason to leave an organisation out."""
    try:
        if "country" in typed:
            typed["country"] = countries.named(typed["country"])
    except Refused as refused:
        del typed["country"]
        sentence = _("%(why)s It was left empty.") % {"why": refused.sentence}
        planned.remarks.append(("country", sentence))


def _leave_out_shared(typed: dict[str, str]) -> None:
    """A list's domains are often made from its websites, and "facebook.com" is nobody's own."""
    if "domains" in typed:
        own = [one for one in re.split(r"[\s,]+", typed["domains"]) if evidence.own_domain(one)]
        typed["domains"] = "\n".join(own)


def _refuse_repeats(planned: Sequence[Planned]) -> None:
    rows: dict[tuple[str, str], int] = {}
    for one in planned:
        if one.state == "wrong":
            continue
        key = fold(one.name), one.fields.get("country", "")
        first = rows.setdefault(key, one.number)
        if first != one.number:
            _refuse_repeat(one, first)


def _refuse_second_changes(planned: Sequence[Planned]) -> None:
    """Two rows may name one entry differently, by its name and by an alias: one of them counts."""
    rows: dict[UUID, int] = {}
    for one in planned:
        if one.entry_id and rows.setdefault(one.entry_id, one.number) != one.number:
            _refuse_repeat(one, rows[one.entry_id])


def _refuse_repeat(planned: Planned, first: int) -> None:
    planned.state, planned.entry_id = "wrong", None
    planned.remarks.append(("", _("Row %(number)s has this organisation.") % {"number": first}))


def _sought(planned: Planned) -> Sought:
    domains = planned.fields.get("domains") or [""]
    return Sought(planned.name, domains[0], planned.fields.get("country", ""))


def _compare(db: Db, planned: Planned, match: Match | None) -> None:
    """Against the entry of that name. A website in common is told, and decides nothing: a list
    may hold all faculties of a university."""
    if match is None:
        return
    if match.how == "domain":
        sentence = _("It has the website of “%(name)s” in the book.") % {"name": match.entry.name}
        planned.remarks.append(("", sentence))
        return
    planned.entry_id = match.entry.id
    planned.fields = dict(_differing(match.entry, planned.fields))
    planned.changes = {
        name: (_shown(name, getattr(match.entry, name)), _shown(name, value))
        for name, value in planned.fields.items()
        if name not in ("address", "mailbox")
    }
    if "address" in planned.fields:
        planned.changes["email"] = (_("kept before") if match.entry.address else "", _("another"))
    planned.state = "changed" if planned.fields else "unchanged"


def _differing(entry: Organisation, fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What the list adds or has otherwise. Its names join those that are there."""
    for name, value in fields.items():
        before = after = getattr(entry, name)
        if name == "name" or not value:
            continue  # it was found by a name, which stays
        if name == "names":
            after = {**before, **value}
        elif name == "aliases":
            known = {*map(fold, entry.all_names)}
            after = [*before, *(one for one in value if fold(one) not in known)]
        elif name == "domains":
            after = [*before, *(one for one in value if one not in before)]
        elif name != "address" or fields["mailbox"] != entry.mailbox:
            after = value
        if after != before:
            yield name, after


def _entry(db: Db, book: Book, planned: Planned) -> Organisation:
    entry = Organisation(
        book_id=book.id,
        folded="",
        created_at=db.now,
        changed_at=db.now,
        **planned.fields,
    )
    book_entries.fold_names(entry)
    return entry


def _shown(field: str, value: Any) -> str:
    if field == "country" and value:
        return countries.name(value, i18n.language())
    if isinstance(value, dict):
        return " | ".join(f"{tag}: {name}" for tag, name in sorted(value.items()))
    return " | ".join(value) if isinstance(value, list) else value or ""
