"""What an organiser should know of each endorsement before deciding."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from app.db import Db
from app.documents import glyphs
from app.duplicate import double_findings
from app.endorsement import (
    answered_invitations,
    earlier,
    evidence,
    known_organisations,
    listed_domains,
    reports,
)
from app.endorsement.endorsements import Endorsement, address_of
from app.endorsement.evidence import Finding, Imitable
from app.endorsement.reports import Report, received_name
from app.i18n import _, format_date
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.organiser.organisers import Organiser


def findings(
    db: Db, letter: Letter, organiser: Organiser, endorsements: Sequence[Endorsement]
) -> dict[UUID, list[Finding]]:
    """What speaks for and against each: its mail domain, its name, who else may be the same
    signer, and what was decided on other letters that this organiser may see."""
    known = listed_domains.of(db, letter)
    told = [
        {one.id: _of_report(one, report) for one, report in _reports(db, endorsements)},
        known_organisations.findings(db, letter, endorsements),
        answered_invitations.findings(db, endorsements),
        earlier.findings(db, letter, organiser, endorsements),
        double_findings.findings(db, letter, endorsements),
    ]
    found: dict[UUID, list[Finding]] = {}
    for endorsement in endorsements:
        if _is_erased(endorsement):
            found[endorsement.id] = [Finding("info", _("The personal data has been erased."))]
            continue
        found[endorsement.id] = [
            *of_domain(db, endorsement, known),
            *(finding for source in told for finding in source.get(endorsement.id, ())),
            *evidence.name_findings(endorsement.listed_name),
            *_of_print(endorsement),
        ]
    return found


def of_domain(db: Db, endorsement: Endorsement, known: Imitable) -> list[Finding]:
    """What the mail address says; `known` are domains of others that it may imitate."""
    if not endorsement.address:
        return []  # what was reported may have none
    if endorsement.kind == "individual":
        return []  # individuals sign for themselves, from wherever they read their mail
    domain = mailboxes.domain(address_of(db, endorsement))
    return evidence.domain_findings(domain, endorsement.website, known=known)


def _is_erased(endorsement: Endorsement) -> bool:
    """Nothing is left to judge; what was reported never had to have an address."""
    is_named = bool(endorsement.name + endorsement.organisation)
    return not endorsement.address and not (endorsement.is_reported and is_named)


def _reports(
    db: Db, endorsements: Sequence[Endorsement]
) -> Iterator[tuple[Endorsement, Report | None]]:
    known = reports.of(db, [endorsement.id for endorsement in endorsements])
    return ((endorsement, known.get(endorsement.id)) for endorsement in endorsements)


def _of_report(endorsement: Endorsement, report: Report | None) -> list[Finding]:
    if not report or not endorsement.is_reported:
        return []
    facts = {"how": received_name(report.received), "day": format_date(report.received_on)}
    sentence = (
        _("Reported by an organiser as received %(how)s on %(day)s; not confirmed yet.")
        if endorsement.address
        else _("Reported by an organiser as received %(how)s on %(day)s; no address is known.")
    )
    return [Finding("info", sentence % facts)]


def _of_print(endorsement: Endorsement) -> list[Finding]:
    """The characters that would hold up the final letter."""
    texts = (endorsement.organisation, endorsement.name, endorsement.role)
    return [
        Finding("warn", glyphs.sentence(character, text))
        for text in texts
        for character in glyphs.missing(text)
    ]
