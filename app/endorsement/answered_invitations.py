"""Which invitation an endorsement answers, as evidence for organisers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.endorsement.evidence import Finding
from app.i18n import _
from app.invitation.invitations import Invitation
from app.mailing import mailboxes


def findings(db: Db, endorsements: Sequence[Endorsement]) -> dict[UUID, list[Finding]]:
    """Of those that answer a personal invitation: whether it was sent to the same address."""
    ids = {one.invitation_id for one in endorsements if one.invitation_id}
    if not ids:
        return {}
    query = select(Invitation).where(col(Invitation.id).in_(ids))
    invited = {invitation.id: invitation for invitation in db.scalars(query)}
    return {
        one.id: [_finding(db, one, invited[one.invitation_id])]
        for one in endorsements
        if one.invitation_id in invited
    }


def _finding(db: Db, endorsement: Endorsement, invitation: Invitation) -> Finding:
    if invitation.mailbox == endorsement.mailbox:
        return Finding("good", _("It answers the invitation sent to this address."))
    address = db.keys.unseal(invitation.address) if invitation.address else ""
    if not address:
        return Finding("info", _("It answers an invitation."))
    return Finding(
        "info",
        _("It answers an invitation that was sent to another address, %(address)s.")
        % {"address": mailboxes.masked(address)},
    )
