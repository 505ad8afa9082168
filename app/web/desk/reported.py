"""Reported sign-ons at the desk: who was entered, and entering one."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.endorsement import endorsements, report_lists, reported, reports
from app.endorsement.endorsements import Endorsement
from app.endorsement.reports import Report
from app.errors import Conflict, DomainError, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import mail_states, mailboxes
from app.mailing.outbox import OutboxMail
from app.name import countries
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.signer.submissions import SubmissionRefused
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted, key_of
from app.web.views import form_view, letter_view

router = APIRouter()

REPORTED = "/desk/letters/{slug}/reported"
PAGE_LINES = 50


@router.get(REPORTED)
def reported_page(slug: str, desk: AtDesk, before: str = "", entered: str = "") -> Response:
    """`entered` is how many were just entered."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        found = reports.of_letter(db, letter, before=key_of(before), limit=PAGE_LINES + 1)
        shown = found[:PAGE_LINES]
        mails = mail_states.latest_of(db, [endorsement.id for _report, endorsement, _by in shown])
        names = organisers.shown_names(
            db, {by.id: by for _report, _one, by in shown if by}.values()
        )
        last = shown[-1][1].id if len(found) > PAGE_LINES else None
        return desk.page(
            "desk/reported.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            reports=[
                _view(db, report, one, names[by.id] if by else "", mails.get(one.id))
                for report, one, by in shown
            ],
            entered=int(entered) if entered.isdecimal() and len(entered) < 6 else 0,
            prev_url="?" if before else None,
            next_url=f"?before={last}" if last else None,
        )


@router.get(REPORTED + "/new")
def new_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        values = {"kind": "organisation", "visibility": "public", "language": letter.language}
        return _form(desk, db, organiser, letter, values)


@router.post(REPORTED)
def report(slug: str, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            must_be_attested(form)
            entry = report_lists.checked(
                form.values,
                letter,
                db.now.date(),
                allow_special=desk.site.settings.is_loopback,
            )
            (refusal,) = reported.enter(db, letter, [entry], by=organiser)
            if refusal:
                raise refusal
    except SubmissionRefused as refused:
        return _form_again(slug, form, desk, refused, refused.errors)
    except Refused as refused:
        return _form_again(slug, form, desk, refused, {refused.field or "": refused.sentence})
    except Conflict as conflict:
        return _form_again(slug, form, desk, conflict, {"": conflict.sentence})
    return RedirectResponse(f"/desk/letters/{slug}/reported?entered=1", status_code=303)


@router.post(REPORTED + "/{endorsement_id}/mail")
def ask_again(slug: str, endorsement_id: UUID, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        endorsement = endorsements.of_letter(db, letter, endorsement_id)
        reported.ask_again(db, endorsement, letter, by=organiser.actor)
    return RedirectResponse(f"/desk/letters/{slug}/reported", status_code=303)


def must_be_attested(form: Posted) -> None:
    """Raises Refused unless the organiser says that it is true."""
    if form.get("authority") != "yes":
        sentence = _("Say that they agreed to sign and to be named, and that you can show it.")
        raise Refused(sentence, "authority")


def _form_again(
    slug: str, form: Posted, desk: Desk, refusal: DomainError, errors: dict[str, str]
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        return _form(desk, db, organiser, letter, form.values, errors, code=refusal.status)


def _form(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    **answer: Any,
) -> Response:
    return desk.page(
        "desk/report.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        form=form_view(values, errors),
        countries=countries.choices(i18n.language()),
        languages=[(tag, i18n.named(tag)) for tag in letter.languages],
        today=db.now.date().isoformat(),
        **answer,
    )


def _view(
    db: Db,
    report: Report,
    endorsement: Endorsement,
    reported_by: str,
    mail: OutboxMail | None,
) -> SimpleNamespace:
    address = endorsements.address_of(db, endorsement)
    waits = endorsement.is_reported and endorsement.status in ("pending", "approved")
    return SimpleNamespace(
        id=endorsement.id,
        listed_name=endorsement.listed_name,
        kind=endorsement.kind,
        country=endorsement.country,
        name=endorsement.name if endorsement.kind == "organisation" else "",
        role=endorsement.role,
        visibility=endorsement.visibility,
        status=endorsement.status,
        is_reported=endorsement.is_reported,
        confirmed_at=endorsement.verified_at,
        email_masked=mailboxes.masked(address) if address else "",
        mail_state="held" if endorsement.mail_held_at else mail.state if mail else "",
        mail_error=mail.answer if mail else None,
        received=report.received,
        received_on=report.received_on,
        note=report.note,
        reported_by=reported_by,
        reported_at=report.created_at,
        asked_at=report.asked_at,
        may_ask=bool(waits and address),
    )
