"""The language that an address asks for by `?lang=`, all through one request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_asked_for: ContextVar[str] = ContextVar("asked_for", default="")


@contextmanager
def asking(language: str) -> Iterator[None]:
    """`language` is the code of a catalogue, "" where the address asks for none."""
    before = _asked_for.set(language)
    try:
        yield
    finally:
        _asked_for.reset(before)


def language() -> str:
    return _asked_for.get()


def query() -> str:
    """What keeps that language in the next address: "?lang=fr", or ""."""
    return f"?lang={language()}" if language() else ""
