"""Signed links: one purpose, one salt, one life, one row.

The token holds its purpose and a random id of 128 bits, signed with HMAC-SHA256; the row is keyed
by the SHA-256 of that id, so neither a stolen database nor another spelling of the token gives
a second link. Tokens carry no address and no instant: the row alone judges whether a link lives.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Column, Index, String, delete, insert, select, update
from sqlmodel import Field, col

from app.db import Db, Moment, Table
from app.errors import Forbidden, Gone, NotFound
from app.i18n import _
from app.keys import Keys

CONFIRM = "confirm"
MANAGE = "manage"
SIGN_IN = "sign-in"
INVITATION = "invitation"
STEP_UP = "step-up"
SECOND_STEP = "code"
TEAM = "team"
REPORTED = "reported"
MESSAGES = "messages"
DISPUTE = "dispute"

# A mailed confirmation lives seven days from the hand-over to the mail server.
CONFIRM_LIFE = timedelta(days=7)
TEAM_LIFE = timedelta(days=7)
# Clocks of several machines may differ; no link dies before the slowest says so.
LEEWAY = timedelta(minutes=10)
# So long one that expired can still say so.
KEPT = timedelta(days=30)


class Link(Table, table=True):
    __table_args__ = (
        Index(None, "endorsement_id"),
        Index(None, "organiser_id"),
        Index(None, "invitation_id"),
    )

    digest: str = Field(sa_column=Column(String(64), primary_key=True))
    purpose: str = Field(sa_column=Column(String(10), nullable=False))
    endorsement_id: UUID | None = Field(
        default=None, foreign_key="endorsement.id", ondelete="CASCADE"
    )
    organiser_id: UUID | None = Field(default=None, foreign_key="organiser.id", ondelete="CASCADE")
    invitation_id: UUID | None = None
    team_invitation_id: UUID | None = None
    # What the mail showed, as `endorsements.shown` puts it: another text must be read again.
    shown: str | None = Field(default=None, sa_column=Column(String(64)))
    # Digest of the browser's nonce, for a link that only the browser that asked may use.
    browser: str | None = Field(default=None, sa_column=Column(String(64)))
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime | None = Field(default=None, sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at


_insert = insert(Link)


def make(db: Db, purpose: str, **row: Any) -> str:
    """Stores a link and returns its secret id, from which `token` makes the address."""
    secret = new_secret()
    db.insert(_insert, {"digest": digest(secret), "purpose": purpose, "created_at": db.now, **row})
    return secret


def new_secret() -> str:
    return secrets.token_urlsafe(16)


def token(keys: Keys, purpose: str, secret: str) -> str:
    return _serializer(keys, purpose).dumps([purpose, secret])


def find(db: Db, purpose: str, text: str) -> Link:
    """The link behind a token; raises NotFound for anything damaged, forged or unknown."""
    link = None
    if secret := secret_of(db.keys, purpose, text):
        link = db.scalars(
            select(Link).where(col(Link.digest) == digest(secret), col(Link.purpose) == purpose)
        ).first()
    if link is None:
        raise NotFound(
            _("This link is not complete or not known here. Please open it again from the mail.")
        )
    return link


def secret_of(keys: Keys, purpose: str, text: str) -> str | None:
    """The secret id in a token of ours for that purpose; None for anything damaged or forged."""
    try:
        named, secret = _serializer(keys, purpose).loads(text)
    except (BadData, ValueError, TypeError):
        return None
    return secret if named == purpose and isinstance(secret, str) else None


def usable(db: Db, purpose: str, token: str, browser: str) -> Link:
    """The link that works once, or the sentence why it can't be used here and now.

    `browser` is the digest of what the browser is known by; a link bound to none works in any.
    """
    link = find(db, purpose, token)
    if link.used_at:
        raise Gone(_("This link was used already. Please ask for a new one."))
    if link.has_expired(db.now):
        raise Gone(_("This link is too old. Please ask for a new one."))
    if link.browser and not secrets.compare_digest(link.browser, browser):
        raise Forbidden(
            _("Please open the link in the browser in which you asked for it, or ask again here.")
        )
    return link


def use_once(db: Db, link: Link) -> None:
    """Uses it up; raises Gone if somebody was faster."""
    if not use(db, link):
        raise Gone(_("This link was used already. Please ask for a new one."))


def use(db: Db, link: Link) -> bool:
    """Marks a link that works once as used; False if it has been used already."""
    used = db.changed(
        update(Link)
        .where(col(Link.digest) == link.digest, col(Link.used_at).is_(None))
        .values(used_at=db.now)
    )
    return used == 1


def handed_over(db: Db, digests: list[str]) -> None:
    """Their mails have reached the mail server: the seven days to confirm begin now."""
    db.execute(
        update(Link)
        .where(col(Link.digest).in_(digests), col(Link.purpose).in_((CONFIRM, DISPUTE)))
        .values(expires_at=db.now + CONFIRM_LIFE + LEEWAY)
    )


def tidy(db: Db) -> None:
    """Forgets links that expired long ago."""
    db.execute(delete(Link).where(col(Link.expires_at) < db.now - KEPT))


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _serializer(keys: Keys, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        keys.signing,
        salt=f"undersigned.{purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
