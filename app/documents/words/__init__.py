"""The words a document adds of its own, in the language of its letter.

Letters are written in more languages than the interface speaks, so these have gettext catalogues of
their own: a file `<code>.po` here for each language in each script ("pt", "zh_Hant"). Adding a
language is adding a file. They are compiled when they are first used.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import icu
from babel.support import NullTranslations

from app import catalogues, i18n

FOLDER = Path(__file__).parent


@contextmanager
def writing(language: str) -> Iterator[None]:
    """Everything inside is written in a document of that language; in English if its words aren't
    known. Dates and numbers are those of the language and region."""
    code = spoken(language)
    with i18n.using(code, _catalogue(_script(code))):
        yield


def spoken(language: str) -> str:
    """The language itself where its words are known, else the source language."""
    return language if _script(language) in {_script(i18n.SOURCE), *files()} else i18n.SOURCE


@cache
def files() -> dict[tuple[str, str], Path]:
    """The catalogues by language and script."""
    return {_script(path.stem): path for path in sorted(FOLDER.glob("*.po"))}


@cache
def _script(tag: str) -> tuple[str, str]:
    """A language and the script it is written in: ("zh", "Hant") for "zh-TW"."""
    likely = icu.Locale.forLanguageTag(tag.replace("_", "-")).addLikelySubtags()
    language = str(likely.getLanguage())
    return "nb" if language == "no" else language, str(likely.getScript())


def _catalogue(script: tuple[str, str]) -> NullTranslations:
    path = files().get(script)
    return catalogues.compiled(path) if path else NullTranslations()
