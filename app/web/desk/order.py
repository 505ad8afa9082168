"""The list of a letter: how it is sorted, how it stands in the letter, and the order by hand."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Refused
from app.letter.letters import Letter
from app.name import countries
from app.organiser import organisers, roles
from app.organiser.organisers import Organiser
from app.signatory import hand_order, list_settings, positions, signatories
from app.signatory.signatories import Listing, Signatory
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

ORDER = "/desk/letters/{slug}/order"
# More fields a form can't carry; whoever has more signatories sorts them by rule and sort keys.
MOST_BY_HAND = 10_000
PREVIEWED = {"organisation": 12, "individual": 3}
CHECKBOXES = ("leads_first", "logo_wall")


@router.get(ORDER)
def order_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        return _page(desk, db, organiser, organisers.letter_of(db, organiser, slug))


@router.post(ORDER)
def set_order(slug: str, form: Form, desk: AtDesk) -> Response:
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            list_settings.set_order(
                db,
                letter,
                form.get("order"),
                form.get("articles"),
                form.get("leads_first") == "yes",
                by=organiser.actor,
            )
    except Refused as refused:
        return _page_again(slug, form, desk, refused)
    return _to_page(slug)


@router.post("/desk/letters/{slug}/list-form")
def set_list_form(slug: str, form: Form, desk: AtDesk) -> Response:
    typed = form.get("list_form")
    columns = {"auto": 0, "1": 1, "2": 2, "3": 3}
    try:
        with desk.writing(form) as (db, organiser):
            letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
            list_settings.set_list_form(
                db,
                letter,
                list_form="names" if typed in columns else typed,
                # A table has no columns of names: what was chosen for them stays.
                list_columns=columns.get(typed, letter.list_columns),
                grouped_by=form.get("grouped_by"),
                logo_wall=form.get("logo_wall") == "yes",
                by=organiser.actor,
            )
    except Refused as refused:
        return _page_again(slug, form, desk, refused)
    return _to_page(slug)


@router.post(ORDER + "/positions")
def put_in_order(slug: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
        hand_order.put_in_order(db, letter, _ordered(form), by=organiser.actor)
        if letter.order != "manual":
            list_settings.set_order(
                db, letter, "manual", letter.articles, letter.leads_first, by=organiser.actor
            )
    return _to_page(slug)


def _to_page(slug: str) -> Response:
    return RedirectResponse(f"/desk/letters/{slug}/order", status_code=303)


def _page_again(slug: str, form: Posted, desk: Desk, refused: Refused) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        unchecked = dict.fromkeys(CHECKBOXES, "")
        errors = {refused.field or "": refused.sentence}
        return _page(
            desk, db, organiser, letter, {**unchecked, **form.values}, errors, code=refused.status
        )


def _page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    code: int = 200,
) -> Response:
    listing = signatories.listing(db, letter)
    number = len(listing.all)
    return desk.page(
        "desk/order.html",
        db,
        organiser,
        code=code,
        letter=letter_view(letter, db.now),
        form=form_view({**_values(letter), **(typed or {})}, errors),
        order=letter.order,
        preview=_preview(letter, listing),
        parts=_parts(listing) if number <= MOST_BY_HAND else [],
        number=number,
        most_by_hand=MOST_BY_HAND,
    )


def _values(letter: Letter) -> dict[str, str]:
    columns = str(letter.list_columns or "auto")
    return {
        "order": letter.order,
        "articles": letter.articles,
        "leads_first": "yes" if letter.leads_first else "",
        "list_form": "table" if letter.list_form == "table" else columns,
        "grouped_by": letter.grouped_by,
        "logo_wall": "yes" if letter.logo_wall else "",
    }


def _preview(letter: Letter, listing: Listing) -> dict[str, Any]:
    """The first lines, as they stand in the letter."""
    organisations = listing.organisations[: PREVIEWED["organisation"]]
    individuals = listing.individuals[: PREVIEWED["individual"]]
    return {
        "groups": listing.groups(organisations),
        "individuals": individuals,
        "table": letter.list_form == "table",
        "countries": {
            one.country: countries.name(one.country, letter.language)
            for one in organisations
            if one.country
        },
        "columns": letter.list_columns,
        "more": len(listing.all) - len(organisations) - len(individuals),
    }


def _parts(listing: Listing) -> list[dict[str, Any]]:
    """The parts within which lines are moved; `first` is the place of their first line.

    Lead organisations that stand first are a part that stays as it is.
    """
    leads = [line for line in listing.organisations if line.is_lead]
    parts: list[tuple[str, str, Sequence[Signatory]]] = [
        ("leads", "", leads),
        *(
            ("organisations", *group)
            for group in listing.groups(listing.organisations[len(leads) :])
        ),
        ("individuals", "", listing.individuals),
    ]
    firsts = accumulate((len(lines) for _kind, _heading, lines in parts), initial=1)
    return [
        {"kind": kind, "heading": heading, "lines": lines, "first": first}
        for (kind, heading, lines), first in zip(parts, firsts, strict=False)
        if lines
    ]


def _ordered(form: Posted) -> list[str]:
    """The ids by the places typed, as they stood on the page where none was."""
    prefix = "position_"
    standing = [name.removeprefix(prefix) for name in form.values if name.startswith(prefix)]
    standing = form.lists.get("id", standing)
    typed = [form.get(prefix + public_id) for public_id in standing]
    return [standing[index] for index in positions.as_typed(typed)]
