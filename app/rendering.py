"""The Jinja environment that pages, mails and documents share."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from app import i18n
from app.name import countries

TEMPLATES = Path(__file__).parent.parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_callables(i18n._, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["asset"] = asset
    environment.globals["interface_languages"] = [
        (code, i18n.language_name(code)) for code in i18n.languages()
    ]
    environment.filters.update(
        date=_date,
        moment=i18n.format_moment,
        listing=_listing,
        isolated=_isolated,
        number=i18n.format_number,
        country=lambda code: countries.name(code, i18n.language()),
    )
    return environment


def render(template: str, **context: Any) -> str:
    """The template in the language being spoken."""
    language = i18n.language()
    spoken = {"lang": language.replace("_", "-"), "dir": i18n.direction(language)}
    return environment().get_template(template).render({**spoken, **context})


@cache
def asset(name: str) -> str:
    """The address of a static file; its digest in it lets browsers keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _isolated(name: object) -> Markup:
    """A name inside a sentence: its direction, and the signs in it, leave the sentence alone."""
    return Markup("<bdi>{}</bdi>").format(name)


def _listing(names: Iterable[str]) -> str:
    """As a sentence says them; isolated names stay so, and the others are escaped beside them."""
    said = list(names)
    if not any(isinstance(name, Markup) for name in said):
        return i18n.format_list(said)
    places = [f"{{{number}}}" for number in range(len(said))]
    return escape(i18n.format_list(places)).format(*said)


def _date(moment: date | datetime) -> str:
    return i18n.format_date(moment.date() if isinstance(moment, datetime) else moment)
