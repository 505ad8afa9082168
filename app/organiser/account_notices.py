"""Mails to organisers about how one gets into their account: whoever did it, they learn of it."""

from app.db import Db
from app.mailing import mailboxes, outbox
from app.organiser import desk_mails
from app.organiser.organisers import Organiser


def tell(db: Db, organiser: Organiser, what: str, name: str = "") -> None:
    """`what` is a key of the sentences in templates/macros/account.txt; `name` a passkey's."""
    address = db.keys.unseal(organiser.address)
    outbox.enqueue(
        db,
        desk_mails.account_changed.__name__,
        {"to": address, "language": organiser.language, "what": what, "name": name},
        mailbox=db.keys.index(mailboxes.canonical(address)),
    )
