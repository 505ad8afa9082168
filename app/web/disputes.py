""" "This isn't us": asking, and the page behind the mailed link.

Nobody learns here who signed: what is not on the public list is not there.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import throttle
from app.db import Db
from app.dispute import dispute_links, disputes
from app.dispute.dispute_links import Disputed
from app.endorsement.endorsements import Endorsement
from app.errors import DomainError, Gone, NotFound, Refused
from app.letter import letters
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.signatory import signatories
from app.web import mailed
from app.web.forms import Form, Posted
from app.web.pages import page
from app.web.site import Serving, Site
from app.web.views import form_view, letter_view, query

router = APIRouter()

LINE = "/letters/{slug}/signatories/{public_id}/dispute"


@router.get(LINE)
def dispute_page(slug: str, public_id: str, site: Serving, lang: str = "") -> Response:
    with site.database.read() as db:
        try:
            return _form(db, slug, public_id, lang, Posted())
        except NotFound:
            return _gone(db, slug, lang)


@router.post(LINE)
def ask(
    request: Request, slug: str, public_id: str, form: Form, site: Serving, lang: str = ""
) -> Response:
    """The same answer whatever the address is."""
    try:
        with site.database.write() as db:
            letter, line = _listed(db, slug, public_id)
            reason = disputes.checked_reason(form.get("reason"))
            email = _checked_address(form, site)
            read_in = letter.readable_in(lang)
            network = throttle.network(request.scope["visitor"])
            disputes.ask(db, letter, line, email, reason, read_in, network=network)
            following = f"{letter.path}/signatories/{line.public_id}/dispute/sent"
            following += query(letter, lang)
    except Refused as refused:
        with site.database.read() as db:
            return _form(db, slug, public_id, lang, form, refused)
    except NotFound:
        with site.database.read() as db:
            return _gone(db, slug, lang)
    site.wake_worker()
    return RedirectResponse(following, status_code=303)


@router.get(LINE + "/sent")
def sent(slug: str, public_id: str, site: Serving, lang: str = "") -> Response:
    with site.database.read() as db:
        try:
            letter, line = _listed(db, slug, public_id)
        except NotFound:
            return _gone(db, slug, lang)
        view = letter_view(letter, db.now, lang)
        return page("public/dispute_sent.html", letter=view, name=line.listed_name)


@router.get("/dispute/{token}")
def review(token: str, site: Serving) -> Response:
    try:
        with site.database.read() as db, _opened(db, token) as found:
            return _answer(db, found, token)
    except NotFound as unknown:
        return mailed.unknown(unknown)


@router.post("/dispute/{token}")
def confirm(token: str, site: Serving) -> Response:
    try:
        with site.database.write() as db, _opened(db, token):
            with suppress(Gone):
                dispute_links.confirm(db, token)
            answer = _answer(db, dispute_links.by_link(db, token), token)
    except NotFound as unknown:
        return mailed.unknown(unknown)
    site.wake_worker()
    return answer


@router.get("/dispute/{token}/refusal")
def refused(token: str) -> Response:
    """Where a browser finds itself that opens the answer to a refusal anew."""
    return mailed.to(f"/dispute/{token}")


@router.post("/dispute/{token}/refusal")
def refuse(token: str, site: Serving) -> Response:
    try:
        with site.database.write() as db, _opened(db, token):
            return _answer(db, dispute_links.refuse(db, token), token)
    except NotFound as unknown:
        return mailed.unknown(unknown)


@contextmanager
def _opened(db: Db, token: str) -> Iterator[Disputed]:
    found = dispute_links.by_link(db, token)
    with mailed.speaking(found.dispute.spoken or found.dispute.read_in or found.letter.language):
        yield found


def _listed(db: Db, slug: str, public_id: str) -> tuple[Letter, Endorsement]:
    letter = letters.public(db, slug)
    return letter, signatories.listed(db, letter, public_id)


def _gone(db: Db, slug: str, lang: str) -> Response:
    """For whoever has a page open from when the line stood there; raises NotFound for a letter."""
    view = letter_view(letters.public(db, slug), db.now, lang)
    return page("confirm/dispute.html", code=404, letter=view, name="", state="moot")


def _checked_address(form: Posted, site: Site) -> str:
    try:
        return mailboxes.checked(form.get("email"), allow_special=site.settings.is_loopback)
    except Refused as refused:
        raise Refused(refused.sentence, "email") from refused


def _form(
    db: Db, slug: str, public_id: str, lang: str, form: Posted, refused: Refused | None = None
) -> Response:
    letter, line = _listed(db, slug, public_id)
    return page(
        "public/dispute.html",
        code=refused.status if refused else 200,
        letter=letter_view(letter, db.now, lang),
        line=line,
        longest=disputes.LONGEST_REASON,
        form=form_view(form.values, {refused.field or "": refused.sentence} if refused else {}),
    )


def _answer(db: Db, found: Disputed, token: str) -> Response:
    """Where the dispute stands. What is public no longer is named no more: it may be called
    otherwise by now."""
    state = _state(db, found)
    return page(
        "confirm/dispute.html",
        code=410 if state == "too old" else 200,
        letter=letter_view(found.letter, db.now, found.dispute.read_in),
        name="" if found.is_moot else found.line.listed_name,
        kind=found.line.kind,
        state=state,
        hides=state == "open" and dispute_links.hides(db, found),
        is_hidden=found.line.is_disputed,
        token=token,
    )


def _state(db: Db, found: Disputed) -> str:
    """done, refused, moot, too old or open."""
    if found.is_done:
        return "done"
    if found.is_refused:
        return "refused"
    if found.is_moot:
        return "moot"
    try:
        dispute_links.must_be_fresh(db, found)
    except DomainError:
        return "too old"
    return "open"
