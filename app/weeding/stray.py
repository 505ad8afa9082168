"""Spaces, quotation marks, brackets and other marks that stand where none should."""

import re
from collections import Counter
from collections.abc import Iterator

from app.i18n import _
from app.name import legal_forms, names
from app.weeding.remarks import Remark

# "Jugend- und Kulturverein" keeps its hyphen: no capital follows.
_CAPITAL = "(?=[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-ЯЁІЇЄ])"
_SMALL_WORDS = "of|the|and|for|in|de|des|du|la|et|pour|para|y|der|und|für"
# Words of letters between single spaces, commas behind some.
_PLAIN = re.compile(r"[^\W\d_]+(?:,? [^\W\d_]+|[’'-][^\W\d_]+)*")
_WORD_TWICE = re.compile(rf"\b({_SMALL_WORDS}) \1\b", re.IGNORECASE)
# What is wrong, where it is, and what to put instead unless that is not obvious.
_PATTERNS: tuple[tuple[str, re.Pattern[str], str | None], ...] = (
    ("space at an end", re.compile(r"^\s+|\s+$"), ""),
    ("two spaces", re.compile(r"(?<=\S)\s{2,}(?=\S)"), " "),
    ("space before", re.compile(r"(?<=\S)\s+(?=[,)\]}”]|\.(?:\s|$))"), ""),
    ("space behind", re.compile(r"(?<=[(\[{„])\s+"), ""),
    ("no space", re.compile(r"(?<=[^\W\d_]{2}),(?=[^\W\d_]{2})"), ", "),
    ("no space", re.compile(rf"(?<=[^\W\d_]{{2}})\({_CAPITAL}"), " ("),
    ("no space", re.compile(rf"\){_CAPITAL}"), ") "),
    ("dash", re.compile(rf"(?<=\w) [-–—]{_CAPITAL}|(?<=\w)[-–—] {_CAPITAL}"), " – "),
    ("two hyphens", re.compile(" -- "), " – "),
    ("accent", re.compile(r"(?<=[^\W\d_])[´`](?=[^\W\d_])"), "’"),
    ("twice", re.compile(r",,+|;;+|(?<!\.)\.\.(?!\.)|\(\(|\)\)"), None),
    ("word twice", _WORD_TWICE, r"\1"),
)
_BULLET = re.compile(r"[-–—•·*▪●]\s*(?=\w)|\d{1,3}[.)] (?=\w)|[,;:] *")
_BETWEEN_LETTERS = re.compile(r"(?<=\w)\"(?=\w)|(?<=\d)\"")
_CURLED = "“”„‟"
_OPENING = {"(": ")", "[": "]", "{": "}", "（": "）"}
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}


def of_text(text: str) -> Iterator[Remark]:
    """What is wrong with the marks of any printed text, one remark for each thing."""
    if _PLAIN.fullmatch(text) and not _WORD_TWICE.search(text):  # most are
        return
    yield from _of_patterns(text)
    yield from _of_quotes(text)
    yield from _of_brackets(text)
    yield from _of_ends(text)
    if names.holds_link(text):
        yield Remark("link", _("It holds a web or e-mail address."))


def _of_patterns(text: str) -> Iterator[Remark]:
    """Each remark suggests the text with everything mended that can be."""
    found, better = [], text
    for what, pattern, replacement in _PATTERNS:
        if pattern.search(text):
            found.append(what)
            better = better if replacement is None else pattern.sub(replacement, better)
    suggestion = "" if better == text else better
    yield from (Remark("stray", _sentence(what), suggestion) for what in dict.fromkeys(found))


def _of_quotes(text: str) -> Iterator[Remark]:
    marks = Counter(_BETWEEN_LETTERS.sub("", text))
    curled = sum(marks[mark] for mark in _CURLED)
    if marks['"'] % 2 or curled % 2 or marks["«"] != marks["»"]:
        at_end = text.startswith('"') or text.endswith('"')
        is_alone = marks['"'] == 1 and at_end and not curled
        suggestion = text.strip('"') if is_alone else ""
        yield Remark("stray", _("A quotation mark has no counterpart."), suggestion)


def _of_brackets(text: str) -> Iterator[Remark]:
    waiting: list[str] = []
    for mark in text:
        if mark in _OPENING:
            waiting.append(mark)
        elif mark in _CLOSING and (not waiting or waiting.pop() != _CLOSING[mark]):
            yield Remark("stray", _("A bracket has no counterpart."))
            return
    if waiting:
        suggestion = text + _OPENING[waiting[0]] if len(waiting) == 1 else ""
        yield Remark("stray", _("A bracket has no counterpart."), suggestion)


def _of_ends(text: str) -> Iterator[Remark]:
    bare = text.strip()
    bullet = _BULLET.match(bare)
    if bullet:
        yield Remark("stray", _("It begins with a stray mark."), bare[bullet.end() :])
    if re.search(r"[\w)”»\"] *[-–—,;:]+$", bare):
        yield Remark("stray", _("It ends with a stray mark."), re.sub(r" *[-–—,;:]+$", "", bare))
    if re.search(r"[^\W\d_]{5,}\.$", bare) and not legal_forms.find(bare):
        yield Remark("stray", _("It ends with a full stop."), bare[:-1])


def _sentence(what: str) -> str:
    sentences = {
        "space at an end": _("It begins or ends with a space."),
        "two spaces": _("Two spaces stand side by side."),
        "space before": _("A space stands before a comma, a full stop or a closing bracket."),
        "space behind": _("A space stands behind an opening bracket or quotation mark."),
        "no space": _("A space is missing beside a comma or a bracket."),
        "dash": _("A dash has a space on one side only."),
        "two hyphens": _("Two hyphens stand for a dash."),
        "accent": _("An accent stands for an apostrophe."),
        "twice": _("A mark stands twice."),
        "word twice": _("A word stands twice."),
    }
    return sentences[what]
