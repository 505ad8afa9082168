"""Text that was once read in the wrong encoding, or still holds marks of HTML."""

import html
import re
from collections.abc import Iterator

from app.i18n import _
from app.weeding.remarks import Remark

_FOREIGN = re.compile(r"[^\x00-\x7f]{2,}")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
_LOST = re.compile(r"[^\W\d_]\?[^\W\d_]|\ufffd")
# Where text in UTF-8 was taken for one of these, each of its letters became two or three, of which
# the first is telling: "’é" is French, "√©" was "é".
_TAKEN_FOR = {"cp1252": "ÃÂâÄÅÐÑðÎÏ", "latin-1": "ÃÂâÄÅÐÑðÎÏ", "mac_roman": "√¬‚≈ƒ"}


def of_text(text: str) -> Iterator[Remark]:
    mended = _FOREIGN.sub(lambda found: _mended(found[0]), text)
    if mended != text:
        yield Remark("garbled", _("Its letters were damaged when it was copied."), mended)
    elif _LOST.search(text):
        yield Remark("garbled", _("A letter was lost when it was copied."))
    if _ENTITY.search(text):
        yield Remark("garbled", _("It holds marks of HTML."), html.unescape(text))


def _mended(damaged: str) -> str:
    """The letters as they were, or unchanged if they never were others."""
    for encoding, first in _TAKEN_FOR.items():
        letters = _decoded(damaged, encoding) if damaged[0] in first else ""
        if letters:
            return letters
    # Two Cyrillic letters may be one by chance, four are not two.
    return (_decoded(damaged, "cp1251") if len(damaged) >= 4 else "") or damaged


def _decoded(damaged: str, encoding: str) -> str:
    try:
        letters = damaged.encode(encoding).decode("utf-8")
    except UnicodeError:
        return ""
    return letters if all(letter.isprintable() for letter in letters) else ""
