"""Websites as people type them, and the domain somebody registered behind a host."""

import re
from functools import cache, lru_cache
from urllib.parse import quote, urlsplit

import idna
from publicsuffixlist import PublicSuffixList

from app.errors import Refused
from app.i18n import _

LONGEST = 200

_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\\]"
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_LOCAL = ("localhost", "local", "internal", "arpa", "invalid")
# Lower-case ASCII that is its own Punycode, as nearly all are; asking idna takes a hundred times as
# long.
_LABEL = r"(?!-|..--)[a-z0-9-]{1,63}(?<!-)"
_PLAIN = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_PORTS = {"http": 80, "https": 443}


def checked(url: str) -> str:
    """A web address that can be linked to: "nhc.no" becomes "https://nhc.no".

    http or https, a public name with a dot (IDNA in ASCII), no user name, no fragment, `LONGEST`
    characters at most. Nothing is fetched. Raises Refused.
    """
    typed = url.strip(" \u00a0")
    if not typed:
        raise Refused(_("Please give a web address."))
    if _UNSEEN.search(typed):
        raise Refused(
            _(
                "A web address has no spaces, backslashes or invisible characters. It should look"
                " like https://www.example.org."
            )
        )
    website = _normalised(typed)
    if not website:
        raise Refused(_("This is not a web address. It should look like https://www.example.org."))
    if len(website) > LONGEST:
        raise Refused(
            _("This is too long: please use %(longest)d characters at most.") % {"longest": LONGEST}
        )
    return website


def _normalised(typed: str) -> str | None:
    if typed.startswith("//"):
        typed = "https:" + typed
    elif not _SCHEME.match(typed):
        typed = "https://" + typed
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        return None
    host = ascii_host(parts.hostname or "")
    if parts.scheme not in _PORTS or "@" in parts.netloc or not host or not _is_public(host):
        return None
    place = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return f"{parts.scheme}://{place}{'' if path == '/' else path}{'?' + query if query else ''}"


def _is_public(host: str) -> bool:
    _name, dot, ending = host.rpartition(".")
    return bool(dot) and ending not in _LOCAL and (ending.isalpha() or ending.startswith("xn--"))


def ascii_host(host: str) -> str | None:
    """A host name in lower case and Punycode (UTS 46); None if it is no name."""
    if _PLAIN.fullmatch(host):
        return host
    try:
        return idna.encode(host.rstrip("."), uts46=True, std3_rules=True).decode().lower()
    except idna.IDNAError:
        return None


@lru_cache(maxsize=20_000)
def registrable(host_or_url: str) -> str | None:
    """What somebody registered: "nhc.no" for "https://www.nhc.no/en"; None for "org.uk" or an IP.

    By the Public Suffix List with its private section: each "<name>.github.io" belongs to
    somebody else, so the hosting company's domain must not make them one.
    """
    try:
        parts = urlsplit(host_or_url if "//" in host_or_url else f"//{host_or_url}")
    except ValueError:
        return None
    host = ascii_host(parts.hostname or "")
    return _suffixes().privatesuffix(host) if host and _is_public(host) else None


@cache
def _suffixes() -> PublicSuffixList:
    # Reading the list takes 40 ms; not everything that checks a website needs it.
    return PublicSuffixList()
