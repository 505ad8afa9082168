"""The organiser's letters: where each stands."""

from fastapi import APIRouter
from sqlalchemy import and_, func, select
from sqlmodel import col
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.dispute import dispute_decisions
from app.endorsement import endorsement_lists
from app.endorsement.endorsements import Endorsement
from app.errors import NotFound
from app.i18n import _
from app.invitation import invitation_lists
from app.letter import draft_links, preparation
from app.letter.letters import Letter
from app.mailing import mail_states
from app.organiser import agreed, organisers, proposals
from app.web.desk.access import AtDesk, Desk
from app.web.views import letter_view, text_view

router = APIRouter()


@router.get("/desk")
def desk_home() -> Response:
    return RedirectResponse("/desk/letters", status_code=303)


@router.get("/desk/letters")
def my_letters(desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        mine = organisers.letters_of(db, organiser)
        ids = [letter.id for letter in mine]
        counts, waiting = endorsement_lists.counts(db, ids), proposals.waiting_counts(db, ids)
        views = []
        for letter in mine:
            view = letter_view(letter, db.now)
            view.counts, view.waiting = counts[letter.id], waiting[letter.id]
            views.append(view)
        return desk.page("desk/letters.html", db, organiser, letters=views)


@router.get("/desk/letters/{slug}")
def my_letter(slug: str, desk: AtDesk, lang: str = "") -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        return desk.page(
            "desk/letter.html",
            db,
            organiser,
            letter=letter_view(letter, db.now, lang),
            public_url=desk.site.settings.url(letter.path),
            draft_url=_draft_url(desk, db, letter),
            steps=preparation.steps(db, letter) if letter.status == "draft" else [],
            invited=sum(invitation_lists.counts(db, letter).values()),
            text=text_view(db, letter, lang),
            counts=endorsement_lists.counts(db, [letter.id])[letter.id],
            disputed=dispute_decisions.count(db, letter),
            waiting=[
                {"says": agreed.says(letter, one), "path": one.path}
                for one in proposals.waiting(db, letter)
            ],
            mail={
                "waiting": mail_states.waiting(db, letter.id),
                "failed": mail_states.failures(db, letter.id),
            },
            held=_count(db, letter, col(Endorsement.mail_held_at).is_not(None), "pending"),
            confidential_count=_count(
                db,
                letter,
                and_(
                    col(Endorsement.visibility) == "confidential", endorsement_lists.stands_alone()
                ),
                "approved",
            ),
        )


@router.get("/desk/{path:path}")
def nothing_here(desk: AtDesk) -> Response:
    """Whoever is signed out is led to the sign-in page, whatever they asked for."""
    with desk.reading():
        raise NotFound(_("There is nothing at this address."))


def _draft_url(desk: Desk, db: Db, letter: Letter) -> str:
    """The private link to a draft, "" if there is none; the page shows it to who may renew it."""
    path = "" if letter.is_public else draft_links.path(db, letter)
    return desk.site.settings.url(path) if path else ""


def _count(db: Db, letter: Letter, condition: object, status: str) -> int:
    query = select(func.count()).where(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status) == status,
        condition,  # type: ignore[arg-type]
    )
    return db.scalar(query) or 0
