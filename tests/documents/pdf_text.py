"""The text of a tagged PDF, piece by piece, by the marks that tie it to the structure tree.

Written for the files Typst makes, where every string is drawn upright.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import icu
from pypdf import PageObject
from pypdf.generic import ContentStream

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
SOFT_HYPHEN = "\u00ad"
RAISED = 5  # points: less is a superscript, more is another line
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


@dataclass(frozen=True)
class Piece:
    """Some text in one font as it stands on the page, from left to right."""

    page: int
    x: float
    y: float  # points from the page's foot
    text: str


@dataclass
class Mark:
    """A marked part of the page: what it belongs to, and what is to be read in its place."""

    mcid: int | None
    actual: str | None = None


def pieces(page: PageObject, number: int) -> dict[int, list[Piece]]:
    """By their MCID; what belongs to none is an artifact and left out."""
    return _Reading(page, number).pieces()


def joined(found: list[Piece], *, right_to_left: bool) -> str:
    """What the pieces say, lines joined with spaces and hyphenated words whole again."""
    said = "".join(_line(line, right_to_left) + "\n" for line in _lines(found))
    return said.replace(f"{SOFT_HYPHEN}\n", "").rstrip("\n")


def _lines(found: list[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = []
    for piece in found:
        last = lines[-1][0] if lines else None
        if last and last.page == piece.page and abs(last.y - piece.y) < RAISED:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines


def _line(line: list[Piece], right_to_left: bool) -> str:
    text = "".join(piece.text for piece in line)
    if not RIGHT_TO_LEFT.search(text):
        return text
    bidi = icu.Bidi()
    bidi.setInverse(True)
    text = "".join(piece.text for piece in sorted(line, key=lambda piece: piece.x))
    bidi.setPara(icu.UnicodeString(text), 1 if right_to_left else 0)
    return str(bidi.writeReordered(0))  # the file gives brackets as they were typed


class _Reading:
    def __init__(self, page: PageObject, number: int) -> None:
        self.page, self.number = page, number
        resources = page["/Resources"]
        fonts = resources.get("/Font", {})
        self.fonts = {name: _Font(font.get_object()) for name, font in fonts.items()}
        self.found: dict[int, list[Piece]] = {}
        self.marks: list[Mark] = []  # outermost first
        self.font: _Font | None = None
        self.states: list[Matrix] = []
        self.matrix: Matrix = (1, 0, 0, 1, 0, 0)
        self.line: Matrix = self.matrix

    def pieces(self) -> dict[int, list[Piece]]:
        content = ContentStream(self.page["/Contents"], self.page.pdf)
        for operands, operator in content.operations:
            self.operate(operator.decode(), operands)
        return self.found

    def operate(self, operator: str, operands: Any) -> None:
        match operator:
            case "BDC" | "BMC":
                self.mark(*operands[1:])
            case "EMC":
                self.marks.pop()
            case "q":
                self.states.append(self.matrix)
            case "Q":
                self.matrix = self.states.pop()
            case "cm":
                self.matrix = _times(tuple(map(float, operands)), self.matrix)
            case "Tm":
                self.line = _times(tuple(map(float, operands)), self.matrix)
            case "Tf":
                self.font = self.fonts[operands[0]]
            case "Tj":
                self.show([operands[0]])
            case "TJ":
                self.show([part for part in operands[0] if isinstance(part, (str, bytes))])

    def mark(self, properties: Any = MappingProxyType({})) -> None:
        outer = self.marks[-1] if self.marks else Mark(None)
        mcid = properties.get("/MCID", outer.mcid)
        self.marks.append(Mark(mcid, properties.get("/ActualText", outer.actual)))

    def show(self, strings: list[Any]) -> None:
        mark = self.marks[-1]
        if mark.actual is None:
            self.add("".join(self.font.text(string) for string in strings))
        elif mark.actual:
            self.add(mark.actual)
            mark.actual = ""  # said once, with however many glyphs it is drawn

    def add(self, text: str) -> None:
        mcid = self.marks[-1].mcid
        if mcid is not None:
            piece = Piece(self.number, self.line[4], self.line[5], text)
            self.found.setdefault(mcid, []).append(piece)


def _times(inner: Any, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


_ENTRY = re.compile(r"<([0-9A-Fa-f]+)>\s*<((?:[0-9A-Fa-f]{4})+)>")


class _Font:
    """Which text each glyph of a font stands for."""

    def __init__(self, font: Any) -> None:
        cmap = font["/ToUnicode"].get_object().get_data().decode("ascii")
        assert "bfrange" not in cmap, "Typst maps glyph by glyph"
        entries = "".join(re.findall("beginbfchar(.*?)endbfchar", cmap, re.DOTALL))
        self.bytes = 1 if font["/Subtype"] == "/Type3" else 2  # a glyph
        self.glyphs = {
            int(code, 16): bytes.fromhex(text).decode("utf-16-be")
            for code, text in _ENTRY.findall(entries)
        }

    def text(self, string: Any) -> str:
        codes = string if isinstance(string, bytes) else string.original_bytes
        clusters = (
            self.glyphs.get(int.from_bytes(codes[at : at + self.bytes]), "\ufffd")
            for at in range(0, len(codes), self.bytes)
        )
        return "".join(each[::-1] if RIGHT_TO_LEFT.search(each) else each for each in clusters)
