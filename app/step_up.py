"""Step-up: an organiser at the desk shows once more who they are, and the session is fresh again.

By a passkey; by a code, for whom a second step is set up; else by a link mailed to them now, good
once, for ten minutes, in the session that asked.
"""

from app import links, mail, mailboxes, outbox, sessions, throttle
from app.db import Db
from app.errors import Forbidden, Gone, Refused
from app.i18n import _
from app.organisers import SIGN_IN_LIFE, Organiser
from app.sessions import DeskSession


def mail_link(db: Db, organiser: Organiser, session: DeskSession, then: str) -> None:
    """Queues the mail with the link; `then` is where it leads once the button is pressed."""
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
        mail.step_up.__name__,
        {"to": address, "language": organiser.language, "secret": secret},
        mailbox=db.keys.index(mailboxes.canonical(address)),
        link=links.digest(secret),
    )


def usable_link(db: Db, token: str, session: DeskSession) -> links.Link:
    """The link behind a token, or the sentence why it can't be used here and now."""
    link = links.find(db, links.STEP_UP, token)
    if link.used_at:
        raise Gone(_("This link was used already. Please ask for a new one."))
    if link.has_expired(db.now):
        raise Gone(_("This link is too old. Please ask for a new one."))
    if link.browser != session.digest:
        raise Forbidden(_("Please open the link in the browser in which you asked for it."))
    return link


def by_link(db: Db, token: str, session: DeskSession) -> None:
    if not links.use(db, usable_link(db, token, session)):
        raise Gone(_("This link was used already. Please ask for a new one."))
    sessions.prove(db, session)
