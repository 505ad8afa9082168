"""Where a signatory stands in the list: the name it is sorted as, and its category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import and_, select
from sqlmodel import col

from app.db import Db
from app.endorsement import endorsement_lists
from app.endorsement.endorsements import Endorsement
from app.errors import DomainError, Refused
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.name.names import checked_line
from app.signatory import signatories
from app.signer import notices
from app.trail import audit

LONGEST_SORT_KEY = 200
# Official classifications are wordy: "Academies, learned societies, and their associations …".
LONGEST_CATEGORY = 120


@dataclass(frozen=True)
class Place:
    """`sort_key` is "" for one sorted by its own name, `category` where there is none.

    `seen` is the digest of what stood on the page; "" says nothing.
    """

    sort_key: str
    category: str
    seen: str = ""


class PlacesRefused(DomainError):
    """Nothing was saved; `errors` has a sentence by public id and field."""

    status = 422

    def __init__(self, errors: dict[tuple[str, str], str]) -> None:
        super().__init__(_("Some fields need another look."))
        self.errors = errors


def approved(db: Db, letter: Letter, words: str = "") -> list[Endorsement]:
    """All approved signatories in the order of the list, the confidential ones among them.

    `words`, folded, must all be in the folded name.
    """
    condition = and_(col(Endorsement.status) == "approved", endorsement_lists.stands_alone())
    found = endorsement_lists.page_of(db, letter, condition, None, words, limit=None)
    key = signatories.order_of(db, letter).key
    return sorted(found, key=lambda one: (one.kind == "individual", key(one)))


def categories(db: Db, letter: Letter) -> list[str]:
    """The categories in use."""
    used = select(col(Endorsement.category)).where(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status) == "approved",
        col(Endorsement.category) != "",
    )
    return sorted(db.scalars(used.distinct()))


def tried(sort_key: str, category: str, seen: str = "") -> tuple[Place, dict[str, str]]:
    """The place, with "" for each field that can't be taken, and a sentence for each of those."""
    typed = {"sort_key": (sort_key, LONGEST_SORT_KEY), "category": (category, LONGEST_CATEGORY)}
    lines, errors = {}, {}
    for field, (text, longest) in typed.items():
        try:
            lines[field] = checked_line(text, longest=longest)
        except Refused as refused:
            errors[field], lines[field] = refused.sentence, ""
    return Place(**lines, seen=seen), errors


def seen(endorsement: Endorsement) -> str:
    """A digest of its place, to tell whether it changed since a page was opened."""
    return _digest(endorsement.sort_key or "", endorsement.category)


def place(
    db: Db, letter: Letter, places: Mapping[str, Place], *, by: audit.Actor
) -> Sequence[Endorsement]:
    """Sets the places by public id, all or none, and answers whose changed.

    A place left as it was on the page stays as it is, whoever changed it meanwhile. Signers are
    told of a new sort key; PlacesRefused has every error at once.
    """
    errors: dict[tuple[str, str], str] = {}
    wanted = {one: _checked(one, typed, errors) for one, typed in places.items()}
    changed = []
    for endorsement in _locked(db, letter, wanted):
        typed = wanted[endorsement.public_id]
        if not _differs(typed, endorsement):
            continue
        if typed.seen and typed.seen != seen(endorsement):
            errors[endorsement.public_id, "sort_key"] = _changed_meanwhile(endorsement)
        elif not errors:
            _set(db, letter, endorsement, typed, by)
            changed.append(endorsement)
    if errors:
        raise PlacesRefused(errors)
    if any(endorsement.is_listed for endorsement in changed):
        letters.revise(db, letter.id)
    return changed


def _checked(public_id: str, typed: Place, errors: dict[tuple[str, str], str]) -> Place:
    place, found = tried(typed.sort_key, typed.category, typed.seen)
    errors.update({(public_id, field): sentence for field, sentence in found.items()})
    return place


def _locked(db: Db, letter: Letter, public_ids: Mapping[str, Place]) -> Sequence[Endorsement]:
    """Those of them that are approved, always in the same order: no two wait for each other."""
    return db.scalars(
        select(Endorsement)
        .where(
            col(Endorsement.letter_id) == letter.id,
            col(Endorsement.status) == "approved",
            col(Endorsement.public_id).in_(public_ids),
        )
        .order_by(col(Endorsement.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _differs(typed: Place, endorsement: Endorsement) -> bool:
    digest = _digest(typed.sort_key, typed.category)
    return digest not in (typed.seen, seen(endorsement))


def _set(db: Db, letter: Letter, endorsement: Endorsement, typed: Place, by: audit.Actor) -> None:
    sort_key = typed.sort_key or None
    changes = {"sort_key": sort_key, "category": typed.category}
    fields = [name for name, value in changes.items() if getattr(endorsement, name) != value]
    for name in fields:
        setattr(endorsement, name, changes[name])
    db.flush()
    audit.record_about(db, "placed", endorsement, by=by, fields=", ".join(sorted(fields)))
    # Whoever never confirmed never asked for mail about it.
    if "sort_key" in fields and endorsement.verified_at:
        notices.tell_once(db, endorsement, letter, "placed", sort_key=typed.sort_key)


def _changed_meanwhile(endorsement: Endorsement) -> str:
    return _("Somebody changed this line since you opened the page: it is sorted as “%(key)s”.") % {
        "key": endorsement.sort_key or endorsement.listed_name
    }


def _digest(sort_key: str, category: str) -> str:
    return sha256(f"{sort_key}\0{category}".encode()).hexdigest()[:12]
