"""What programs read of a letter's page: Open Graph, and schema.org as JSON-LD."""

from types import SimpleNamespace
from typing import Any

import icu
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app.letter.letters import Letter
from app.settings import Settings

SITE = "Undersigned"


def described(
    settings: Settings,
    letter: Letter,
    view: SimpleNamespace,
    text: SimpleNamespace,
    card: SimpleNamespace,
) -> SimpleNamespace:
    """`view`, `text` and `card` are those of the language that is read."""
    url = settings.url(letter.path_in(view.language))
    return SimpleNamespace(
        url=url,
        site=SITE,
        description=text.beginning or view.title,
        locale=territorial(view.language),
        alternates=[territorial(one) for one in letter.languages if one != view.language],
        schema=_block(_article(settings, letter, view, text, card) | {"url": url}),
    )


def territorial(tag: str) -> str:
    """A language as Open Graph names it, with the territory where most speak it: "fr_FR"."""
    locale = icu.Locale.forLanguageTag(tag)
    likely = locale.addLikelySubtags() or locale
    return "_".join(filter(None, (locale.getLanguage(), likely.getCountry())))


def _article(
    settings: Settings,
    letter: Letter,
    view: SimpleNamespace,
    text: SimpleNamespace,
    card: SimpleNamespace,
) -> dict[str, Any]:
    leads = [_organisation(settings, lead) for lead in text.letterhead]
    facts = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": view.title,
        "description": text.beginning,
        "inLanguage": view.language,
        "datePublished": letter.opened_at and letter.on_its_calendar(letter.opened_at).isoformat(),
        "dateModified": letter.on_its_calendar(text.written_at).isoformat(),
        "author": leads,
        "publisher": leads[0] if leads else None,
        "image": card.url,
    }
    return {name: fact for name, fact in facts.items() if fact}


def _organisation(settings: Settings, lead: SimpleNamespace) -> dict[str, Any]:
    facts = {"@type": "Organization", "name": lead.name, "alternateName": lead.local_name}
    if lead.logo_url:
        facts["logo"] = settings.url(lead.logo_url)
    return {name: fact for name, fact in facts.items() if fact}


def _block(facts: dict[str, Any]) -> Markup:
    """JSON that ends no script element, whatever stands in it."""
    return htmlsafe_json_dumps(facts, ensure_ascii=False)
