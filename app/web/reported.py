"""The page for whoever an organiser reported: confirm, correct, or say that it is not so."""

from contextlib import AbstractContextManager
from types import SimpleNamespace

from fastapi import APIRouter
from starlette.responses import Response

from app import i18n, links
from app.db import Db
from app.endorsement import endorsements, reported, reports
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, DomainError, NotFound
from app.i18n import _
from app.letter.letters import Letter
from app.letter.versions import Version
from app.name import countries
from app.organiser import as_seen
from app.organiser.organisers import Organiser
from app.signer import consent, corrections, notices, signers, submissions
from app.signer.submissions import LINE_FIELDS, Line, SubmissionRefused
from app.web import mailed
from app.web.forms import Form, Posted, spoken
from app.web.pages import page
from app.web.site import Serving, Site
from app.web.views import endorsement_view, form_view, signer_view, text_view

router = APIRouter()

ONE = "/reported/{token}"


@router.get(ONE)
def reported_page(token: str, site: Serving) -> Response:
    try:
        with site.database.read() as db, _opened(db, token) as (_link, endorsement, letter):
            return _state_page(db, endorsement, letter, token) or _page(
                db, endorsement, letter, token
            )
    except NotFound as unknown:
        return mailed.unknown(unknown)


@router.post(ONE)
def confirm(token: str, form: Form, site: Serving) -> Response:
    return _confirmed(token, form, site, corrects=False)


@router.post(ONE + "/correction")
def correct(token: str, form: Form, site: Serving) -> Response:
    """Confirms, with a line that is written otherwise: an organiser looks at it, as always."""
    return _confirmed(token, form, site, corrects=True)


@router.get(ONE + "/correction")
@router.get(ONE + "/refusal")
def answered(token: str) -> Response:
    """Where a browser finds itself that opens an answer anew."""
    return mailed.to(f"/reported/{token}")


@router.post(ONE + "/refusal")
def refuse(token: str, form: Form, site: Serving) -> Response:
    """ "We did not sign": it is taken away at once, and no more mail about the letter comes."""
    try:
        with site.database.write() as db, _opened(db, token) as (_link, endorsement, letter):
            if not endorsements.locked(db, endorsement).is_reported:
                answer = _state_page(db, endorsement, letter, token)
                assert answer is not None
                return answer
            signers.refuse(db, endorsement, everywhere=form.get("everywhere") == "yes")
            view = signer_view(letter, endorsement, db.now)
            return page("confirm/refused.html", letter=view)
    except NotFound as unknown:
        return mailed.unknown(unknown)


def _opened(db: Db, token: str) -> AbstractContextManager[tuple[links.Link, Endorsement, Letter]]:
    return mailed.opened(db, links.REPORTED, token)


def _confirmed(token: str, form: Posted, site: Site, *, corrects: bool) -> Response:
    try:
        with site.database.write() as db, _opened(db, token) as (_link, endorsement, letter):
            endorsements.locked(db, endorsement)
            answer = _state_page(db, endorsement, letter, token)
            if answer is None and form.get("shown") != _shown(letter, endorsement):
                return _page(db, endorsement, letter, token, notice=_changed(), code=409)
            if answer is None:
                line = _line(form, endorsement) if corrects else None
                answer = _confirm(db, endorsement, letter, line, spoken(form))
    except NotFound as unknown:
        return mailed.unknown(unknown)
    except SubmissionRefused as refused:
        return _page_again(site, token, form, refused, refused.errors)
    except DomainError as refused:
        return _page_again(site, token, form, refused, {"": refused.sentence})
    site.wake_worker()
    return answer


def _confirm(
    db: Db, endorsement: Endorsement, letter: Letter, line: Line | None, language: str
) -> Response:
    was_listed = endorsement.status == "approved"
    if reported.confirm(db, endorsement, letter, language):
        notices.tell(db, endorsement, letter, "report_confirmed" if was_listed else "confirmed")
    # Whoever opened their details and found them right has confirmed all the same.
    is_corrected = line is not None and bool(corrections.changes_of(endorsement, line))
    if line and is_corrected:
        corrections.propose(db, endorsement, line)
    return _done(db, endorsement, letter, is_corrected=is_corrected)


def _line(form: Posted, endorsement: Endorsement) -> Line:
    return submissions.checked_line({**_values(endorsement), **form.values}, endorsement.kind)


def _state_page(db: Db, endorsement: Endorsement, letter: Letter, token: str) -> Response | None:
    """The page where there is nothing to confirm (any more); it shows no personal data."""
    if endorsement.status == "withdrawn":
        return mailed.withdrawn(db, endorsement, letter)
    view = signer_view(letter, endorsement, db.now)
    if not endorsement.is_reported:
        return _done(db, endorsement, letter, is_corrected=False)
    if endorsement.status == "declined":
        sentence = _("The organisers decided not to list this. Answer the mail to reach them.")
        return _unavailable(view, endorsement, sentence, token)
    try:
        reported.must_be_confirmable(endorsement, letter)
    except Conflict as conflict:
        return _unavailable(view, endorsement, conflict.sentence, token)
    return None


def _unavailable(
    letter: SimpleNamespace, endorsement: Endorsement, reason: str, token: str
) -> Response:
    return page(
        "confirm/unavailable.html",
        code=409,
        letter=letter,
        reason=reason,
        is_reported=True,
        kind=endorsement.kind,
        token=token,
    )


def _page(
    db: Db,
    endorsement: Endorsement,
    letter: Letter,
    token: str,
    *,
    notice: str = "",
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    code: int = 200,
) -> Response:
    version = db.get_one(Version, letter.version_id)
    report = reports.of(db, [endorsement.id])[endorsement.id]
    organiser = db.get(Organiser, report.organiser_id) if report.organiser_id else None
    return page(
        "confirm/reported.html",
        code=code,
        letter=signer_view(letter, endorsement, db.now),
        text=text_view(db, letter, endorsement.language),
        endorsement=endorsement_view(endorsement, version),
        report=report,
        reported_by=organiser.name if organiser else "",
        is_listed=endorsement.is_listed,
        token=token,
        shown=_shown(letter, endorsement),
        consent=consent.wording(i18n.language()),
        notice=notice,
        changed=endorsement.version_id != letter.version_id,
        form=form_view({**_values(endorsement), **(values or {})}, errors),
        countries=countries.choices(i18n.language()),
    )


def _page_again(
    site: Site, token: str, form: Posted, refusal: DomainError, errors: dict[str, str]
) -> Response:
    with site.database.read() as db, _opened(db, token) as (_link, endorsement, letter):
        typed = {field: form.values[field] for field in LINE_FIELDS if field in form.values}
        return _page(
            db, endorsement, letter, token, values=typed, errors=errors, code=refusal.status
        )


def _done(db: Db, endorsement: Endorsement, letter: Letter, *, is_corrected: bool) -> Response:
    return page(
        "confirm/report_confirmed.html",
        letter=signer_view(letter, endorsement, db.now),
        is_listed=endorsement.is_listed,
        waits=endorsement.status == "verified",
        is_corrected=is_corrected,
        visibility=endorsement.visibility,
    )


def _shown(letter: Letter, endorsement: Endorsement) -> str:
    return as_seen.shown(letter.sha256, endorsement)


def _changed() -> str:
    return _("The text or your details have changed since you opened this page. Look again below.")


def _values(endorsement: Endorsement) -> dict[str, str]:
    return {field: getattr(endorsement, field) for field in LINE_FIELDS}
