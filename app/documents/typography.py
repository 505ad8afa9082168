"""How a text is set: how far apart its lines, to which margins, in which characters, which way."""

import unicodedata
from typing import Literal

from app.i18n import primary

Direction = Literal["ltr", "rtl"]
Han = Literal["SC", "TC", "HK", "JP", "KR"]


def leading(language: str) -> float:
    """The space between the lines of a text, in em: some scripts stand higher than Latin."""
    return _LEADING.get(primary(language), 0.66)


def justified(language: str) -> bool:
    """Whether a text is set to both margins.

    Long words that Typst can't hyphenate would tear gaps into justified lines.
    """
    return hyphenated(language) or primary(language) in _SHORT_OR_NO_WORDS


def hyphenated(language: str) -> bool:
    """Whether Typst knows where words of the language may be broken."""
    return primary(language) in _HYPHENATED


def is_east_asian(language: str) -> bool:
    """Whether quotation marks and dashes are as wide as the characters around them."""
    return primary(language) in ("zh", "ja", "ko")


def han(language: str) -> Han:
    """Chinese characters look different in each of the countries that write them."""
    match primary(language):
        case "ja":
            return "JP"
        case "ko":
            return "KR"
    parts = set(language.replace("_", "-").split("-"))
    if parts & {"HK", "MO"}:
        return "HK"
    return "TC" if parts & {"TW", "Hant"} else "SC"


def first_direction(text: str) -> Direction:
    """As the Unicode bidirectional algorithm has it: the first strong character decides."""
    for character in "" if text.isascii() else text:
        if (strong := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
            return "ltr" if strong == "L" else "rtl"
    return "ltr"


_LEADING = {
    **dict.fromkeys(("ar", "ckb", "fa", "ps", "am", "ti", "th", "lo", "zh", "ja", "ko"), 0.85),
    **dict.fromkeys(("hi", "mr", "ne", "bn", "pa", "gu", "ta", "te", "kn", "ml", "si"), 0.85),
    **dict.fromkeys(("my", "km", "bo", "dz", "ur"), 1.2),
}
_HYPHENATED = {
    *("af", "be", "bg", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "gl", "hr"),
    *("hu", "is", "it", "ka", "ku", "la", "lt", "mn", "nb", "nl", "nn", "no", "pl", "pt", "ru"),
    *("sk", "sl", "sq", "sr", "sv", "tk", "tr", "uk"),
}
_SHORT_OR_NO_WORDS = {
    *("ar", "ckb", "fa", "he", "ja", "km", "ko", "lo", "my", "ps", "th", "ur", "vi", "yi", "zh"),
}
