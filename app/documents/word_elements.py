"""What Word texts are asked element by element, and the namespaces that are not Word's own."""

from collections.abc import Iterator

from app.documents.word_package import Element, W

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
V = "{urn:schemas-microsoft-com:vml}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def unwrap_inner(element: Element, inner: Element) -> None:
    for child in list(inner):
        element.addprevious(child)
    element.getparent().remove(element)


def has(element: Element, *tags: str) -> bool:
    return next(element.iter(*tags), None) is not None


def outermost(element: Element, tag: str) -> Iterator[Element]:
    for child in element:
        if child.tag == tag:
            yield child
        else:
            yield from outermost(child, tag)


def alternative(element: Element) -> str:
    """The alternative text of a drawing or of an older picture."""
    for described in element.iter():
        name = str(described.tag).rpartition("}")[2]
        text = described.get("descr") if name == "docPr" else described.get("alt")
        if text and text.strip():
            return str(text)
    return ""


def has_picture(element: Element) -> bool:
    return has(element, f"{A}blip", f"{V}imagedata")


def has_symbols(paragraph: Element) -> bool:
    """Whether letters in it stand for the signs of a symbol font, which pandoc knows."""
    fonts = (font.get(f"{W}ascii", "") for font in paragraph.iter(f"{W}rFonts"))
    return any(font.startswith(("Symbol", "Wingdings", "Webdings")) for font in fonts)
