"""What an organiser typed or brought in about an organisation, checked."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlmodel import col

from app import i18n
from app.db import Db
from app.endorsement import evidence
from app.errors import DomainError, Refused
from app.i18n import _
from app.mailing import mailboxes
from app.name import countries, names, websites
from app.name.names import fold
from app.organisation.organisations import Book, Organisation, in_book
from app.signatory.placing import LONGEST_CATEGORY

LONGEST_NAME = 200
LONGEST_ACRONYM = 40
MOST_LINES = 50

# Typed as one text, several to a line or a cell.
_BETWEEN_DOMAINS = re.compile(r"[\s,;|]+")
_TAG = re.compile(r"\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\s*[:：]\s*(.+)")


class FieldsRefused(DomainError):
    """Some fields can't be taken; `errors` has a sentence for each."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some fields need another look."))
        self.errors = errors


def checked(db: Db, typed: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an entry, or FieldsRefused with every error at once.

    Only what `typed` has; `names`, `aliases` and `domains` are texts of several lines. An `email`
    becomes the sealed address with its index; "" leaves both as they are.
    """
    errors: dict[str, str] = {}
    fields: dict[str, Any] = {}
    for field, check in _CHECKS.items():
        try:
            if field in typed:
                fields[field] = check(typed[field])
        except Refused as refused:
            errors[field] = refused.sentence
    try:
        fields |= _contact_address(db, typed.get("email", ""))
    except Refused as refused:
        errors["email"] = refused.sentence
    if errors:
        raise FieldsRefused(errors)
    return _in_keeping(fields)


def must_be_new(db: Db, book: Book, fields: Mapping[str, Any]) -> None:
    """Raises FieldsRefused if the book has an entry of that name in the same country."""
    found = in_book(book.id).where(
        col(Organisation.folded) == fold(fields["name"]),
        col(Organisation.country).in_({fields.get("country", ""), ""}),
    )
    if db.scalars(found.limit(1)).first():
        sentence = _("“%(name)s” stands in this address book already.")
        raise FieldsRefused({"name": sentence % {"name": fields["name"]}})


def must_be_as_seen(db: Db, entry: Organisation, seen: str) -> None:
    """Raises FieldsRefused if the entry has changed since the form was opened; "" says nothing."""
    db.refresh(entry, with_for_update=True)
    if seen and seen != entry.changed_at.isoformat():
        sentence = _(
            "Somebody has changed this entry since you opened the form. If you save again, what"
            " stands here takes the place of theirs."
        )
        raise FieldsRefused({"": sentence})


def _name(text: str) -> str:
    if not text.strip():
        raise Refused(_("Enter the organisation's name."))
    return names.checked(text, longest=LONGEST_NAME)


def _names(text: str) -> dict[str, str]:
    """Lines such as "fr: Comité d'Helsinki"."""
    found: dict[str, str] = {}
    for line in _lines(text):
        tagged = _TAG.fullmatch(line)
        tag = tagged[1].replace("_", "-") if tagged else ""
        if not tagged or not i18n.known(tag):
            raise Refused(
                _("“%(line)s” does not begin with a language's tag and a colon, such as “fr:”.")
                % {"line": line[:60]}
            )
        if tag in found:
            raise Refused(
                _("There are two names in one language (%(tag)s); one is a further name.")
                % {"tag": tag}
            )
        found[tag] = names.checked(tagged[2], longest=LONGEST_NAME)
    return found


def _aliases(text: str) -> list[str]:
    return _without_repeats(names.checked(line, longest=LONGEST_NAME) for line in _lines(text))


def _domains(text: str) -> list[str]:
    found = []
    for part in filter(None, _BETWEEN_DOMAINS.split(text)):
        domain = websites.registrable(part.rpartition("@")[2])
        if domain is None:
            raise Refused(_("“%(domain)s” is not a domain somebody registered.") % {"domain": part})
        if evidence.own_domain(domain) is None:
            raise Refused(
                _("At %(domain)s anybody can be; it does not tell one organisation from another.")
                % {"domain": domain}
            )
        found.append(domain)
    return list(dict.fromkeys(found))[:MOST_LINES]


def _language(text: str) -> str:
    tag = text.strip().replace("_", "-")
    if not i18n.known(tag) or len(tag) > 20:
        raise Refused(_("Choose a language from the list."))
    return tag


def _contact_address(db: Db, text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    address = mailboxes.checked(text, allow_special=db.settings.is_loopback)
    return {
        "address": db.keys.seal(address),
        "mailbox": db.keys.index(mailboxes.canonical(address)),
    }


def _in_keeping(fields: dict[str, Any]) -> dict[str, Any]:
    """The website's own domain is one of its domains, and no alias repeats the name."""
    site = evidence.own_domain(fields["website"]) if fields.get("website") else None
    if site:
        fields["domains"] = list(dict.fromkeys([*fields.get("domains", []), site]))
    if "aliases" in fields:
        own = fold(fields.get("name", ""))
        fields["aliases"] = [one for one in fields["aliases"] if fold(one) != own]
    return fields


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused(_("There are too many lines: please use 50 at most."))
    return lines


def _without_repeats(texts: Iterable[str]) -> list[str]:
    return list({fold(text): text for text in reversed([*texts])}.values())[::-1]


_CHECKS: dict[str, Callable[[str], Any]] = {
    "name": _name,
    "names": _names,
    "aliases": _aliases,
    "acronym": lambda text: names.checked_line(text, longest=LONGEST_ACRONYM),
    "domains": _domains,
    "website": lambda text: websites.checked(text) if text.strip() else "",
    "country": lambda text: countries.checked(text) if text.strip() else "",
    "category": lambda text: names.checked_line(text, longest=LONGEST_CATEGORY),
    "sort_key": lambda text: names.checked_line(text, longest=LONGEST_NAME) or None,
    "contact_name": names.checked_line,
    "contact_role": names.checked_line,
    "language": _language,
}
