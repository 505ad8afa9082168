"""The letter from its head to its end, cut into sections where the columns change."""

from types import MappingProxyType
from typing import NamedTuple

from markupsafe import Markup

from app.documents.docx.page import section
from app.documents.docx.text import paragraph
from app.documents.docx.wordml import Properties, Property, joined
from app.documents.typography import Direction


class Paragraph(NamedTuple):
    """One that may yet end a section, or be kept with the next."""

    style: str
    content: Markup = Markup("")
    given: Properties = MappingProxyType({})

    def told(self, **more: Property) -> "Paragraph":
        return Paragraph(self.style, self.content, {**self.given, **more})

    def xml(self) -> Markup:
        return paragraph(self.style, self.content, **self.given)


class Flow:
    def __init__(self, direction: Direction) -> None:
        self.direction = direction
        self._blocks: list[Markup | Paragraph] = []
        self._columns = 1

    def add(self, *blocks: Markup | Paragraph) -> None:
        self._blocks += blocks

    def turn(self, columns: int, *, apart: bool = False) -> None:
        """What follows stands in this many columns; `apart` from those before it, which then end
        level. (A section ends inside a paragraph.)"""
        if columns == self._columns and not (apart and columns > 1):
            return
        ending = self._blocks[-1] if self._blocks else None
        if isinstance(ending, Paragraph):
            self._blocks.pop()
        else:
            ending = Paragraph("AfterTable")
        self._blocks.append(ending.told(sectPr=section(self._columns, self.direction)))
        self._columns = columns

    def body(self) -> Markup:
        """All of it, for the document part."""
        written = (block.xml() if isinstance(block, Paragraph) else block for block in self._blocks)
        return joined(written) + section(self._columns, self.direction)
