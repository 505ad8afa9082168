"""Markdown written to take long: as much of it as a letter may hold."""

import time
from collections.abc import Iterator

from app.documents import html
from app.documents.markdown import MAX_LENGTH, parse
from bench.table import Line
from tests.documents.test_markdown import HOSTILE


def measure() -> Iterator[Line]:
    seconds = {kind: _seconds(write(MAX_LENGTH)[:MAX_LENGTH]) for kind, write in HOSTILE.items()}
    worst = max(seconds, key=seconds.__getitem__)
    yield Line(
        f"Hostile Markdown, {MAX_LENGTH:,} characters, to HTML",
        f"{seconds[worst]:.1f} s",
        note=f"the slowest of {len(seconds)} kinds: {worst}",
    )


def _seconds(text: str) -> float:
    began = time.process_time()
    html.parts(parse(text))
    return time.process_time() - began
