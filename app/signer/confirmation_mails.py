"""The mails that ask a signer to confirm: what they signed, or what an organiser reported."""

from typing import Any

from app import links
from app.db import Db
from app.endorsement import endorsements
from app.letter.letters import Letter
from app.mailing import mail, outbox
from app.organiser import as_seen


def mail_confirmation(db: Db, signer: Any, letter: Letter, *, to: str, by_stranger: bool) -> None:
    """Queues the confirmation mail of a pending endorsement with a fresh link.

    `signer` has an endorsement's fields.
    """
    name = mail.confirm.__name__
    enqueue(db, name, links.CONFIRM, signer, letter, to=to, by_stranger=by_stranger)


def enqueue(
    db: Db,
    name: str,
    purpose: str,
    signer: Any,
    letter: Letter,
    *,
    to: str,
    by_stranger: bool,
    **facts: str,
) -> None:
    """Queues the mail of that name, one of app.mailing.mail, with a fresh link of that purpose."""
    shown = as_seen.shown(letter.sha256, signer)
    secret = links.make(db, purpose, endorsement_id=signer.id, shown=shown)
    outbox.enqueue(
        db,
        name,
        {**_facts_of(signer, letter, to=to), **facts, "secret": secret},
        mailbox=signer.mailbox,
        letter_id=letter.id,
        endorsement_id=signer.id,
        link=links.digest(secret),
        by_stranger=by_stranger,
    )


def _facts_of(signer: Any, letter: Letter, *, to: str) -> dict[str, Any]:
    """What mails that ask to confirm say of a signer, and of the text that is signed."""
    return {
        "to": to,
        "language": endorsements.mail_language(signer),
        "letter": mail.letter_facts(letter, signer.language),
        "kind": signer.kind,
        "listed_name": endorsements.listed_name(signer),
        "name": signer.name,
        "visibility": signer.visibility,
        "version": letter.version,
        "sha256": letter.sha256,
    }
