"""The facts of a letter's HTML, as a browser's parser finds them in it."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

from tests.documents.facts import Content, Facts, Point, Points, plain

HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCKS = {
    *HEADINGS,
    *("p", "ul", "ol", "li", "table", "tr", "th", "td", "div", "section", "footer", "pre"),
    "blockquote",
}
NOTES, REFERENCE, BACK = "doc-endnotes", "doc-noteref", "doc-backlink"


def parsed(page: str) -> tuple[Element, list[str]]:
    """The page's root, and what its parser found wrong."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(page)
    return root, [str(error) for error in parser.errors]


def facts(page: str) -> Facts:
    root, errors = parsed(page)
    assert errors == []
    body = root.find("body")
    assert body is not None
    return Facts(
        plain(root.findtext("head/title") or ""),
        (root.get("lang") or "").partition("-")[0],
        content(body),
        [content(note) for notes in _with_role(body, NOTES) for note in notes.findall("ol/li")],
        [int("".join(each.itertext())) for each in _with_role(body, REFERENCE)],
        [plain(image.get("alt") or "") for image in body.iter("img")],
    )


def content(root: Element) -> Content:
    """The facts of an element, footnotes and references to them left out."""
    reading = _Reading()
    reading.walk(root)
    return reading.finished()


def _with_role(root: Element, role: str) -> Iterator[Element]:
    return (element for element in root.iter() if element.get("role") == role)


def _is_apart(element: Element) -> bool:
    # The mark of a proof stands at the foot of each page elsewhere.
    return element.get("role") in (NOTES, REFERENCE, BACK) or element.get("class") == "mark"


class _Reading:
    def __init__(self) -> None:
        self.content = Content()
        self.run = ""
        self.points: list[Point] = []  # those we are inside of
        self.lists: list[list[Points]] = [self.content.lists]

    def finished(self) -> Content:
        self.end()
        return self.content

    def walk(self, element: Element) -> None:
        if _is_apart(element):
            return
        if element.tag in BLOCKS:
            self.end()
        before = len(self.content.blocks)
        if element.tag in ("ul", "ol") and not element.get("class"):
            self.listed(element)
        else:
            self.inside(element)
        if element.tag in BLOCKS:
            self.end()
        self.note(element, before)

    def inside(self, element: Element) -> None:
        self.run += " " if element.tag == "br" else element.text or ""
        for child in element:
            self.walk(child)
            self.run += child.tail or ""

    def listed(self, element: Element) -> None:
        ordered = element.tag == "ol"
        listed = Points(int(element.get("start", "1")) if ordered else None)
        self.lists[-1].append(listed)
        for item in element.findall("li"):
            point = Point("")
            listed.points.append(point)
            self.points.append(point)
            self.lists.append(point.lists)
            self.walk(item)
            self.lists.pop()
            self.points.pop()

    def end(self) -> None:
        """A block ends here."""
        if said := plain(self.run):
            self.content.blocks.append(said)
            if self.points:
                self.points[-1].text = f"{self.points[-1].text} {said}".strip()
        self.run = ""

    def note(self, element: Element, before: int) -> None:
        """What an element is, now that it has been read."""
        said = " ".join(self.content.blocks[before:])
        if element.tag in HEADINGS:
            self.content.headings.append((HEADINGS[element.tag], said))
        elif element.tag == "table":
            rows = [[*row.iter("th"), *row.iter("td")] for row in element.iter("tr")]
            self.content.tables.append([[_text(cell) for cell in row] for row in rows])
        elif element.tag == "a":
            self.content.links.append((_text(element), element.get("href") or ""))


def _text(element: Element) -> str:
    return plain(_words(element))


def _words(element: Element) -> str:
    if _is_apart(element):
        return ""
    inside = (_words(child) + (child.tail or "") for child in element)
    return (" " if element.tag == "br" else element.text or "") + "".join(inside)
