"""The versions of a letter that visitors could read and sign, at some time or now.

An open letter never becomes a draft again: these are the version it was opened with and all after
it. What was written before is nobody's but its organisers'.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from app.db import Db
from app.errors import NotFound
from app.i18n import _
from app.letter import versions
from app.letter.letters import Letter
from app.letter.versions import Version
from app.trail.audit import AuditEntry


@dataclass(frozen=True)
class PublicVersion:
    """A version with the time in which it was the letter's text; `until` is None while it is.

    `previous` and `following` are the numbers of the public versions beside it.
    """

    version: Version
    since: datetime
    until: datetime | None
    previous: int | None
    following: int | None


def numbered(db: Db, letter: Letter, number: int) -> PublicVersion:
    """Of a letter that is public. Raises NotFound, alike for a version that was never public and
    for one that there is not."""
    first = _opened_with(db, letter)
    if not first <= number <= letter.version:
        raise NotFound(_("There is no such version."))
    version = versions.numbered(db, letter.id, number)
    is_current = number == letter.version
    return PublicVersion(
        version,
        since=max(filter(None, (version.created_at, letter.opened_at))),
        until=None if is_current else versions.numbered(db, letter.id, number + 1).created_at,
        previous=number - 1 if number > first else None,
        following=None if is_current else number + 1,
    )


def earlier(db: Db, letter: Letter) -> range:
    """The numbers of those that another has replaced; a draft has none."""
    return range(_opened_with(db, letter) if letter.is_public else letter.version, letter.version)


def _opened_with(db: Db, letter: Letter) -> int:
    """The number of the version that was the letter's text when it ceased to be a draft.

    The trail says it: two organisers may save and open at once, and clocks may be set back.
    """
    query = select(AuditEntry).where(
        col(AuditEntry.letter_id) == letter.id, col(AuditEntry.action) == "letter open"
    )
    for entry in db.scalars(query):
        if entry.facts["came_from"] == "draft":
            return int(entry.facts.get("version") or _newest_at(db, letter, entry.at))
    return letter.version


def _newest_at(db: Db, letter: Letter, moment: datetime) -> int:
    """For entries of before they told the version."""
    query = select(func.max(col(Version.number))).where(
        col(Version.letter_id) == letter.id, col(Version.created_at) <= moment
    )
    return db.scalar(query) or letter.version
