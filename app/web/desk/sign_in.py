"""Signing in by a mailed link, and out again."""

import secrets
from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import browsers, mailboxes, organisers, sessions, throttle
from app.errors import Forbidden, Refused
from app.organisers import SIGN_IN_LIFE
from app.web.desk.access import (
    AtDesk,
    cookie_name,
    csrf_field,
    must_carry_csrf,
    set_cookie,
)
from app.web.forms import Form, Posted
from app.web.pages import page
from app.web.site import Serving, Site
from app.web.views import form_view

router = APIRouter()


@router.get("/desk/sign-in")
def sign_in_page(request: Request, site: Serving) -> Response:
    return _with_browser(request, site, lambda csrf: _form_page(csrf, form_view({})))


@router.post("/desk/sign-in")
def ask_to_sign_in(request: Request, form: Form, site: Serving) -> Response:
    browser = _same_browser(request, site, form) or secrets.token_urlsafe(32)
    try:
        email = mailboxes.checked(form.get("email"), allow_special=site.settings.is_loopback)
    except Refused as refused:
        view = form_view(form.values, {"email": refused.sentence})
        return _form_page(csrf_field(site, browser), view, code=422)
    with site.database.write() as db:
        network = throttle.network(request.scope["visitor"])
        organisers.ask_to_sign_in(db, email, browser, network=network)
    site.wake_worker()
    response = page("desk/sign_in_sent.html")
    set_cookie(response, site, "browser", browser, _seconds_to_open())
    return response


@router.get("/desk/sign-in/{token}")
def sign_in_link(request: Request, token: str, site: Serving) -> Response:
    browser = request.cookies.get(cookie_name(site, "browser"), "")
    with site.database.read() as db:
        try:
            organisers.usable_link(db, token, browser)
            is_elsewhere = False
        except Forbidden:
            is_elsewhere = True

    def answer(csrf: str) -> Response:
        template, code = "desk/sign_in_link.html", 403 if is_elsewhere else 200
        return page(template, code=code, token=token, csrf=csrf, other_browser=is_elsewhere)

    return _with_browser(request, site, answer)


@router.post("/desk/sign-in/{token}")
def sign_in(request: Request, token: str, form: Form, site: Serving) -> Response:
    nonce = _same_browser(request, site, form)
    with site.database.write() as db:
        _organiser, secret = organisers.sign_in(db, token, nonce, browser_of(request))
    return to_the_desk(site, secret)


@router.post("/desk/sign-out")
def sign_out(form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, _organiser):
        sessions.end(db, desk.session)
    response = RedirectResponse("/desk/sign-in", status_code=303)
    response.delete_cookie(cookie_name(desk.site, "desk"), secure=desk.site.settings.is_https)
    return response


def browser_of(request: Request) -> str:
    return browsers.described(request.headers.get("user-agent", ""))


def to_the_desk(site: Site, secret: str) -> Response:
    """The answer to whoever is signed in by now: the session's cookie, and its first page."""
    response = RedirectResponse("/desk/letters", status_code=303)
    set_cookie(response, site, "desk", secret, int(sessions.LIFE.total_seconds()))
    response.delete_cookie(cookie_name(site, "browser"), secure=site.settings.is_https)
    return response


def _with_browser(request: Request, site: Site, answer: Callable[[str], Response]) -> Response:
    """Gives the browser a nonce to be known by, and the page's form a field bound to it."""
    browser = request.cookies.get(cookie_name(site, "browser"), "")
    is_new = not browser
    browser = browser or secrets.token_urlsafe(32)
    response = answer(csrf_field(site, browser))
    if is_new:
        set_cookie(response, site, "browser", browser, _seconds_to_open())
    return response


def _same_browser(request: Request, site: Site, form: Posted) -> str:
    """The nonce of the browser that posts. One that has a nonce must prove that the form is ours;
    one without has nothing that a foreign form could make use of, and its Origin was checked."""
    browser = request.cookies.get(cookie_name(site, "browser"), "")
    if browser:
        must_carry_csrf(site, browser, form)
    return browser


def _form_page(csrf: str, form: object, *, code: int = 200) -> Response:
    return page("desk/sign_in.html", code=code, csrf=csrf, form=form)


def _seconds_to_open() -> int:
    # Longer than the link lives, so that the page can say "too old" and not "another browser".
    return 6 * int(SIGN_IN_LIFE.total_seconds())
