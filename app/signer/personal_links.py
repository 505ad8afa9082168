"""What a personal link offers: the form filled in from the invitation and the address book."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import LIVE, Endorsement
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.name.names import fold
from app.organisation import organisations
from app.signer.submissions import Submission


@dataclass(frozen=True)
class Offer:
    """`values` by the sign form's fields; `logo` a file's name, or ""."""

    values: dict[str, str]
    logo: str
    sort_key: str | None
    organisation_id: UUID | None

    @property
    def is_complete(self) -> bool:
        """Whether one press is enough."""
        needed = ("organisation", "country", "name")
        return all(self.values[field] for field in needed)

    def is_taken_by(self, submission: Submission) -> bool:
        """Whether it is the organisation that was offered that signs: then what the address book
        knows of it goes with it."""
        offered = fold(self.values["organisation"])
        is_organisation = submission.kind == "organisation"
        return is_organisation and bool(offered) and fold(submission.organisation) == offered


def offer(db: Db, invitation: Invitation) -> Offer:
    """What the organisers wrote comes first; the address book fills what they left open."""
    known = organisations.standing(db, invitation.organisation_id)
    is_contact = known is not None and known.mailbox == invitation.mailbox
    person = (known.contact_name, known.contact_role) if known and is_contact else ("", "")
    values = {
        "kind": "organisation",
        "visibility": "public",
        "organisation": invitation.organisation or (known.name if known else ""),
        "website": invitation.website or (known.website if known else ""),
        "country": invitation.country or (known.country if known else ""),
        "name": invitation.name or person[0],
        "role": invitation.role or (person[1] if not invitation.name else ""),
        "email": "",
    }
    return Offer(
        values,
        logo=known.logo if known else "",
        sort_key=known.sort_key if known else None,
        organisation_id=known.id if known else None,
    )


def own_status(db: Db, letter: Letter, invitation: Invitation) -> str:
    """The state of the endorsement made through this link, or from this mailbox, while it is live;
    else "". What colleagues did elsewhere stays theirs: it may be confidential."""
    mine = col(Endorsement.invitation_id) == invitation.id
    if invitation.endorsement_id:
        same_mailbox = col(Endorsement.mailbox) == invitation.mailbox
        mine = mine | ((col(Endorsement.id) == invitation.endorsement_id) & same_mailbox)
    query = select(col(Endorsement.status)).where(
        col(Endorsement.letter_id) == letter.id, mine, col(Endorsement.status).in_(LIVE)
    )
    return db.scalars(query.order_by(col(Endorsement.id).desc()).limit(1)).first() or ""
