"""Outputs of a letter made in a process of their own, where time and memory have limits.

Typst knows no time-out and keeps what it took, hostile text costs whatever it likes, and a crash
of one document must not be the crash of the site. The process gets a Document and no secrets: its
environment is empty, and it opens neither the database nor a connection.
"""

import json
import pickle
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, get_args

from app.documents import card
from app.documents.card import Card
from app.documents.document import Document
from app.errors import DomainError, Unavailable
from app.i18n import _

Output = Literal["pdf", "docx", "html"]
OUTPUTS: tuple[Output, ...] = get_args(Output)
CARD = "card"

TIME_LIMIT = 120  # seconds; 10,000 names take 3
MEMORY_LIMIT = 2 * 1024**3  # bytes of address space; 10,000 names and the fonts take 0.6 GB
REFUSED = 3  # the exit status when the letter can't be made into that


class TooLong(Unavailable):
    """Beyond the limits, or the process was killed."""

    def __init__(self) -> None:
        super().__init__(_("This letter is too long to be made into a document here."))


class Press:
    """Makes one output after the other; `stop` ends the one under way."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None

    def draw(self, shown: Card) -> bytes:
        """The card as PNG; raises TooLong beyond the limits."""
        return self._made(shown, CARD)

    def make(self, document: Document, output: Output, *, allow_missing: bool = False) -> bytes:
        """The document as html, pdf or docx; `allow_missing` is for the PDF, as in pdf.render.

        Raises MissingGlyph for a character without a font, TooLong beyond the limits.
        """
        return self._made(document, output, *["allow-missing"] * allow_missing)

    def stop(self) -> None:
        if self.process:
            self.process.kill()

    def _made(self, shown: Document | Card, output: str, *options: str) -> bytes:
        limits = (str(TIME_LIMIT), str(MEMORY_LIMIT))
        command = [sys.executable, "-I", "-m", __name__, output, *limits, *options]
        pipe = subprocess.PIPE
        # Ended before its time, the process leaves files with all the names; they go with ours.
        with (
            TemporaryDirectory(prefix="undersigned-") as folder,
            subprocess.Popen(  # noqa: S603 - our own module, and words of ours
                command,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                env={"LANG": "C.UTF-8", "TMPDIR": folder},
            ) as process,
        ):
            self.process = process
            try:
                made, said = process.communicate(pickle.dumps(shown), timeout=TIME_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise TooLong() from None
            finally:
                self.process = None
        if process.returncode == REFUSED:
            raise _refusal(json.loads(said))
        if process.returncode < 0 or said.rstrip().endswith(b"MemoryError"):
            raise TooLong()  # it was killed, or gave up for want of memory
        if process.returncode:
            raise RuntimeError(f"The press failed:\n{said.decode(errors='replace')}")
        return made


def _refusal(facts: dict[str, str]) -> DomainError:
    """Said here and not there, so that it is in the language spoken here."""
    from app.documents.fonts import MissingGlyph  # brings Typst

    if "character" in facts:
        return MissingGlyph(facts["character"], facts["text"])
    return DomainError(facts["sentence"])


def _main(output: str, seconds: str, memory: str, *options: str) -> int:
    for limit, most in (("CPU", int(seconds)), ("AS", int(memory)), ("CORE", 0)):
        resource.setrlimit(getattr(resource, f"RLIMIT_{limit}"), (most, most))
    with suppress(OSError):  # where memory runs out, this process is to go and not the site
        Path("/proc/self/oom_score_adj").write_text("1000")
    shown = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
    try:
        if output == CARD:
            sys.stdout.buffer.write(card.render(shown))
        else:
            sys.stdout.buffer.write(render(shown, output, allow_missing="allow-missing" in options))
    except DomainError as refusal:
        glyph = {name: getattr(refusal, name, None) for name in ("character", "text")}
        facts = glyph if glyph["character"] else {"sentence": refusal.sentence}
        sys.stderr.write(json.dumps(facts))
        return REFUSED
    return 0


def render(document: Document, output: str, *, allow_missing: bool = False) -> bytes:
    """The output, made in this process and without limits."""
    # Each output brings a library that the others don't need.
    match output:
        case "pdf":
            from app.documents import pdf

            return pdf.render(document, allow_missing=allow_missing)
        case "docx":
            from app.documents import docx

            return docx.render(document)
        case "html":
            from app.documents import html

            return html.page(document).encode()
    raise ValueError(output)


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
