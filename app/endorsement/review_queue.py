"""The review queue: which endorsements of a letter an organiser looks at, and in which order.

What has a new answer to a question stands first. Pages go on after the last line read, so that
none is met twice or left out while others decide.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, literal, not_, or_, select
from sqlmodel import col

from app.db import Db
from app.dispute import dispute_decisions
from app.duplicate import double_findings
from app.endorsement import endorsement_lists, listed_domains, questions, review
from app.endorsement.endorsements import STATUSES, Endorsement
from app.endorsement.evidence import Finding
from app.letter.letters import Letter
from app.name.names import fold
from app.organiser.organisers import Organiser
from app.signer import corrections

# The tab of listed endorsements with a correction that waits.
CORRECTION = "correction"
# The tab of lines that somebody disputes.
DISPUTED = "disputed"
TABS = (*STATUSES, CORRECTION, DISPUTED)
ORDERS = ("oldest", "newest")
FILTERS = ("", "unopposed", "proof", "duplicates", "question")
LONGEST_SEARCH = 200
# What can't be asked of the database is looked at in batches, and so many of them for one page.
BATCH = 200
MOST_BATCHES = 8
# Where everything that is known of each is asked for.
MOST_COSTLY_BATCHES = 1
# Tones of what speaks against an endorsement.
AGAINST = ("warn", "bad")


class Asked(NamedTuple):
    """What somebody wants to see. `after` is where the page before ended."""

    status: str = "verified"
    order: str = "oldest"
    only: str = ""
    q: str = ""
    after: str = ""


class Page(NamedTuple):
    """`after` is where the next page goes on; "" at the end."""

    endorsements: list[Endorsement]
    after: str


def page(db: Db, letter: Letter, organiser: Organiser, asked: Asked, lines: int) -> Page:
    """Up to `lines` endorsements. Where a filter finds few among very many, a page may end early,
    with the next one going on from there."""
    query = _query(letter, asked)
    if asked.only == "unopposed":
        unopposed = _unopposed(db, letter, organiser)
        return _sifted(db, query, asked, lines, unopposed, batches=MOST_COSTLY_BATCHES)
    if asked.only == "proof":
        return _sifted(db, query, asked, lines, _needing_proof(db, letter))
    if asked.only == "duplicates":
        return _sifted(db, query, asked, lines, _duplicates(db, letter))
    return _cut(_rows(db, query, asked.order, asked.after, lines + 1), lines)


Row = tuple[Endorsement, bool]
# Of a batch, the ids of those that a filter lets through.
Filter = Callable[[Sequence[Endorsement]], set[UUID]]


def _query(letter: Letter, asked: Asked) -> "Select[Endorsement, bool]":
    conditions = [col(Endorsement.letter_id) == letter.id, _in_tab(asked.status)]
    if asked.only == "question":
        conditions.append(questions.were_asked())
    if asked.only == "unopposed":
        conditions.append(not_(questions.wait_for_answer()))
    conditions += endorsement_lists.named(fold(asked.q[:LONGEST_SEARCH]))
    return select(Endorsement, _is_answered(asked.status)).where(*conditions)


def _in_tab(status: str) -> ColumnElement[bool]:
    if status == CORRECTION:
        return corrections.waits()
    if status == DISPUTED:
        return dispute_decisions.waits()
    return and_(col(Endorsement.status) == status, endorsement_lists.stands_alone())


def _is_answered(status: str) -> ColumnElement[bool]:
    """What waits for review with an answer that nobody has acted on."""
    if status != "verified":
        return literal(False)
    answered = and_(questions.were_asked(), not_(questions.wait_for_answer()))
    return case((answered, True), else_=False)


def _rows(
    db: Db, query: "Select[Endorsement, bool]", order: str, after: str, limit: int
) -> list[Row]:
    is_answered, id_ = query.column_descriptions[1]["expr"], col(Endorsement.id)
    place = _place(after)
    if place:
        was_answered, last = place
        beyond = id_ < last if order == "newest" else id_ > last
        same_kind = is_answered == literal(was_answered)
        later = [and_(same_kind, beyond)]
        if was_answered:
            later.append(is_answered == literal(False))
        query = query.where(or_(*later))
    ordered = query.order_by(is_answered.desc(), id_.desc() if order == "newest" else id_)
    return [(row[0], bool(row[1])) for row in db.execute(ordered.limit(limit))]


def _cut(found: list[Row], lines: int) -> Page:
    shown = found[:lines]
    return Page([one for one, _answered in shown], _token(shown[-1]) if len(found) > lines else "")


def _sifted(
    db: Db,
    query: "Select[Endorsement, bool]",
    asked: Asked,
    lines: int,
    wanted: Filter,
    *,
    batches: int = MOST_BATCHES,
) -> Page:
    """The same for a filter that the database can't apply."""
    kept: list[Row] = []
    after = asked.after
    for _batch in range(batches):
        rows = _rows(db, query, asked.order, after, BATCH)
        ids = wanted([one for one, _answered in rows])
        kept += [row for row in rows if row[0].id in ids]
        if len(kept) > lines:
            return _cut(kept, lines)
        if len(rows) < BATCH:
            return Page([one for one, _answered in kept], "")
        after = _token(rows[-1])
    return Page([one for one, _answered in kept], after)


def _unopposed(db: Db, letter: Letter, organiser: Organiser) -> Filter:
    """Against whom nothing speaks of all that is known."""

    def clear(batch: Sequence[Endorsement]) -> set[UUID]:
        told = review.findings(db, letter, organiser, batch)
        return {id_ for id_, found in told.items() if not any(_is_against(one) for one in found)}

    return clear


def _needing_proof(db: Db, letter: Letter) -> Filter:
    """Whose mail address says too little, or the wrong thing."""
    known = listed_domains.of(db, letter)

    def speaks_against(one: Endorsement) -> bool:
        found = review.of_domain(db, one, known) if one.address else []
        return any(_is_against(finding) for finding in found)

    return lambda batch: {one.id for one in batch if speaks_against(one)}


def _is_against(finding: Finding) -> bool:
    return finding.tone in AGAINST


def _duplicates(db: Db, letter: Letter) -> Filter:
    """Who is likely the same signer as another."""
    return lambda batch: double_findings.doubled(db, letter, batch)


def _token(row: Row) -> str:
    endorsement, is_answered = row
    return f"{int(is_answered)}.{endorsement.id}"


def _place(after: str) -> tuple[bool, UUID] | None:
    kind, _dot, last = after.partition(".")
    try:
        return (kind == "1", UUID(last)) if kind in ("0", "1") else None
    except ValueError:
        return None
