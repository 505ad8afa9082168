"""The characters that no installed font prints, remembered: asking Typst takes 50 ms.

Which fonts are installed is looked up once in the life of a process, so an answer stays right as
long.
"""

# What most names are written with, which the font that comes with Typst has.
_LATIN = map(chr, (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x180)))
_MARKS = "‐–—‘’‚“”„†•…‹›"
_GREEK_AND_CYRILLIC = map(chr, (*range(0x391, 0x3A2), *range(0x3A3, 0x3CF), *range(0x400, 0x460)))
PRINTED = frozenset((*_LATIN, *_MARKS, *_GREEK_AND_CYRILLIC))

_MOST_KNOWN = 50_000
_known: dict[str, bool] = {}


def missing(text: str) -> list[str]:
    """The characters of `text` that can't be printed, in order, each with its combining marks."""
    if all(letter in PRINTED or letter.isspace() for letter in set(text)):
        return []
    from app.documents import fonts  # Typst is large: loaded only where it is needed

    doubtful = [each for each in fonts.characters(text) if each not in PRINTED]
    printed = {each: _known[each] for each in doubtful if each in _known}
    unknown = [each for each in doubtful if each not in printed]
    if unknown:
        printed |= _asked(unknown)
    return [each for each in doubtful if not printed[each]]


def sentence(character: str, text: str) -> str:
    """What to tell an organiser of a character that is missing in a name."""
    from app.documents.fonts import MissingGlyph

    return MissingGlyph(character, text).sentence


def _asked(unknown: list[str]) -> dict[str, bool]:
    from app.documents import fonts

    lacking = set(fonts.missing(" ".join(unknown)))
    answers = {each: each not in lacking for each in unknown}
    if len(_known) < _MOST_KNOWN:
        _known.update(answers)
    return answers
