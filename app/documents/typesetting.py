"""Typst: a folder with a template in, a PDF or a picture out.

A process that has typeset a long list keeps some 30 MB per thousand names, and Typst knows no
time-out: app/documents/press.py gives it a process of its own.
"""

from functools import cache
from pathlib import Path

import typst


class Refusal(Exception):
    """Typst would not typeset the letter; the diagnosis is its own."""


@cache
def installed_fonts() -> typst.Fonts:
    """The fonts of the system and of Typst, looked up once in the life of a process."""
    return typst.Fonts()


def draw(root: Path) -> bytes:
    """`root`/card.typ as PNG, one pixel a point. It can read what is in `root` only.

    Raises Refusal.
    """
    try:
        drawn = typst.compile(
            root / "card.typ",
            root=root,
            font_paths=installed_fonts(),
            format="png",
            ppi=72,
        )
    except typst.TypstError as refusal:
        raise Refusal(refusal.diagnostic) from refusal
    assert isinstance(drawn, bytes)  # as it is for one page
    return drawn


def typeset(root: Path, standards: list[str], moment: int) -> bytes:
    """`root`/letter.typ as PDF, dated `moment` (Unix seconds). It can read what is in `root` only.

    Raises Refusal.
    """
    try:
        return typst.compile(
            root / "letter.typ",
            root=root,
            font_paths=installed_fonts(),
            pdf_standards=standards,  # type: ignore[arg-type]
            timestamp=moment,
        )
    except typst.TypstError as refusal:
        raise Refusal(refusal.diagnostic) from refusal
