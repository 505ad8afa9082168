"""Text in runs: each of one direction, as Word wants it."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from app.documents.docx.wordml import Properties, Property, element, joined, legal
from app.documents.docx.wordml import properties as properties_of
from app.documents.typography import Direction, first_direction


@dataclass(frozen=True)
class Voice:
    """The language and the direction some text is in."""

    direction: Direction
    language: str = ""  # where it isn't the letter's

    @property
    def mark(self) -> str:
        """Invisible, and as strong as a letter: what follows stays in the voice's direction."""
        return "\u200e" if self.direction == "ltr" else "\u200f"

    def set_in(self, letter: "Voice") -> dict[str, Property]:
        """The properties of a paragraph in this voice, on the letter's own side of the page."""
        if self.direction == letter.direction:
            return {}
        return {"bidi": self.direction == "rtl", "jc": "right"}

    def runs(self, text: str, **style: Property) -> Markup:
        """The text, with the run properties of `style`; its line ends break lines."""
        if self.language:
            style["lang"] = {"val": self.language, "bidi": self.language}
        return joined(_run(part, side, style) for part, side in directed(text, self.direction))

    def name(self, name: str, **style: Property) -> Markup:
        """A name in its own direction, whatever the text around it."""
        side = first_direction(name)
        if side != self.direction and directed(name, self.direction) != [(name, side)]:
            # Embeddings, because Word has known them for longer than isolates.
            name = ("\u202a" if side == "ltr" else "\u202b") + name + "\u202c"
        return Voice(side, self.language).runs(name, **style)


def paragraph(style: str, *content: Markup, **given: Property) -> Markup:
    return element("p", None, properties_of("pPr", {"pStyle": style, **given}), *content)


def directed(text: str, base: Direction) -> list[tuple[str, Direction]]:
    """The text in pieces of one direction each.

    What has no direction of its own, such as a space, goes with its neighbours if they agree, and
    with `base` otherwise (rules N1 and N2 of the Unicode bidirectional algorithm).
    """
    if not (_RIGHT_TO_LEFT if base == "ltr" else _LEFT_TO_RIGHT).search(text):
        return [(text, base)] if text else []
    sides = _resolved(text, base)
    places = groupby(range(len(text)), sides.__getitem__)
    return [("".join(text[place] for place in group), side) for side, group in places]


_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_TO_LEFT = re.compile(f"[{_RTL}]")
_LEFT_TO_RIGHT = re.compile(rf"[^\W\d_{_RTL}]")
_STRONG: dict[str, Direction] = {"L": "ltr", "R": "rtl", "AL": "rtl", "AN": "rtl"}


def _resolved(text: str, base: Direction) -> list[Direction]:
    """The direction of each character."""
    sides: list[Direction] = []
    waiting = 0  # characters without a direction since the last one that has one
    before = base
    for character in text:
        kind = unicodedata.bidirectional(character)
        side = before if kind == "NSM" and not waiting else _STRONG.get(kind)
        if side is None:
            waiting += 1
            continue
        sides += [side if side == before else base] * waiting + [side]
        before, waiting = side, 0
    return sides + [before if before == base else base] * waiting


def _run(text: str, side: Direction, style: Properties) -> Markup:
    if side == "rtl":
        style = {**style, "rtl": True}
    return element("r", None, properties_of("rPr", style), *_said(legal(text)))


def _said(text: str) -> list[Markup]:
    said: list[Markup] = []
    for piece in _BREAK.split(text):
        match piece:
            case "\t":
                said.append(element("tab"))
            case "\n" | "\r" | "\r\n" | "\x85" | "\u2028" | "\u2029":
                said.append(element("br"))
            case _ if piece:
                said.append(element("t", {"xml:space": "preserve"}, escape(piece)))
    return said


_BREAK = re.compile("(\t|\r\n|[\n\r\x85\u2028\u2029])")
