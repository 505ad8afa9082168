"""What programs get out of a PDF: its text, its pages, its links."""

import re
import subprocess
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def extracted(rendered: bytes, *options: str) -> str:
    """The text as a reader program copies it out, without hyphenation and direction marks."""
    done = subprocess.run(
        ["pdftotext", "-nopgbrk", *options, "-", "-"],
        input=rendered,
        capture_output=True,
        check=True,
    )
    return re.sub("\u00ad\n|[\u200e\u200f\u202a-\u202e]", "", done.stdout.decode())


def squeezed(text: str) -> str:
    """Without spaces and line ends, which every program puts elsewhere."""
    return re.sub(r"[\s\u200b]", "", text)


def texts(rendered: bytes) -> list[str]:
    """Of each page."""
    return [page.extract_text() for page in PdfReader(BytesIO(rendered)).pages]


def pages(rendered: bytes) -> int:
    return len(PdfReader(BytesIO(rendered)).pages)


def catalogue(rendered: bytes) -> Any:
    return PdfReader(BytesIO(rendered)).root_object


def metadata(rendered: bytes) -> Any:
    return PdfReader(BytesIO(rendered)).metadata


def annotations(rendered: bytes) -> list[Any]:
    """Of all pages, in their order."""
    return [
        note.get_object()
        for page in PdfReader(BytesIO(rendered)).pages
        for note in page.annotations or []
    ]


def links(rendered: bytes) -> list[str]:
    """The addresses that can be clicked, as often as there are places to click."""
    found = [note["/A"]["/URI"] for note in annotations(rendered) if "/A" in note]
    return [str(address) for address in found]
