"""Duplicates: pairs that are perhaps one signer's, side by side, and what was decided of them."""

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.duplicate import distinctions, doubles, merges
from app.duplicate.distinctions import Distinction
from app.duplicate.doubles import Twins
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import NotFound, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.organiser import as_seen, organisers, roles
from app.web.desk.access import AtDesk
from app.web.forms import Form, Posted
from app.web.views import letter_view

router = APIRouter()

PAGE_PAIRS = 25
PAGE = "/desk/letters/{slug}/duplicates"
ONE = "/desk/letters/{slug}/endorsements/{endorsement_id}"
SHOWN = ("", "merged", "apart")
# What is set side by side, so that one sees what differs.
FACTS = ("name", "role", "country", "website", "mail")


@router.get(PAGE)
def duplicates_page(
    slug: str, desk: AtDesk, show: str = "", sheet: int = 1, done: str = ""
) -> Response:
    """The pairs proposed; with `show`, those that were merged or told apart."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        if show not in SHOWN:
            raise NotFound(_("There is no such list."))
        proposed, apart = doubles.all_of(db, letter), distinctions.of_letter(db, letter)
        merged = merges.of_letter(db, letter)
        lists: dict[str, Sequence[Any]] = {"": proposed, "merged": merged, "apart": apart}
        start = (max(sheet, 1) - 1) * PAGE_PAIRS
        part = lists[show][start : start + PAGE_PAIRS]
        return desk.page(
            "desk/duplicates.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            show=show,
            counts={name: len(found) for name, found in lists.items()},
            pairs=_views(db, part),
            done=done,
            prev_url=_address(show, sheet - 1) if start else None,
            next_url=_address(show, sheet + 1) if start + PAGE_PAIRS < len(lists[show]) else None,
        )


@router.post(ONE + "/merge")
def merge(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    """It stands under `line` from now on."""
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        gone, stays = _both(db, letter, endorsement_id, form, "line")
        merges.merge(
            db,
            gone,
            stays,
            letter,
            seen=form.get("seen"),
            seen_line=form.get("seen_line"),
            by=organiser.actor,
        )
    return _back(slug, "", "merged")


@router.post(ONE + "/separation")
def separate(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        gone = endorsements.of_letter(db, letter, endorsement_id)
        merges.undo(db, gone, letter, by=organiser.actor)
    return _back(slug, "merged", "separated")


@router.post(ONE + "/distinction")
def tell_apart(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        one, two = _both(db, letter, endorsement_id, form, "other")
        distinctions.tell_apart(db, one, two, by=organiser.actor)
    return _back(slug, "", "apart")


@router.post(ONE + "/distinction/removal")
def forget(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
        one, two = _both(db, letter, endorsement_id, form, "other")
        distinctions.forget(db, one, two, by=organiser.actor)
    return _back(slug, "apart", "together")


def _both(
    db: Db, letter: Letter, endorsement_id: UUID, form: Posted, field: str
) -> tuple[Endorsement, Endorsement]:
    """The one of the address and the one of a field."""
    one = endorsements.of_letter(db, letter, endorsement_id)
    try:
        other = UUID(form.get(field))
    except ValueError:
        raise Refused(_("Choose the other signature."), field) from None
    return one, endorsements.of_letter(db, letter, other)


def _back(slug: str, show: str, done: str) -> Response:
    query = urlencode({"show": show, "done": done} if show else {"done": done})
    return RedirectResponse(f"{PAGE.format(slug=slug)}?{query}", status_code=303)


def _address(show: str, sheet: int) -> str:
    return f"?{urlencode({'show': show, 'sheet': sheet} if show else {'sheet': sheet})}"


def _views(db: Db, part: Sequence[Any]) -> list[SimpleNamespace]:
    known = _known(db, [id_ for pair in part for id_ in _ids(pair)])
    return [_pair(db, pair, *(known[id_] for id_ in _ids(pair))) for pair in part]


def _ids(pair: Any) -> tuple[UUID, UUID]:
    """Of a pair proposed, told apart, or merged: then the line first."""
    if isinstance(pair, Twins):
        return pair.one, pair.two
    if isinstance(pair, Distinction):
        return pair.one_id, pair.two_id
    return pair.merged_into, pair.id


def _known(db: Db, ids: Iterable[UUID]) -> dict[UUID, Endorsement]:
    query = select(Endorsement).where(col(Endorsement.id).in_(set(ids)))
    return {one.id: one for one in db.scalars(query)}


def _pair(db: Db, pair: Any, one: Endorsement, two: Endorsement) -> SimpleNamespace:
    sides = (_side(db, one), _side(db, two))
    for side, other in (sides, sides[::-1]):
        side.differing = [name for name in FACTS if getattr(side, name) != getattr(other, name)]
        # An approved line stands under no other that waits for review.
        side.may_stay = not (side.status == "verified" and other.status == "approved")
    return SimpleNamespace(
        sides=sides,
        reasons=pair.reasons if isinstance(pair, Twins) else (),
        percent=round(100 * pair.score) if isinstance(pair, Twins) else None,
        may_merge=one.visibility == two.visibility,
    )


def _side(db: Db, endorsement: Endorsement) -> SimpleNamespace:
    address = endorsements.address_of(db, endorsement)
    kept = {"id", "kind", "status", "visibility", "origin", "country", "website", "name", "role"}
    return SimpleNamespace(
        **endorsement.model_dump(include=kept),
        listed_name=endorsement.listed_name,
        mail=mailboxes.domain(address) if address else "",
        created_at=endorsement.created_at,
        verified_at=endorsement.verified_at,
        seen=as_seen.seen(endorsement),
    )
