"""Typst, in this process or in one of its own.

A process that has typeset a long list keeps some 75 MB per thousand names, and Typst knows no
time-out. So long letters are typeset apart, where time and memory have limits. This file is that
process, too: it imports nothing of the application.
"""

import resource
import subprocess
import sys
from functools import cache
from pathlib import Path

import typst

TIME_LIMIT = 120  # seconds; 10,000 names take 3
MEMORY_LIMIT = 2 * 1024**3  # bytes of address space; 10,000 names and the fonts take 0.6 GB
REFUSED = 3  # the exit status when Typst refused the letter


class Refusal(Exception):
    """Typst would not typeset the letter; the diagnosis is its own."""


class OutOfBounds(Exception):
    """The letter took more time or memory than it may."""


@cache
def installed_fonts() -> typst.Fonts:
    """The fonts of the system and of Typst, looked up once in the life of a process."""
    return typst.Fonts()


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


def typeset_apart(root: Path, standards: list[str], moment: int) -> bytes:
    """The same in a process of its own. Raises Refusal or OutOfBounds."""
    command = [sys.executable, "-I", __file__, str(root), str(moment), *standards]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, and numbers and names of ours
            command, check=False, capture_output=True, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired as late:
        raise OutOfBounds from late
    if done.returncode == REFUSED:
        raise Refusal(done.stderr.decode())
    if done.returncode < 0:  # it was killed, or gave up for want of memory
        raise OutOfBounds
    done.check_returncode()
    return done.stdout


def main(root: str, moment: str, *standards: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    try:
        sys.stdout.buffer.write(typeset(Path(root), list(standards), int(moment)))
    except Refusal as refusal:
        sys.stderr.write(str(refusal))
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
