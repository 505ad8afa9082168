"""A tagged PDF as a screen reader walks it: its structure tree, with the text in its place.

Only what the file itself says is used, so a test that finds a heading here has found a heading.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from tests.documents.pdf_text import Piece, joined, pieces

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
BLOCKS = (*HEADINGS, "P", "LI", "LBody", "TD", "TH", "Div", "Note")


@dataclass
class Element:
    """An element of the structure: "P", "H1", "L", "LI", "Table", "TH", "Figure", "Note" …"""

    kind: str
    children: list["Element | Piece"] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)  # names as in the file: "/Scope"
    alternative: str | None = None
    url: str | None = None  # of a Link that leads out of the document
    identifier: str | None = None
    language: str | None = None  # where it is told, or another than that of what it is in
    right_to_left: bool = False

    def walk(self) -> Iterator["Element"]:
        """Itself and all below it, in reading order."""
        yield self
        for child in self.elements():
            yield from child.walk()

    def elements(self) -> list["Element"]:
        return [child for child in self.children if isinstance(child, Element)]

    def every(self, *kinds: str) -> list["Element"]:
        return [element for element in self.walk() if element.kind in kinds]

    def text(self, *without: str) -> str:
        """Its text on one line, that of elements of some kinds left out."""
        parts = [
            joined(run, right_to_left=self.right_to_left) for run in self._runs(set(without)) if run
        ]
        return " ".join(" ".join(parts).split())

    def pieces(self, *without: str) -> list[Piece]:
        return [piece for run in self._runs(set(without)) for piece in run]

    def has_text_of_its_own(self) -> bool:
        """Whether text stands in it that is in no block within it."""
        return any(isinstance(child, Piece) for child in self.children)

    def page(self) -> int | None:
        """Where it begins, counted from 0; None if it has no text."""
        return next((piece.page for piece in self.pieces()), None)

    def _runs(self, without: set[str]) -> list[list[Piece]]:
        """Pieces that follow each other with no block beginning or ending between them."""
        runs: list[list[Piece]] = [[]]
        for child in self.children:
            if isinstance(child, Piece):
                runs[-1].append(child)
            elif child.kind in without:
                continue
            elif child.kind in BLOCKS:
                runs += [*child._runs(without), []]
            else:
                first, *others = child._runs(without)
                runs[-1] += first
                runs += others
        return runs


def structure(rendered: bytes) -> Element:
    """The Document element of a tagged PDF."""
    return _Tree(PdfReader(BytesIO(rendered))).document()


def headings(document: Element) -> list[tuple[int, str]]:
    """Level and text."""
    found = document.every(*HEADINGS)
    return [(int(one.kind[1]), one.text("Note", "Lbl")) for one in found]


def links(document: Element) -> list[tuple[str, str]]:
    """Text and address of the links that lead out of the document."""
    return [(one.text(), one.url) for one in document.every("Link") if one.url]


def lists(document: Element) -> list[list[tuple[str, str]]]:
    """The label and the text of every item, a list within an item after the list it is in."""
    return [
        [
            (_label(item), " ".join(part.text("Note", "L") for part in item.every("LBody")[:1]))
            for item in found.elements()
            if item.kind == "LI"
        ]
        for found in document.every("L")
    ]


def tables(document: Element) -> list[list[list[str]]]:
    """Rows of cells, the head first."""
    return [
        [[cell.text("Note") for cell in row.every("TH", "TD")] for row in table.every("TR")]
        for table in document.every("Table")
    ]


def footnotes(document: Element) -> list[str]:
    """Their texts without their numbers, in the order they are referred to."""
    return [note.text("Lbl") for note in document.every("Note")]


def figures(document: Element) -> list[str]:
    """The alternative texts of the pictures."""
    return [figure.alternative or "" for figure in document.every("Figure")]


def _label(item: Element) -> str:
    return next((part.text() for part in item.elements() if part.kind == "Lbl"), "")


class _Tree:
    def __init__(self, reader: PdfReader) -> None:
        catalogue = reader.root_object
        self.roles = catalogue["/StructTreeRoot"].get("/RoleMap", {})
        self.root = catalogue["/StructTreeRoot"]
        preferences: Any = catalogue.get("/ViewerPreferences", {})
        self.right_to_left = preferences.get("/Direction") == "/R2L"
        self.numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)}
        self.pieces = [pieces(page, n) for n, page in enumerate(reader.pages)]

    def document(self) -> Element:
        [top] = _kids(self.root)
        return self.element(top.get_object())

    def element(self, node: Any) -> Element:
        kind = node["/S"]
        while kind in self.roles:
            kind = self.roles[kind]
        element = Element(kind.removeprefix("/"), right_to_left=self.right_to_left)
        element.alternative = node.get("/Alt")
        element.language = node.get("/Lang")
        element.identifier = node.get("/ID")
        for attributes in _listed(node.get("/A")):
            element.attributes |= attributes.get_object()
        for kid in _kids(node):
            self.adopt(element, kid.get_object(), node.get("/Pg"))
        return element

    def adopt(self, parent: Element, kid: Any, page: Any) -> None:
        if isinstance(kid, int):
            parent.children += self.content(kid, page)
        elif kid.get("/Type") == "/MCR":
            parent.children += self.content(kid["/MCID"], kid.raw_get("/Pg") or page)
        elif kid.get("/Type") == "/OBJR":
            parent.url = kid["/Obj"].get("/A", {}).get("/URI")
        else:
            parent.children.append(self.element(kid))

    def content(self, mcid: int, page: Any) -> list[Piece]:
        number = self.numbers[page.indirect_reference.idnum if "/Type" in page else page.idnum]
        return self.pieces[number].get(mcid, [])


def _kids(node: Any) -> list[Any]:
    return _listed(node.get("/K"))


def _listed(value: Any) -> list[Any]:
    value = value.get_object() if hasattr(value, "get_object") else value
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
