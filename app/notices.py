"""Mails to signers about their own endorsement, with a fresh manage link."""

from typing import Any

from app import links, mail, outbox
from app.db import Db
from app.endorsements import Endorsement, address_of
from app.letters import Letter
from app.mail import MAILS


def tell(db: Db, endorsement: Endorsement, letter: Letter, name: str, **facts: Any) -> None:
    """Queues the mail `name` (one of app.mail) for the signer, if we still know the address."""
    assert name in MAILS, name
    address = address_of(db, endorsement)
    if not address:
        return
    secret = links.make(db, links.MANAGE, endorsement_id=endorsement.id)
    outbox.enqueue(
        db,
        name,
        {
            "to": address,
            "language": endorsement.language,
            "letter": mail.letter_facts(letter, endorsement.language),
            "listed_name": endorsement.listed_name,
            "secret": secret,
            **facts,
        },
        mailbox=endorsement.mailbox,
        letter_id=letter.id,
        endorsement_id=endorsement.id,
        link=links.digest(secret),
    )
