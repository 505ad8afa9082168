"""The circulation list at the desk, as a list and as a board: who was asked, who answered."""

from collections.abc import Collection, Sequence
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import Response

from app import i18n
from app.db import Db
from app.errors import DomainError
from app.i18n import _, ngettext
from app.invitation import invitation_lists, invitations, inviting, reminders
from app.invitation.invitation_lists import COLUMNS, NOBODY, UNMAILED, Filter
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.mailing import mailboxes, suppressions
from app.name import countries
from app.organiser import organisers
from app.organiser.organisers import Organiser
from app.web.desk.access import AtDesk, Desk
from app.web.forms import key_of
from app.web.views import form_view, letter_view

router = APIRouter()

LIST = "/desk/letters/{slug}/invitations"
PAGE_LINES = 50
CARDS = 20


@router.get(LIST)
def circulation_list(
    slug: str,
    desk: AtDesk,
    view: str = "list",
    status: str = "",
    owner: str = "",
    country: str = "",
    q: str = "",
    after: str = "",
    done: str = "",
    held: str = "",
) -> Response:
    wanted = Filter(status, owner, country, q[:200])
    held_back = int(held) if held.isdecimal() and len(held) < 6 else 0
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        return list_page(
            desk, db, organiser, letter, wanted, view, after, done=_done(done), held=held_back
        )


def list_page(
    desk: Desk,
    db: Db,
    organiser: Organiser,
    letter: Letter,
    wanted: Filter,
    view: str,
    after: str,
    *,
    done: str = "",
    held: int = 0,
    refused: DomainError | None = None,
    ticked: Collection[UUID] = (),
) -> Response:
    """`refused` is what couldn't be done with those `ticked` on it."""
    counts = invitation_lists.counts(db, letter)
    board = columns(db, letter, wanted) if view == "board" else []
    lines: list[SimpleNamespace] = []
    if view != "board":
        found = invitation_lists.page(db, letter, wanted, after=key_of(after), limit=PAGE_LINES + 1)
        lines = views(db, letter, found)
    parameters = wanted.parameters()
    more = len(lines) > PAGE_LINES
    last = str(lines[PAGE_LINES - 1].id) if more else ""
    address = LIST.format(slug=letter.slug)
    return desk.page(
        "desk/invitations.html",
        db,
        organiser,
        code=refused.status if refused else 200,
        letter=letter_view(letter, db.now),
        view="board" if view == "board" else "list",
        after=after,
        counts=counts,
        total=sum(counts.values()),
        columns=COLUMNS,
        board=board,
        lines=lines[:PAGE_LINES],
        matching=invitation_lists.number(db, letter, wanted) if parameters else None,
        form=form_view(parameters),
        owners=owner_choices(db, letter),
        states=_states(),
        countries=_countries(db, letter),
        unfiltered=not parameters,
        query=urlencode(parameters),
        next_url=f"{address}?{urlencode({**parameters, 'after': last})}" if more else None,
        prev_url=f"{address}?{urlencode(parameters)}" if after else None,
        done=done,
        held=held,
        why_held=inviting.held_back(db, letter, by=organiser.actor) if held else "",
        refused=refused.sentence if refused else "",
        ticked=ticked,
        stopped=reminders.are_stopped(db, letter),
    )


def columns(db: Db, letter: Letter, wanted: Filter) -> list[tuple[str, list[SimpleNamespace]]]:
    """The first cards of each column of the board, under the filter's other conditions."""
    shown = []
    for column in COLUMNS:
        if wanted.status in ("", column):
            narrowed = Filter(column, wanted.owner, wanted.country, wanted.words)
            found = invitation_lists.page(db, letter, narrowed, limit=CARDS)
            shown.append((column, list(found)))
    owners = dict(invitation_lists.organisers_of(db, letter))
    return [(column, [_view(db, one, owners) for one in found]) for column, found in shown]


def views(db: Db, letter: Letter, found: Sequence[Invitation]) -> list[SimpleNamespace]:
    """Lines as the list shows them, with what is known of their mailboxes."""
    owners = dict(invitation_lists.organisers_of(db, letter))
    ids = [invitation.id for invitation in found]
    closed = suppressions.unwanted(col(Invitation.mailbox), letter.id)
    unwanted = set(
        db.scalars(select(col(Invitation.id)).where(col(Invitation.id).in_(ids), closed))
    )
    lines = [_view(db, invitation, owners) for invitation in found]
    for line in lines:
        line.unwanted = line.id in unwanted
    return lines


def owner_choices(db: Db, letter: Letter) -> list[tuple[str, str]]:
    named = [(str(id_), name) for id_, name in invitation_lists.organisers_of(db, letter)]
    return [(NOBODY, _("Nobody")), *named]


def _states() -> list[tuple[str, str]]:
    names = {
        UNMAILED: _("Not mailed yet"),
        "invited": _("Invited"),
        "promised": _("Promised"),
        "signed": _("Signed"),
        "declined": _("Will not sign"),
        "bounced": _("Mail refused"),
    }
    return [(column, names[column]) for column in COLUMNS]


def _countries(db: Db, letter: Letter) -> list[tuple[str, str]]:
    codes = set(invitation_lists.countries(db, letter))
    return [choice for choice in countries.choices(i18n.language()) if choice[0] in codes]


def _view(db: Db, invitation: Invitation, owners: dict[UUID, str]) -> SimpleNamespace:
    is_unmailed = invitation.status == "invited" and invitation.invited_at is None
    masked = mailboxes.masked(invitations.address_of(db, invitation))
    return SimpleNamespace(
        id=invitation.id,
        listed_name=invitation.listed_name or masked,
        organisation=invitation.organisation,
        website=invitation.website,
        country=invitation.country,
        name=invitation.name,
        role=invitation.role,
        language=invitation.language,
        email_masked=masked,
        column=UNMAILED if is_unmailed else invitation.status,
        status=invitation.status,
        owner=owners.get(invitation.owner_id, "") if invitation.owner_id else "",
        note=invitation.note,
        reason=invitation.reason,
        promised_until=invitation.promised_until,
        invited_at=invitation.invited_at,
        answered_at=invitation.answered_at,
        stopped_at=invitation.stopped_at,
        created_at=invitation.created_at,
        unwanted=False,
    )


def _done(done: str) -> str:
    """The sentence for what was just done: "sent-12" comes from an action's redirect."""
    action, _dash, typed = done.partition("-")
    number = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
    sentences = {
        "sent": ngettext(
            "%(num)s invitation leaves now.", "%(num)s invitations leave now.", number
        ),
        "reminded": ngettext(
            "%(num)s reminder leaves now.", "%(num)s reminders leave now.", number
        ),
        "assigned": ngettext(
            "%(num)s invitation was assigned.", "%(num)s invitations were assigned.", number
        ),
        "removed": ngettext(
            "%(num)s invitation was removed.", "%(num)s invitations were removed.", number
        ),
        "taken": ngettext(
            "%(num)s invitation was taken in. Nobody was written to yet.",
            "%(num)s invitations were taken in. Nobody was written to yet.",
            number,
        ),
    }
    return sentences[action] % {"num": number} if action in sentences else ""
