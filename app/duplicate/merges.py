"""Merging: of two endorsements by one signer, one is the line of the list and the other stands
under it, with its own state, history and manage link.

Nothing else changes, so undoing it restores both. When the line goes, because its signer withdraws
or goes confidential or an organiser declines it, what was merged into it comes back
(`endorsements` sees to that). A line that took others in may be merged itself.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.db import Db
from app.endorsement import endorsement_lists, endorsements
from app.endorsement.endorsements import MERGEABLE, Endorsement
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.mailing import outbox
from app.organiser import as_seen
from app.signer import notices
from app.trail import audit


def merge(
    db: Db,
    gone: Endorsement,
    stays: Endorsement,
    letter: Letter,
    *,
    seen: str = "",
    seen_line: str = "",
    by: audit.Actor,
) -> None:
    """`gone` stands under `stays` from now on; `seen` and `seen_line` are what the organiser saw of
    them (`as_seen.seen`), "" says nothing. Raises Refused where that can't be, and Conflict if
    somebody was quicker."""
    for one in sorted((gone, stays), key=lambda one: one.id):  # so no two wait for each other
        endorsements.locked(db, one)
    as_seen.must_be_as_seen(db, gone, seen)
    as_seen.must_be_as_seen(db, stays, seen_line)
    _must_fit(gone, stays)
    was_listed = gone.is_listed
    if db.changed(_merging(gone, stays)) != 1:
        raise Conflict(_("One of the two was changed or merged meanwhile. Nothing was changed."))
    db.refresh(gone)
    audit.record_about(db, "merged", gone, by=by, other=stays.public_id)
    audit.record_about(db, "merge taken in", stays, by=by, other=gone.public_id)
    if was_listed:
        letters.revise(db, letter.id)
    outbox.take_back(db, ["unmerged"], gone.id)
    notices.tell_once(db, gone, letter, "merged", line=stays.listed_name if stays.is_listed else "")


def undo(db: Db, gone: Endorsement, letter: Letter, *, by: audit.Actor) -> None:
    """Both are lines of their own again; raises Conflict if they are already."""
    endorsements.locked(db, gone)
    stays = db.get(Endorsement, gone.merged_into) if gone.merged_into else None
    undone = update(Endorsement).where(
        col(Endorsement.id) == gone.id,
        col(Endorsement.merged_into).is_not(None),
        col(Endorsement.status).in_(MERGEABLE),
    )
    if not stays or db.changed(undone.values(merged_into=None)) != 1:
        raise Conflict(_("This is no longer merged; somebody was quicker. Nothing was changed."))
    db.refresh(gone)
    audit.record_about(db, "unmerged", gone, by=by, other=stays.public_id)
    audit.record_about(db, "merge let go", stays, by=by, other=gone.public_id)
    if gone.is_listed:
        letters.revise(db, letter.id)
    if not outbox.take_back(db, ["merged"], gone.id):
        notices.tell_once(db, gone, letter, "unmerged")


def of_letter(db: Db, letter: Letter) -> Sequence[Endorsement]:
    """What is merged into other lines, the earliest first."""
    condition = col(Endorsement.merged_into).is_not(None) & col(Endorsement.status).in_(MERGEABLE)
    return endorsement_lists.page_of(db, letter, condition, None, "", None)


def line_of(db: Db, gone: Endorsement) -> Endorsement | None:
    """The line that it stands under in the end; None if it is one of its own."""
    line = None
    while above := (line or gone).merged_into:
        line = db.get_one(Endorsement, above)
    return line


def _must_fit(gone: Endorsement, stays: Endorsement) -> None:
    if gone.id == stays.id or gone.letter_id != stays.letter_id:
        raise Refused(_("Choose two signatures of one letter."), "line")
    if gone.kind != stays.kind:
        raise Refused(_("An organisation and an individual are never the same signer."), "line")
    if gone.visibility != stays.visibility:
        raise Refused(
            _("One of the two is confidential. A public line must not speak for a confidential"
              " signer."),
            "line",
        )  # fmt: skip
    if gone.status == "approved" and stays.status == "verified":
        raise Refused(
            _("An approved line can't stand under one that waits for review. Let the approved one"
              " stay, or approve the other first."),
            "line",
        )  # fmt: skip
    if gone.is_listed and stays.hidden_at:
        raise Refused(_("The line that should stay is hidden from the list."), "line")


def _merging(gone: Endorsement, stays: Endorsement) -> Any:
    """One conditional UPDATE decides between two who merge at once."""
    e, line = Endorsement, aliased(Endorsement)
    there = exists().where(
        col(line.id) == stays.id,
        col(line.merged_into).is_(None),
        col(line.status).in_(MERGEABLE),
        col(line.visibility) == gone.visibility,
    )
    return (
        update(e)
        .where(
            col(e.id) == gone.id, col(e.merged_into).is_(None), col(e.status).in_(MERGEABLE), there
        )
        .values(merged_into=stays.id)
    )
