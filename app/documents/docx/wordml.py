"""WordprocessingML as text.

Everything is Markup: what isn't is escaped where it is put in. Properties come in the order that
Word insists on, whatever order they are given in.
"""

import re
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from markupsafe import Markup, escape

Attributes: TypeAlias = Mapping[str, str | int]
Property: TypeAlias = str | int | bool | Attributes | Markup | None
Properties: TypeAlias = Mapping[str, Property]

NAMESPACES = {
    "xmlns:w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "xmlns:r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "xmlns:wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "xmlns:a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xmlns:pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}

# The children of each element in the order of its type in the schema (wml.xsd of ISO/IEC 29500-4),
# those we use.
_ORDER = {
    name: {child: place for place, child in enumerate(children.split())}
    for name, children in {
        "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr tabs"
        " suppressAutoHyphens bidi spacing ind jc textAlignment outlineLvl rPr sectPr",
        "rPr": "rStyle rFonts b bCs i iCs strike noProof color sz szCs u vertAlign rtl lang",
        "numPr": "ilvl numId",
        "sectPr": "footerReference type pgSz pgMar cols bidi",
        "tblPr": "tblStyle bidiVisual tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
        "trPr": "cantSplit tblHeader",
        "tcPr": "tcW gridSpan tcBorders vAlign",
        "tblBorders": "top bottom",
        "tcBorders": "top bottom",
        "tblCellMar": "top left bottom right",
        "pBdr": "top bottom",
        "style": "name basedOn next qFormat pPr rPr tblPr tcPr tblStylePr",
        "tblStylePr": "pPr rPr tcPr",
        "lvl": "start numFmt pStyle lvlText lvlJc pPr rPr",
        "settings": "zoom defaultTabStop autoHyphenation doNotHyphenateCaps footnotePr compat"
        " decimalSymbol listSeparator",
    }.items()
}
_TWINS = {"b": "bCs", "i": "iCs", "sz": "szCs"}  # what each is called for complex scripts


def element(name: str, attributes: Attributes | None = None, *inside: Markup) -> Markup:
    """An element. Names without a prefix are Word's own, and so are their attributes."""
    tag, own = (name, "") if ":" in name else (f"w:{name}", "w:")
    named = "".join(
        f' {key if ":" in key else own + key}="{escape(legal(str(value)))}"'
        for key, value in (attributes or {}).items()
    )
    # Put together by hand: Markup.format takes more than twice as long for a list of thousands.
    if not inside:
        return Markup(f"<{tag}{named}/>")  # noqa: S704 - escaped above
    return Markup(f"<{tag}{named}>{joined(inside)}</{tag}>")  # noqa: S704 - escaped above


def properties(name: str, given: Properties, attributes: Attributes | None = None) -> Markup:
    """The element `name` with these children: a value is a child's w:val, a mapping its attributes,
    Markup the whole child. None leaves a child out; without any there is no element."""
    order = _ORDER[name]
    if name == "rPr":
        given = {**given, **{_TWINS[key]: given[key] for key in given if key in _TWINS}}
    kept = sorted((key for key in given if given[key] is not None), key=order.__getitem__)
    inside = [_property(key, given[key]) for key in kept]
    return element(name, attributes, *inside) if inside or attributes else Markup("")


def joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def part(name: str, attributes: Attributes, *inside: Markup) -> bytes:
    """A part of the file: its root element, with every namespace we use."""
    root = element(name, {**NAMESPACES, **attributes}, *inside)
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + root.encode()


def legal(text: str) -> str:
    """The text without the characters that XML doesn't know."""
    return _ILLEGAL.sub("", text)


def field(code: str, shown: Markup) -> Markup:
    """A field of ours; what people typed never becomes one."""
    return element("fldSimple", {"instr": f" {code} "}, shown)


_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _property(name: str, value: Property) -> Markup:
    match value:
        case True:
            return element(name)
        case False:
            return element(name, {"val": 0})
        case Markup():
            return value
        case str() | int():
            return element(name, {"val": value})
        case None:
            return Markup("")
    return element(name, value)
