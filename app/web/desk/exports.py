"""Taking the register of endorsements out of the desk: a form, and the file it answers with."""

from fastapi import APIRouter
from starlette.responses import Response

from app.endorsement import registers
from app.endorsement.endorsements import STATUSES
from app.errors import Refused
from app.i18n import _
from app.organiser import organisers, roles
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
EXPORT = "/desk/letters/{slug}/export"


@router.get(EXPORT)
def export_page(slug: str, desk: AtDesk) -> Response:
    return _page(slug, desk, Posted({"format": "xlsx"}, {"status": ["approved"]}))


@router.post(EXPORT)
def export(slug: str, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form, fresh_for=EXPORT.format(slug=slug)) as (db, organiser):
            ability = roles.REVIEW if form.get("addresses") else roles.LOOK
            letter = organisers.letter_of(db, organiser, slug, ability)
            content = registers.export(
                db,
                letter,
                form.get("format"),
                form.lists.get("status", []),
                with_addresses=bool(form.get("addresses")),
                by=organiser.actor,
            )
    except Refused as refused:
        return _page(slug, desk, form, refused)
    name = f"{slug}-{db.now:%Y-%m-%d}.{form.get('format')}"
    return Response(
        content,
        media_type=TYPES[form.get("format")],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _page(slug: str, desk: Desk, form: Posted, refused: Refused | None = None) -> Response:
    errors = {refused.field or "": refused.sentence} if refused else {}
    with desk.reading(fresh_for=EXPORT.format(slug=slug)) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        return desk.page(
            "desk/export.html",
            db,
            organiser,
            code=refused.status if refused else 200,
            letter=letter_view(letter, db.now),
            form=form_view(form.values, errors),
            statuses=STATUSES,
            chosen=form.lists.get("status", []),
            formats=[
                ("xlsx", _("Spreadsheet (XLSX)"), ""),
                ("csv", _("CSV"), _("For any program; opens in spreadsheets too.")),
                ("json", _("JSON"), _("For programs.")),
            ],
        )
