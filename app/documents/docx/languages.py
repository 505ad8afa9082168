"""Languages as Word names them, and the fonts a letter asks for in them.

A Word file carries no fonts. These come with Word; other programs replace them by their like.
"""

from babel.core import get_global

from app.documents.typography import han, is_east_asian
from app.i18n import primary

SERIF = "Cambria"
COMPLEX = "Times New Roman"  # Arabic and Hebrew
INDIC = "Nirmala UI"
_INDIC = ("hi", "mr", "ne", "sa", "bn", "as", "pa", "gu", "or", "ta", "te", "kn", "ml", "si")
_EAST_ASIAN = {
    "SC": "SimSun",
    "TC": "PMingLiU",
    "HK": "PMingLiU",
    "JP": "MS Mincho",
    "KR": "Batang",
}


def word_language(tag: str) -> str:
    """A language tag with its region, without which Word has no dictionary for it."""
    parts = tag.replace("_", "-").split("-")
    if any(len(part) == 2 for part in parts[1:]):
        return "-".join(parts)
    likely = get_global("likely_subtags")
    found = likely.get("_".join(parts)) or likely.get(parts[0])
    return f"{parts[0]}-{found.split('_')[2]}" if found else "-".join(parts)


def fonts(tag: str) -> dict[str, str]:
    """The families for Latin and its kin, for East Asian, and for complex scripts."""
    complex_script = INDIC if primary(tag) in _INDIC else COMPLEX
    named = {
        "ascii": SERIF,
        "hAnsi": SERIF,
        "eastAsia": _EAST_ASIAN[han(tag)],
        "cs": complex_script,
    }
    return {"hint": "eastAsia", **named} if is_east_asian(tag) else named
