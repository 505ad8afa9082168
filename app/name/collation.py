"""The order of names in a list, as readers of the letter's language expect it."""

import re
from typing import Literal

import icu

from app.i18n import known, primary

# Definite articles at the head of a name, after Appendix F of MARC 21, which library catalogues
# sort by. No space follows one that ends in an apostrophe or a hyphen, nor the Arabic one.
ARTICLES = {
    "af": "die",
    "ar": "ال",
    "ca": "el la els les l'",
    "cy": "y yr",
    "da": "den det de",
    "de": "der die das",
    "el": "ο η το οι τα",
    "en": "the",
    "eo": "la",
    "es": "el la los las",
    "fr": "le la les l'",
    "ga": "an na",
    "gl": "o a os as",
    "hu": "a az",
    "it": "il lo la i gli le l'",
    "lb": "den dat déi d'",
    "mt": "il- l-",
    "nb": "den det de",
    "nl": "de het 't",
    "nn": "den det dei",
    "no": "den det de",
    "oc": "lo la los las l'",
    "pt": "o a os as",
    "sv": "den det de",
}
_ATTACHED = ("'", "-")
# What begins with the article only in writing: the name of God.
_ARABIC_ARTICLE = r"ال(?!له\b)(?=\w\w)"
_DROPPED = "'’‘ʼ`\"“”„«»‹›."
_MARKS = {ord(mark): " " for mark in icu.UnicodeSet("[[:P:][:S:]]")} | dict.fromkeys(
    map(ord, _DROPPED), ""
)


class Collator:
    """Sorts names by the rules of `language` in CLDR: accents and case count last.

    The language's own script comes first, then Latin, Greek, Cyrillic and so on in CLDR's order;
    Japanese readers look for Latin names before the kana, and so does CLDR. Marks and quotation
    marks don't count: "+972 Magazine" stands among the digits, "#MeToo" under M. Digits come
    before letters and sort as characters ("10" before "9").

    With articles "skip" a leading article of this language alone is passed over: in an English
    letter "The Gambia Bar" stands under G and "Les Amis" under L. Where an article is part of the
    name ("Die Brücke e. V."), a sort key of the signatory's own says so. The Arabic article is
    skipped as catalogues do (MARC 21, Appendix F: "al-"); a word whose own first letters look like
    it ("التزام") needs a sort key. The Hebrew one is not: it can't be told from a first letter ה.
    """

    def __init__(self, language: str, articles: Literal["keep", "skip"] = "keep") -> None:
        self._collator = _rules(icu.Locale(str(known(language) or "")))
        self._article = _article_pattern(language) if articles == "skip" else None

    def key(self, name: str, sort_key: str | None = None) -> bytes:
        """What to sort by: bytes that compare as the names do, no two alike for different names."""
        placed = sort_key or (self._without_article(name) if self._article else name)
        collated = self._collated(name)
        first = collated if placed == name else self._collated(placed)
        return b"\0".join([first, collated, name.encode()])

    def passes_over_article(self, name: str) -> bool:
        """Whether the name begins with an article that doesn't count."""
        return self._article is not None and self._without_article(name) != name

    def _collated(self, text: str) -> bytes:
        bare = " ".join(text.translate(_MARKS).split())
        return bytes(self._collator.getSortKey(bare or text))

    def _without_article(self, name: str) -> str:
        found = self._article.match(name) if self._article else None
        # "LA Rights Watch" begins with an acronym, "LES AMIS" with an article.
        if not found or (_is_acronym(found[1]) and not found[2].isupper()):
            return name
        return found[2]


def _rules(locale: icu.Locale) -> icu.Collator:
    collator = icu.Collator.createInstance(locale)
    likely = icu.Locale(locale.getName())
    likely.addLikelySubtags()
    script = likely.getScript()
    if collator.getRules() or script in ("", "Latn"):
        return collator
    # CLDR has no order for the language, as for Sorani; its readers' own script still comes first.
    return icu.RuleBasedCollator(f"[reorder {script}]")


def _is_acronym(article: str) -> bool:
    return article.isupper() and len(article.rstrip("'’ ")) > 1


def _article_pattern(language: str) -> re.Pattern[str] | None:
    articles = ARTICLES.get(primary(language))
    if not articles:
        return None
    followed = "|".join(map(_with_what_follows, articles.split()))
    return re.compile(rf"[\W_]*({followed})(\w.*)", re.IGNORECASE | re.DOTALL)


def _with_what_follows(article: str) -> str:
    if article == "ال":
        return _ARABIC_ARTICLE
    spelt = article.replace("'", "['’]")
    return spelt if article.endswith(_ATTACHED) else rf"{spelt}\s+"
