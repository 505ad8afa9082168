"""Where the links of a letter may lead, and which of them a reader may be misled by."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from app.i18n import _
from app.letter.clean_text import clean_line
from app.name import names

SCHEMES = ("http", "https", "mailto")
MAX_LENGTH = 2_000

_ADDRESS = re.compile(r"[\x21-\x7e]+")  # the parser has written everything else with % or xn--
# What a reader takes for an address: "www.amnesty.org", "https://amnesty.org/en", "amnesty.org".
_NAMED_HOST = re.compile(
    r"(?P<scheme>https?://)?(www\.)?(?P<host>[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,})(:\d+)?([/?#]\S*)?$",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w.-]+(:\d{1,5})?|\[[0-9a-f:.]+\](:\d{1,5})?", re.IGNORECASE)


def allowed(url: str) -> bool:
    """Whether it is a whole address of the web or of a mailbox, without a user's name in it.

    Nobody needs https://amnesty.org@evil.example/ in a letter.
    """
    if len(url) > MAX_LENGTH or not _ADDRESS.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return bool(parts.path)
    return parts.scheme in SCHEMES and bool(_HOST.fullmatch(parts.netloc))


def doubts(tree: Mapping[str, Any], lost: list[str]) -> list[str]:
    """Sentences about links that lead elsewhere than they say, and about those that were lost."""
    return [
        *(
            _("A link to “%(target)s” was left out: links lead to the web or to a mailbox.")
            % {"target": clean_line(target)[:80]}
            for target in dict.fromkeys(lost)
        ),
        *dict.fromkeys(
            sentence for url, text in _links(tree) for sentence in _misleading(url, text)
        ),
    ]


def _misleading(url: str, text: str) -> Iterator[str]:
    host = _shown_host(url)
    named = _NAMED_HOST.match(text.strip())
    if named and host and not _akin(named["host"].lower(), host):
        yield _("The link “%(text)s” leads to another site: %(host)s.") % {
            "text": text.strip()[:80],
            "host": host,
        }
    for reason in names.warnings(host):
        yield _("The link to %(host)s may mislead: %(reason)s") % {"host": host, "reason": reason}


def _shown_host(url: str) -> str:
    """The host as readers of its script see it; empty for a mailbox."""
    host = urlsplit(url).hostname or ""
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _akin(one: str, other: str) -> bool:
    """Whether one host is the other, or within it."""
    return f".{one}".endswith(f".{other}") or f".{other}".endswith(f".{one}")


def _links(node: Any) -> Iterator[tuple[str, str]]:
    """Address and text of each link."""
    if isinstance(node, dict) and node.get("type") == "link":
        yield node["url"], _text(node)
    elif isinstance(node, Mapping | list):
        for child in node.values() if isinstance(node, Mapping) else node:
            yield from _links(child)


def _text(node: Mapping[str, Any]) -> str:
    return str(node.get("text", "")) + "".join(map(_text, node.get("content", [])))
