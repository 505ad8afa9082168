"""Circulation lists: from what organisers paste or upload to invitations.

Read, then checked, then taken in: each step has the rows as they were written, so nothing is lost
between them, and what was fine in the preview is looked at once more before it is kept.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from email.utils import getaddresses
from functools import lru_cache
from io import StringIO
from typing import NamedTuple

import orjson

from app import i18n, sheets
from app.errors import Refused
from app.i18n import _
from app.letter.letters import Letter
from app.name import countries
from app.name.names import fold
from app.sheets import Row, Sheet

MOST_ROWS = 5_000
# What a preview carries to the next step; a form's long fields are cut there.
MOST_BYTES = 900_000

HEADINGS = {
    "address": (
        *("e-mail", "email", "mail", "e-mail address", "email address", "mail address"),
        *("address", "contact e-mail", "contact email", "courriel", "adresse e-mail", "correo"),
        *("correo electrónico", "электронная почта", "эл. почта", "البريد الإلكتروني", "e-poçt"),
    ),
    "organisation": (
        *("organisation", "organization", "name of organisation", "name of organization"),
        *("organisation name", "organization name", "ngo", "institution", "organización"),
        *("организация", "المنظمة", "təşkilat"),
    ),
    "name": (
        *("name", "contact", "contact person", "contact name", "full name", "person", "nom"),
        *("nombre", "имя", "фио", "الاسم", "ad"),
    ),
    "role": (
        "role",
        "position",
        "title",
        "function",
        "job title",
        "fonction",
        "cargo",
        "должность",
    ),
    "country": ("country", "country code", "pays", "país", "страна", "البلد", "ölkə"),
    "website": ("website", "web", "url", "web site", "site", "homepage", "site web", "сайт"),
    "language": ("language", "lang", "langue", "idioma", "язык", "اللغة", "dil"),
    "note": ("note", "notes", "comment", "comments", "remark", "remarks", "commentaire"),
}
_PERSON = re.compile(r"<[^<>\s]*@[^<>\s]*>")
# An address as people spell it out, or write it where machines shouldn't read it.
_SPELT_OUT = re.compile(r"\S+\s*(?:\bat\b|[(\[]at[)\]])\s*\S+", re.IGNORECASE)


class Entry(NamedTuple):
    """A line of the list, as written; `number` is the row's."""

    number: int
    address: str
    organisation: str = ""
    name: str = ""
    role: str = ""
    country: str = ""
    website: str = ""
    language: str = ""
    note: str = ""


def read(letter: Letter, content: bytes, file_name: str) -> list[Entry]:
    """The entries of a file; raises Refused for one that can't be read, or holds too many."""
    return _counted(_entries(letter, sheets.read(content, file_name)))


def pasted(letter: Letter, text: str) -> list[Entry]:
    """The entries of pasted lines: `Name <address>`, `Organisation; address; …`, bare addresses,
    or rows copied from a spreadsheet with their headings."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    people = {n: line for n, line in enumerate(lines, start=1) if _is_of_people(line)}
    rest = "\n".join("" if n in people else line for n, line in enumerate(lines, start=1))
    entries = _entries(letter, sheets.pasted(rest))
    for number, line in people.items():
        entries += _people(number, line)
    if not entries:
        raise Refused(_("Paste at least one line with an e-mail address."), "pasted")
    return _counted(sorted(entries))


def as_text(entries: Sequence[Entry]) -> str:
    """The entries as rows under headings, the way a spreadsheet gives them to the clipboard; of
    the columns those that hold something, and always the address."""
    shown = [
        field
        for field in HEADINGS
        if field == "address" or any(getattr(entry, field) for entry in entries)
    ]
    text = StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow([HEADINGS[field][0] for field in shown])
    writer.writerows([[getattr(entry, field) for field in shown] for entry in entries])
    return text.getvalue()


def carried(entries: Sequence[Entry]) -> str:
    """The entries as text, for the form that takes them in."""
    return orjson.dumps([tuple(entry) for entry in entries]).decode()


def brought(text: str) -> list[Entry]:
    """The same entries from that text; raises Refused for anything else."""
    try:
        rows = orjson.loads(text)
        if not isinstance(rows, list):
            raise TypeError
        return _counted([_entry(values) for values in rows])
    except (orjson.JSONDecodeError, TypeError):
        raise Refused(
            _("The list did not arrive whole. Please bring it in again."), "rows"
        ) from None


def _entry(values: object) -> Entry:
    if not isinstance(values, list) or len(values) != len(Entry._fields):
        raise TypeError
    number, *texts = values
    if not isinstance(number, int) or not all(isinstance(text, str) for text in texts):
        raise TypeError
    return Entry(number, *texts)


def _counted(entries: list[Entry]) -> list[Entry]:
    if len(entries) > MOST_ROWS or len(carried(entries).encode()) > MOST_BYTES:
        raise Refused(
            _("This list is too long to take in at once. Divide it, and bring the parts in."),
            "file",
        )
    return entries


def _is_of_people(line: str) -> bool:
    """Cells with tabs between are a row, whatever stands in them."""
    return "\t" not in line and bool(_PERSON.search(line))


def _people(number: int, line: str) -> Iterator[Entry]:
    """`Name <address>`, also several of them as mail programs copy them."""
    one = line.strip().strip(",;")
    if len(_PERSON.findall(one)) == 1:
        name, _angle, rest = one.partition("<")
        yield Entry(number, rest.partition(">")[0], name=name.strip().strip('"').strip())
        return
    for name, address in getaddresses([one.replace(";", ",")]):
        yield Entry(number, address, name=name)


def _entries(letter: Letter, sheet: Sheet) -> list[Entry]:
    columns = {field: sheet.column(*headings) for field, headings in HEADINGS.items()}
    if columns["address"] is None:
        return [entry for row in sheet.rows for entry in _of_plain_row(letter, row)]
    rows = sheet.below_headings().rows
    return [
        _in_place(
            Entry(row.number, **{field: row.cell(column) for field, column in columns.items()})
        )
        for row in rows
    ]


def _in_place(entry: Entry) -> Entry:
    """With the address in its column. What was no address stood for a name, and is one now that
    somebody has mended it."""
    held = [field for field in ("organisation", "name", "note") if "@" in getattr(entry, field)]
    if entry.address or len(held) != 1:
        return entry
    return Entry(**{**entry._asdict(), "address": getattr(entry, held[0]), held[0]: ""})


def _of_plain_row(letter: Letter, row: Row) -> Iterator[Entry]:
    """A row without headings: the address tells the cells before it from those after it. Without
    one the first cell is taken for the organisation, until somebody mends the row."""
    cells = [cell for cell in row.cells if cell]
    places = [n for n, cell in enumerate(cells) if "@" in cell]
    # "Women at Work" is the name of an organisation, "vera at valley.example" none.
    spelt = (n for n, cell in enumerate(cells) if _SPELT_OUT.fullmatch(cell) and (n or "." in cell))
    places = places or list(spelt)[:1]
    if len(places) > 1 and len(places) == len(cells):
        yield from (Entry(row.number, cell) for cell in cells)
        return
    place = places[0] if places else 1
    address = cells[place] if places else ""
    before, after = cells[:place], cells[place + len(places[:1]) :]
    fields = {"organisation": before[0] if before else "", "name": " ".join(before[1:])}
    for cell in after:
        field = _field_of(cell, fields)
        fields[field] = f"{fields[field]}; {cell}" if fields.get(field) else cell
    yield Entry(row.number, address, **fields)


def _field_of(cell: str, taken: dict[str, str]) -> str:
    """What a cell after the address most likely is."""
    if not taken.get("country") and country_code(cell):
        return "country"
    if not taken.get("website") and re.fullmatch(r"(https?://)?[\w-]+(\.[\w-]+)+(/\S*)?", cell):
        return "website"
    return next((field for field in ("name", "role") if not taken.get(field)), "note")


def country_code(text: str) -> str:
    """The code of a country written as a code or by its name in a language of the interface;
    "" if it is none."""
    code = text.strip().upper()
    if code in countries.CODES:
        return code
    return _country_names(i18n.language()).get(fold(text), "")


@lru_cache(maxsize=16)
def _country_names(language: str) -> dict[str, str]:
    spoken = (i18n.SOURCE, language)
    names = {fold(name): code for one in spoken for code, name in countries.choices(one)}
    return {**names, "uk": "GB", "usa": "US", "united states of america": "US", "turkey": "TR"}


def language_tag(letter: Letter, text: str) -> str:
    """The tag of a language written as one, or by its name in itself or in English; or ""."""
    if not text.strip():
        return ""
    wanted = fold(text)
    for tag in (*letter.languages, *i18n.languages()):
        locale = i18n.known(tag)
        english = locale.get_display_name(i18n.SOURCE) if locale else ""
        if wanted in (fold(tag), fold(i18n.language_name(tag)), fold(english or "")):
            return tag
    return text.strip() if re.fullmatch(r"[A-Za-z]{2,3}", text.strip()) and i18n.known(text) else ""
