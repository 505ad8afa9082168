"""Earlier decisions: how other letters of the same address book judged a signer.

Only letters that the organiser who asks may see are looked at.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlmodel import col

from app import i18n
from app.db import Db
from app.endorsement.endorsements import DECIDED, Endorsement
from app.endorsement.evidence import Finding, and_more
from app.i18n import _, ngettext
from app.letter.letters import Letter
from app.organiser import organisers
from app.organiser.organisers import Organiser

# So many are named of each signer, the newest first; a page looks at so many in all.
NAMED = 3
MOST = 1_000


def findings(
    db: Db, letter: Letter, organiser: Organiser, found: Sequence[Endorsement]
) -> dict[UUID, list[Finding]]:
    """What was decided before about the same organisation, or the same mailbox."""
    others = {
        other.id: other
        for other in organisers.letters_of(db, organiser)
        if other.book_id == letter.book_id and other.id != letter.id
    }
    if not others or not found or letter.book_id is None:
        return {}
    by_key: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in db.execute(
        _decided(found).where(col(Endorsement.letter_id).in_(others)).limit(MOST)
    ):
        for key in _keys(row):
            by_key[key].append(row)
    return {one.id: _sentences(_alike(one, by_key), others) for one in found}


def _decided(found: Sequence[Endorsement]) -> Any:
    e = Endorsement
    signer = (e.id, e.letter_id, e.kind, e.folded, e.mailbox, e.organisation_id)
    decision = (e.status, e.decided_at, e.reason)
    organisations = [one for one in found if one.kind == "organisation"]
    known = [one.organisation_id for one in organisations if one.organisation_id]
    same: list[ColumnElement[bool]] = [col(e.mailbox).in_({one.mailbox for one in found})]
    if organisations:
        names = col(e.folded).in_({one.folded for one in organisations})
        same.append(and_(col(e.kind) == "organisation", names))
    if known:
        same.append(col(e.organisation_id).in_(known))
    return (
        select(*map(col, (*signer, *decision)))
        .where(col(e.status).in_(DECIDED), col(e.decided_at).is_not(None), or_(*same))
        .order_by(col(e.decided_at).desc())
    )


def _keys(one: Any) -> list[tuple[str, Any]]:
    """What makes two endorsements one signer's. People are known by their mailbox alone: others
    have the same name."""
    keys = [("mailbox", (one.kind, one.mailbox))]
    if one.kind == "organisation":
        keys.append(("name", one.folded))
        if one.organisation_id:
            keys.append(("entry", one.organisation_id))
    return keys


def _alike(one: Endorsement, by_key: dict[Any, list[Row[Any]]]) -> list[Row[Any]]:
    alike = {row.id: row for key in _keys(one) for row in by_key.get(key, ())}
    return sorted(alike.values(), key=lambda row: row.decided_at, reverse=True)


def _sentences(rows: list[Row[Any]], letters: dict[UUID, Letter]) -> list[Finding]:
    found = [_sentence(row, letters[row.letter_id].title) for row in rows[:NAMED]]
    more = len(rows) - NAMED
    sentence = ngettext(
        "%(number)s more decision on another letter.",
        "%(number)s more decisions on other letters.",
        more,
    )
    return and_more(found, more, sentence)


def _sentence(row: Row[Any], title: str) -> Finding:
    facts = {"letter": title, "day": i18n.format_date(row.decided_at.date()), "reason": row.reason}
    if row.status == "approved":
        return Finding("good", _("Approved for “%(letter)s” on %(day)s.") % facts)
    if row.reason:
        sentence = _("Declined for “%(letter)s” on %(day)s because: %(reason)s")
        return Finding("warn", sentence % facts)
    return Finding("warn", _("Declined for “%(letter)s” on %(day)s.") % facts)
