"""Mails to signers about their own endorsement, with a fresh manage link."""

from datetime import timedelta
from typing import Any

from app import links, mail, outbox
from app.db import Db
from app.endorsements import Endorsement, address_of
from app.letters import Letter
from app.mail import MAILS

# So long a notice waits that a newer one would replace.
PAUSE = timedelta(minutes=10)


def tell_once(db: Db, endorsement: Endorsement, letter: Letter, name: str, **facts: Any) -> None:
    """The same as `tell` for what may change again soon: only the last of several leaves.

    So nobody can fill a signer's mailbox by setting the same thing over and over.
    """
    outbox.take_back(db, name, endorsement.id)
    tell(db, endorsement, letter, name, after=PAUSE, **facts)


def tell(
    db: Db,
    endorsement: Endorsement,
    letter: Letter,
    name: str,
    *,
    after: timedelta = timedelta(),
    **facts: Any,
) -> None:
    """Queues the mail `name` (one of app.mail) for the signer, if we still know the address."""
    assert name in MAILS, name
    address = address_of(db, endorsement)
    # Whoever was reported gets a manage link once the address has proven to be theirs.
    if not address or endorsement.is_reported:
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
        after=after,
    )
