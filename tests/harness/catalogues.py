"""What can be wrong with a gettext catalogue."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from babel import Locale
from babel.messages import Catalog, Message
from babel.support import NullTranslations

# What stands in a sentence and must stand in its translation: a placeholder, a tag of HTML.
PART = re.compile(r"%\(\w+\)[sd]|%%|</?\w[^>]*>")
Said = str | tuple[str, ...]


def complaints(catalog: Catalog, said: Collection[Said]) -> Iterator[str]:
    """What is missing, unused, unsure or damaged, a sentence each."""
    translated = {message.id: message for message in catalog if message.id}
    yield from (f"not translated: {each!r}" for each in set(said) - set(translated))
    yield from (f"said nowhere: {each!r}" for each in set(translated) - set(said))
    yield from (f"left over: {each!r}" for each in catalog.obsolete)
    for message in translated.values():
        yield from (f"{wrong}: {message.id!r}" for wrong in _wrong(message, catalog))


def plural_complaints(catalog: Catalog, chosen: Callable[[int], int]) -> Iterator[str]:
    """Each of CLDR's categories of numbers has a form, and no form is without use."""
    rule = Locale.parse(catalog.locale_identifier).plural_form
    pairs = {(rule(number), chosen(number)) for number in range(1_001)}
    categories, forms = ({pair[at] for pair in pairs} for at in (0, 1))
    if not len(pairs) == len(categories) == len(forms) == catalog.num_plurals:
        yield f"forms for numbers: {sorted(pairs)} of {catalog.num_plurals}"


def rule_of(compiled: NullTranslations) -> Callable[[int], int]:
    """Which form a compiled catalogue takes for a number."""
    rule: Callable[[int], int] = vars(compiled)["plural"]
    return rule


def _wrong(message: Message, catalog: Catalog) -> Iterator[str]:
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    forms = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if message.fuzzy:
        yield "unsure"
    if message.pluralizable and len(forms) != catalog.num_plurals:
        yield f"{len(forms)} forms for numbers"
    expected = [_parts(source) for source in sources]
    for form in forms:
        if not form:
            yield "not translated"
        elif (form != form.strip()) != (sources[0] != sources[0].strip()):
            yield "space at an end"
        elif _parts(form) not in expected:
            yield f"other parts in {form!r}"


def _parts(sentence: str) -> Counter[str]:
    return Counter(PART.findall(sentence))
