"""Deadlines of a letter: the first one, by which the first wave should have signed, and the last
one, which ends signing; both by the clocks of one time zone."""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.trail import audit

# Zones of places; the others are abbreviations, offsets and names of long ago.
_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def zones() -> tuple[str, ...]:
    """The names of the time zones that can be chosen."""
    return (*sorted(zone for zone in available_timezones() if zone.startswith(_REGIONS)), "UTC")


def typed(moment: datetime | None) -> str:
    """A moment as a form's field holds it, by the clocks of its zone: 2026-06-12T17:00."""
    return moment.strftime("%Y-%m-%dT%H:%M") if moment else ""


def set_(db: Db, letter: Letter, *, deadline: str, soft: str, zone: str, by: audit.Actor) -> None:
    """Sets both, each as `typed` gives it, "" for none; `zone` is "" only where the letter has an
    offset instead. Raises Refused as `checked` does.
    """
    letters.locked(db, letter)
    last, first = checked(db, letter, deadline=deadline, soft=soft, zone=zone)
    before = letter.local_deadline, letter.local_soft_deadline
    letter.deadline, letter.soft_deadline, letter.deadline_zone = last, first, zone
    if zone:
        letter.deadline_offset = _offset(last or first or db.now, ZoneInfo(zone))
    db.flush()
    _record(db, letter, "deadline moved", before[0], letter.local_deadline, by)
    _record(db, letter, "first deadline moved", before[1], letter.local_soft_deadline, by)
    letters.revise(db, letter.id)
    db.refresh(letter)


def checked(
    db: Db, letter: Letter, *, deadline: str, soft: str, zone: str
) -> tuple[datetime | None, datetime | None]:
    """The last and the first one.

    Raises Refused for what is no time, a first one that isn't before the last one, and a last one
    that has passed while the letter isn't closed.
    """
    clocks = _clocks(letter, zone, is_needed=bool(deadline or soft))
    last = _moment(deadline, letter.local_deadline, clocks, "deadline")
    first = _moment(soft, letter.local_soft_deadline, clocks, "soft_deadline")
    if first and last and first >= last:
        raise Refused(_("The first deadline must be before the last one."), "soft_deadline")
    if last and last != letter.deadline and last <= db.now and not letter.has_ended:
        raise Refused(_("This moment has passed. To end signing, close the letter."), "deadline")
    return last, first


def _clocks(letter: Letter, zone: str, *, is_needed: bool) -> tzinfo:
    if zone in zones():
        return ZoneInfo(zone)
    has_offset = (letter.deadline or letter.soft_deadline) and not letter.deadline_zone
    if zone or (is_needed and not has_offset):
        raise Refused(_("Choose the time zone of the deadlines."), "zone")
    return letter.zone


def _moment(text: str, before: datetime | None, clocks: tzinfo, field: str) -> datetime | None:
    """The moment that those clocks show; the one there was where nothing was typed anew, which may
    have seconds."""
    if not text:
        return None
    try:
        local = datetime.fromisoformat(text).replace(tzinfo=clocks)
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(_("Give a date and a time, such as 2026-06-12 17:00."), field) from None
    if moment.year > letters.LATEST_YEAR:
        raise Refused(_("That is too far away. For no deadline, leave it empty."), field)
    if moment.astimezone(clocks).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused(_("There is no such time: clocks are put forward over it."), field)
    if before and typed(before.astimezone(clocks)) == typed(local):
        return before.astimezone(UTC)
    return moment


def _record(
    db: Db,
    letter: Letter,
    action: str,
    before: datetime | None,
    after: datetime | None,
    by: audit.Actor,
) -> None:
    """What moved, in the trail: moments as they are shown, with their zones' offsets."""
    if before != after:
        was, is_ = _iso(before), _iso(after)
        audit.record(db, action, by=by, letter_id=letter.id, before=was, to=is_)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    """In minutes."""
    offset = moment.astimezone(zone).utcoffset() or timedelta()
    return round(offset.total_seconds() / 60)
