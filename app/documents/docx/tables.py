"""Tables: those of the text, the list of signatories as one, and what only stands side by side."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from app.documents.docx.wordml import Attributes, Property, element, properties
from app.documents.typography import Direction

MOST_COLUMNS = 63  # Word opens no table with more
_CHARACTER = 120  # the width of one, more or less
_MARGINS = 216  # left and right of a cell's text


def table(
    style: str,
    columns: Sequence[int],
    rows: Iterable[Markup],
    direction: Direction,
    **given: Property,
) -> Markup:
    """A table with columns of these widths; `given` adds to its properties."""
    told: dict[str, Property] = {
        "tblStyle": style,
        "bidiVisual": True if direction == "rtl" else None,
        "tblW": {"w": sum(columns), "type": "dxa"},
        "tblLook": _HEAD_ROW if style == "LetterTable" else _NO_HEAD,
        **given,
    }
    grid = element("tblGrid", None, *(element("gridCol", {"w": width}) for width in columns))
    return element("tbl", None, properties("tblPr", told), grid, *rows)


def row(*cells: Markup, is_head: bool = False) -> Markup:
    """A row that no page break splits; a head stands on every page."""
    given = properties("trPr", {"cantSplit": True, "tblHeader": True if is_head else None})
    return element("tr", None, given, *cells)


def cell(width: int, *content: Markup, **given: Property) -> Markup:
    """A cell with its paragraphs, at least one."""
    told = properties("tcPr", {"tcW": {"w": width, "type": "dxa"}, **given})
    return element("tc", None, told, *content)


def widths(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Of the columns of these texts: each as wide as its longest text or, where all that has no
    place in `room`, at least as wide as its longest word."""
    texts = list(zip(*rows, strict=True))
    wanted = [_width(column, 40) for column in texts]
    if sum(wanted) <= room:
        return wanted
    least = [_width(" ".join(column).split(), 24) for column in texts]
    if sum(least) >= room:
        return [width * room // sum(wanted) for width in wanted]
    more = [wide - narrow for wide, narrow in zip(wanted, least, strict=True)]
    spare = room - sum(least)
    return [n + m * spare // sum(more) for n, m in zip(least, more, strict=True)]


def _width(texts: Iterable[str], most: int) -> int:
    """Of a column that holds each of these on one line, if none has more characters than `most`."""
    longest = max((len(text) for text in texts), default=0)
    return min(max(4, longest), most) * _CHARACTER + _MARGINS


_EVENLY = {"lastRow": 0, "firstColumn": 0, "lastColumn": 0, "noHBand": 1, "noVBand": 1}
_HEAD_ROW: Attributes = {"val": "0620", "firstRow": 1, **_EVENLY}
_NO_HEAD: Attributes = {"val": "0600", "firstRow": 0, **_EVENLY}
