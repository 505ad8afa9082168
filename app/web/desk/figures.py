"""The figures of a sign-on, as charts with a table behind each."""

from collections.abc import Sequence
from types import SimpleNamespace

from fastapi import APIRouter
from starlette.responses import Response

from app import charts, figures, i18n
from app.figures import Figures
from app.i18n import _
from app.name import countries
from app.organiser import organisers
from app.web.desk.access import AtDesk
from app.web.views import letter_view

router = APIRouter()

# What a chart shows at most; the table beside it has all.
MOST_LINES = 15


@router.get("/desk/letters/{slug}/figures")
def figures_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        found = figures.of_letter(db, letter)
        return desk.page(
            "desk/figures.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            progress=_progress(found),
            funnel=_funnel(found),
            countries=_lines([(_country(code), number) for code, number in found.countries]),
            failures=_lines(found.failures),
        )


def _progress(found: Figures) -> SimpleNamespace | None:
    if not found.periods:
        return None
    days = [i18n.format_day(period.first) for period in found.periods]
    series = [
        (_("Signed"), [period.signed for period in found.periods]),
        (_("Approved"), [period.approved for period in found.periods]),
    ]
    # The newest first in the table, and no line for days on which nothing happened.
    busy = [one for one in found.periods if one.signed or one.verified or one.approved]
    return SimpleNamespace(
        chart=charts.columns(days, series), weekly=found.weekly, periods=busy[::-1]
    )


def _funnel(found: Figures) -> SimpleNamespace:
    steps = [
        (_("Invited"), found.funnel.invited),
        (_("Signed"), found.funnel.signed),
        (_("Confirmed"), found.funnel.verified),
        (_("Approved"), found.funnel.approved),
    ]
    return _lines([(name, number) for name, number in steps if number is not None])


def _lines(rows: Sequence[tuple[str, int]]) -> SimpleNamespace:
    shown = rows[:MOST_LINES]
    is_empty = not any(number for _name, number in rows)
    chart = None if is_empty else charts.lines([n for n, _k in shown], [k for _n, k in shown])
    return SimpleNamespace(chart=chart, rows=rows, left_out=len(rows) - len(shown))


def _country(code: str) -> str:
    return countries.name(code, i18n.language()) if code else _("No country given")
