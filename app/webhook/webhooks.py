"""Webhooks: addresses of organisers' own systems that are told when something happens on a letter.

What is told holds ids and states, never a name: who wants more asks the API with a token. Calls
are signed as https://www.standardwebhooks.com says.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import JSON, Column, Index, or_, select, update
from sqlmodel import Field, col

from app import throttle
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound, Refused, TooMany
from app.i18n import _
from app.organiser import roles
from app.organiser.roles import Role
from app.trail import audit
from app.webhook import webhook_calls
from app.webhook.webhook_calls import WebhookCall

EVENTS = (
    "endorsement.verified",
    "endorsement.approved",
    "endorsement.declined",
    "endorsement.withdrawn",
    "endorsement.hidden",
    "endorsement.shown",
    "version.published",
)
TEST = "test"
SECRET_PREFIX = "whsec_"  # noqa: S105  # the prefix of one, by the specification
LONGEST_URL = 500
MOST = 5


class Webhook(Table, table=True):
    __table_args__ = (Index(None, "letter_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    letter_id: UUID = Field(foreign_key="letter.id", ondelete="CASCADE")
    url: str
    events: list[str] = Field(sa_column=Column(JSON, nullable=False))
    secret: str  # sealed: calls are signed with it
    created_at: datetime = Field(sa_type=Moment)
    # Who stands behind it; None only where the trail didn't tell.
    created_by: UUID | None = None
    # Whoever added it was an owner no longer: they know its secret, and may be behind its address.
    stopped_at: datetime | None = Field(default=None, sa_type=Moment)


def create(
    db: Db, letter_id: UUID, url: str, events: Sequence[str], *, by: audit.Actor
) -> tuple[Webhook, str]:
    """A new webhook and its secret, which is shown this once and never again."""
    chosen = [event for event in EVENTS if event in events]
    if not chosen:
        raise Refused(_("Choose at least one event."), "events")
    if len(of_letter(db, letter_id)) >= MOST:
        raise Refused(_("A letter has five webhooks at most. Remove one first."), "url")
    secret = SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    webhook = Webhook(
        letter_id=letter_id,
        url=checked_url(url, allow_loopback=db.settings.is_loopback),
        events=chosen,
        secret=db.keys.seal(secret),
        created_at=db.now,
        created_by=by.id,
    )
    db.add(webhook)
    db.flush()
    audit.record_about(db, "webhook created", webhook, by=by)
    return webhook, secret


def remove(db: Db, webhook: Webhook, *, by: audit.Actor) -> None:
    """With all calls that still wait."""
    audit.record_about(db, "webhook removed", webhook, by=by)
    db.delete(webhook)
    db.flush()


def stop_of(db: Db, letter_id: UUID, organiser_id: UUID, *, by: audit.Actor) -> None:
    """Ends, for good, what an organiser added who owns the letter no longer, and calls that wait.
    Who still needs it adds it anew, with a secret of its own."""
    for webhook in of_letter(db, letter_id):
        if webhook.created_by == organiser_id and webhook.stopped_at is None:
            _stop(db, webhook, by)


def one_of(db: Db, letter_id: UUID, webhook_id: UUID) -> Webhook:
    webhook = db.get(Webhook, webhook_id)
    if not webhook or webhook.letter_id != letter_id:
        raise NotFound(_("There is no such webhook."))
    return webhook


def of_letter(db: Db, letter_id: UUID) -> list[Webhook]:
    mine = select(Webhook).where(col(Webhook.letter_id) == letter_id)
    return list(db.scalars(mine.order_by(col(Webhook.id))))


def announce(db: Db, letter_id: UUID, event: str, subject: str) -> None:
    """Queues a call to every webhook of the letter that wants to hear of it, in the transaction
    in which it happens; `subject` is the endorsement's public id or the version's number."""
    for webhook in _live(db, letter_id):
        if event in webhook.events:
            webhook_calls.enqueue(db, webhook.id, event, subject)


def test(db: Db, webhook: Webhook, *, by: audit.Actor) -> None:
    """Queues a call that says nothing but that it is one. Raises Conflict for a stopped one, and
    TooMany."""
    _must_be_callable(db, webhook, by)
    webhook_calls.enqueue(db, webhook.id, TEST, "")
    audit.record_about(db, "webhook tested", webhook, by=by)


def repeat(db: Db, webhook: Webhook, call: WebhookCall, *, by: audit.Actor) -> None:
    """Makes a call once more; raises as `test` does."""
    _must_be_callable(db, webhook, by)
    webhook_calls.repeat(db, call)
    audit.record_about(db, "webhook call repeated", webhook, by=by)


def checked_url(url: str, *, allow_loopback: bool) -> str:
    """An https address without a user name. Where it leads is judged at each call anew."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        parts = urlsplit("")
    schemes = ("https", "http") if allow_loopback else ("https",)
    is_plain = url.isascii() and url.isprintable() and " " not in url
    if not is_plain or parts.scheme not in schemes or not parts.hostname or len(url) > LONGEST_URL:
        raise Refused(_("Give a whole address that begins with https://."), "url")
    if parts.username or parts.password or parts.fragment:
        raise Refused(_("Give an address without a user name, password or #."), "url")
    return url


def signature(secret: str, call: WebhookCall, sent_at: int, body: bytes) -> str:
    """The header `webhook-signature` (Standard Webhooks, "signature scheme", version 1)."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{call.id}.{sent_at}.".encode() + body
    digest = hmac.digest(key, signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def _live(db: Db, letter_id: UUID) -> list[Webhook]:
    """Those that an owner of today stands behind."""
    owners = select(col(Role.organiser_id)).where(
        col(Role.letter_id) == letter_id, col(Role.role).in_(roles.with_ability(roles.OWN))
    )
    query = select(Webhook).where(
        col(Webhook.letter_id) == letter_id,
        col(Webhook.stopped_at).is_(None),
        or_(col(Webhook.created_by).is_(None), col(Webhook.created_by).in_(owners)),
    )
    return list(db.scalars(query.order_by(col(Webhook.id))))


def _stop(db: Db, webhook: Webhook, by: audit.Actor) -> None:
    stopped = db.changed(
        update(Webhook)
        .where(col(Webhook.id) == webhook.id, col(Webhook.stopped_at).is_(None))
        .values(stopped_at=db.now)
    )
    if stopped:
        webhook_calls.give_up(db, webhook.id)
        audit.record_about(db, "webhook stopped", webhook, by=by)


def _must_be_callable(db: Db, webhook: Webhook, by: audit.Actor) -> None:
    if webhook.stopped_at:
        raise Conflict(_("This webhook was stopped. Add it anew if it is still needed."))
    if not throttle.spend(db, throttle.WEBHOOK_TRIES, str(by.id)):
        raise TooMany(_("You have tried webhooks often in this hour. Please go on later."))
