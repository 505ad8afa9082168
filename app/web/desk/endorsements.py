"""The review queue: what waits, what speaks for and against it."""

from types import SimpleNamespace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from app.db import Db
from app.dispute import dispute_decisions
from app.endorsement import decisions, endorsement_lists, review_queue
from app.endorsement.decisions import Decision
from app.endorsement.endorsements import Endorsement
from app.endorsement.review_queue import CORRECTION, DISPUTED, FILTERS, ORDERS, TABS, Asked
from app.errors import NotFound
from app.i18n import _, ngettext
from app.letter.letters import Letter
from app.organiser import organisers
from app.organiser.organisers import Organiser
from app.signer import corrections
from app.web.desk import entries
from app.web.desk.access import AtDesk, Desk
from app.web.desk.entries import QUEUE
from app.web.views import letter_view

router = APIRouter()

PAGE_LINES = 50


@router.get(QUEUE)
def queue(
    slug: str,
    desk: AtDesk,
    status: str = "verified",
    order: str = "oldest",
    only: str = "",
    q: str = "",
    after: str = "",
    done: str = "",
) -> Response:
    asked = Asked(status, order, only, q, after)
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        if status not in TABS or order not in ORDERS or only not in FILTERS:
            raise NotFound(_("There is no such list."))
        return queue_page(desk, db, organiser, letter, asked, done=notice(db, letter, done))


def queue_page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    asked: Asked,
    *,
    done: SimpleNamespace | None = None,
    refused: str = "",
    code: int = 200,
) -> Response:
    """`refused` is the sentence for what couldn't be done from this page."""
    found = review_queue.page(db, letter, organiser, asked, PAGE_LINES)
    shown = entries.views(db, letter, organiser, found.endorsements)
    counts = endorsement_lists.counts(db, [letter.id])[letter.id]
    counts[CORRECTION] = corrections.count(db, letter)
    counts[DISPUTED] = dispute_decisions.count(db, letter)
    following = entries.query(asked._replace(after=found.after))
    first = entries.query(asked._replace(after=""))
    return desk.page(
        "desk/endorsements.html",
        db,
        organiser,
        code=code,
        letter=letter_view(letter, db.now),
        asked=asked,
        tab=lambda **other: entries.query(asked._replace(**other)),
        back=entries.query(asked).removeprefix("?"),
        counts=counts,
        endorsements=shown,
        choosable=sum("approval" in entry.moves for entry in shown),
        moves={move for entry in shown for move in entry.moves},
        done=done,
        refused=refused,
        next_url=following if found.after else None,
        prev_url=first if asked.after else None,
    )


def notice(db: Db, letter: Letter, done: str) -> SimpleNamespace | None:
    """What the queue says was done: a decision by its id, with a way back while there is one."""
    kind, _dot, number = done.partition(".")
    sentences = {
        "edited": _("Saved. The signer is told of the change by mail."),
        "kept": _("The line is on the list. A signer whose line was hidden is told by mail."),
        "asked": _("The question is on its way. The answer will stand here, before all others."),
    }
    if kind == "approved" and number.isdecimal() and len(number) < 6:
        sentence = ngettext("%(num)s was approved.", "%(num)s were approved.", int(number))
        return _said(sentence % {"num": int(number)})
    if kind in sentences:
        return _said(sentences[kind])
    try:
        found = decisions.of_letter(db, letter, UUID(done))
    except ValueError:
        return None
    return _decided(db, *found) if found else None


def _decided(db: Db, decision: Decision, endorsement: Endorsement) -> SimpleNamespace:
    name = {"name": endorsement.listed_name}
    if decision.undone_at:
        return _said(_("Taken back: “%(name)s” is as it was before.") % name)
    sentence = (
        _("Approved: “%(name)s”.") if decision.status == "approved" else _("Declined: “%(name)s”.")
    )
    can_undo = decision.is_undoable(db.now) and endorsement.status == decision.status
    return _said(sentence % name, decision.id if can_undo else None, endorsement.id)


def _said(
    sentence: str, decision_id: UUID | None = None, about: UUID | None = None
) -> SimpleNamespace:
    return SimpleNamespace(sentence=sentence, decision_id=decision_id, about=about)
