"""What visitors of a letter see and may do, and how long personal data is kept; its slug."""

from collections.abc import Mapping

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter import letters, writing
from app.letter.letters import Letter
from app.trail import audit

# Each is on or off.
SWITCHES = ("individuals", "show_representatives", "withheld_count", "public_proof")
FEWEST_DAYS, MOST_DAYS = 1, 3_650


def set_(
    db: Db, letter: Letter, switches: Mapping[str, bool], days: str | None, *, by: audit.Actor
) -> None:
    """Sets the switches, and for how many days after its end a letter keeps personal data: only an
    owner decides when that is erased, so None leaves it as it is."""
    letters.locked(db, letter)
    wanted = {name: switches[name] for name in SWITCHES}
    if wanted["show_representatives"] and not may_show_representatives(db, letter):
        raise Refused(told_otherwise(), "show_representatives")
    values: dict[str, bool | int] = {**wanted}
    if days is not None:
        values["retention_days"] = _checked_days(days)
    changed = [name for name, value in values.items() if getattr(letter, name) != value]
    for name in changed:
        setattr(letter, name, values[name])
    db.flush()
    if changed:
        fields = ", ".join(changed)
        audit.record(db, "settings changed", by=by, letter_id=letter.id, fields=fields)
        letters.revise(db, letter.id)
    db.refresh(letter)


def may_show_representatives(db: Db, letter: Letter) -> bool:
    """Who signed was told whether the names of representatives are public: it holds for them."""
    if letter.show_representatives:
        return True
    told = select(
        exists().where(
            col(Endorsement.letter_id) == letter.id,
            col(Endorsement.kind) == "organisation",
            col(Endorsement.visibility) == "public",
            col(Endorsement.status).in_(("pending", "verified", "approved")),
        )
    )
    return not db.scalar(told)


def told_otherwise() -> str:
    return _(
        "Organisations have signed, and their representatives were told that their names would not "
        "be public. That can't change any more."
    )


def rename(db: Db, letter: Letter, slug: str, *, by: audit.Actor) -> None:
    """Gives a draft another slug. Once a letter was open, people have its address."""
    letters.locked(db, letter)
    slug = letters.checked_slug(slug)
    if letter.status != "draft":
        raise Conflict(_("The letter was opened: people have its address, so it stays."))
    if slug == letter.slug:
        return
    writing.must_be_free(db, slug)
    letter.slug = slug
    try:
        db.flush()
    except IntegrityError:  # somebody else was faster
        raise writing.taken(slug) from None
    audit.record(db, "settings changed", by=by, letter_id=letter.id, fields="slug")
    letters.revise(db, letter.id)
    db.refresh(letter)


def _checked_days(days: str) -> int:
    if days.isdecimal() and len(days) < 6 and FEWEST_DAYS <= int(days) <= MOST_DAYS:
        return int(days)
    raise Refused(_("Give a number of days from 1 to 3650."), "retention_days")
