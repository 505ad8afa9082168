"""A Word text made ready for pandoc: what it would read wrongly is said more plainly."""

from app.documents.word_loss import Loss, excerpt, text_of
from app.documents.word_package import Element, Package, W
from app.documents.word_styles import Styles, properties
from app.i18n import ngettext

QUOTED = 280  # twentieths of a point, from both margins: half a centimetre


def make_ready(package: Package, styles: Styles) -> list[Loss]:
    """Changes the package's text, and answers what is lost by it."""
    for story in package.stories():
        for paragraph in story.iter(f"{W}p"):
            _keep_only_quotations_indented(paragraph)
        for table in story.iter(f"{W}tbl"):
            _give_columns(table)
    if "styles" in package.parts:
        for indent in list(package.parts["styles"].iter(f"{W}ind")):
            indent.getparent().remove(indent)
    return _heading_numbers(package, styles)


def _keep_only_quotations_indented(paragraph: Element) -> None:
    """Pandoc takes every indented paragraph for a quotation, an address on the right too."""
    for indent in properties(paragraph).findall(f"{W}ind"):
        sides = (("left", "start"), ("right", "end"))
        if not all(_twips(indent, *names) >= QUOTED for names in sides):
            indent.getparent().remove(indent)


def _twips(indent: Element, *names: str) -> int:
    value = next((indent.get(f"{W}{name}") for name in names if indent.get(f"{W}{name}")), "0")
    return int(value) if _is_number(value.removeprefix("-")) else 0


def _give_columns(table: Element) -> None:
    """Pandoc leaves out the cells beyond the columns that a table says it has."""
    widths = [sum(_span(cell) for cell in row.findall(f"{W}tc")) for row in table.iter(f"{W}tr")]
    grid = table.find(f"{W}tblGrid")
    if grid is None:
        grid = table.makeelement(f"{W}tblGrid")
        table.insert(1 if table.find(f"{W}tblPr") is not None else 0, grid)
    column = f"{W}gridCol"
    grid[:] = [grid.makeelement(column, {f"{W}w": "1000"}) for _n in range(max(widths, default=1))]


def _span(cell: Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "1" if span is None else span.get(f"{W}val", "1")
    return min(max(int(value), 1), 60) if _is_number(value) else 1


def _is_number(value: str) -> bool:
    return value.isdecimal() and len(value) < 10


def _heading_numbers(package: Package, styles: Styles) -> list[Loss]:
    """Numbers that Word counts for headings; those typed by hand are text."""
    numbered = [
        text
        for paragraph in package.parts["document"].iter(f"{W}p")
        if styles.is_numbered_heading(paragraph) and (text := text_of(paragraph))
    ]
    if not numbered:
        return []
    sentence = ngettext(
        "The number that Word gave to the heading “%(place)s” was left out.",
        "The numbers that Word gave to %(number)s headings were left out, the first of them"
        " to “%(place)s”.",
        len(numbered),
    )
    return [Loss(sentence, {"place": excerpt(numbered[0]), "number": str(len(numbered))})]
