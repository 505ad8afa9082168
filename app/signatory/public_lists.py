"""The public list for programs: as JSON and as CSV."""

from collections.abc import Iterable, Sequence
from typing import Any

from app import spreadsheets
from app.letter.letters import Letter
from app.settings import Settings
from app.signatory.signatories import Listing, Signatory
from app.spreadsheets import Cell

CSV_COLUMNS = (
    "kind",
    "name",
    "role",
    "organisation",
    "country",
    "website",
    "signed_on",
    "version",
    "reported",
)


def json_of(
    letter: Letter,
    listing: Listing,
    settings: Settings,
    lines: Sequence[Signatory] | None = None,
) -> dict[str, Any]:
    """`lines` are the page of the listing to give; without them it is the whole."""
    facts = {
        "letter": _letter_facts(letter, settings),
        "count": listing.count,
        "revision": listing.revision,
        "signatories": [
            {**_signatory_facts(line, settings), **_group_facts(letter, listing, line)}
            for line in (listing.all if lines is None else lines)
        ],
        "next": None,
    }
    # Only letters that switched the number on have the key at all.
    return {**facts, "withheld": listing.withheld} if letter.withheld_count else facts


def csv_of(listing: Listing) -> str:
    """Safe to open in a spreadsheet."""
    return spreadsheets.csv_of(CSV_COLUMNS, _rows(listing))


def xlsx_of(listing: Listing) -> bytes:
    return spreadsheets.xlsx_of(CSV_COLUMNS, _rows(listing))


def _rows(listing: Listing) -> Iterable[Sequence[Cell]]:
    return ([getattr(line, column) for column in CSV_COLUMNS] for line in listing.all)


def _letter_facts(letter: Letter, settings: Settings) -> dict[str, Any]:
    deadline = letter.local_deadline
    return {
        "slug": letter.slug,
        "title": letter.title,
        "url": settings.url(letter.path),
        "status": letter.status,
        "version": letter.version,
        "sha256": letter.sha256,
        "deadline": deadline and deadline.isoformat(),
    }


def _signatory_facts(line: Signatory, settings: Settings) -> dict[str, Any]:
    return {
        "id": line.id,
        "kind": line.kind,
        "name": line.name or None,
        "role": line.role or None,
        "organisation": line.organisation or None,
        "country": line.country or None,
        "website": line.website or None,
        "logo": settings.url(line.logo) if line.logo else None,
        "signed_on": line.signed_on.isoformat(),
        "version": line.version,
        "reported": line.reported,
    }


def _group_facts(letter: Letter, listing: Listing, line: Signatory) -> dict[str, Any]:
    """The heading it stands under; only lists in groups have the key at all."""
    if letter.grouped_by == "none":
        return {}
    return {"group": listing.headings[line.group] or None}
