"""Lists that organisers bring in: spreadsheets, CSV files, pasted rows."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from app import sheets
from app.errors import Refused
from app.sheets import Row

ROWS = [("Organisation", "E-mail"), ("Aurora, Media Watch", "anna@aurora.example"), ("ARƏ", "")]


def workbook(rows: list[Any], *, first: int = 0) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, first):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def test_a_spreadsheet_is_read_with_the_numbers_it_shows() -> None:
    read = sheets.read(workbook(ROWS, first=2), "list.xlsx")
    assert read.rows == (
        Row(3, ("Organisation", "E-mail")),
        Row(4, ("Aurora, Media Watch", "anna@aurora.example")),
        Row(5, ("ARƏ", "")),
    )


def test_numbers_and_days_read_as_people_write_them() -> None:
    read = sheets.read(workbook([(3, 2.5, True)]), "list.xlsx")
    assert read.rows == (Row(1, ("3", "2.5", "true")),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_every_make(delimiter: str, encoding: str) -> None:
    text = f'Name{delimiter}E-mail\r\n\r\n"Àrê, ""B"""{delimiter}a@b.example\r\n'
    read = sheets.read(text.encode(encoding), "LIST.CSV")
    assert [row.number for row in read.rows] == [1, 3]
    assert read.rows[1].cells == ('Àrê, "B"', "a@b.example")


def test_csv_of_an_old_excel() -> None:
    assert sheets.read("Name\nZürich".encode("cp1252"), "a.csv").rows[1].cells == ("Zürich",)


def test_pasted_lines_with_commas_in_names() -> None:
    read = sheets.pasted("Aurora, Norway; a@aurora.example\nBoreas, Germany; b@boreas.example")
    assert read.rows[0].cells == ("Aurora, Norway", "a@aurora.example")


def test_columns_are_found_by_what_they_are_called() -> None:
    sheet = sheets.pasted("Organisation;E_MAIL;Pays\nA;a@b.example;FR")
    assert sheet.column("e-mail", "email") == 1
    assert sheet.column("country", "pays") == 2
    assert sheet.column("website") is None
    assert sheet.below_headings().rows[0].cell(None) == ""
    assert sheet.below_headings().rows[0].cell(7) == ""


def test_what_nobody_can_see_is_left_out() -> None:
    assert sheets.pasted("Au\u202erora\u200e;\x07x").rows[0].cells == ("Aurora", "x")


@pytest.mark.parametrize("name", ["list.xlsx", "list.ods", "list.xls"])
def test_a_broken_spreadsheet_gets_a_sentence(name: str) -> None:
    for content in (b"PK\x03\x04 broken", b"nothing", workbook(ROWS)[:400]):
        with pytest.raises(Refused, match="Save it as"):
            sheets.read(content, name)


def test_a_bomb_is_not_unpacked() -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(sheets.MOST_UNPACKED + 1))
    with pytest.raises(Refused, match="too large"):
        sheets.read(file.getvalue(), "bomb.xlsx")


def test_other_files_and_none_at_all() -> None:
    with pytest.raises(Refused, match="Choose a spreadsheet"):
        sheets.read(b"x", "list.pdf")
    with pytest.raises(Refused, match="Choose a file"):
        sheets.read(b"", "")


def test_too_many_rows_are_refused_rather_than_cut() -> None:
    text = "\n".join(["name", *(f"Member {n}" for n in range(sheets.MOST_ROWS))])
    assert len(sheets.pasted(text).rows) == sheets.MOST_ROWS + 1
    with pytest.raises(Refused, match=r"10,000 rows"):
        sheets.pasted(text + "\none more")
