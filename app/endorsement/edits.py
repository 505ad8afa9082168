"""Edits: what organisers change in a signer's line themselves; the signer is told each change."""

from collections.abc import Mapping

from app.db import Db
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.organiser import as_seen
from app.signatory import placing
from app.signer import corrections, notices, submissions
from app.signer.submissions import SubmissionRefused
from app.trail import audit

EDITABLE = ("verified", "approved")
_PLACE = ("sort_key", "category")


def fields(kind: str) -> tuple[str, ...]:
    """What organisers may edit, the displayed name first; the rest is the signer's own to say."""
    if kind == "organisation":
        return ("organisation", "sort_key", "category", "country", "website")
    return ("name", "sort_key", "country")


def values(endorsement: Endorsement) -> dict[str, str]:
    """The line as it stands, by field."""
    return {field: getattr(endorsement, field) or "" for field in fields(endorsement.kind)}


def seen(endorsement: Endorsement) -> str:
    """What the page of the form showed, to tell whether it changed since."""
    return f"{as_seen.seen(endorsement)}.{placing.seen(endorsement)}"


def edit(
    db: Db,
    letter: Letter,
    endorsement: Endorsement,
    typed: Mapping[str, str],
    seen_before: str = "",
    *,
    by: audit.Actor,
) -> list[str]:
    """Sets what differs, and answers which fields that were.

    Raises SubmissionRefused with a sentence by field, Refused where nothing differs, and Conflict
    where the line changed since, or the signer's own correction of the same field waits.
    """
    wanted = _checked(endorsement, typed)
    endorsements.locked(db, endorsement)
    _must_be_editable(endorsement, seen_before)
    now = values(endorsement)
    changes = {field: value for field, value in wanted.items() if value != now[field]}
    if not changes:
        raise Refused(_("Nothing is different from what stands there."))
    _must_leave_correction(db, endorsement, changes)
    stored = (
        {**changes, "sort_key": changes["sort_key"] or None} if "sort_key" in changes else changes
    )
    endorsements.change_line(db, endorsement, stored)
    audit.record_about(db, "edited", endorsement, by=by, fields=", ".join(sorted(changes)))
    if endorsement.is_listed:
        letters.revise(db, letter.id)
    # Whoever never confirmed never asked for mail about it.
    if endorsement.verified_at:
        told = {field: (now[field], value) for field, value in changes.items()}
        notices.tell_changes(db, endorsement, letter, told)
    return sorted(changes)


def _checked(endorsement: Endorsement, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by the rules of a sign-on. What stands there may stay, even where today's
    rules would refuse it: it may have been imported."""
    now = values(endorsement)
    wanted = {field: typed.get(field, now[field]) for field in now}
    line, errors = submissions.tried_line(wanted, endorsement.kind)
    place, place_errors = placing.tried(wanted["sort_key"], wanted.get("category", ""))
    touched = [field for field in now if wanted[field] != now[field]]
    found = {f: sentence for f, sentence in (errors | place_errors).items() if f in touched}
    for field in {"organisation", "name"} & set(found):
        if not wanted[field].strip():
            found[field] = _("Enter the name as it should be listed.")
    if found:
        raise SubmissionRefused(found)
    return {field: getattr(place if field in _PLACE else line, field) for field in touched}


def _must_be_editable(endorsement: Endorsement, seen_before: str) -> None:
    if endorsement.status not in EDITABLE:
        raise Conflict(
            _("This endorsement is %(status)s: its line can't be edited.")
            % {"status": endorsement.state_name}
        )
    if seen_before and seen_before != seen(endorsement):
        raise Conflict(
            _("Somebody changed this line since you opened the page. Please look at it again.")
        )


def _must_leave_correction(db: Db, endorsement: Endorsement, changes: Mapping[str, str]) -> None:
    """Two wishes for one field can't be told apart later: the signer's is decided first."""
    waiting = corrections.waiting(db, [endorsement.id]).get(endorsement.id)
    if waiting and set(waiting.changes) & set(changes):
        raise Conflict(
            _("The signer asks for a correction of the same field. Accept or refuse it first.")
        )
