"""What will look wrong in print, for organisers to look through before an edition."""

from collections.abc import Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app import weeding
from app.db import Db
from app.endorsement import endorsement_lists
from app.errors import NotFound
from app.i18n import _
from app.letter.letters import Letter
from app.organiser import organisers
from app.signatory.signatories import Signatory
from app.web.desk.access import AtDesk
from app.web.views import letter_view
from app.weeding import Finding

router = APIRouter()

# Of each kind on the page of all, and on a page of one kind.
FIRST_LINES = 10
PAGE_LINES = 100


@router.get("/desk/letters/{slug}/weeding")
def weeding_page(slug: str, desk: AtDesk, kind: str = "", sheet: int = 1) -> Response:
    """All kinds with their first findings, or a `sheet` of one kind."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        if kind and kind not in weeding.KINDS:
            raise NotFound(_("There is no such list."))
        listing = desk.site.shelf.listing(db, letter)
        found = weeding.of_letter(db, letter, listing)
        kinds = {key: list(group) for key, group in groupby(found, lambda finding: finding.kind)}
        context = _one(kinds.get(kind, []), sheet) if kind else {}
        if kind and not context:  # mended meanwhile
            return RedirectResponse(f"/desk/letters/{slug}/weeding", status_code=303)
        shown = {kind: context.pop("shown")} if kind else _first(kinds)
        return desk.page(
            "desk/weeding.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            listed=listing.count["total"],
            counts=_counts(found),
            kind=kind,
            kinds=_kinds(db, letter, shown, kinds),
            **{"prev_url": None, "next_url": None, **context},
        )


def _first(kinds: dict[str, list[Finding]]) -> dict[str, Sequence[Finding]]:
    return {kind: found[:FIRST_LINES] for kind, found in kinds.items()}


def _one(found: Sequence[Finding], sheet: int) -> dict[str, Any]:
    """The findings of one sheet, and the addresses of those before and after it; nothing if there
    is no such sheet."""
    start = (max(sheet, 1) - 1) * PAGE_LINES
    shown = found[start : start + PAGE_LINES]
    if not shown:
        return {}

    def address(number: int) -> str:
        return f"?{urlencode({'kind': shown[0].kind, 'sheet': number})}"

    return {
        "shown": shown,
        "prev_url": address(sheet - 1) if start else None,
        "next_url": address(sheet + 1) if start + PAGE_LINES < len(found) else None,
    }


def _counts(found: Sequence[Finding]) -> dict[str, int]:
    wrong = sum(finding.severity == "wrong" for finding in found)
    return {"wrong": wrong, "look": len(found) - wrong}


def _kinds(
    db: Db,
    letter: Letter,
    shown: dict[str, Sequence[Finding]],
    kinds: dict[str, list[Finding]],
) -> list[SimpleNamespace]:
    lines = {
        line.id
        for found in shown.values()
        for finding in found
        for line in (finding.line, finding.other)
        if line
    }
    ids = endorsement_lists.ids_of(db, lines)
    return [
        SimpleNamespace(
            key=kind.replace(" ", "-"),
            heading=weeding.heading(kind),
            severity=weeding.KINDS[kind],
            count=len(kinds[kind]),
            findings=[_view(finding, letter, ids) for finding in found],
            rest=len(kinds[kind]) - len(found),
            all_url=f"?{urlencode({'kind': kind})}",
        )
        for kind, found in shown.items()
    ]


def _view(finding: Finding, letter: Letter, ids: dict[str, UUID]) -> SimpleNamespace:
    name = finding.line.listed_name if finding.line else ""
    return SimpleNamespace(
        name=name,
        url=_in_queue(letter, finding.line, ids),
        text=finding.text if finding.text != name else "",
        sentence=finding.sentence,
        suggestion=finding.suggestion,
        other_url=_in_queue(letter, finding.other, ids),
        is_of_order=finding.kind == "article",
    )


def _in_queue(letter: Letter, line: Signatory | None, ids: dict[str, UUID]) -> str:
    """Where the line stands among the approved; "" if it went meanwhile."""
    if not line or line.id not in ids:
        return ""
    query = urlencode({"status": "approved", "q": line.listed_name})
    return f"/desk/letters/{letter.slug}/endorsements?{query}#e-{ids[line.id]}"
