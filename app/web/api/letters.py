"""Letters of the caller."""

from fastapi import APIRouter

from app.db import Db
from app.endorsement import endorsement_lists
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.web.api import models
from app.web.api.access import Caller, Calling
from app.web.api.models import PROBLEMS

router = APIRouter(prefix="/api/v1", tags=["Letters"], responses=PROBLEMS)


@router.get("/letters", summary="Your letters")
def letters(caller: Calling) -> models.Letters:
    with caller.reading() as (db, _caller):
        mine = organisers.letters_of(db, caller.organiser)
        return models.Letters(letters=_facts(db, caller, mine))


@router.get("/letters/{slug}", summary="One letter")
def letter(slug: str, caller: Calling) -> models.Letter:
    with caller.reading() as (db, _caller):
        return _facts(db, caller, [caller.letter(db, slug)])[0]


def _facts(db: Db, caller: Caller, mine: list[Letter]) -> list[models.Letter]:
    ids = [letter.id for letter in mine]
    counts, my_roles = endorsement_lists.counts(db, ids), roles.of(db, caller.organiser.id, ids)
    return [
        models.Letter(
            slug=one.slug,
            title=one.title,
            url=caller.site.settings.url(one.path),
            status=one.status,  # type: ignore[arg-type]  # the database checks it
            languages=one.languages,
            version=one.version,
            sha256=one.sha256,
            deadline=one.local_deadline,
            role=my_roles[one.id],  # type: ignore[arg-type]  # likewise
            counts=models.Counts.model_validate(counts[one.id]),
        )
        for one in mine
    ]
