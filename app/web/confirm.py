"""The page behind the mailed link: who signs what, one button that confirms, one that refuses."""

from types import SimpleNamespace

from fastapi import APIRouter
from starlette.responses import Response

from app import links
from app.db import Db
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import Conflict, DomainError, Gone, NotFound
from app.i18n import _
from app.letter.letters import Letter
from app.letter.versions import Version
from app.links import Link
from app.organiser import as_seen
from app.signer import notices, signers
from app.web import mailed
from app.web.forms import Form
from app.web.pages import page
from app.web.share import share_view
from app.web.site import Serving
from app.web.views import comparison_view, endorsement_view, signer_view, text_view

router = APIRouter()

Signer = tuple[Link, Endorsement, Letter]


@router.get("/confirm/{token}")
def review(token: str, site: Serving) -> Response:
    try:
        with site.database.read() as db, mailed.opened(db, links.CONFIRM, token) as signer:
            return _state_page(db, signer, token) or _review_page(db, signer, token)
    except NotFound as unknown:
        return mailed.unknown(unknown)


@router.post("/confirm/{token}")
def confirm(token: str, form: Form, site: Serving) -> Response:
    try:
        with site.database.write() as db, mailed.opened(db, links.CONFIRM, token) as signer:
            link, endorsement, letter = signer
            endorsements.locked(db, endorsement)
            answer = _state_page(db, signer, token)
            if answer is None and not _has_seen(form.get("shown") or link.shown, signer):
                return _review_page(db, signer, token, code=409)
            if answer is None and signers.confirm(db, endorsement, letter):
                notices.tell(db, endorsement, letter, "confirmed")
            answer = answer or _confirmed_page(db, signer)
    except NotFound as unknown:
        return mailed.unknown(unknown)
    site.wake_worker()
    return answer


@router.get("/confirm/{token}/refusal")
def refused(token: str) -> Response:
    """Where a browser finds itself that opens the answer to a refusal anew."""
    return mailed.to(f"/confirm/{token}")


@router.post("/confirm/{token}/refusal")
def refuse(token: str, form: Form, site: Serving) -> Response:
    try:
        with site.database.write() as db, mailed.opened(db, links.CONFIRM, token) as signer:
            _link, endorsement, letter = signer
            signers.refuse(db, endorsement, everywhere=form.get("everywhere") == "yes")
            view = signer_view(letter, endorsement, db.now)
            return page("confirm/refused.html", letter=view)
    except NotFound as unknown:
        return mailed.unknown(unknown)


def _has_seen(shown: str | None, signer: Signer) -> bool:
    """Whether the button was pressed under this very text and line."""
    _link, endorsement, letter = signer
    return shown == as_seen.shown(letter.sha256, endorsement)


def _state_page(db: Db, signer: Signer, token: str) -> Response | None:
    """The page for an endorsement that can't be confirmed (any more); it shows no personal data."""
    link, endorsement, letter = signer
    if endorsement.status == "withdrawn":
        return mailed.withdrawn(db, endorsement, letter)
    view = signer_view(letter, endorsement, db.now)
    is_pending = endorsement.status == "pending"
    if endorsement.status == "expired" or (is_pending and link.has_expired(db.now)):
        gone = _("This link is older than seven days. Please sign again on the letter's page.")
        return _unavailable(view, Gone(gone), token)
    if not is_pending:
        return _confirmed_page(db, signer)
    try:
        letter.must_be_confirmable(endorsement.created_at, db.now)
    except Conflict as conflict:
        return _unavailable(view, conflict, token)
    return None


def _confirmed_page(db: Db, signer: Signer) -> Response:
    _link, endorsement, letter = signer
    view = signer_view(letter, endorsement, db.now)
    # Also for confidential signers: a page that differed would tell who they are.
    share = share_view(view.title, db.settings.url(letter.path_in(view.language)))
    return page("confirm/confirmed.html", letter=view, share=share if view.signable else None)


def _review_page(db: Db, signer: Signer, token: str, *, code: int = 200) -> Response:
    link, endorsement, letter = signer
    version = db.get_one(Version, letter.version_id)
    shown = as_seen.shown(letter.sha256, endorsement)
    text_changed = endorsement.version_id != letter.version_id
    return page(
        "confirm/confirm.html",
        code=code,
        letter=signer_view(letter, endorsement, db.now),
        text=text_view(db, letter, endorsement.language),
        endorsement=endorsement_view(endorsement, version),
        token=token,
        shown=shown,
        changed=text_changed,
        comparison=_comparison(db, endorsement, version) if text_changed else [],
        notice=None if text_changed or link.shown == shown else _changed_details(),
    )


def _comparison(db: Db, endorsement: Endorsement, version: Version) -> list[SimpleNamespace]:
    """What has changed since they signed; nothing where they may not read that text any more."""
    read = db.get_one(Version, endorsement.version_id)
    if read.withheld_at:
        return []
    language = endorsement.language
    return comparison_view(read.text(language), version.text(language))


def _changed_details() -> str:
    return _("Your details were sent again after this mail left. Please check them below.")


def _unavailable(letter: SimpleNamespace, refusal: DomainError, token: str) -> Response:
    return page(
        "confirm/unavailable.html",
        code=refusal.status,
        letter=letter,
        reason=refusal.sentence,
        is_reported=False,
        token=token,
    )
