"""The facts of a letter's PDF, from its structure tree."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from tests.documents.extraction import catalogue, metadata
from tests.documents.facts import Content, Facts, Point, Points, plain
from tests.documents.pdf_reading import HEADINGS, Element, figures, structure

REFERENCES = ("Note", "Lbl")  # what stands in a text without being of it


def facts(rendered: bytes) -> Facts:
    told = structure(rendered)
    letter = _Reading()
    letter.read(told)
    return Facts(
        plain(metadata(rendered).title or ""),
        str(catalogue(rendered)["/Lang"]).partition("-")[0],
        letter.content,
        [_note(note) for note in told.every("Note")],
        letter.references,
        [plain(alternative) for alternative in figures(told)],
    )


def comparable(told: Facts, *, right_to_left: bool) -> Any:
    """What a PDF can be asked for: it ends lines without a space, wherever they end.

    In Arabic and Hebrew it gives the signs of a line from left to right, and a mark set apart from
    its letter makes Typst give both twice: there the words without marks are compared.
    """
    return _mapped(asdict(told), _words if right_to_left else _unspaced)


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _mapped(inner, change) for key, inner in value.items()}
        case list() | tuple():
            return [_mapped(inner, change) for inner in value]
    return value


def _unspaced(text: str) -> str:
    """Without pictures, too, for which not every machine has a font."""
    return re.sub("[\\s\ufffd\U0001f000-\U0001ffff]", "", text)


def _words(text: str) -> str:
    words = re.findall(r"[\w\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+", text)
    return " ".join(sorted(word for word in words if word.isalnum()))


def _note(note: Element) -> Content:
    reading = _Reading()
    if note.has_text_of_its_own():
        reading.text(note)
    for part in note.elements():
        if part.kind != "Lbl":
            reading.read(part)
    return reading.content


class _Reading:
    def __init__(self) -> None:
        self.content = Content()
        self.references: list[int] = []
        self.within: list[Point] = []  # points we are inside of

    def read(self, part: Element) -> None:
        match part.kind:
            case "L":
                self.list(part)
            case "Table":
                self.table(part)
            case "P" | "Code" | "TH" | "TD":
                self.text(part)
            case kind if kind in HEADINGS:
                self.text(part)
                self.content.headings.append((int(kind[1]), self.content.blocks[-1]))
            case "Figure":
                pass
            case _:
                for child in part.elements():
                    self.read(child)

    def text(self, part: Element) -> None:
        self.say(plain(part.text(*REFERENCES)))
        self.inlines(part)

    def say(self, text: str) -> None:
        if text:
            self.content.blocks.append(text)
            if self.within:
                self.within[-1].text = f"{self.within[-1].text} {text}".strip()

    def inlines(self, part: Element) -> None:
        for child in part.elements():
            if child.kind == "Lbl":
                self.references.append(int(child.text()))
            elif child.kind != "Note":
                if child.url:
                    self.content.links.append((plain(child.text()), child.url))
                self.inlines(child)

    def list(self, part: Element) -> None:
        """A list in an item comes after it, not in it: so Typst has it."""
        items = [child for child in part.elements() if child.kind == "LI"]
        labels = [_label(item) for item in items]
        if not any(labels):  # of names
            for item in items:
                self.text(item.elements()[1])
            return
        points = Points(int(labels[0].rstrip(".")) if labels[0][:-1].isdecimal() else None)
        within = self.within[-1].lists if self.within else self.content.lists
        within.append(points)
        for child in part.elements():
            if child.kind == "LI":
                points.points.append(Point(""))
            self.within.append(points.points[-1])
            for inner in child.elements() if child.kind == "LI" else [child]:
                if inner.kind != "Lbl":
                    self.item(inner)
            self.within.pop()

    def item(self, part: Element) -> None:
        """A short item has its text without a paragraph around it."""
        if part.kind == "LBody" and part.has_text_of_its_own():
            self.text(part)
        else:
            self.read(part)

    def table(self, part: Element) -> None:
        rows = [row.every("TH", "TD") for row in part.every("TR")]
        self.content.tables.append(
            [[plain(cell.text(*REFERENCES)) for cell in row] for row in rows]
        )
        for row in rows:
            for cell in row:
                self.text(cell)


def _label(item: Element) -> str:
    return next((part.text() for part in item.elements() if part.kind == "Lbl"), "")
