"""Brings the interface's catalogues, app/locales/*.po, up to date with what the source says.

`python scripts/messages.py [CODE ...]`; a new code begins a new catalogue. What is said no longer
goes; what is new stands empty until somebody translates it.
"""

import sys
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LOCALES = ROOT / "app" / "locales"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
# By its place: the name "jinja2" is looked up among all installed packages, which fails for a whole
# process that was once short of files when it looked.
JINJA = "jinja2.ext:babel_extract"
SOURCES = (
    ("app", "**.py", "python"),
    ("templates", "**.html", JINJA),
    ("templates", "**.txt", JINJA),
)
# Documents have words of their own: see app/documents/words.
WITHOUT = ("app/documents/sentences.py", "templates/document/")
WIDTH = 100


def source() -> Catalog:
    """All that pages, mails and the command line's errors say, with the files that say it."""
    catalog = Catalog(fuzzy=False)
    for file, message, comments in _said():
        catalog.add(message, locations=[(file, None)], auto_comments=comments)
    return catalog


def read(code: str) -> Catalog:
    with (LOCALES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def renew(code: str, said: Catalog) -> None:
    path = LOCALES / f"{code}.po"
    catalog = read(code) if path.exists() else Catalog(locale=code, fuzzy=False)
    catalog.update(said, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    with path.open("wb") as file:
        file.write(_head(code, catalog).encode())
        write_po(
            file, catalog, width=WIDTH, sort_by_file=True, include_lineno=False, omit_header=True
        )


def _head(code: str, catalog: Catalog) -> str:
    """Without dates and translators' names: the history knows them, and they clash in merges."""
    facts = (
        f"Language: {code}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {catalog.plural_forms}",
    )
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{fact}\\n"' for fact in facts), "", ""])


def _said() -> Iterator[tuple[str, str | tuple[str, ...], list[str]]]:
    for folder, pattern, method in SOURCES:
        found = extract_from_dir(ROOT / folder, [(pattern, method)], keywords=KEYWORDS)
        # In the order of the files' names, not in the disk's: or every renewal would shuffle them.
        for name, _line, message, comments, _context in sorted(found, key=itemgetter(0, 1)):
            file = f"{folder}/{name}"
            if not file.startswith(WITHOUT):
                yield file, message, comments


if __name__ == "__main__":
    known = [path.stem for path in sorted(LOCALES.glob("*.po"))]
    for wanted in sys.argv[1:] or known:
        renew(wanted, source())
