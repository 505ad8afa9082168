"""The newest signatories as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from app import i18n
from app.i18n import _
from app.letter.letters import Letter
from app.settings import Settings
from app.signatory.signatories import Signatory

ATOM = "http://www.w3.org/2005/Atom"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom_of(
    letter: Letter,
    newest: Sequence[tuple[datetime, Signatory]],
    settings: Settings,
    asked: str = "",
    query: str = "",
) -> bytes:
    """`newest` are signatories with the instants at which they were listed, the newest first;
    `asked` is the readers' language, and `query` what addresses end with for it, as "?lang=fr"."""
    title = letter.title_in(letter.readable_in(asked))
    list_url = settings.url(f"{letter.path}/signatories")
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    feed.set(XML_LANG, i18n.language().replace("_", "-"))
    _add(feed, "id", f"{_tag(letter, settings)}")
    _add(feed, "title", _("Signatories of “%(title)s”") % {"title": title})
    _add(feed, "updated", _instant(newest[0][0] if newest else _began(letter)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{list_url}.atom{query}")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{list_url}{query}")
    _add(_add(feed, "author"), "name", "Undersigned")
    for listed_at, line in newest:
        entry = _add(feed, "entry")
        _add(entry, "id", f"{_tag(letter, settings)}/{line.id}")
        _add(entry, "title", line.listed_name)
        _add(entry, "updated", _instant(listed_at))
        _add(
            entry, "link", rel="alternate", type="text/html", href=_line_url(list_url, query, line)
        )
        _add(entry, "summary", _sentence(line) % {"name": line.listed_name, "title": title})
    written: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _sentence(line: Signatory) -> str:
    if line.reported:
        return _("%(name)s is reported to have signed “%(title)s”.")
    return _("%(name)s has signed “%(title)s”.")


def _line_url(list_url: str, query: str, line: Signatory) -> str:
    """Where the line stands on the list page, on whichever of its pages."""
    return f"{list_url}{query}{'&' if query else '?'}at={line.id}#s-{line.id}"


def _tag(letter: Letter, settings: Settings) -> str:
    """A tag URI (RFC 4151): the same for ever, whatever becomes of addresses below the host."""
    return f"tag:{urlsplit(settings.base_url).hostname},{letter.created_at:%Y-%m-%d}:{letter.slug}"


def _began(letter: Letter) -> datetime:
    return letter.opened_at or letter.created_at


def _instant(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text or None
    return element
