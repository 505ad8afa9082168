"""Several reported sign-ons at once: the list, what it says row by row, and entering it.

The list travels with the page in a field of its own, so that nothing of it is lost between the
steps; each step reads and checks all of it anew.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import sheets
from app.db import Db
from app.endorsement import report_lists, reported
from app.endorsement.report_lists import HEADINGS, Checked
from app.errors import Conflict, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.sheets import Row, Sheet
from app.web.desk.access import AtDesk, Desk
from app.web.desk.reported import REPORTED, must_be_attested
from app.web.forms import LONGEST_TEXT, Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

# Each page shows so many of the good rows, and all that are wrong.
FIRST_ROWS = 100


@router.get(REPORTED + "/import")
def import_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        return _form(desk, db, organiser, letter, {})


@router.post(REPORTED + "/import")
def preview(slug: str, form: Form, desk: AtDesk) -> Response:
    """What would come of the list; nothing is entered."""
    desk.admit(form)
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        try:
            reported.must_be_reportable(letter)
            sheet = _typed(form)
            lines = _checked(desk, db, letter, sheet, form)
            return _preview(desk, db, organiser, letter, sheet, lines, form.values)
        except (Refused, Conflict) as refusal:
            at = getattr(refusal, "field", None) or ""
            errors = {at: refusal.sentence}
            return _form(desk, db, organiser, letter, form.values, errors, code=refusal.status)


@router.post(REPORTED + "/rows")
def enter(slug: str, form: Form, desk: AtDesk) -> Response:
    """Enters the good rows; the others come back, to be corrected and sent again."""
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            must_be_attested(form)
            sheet = _carried(form)
            lines = _checked(desk, db, letter, sheet, form)
            entries = [line.entry for line in lines if line.entry]
            if not entries:
                raise Refused(_("No row of this list can be entered as it is."), "rows")
            reported.enter(db, letter, entries, by=organiser)
    except (Refused, Conflict) as refusal:
        return _preview_again(slug, form, desk, refusal)
    left = [line for line in lines if not line.entry]
    if not left:
        address = f"/desk/letters/{slug}/reported?entered={len(entries)}"
        return RedirectResponse(address, status_code=303)
    with desk.reading() as (db, organiser):
        values = {**form.values, "pasted": _as_text(sheet.headings, [one.row for one in left])}
        return _form(desk, db, organiser, letter, values, entered=len(entries), left=left)


def _typed(form: Posted) -> Sheet:
    """A file, else what was pasted."""
    if form.files.get("file"):
        return sheets.read(form.files["file"], form.file_names.get("file", ""))
    if not form.get("pasted").strip():
        raise Refused(_("Choose a file, or paste rows."), "file")
    return sheets.pasted(form.get("pasted"))


def _carried(form: Posted) -> Sheet:
    """The list as the page before carried it."""
    try:
        rows = orjson.loads(form.get("rows"))
        return Sheet(tuple(Row(int(number), tuple(map(str, cells))) for number, cells in rows))
    except (ValueError, TypeError, OverflowError):
        raise Refused(
            _("The list was lost on the way. Please bring it in again."), "rows"
        ) from None


def _checked(desk: Desk, db: Db, letter: Letter, sheet: Sheet, defaults: Posted) -> list[Checked]:
    return report_lists.of_sheet(
        db,
        letter,
        sheet,
        {field: defaults.get(field) for field in ("received", "received_on")},
        allow_special=desk.site.settings.is_loopback,
    )


def _preview_again(slug: str, form: Posted, desk: Desk, refusal: Refused | Conflict) -> Response:
    at = getattr(refusal, "field", None) or ""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        if at == "file" or (at == "rows" and not form.get("rows")):
            errors = {at: refusal.sentence}
            return _form(desk, db, organiser, letter, form.values, errors, code=refusal.status)
        try:
            sheet = _carried(form)
        except Refused as lost:
            return _form(desk, db, organiser, letter, form.values, {"": lost.sentence}, code=422)
        lines = _checked(desk, db, letter, sheet, form)
        errors = {at: refusal.sentence}
        return _preview(
            desk, db, organiser, letter, sheet, lines, form.values, errors, code=refusal.status
        )


def _form(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    *,
    entered: int = 0,
    left: list[Checked] | None = None,
    **answer: Any,
) -> Response:
    return desk.page(
        "desk/report_import.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        form=form_view(values, errors),
        accept=",".join(sheets.SUFFIXES),
        headings=[names[0] for names in HEADINGS.values()],
        today=db.now.date().isoformat(),
        entered=entered,
        left=left or [],
        **answer,
    )


def _preview(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    sheet: Sheet,
    lines: list[Checked],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    **answer: Any,
) -> Response:
    rows = orjson.dumps([[row.number, row.cells] for row in sheet.rows]).decode()
    if len(rows) > LONGEST_TEXT:
        raise Refused(_("This list is too long to bring in at once. Divide it."), "file")
    good = [line for line in lines if line.entry]
    return desk.page(
        "desk/report_preview.html",
        db,
        organiser,
        letter=letter_view(letter, db.now),
        form=form_view(values, errors),
        rows=rows,
        as_text=_as_text(sheet.headings, sheet.below_headings().rows),
        good=good[:FIRST_ROWS],
        number=len(good),
        asked=sum(bool(line.entry and line.entry.submission.email) for line in good),
        bad=[line for line in lines if not line.entry],
        **answer,
    )


def _as_text(headings: Sequence[str], rows: Iterable[Row]) -> str:
    """The rows under their headings, as a spreadsheet gives them to the clipboard."""
    text = StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerows((headings, *(row.cells for row in rows)))
    return text.getvalue()
