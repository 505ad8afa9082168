"""The organiser's letters: where each stands, and what moves it on."""

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy import func, select
from sqlmodel import col
from starlette.responses import RedirectResponse, Response

from app import endorsements, letters, organisers, outbox, signatories
from app.db import Db
from app.endorsements import Endorsement
from app.errors import NotFound
from app.i18n import _
from app.letters import Letter
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import letter_view, text_view

router = APIRouter()


@router.get("/desk")
def desk_home() -> Response:
    return RedirectResponse("/desk/letters", status_code=303)


@router.get("/desk/letters")
def my_letters(desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        mine = organisers.letters_of(db, organiser)
        counts = endorsements.counts(db, [letter.id for letter in mine])
        views = []
        for letter in mine:
            view = letter_view(letter, db.now)
            view.counts = counts[letter.id]
            views.append(view)
        return desk.page("desk/letters.html", db, organiser, letters=views)


@router.get("/desk/letters/{slug}")
def my_letter(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        return desk.page(
            "desk/letter.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            text=text_view(db, letter),
            counts=endorsements.counts(db, [letter.id])[letter.id],
            mail={
                "waiting": outbox.waiting(db, letter.id),
                "failed": outbox.failures(db, letter.id),
            },
            held=_count(db, letter, col(Endorsement.mail_held_at).is_not(None), "pending"),
            confidential_count=_count(
                db, letter, col(Endorsement.visibility) == "confidential", "approved"
            ),
            order=letter.order,
            articles=letter.articles,
        )


@router.post("/desk/letters/{slug}/opening")
def open_letter(slug: str, form: Form, desk: AtDesk) -> Response:
    return _moved(slug, form, desk, letters.open_)


@router.post("/desk/letters/{slug}/pause")
def pause_letter(slug: str, form: Form, desk: AtDesk) -> Response:
    return _moved(slug, form, desk, letters.pause)


@router.post("/desk/letters/{slug}/closing")
def close_letter(slug: str, form: Form, desk: AtDesk) -> Response:
    return _moved(slug, form, desk, letters.close)


@router.post("/desk/letters/{slug}/order")
def set_order(slug: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        letters.set_order(db, letter, form.get("order"), form.get("articles"), by=organiser.actor)
    return RedirectResponse(f"/desk/letters/{slug}", status_code=303)


@router.get("/desk/letters/{slug}/order")
def order_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        return desk.page(
            "desk/order.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            order=letter.order,
            signatories=signatories.listing(db, letter).all,
        )


@router.post("/desk/letters/{slug}/order/positions")
def put_in_order(slug: str, form: Form, desk: AtDesk) -> Response:
    ids = _ordered(form)
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        endorsements.put_in_order(db, letter, ids, by=organiser.actor)
        if letter.order != "manual":
            letters.set_order(db, letter, "manual", letter.articles, by=organiser.actor)
    return RedirectResponse(f"/desk/letters/{slug}/order", status_code=303)


@router.get("/desk/{path:path}")
def nothing_here(desk: AtDesk) -> Response:
    """Whoever is signed out is led to the sign-in page, whatever they asked for."""
    with desk.reading():
        raise NotFound(_("There is nothing at this address."))


def _moved(slug: str, form: Posted, desk: Desk, move: Callable[..., None]) -> Response:
    with desk.writing(form) as (db, organiser):
        move(db, organisers.letter_of(db, organiser, slug), by=organiser.actor)
    return RedirectResponse(f"/desk/letters/{slug}", status_code=303)


def _ordered(form: Posted) -> list[str]:
    """The ids by the places typed; whoever moved to a place stands before or behind its owner."""

    def place(standing: tuple[int, str]) -> tuple[int, int]:
        now, public_id = standing
        typed = form.get(f"position_{public_id}")
        wanted = int(typed) if typed.isdecimal() and len(typed) < 9 else now
        return wanted, (wanted > now) - (wanted < now)

    standing = enumerate(form.lists.get("id", []), start=1)
    return [public_id for _now, public_id in sorted(standing, key=place)]


def _count(db: Db, letter: Letter, condition: object, status: str) -> int:
    query = select(func.count()).where(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status) == status,
        condition,  # type: ignore[arg-type]
    )
    return db.scalar(query) or 0
