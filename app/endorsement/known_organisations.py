"""Whether the address book knows an organisation that signs, as evidence for organisers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import i18n
from app.db import Db
from app.endorsement.endorsements import Endorsement, address_of
from app.endorsement.evidence import Finding, readable
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.name.websites import registrable
from app.organisation import entry_matches
from app.organisation.entry_matches import Sought
from app.organisation.organisations import Organisation

DOMAINS = 3


def findings(db: Db, letter: Letter, found: Sequence[Endorsement]) -> dict[UUID, list[Finding]]:
    """Of organisations that are in the letter's book: whether the address fits what it knows."""
    asked = [one for one in found if one.kind == "organisation" and one.address]
    sought = [Sought(one.organisation, one.website, one.country) for one in asked]
    matches = entry_matches.matches(db, letter.book_id, sought)
    declined = _declined(db, [match.entry.made_by for match in matches if match])
    known: dict[UUID, list[Finding]] = {}
    for one, match in zip(asked, matches, strict=True):
        # One that its own approval made, or one declined since, says nothing for anybody.
        if match and match.entry.made_by not in (one.id, *declined):
            known[one.id] = [_finding(match.entry, mailboxes.domain(address_of(db, one)))]
    return known


def _declined(db: Db, makers: Sequence[UUID | None]) -> set[UUID]:
    """Those of the endorsements that were declined after they had made an entry."""
    ids = [maker for maker in makers if maker]
    if not ids:
        return set()
    query = select(col(Endorsement.id)).where(
        col(Endorsement.id).in_(ids), col(Endorsement.status) == "declined"
    )
    return set(db.scalars(query))


def _finding(entry: Organisation, domain: str) -> Finding:
    facts = {
        "name": entry.name,
        "day": i18n.format_date(entry.created_at.date()),
        "domains": ", ".join(readable(known) for known in entry.domains[:DOMAINS]),
    }
    if (registrable(domain) or domain) in entry.domains:
        sentence = _(
            "In the address book since %(day)s as “%(name)s”;"
            " the address is at a domain known to be theirs."
        )
        return Finding("good", sentence % facts)
    if entry.domains:
        sentence = _(
            "In the address book since %(day)s as “%(name)s”, but known there with %(domains)s."
        )
        return Finding("warn", sentence % facts)
    return Finding("info", _("In the address book since %(day)s as “%(name)s”.") % facts)
