"""Organisers' sessions at the desk: begun by signing in, listed, ended, and for a while fresh.

A session is fresh for ten minutes after its organiser has proven who they are. What would harm
most in somebody else's hands asks for a fresh one, however long the session itself still lives.
"""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Index, String, delete, select, update
from sqlmodel import Field, col

from app.db import Db, Moment, Table
from app.links import digest

LIFE = timedelta(hours=12)
FRESH_FOR = timedelta(minutes=10)
# "Last used" is kept no finer than this, so that not every action writes it.
SEEN_EVERY = timedelta(hours=1)
# For whoever has to find out who was at the desk; then the row goes.
KEPT_FOR = timedelta(days=30)


class DeskSession(Table, table=True):
    __tablename__ = "desk_session"
    __table_args__ = (Index(None, "organiser_id"),)

    digest: str = Field(sa_column=Column(String(64), primary_key=True))
    organiser_id: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    # The browser's family and system, as `browsers.described` says it.
    browser: str = Field(default="", sa_column=Column(String(60), nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    # When its organiser last did something, to the hour; None until an hour after the beginning.
    seen_at: datetime | None = Field(default=None, sa_type=Moment)
    proven_at: datetime | None = Field(default=None, sa_type=Moment)
    # Where the step-up that a mail was asked for leads back to.
    leads_to: str = Field(default="", sa_column=Column(String(500), nullable=False))
    expires_at: datetime = Field(sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def handle(self) -> str:
        """What pages call it by: from it nobody gets at the session's secret."""
        return self.digest[:16]

    def is_fresh(self, now: datetime) -> bool:
        return self.proven_at is not None and now < self.proven_at + FRESH_FOR


def begin(db: Db, organiser_id: UUID, browser: str) -> str:
    """A new session, fresh; returns its secret, which only the browser keeps."""
    secret = secrets.token_urlsafe(32)
    db.add(
        DeskSession(
            digest=digest(secret),
            organiser_id=organiser_id,
            browser=browser,
            created_at=db.now,
            proven_at=db.now,
            expires_at=db.now + LIFE,
        )
    )
    db.flush()
    return secret


def live(db: Db, secret: str) -> DeskSession | None:
    query = select(DeskSession).where(
        col(DeskSession.digest) == digest(secret),
        col(DeskSession.ended_at).is_(None),
        col(DeskSession.expires_at) > db.now,
    )
    return db.scalars(query).first()


def seen(db: Db, session: DeskSession) -> None:
    """Its organiser does something; written at most once an hour."""
    if db.now >= (session.seen_at or session.created_at) + SEEN_EVERY:
        session.seen_at = db.now
        db.flush()


def prove(db: Db, session: DeskSession) -> None:
    """Its organiser has shown again who they are: it is fresh from now on."""
    session.proven_at = db.now
    db.flush()


def of(db: Db, organiser_id: UUID) -> list[DeskSession]:
    """The organiser's live sessions, the newest first."""
    query = select(DeskSession).where(
        col(DeskSession.organiser_id) == organiser_id,
        col(DeskSession.ended_at).is_(None),
        col(DeskSession.expires_at) > db.now,
    )
    newest_first = query.order_by(col(DeskSession.created_at).desc(), col(DeskSession.digest))
    return list(db.scalars(newest_first))


def end(db: Db, session: DeskSession) -> None:
    session.ended_at = db.now
    db.flush()


def end_all(db: Db, organiser_id: UUID, *, but: DeskSession | None = None) -> int:
    """Ends the organiser's sessions, but for one if it is named; returns how many ended."""
    return db.changed(
        update(DeskSession)
        .where(
            col(DeskSession.organiser_id) == organiser_id,
            col(DeskSession.ended_at).is_(None),
            col(DeskSession.expires_at) > db.now,
            col(DeskSession.digest) != (but.digest if but else ""),
        )
        .values(ended_at=db.now)
    )


def tidy(db: Db) -> None:
    """Forgets sessions that are long over."""
    db.execute(delete(DeskSession).where(col(DeskSession.expires_at) < db.now - KEPT_FOR))
