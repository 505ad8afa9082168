"""The page behind a personal link: sign with one press, promise, say no, or want no more mail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from app import i18n, throttle
from app.db import Db
from app.errors import Conflict, DomainError, NotFound, Refused
from app.invitation import invitations
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.mailing import suppressions
from app.name import countries
from app.signer import personal_links, signing, submissions
from app.signer.consent import wording
from app.signer.personal_links import Offer
from app.signer.signing import SignOn
from app.signer.submissions import SubmissionRefused
from app.trail import audit
from app.web import asked, mailed
from app.web.forms import Form, Posted, day_of, spoken
from app.web.pages import page
from app.web.site import Serving, Site
from app.web.views import form_view, letter_view, query, text_view, way_on

router = APIRouter()

PERSONAL = "/invitations/{token}"
Act = Callable[[Db, Invitation, Letter], None]


@router.get(PERSONAL)
def personal_page(token: str, site: Serving) -> Response:
    try:
        with site.database.read() as db, _opened(db, token) as (invitation, letter):
            return _page(db, token, invitation, letter)
    except NotFound as unknown:
        return mailed.unknown(unknown)


@router.get(PERSONAL + "/endorsement")
@router.get(PERSONAL + "/promise")
@router.get(PERSONAL + "/decline")
@router.get(PERSONAL + "/refusal")
def reopened(token: str) -> Response:
    """Where a browser finds itself that opens a refused answer anew."""
    return mailed.to(f"/invitations/{token}")


@router.post(PERSONAL + "/endorsement")
def sign(token: str, form: Form, site: Serving, request: Request) -> Response:
    def act(db: Db, invitation: Invitation, letter: Letter) -> None:
        network = throttle.network(request.scope["visitor"])
        sign_on = _sign_on(db, invitation, letter, form, network)
        if signing.sign(db, letter, [sign_on]) != [True]:
            raise submissions.text_changed()

    return _answered(token, form, site, act, is_signing=True)


@router.post(PERSONAL + "/promise")
def promise(token: str, form: Form, site: Serving) -> Response:
    def act(db: Db, invitation: Invitation, letter: Letter) -> None:
        until = day_of(form.get("until"))
        invitations.promise(db, invitation, letter, until, by=audit.SIGNER)

    return _answered(token, form, site, act)


@router.post(PERSONAL + "/decline")
def decline(token: str, form: Form, site: Serving) -> Response:
    def act(db: Db, invitation: Invitation, letter: Letter) -> None:
        invitations.decline(db, invitation, letter, form.get("reason"), by=audit.SIGNER)

    return _answered(token, form, site, act)


@router.post(PERSONAL + "/refusal")
def stop_writing(token: str, form: Form, site: Serving) -> Response:
    """The button of the page, and that of mail programs (RFC 8058), which follow no redirect."""

    def act(db: Db, invitation: Invitation, _letter: Letter) -> None:
        everywhere = form.get("everywhere") == "yes"
        invitations.stop_writing(db, invitation, everywhere=everywhere)

    answer = _answered(token, form, site, act)
    return personal_page(token, site) if "List-Unsubscribe" in form.values else answer


@contextmanager
def _opened(db: Db, token: str) -> Iterator[tuple[Invitation, Letter]]:
    invitation, letter = invitations.by_link(db, token)
    with mailed.speaking(invitation.language):
        yield invitation, letter


def _answered(
    token: str, form: Posted, site: Site, act: Act, *, is_signing: bool = False
) -> Response:
    """Acts on an answer; refused, the page comes again with what was typed."""
    try:
        with site.database.write() as db, _opened(db, token) as (invitation, letter):
            act(db, invitation, letter)
            following = f"/invitations/{token}{asked.query()}"
            if is_signing:
                wanted = query(letter, _language(invitation, letter))
                invited = f"{wanted}&invited=yes" if wanted else "?invited=yes"
                following = f"{letter.path}/check-your-inbox{invited}"
    except NotFound as unknown:
        return mailed.unknown(unknown)
    except (SubmissionRefused, Refused, Conflict) as refusal:
        return _page_again(site, token, form, refusal)
    site.wake_worker()
    return RedirectResponse(following, status_code=303)


def _sign_on(
    db: Db, invitation: Invitation, letter: Letter, form: Posted, network: str | None
) -> SignOn:
    letter.must_be_signable(db.now)
    submissions.must_be_current(letter, form.get("version"))
    # The address they were invited by need not be typed, and stands on no page.
    email = form.get("email").strip() or invitations.address_of(db, invitation)
    submission = submissions.checked(
        {**form.values, "email": email}, letter, allow_special=db.settings.is_loopback
    )
    offer = personal_links.offer(db, invitation)
    is_offered = offer.is_taken_by(submission)
    return SignOn(
        submission,
        letter.sha256,
        letter.readable_in(form.get("language")),
        wording(spoken(form)),
        network=network,
        logo=_logo(db, form, offer if is_offered else None),
        invitation_id=invitation.id,
        organisation_id=offer.organisation_id if is_offered else None,
        sort_key=offer.sort_key if is_offered else None,
        spoken=spoken(form),
    )


def _logo(db: Db, form: Posted, offer: Offer | None) -> str:
    """What was sent along, else the one offered, if they want it; people have none."""
    upload = form.files.get("logo")
    if form.get("kind") == "individual" or not (upload or offer):
        return ""
    if not upload:
        return offer.logo if offer and form.get("known_logo") == "yes" else ""
    return submissions.kept_logo(db.settings.logos_dir, upload)


def _page_again(site: Site, token: str, form: Posted, refusal: DomainError) -> Response:
    errors: dict[str, str] = {}
    if isinstance(refusal, SubmissionRefused):
        errors = refusal.errors
    elif isinstance(refusal, Refused) and refusal.field:
        errors = {refusal.field: refusal.sentence}
    with site.database.read() as db, _opened(db, token) as (invitation, letter):
        return _page(
            db,
            token,
            invitation,
            letter,
            typed=form.values,
            errors=errors,
            notice=None if errors else refusal.sentence,
            code=refusal.status,
        )


def _page(
    db: Db,
    token: str,
    invitation: Invitation,
    letter: Letter,
    *,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    notice: str | None = None,
    code: int = 200,
) -> Response:
    language = _language(invitation, letter)
    view = letter_view(letter, db.now, language)
    offer = personal_links.offer(db, invitation)
    # Unticked boxes send nothing: what was typed stands for all of them.
    boxes = {"known_logo": "yes"} if typed is None else {}
    own_status = personal_links.own_status(db, letter, invitation)
    # Signed by a colleague: that is theirs to know, so the page is as if nobody had answered.
    has_signed_elsewhere = invitation.status == "signed" and not own_status
    wants_no_mail = suppressions.covers(db, [invitation.mailbox], letter.id)
    return page(
        "invitation/invitation.html",
        code=code,
        letter=view,
        text=text_view(db, letter, language),
        token=token,
        name=invitation.listed_name,
        status="invited" if has_signed_elsewhere else invitation.status,
        own_status=own_status,
        promised_until=invitation.promised_until,
        wants_no_mail=wants_no_mail,
        is_answerable=view.closed_reason in (None, "paused"),
        offer=offer,
        logo=f"/logos/{offer.logo}" if offer.logo else "",
        form=form_view({**offer.values, **boxes, **(typed or {})}, errors),
        notice=notice,
        consent=wording(i18n.language()),
        countries=countries.choices(i18n.language()),
        first_day=(letter.on_its_calendar(db.now) + timedelta(days=1)).isoformat(),
        last_day=letter.local_deadline.date().isoformat() if letter.local_deadline else "",
    )


def _language(invitation: Invitation, letter: Letter) -> str:
    return way_on(letter, letter.readable_in(invitation.language))
