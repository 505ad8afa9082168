"""gettext catalogues: files `<code>.po`, compiled when they are first used."""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations


@cache
def compiled(path: Path) -> Translations:
    """What is translated in the file; fuzzy entries are not."""
    binary = BytesIO()
    with path.open("rb") as source:
        write_mo(binary, read_po(source, locale=path.stem))
    binary.seek(0)
    return Translations(binary, domain=path.parent.name)
