"""One thing a Word text has and a letter can't have, named by the words beside it."""

from dataclasses import dataclass, field

from app.documents.word_package import Element, W

EXCERPT = 40  # characters of the text beside a place


@dataclass
class Loss:
    """A sentence with room for its facts, among them the `place`, once that is known."""

    sentence: str
    facts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        if "text" in self.facts:
            self.facts["text"] = excerpt(self.facts["text"]).removesuffix(".")
        return self.sentence % self.facts


def excerpt(text: str, *, end: bool = False, most: int = EXCERPT) -> str:
    """The first words of a text, or its last ones, of so many characters."""
    near = text[-4 * most :] if end else text[: 4 * most]
    words = " ".join(near.split())
    if len(words) <= most:
        return words
    if end:
        return "…" + (words[-most:].partition(" ")[2] or words[-most:])
    return (words[:most].rpartition(" ")[0] or words[:most]) + "…"


def text_of(element: Element) -> str:
    """The text in an element, its paragraphs set apart by spaces."""
    nodes = element.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}p")
    return " ".join("".join(_read(node) for node in nodes).split())


def _read(node: Element) -> str:
    return str(node.text or "") if node.tag == f"{W}t" else " "
