"""Real letters and lists of organisations that lie beside the repository, not in it."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
MISSING = "data missing:"
"""How the reason of the one kind of skip begins that CI allows."""


def shared(path: str) -> Path:
    """A file under ../shared/data; the test is skipped where it isn't there."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"{MISSING} ../shared/data/{path}")
    return found
