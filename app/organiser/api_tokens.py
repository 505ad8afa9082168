"""Tokens with which programs act for an organiser: scoped, kept as a digest, ended at any time.

A token never does more than its organiser may: their role on a letter is asked anew at each call,
and the token's scopes only take away from it.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, Column, Index, String, select, update
from sqlmodel import Field, col

from app.db import Db, Moment, Table, new_id
from app.errors import NotFound, Refused
from app.i18n import _
from app.letter.clean_text import clean_line
from app.links import digest
from app.organiser import roles
from app.organiser.organisers import Organiser
from app.organiser.roles import Ability
from app.trail import audit

# What a token may be for; an owner's token opens and closes nothing.
SCOPES: tuple[Ability, ...] = (roles.LOOK, roles.REVIEW)
# So that scanners of source code know one when they see it.
PREFIX = "und_"
LONGEST_NAME = 80
LIVES = (30, 90, 365)
MOST = 20


class ApiToken(Table, table=True):
    __tablename__ = "api_token"
    __table_args__ = (Index(None, "organiser_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organiser_id: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    name: str
    digest: str = Field(sa_column=Column(String(64), nullable=False, unique=True))
    scopes: list[str] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    expires_at: datetime = Field(sa_type=Moment)
    revoked_at: datetime | None = Field(default=None, sa_type=Moment)

    def state(self, now: datetime) -> str:
        """live, expired or revoked."""
        if self.revoked_at:
            return "revoked"
        return "expired" if now >= self.expires_at else "live"


class Bearer(NamedTuple):
    """Whom a token stands for, and what it lets them do where their role does too."""

    organiser: Organiser
    scopes: tuple[str, ...]


def create(
    db: Db, organiser: Organiser, name: str, scopes: Sequence[str], days: str
) -> tuple[ApiToken, str]:
    """A new token and its secret, which is shown this once and never again."""
    name = clean_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise Refused(_("Give the token a name of at most 80 characters."), "name")
    chosen: list[str] = [scope for scope in SCOPES if scope in scopes]
    if not chosen:
        raise Refused(_("Choose what the token may do."), "scopes")
    if days not in map(str, LIVES):
        raise Refused(_("Choose how long the token is good for."), "days")
    if len([one for one in of_organiser(db, organiser) if one.state(db.now) == "live"]) >= MOST:
        raise Refused(_("You have 20 tokens already. Revoke one that is not needed."), "name")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        organiser_id=organiser.id,
        name=name,
        digest=digest(secret),
        scopes=chosen,
        created_at=db.now,
        expires_at=db.now + timedelta(days=int(days)),
    )
    db.add(token)
    db.flush()
    _record(db, "token created", organiser, token, scopes=", ".join(chosen))
    return token, secret


def revoke(db: Db, organiser: Organiser, token_id: UUID) -> None:
    """Ends it at once; a second time changes nothing."""
    token = db.get(ApiToken, token_id)
    if not token or token.organiser_id != organiser.id:
        raise NotFound(_("There is no such token."))
    ended = db.changed(
        update(ApiToken)
        .where(col(ApiToken.id) == token.id, col(ApiToken.revoked_at).is_(None))
        .values(revoked_at=db.now)
    )
    if ended:
        _record(db, "token revoked", organiser, token)


def of_organiser(db: Db, organiser: Organiser) -> list[ApiToken]:
    """All there were, the newest first."""
    mine = select(ApiToken).where(col(ApiToken.organiser_id) == organiser.id)
    return list(db.scalars(mine.order_by(col(ApiToken.id).desc())))


def bearer(db: Db, secret: str) -> Bearer | None:
    """Whom this live token stands for."""
    query = (
        select(ApiToken, Organiser)
        .join(Organiser, col(Organiser.id) == col(ApiToken.organiser_id))
        .where(
            col(ApiToken.digest) == digest(secret),
            col(ApiToken.revoked_at).is_(None),
            col(ApiToken.expires_at) > db.now,
        )
    )
    found = db.execute(query).first()
    return Bearer(found[1], tuple(found[0].scopes)) if found else None


def scope_name(scope: str) -> str:
    names: dict[str, str] = {
        roles.LOOK: _("Read letters, endorsements and invitations"),
        roles.REVIEW: _("Approve and decline"),
    }
    return names[scope]


def _record(db: Db, action: str, organiser: Organiser, token: ApiToken, **facts: Any) -> None:
    audit.record(db, action, by=organiser.actor, letter_id=None, subject_id=token.id, **facts)
