"""What an organiser should know of each endorsement before deciding."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select
from sqlmodel import col

from app import evidence, mailboxes, reported
from app.db import Db
from app.documents import glyphs
from app.endorsements import Endorsement, address_of, status_name
from app.evidence import Finding
from app.i18n import _, format_date
from app.letters import Letter
from app.reported import Report, received_name
from app.websites import registrable


class Signed(NamedTuple):
    """Another endorsement of the same letter that is or may be listed."""

    id: UUID
    listed_name: str
    status: str


def findings(
    db: Db, letter: Letter, endorsements: Sequence[Endorsement]
) -> dict[UUID, list[Finding]]:
    """What speaks for and against each: its mail domain, its name, and who signed before."""
    others = _Others(db, letter)
    reports = reported.of(db, [endorsement.id for endorsement in endorsements])
    found: dict[UUID, list[Finding]] = {}
    for endorsement in endorsements:
        address = address_of(db, endorsement)
        report = reports.get(endorsement.id)
        if not address and not (report and endorsement.name + endorsement.organisation):
            found[endorsement.id] = [Finding("info", _("The personal data has been erased."))]
            continue
        found[endorsement.id] = [
            *_of_report(endorsement, report),
            *(_of_domain(endorsement, mailboxes.domain(address), others) if address else ()),
            *_of_duplicates(endorsement, others),
            *evidence.name_findings(endorsement.listed_name),
            *_of_print(endorsement),
        ]
    return found


class _Others:
    """The letter's verified and approved endorsements, by folded name and by website."""

    def __init__(self, db: Db, letter: Letter) -> None:
        self.by_name: dict[tuple[str, str], list[Signed]] = defaultdict(list)
        self.by_domain: dict[str, list[Signed]] = defaultdict(list)
        for row in db.execute(_listed_or_waiting(letter)):
            self._add(row)

    def before(self, endorsement: Endorsement) -> list[Signed]:
        """Those who look like the same signer and signed earlier, the earliest first."""
        alike = list(self.by_name[endorsement.kind, endorsement.folded])
        if endorsement.kind == "organisation" and endorsement.website:
            alike += self.by_domain[registrable(endorsement.website) or ""]
        return sorted({signed for signed in alike if signed.id < endorsement.id})

    def listed_domains(self, endorsement: Endorsement) -> set[str]:
        """The websites' domains of the others that are approved: these may be imitated."""
        return {
            domain
            for domain, signed in self.by_domain.items()
            if any(one.status == "approved" and one.id != endorsement.id for one in signed)
        }

    def _add(self, row: Row[Any]) -> None:
        is_organisation = row.kind == "organisation"
        signed = Signed(row.id, row.organisation if is_organisation else row.name, row.status)
        self.by_name[row.kind, row.folded].append(signed)
        if is_organisation and row.website:
            domain = registrable(row.website)
            if domain:
                self.by_domain[domain].append(signed)


def _listed_or_waiting(letter: Letter) -> Any:
    e = Endorsement
    columns = (e.id, e.kind, e.folded, e.organisation, e.name, e.website, e.status)
    return select(*columns).where(  # type: ignore[call-overload]
        col(e.letter_id) == letter.id, col(e.status).in_(("verified", "approved"))
    )


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


def _of_domain(endorsement: Endorsement, domain: str, others: _Others) -> list[Finding]:
    if endorsement.kind == "individual":
        return []  # individuals sign for themselves, from wherever they read their mail
    return evidence.domain_findings(
        domain, endorsement.website, known=others.listed_domains(endorsement)
    )


def _of_duplicates(endorsement: Endorsement, others: _Others) -> list[Finding]:
    sentence = _("Perhaps a duplicate: “%(name)s” signed before (%(status)s).")
    return [
        Finding("warn", sentence % {"name": s.listed_name, "status": status_name(s.status)})
        for s in others.before(endorsement)
    ]


def _of_print(endorsement: Endorsement) -> list[Finding]:
    """The characters that would hold up the final letter."""
    texts = (endorsement.organisation, endorsement.name, endorsement.role)
    return [
        Finding("warn", glyphs.sentence(character, text))
        for text in texts
        for character in glyphs.missing(text)
    ]
