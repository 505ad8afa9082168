"""Who works on a letter: the team's page, and what owners change about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from app.db import Db
from app.errors import Conflict, Refused, TooMany
from app.i18n import _
from app.letter import letter_moves
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.organiser import (
    agreements,
    colleagues,
    organisers,
    proposals,
    roles,
    team,
    team_invitations,
    team_moves,
    two_person,
)
from app.organiser.organisers import Organiser
from app.organiser.proposals import Proposal
from app.organiser.roles import OWN
from app.web.desk.access import AtDesk, Desk
from app.web.forms import Form, Posted
from app.web.views import form_view, letter_view

router = APIRouter()

TEAM = "/desk/letters/{slug}/team"
MEMBER = TEAM + "/{organiser_id}"
INVITED = TEAM + "/invitations/{team_invitation_id}"
RULE = "/desk/letters/{slug}/two-person-rule"


@router.get(TEAM)
def team_page(slug: str, desk: AtDesk) -> Response:
    return _page(slug, desk)


@router.post(TEAM + "/invitations")
def invite(slug: str, form: Form, desk: AtDesk) -> Response:
    try:
        with changing(slug, form, desk) as (db, organiser, letter):
            email = _checked_email(form.get("email"), desk)
            proposal = team_moves.invite(
                db, letter, email, form.get("name"), form.get("role"), by=organiser
            )
    except Refused as refused:
        errors = {refused.field or "": refused.sentence}
        return _page(slug, desk, form.values, errors, code=refused.status)
    except TooMany as refusal:
        return _page(slug, desk, form.values, {"": refusal.sentence}, code=refusal.status)
    return _onwards(slug, proposal)


@router.post(INVITED + "/mail")
def send_again(slug: str, team_invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    with changing(slug, form, desk) as (db, organiser, letter):
        invitation = team_invitations.of_letter(db, letter, team_invitation_id)
        team_invitations.send_again(db, letter, invitation, by=organiser)
    return _to_team(slug)


@router.post(INVITED + "/withdrawal")
def take_back(slug: str, team_invitation_id: UUID, form: Form, desk: AtDesk) -> Response:
    with changing(slug, form, desk) as (db, organiser, letter):
        invitation = team_invitations.of_letter(db, letter, team_invitation_id)
        team_invitations.take_back(db, invitation, by=organiser.actor)
    return _to_team(slug)


@router.post(MEMBER + "/role")
def change_role(slug: str, organiser_id: UUID, form: Form, desk: AtDesk) -> Response:
    with changing(slug, form, desk) as (db, organiser, letter):
        changed = team.member(db, letter, organiser_id, form.get("seen"))
        proposal = team_moves.change_role(db, letter, changed, form.get("role"), by=organiser)
    return _onwards(slug, proposal)


@router.post(MEMBER + "/removal")
def remove(slug: str, organiser_id: UUID, form: Form, desk: AtDesk) -> Response:
    with changing(slug, form, desk) as (db, organiser, letter):
        removed = team.member(db, letter, organiser_id, form.get("seen"))
        team.remove(db, letter, removed, by=organiser)
    return _to_team(slug)


@router.post(TEAM + "/departure")
def leave(slug: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        team.leave(db, letter, team.member(db, letter, organiser.id))
    return RedirectResponse("/desk/letters", status_code=303)


@router.post(RULE)
def begin_rule(slug: str, form: Form, desk: AtDesk) -> Response:
    with changing(slug, form, desk) as (db, organiser, letter):
        team_moves.begin_rule(db, letter, by=organiser)
    return _to_team(slug)


@router.post(RULE + "/end")
def end_rule(slug: str, form: Form, desk: AtDesk) -> Response:
    with changing(slug, form, desk) as (db, organiser, letter):
        if not letter.two_person:
            raise Conflict(_("The two-person rule is off already."))
        agreements.carry_out(db, letter, organiser, letter_moves.RULE_END, {})
    return RedirectResponse(f"/desk/letters/{slug}/agreements", status_code=303)


@contextmanager
def changing(slug: str, form: Posted, desk: Desk) -> Iterator[tuple[Db, Organiser, Letter]]:
    """What every change of a team needs: an owner, in a fresh session."""
    with desk.writing(form, fresh_for=f"/desk/letters/{slug}/team") as (db, organiser):
        yield db, organiser, organisers.letter_of(db, organiser, slug, OWN)


def _checked_email(typed: str, desk: Desk) -> str:
    try:
        return mailboxes.checked(typed, allow_special=desk.site.settings.is_loopback)
    except Refused as refused:
        raise Refused(refused.sentence, "email") from refused


def _onwards(slug: str, proposal: Proposal | None) -> Response:
    """To what waits for another owner, if it does."""
    if proposal is None:
        return _to_team(slug)
    return RedirectResponse(f"/desk/letters/{slug}/agreements", status_code=303)


def _to_team(slug: str) -> Response:
    return RedirectResponse(f"/desk/letters/{slug}/team", status_code=303)


def _page(
    slug: str,
    desk: Desk,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    code: int = 200,
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        is_owner = OWN in roles.abilities(db, organiser.id, letter.id)
        return desk.page(
            "desk/team.html",
            db,
            organiser,
            code=code,
            letter=letter_view(letter, db.now),
            is_fresh=desk.session.is_fresh(db.now),
            members=_members(db, letter, organiser, is_owner=is_owner),
            invitations=_invitations(db, letter) if is_owner else [],
            choices=[(role, roles.role_name(role)) for role in roles.ROLES],
            explained=[(roles.role_name(role), roles.role_help(role)) for role in roles.ROLES],
            rule_end_waits=any(
                one.action == letter_moves.RULE_END.name for one in proposals.waiting(db, letter)
            ),
            has_two_owners=two_person.owners(db, letter) >= two_person.OWNERS,
            form=form_view({"role": "viewer", **(typed or {})}, errors),
        )


def _members(
    db: Db, letter: Letter, organiser: Organiser, *, is_owner: bool
) -> list[SimpleNamespace]:
    """Addresses in full are for owners."""
    found = team.members(db, letter)
    names = organisers.shown_names(db, [one.organiser for one in found])
    owners = sum(one.role == roles.OWNER for one in found)
    views = []
    for one in found:
        address = db.keys.unseal(one.organiser.address)
        views.append(
            SimpleNamespace(
                id=one.organiser.id,
                name=names[one.organiser.id],
                address=address if is_owner else mailboxes.masked(address),
                role=one.role,
                role_name=roles.role_name(one.role),
                is_me=one.organiser.id == organiser.id,
                is_needed=team.is_needed(letter, one.role, owners),
            )
        )
    return views


def _invitations(db: Db, letter: Letter) -> list[SimpleNamespace]:
    pending = team_invitations.pending(db, letter)
    inviters = colleagues.names(db, {one.invited_by for one in pending})
    return [
        SimpleNamespace(
            id=one.id,
            name=one.name,
            address=db.keys.unseal(one.address),
            role_name=roles.role_name(one.role),
            inviter=inviters[one.invited_by],
            sent_at=one.sent_at,
            has_expired=one.has_expired(db.now),
        )
        for one in pending
    ]
