from dataclasses import replace

from app.documents import pdf
from app.documents.document import Line
from tests.documents.extraction import texts
from tests.documents.letters import grouped, letter, organisations
from tests.documents.pdf_reading import headings, structure, tables

HEAD = ["Organisation", "Country", "Representative"]
LINES = (
    Line("Freedom Now", representative="Jane Doe", role="Director", country="Norway"),
    Line("People in Need", country="Czechia", reported=True),
    Line("Open Azerbaijan", representative="Anar", signed_version=2),
)


def test_organisations_stand_in_rows_with_country_and_representative() -> None:
    told = structure(pdf.render(letter(organisations=LINES, form="table")))
    assert tables(told) == [
        [
            HEAD,
            ["Freedom Now", "Norway", "Jane Doe, Director"],
            ["People in Need†", "Czechia", ""],
            ["Open Azerbaijan, signed version 2", "", "Anar"],
        ]
    ]


def test_without_representatives_there_is_no_column_for_them() -> None:
    lines = tuple(replace(line, representative="") for line in LINES)
    [rows] = tables(structure(pdf.render(letter(organisations=lines, form="table"))))
    assert {len(row) for row in rows} == {2}


def test_its_head_is_repeated_on_every_page_and_told_once() -> None:
    lines = tuple(replace(line, country="Norway") for line in organisations(150))
    rendered = pdf.render(letter(organisations=lines, form="table"))
    with_rows = [page for page in texts(rendered) if "Organisation 0" in page]
    assert len(with_rows) > 2
    assert all("Country" in page for page in with_rows)
    [rows] = tables(structure(rendered))
    assert [row[0] for row in rows] == ["Organisation", *(line.name for line in lines)]


def test_each_group_has_its_own_under_its_heading_with_columns_in_line() -> None:
    told = structure(pdf.render(letter(organisations=grouped(40, 8), form="table")))
    assert headings(told)[2:] == [(3, f"Group {n:03d}") for n in range(5)]
    assert [len(rows) for rows in tables(told)] == [9] * 5
    heads = [table.every("TH") for table in told.every("Table")]
    assert len({round(cells[1].pieces()[0].x) for cells in heads}) == 1


def test_no_heading_of_a_group_stands_without_its_first_row() -> None:
    told = structure(pdf.render(letter(organisations=grouped(300, 3), form="table")))
    parts = [part for part in told.elements() if part.kind in ("H3", "Table")]
    for heading, table in zip(parts[::2], parts[1::2], strict=True):
        row = table.every("TD")[0]
        assert heading.page() == table.page() == row.page()


def test_individuals_are_listed_below_it() -> None:
    document = letter(organisations=LINES, form="table", individuals=(Line("Samed Rahimli"),))
    assert "Anar Individuals Samed Rahimli" in structure(pdf.render(document)).text()


def test_from_right_to_left_its_columns_run_so_too() -> None:
    document = letter(language="ar", direction="rtl", organisations=LINES, form="table")
    told = structure(pdf.render(document))
    name, country, representative = (cell.pieces()[0].x for cell in told.every("TD")[:3])
    assert name > country > representative
