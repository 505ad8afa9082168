"""Who calls: the token, its organiser, and the letter they ask for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.db import Db
from app.errors import DomainError, Forbidden
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import api_tokens, organisers, roles
from app.organiser.organisers import Organiser
from app.organiser.roles import Ability
from app.trail.audit import Actor
from app.web.site import Site

# Only for the description: what the header holds is read by `Caller`.
SCHEME = HTTPBearer(
    auto_error=False, description="A token made at the desk, in your account, under “Tokens”."
)


class TokenNeeded(DomainError):
    status = 401

    def __init__(self) -> None:
        super().__init__(_("Send a token that is good now: Authorization: Bearer und_…"))


class Caller:
    """One call. `letter` is the permission check of every route: role and scope together."""

    def __init__(self, request: Request) -> None:
        self.site: Site = request.app.state.site
        scheme, _space, secret = request.headers.get("authorization", "").partition(" ")
        self.secret = secret.strip() if scheme.lower() == "bearer" else ""

    @contextmanager
    def reading(self) -> Iterator[tuple[Db, "Caller"]]:
        with self.site.database.read() as db:
            self._admit(db, roles.LOOK)
            yield db, self

    @contextmanager
    def writing(self, scope: Ability) -> Iterator[tuple[Db, "Caller"]]:
        with self.site.database.write() as db:
            self._admit(db, scope)
            yield db, self
        self.site.wake_worker()

    def letter(self, db: Db, slug: str, to: Ability = roles.LOOK) -> Letter:
        return organisers.letter_of(db, self.organiser, slug, to)

    @property
    def organiser(self) -> Organiser:
        return self._bearer.organiser

    @property
    def actor(self) -> Actor:
        return self.organiser.actor.through("api")

    def _admit(self, db: Db, scope: Ability) -> None:
        bearer = api_tokens.bearer(db, self.secret) if self.secret else None
        if bearer is None:
            raise TokenNeeded
        if scope not in bearer.scopes:
            raise Forbidden(_("This token may not be used for that: it lacks the scope."))
        self._bearer = bearer


async def _caller(request: Request, _scheme: Annotated[Any, Depends(SCHEME)]) -> Caller:
    return Caller(request)


Calling = Annotated[Caller, Depends(_caller)]
