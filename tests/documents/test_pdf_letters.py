"""Every real letter beside the repository comes out as PDF in its language, whole."""

import unicodedata
from pathlib import Path

import pytest

from app.documents import pdf
from app.documents.document import Document
from app.documents.fonts import missing, package
from app.documents.markdown import strings
from tests.documents.extraction import catalogue, squeezed
from tests.documents.letters import real_letter
from tests.documents.pdf_reading import footnotes, links, structure, tables
from tests.harness.shared import SHARED

LETTERS = sorted(path.stem for path in (SHARED / "letters").glob("*.md")) or ["azerbaijan-iaj"]


@pytest.mark.parametrize("name", LETTERS)
def test_it_comes_out_whole_in_its_language(name: str, tmp_path: Path) -> None:
    document = real_letter(name, tmp_path)
    rendered = printed(document)
    told = structure(rendered)
    text = squeezed(told.text())
    assert [part for part in strings(document.body) if not said(part, text)] == []
    assert catalogue(rendered)["/Lang"].split("-")[0] == document.language.split("-")[0]
    assert {url for _, url in links(told)} >= addresses(document.body["blocks"])
    assert len(footnotes(told)) == len(document.body["footnotes"])
    assert len(tables(told)) == str(document.body["blocks"]).count("'type': 'table'")


def printed(document: Document) -> bytes:
    """With boxes where only a font for pictures would help, which not every machine has."""
    lacking = missing("".join(strings(document.body)))
    assert {package(character) for character in lacking} <= {"fonts-noto-color-emoji"}
    return pdf.render(document, allow_missing=bool(lacking))


def said(part: str, text: str) -> bool:
    """Whether all of it is there, but for words Typst copies wrongly: those with marks set apart
    from their letters, and pictures."""
    words = part.split()
    kept = [word for word in words if not any(_copied_wrongly(each) for each in word)]
    if len(kept) == len(words):
        return squeezed(part) in text
    return all(word in text for word in kept)


def _copied_wrongly(character: str) -> bool:
    return unicodedata.category(character) == "Mn" or ord(character) > 0x1F000


def addresses(nodes: object) -> set[str]:
    if isinstance(nodes, list):
        return set().union(*map(addresses, nodes))
    if isinstance(nodes, dict):
        own = {nodes["url"]} if "url" in nodes else set()
        return own.union(*map(addresses, nodes.values()))
    return set()
