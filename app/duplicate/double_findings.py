"""Who else on the letter may be the same signer, as evidence for organisers."""

from collections.abc import Sequence
from uuid import UUID

from app import i18n
from app.db import Db
from app.duplicate import doubles
from app.duplicate.doubles import Double
from app.endorsement.endorsements import Endorsement, status_name
from app.endorsement.evidence import Finding, and_more
from app.i18n import _, ngettext
from app.letter.letters import Letter

# So many are named beside each entry, the likeliest first.
NAMED = 3
# Below it, the two are rather members of one family than one signer.
LIKELY = 0.6


def findings(db: Db, letter: Letter, found: Sequence[Endorsement]) -> dict[UUID, list[Finding]]:
    doubled = doubles.of(db, letter, found)
    return {one.id: _findings(one, doubled[one.id]) for one in found}


def doubled(db: Db, letter: Letter, found: Sequence[Endorsement]) -> set[UUID]:
    """Those of them that are likely somebody's double."""
    found_doubles = doubles.of(db, letter, found).items()
    return {id_ for id_, alike in found_doubles if any(one.score >= LIKELY for one in alike)}


def _findings(endorsement: Endorsement, alike: list[Double]) -> list[Finding]:
    found = [_finding(endorsement, double) for double in alike[:NAMED]]
    more = len(alike) - NAMED
    sentence = ngettext(
        "%(number)s more may be the same signer.", "%(number)s more may be the same signer.", more
    )
    return and_more(found, more, sentence)


def _finding(endorsement: Endorsement, double: Double) -> Finding:
    facts = {"name": double.listed_name, "status": status_name(double.status)}
    sentence = (
        _("Perhaps a duplicate: “%(name)s” signed before (%(status)s).")
        if double.id < endorsement.id
        else _("Perhaps a duplicate: “%(name)s” signed later (%(status)s).")
    )
    score = _("Likeness: %(percent)s %%.") % {
        "percent": i18n.format_number(round(100 * double.score))
    }
    told = " ".join((sentence % facts, score, *double.reasons))
    return Finding("warn" if double.score >= LIKELY else "info", told)
