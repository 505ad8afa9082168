"""Approving: many at once, exactly those that were chosen, and only as they were seen; one by one,
and by a program, as far as the two-person rule lets them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import throttle
from app.db import Db
from app.endorsement import decisions
from app.endorsement.decisions import Decision
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from app.i18n import _, ngettext
from app.letter.letters import Letter
from app.organiser import as_seen, roles
from app.organiser.agreements import Action
from app.organiser.proposals import Facts
from app.trail import audit

MOST = 200


class Sorted(NamedTuple):
    """Of those that were chosen: who can be approved, and who changed or was decided since."""

    ready: list[Endorsement]
    left_out: list[Endorsement]


def sort(db: Db, letter: Letter, seen: Mapping[UUID, str], *, strictly: bool = False) -> Sorted:
    """`seen` has, by id, what a page showed (`as_seen.seen`); "" says nothing, which
    `strictly` counts as not seen. Raises Refused for none, NotFound for one of another letter."""
    if not seen:
        raise Refused(_("Choose the signatures that you want to approve."))
    if len(seen) > MOST:
        raise Refused(_("Choose at most %(number)s at once.") % {"number": MOST})
    found = Sorted([], [])
    for endorsement in _chosen(db, letter, list(seen)):
        shown = seen[endorsement.id]
        is_as_seen = shown == as_seen.seen(endorsement) or (not shown and not strictly)
        is_alone = endorsement.merged_into is None
        is_ready = endorsement.may_become("approved") and is_as_seen and is_alone
        (found.ready if is_ready else found.left_out).append(endorsement)
    return found


def chosen(db: Db, letter: Letter, seen: Mapping[UUID, str]) -> Sorted:
    """The same strictly, and nobody changes any of them until the transaction ends."""
    _lock(db, letter, list(seen))
    return sort(db, letter, seen, strictly=True)


def alone(
    db: Db, letter: Letter, endorsement: Endorsement, seen: str = "", *, by: audit.Actor
) -> Decision:
    """One, looked at by one organiser at the desk. Where two have to agree to several, there is an
    hour's allowance of these: raises TooMany, and Conflict."""
    if letter.two_person and not throttle.spend(db, throttle.APPROVALS_ALONE, str(by.id)):
        raise TooMany(
            _(
                "You have approved many one by one in this hour. Choose the others together: a "
                "second organiser then has to agree."
            )
        )
    return decisions.approve(db, letter, endorsement, seen, by=by)


def by_program(db: Db, letter: Letter, endorsement: Endorsement, *, by: audit.Actor) -> Decision:
    """One, by a token. Raises Forbidden where two have to agree to several: no program stands for
    a second look."""
    if letter.two_person:
        raise Forbidden(
            _("This letter has the two-person rule: people at the desk approve, not a token.")
        )
    return decisions.approve(db, letter, endorsement, by=by)


def facts(ready: Sequence[Endorsement]) -> Facts:
    """What the action is carried out, or proposed, with: who, and as they were seen."""
    return {"seen": {str(one.id): as_seen.seen(one) for one in ready}}


def _run(db: Db, letter: Letter, facts: Facts, *, by: audit.Actor) -> None:
    """Approves those that still are as they were seen; each signer is told as if one by one."""
    found = chosen(db, letter, _seen(facts))
    if found.left_out:
        raise Conflict(_("Some of them changed meanwhile. Nobody was approved."))
    with db.gathering():
        for endorsement in found.ready:
            decisions.approve(db, letter, endorsement, by=by)
    audit.record(db, "approved together", by=by, letter_id=letter.id, number=len(found.ready))


def _about(db: Db, letter: Letter, facts: Facts) -> str:
    found = _chosen(db, letter, list(_seen(facts)))
    return " ".join(f"{one.id}.{as_seen.seen(one)}" for one in found)


def _says(_letter: Letter, facts: Facts) -> str:
    number = len(facts["seen"])
    return ngettext("Approve %(num)s signature.", "Approve %(num)s signatures.", number) % {
        "num": number
    }


def _names(db: Db, letter: Letter, facts: Facts) -> list[str]:
    return [one.listed_name for one in _chosen(db, letter, list(_seen(facts)))]


def _seen(facts: Facts) -> dict[UUID, str]:
    return {UUID(one): seen for one, seen in facts["seen"].items()}


def _chosen(db: Db, letter: Letter, ids: Sequence[UUID]) -> list[Endorsement]:
    mine = col(Endorsement.letter_id) == letter.id, col(Endorsement.id).in_(ids)
    query = select(Endorsement).where(*mine).order_by(col(Endorsement.id))
    found = list(db.scalars(query.execution_options(populate_existing=True)))
    if len(found) != len(ids):
        raise NotFound(_("There is no such endorsement."))
    return found


def _lock(db: Db, letter: Letter, ids: Sequence[UUID]) -> None:
    """Always in the same order: no two who approve wait for each other."""
    mine = col(Endorsement.letter_id) == letter.id, col(Endorsement.id).in_(ids)
    query = select(col(Endorsement.id)).where(*mine).order_by(col(Endorsement.id))
    db.execute(query.with_for_update())


APPROVALS = Action(
    name="approvals", ability=roles.REVIEW, about=_about, run=_run, says=_says, names=_names
)
