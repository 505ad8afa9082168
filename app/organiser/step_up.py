"""Step-up: an organiser at the desk shows once more who they are, and the session is fresh again.

By a passkey; by a code, for whom a second step is set up; else by a link mailed to them now, good
once, for ten minutes, in the session that asked.
"""

from app import links, throttle
from app.db import Db
from app.errors import Conflict, Refused
from app.i18n import _
from app.mailing import mailboxes, outbox
from app.organiser import desk_mails, passkeys, sessions, totp
from app.organiser.organisers import SIGN_IN_LIFE, Organiser
from app.organiser.sessions import DeskSession


def mail_link(db: Db, organiser: Organiser, session: DeskSession, then: str) -> None:
    """Queues the mail with the link; `then` is where it leads once the button is pressed.

    Not for whom a second step is set up: whoever reads their mail must not get in by that alone.
    """
    if totp.of(db, organiser.id):
        raise Conflict(_("Please enter a code of your app, or use a passkey."))
    if not throttle.spend(db, throttle.STEP_UP_MAILS, str(organiser.id)):
        raise Refused(_("Too many links were mailed to you in this hour. Please try again later."))
    session.leads_to = then
    db.flush()
    secret = links.make(
        db,
        links.STEP_UP,
        organiser_id=organiser.id,
        browser=session.digest,
        expires_at=db.now + SIGN_IN_LIFE,
    )
    address = db.keys.unseal(organiser.address)
    outbox.enqueue(
        db,
        desk_mails.step_up.__name__,
        {"to": address, "language": organiser.language, "secret": secret},
        mailbox=db.keys.index(mailboxes.canonical(address)),
        link=links.digest(secret),
    )


def usable_link(db: Db, token: str, session: DeskSession) -> links.Link:
    """The link behind a token, or the sentence why it can't be used here and now."""
    return links.usable(db, links.STEP_UP, token, session.digest)


def by_link(db: Db, token: str, session: DeskSession) -> None:
    links.use_once(db, usable_link(db, token, session))
    sessions.prove(db, session)


def by_code(db: Db, organiser: Organiser, session: DeskSession, code: str) -> bool:
    """Whether the code is right; a wrong one is counted in the caller's transaction."""
    is_right = totp.check(db, organiser, code, "step-up")
    if is_right:
        sessions.prove(db, session)
    return is_right


def by_passkey(db: Db, organiser: Organiser, session: DeskSession, credential: str) -> None:
    whose = passkeys.use(db, credential, passkeys.Ceremony("step-up", session.digest))
    if whose.id != organiser.id:
        raise Refused(_("This passkey is somebody else's."))
    sessions.prove(db, session)
