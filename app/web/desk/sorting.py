"""What each signatory is sorted as, and the category it stands in."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.letter.letters import Letter
from app.name.names import fold
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.signatory import placing
from app.signatory.list_search import LONGEST_SEARCH
from app.signatory.placing import Place, PlacesRefused
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

PAGE_LINES = 100
SORTING = "/desk/letters/{slug}/sorting"
SORT_KEY, CATEGORY, SEEN = "sort_key_", "category_", "seen_"


@router.get(SORTING)
def sorting_page(slug: str, desk: AtDesk, q: str = "", page: str = "", saved: str = "") -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        found = placing.approved(db, letter, fold(q[:LONGEST_SEARCH]))
        start = (_number(page, 1) - 1) * PAGE_LINES
        shown = found[start : start + PAGE_LINES]
        query = {"q": q, "page": str(_number(page, 1))}
        return _page(
            desk,
            db,
            organiser,
            letter,
            shown,
            query,
            saved=_number(saved, otherwise=-1, least=0),
            following=len(found) > start + PAGE_LINES,
        )


@router.post(SORTING)
def place(slug: str, form: Form, desk: AtDesk) -> Response:
    places = _places(form)
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.REVIEW)
            changed = placing.place(db, letter, places, by=organiser.actor)
    except PlacesRefused as refused:
        return _page_again(slug, form, desk, places, refused)
    query = {"q": form.get("q"), "page": form.get("page"), "saved": str(len(changed))}
    return RedirectResponse(f"/desk/letters/{slug}/sorting{_asking(query)}", status_code=303)


def _places(form: Posted) -> dict[str, Place]:
    ids = [name.removeprefix(SORT_KEY) for name in form.values if name.startswith(SORT_KEY)]
    return {
        one: Place(form.get(SORT_KEY + one), form.get(CATEGORY + one), form.get(SEEN + one))
        for one in ids[:PAGE_LINES]
    }


def _page_again(
    slug: str, form: Posted, desk: Desk, places: dict[str, Place], refused: PlacesRefused
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        shown = [one for one in placing.approved(db, letter) if one.public_id in places]
        errors = {f"{field}_{one}": text for (one, field), text in refused.errors.items()}
        query = {"q": form.get("q"), "page": form.get("page")}
        return _page(
            desk, db, organiser, letter, shown, query, form.values, errors, code=refused.status
        )


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    shown: Sequence[Endorsement],
    query: dict[str, str],
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    saved: int = -1,
    following: bool = False,
    code: int = 200,
) -> Response:
    number = _number(query["page"], 1)
    return desk.page(
        "desk/sorting.html",
        db,
        organiser,
        code=code,
        letter=letter_view(letter, db.now),
        signatories=shown,
        categories=placing.categories(db, letter),
        form=form_view({**_values(shown), **(typed or {})}, errors),
        q=query["q"],
        page=number,
        saved=saved,
        prev_url=_asking({**query, "page": str(number - 1)}) if number > 1 else None,
        next_url=_asking({**query, "page": str(number + 1)}) if following else None,
    )


def _values(shown: Sequence[Endorsement]) -> dict[str, Any]:
    values = {}
    for one in shown:
        values[SORT_KEY + one.public_id] = one.sort_key or ""
        values[CATEGORY + one.public_id] = one.category
        values[SEEN + one.public_id] = placing.seen(one)
    return values


def _asking(query: dict[str, str]) -> str:
    given = {
        name: value for name, value in query.items() if value and (name, value) != ("page", "1")
    }
    return f"?{urlencode(given)}" if given else "?"


def _number(typed: str, otherwise: int, least: int = 1) -> int:
    number = int(typed) if typed.isdecimal() and len(typed) < 6 else least - 1
    return number if number >= least else otherwise
