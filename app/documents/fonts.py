"""Which fonts the PDF is set in, and which characters they lack.

Latin, Greek, Cyrillic and Hebrew are set in Libertinus Serif, which comes with Typst. Every other
script needs a font of the system: Debian's fonts-noto-core has nearly all of them, fonts-noto-cjk
Chinese, Japanese and Korean. Beyond the families named here Typst looks for the installed font
that has the character and is most like the text around it.
"""

import re
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

from app.documents import typography
from app.documents.typesetting import Refusal, installed_fonts, typeset
from app.errors import DomainError
from app.i18n import _

BODY = "Libertinus Serif"
CJK = {
    "SC": "Noto Serif CJK SC",
    "TC": "Noto Serif CJK TC",
    "HK": "Noto Serif CJK HK",
    "JP": "Noto Serif CJK JP",
    "KR": "Noto Serif CJK KR",
}
# Families for characters of a range. Left to itself, Typst may set a serif name in a sans font.
BY_SCRIPT = {
    "Noto Serif Armenian": "\u0530-\u058f",
    # Debian's Noto Naskh Arabic and Amiri give their text back when it is copied out of the PDF;
    # the newer build of Noto Naskh Arabic gives garbage.
    "Noto Naskh Arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Amiri": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    # Four in sans: where a serif font raises a mark, Typst gives the letter under it twice.
    "Noto Sans Devanagari": "\u0900-\u097f",
    "Noto Sans Bengali": "\u0980-\u09ff",
    "Noto Serif Gurmukhi": "\u0a00-\u0a7f",
    "Noto Sans Gujarati": "\u0a80-\u0aff",
    "Noto Sans Tamil": "\u0b80-\u0bff",
    "Noto Serif Telugu": "\u0c00-\u0c7f",
    "Noto Serif Kannada": "\u0c80-\u0cff",
    "Noto Serif Malayalam": "\u0d00-\u0d7f",
    "Noto Serif Sinhala": "\u0d80-\u0dff",
    "Noto Serif Thai": "\u0e00-\u0e7f",
    "Noto Serif Lao": "\u0e80-\u0eff",
    "Noto Serif Tibetan": "\u0f00-\u0fff",
    "Noto Serif Myanmar": "\u1000-\u109f",
    "Noto Serif Georgian": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "Noto Serif Ethiopic": "\u1200-\u139f\u2d80-\u2ddf",
    "Noto Serif Khmer": "\u1780-\u17ff\u19e0-\u19ff",
}
STANDARDS = ["ua-1", "a-2a"]


class Family(TypedDict):
    name: str
    covers: str  # what it is asked for, as Typst's text.font names it, or ""


class MissingGlyph(DomainError):
    """No installed font has `character`; `text` is the name or the passage it stands in."""

    status = 422

    def __init__(self, character: str, text: str) -> None:
        self.character = character
        self.text = text
        self.code = " ".join(f"U+{ord(part):04X}" for part in character)
        self.package = package(character)
        super().__init__(_sentence(self))


def families(language: str, text: str) -> list[Family]:
    """The families to set `text` in, best first, for a language tag such as "ar" or "zh-TW"."""
    covers = "latin-in-cjk" if typography.is_east_asian(language) else ""
    body: Family = {"name": BODY, "covers": covers}
    needed = [name for name, script in BY_SCRIPT.items() if re.search(f"[{script}]", text)]
    present = set(installed_fonts().families())
    others = [name for name in (*needed, CJK[typography.han(language)]) if name in present]
    return [body, *(Family(name=name, covers="") for name in others)]


def missing(text: str) -> list[str]:
    """The characters of `text` that can't be printed, in order, each with its combining marks.

    Typst itself is asked, so the answer is the one a letter would get.
    """
    each_once = characters(text)
    with TemporaryDirectory() as folder:
        (Path(folder) / "letter.typ").write_text(_specimen(each_once), encoding="utf-8")
        try:
            typeset(Path(folder), STANDARDS, 0)
        except Refusal as refusal:
            lines = {int(number) for number in _REFUSED_LINE.findall(str(refusal))}
            return [each for number, each in enumerate(each_once, 3) if number in lines]
    return []


def characters(text: str) -> list[str]:
    """The characters of `text`, each once and with its combining marks."""
    return list(dict.fromkeys(_CHARACTER.findall(text)))


def package(character: str) -> str | None:
    """The Debian package that most likely helps; None where no font can."""
    first = character[0]
    name = unicodedata.name(first, "")
    if not name:
        return None
    if name.startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC")):
        return "fonts-noto-cjk"
    if unicodedata.category(first) == "So" and ord(first) >= 0x1F000:
        return "fonts-noto-color-emoji"
    has_core = "Noto Serif Georgian" in installed_fonts().families()
    return "fonts-noto-extra" if has_core else "fonts-noto-core"


_REFUSED_LINE = re.compile(r"^\s*┌─ .*:(\d+):\d+$", re.MULTILINE)
_MARK = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
_CHARACTER = re.compile(f"[^\\s{_MARK}][{_MARK}]*")


def _specimen(characters: list[str]) -> str:
    """A Typst source with one character a line; only their numbers enter it."""
    escaped = ("".join(f"\\u{{{ord(part):x}}}" for part in each) for each in characters)
    lines = (f'#"{each}"#parbreak()' for each in escaped)
    head = ['#set document(title: "-")', f'#set text(lang: "en", font: "{BODY}")']
    return "\n".join((*head, *lines))


def _sentence(missing: MissingGlyph) -> str:
    facts = {
        "character": missing.character,
        "code": missing.code,
        "text": missing.text,
        "package": missing.package,
    }
    if missing.package is None:
        return (
            _(
                "The character %(character)s (%(code)s) in “%(text)s” can't be printed: it is for "
                "private use or not assigned, so no font has it."
            )
            % facts
        )
    return (
        _(
            "The character %(character)s (%(code)s) in “%(text)s” can't be printed: no installed "
            "font has it. The Debian package %(package)s may help."
        )
        % facts
    )
