"""Texts taken off the site: earlier versions that organisers withhold from the public, and show
again.

A text may have been corrected because of what nobody should read, such as the name of somebody in
danger. The organisers go on reading it at the desk.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from app.db import Db
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.letter import letter_states, letters, public_versions, versions
from app.letter.letters import Letter
from app.letter.versions import Version
from app.trail import audit


def withhold(db: Db, letter: Letter, number: int, reason: str, *, by: audit.Actor) -> None:
    """The reason is for the trail only. Raises Refused without one, Conflict for the text that is
    shown now, and NotFound for a version that the public never saw."""
    version = _earlier(db, letter, number)
    reason = letter_states.checked_reason(reason)
    if not reason:
        raise Refused(_("Say why: it stands in the history."), "reason")
    if _set(db, version.id, db.now):
        audit.record_about(db, "version withheld", version, by=by, reason=reason, number=number)
        letters.revise(db, letter.id)


def show_again(db: Db, letter: Letter, number: int, *, by: audit.Actor) -> None:
    """Changes nothing where it is shown. Raises NotFound where there is no such version."""
    version = versions.numbered(db, letter.id, number)
    if _set(db, version.id, None):
        audit.record_about(db, "version shown again", version, by=by, number=number)
        letters.revise(db, letter.id)


def _earlier(db: Db, letter: Letter, number: int) -> Version:
    if letter.is_public and number == letter.version:
        raise Conflict(
            _("This is the text shown now. Publish a corrected text first, then take this one off.")
        )
    if number not in public_versions.earlier(db, letter):
        raise NotFound(_("There is no such version."))
    return versions.numbered(db, letter.id, number)


def _set(db: Db, version_id: UUID, moment: datetime | None) -> bool:
    """The only door to whether a version is withheld; tells whether that has changed it."""
    withheld_at = col(Version.withheld_at)
    is_other = withheld_at.is_(None) if moment else withheld_at.is_not(None)
    change = update(Version).where(col(Version.id) == version_id, is_other)
    return bool(db.changed(change.values(withheld_at=moment)))
