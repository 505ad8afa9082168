"""A draft as its readers will see it, and the private link it can be handed out by."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.letter import draft_links
from app.organiser import organisers, roles
from app.web.desk.access import AtDesk
from app.web.drafts import draft_view
from app.web.forms import Form
from app.web.views import query

router = APIRouter()

LETTER = "/desk/letters/{slug}"


@router.get(LETTER + "/draft")
def draft_page(slug: str, desk: AtDesk, lang: str = "") -> Response:
    """Once the letter is public, that is its page."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        if letter.is_public:
            return RedirectResponse(letter.path + query(letter, lang), status_code=303)
        shown = draft_view(db, letter, lang, f"/desk/letters/{slug}/draft")
        return desk.page("public/draft.html", db, organiser, **shown)


@router.post(LETTER + "/draft-link")
def make_link(slug: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        draft_links.renew(db, letter, by=organiser.actor)
    return _back(slug)


@router.post(LETTER + "/draft-link/removal")
def take_link_back(slug: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        draft_links.take_back(db, letter, by=organiser.actor)
    return _back(slug)


def _back(slug: str) -> Response:
    return RedirectResponse(f"/desk/letters/{slug}#draft-heading", status_code=303)
