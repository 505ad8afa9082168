"""Pandoc, in a process of its own with bounds to its time and memory."""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any

from app.errors import Refused, Unavailable
from app.i18n import _

SECONDS = 20
MEMORY = "512M"


def syntax_tree(package: bytes) -> dict[str, Any]:
    """Pandoc's tree of a Word file: https://hackage.haskell.org/package/pandoc-types.

    Raises Refused for a file it can't read within the bounds, Unavailable where there is no pandoc.
    """
    command = [program(), "+RTS", f"-M{MEMORY}", "-RTS", "--sandbox", "-f", "docx", "-t", "json"]
    with TemporaryDirectory() as folder:
        try:
            done = subprocess.run(  # noqa: S603 - a program of ours, and arguments of ours
                command,
                input=package,
                cwd=folder,
                env={},
                timeout=SECONDS,
                capture_output=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Refused(_("It takes too long to read this file."), "file") from None
    if done.returncode:
        raise Refused(_("This Word file can't be read. Save it again in Word."), "file")
    try:
        tree: dict[str, Any] = json.loads(done.stdout)
    except RecursionError:
        raise Refused(_("What is in this file is nested too deeply."), "file") from None
    return tree


def program() -> str:
    """The path of the program: that of the package pypandoc_binary, or the system's."""
    wheel = find_spec("pypandoc")
    if wheel and wheel.origin:
        packaged = Path(wheel.origin).parent / "files" / "pandoc"
        if packaged.exists():
            return str(packaged)
    if found := which("pandoc"):
        return found
    raise Unavailable(
        _(
            "Word files can't be read here: there is no pandoc. Whoever runs this site installs"
            " the package pypandoc_binary, or their system's pandoc."
        )
    )
