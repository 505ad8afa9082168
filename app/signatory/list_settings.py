"""How the list of a letter is sorted, grouped and set."""

from typing import Any

from app.db import Db
from app.errors import Refused
from app.i18n import _
from app.letter.letters import Letter, Order, set_facts
from app.trail import audit

ORDERS: tuple[Order, ...] = ("collation", "manual", "time", "country")
ARTICLES = ("keep", "skip")
LIST_FORMS = ("names", "table")
GROUPINGS = ("none", "country", "region", "category")
MOST_COLUMNS = 3


def set_order(
    db: Db, letter: Letter, order: str, articles: str, leads_first: bool, *, by: audit.Actor
) -> None:
    if order not in ORDERS:
        raise Refused(_("Choose one of the orders offered."), "order")
    if articles not in ARTICLES:
        raise Refused(_("Choose whether leading articles count."), "articles")
    facts: dict[str, Any] = {"order": order, "articles": articles, "leads_first": leads_first}
    set_facts(db, letter, "order set", facts, by)


def set_list_form(
    db: Db,
    letter: Letter,
    *,
    list_form: str,
    list_columns: int,
    grouped_by: str,
    logo_wall: bool,
    by: audit.Actor,
) -> None:
    """How the list stands in the letter: as names or a table, in groups, and with a wall of logos
    below it."""
    if list_form not in LIST_FORMS or not 0 <= list_columns <= MOST_COLUMNS:
        raise Refused(_("Choose one of the forms offered."), "list_form")
    if grouped_by not in GROUPINGS:
        raise Refused(_("Choose one of the groups offered."), "grouped_by")
    facts: dict[str, Any] = {
        "list_form": list_form,
        "list_columns": list_columns,
        "grouped_by": grouped_by,
        "logo_wall": logo_wall,
    }
    set_facts(db, letter, "list form set", facts, by)
