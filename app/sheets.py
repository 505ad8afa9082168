"""Lists that organisers bring in: a spreadsheet, a CSV file, or rows pasted from either.

XLSX, XLS and ODS are read by calamine, CSV by Python's own reader, whatever its delimiter and
encoding. Nothing here knows what the columns mean; `column` finds one by its heading.
"""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO

from app.errors import Refused
from app.i18n import _
from app.letter.clean_text import clean_line
from app.name.names import fold

MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 1_000
# Unpacked; a few kilobytes of XLSX can hold gigabytes.
MOST_UNPACKED = 100_000_000
SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Row:
    """`number` is the one that a spreadsheet shows beside it, the first being 1."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """What stands in the column; "" where the list has no such column, or the row ends."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


@dataclass(frozen=True)
class Sheet:
    """All rows that hold something; whether the first one is headings is the caller's to say."""

    rows: tuple[Row, ...]

    @property
    def headings(self) -> Sequence[str]:
        return self.rows[0].cells if self.rows else ()

    def column(self, *names: str) -> int | None:
        """The number of the first column whose heading is one of the names, however it is written
        (case, accents, underscores and spaces don't count)."""
        wanted = {_heading(name) for name in names}
        found = (n for n, heading in enumerate(self.headings) if _heading(heading) in wanted)
        return next(found, None)

    def below_headings(self) -> "Sheet":
        return Sheet(self.rows[1:])


def read(content: bytes, name: str) -> Sheet:
    """The first sheet of a file called `name`. Raises Refused for one that can't be read."""
    if not content:
        raise Refused(_("Choose a file."), "file")
    if not name.lower().endswith(SUFFIXES):
        raise Refused(_("Choose a spreadsheet (.xlsx, .ods, .xls) or a CSV file."), "file")
    if name.lower().endswith((".csv", ".tsv", ".txt")):
        return pasted(_decoded(content))
    return _sheet(_cells_of_workbook(content))


def pasted(text: str) -> Sheet:
    """Rows as they were typed, or copied from a spreadsheet or a CSV file."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # A quoted cell may hold line ends, so lines alone are not rows.
    reader = csv.reader(lines.split("\n"), delimiter=_delimiter(lines), skipinitialspace=True)
    try:
        return _sheet(enumerate(reader, start=1))
    except csv.Error:
        raise Refused(
            _("This is not a list that can be read: a cell is too long."), "file"
        ) from None


def _sheet(numbered: Iterable[tuple[int, Sequence[object]]]) -> Sheet:
    rows: list[Row] = []
    for number, cells in numbered:
        texts = tuple(_text(cell) for cell in cells[:MOST_COLUMNS])
        if not any(texts):
            continue
        if len(rows) > MOST_ROWS:  # besides the headings
            raise Refused(
                _("This list has more than 10,000 rows. Divide it, and bring the parts in."),
                "file",
            )
        rows.append(Row(number, texts))
    return Sheet(tuple(rows))


def _cells_of_workbook(content: bytes) -> Iterable[tuple[int, Sequence[object]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # few requests bring a workbook

    try:
        _must_be_small(content)
        sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
        first = sheet.start[0] if sheet.start else 0
        return enumerate(sheet.to_python(skip_empty_area=True, nrows=MOST_ROWS + 2), first + 1)
    except (CalamineError, zipfile.BadZipFile, ValueError, IndexError):
        raise Refused(
            _("This spreadsheet can't be read. Save it as .xlsx or as CSV and try again."), "file"
        ) from None


def _must_be_small(content: bytes) -> None:
    if not zipfile.is_zipfile(BytesIO(content)):
        return  # the old .xls, which isn't packed
    with zipfile.ZipFile(BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise Refused(_("This spreadsheet is too large. Save the list alone as CSV."), "file")
        if packed.testzip():  # a part holds more than it says
            raise zipfile.BadZipFile


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")  # what Excel writes where it writes no UTF-8


def _delimiter(text: str) -> str:
    """The one that most lines have; a list of bare addresses has none."""
    lines = text.split("\n")[:50]
    counts = {one: sum(one in line for line in lines) for one in DELIMITERS}
    # Addresses and names hold commas, hardly ever semicolons or tabs.
    return max(("\t", ";", "|", ","), key=lambda one: counts[one])


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # spreadsheets keep all numbers as fractions
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | datetime):
        return cell.isoformat()
    return clean_line(str(cell)[:LONGEST_CELL])


def _heading(text: str) -> str:
    return fold(text.replace("_", " ").replace("-", " "))
