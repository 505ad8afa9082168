"""The one door through which the status of an endorsement changes."""

from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import MERGEABLE, Endorsement, Status, locked
from app.errors import Conflict
from app.i18n import _
from app.invitation import invitation_answers
from app.letter import letters
from app.trail import audit
from app.webhook import webhooks


class Overtaken(Conflict):
    """Somebody else has decided meanwhile."""


def may_move(db: Db, endorsement: Endorsement, to: Status) -> bool:
    locked(db, endorsement)
    return endorsement.may_become(to)


def move(
    db: Db,
    endorsement: Endorsement,
    to: str,
    *,
    by: audit.Actor,
    action: str = "",
    why: str | None = None,
    **changes: Any,
) -> None:
    """The only door to an endorsement's status; one conditional UPDATE decides who came first.

    In the trail the move is called `action`, by default the status it leads to.
    """
    was_listed, came_from = endorsement.is_listed, endorsement.status
    if came_from not in MERGEABLE:
        changes["compared_at"] = None  # names that came meanwhile were not compared with it
    moved = db.changed(
        update(Endorsement)
        .where(col(Endorsement.id) == endorsement.id, col(Endorsement.status) == came_from)
        .values(status=to, **changes)
    )
    if moved != 1:
        raise overtaken(endorsement)
    db.refresh(endorsement)
    facts = {"came_from": came_from, **({"to": to} if action else {})}
    audit.record_about(db, action or to, endorsement, by=by, reason=why, **facts)
    if to in ("declined", "withdrawn"):
        release(db, endorsement, by=by)
    if to != "expired":
        webhooks.announce(db, endorsement.letter_id, f"endorsement.{to}", endorsement.public_id)
    invitation_answers.follow(db, endorsement, by=by)
    if was_listed or endorsement.is_listed:
        letters.revise(db, endorsement.letter_id)


def stand_alone(db: Db, endorsement: Endorsement, *, by: audit.Actor) -> None:
    """It is a line of its own again, if it was merged."""
    if endorsement.merged_into:
        endorsement.merged_into = None
        db.flush()
        audit.record_about(db, "merge ended", endorsement, by=by)


def release(db: Db, endorsement: Endorsement, *, by: audit.Actor) -> None:
    """A line goes: what was merged into it takes its place, as it was before, or goes over to
    the line that this one was merged into."""
    merged = col(Endorsement.merged_into) == endorsement.id
    query = select(Endorsement).where(merged).order_by(col(Endorsement.id)).with_for_update()
    for one in db.scalars(query.execution_options(populate_existing=True)).all():
        one.merged_into = endorsement.merged_into
        db.flush()
        audit.record_about(db, "merge ended", one, by=by)
        if one.is_listed:
            letters.revise(db, one.letter_id)


def overtaken(endorsement: Endorsement) -> Overtaken:
    return Overtaken(
        _("This endorsement is %(status)s now; somebody was quicker. Nothing was changed.")
        % {"status": endorsement.state_name}
    )
