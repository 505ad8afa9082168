"""Reported sign-ons read from a form, or from the rows of a sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app import i18n
from app.db import Db
from app.endorsement import reported
from app.endorsement.reports import LONGEST_NOTE, MOST_AT_ONCE, RECEIVED, Entry
from app.errors import Refused
from app.i18n import _
from app.letter.clean_text import clean_block
from app.letter.letters import Letter
from app.name import countries
from app.name.names import fold
from app.sheets import Row, Sheet
from app.signer import submissions
from app.signer.submissions import SubmissionRefused

# The headings by which a column is found; the first of each is what we write ourselves.
HEADINGS: dict[str, tuple[str, ...]] = {
    "kind": ("kind", "type"),
    "organisation": ("organisation", "organization", "name of organisation", "org"),
    "website": ("website", "web", "url", "site"),
    "country": ("country", "country code"),
    "name": ("name", "representative", "contact", "signed by"),
    "role": ("role", "title", "position", "function"),
    "email": ("email", "e-mail", "mail", "address", "e-mail address"),
    "language": ("language", "lang"),
    "visibility": ("visibility",),
    "received": ("received", "how"),
    "received_on": ("received on", "date", "on", "signed on"),
    "note": ("note", "notes", "comment"),
}
KINDS = {"person": "individual", "organization": "organisation", "org": "organisation"}


@dataclass(frozen=True)
class Checked:
    """A row of a list: `entry`, or else `problems`, a sentence each."""

    row: Row
    entry: Entry | None
    problems: tuple[str, ...] = ()


def checked(
    values: Mapping[str, str], letter: Letter, today: date, *, allow_special: bool
) -> Entry:
    """What was typed of one, or SubmissionRefused with every error at once."""
    errors: dict[str, str] = {}
    received = values.get("received", "").strip()
    if received not in RECEIVED:
        errors["received"] = _("Say how you received it: by hand, by mail or at a meeting.")
    received_on = _day(values.get("received_on", ""), today, errors)
    language = values.get("language", "").strip() or letter.language
    if language not in letter.titles:
        errors["language"] = _("The letter can't be read in this language.")
    note = clean_block(values.get("note", ""))
    if len(note) > LONGEST_NOTE:
        errors["note"] = _("The note is too long: at most 1,000 characters.")
    submission = submissions.checked_report(values, letter, errors, allow_special=allow_special)
    return Entry(submission, language, received, received_on, note)


def of_sheet(
    db: Db, letter: Letter, sheet: Sheet, defaults: Mapping[str, str], *, allow_special: bool
) -> list[Checked]:
    """Every row below the headings; `defaults` hold where a row says nothing.

    Raises Refused for a list without the headings it needs.
    """
    columns = _columns(sheet)
    lines = [
        _checked_row(row, _values(row, columns, defaults), letter, db.now.date(), allow_special)
        for row in sheet.below_headings().rows
    ]
    entries = [line.entry for line in lines if line.entry]
    refusals = iter(reported.not_taken(db, letter, entries))
    return [_unless(line, next(refusals)) if line.entry else line for line in lines]


def _unless(line: Checked, refusal: Refused | None) -> Checked:
    return Checked(line.row, None, (refusal.sentence,)) if refusal else line


def _columns(sheet: Sheet) -> dict[str, int | None]:
    if len(sheet.rows) < 2:
        raise Refused(_("Give a row of headings, and below it one row for each signer."), "file")
    if len(sheet.rows) - 1 > MOST_AT_ONCE:
        raise Refused(_("At most 2,000 rows can be brought in at once. Divide the list."), "file")
    columns = {field: sheet.column(*names) for field, names in HEADINGS.items()}
    if columns["organisation"] is None and columns["name"] is None:
        raise Refused(
            _("No column is headed “Organisation” or “Name”, so nobody can be found."), "file"
        )
    return columns


def _values(
    row: Row, columns: Mapping[str, int | None], defaults: Mapping[str, str]
) -> dict[str, str]:
    given = {field: row.cell(column).strip() for field, column in columns.items()}
    values = {field: text or defaults.get(field, "") for field, text in given.items()}
    kind = fold(values["kind"])
    values["kind"] = KINDS.get(kind, kind) or (
        "organisation" if values["organisation"] else "individual"
    )
    for field in ("received", "visibility"):
        values[field] = values[field].lower()
    return {**values, "country": _country(values["country"])}


def _checked_row(
    row: Row, values: Mapping[str, str], letter: Letter, today: date, allow_special: bool
) -> Checked:
    try:
        return Checked(row, checked(values, letter, today, allow_special=allow_special))
    except SubmissionRefused as refused:
        return Checked(row, None, tuple(refused.errors.values()))


def _country(text: str) -> str:
    """Its code, if it was named in English or in the language being spoken; else as it is."""
    named = (_codes(language).get(fold(text)) for language in (i18n.language(), i18n.SOURCE))
    return next(filter(None, named), text)


@lru_cache(maxsize=16)
def _codes(language: str) -> dict[str, str]:
    return {fold(name): code for code, name in countries.choices(language)}


def _day(text: str, today: date, errors: dict[str, str]) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        errors["received_on"] = _("Give the day you received it, such as 2026-06-12.")
        return today
    # It may be tomorrow already where the organiser is.
    if day > today + timedelta(days=1):
        errors["received_on"] = _("That day is still to come.")
    return day
