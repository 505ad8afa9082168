"""Invitations of a letter."""

from fastapi import APIRouter
from sqlalchemy import select
from sqlmodel import col

from app.invitation.invitations import Invitation
from app.web.api import models
from app.web.api.access import Calling
from app.web.api.models import PROBLEMS
from app.web.api.paging import After, Limit, next_page

router = APIRouter(prefix="/api/v1", tags=["Invitations"], responses=PROBLEMS)


@router.get("/letters/{slug}/invitations", summary="Who was invited, and where they stand")
def list_invitations(
    slug: str, caller: Calling, after: After = None, limit: Limit = 100
) -> models.Invitations:
    with caller.reading() as (db, _caller):
        letter = caller.letter(db, slug)
        query = select(Invitation).where(col(Invitation.letter_id) == letter.id)
        if after:
            query = query.where(col(Invitation.id) > after)
        found = list(db.scalars(query.order_by(col(Invitation.id)).limit(limit + 1)))
        path = f"/api/v1/letters/{slug}/invitations"
        return models.Invitations(
            invitations=[
                models.Invitation.model_validate({**one.model_dump(), "id": str(one.id)})
                for one in found[:limit]
            ],
            next=next_page(caller, path, found, limit),
        )
