"""Fields of a Word text: what Word computes, and shows as it was when it last did.

A field is written as marks for its begin and end with instruction and shown text between them, and
fields may stand in fields. All but links lose their marks; what they show is text then.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.documents.word_package import Element, W
from app.i18n import _

KEPT = "HYPERLINK"
_SILENT = ("", KEPT, "TOC")  # a table of contents is named as a whole


@dataclass(eq=False)
class _Field:
    parts: list[Element] = field(default_factory=list)
    instruction: str = ""

    @property
    def kind(self) -> str:
        return (self.instruction.split() or [""])[0].upper()


class Fields:
    """Those of one story that have begun and not ended yet; `lost` takes a sentence and `kind`."""

    def __init__(self, lost: Callable[..., object]) -> None:
        self.lost = lost
        self.open: list[_Field] = []

    def mark(self, element: Element) -> None:
        match element.get(f"{W}fldCharType"):
            case "begin":
                self.open.append(_Field([element]))
            case "separate" if self.open:
                self.open[-1].parts.append(element)
            case "end" if self.open:
                ended = self.open.pop()
                ended.parts.append(element)
                if ended.kind != KEPT:
                    remove(ended.parts)
                    self.is_text_now(ended.kind)
            case _:
                remove([element])

    def instruction(self, element: Element) -> None:
        if self.open:
            self.open[-1].parts.append(element)
            self.open[-1].instruction += element.text or ""
        else:
            remove([element])

    def simple(self, element: Element) -> None:
        """One that is written as an element around what it shows."""
        self.is_text_now(_Field(instruction=element.get(f"{W}instr", "")).kind)

    def is_text_now(self, kind: str) -> None:
        # Of fields in fields the outer one counts.
        if kind not in _SILENT and not self.open:
            self.lost(
                _("The field %(kind)s near “%(place)s” is now the text it showed last."), kind=kind
            )

    def without(self, element: Element) -> None:
        """Fields that would have ended in an element that was left out end before it."""
        marks = [mark.get(f"{W}fldCharType") for mark in element.iter(f"{W}fldChar")]
        ended_there = max(marks.count("end") - marks.count("begin"), 0)
        for _number in range(min(ended_there, len(self.open))):
            remove(self.open.pop().parts)

    def end(self) -> None:
        """Those that never ended must not swallow the rest of the text."""
        while self.open:
            remove(self.open.pop().parts)


def remove(elements: list[Element]) -> None:
    """Takes elements out of the text, as far as they are in it still."""
    for element in elements:
        if element.getparent() is not None:
            element.getparent().remove(element)
