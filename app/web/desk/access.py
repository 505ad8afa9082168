"""Who is at the desk: the session's organiser, how sure that is, and every form's CSRF field."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from app.db import Db
from app.errors import DomainError, Forbidden
from app.i18n import _, speaking
from app.organiser import roles, sessions
from app.organiser.organisers import Organiser
from app.organiser.sessions import DeskSession
from app.web.forms import Posted
from app.web.pages import page
from app.web.site import Site


class SignInNeeded(DomainError):
    """Nobody is signed in: the way leads to the sign-in page."""

    status = 303

    def __init__(self) -> None:
        super().__init__(_("Please sign in."))


class StepUpNeeded(DomainError):
    """The session is not fresh: the way leads through the step-up page, and back to `then`."""

    status = 303

    def __init__(self, then: str) -> None:
        super().__init__(_("Please show once more that it is you."))
        self.then = then


class Desk:
    """One request at the desk. `reading` and `writing` give the organiser with the transaction:
    nothing is read or written for somebody who isn't signed in.

    With `fresh_for` they also ask for a fresh session (app.organiser.sessions). It is the page to
    come back to after a step-up: where the form or the link stands, not the action's address.
    """

    def __init__(self, request: Request) -> None:
        self.site: Site = request.app.state.site
        self.secret = request.cookies.get(cookie_name(self.site, "desk"), "")

    @contextmanager
    def reading(self, *, fresh_for: str = "") -> Iterator[tuple[Db, Organiser]]:
        with self.site.database.read() as db:
            organiser = self._organiser(db)
            with speaking(organiser.language):
                self._must_be_fresh(db, fresh_for)
                yield db, organiser

    @contextmanager
    def writing(self, form: Posted, *, fresh_for: str = "") -> Iterator[tuple[Db, Organiser]]:
        with self.site.database.write() as db:
            organiser = self._organiser(db)
            with speaking(organiser.language):
                must_carry_csrf(self.site, self.secret, form)
                self._must_be_fresh(db, fresh_for)
                sessions.seen(db, self.session)
                yield db, organiser
        self.site.wake_worker()

    def admit(self, form: Posted) -> None:
        """Before anything costly: somebody must be signed in, and the form be ours."""
        with self.reading():
            must_carry_csrf(self.site, self.secret, form)

    def page(self, template: str, db: Db, organiser: Organiser, **context: Any) -> Response:
        """A page of the desk; `may` is what the organiser may do on its `letter`, if it has one."""
        view = {"name": organiser.name, "email": db.keys.unseal(organiser.address)}
        csrf = csrf_field(self.site, self.secret)
        letter = context.get("letter")
        may = roles.abilities(db, organiser.id, letter.id) if letter else ()
        if letter:
            letter.may = may  # for the navigation, which is a macro
        return page(template, organiser=view, csrf=csrf, may=may, **context)

    def _organiser(self, db: Db) -> Organiser:
        session = sessions.live(db, self.secret) if self.secret else None
        if session is None:
            raise SignInNeeded
        self.session: DeskSession = session
        return db.get_one(Organiser, session.organiser_id)

    def _must_be_fresh(self, db: Db, then: str) -> None:
        if then and not self.session.is_fresh(db.now):
            raise StepUpNeeded(then)


async def _desk(request: Request) -> Desk:
    return Desk(request)


AtDesk = Annotated[Desk, Depends(_desk)]


def cookie_name(site: Site, name: str) -> str:
    """`__Host-` binds a cookie to this host and https; browsers refuse it on plain http."""
    return f"__Host-undersigned-{name}" if site.settings.is_https else f"undersigned-{name}"


def set_cookie(response: Response, site: Site, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        cookie_name(site, name),
        value,
        max_age=seconds,
        path="/",
        secure=site.settings.is_https,
        httponly=True,
        samesite="lax",
    )


def csrf_field(site: Site, secret: str) -> str:
    """What only a page of this session can send along: an HMAC of the session's secret."""
    key = site.database.keys.derived("csrf")[0]
    return hmac.digest(key, secret.encode(), hashlib.sha256).hex()


def must_carry_csrf(site: Site, secret: str, form: Posted) -> None:
    sent = form.get("csrf").encode()
    keys = site.database.keys.derived("csrf")
    expected = (hmac.digest(key, secret.encode(), hashlib.sha256).hex() for key in keys)
    if not any(secrets.compare_digest(sent, one.encode()) for one in expected):
        raise Forbidden(_("This page is too old to be used. Go back, reload it and try again."))


def own_path(text: str) -> str:
    """The page of the desk that somebody wants to be led to; the letters, if it is none of ours."""
    return text if _PAGE.fullmatch(text) and len(text) <= LONGEST_PATH else "/desk/letters"


LONGEST_PATH = 500
_PAGE = re.compile(r"/desk(/[\w.~%-]+)*(\?[\w.~%=&+-]*)?", re.ASCII)
