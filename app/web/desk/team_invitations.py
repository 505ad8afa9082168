"""What the link in a mailed invitation to a letter's team leads to."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app.errors import Refused
from app.letter.letters import Letter
from app.organiser import joining, organisers, roles, signing_in
from app.organiser.organisers import Organiser
from app.web import mailed
from app.web.desk.access import cookie_name
from app.web.desk.sign_in import browser_of, same_browser, to_the_desk, with_browser
from app.web.forms import Form
from app.web.pages import page
from app.web.site import Serving, Site
from app.web.views import form_view, letter_view

router = APIRouter()

# Below the sign-in: access logs leave tokens out there.
INVITATION = "/desk/sign-in/team/{token}"


@router.get(INVITATION)
def invitation_page(request: Request, token: str, site: Serving) -> Response:
    return with_browser(request, site, lambda csrf: _page(site, token, csrf))


@router.post(INVITATION)
def accept(request: Request, token: str, form: Form, site: Serving) -> Response:
    same_browser(request, site, form)
    try:
        with site.database.write() as db:
            invitation = joining.find(db, token)
            name = form.get("name")
            letter, organiser, is_new = joining.accept(db, invitation, name)
            session = signing_in.by_invitation(db, organiser, browser_of(request)) if is_new else ""
            cookie = request.cookies.get(cookie_name(site, "desk"), "")
            signed_in = organisers.of_session(db, cookie)
            view = letter_view(letter, db.now)
    except Refused as refused:
        errors = {refused.field or "": refused.sentence}
        return with_browser(
            request, site, lambda csrf: _page(site, token, csrf, form.values, errors)
        )
    site.wake_worker()
    page_of_letter = f"/desk/letters/{letter.slug}"
    if session:
        return to_the_desk(site, session, page_of_letter)
    if signed_in and signed_in.id == organiser.id:
        return RedirectResponse(page_of_letter, status_code=303)
    return page("desk/team_joined.html", letter=view)


def _page(
    site: Site,
    token: str,
    csrf: str,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    with site.database.read() as db:
        invitation = joining.find(db, token)
        with mailed.speaking(invitation.language):
            return page(
                "desk/team_invitation.html",
                code=422 if errors else 200,
                csrf=csrf,
                token=token,
                letter=letter_view(db.get_one(Letter, invitation.letter_id), db.now),
                inviter=organisers.shown_name(db, db.get_one(Organiser, invitation.invited_by)),
                role_name=roles.role_name(invitation.role),
                role_help=roles.role_help(invitation.role),
                asks_name=joining.asks_name(db, invitation),
                form=form_view(values or {"name": invitation.name}, errors),
            )
