"""The one rule for what organisers type and paste: nothing stays in a letter that nobody can see.

Control characters, marks that turn the direction of what follows, and invisible ones that no
script needs are left out; joiners (Persian and Indic scripts need them), soft hyphens and
no-break spaces stay. It holds for the body, for everything around it, and for all outputs.
"""

import re
import unicodedata

_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # direction marks, embeddings and isolates
    "\u2061-\u2065\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff"  # invisible, or no characters
    "\U000e0000-\U000e0fff"  # invisible tags
    "]"
)


def clean(text: str) -> str:
    """The text without them, its line ends as newlines."""
    return _UNWANTED.sub("", _LINE_END.sub("\n", text))


def clean_line(text: str) -> str:
    """The text as one line: clean, NFC, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(_SPACE.split(clean(text).strip())))


def clean_block(text: str) -> str:
    """The text as lines, each clean."""
    return "\n".join(clean_line(line) for line in clean(text).strip().split("\n"))


# Not the no-break spaces, which somebody meant.
_SPACE = re.compile("[ \t\n\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000]+")
