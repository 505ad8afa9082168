"""Mails to signers about their own endorsement, with a fresh manage link."""

from typing import Any

from app import links, mail, outbox
from app.db import Db
from app.endorsements import Endorsement
from app.letters import Letter
from app.mail import MAILS


def tell(db: Db, endorsement: Endorsement, letter: Letter, name: str, **facts: Any) -> None:
    """Queues the mail `name` (one of app.mail) for the signer."""
    assert name in MAILS, name
    secret = links.make(db, links.MANAGE, endorsement_id=endorsement.id)
    outbox.enqueue(
        db,
        name,
        {
            "to": db.keys.unseal(endorsement.address),
            "language": endorsement.language,
            "letter": mail.letter_facts(letter),
            "listed_name": endorsement.listed_name,
            "secret": secret,
            **facts,
        },
        mailbox=endorsement.mailbox,
        letter_id=letter.id,
        endorsement_id=endorsement.id,
        link=links.digest(secret),
    )
