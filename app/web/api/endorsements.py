"""Endorsements of a letter: reading them, and deciding."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement import approvals, decisions, endorsement_lists, endorsements
from app.endorsement.endorsement_states import Overtaken
from app.endorsement.endorsements import MERGEABLE, Endorsement
from app.errors import NotFound
from app.i18n import _
from app.letter.letters import Letter
from app.letter.versions import Version
from app.organiser import roles
from app.web.api import models
from app.web.api.access import Caller, Calling
from app.web.api.models import PROBLEMS
from app.web.api.paging import After, Limit, next_page

router = APIRouter(prefix="/api/v1", tags=["Endorsements"], responses=PROBLEMS)

LIST = "/letters/{slug}/endorsements"
Wanted = Annotated[
    Literal["pending", "verified", "approved", "declined", "withdrawn", "expired"],
    Query(description="Only those in this state."),
]

Merged = Annotated[
    bool,
    Query(description="Also duplicates that were merged into another; they say into which one."),
]


@router.get(LIST, summary="Endorsements in one state")
def list_endorsements(
    slug: str,
    caller: Calling,
    status: Wanted = "verified",
    merged: Merged = False,
    after: After = None,
    limit: Limit = 100,
) -> models.Endorsements:
    with caller.reading() as (db, _caller):
        letter = caller.letter(db, slug)
        found = list(
            endorsement_lists.with_status(
                db, letter, status, merged=merged, after=after, limit=limit + 1
            )
        )
        path = f"/api/v1/letters/{slug}/endorsements"
        asked = {"status": status, **({"merged": "true"} if merged else {})}
        following = next_page(caller, path, found, limit, **asked)
        return models.Endorsements(endorsements=_facts(db, found[:limit]), next=following)


@router.post(LIST + "/{id}/approval", summary="Approve", status_code=200)
def approve(slug: str, id: str, caller: Calling) -> models.Endorsement:  # noqa: A002  # the address says id
    """The signer is told by mail. Refused (403) on a letter with the two-person rule: there people
    at the desk approve."""
    with _deciding(caller, slug, id) as (db, letter, endorsement):
        approvals.by_program(db, letter, endorsement, by=caller.actor)
        return _facts(db, [endorsement])[0]


@router.post(LIST + "/{id}/decline", summary="Decline", status_code=200)
def decline(slug: str, id: str, body: models.Decline, caller: Calling) -> models.Endorsement:  # noqa: A002  # as above
    """The signer is told the reason by mail."""
    with _deciding(caller, slug, id) as (db, letter, endorsement):
        decisions.decline(db, letter, endorsement, body.reason, by=caller.actor)
        return _facts(db, [endorsement])[0]


@contextmanager
def _deciding(
    caller: Caller, slug: str, public_id: str
) -> Iterator[tuple[Db, Letter, Endorsement]]:
    """What a decision needs. One that comes too late changes nothing, but stands in the trail."""
    try:
        with caller.writing(roles.REVIEW) as (db, _caller):
            letter, endorsement = _one(db, caller, slug, public_id)
            letter_id, endorsement_id = letter.id, endorsement.id
            yield db, letter, endorsement
    except Overtaken:
        with caller.writing(roles.REVIEW) as (db, _caller):
            decisions.record_late(db, letter_id, endorsement_id, by=caller.actor)
        raise


def _one(db: Db, caller: Caller, slug: str, public_id: str) -> tuple[Letter, Endorsement]:
    letter = caller.letter(db, slug, roles.REVIEW)
    known = endorsement_lists.ids_of(db, [public_id]).get(public_id)
    if known is None:
        raise NotFound(_("There is no such endorsement."))
    return letter, endorsements.of_letter(db, letter, known)


def _facts(db: Db, found: list[Endorsement]) -> list[models.Endorsement]:
    numbers = _version_numbers(db, {one.version_id for one in found})
    kept = _public_ids(db, {one.merged_into for one in found if _is_merged(one)})
    return [
        models.Endorsement.model_validate(
            {
                **one.model_dump(),
                "id": one.public_id,
                "version": numbers[one.version_id],
                "signed_at": one.created_at,
                "confirmed_at": one.verified_at,
                "merged_into": kept[one.merged_into] if _is_merged(one) else None,
            }
        )
        for one in found
    ]


def _version_numbers(db: Db, ids: set[UUID]) -> dict[UUID, int]:
    query = select(col(Version.id), col(Version.number)).where(col(Version.id).in_(ids))
    return {row.id: row.number for row in db.execute(query)}


def _is_merged(endorsement: Endorsement) -> bool:
    """Who withdrew or was declined since stands under no line any more."""
    return endorsement.merged_into is not None and endorsement.status in MERGEABLE


def _public_ids(db: Db, ids: set[UUID | None]) -> dict[UUID | None, str]:
    query = select(col(Endorsement.id), col(Endorsement.public_id))
    return {row.id: row.public_id for row in db.execute(query.where(col(Endorsement.id).in_(ids)))}
