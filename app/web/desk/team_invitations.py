"""What the link in a mailed invitation to a letter's team leads to."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import joining, organisers, roles, signing_in
from app.letters import Letter
from app.organisers import Organiser
from app.web.desk.access import cookie_name
from app.web.desk.sign_in import browser_of, same_browser, to_the_desk, with_browser
from app.web.forms import Form
from app.web.pages import page
from app.web.site import Serving
from app.web.views import letter_view

router = APIRouter()

# Below the sign-in: access logs leave tokens out there.
INVITATION = "/desk/sign-in/team/{token}"


@router.get(INVITATION)
def invitation_page(request: Request, token: str, site: Serving) -> Response:
    with site.database.read() as db:
        invitation = joining.find(db, token)
        context: dict[str, Any] = {
            "letter": letter_view(db.get_one(Letter, invitation.letter_id), db.now),
            "inviter": organisers.shown_name(db, db.get_one(Organiser, invitation.invited_by)),
            "role_name": roles.role_name(invitation.role),
            "role_help": roles.role_help(invitation.role),
            "token": token,
        }
    return with_browser(
        request, site, lambda csrf: page("desk/team_invitation.html", csrf=csrf, **context)
    )


@router.post(INVITATION)
def accept(request: Request, token: str, form: Form, site: Serving) -> Response:
    same_browser(request, site, form)
    with site.database.write() as db:
        letter, organiser, is_new = joining.accept(db, joining.find(db, token))
        session = signing_in.by_invitation(db, organiser, browser_of(request)) if is_new else ""
        signed_in = organisers.of_session(db, request.cookies.get(cookie_name(site, "desk"), ""))
        view = letter_view(letter, db.now)
    site.wake_worker()
    page_of_letter = f"/desk/letters/{letter.slug}"
    if session:
        return to_the_desk(site, session, page_of_letter)
    if signed_in and signed_in.id == organiser.id:
        return RedirectResponse(page_of_letter, status_code=303)
    return page("desk/team_joined.html", letter=view)
