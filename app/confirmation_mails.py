"""The mail that asks a signer to confirm, and letting one leave that was held back."""

from typing import Any

from app import (
    as_seen,
    audit,
    endorsements,
    links,
    mail,
    outbox,
    reported,
)
from app.db import Db
from app.endorsements import Endorsement
from app.errors import Conflict
from app.i18n import _
from app.letters import Letter


def release(db: Db, endorsement: Endorsement, letter: Letter, *, by: audit.Actor) -> None:
    """An organiser lets a held-back mail leave."""
    db.refresh(endorsement, with_for_update=True)
    if endorsement.status != "pending" or endorsement.mail_held_at is None:
        raise Conflict(_("This mail has left already."))
    to = endorsements.address_of(db, endorsement)
    if endorsement.is_reported:
        reported.must_be_allowed(db, letter, to, by=by)
    ask = reported.ask if endorsement.is_reported else mail_confirmation
    ask(db, endorsement, letter, to=to, by_stranger=False)
    endorsement.mail_held_at = None
    db.flush()
    audit.record(db, "mail released", by=by, letter_id=letter.id, subject_id=endorsement.id)


def mail_confirmation(db: Db, signer: Any, letter: Letter, *, to: str, by_stranger: bool) -> None:
    """Queues the confirmation mail of a pending endorsement with a fresh link.

    `signer` has an endorsement's fields.
    """
    secret = links.make(
        db,
        links.CONFIRM,
        endorsement_id=signer.id,
        shown=as_seen.shown(letter.sha256, signer),
    )
    outbox.enqueue(
        db,
        mail.confirm.__name__,
        {
            "to": to,
            "language": endorsements.mail_language(signer),
            "letter": mail.letter_facts(letter, signer.language),
            "kind": signer.kind,
            "listed_name": signer.organisation if signer.kind == "organisation" else signer.name,
            "name": signer.name,
            "visibility": signer.visibility,
            "version": letter.version,
            "sha256": letter.sha256,
            "secret": secret,
        },
        mailbox=signer.mailbox,
        letter_id=letter.id,
        endorsement_id=signer.id,
        link=links.digest(secret),
        by_stranger=by_stranger,
    )
