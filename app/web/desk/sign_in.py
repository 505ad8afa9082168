"""Signing in by a mailed link, with a code after it, or by a passkey; and out again."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import throttle
from app.errors import Forbidden, Refused
from app.i18n import _
from app.mailing import mailboxes
from app.organiser import browsers, organisers, passkeys, sessions, signing_in
from app.organiser.organisers import SIGN_IN_LIFE, Organiser
from app.organiser.passkeys import Ceremony
from app.web import mailed
from app.web.desk.access import AtDesk, cookie_name, csrf_field, must_carry_csrf, set_cookie
from app.web.forms import Form, Posted
from app.web.pages import page, raw_json
from app.web.site import Serving, Site
from app.web.views import form_view

router = APIRouter()

# The account's page, with the sentence that asks for a name.
UNNAMED = "/desk/account?done=unnamed"


@router.get("/desk/sign-in")
def sign_in_page(request: Request, site: Serving) -> Response:
    return with_browser(request, site, lambda csrf: _form_page(site, csrf, form_view({})))


@router.post("/desk/sign-in")
def ask_to_sign_in(request: Request, form: Form, site: Serving) -> Response:
    nonce = same_browser(request, site, form) or signing_in.new_nonce()
    try:
        email = mailboxes.checked(form.get("email"), allow_special=site.settings.is_loopback)
    except Refused as refused:
        view = form_view(form.values, {"email": refused.sentence})
        return _form_page(site, csrf_field(site, nonce), view, code=422)
    with site.database.write() as db:
        network = throttle.network(request.scope["visitor"])
        organisers.ask_to_sign_in(db, email, nonce, network=network)
    site.wake_worker()
    response = page("desk/sign_in_sent.html")
    set_cookie(response, site, "browser", nonce, _seconds_to_open())
    return response


@router.get("/desk/sign-in/passkey")
def passkey_options(request: Request, site: Serving) -> Response:
    nonce = _known_browser(request, site)
    with site.database.read() as db:
        return raw_json(passkeys.options_to_use(db, Ceremony("sign-in", nonce), []))


@router.post("/desk/sign-in/passkey")
def by_passkey(request: Request, form: Form, site: Serving) -> Response:
    nonce = _known_browser(request, site)
    must_carry_csrf(site, nonce, form)
    try:
        with site.database.write() as db:
            secret = signing_in.by_passkey(db, form.get("credential"), nonce, browser_of(request))
    except Refused as refused:
        view = form_view({}, {"": refused.sentence})
        return _form_page(site, csrf_field(site, nonce), view, code=422)
    return to_the_desk(site, secret)


@router.get("/desk/sign-in/code/{token}")
def code_page(request: Request, token: str, site: Serving) -> Response:
    nonce = _nonce(request, site)
    with site.database.read() as db:
        signing_in.usable_code_page(db, token, nonce)
    csrf = csrf_field(site, nonce)
    return page("desk/sign_in_code.html", token=token, csrf=csrf, form=form_view({}))


@router.post("/desk/sign-in/code/{token}")
def by_code(request: Request, token: str, form: Form, site: Serving) -> Response:
    nonce = same_browser(request, site, form)
    sentence = _("That code is wrong, or it was used already. Wait for the next one.")
    secret = None
    try:
        with site.database.write() as db:
            code = form.get("code")
            secret = signing_in.by_code(db, token, nonce, code, browser_of(request))
    except Refused as refused:
        sentence = refused.sentence
    if secret is None:
        view, csrf = form_view({}, {"code": sentence}), csrf_field(site, nonce)
        return page("desk/sign_in_code.html", code=422, token=token, csrf=csrf, form=view)
    site.wake_worker()
    return to_the_desk(site, secret)


@router.get("/desk/sign-in/{token}")
def sign_in_link(request: Request, token: str, site: Serving) -> Response:
    language = ""
    with site.database.read() as db:
        try:
            link = signing_in.usable_link(db, token, _nonce(request, site))
            language = db.get_one(Organiser, link.organiser_id).language
            is_elsewhere = False
        except Forbidden:
            is_elsewhere = True

    def answer(csrf: str) -> Response:
        template, code = "desk/sign_in_link.html", 403 if is_elsewhere else 200
        return page(template, code=code, token=token, csrf=csrf, other_browser=is_elsewhere)

    with mailed.speaking(language):
        return with_browser(request, site, answer)


@router.post("/desk/sign-in/{token}")
def by_link(request: Request, token: str, form: Form, site: Serving) -> Response:
    nonce = same_browser(request, site, form) or signing_in.new_nonce()
    with site.database.write() as db:
        way = signing_in.by_link(db, token, nonce, browser_of(request))
    if way.session:
        return to_the_desk(site, way.session)
    response = RedirectResponse(f"/desk/sign-in/code/{way.code}", status_code=303)
    set_cookie(response, site, "browser", nonce, _seconds_to_open())
    return response


@router.post("/desk/sign-out")
def sign_out(form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, _organiser):
        sessions.end(db, desk.session)
    response = RedirectResponse("/desk/sign-in", status_code=303)
    response.delete_cookie(cookie_name(desk.site, "desk"), secure=desk.site.settings.is_https)
    return response


def to_the_desk(site: Site, secret: str, page: str = "/desk/letters") -> Response:
    """The answer to whoever is signed in by now: the session's cookie, and its first page; who has
    no name yet is asked for it."""
    with site.database.read() as db:
        organiser = organisers.of_session(db, secret)
    is_nameless = organiser is not None and not organiser.name
    response = RedirectResponse(UNNAMED if is_nameless else page, status_code=303)
    set_cookie(response, site, "desk", secret, int(sessions.LIFE.total_seconds()))
    response.delete_cookie(cookie_name(site, "browser"), secure=site.settings.is_https)
    return response


def browser_of(request: Request) -> str:
    return browsers.described(request.headers.get("user-agent", ""))


def with_browser(request: Request, site: Site, answer: Callable[[str], Response]) -> Response:
    """Gives the browser a nonce to be known by, and the page's form a field bound to it."""
    known = _nonce(request, site)
    nonce = known or signing_in.new_nonce()
    response = answer(csrf_field(site, nonce))
    if not known:
        set_cookie(response, site, "browser", nonce, _seconds_to_open())
    return response


def same_browser(request: Request, site: Site, form: Posted) -> str:
    """The nonce of the browser that posts. One that has a nonce must prove that the form is ours;
    one without has nothing that a foreign form could make use of, and its Origin was checked."""
    nonce = _nonce(request, site)
    if nonce:
        must_carry_csrf(site, nonce, form)
    return nonce


def _known_browser(request: Request, site: Site) -> str:
    """The nonce, from a browser that has had a page with one: a challenge is bound to it."""
    nonce = _nonce(request, site)
    if not nonce:
        raise Forbidden(_("This page is too old to be used. Go back, reload it and try again."))
    return nonce


def _nonce(request: Request, site: Site) -> str:
    return request.cookies.get(cookie_name(site, "browser"), "")


def _form_page(site: Site, csrf: str, form: object, *, code: int = 200) -> Response:
    has_passkeys = bool(passkeys.site_name(site.settings))
    return page("desk/sign_in.html", code=code, csrf=csrf, form=form, has_passkeys=has_passkeys)


def _seconds_to_open() -> int:
    # Longer than the link lives, so that the page can say "too old" and not "another browser".
    return 6 * int(SIGN_IN_LIFE.total_seconds())
