"""The styles of a Word file, as far as a letter asks: names, what they hide, their language."""

from functools import cached_property

from app.documents.word_package import Element, W

OFF = ("0", "false", "off", "none")


def is_on(value: str | None) -> bool:
    """Whether an attribute that says yes or no is there and says yes."""
    return value is not None and value.lower() not in (*OFF, "f")


class Styles:
    def __init__(self, part: Element | None) -> None:
        found = [] if part is None else part.findall(f"{W}style")
        self.by_id = {style.get(f"{W}styleId", ""): style for style in found}
        self.part = part

    def name(self, paragraph: Element) -> str:
        """The name of a paragraph's style in small letters: the same in every language of Word."""
        style = self.by_id.get(style_of(paragraph))
        return _value(style, f"{W}name").lower() if style is not None else ""

    def is_numbered_heading(self, paragraph: Element) -> bool:
        if not self.name(paragraph).startswith("heading "):
            return False
        own = properties(paragraph).find(f"{W}numPr/{W}numId")
        if own is not None:
            return bool(own.get(f"{W}val", "0") != "0")
        return self._inherited(style_of(paragraph), f"{W}pPr/{W}numPr/{W}numId") not in ("", "0")

    def is_hidden(self, run: Element, paragraph: Element | None) -> bool:
        own = properties(run).find(f"{W}vanish")
        if own is not None:
            return is_on(own.get(f"{W}val", "1"))
        named = (style_of(run), "" if paragraph is None else style_of(paragraph))
        return any(style in self.hiding for style in named)

    @cached_property
    def hiding(self) -> set[str]:
        """The ids of styles that hide their text."""
        return {id_ for id_ in self.by_id if self._inherited(id_, f"{W}rPr/{W}vanish")}

    def language(self, id_: str, kind: str) -> str:
        """The language a style sets; `kind` is val, bidi or eastAsia, for scripts of each sort."""
        return self._inherited(id_, f"{W}rPr/{W}lang", kind)

    @cached_property
    def defaults(self) -> Element | None:
        """The language properties that hold where nothing else is said."""
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang"
        return None if self.part is None else self.part.find(path)

    def _inherited(self, id_: str, path: str, attribute: str = "val") -> str:
        for _generation in range(12):  # styles may be based on each other in a circle
            style = self.by_id.get(id_)
            if style is None:
                return ""
            found = style.find(path)
            if found is not None:
                value = str(found.get(f"{W}{attribute}", "1" if attribute == "val" else ""))
                if value:
                    return "" if value.lower() in OFF else value
            id_ = _value(style, f"{W}basedOn")
        return ""


def properties(element: Element) -> Element:
    """The properties of a run or paragraph, which come first in it; an empty element without."""
    first = next(iter(element), None)  # len() would count all that is in a paragraph
    if first is not None and first.tag in (f"{W}rPr", f"{W}pPr"):
        return first
    return element.makeelement(f"{W}none")


def style_of(element: Element) -> str:
    """The id of the style of a run or paragraph."""
    return _value(properties(element), f"{W}rStyle") or _value(properties(element), f"{W}pStyle")


def _value(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else str(found.get(f"{W}val", ""))
