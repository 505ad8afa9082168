"""Signing in: a session begins with a mailed link, with a code after it, or with a passkey."""

import secrets
from datetime import timedelta
from typing import NamedTuple

from app import links
from app.db import Db
from app.errors import NotFound
from app.i18n import _, language
from app.organiser import passkeys, sessions, totp
from app.organiser.organisers import Organiser
from app.trail import audit

CODE_LIFE = timedelta(minutes=10)


class Way(NamedTuple):
    """Where a link led: to a session, by its secret; or to a code, by the token of its page."""

    session: str = ""
    code: str = ""


def usable_link(db: Db, token: str, nonce: str) -> links.Link:
    """The link behind a sign-in token, or the sentence why it can't be used here and now.

    `nonce` is what the browser is known by before anybody is signed in.
    """
    link = links.usable(db, links.SIGN_IN, token, links.digest(nonce))
    if link.organiser_id is None:
        raise NotFound(_("This link is not known here. Please ask for a new one."))
    return link


def by_link(db: Db, token: str, nonce: str, browser: str) -> Way:
    """Uses the link up. `browser` is what the list of sessions calls it."""
    link = usable_link(db, token, nonce)
    links.use_once(db, link)
    organiser = db.get_one(Organiser, link.organiser_id)
    if totp.of(db, organiser.id) is None:
        return Way(session=_begin(db, organiser, browser, "link"))
    secret = links.make(
        db,
        links.SECOND_STEP,
        organiser_id=organiser.id,
        browser=links.digest(nonce),
        expires_at=db.now + CODE_LIFE,
    )
    return Way(code=links.token(db.keys, links.SECOND_STEP, secret))


def usable_code_page(db: Db, token: str, nonce: str) -> links.Link:
    """What stands between a used sign-in link and the session: the page that asks for a code."""
    return links.usable(db, links.SECOND_STEP, token, links.digest(nonce))


def by_code(db: Db, token: str, nonce: str, code: str, browser: str) -> str | None:
    """The session's secret; None for a wrong code, counted in the caller's transaction."""
    link = usable_code_page(db, token, nonce)
    organiser = db.get_one(Organiser, link.organiser_id)
    if not totp.check(db, organiser, code, "sign-in"):
        return None
    links.use_once(db, link)
    return _begin(db, organiser, browser, "code")


def by_passkey(db: Db, credential: str, nonce: str, browser: str) -> str:
    """The session's secret. A passkey needs no code: it has verified its user itself."""
    organiser = passkeys.use(db, credential, passkeys.Ceremony("sign-in", nonce))
    return _begin(db, organiser, browser, "passkey")


def by_invitation(db: Db, organiser: Organiser, browser: str) -> str:
    """The session's secret, for whoever became an organiser by accepting a mailed invitation."""
    return _begin(db, organiser, browser, "invitation")


def new_nonce() -> str:
    return secrets.token_urlsafe(32)


def _begin(db: Db, organiser: Organiser, browser: str, way: str) -> str:
    secret = sessions.begin(db, organiser.id, browser)
    organiser.language = organiser.language or language()
    actor, subject = organiser.actor, organiser.id
    audit.record(db, "signed in", by=actor, letter_id=None, subject_id=subject, way=way)
    return secret
