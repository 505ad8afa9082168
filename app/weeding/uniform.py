"""What is written one way in some names and another way in others."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from app.i18n import _, format_number, ngettext
from app.letter.letters import Letter
from app.name import legal_forms
from app.name.collation import Collator
from app.name.legal_forms import LegalForm
from app.signatory.signatories import Signatory
from app.weeding.remarks import Finding

# Of fewer names nobody can say what most of them do.
FEWEST = 10
FEWEST_ARTICLES = 3
_STRAIGHT_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])|(?<=s)'(?= )")
_STRAIGHT_QUOTES = re.compile(r'"(?=\w)([^"]+)"')
_MARK = re.compile("['\"–—]| - ")
_DASH = re.compile(" [-–—] ")


def findings(
    lines: Sequence[Signatory], letter: Letter, keyed: frozenset[str]
) -> Iterator[Finding]:
    """`keyed` are the ids of lines with a sort key of their own."""
    organisations = [line for line in lines if line.kind == "organisation"]
    yield from _legal_forms(organisations)
    yield from _typography(lines)
    if letter.order == "collation" and letter.articles == "keep":
        yield from _articles([line for line in organisations if line.id not in keyed], letter)


def _legal_forms(organisations: Sequence[Signatory]) -> Iterator[Finding]:
    with_form = [
        (line, form) for line in organisations if (form := legal_forms.find(line.listed_name))
    ]
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for _line, form in with_form:
        spellings[form.form][form.spelling] += 1
    usual = {form: _most(found, f" {form}") for form, found in spellings.items()}
    for line, form in with_form:
        if form.spelling != usual[form.form]:
            yield _other_spelling(line, form, usual[form.form])
    yield from _some(organisations, {line.id for line, _form in with_form})


def _most(found: Counter[str], preferred: str) -> str:
    return max(found, key=lambda spelling: (found[spelling], spelling == preferred, spelling))


def _other_spelling(line: Signatory, form: LegalForm, usual: str) -> Finding:
    name, is_as_usual = line.listed_name, usual.strip(", ") == form.spelling.strip(", ")
    if not is_as_usual:
        sentence = _("Other names of the list have “%(form)s”.") % {"form": usual.strip(", ")}
    elif usual.startswith(","):
        sentence = _("Other names of the list have a comma before the legal form.")
    else:
        sentence = _("Other names of the list have no comma before the legal form.")
    return Finding(
        "legal form", sentence, name[: form.start] + usual + name[form.end :], line, name
    )


def _some(organisations: Sequence[Signatory], with_form: set[str]) -> Iterator[Finding]:
    """The names of the minority, with a legal form or without."""
    number, of = len(with_form), len(organisations)
    if not number or number == of or of < FEWEST:
        return
    is_rare = 2 * number <= of
    sentence = _rare_form(number, of) if is_rare else _usual_form(number, of)
    for line in organisations:
        has_form = line.id in with_form
        if has_form == is_rare:
            name = line.listed_name
            bare = legal_forms.without(name) if has_form else ""
            yield Finding("some legal forms", sentence, bare, line, name)


def _rare_form(number: int, of: int) -> str:
    return ngettext(
        "It has a legal form; only %(number)s name of %(of)s has one.",
        "It has a legal form; only %(number)s names of %(of)s have one.",
        number,
    ) % {"number": format_number(number), "of": format_number(of)}


def _usual_form(number: int, of: int) -> str:
    return ngettext(
        "It has no legal form; %(number)s name of %(of)s has one.",
        "It has no legal form; %(number)s names of %(of)s have one.",
        number,
    ) % {"number": format_number(number), "of": format_number(of)}


def _typography(lines: Sequence[Signatory]) -> Iterator[Finding]:
    """Straight quotes and hyphens for dashes, where others in the list are typographic; and of
    two kinds of dashes, the rarer one."""
    text = "\n".join(line.listed_name for line in lines)
    quotes = [(_STRAIGHT_APOSTROPHE, "’")] if "’" in text else []
    if any(mark in text for mark in "“„«"):
        quotes.append((_STRAIGHT_QUOTES, r"“\1”"))
    dash = max("–—", key=text.count)
    for line in lines:
        name = line.listed_name
        if not _MARK.search(name):
            continue
        quoted = name
        for pattern, mark in quotes:
            quoted = pattern.sub(mark, quoted)
        better = _DASH.sub(f" {dash} ", quoted) if dash in text else quoted
        if better != name:
            yield Finding("typography", _other_marks(quoted != name, dash), better, line, name)


def _other_marks(has_straight: bool, dash: str) -> str:
    if has_straight:
        return _("Other names of the list have typographic quotation marks and apostrophes.")
    return _("Other names of the list have “%(mark)s” for a dash.") % {"mark": dash}


def _articles(organisations: Sequence[Signatory], letter: Letter) -> Iterator[Finding]:
    collator = Collator(letter.language, "skip")
    names = [line.listed_name for line in organisations]
    sorted_by_article = [name for name in names if collator.passes_over_article(name)]
    if len(sorted_by_article) >= FEWEST_ARTICLES:
        number = len(sorted_by_article)
        sentence = ngettext(
            "%(number)s name is sorted by its article, such as “%(name)s”."
            " The order of the list can pass over articles.",
            "%(number)s names are sorted by their articles, such as “%(name)s”."
            " The order of the list can pass over articles.",
            number,
        ) % {"number": format_number(number), "name": sorted_by_article[0]}
        yield Finding("article", sentence)
