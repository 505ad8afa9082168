"""A signer's own page: see, correct, hide, withdraw, keep a receipt."""

from contextlib import AbstractContextManager
from types import SimpleNamespace

from fastapi import APIRouter
from starlette.responses import Response

from app import i18n, links
from app.db import Db
from app.duplicate import merges
from app.endorsement import questions
from app.endorsement.endorsements import Endorsement
from app.errors import DomainError, NotFound, Refused
from app.letter.letters import Letter
from app.letter.versions import Version
from app.mailing import outbox
from app.name import countries
from app.signer import corrections, notices, signers, submissions
from app.signer.submissions import LINE_FIELDS, SubmissionRefused
from app.web import mailed
from app.web.forms import Form
from app.web.pages import page
from app.web.site import Serving, Site
from app.web.views import correction_view, endorsement_view, form_view, signer_view

router = APIRouter()


@router.get("/manage/{token}")
def my_endorsement(token: str, site: Serving) -> Response:
    try:
        with site.database.read() as db, _mine(db, token) as (_link, endorsement, letter):
            return _manage_page(db, token, endorsement, letter)
    except NotFound as unknown:
        return mailed.unknown(unknown)


@router.get("/manage/{token}/receipt")
def receipt(token: str, site: Serving) -> Response:
    with site.database.read() as db, _mine(db, token) as (_link, endorsement, letter):
        if endorsement.status == "withdrawn":
            return mailed.withdrawn(db, endorsement, letter)
        return page(
            "manage/receipt.html",
            letter=signer_view(letter, endorsement, db.now),
            endorsement=_view(db, endorsement),
            token=token,
            address=site.settings.url(letter.path),
            made_at=db.now,
        )


@router.post("/manage/{token}/withdrawal")
def withdraw(token: str, site: Serving) -> Response:
    with site.database.write() as db, _mine(db, token) as (_link, endorsement, letter):
        if signers.withdraw(db, endorsement):
            outbox.take_back(db, notices.DECISIONS, endorsement.id)
            notices.tell(db, endorsement, letter, "withdrawn")
    site.wake_worker()
    return mailed.to(f"/manage/{token}")


@router.post("/manage/{token}/confidentiality")
def go_confidential(token: str, site: Serving) -> Response:
    with site.database.write() as db, _mine(db, token) as (_link, endorsement, _letter):
        signers.go_confidential(db, endorsement)
        notices.now_confidential(db, endorsement)
    return mailed.to(f"/manage/{token}")


@router.get("/manage/{token}/withdrawal")
@router.get("/manage/{token}/confidentiality")
@router.get("/manage/{token}/correction")
@router.get("/manage/{token}/answer")
def opened_anew(token: str) -> Response:
    """Where a browser finds itself that opens the answer to a form anew."""
    return mailed.to(f"/manage/{token}")


@router.post("/manage/{token}/correction")
def correct(token: str, form: Form, site: Serving) -> Response:
    try:
        with site.database.write() as db, _mine(db, token) as (_link, endorsement, _letter):
            values = {**_line(endorsement), **form.values}
            line = submissions.checked_line(values, endorsement.kind)
            corrections.propose(db, endorsement, line)
    except SubmissionRefused as refused:
        return _form_again(site, token, form.values, refused, refused.errors)
    except NotFound:
        raise
    except DomainError as refused:
        return _form_again(site, token, form.values, refused, {"": refused.sentence})
    return mailed.to(f"/manage/{token}")


@router.post("/manage/{token}/answer")
def answer(token: str, form: Form, site: Serving) -> Response:
    try:
        with site.database.write() as db, _mine(db, token) as (_link, endorsement, _letter):
            questions.answer(db, endorsement, form.get("answer"), form.get("seen"))
    except NotFound:
        raise
    except DomainError as refused:
        field = "answer" if isinstance(refused, Refused) else ""
        return _form_again(site, token, form.values, refused, {field: refused.sentence})
    return mailed.to(f"/manage/{token}")


def _mine(db: Db, token: str) -> AbstractContextManager[tuple[links.Link, Endorsement, Letter]]:
    return mailed.opened(db, links.MANAGE, token)


def _form_again(
    site: Site, token: str, values: dict[str, str], refusal: DomainError, errors: dict[str, str]
) -> Response:
    with site.database.read() as db, _mine(db, token) as (_link, endorsement, letter):
        return _manage_page(
            db, token, endorsement, letter, values=values, errors=errors, code=refusal.status
        )


def _manage_page(
    db: Db,
    token: str,
    endorsement: Endorsement,
    letter: Letter,
    *,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    code: int = 200,
) -> Response:
    if endorsement.status == "withdrawn":
        return mailed.withdrawn(db, endorsement, letter, code)
    return page(
        "manage/manage.html",
        code=code,
        letter=signer_view(letter, endorsement, db.now),
        endorsement=_view(db, endorsement),
        token=token,
        form=form_view({**_line(endorsement), **(values or {})}, errors),
        countries=countries.choices(i18n.language()),
    )


def _view(db: Db, endorsement: Endorsement) -> SimpleNamespace:
    view = endorsement_view(endorsement, db.get_one(Version, endorsement.version_id))
    view.questions = questions.of(db, [endorsement.id])[endorsement.id]
    line = merges.line_of(db, endorsement)
    would_be_listed = endorsement.status == "approved" and endorsement.visibility == "public"
    view.is_merged = line is not None and would_be_listed
    view.line = line.listed_name if line and line.is_listed else ""
    view.is_correctable = endorsement.status in corrections.CORRECTABLE
    waiting = corrections.waiting(db, [endorsement.id]).get(endorsement.id)
    if waiting:
        view.correction = correction_view(endorsement, waiting.changes)
    return view


def _line(endorsement: Endorsement) -> dict[str, str]:
    return {field: getattr(endorsement, field) for field in LINE_FIELDS}
