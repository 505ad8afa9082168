"""Tables for spreadsheets: CSV and XLSX whose cells are shown as they are, whatever they begin
with."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

Cell = str | int | bool | date | datetime | None

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST_CELL = 32_767  # of Excel


def safe_cell(value: Cell) -> str:
    """The value as text; one that would be a formula gets an apostrophe before it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(_FORMULA) else text


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    table = StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return table.getvalue()


def xlsx_of(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet, its headings fixed above the rows.

    Texts are kept as texts: no formula and no link comes of them, also when a cell is edited later
    (Excel's quote prefix). Instants are in UTC, as spreadsheets know no zones.
    """
    from xlsxwriter import Workbook  # few requests export a workbook

    file = BytesIO()
    options = {"in_memory": True, "constant_memory": True, "remove_timezone": True}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, book.add_format({"bold": True}))
        text = book.add_format({"quote_prefix": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        formats = {datetime: moment, date: day, str: text}
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, formats)
    return file.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[type, Any]) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats[type(cell)])
    elif cell:
        quoted = formats[str] if cell.startswith(_FORMULA) else None
        sheet.write_string(row, column, cell[:LONGEST_CELL], quoted)
