"""The final letter as a Word file, in a fresh process."""

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import stage
from bench.process import ran
from bench.table import Line

SIGNATORIES = (1_000, 10_000)
TARGET = 10.0  # seconds for the most


def measure() -> Iterator[Line]:
    with TemporaryDirectory() as directory:
        folder = Path(directory)
        for number, document in stage.documents(folder, SIGNATORIES):
            given, out = folder / "document", folder / "letter.docx"
            given.write_bytes(pickle.dumps(document))
            done = ran([sys.executable, "-m", "bench.render", "docx", str(given), str(out)])
            assert out.read_bytes().startswith(b"PK"), "not a Word file"
            yield Line(
                f"DOCX, {number:,} signatories",
                f"{done.seconds:.2f} s",
                target=f"< {TARGET:.0f} s",
                verdict="ok" if done.seconds < TARGET else "missed",
                note=f"{done.megabytes:.0f} MB",
            )
