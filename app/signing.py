"""Signing: from what somebody typed to a pending endorsement and the mail that confirms it.

Whoever signs sees the same page; only the mail tells whether the mailbox was known. Everything
here is written in the caller's transaction, by statements with constant text.
"""

import hashlib
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, text, update

from app import audit, endorsements, links, mail, mailboxes, outbox, throttle
from app.db import Db, new_id
from app.endorsements import LIVE, Endorsement, folded_name
from app.errors import Conflict
from app.i18n import _
from app.letters import Letter
from app.submissions import Submission

# Two people may share a mailbox; a third is more likely somebody else's doing.
INDIVIDUALS_PER_MAILBOX = 2

_columns = Endorsement.__table__.c  # type: ignore[attr-defined]
_insert = insert(Endorsement)
_update = update(Endorsement).where(_columns.id == bindparam("signed"))
_of_mailbox = select(_columns).where(
    _columns.letter_id == bindparam("letter_id"),
    _columns.mailbox.in_(bindparam("mailboxes", expanding=True)),
    _columns.status.in_(LIVE),
)
_has_confirmed = (
    select(_columns.id)
    .where(
        _columns.mailbox.in_(bindparam("mailboxes", expanding=True)),
        _columns.status.in_(("verified", "approved")),
    )
    .limit(1)
)


def sign(
    db: Db,
    letter: Letter,
    submission: Submission,
    *,
    language: str,
    consent: str,
    network: str | None,
    logo: str = "",
) -> None:
    """Keeps the sign-on and queues its mail; tells the caller nothing about the mailbox.

    `consent` is the wording the signer agreed to, `network` as `throttle.network` gives it.
    """
    letter.must_be_signable(db.now)
    signing = _Signing(db, letter, submission, language, network)
    earlier = signing.earlier()
    same = next((row for row in earlier if signing.is_same(row)), None)
    if same is None and signing.is_one_too_many(earlier):
        signing.mail_too_many()
    elif same is None:
        signing.insert(consent, logo)
    elif same.status == "pending":
        signing.renew(same, consent, logo)
    else:
        signing.mail_already_signed(same)


def release(db: Db, endorsement: Endorsement, letter: Letter, *, by: audit.Actor) -> None:
    """An organiser lets a held-back mail leave."""
    if endorsement.status != "pending" or endorsement.mail_held_at is None:
        raise Conflict(_("This mail has left already."))
    mail_confirmation(db, endorsement, letter, by_stranger=False)
    endorsement.mail_held_at = None
    db.flush()
    audit.record(db, "mail released", by=by, letter_id=letter.id, subject_id=endorsement.id)


def mail_confirmation(db: Db, signer: Any, letter: Letter, *, by_stranger: bool) -> None:
    """Queues the confirmation mail of a pending endorsement with a fresh link.

    `signer` has an endorsement's fields.
    """
    secret = links.make(
        db,
        links.CONFIRM,
        endorsement_id=signer.id,
        shown=endorsements.shown(letter.sha256, signer),
    )
    outbox.enqueue(
        db,
        mail.confirm.__name__,
        {
            "to": db.keys.unseal(signer.address),
            "language": signer.language,
            "letter": mail.letter_facts(letter),
            "kind": signer.kind,
            "listed_name": signer.organisation if signer.kind == "organisation" else signer.name,
            "name": signer.name,
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


class _Signing:
    """One sign-on under way: what was typed, and the mailbox it names."""

    def __init__(
        self, db: Db, letter: Letter, submission: Submission, language: str, network: str | None
    ) -> None:
        self.db, self.letter, self.submission = db, letter, submission
        self.language, self.network = language, network
        canonical = mailboxes.canonical(submission.email)
        self.mailboxes = db.keys.indexes(canonical)
        self.mailbox = self.mailboxes[0]
        self.folded = folded_name(submission.kind, submission.organisation, submission.name)
        if db.is_postgresql:
            # Two sign-ons of one mailbox wait for each other, or both would count the same mails.
            number = int.from_bytes(hashlib.sha256(self.mailbox.encode()).digest()[:8], signed=True)
            db.connection().execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})

    def earlier(self) -> list[Row[Any]]:
        """The mailbox's live endorsements of this letter."""
        found = self.db.connection().execute(
            _of_mailbox, {"letter_id": self.letter.id, "mailboxes": self.mailboxes}
        )
        return list(found)

    def is_same(self, row: Row[Any]) -> bool:
        return bool(row.kind == self.submission.kind and row.folded == self.folded)

    def is_one_too_many(self, earlier: list[Row[Any]]) -> bool:
        people = [row for row in earlier if row.kind == "individual"]
        return self.submission.kind == "individual" and len(people) >= INDIVIDUALS_PER_MAILBOX

    def insert(self, consent: str, logo: str) -> None:
        is_held = not self.may_mail()
        row = {
            **self.typed(),
            "id": new_id(),
            "public_id": endorsements.new_public_id(),
            "letter_id": self.letter.id,
            "version_id": self.letter.version_id,
            "status": "pending",
            "visibility": self.submission.visibility,
            "origin": "web",
            "kind": self.submission.kind,
            "folded": self.folded,
            "mailbox": self.mailbox,
            "consent": consent,
            "logo": logo,
            "created_at": self.db.now,
            "mail_held_at": self.db.now if is_held else None,
        }
        self.db.connection().execute(_insert, row)
        self.record("signed", row["id"], is_held)
        if not is_held:
            mail_confirmation(self.db, _Signer(row), self.letter, by_stranger=True)

    def renew(self, same: Row[Any], consent: str, logo: str) -> None:
        """Signed but not confirmed, signs again: what is typed now counts, and a fresh mail leaves.

        Who once asked for confidentiality keeps it: a stranger's second form must not undo it.
        """
        is_held = not self.may_mail()
        confidential = "confidential" in (same.visibility, self.submission.visibility)
        changes = {
            **self.typed(),
            "version_id": self.letter.version_id,
            "visibility": "confidential" if confidential else "public",
            "consent": consent,
            "logo": logo or same.logo,
            "mail_held_at": same.mail_held_at and (self.db.now if is_held else None),
        }
        self.db.connection().execute(_update.values(changes), {"signed": same.id})
        self.record("signed again", same.id, is_held)
        if not is_held:
            signer = _Signer({**same._mapping, **changes})
            mail_confirmation(self.db, signer, self.letter, by_stranger=True)

    def mail_already_signed(self, same: Row[Any]) -> None:
        if not self.may_mail():
            return
        secret = links.make(self.db, links.MANAGE, endorsement_id=same.id)
        outbox.enqueue(
            self.db,
            mail.already_signed.__name__,
            {
                "to": self.db.keys.unseal(same.address),
                "language": same.language,
                "letter": mail.letter_facts(self.letter),
                "listed_name": same.organisation if same.kind == "organisation" else same.name,
                "status": same.status,
                "secret": secret,
            },
            mailbox=same.mailbox,
            letter_id=self.letter.id,
            endorsement_id=same.id,
            link=links.digest(secret),
            by_stranger=True,
        )

    def mail_too_many(self) -> None:
        if not self.may_mail():
            return
        outbox.enqueue(
            self.db,
            mail.too_many.__name__,
            {
                "to": self.submission.email,
                "language": self.language,
                "letter": mail.letter_facts(self.letter),
            },
            mailbox=self.mailbox,
            letter_id=self.letter.id,
            by_stranger=True,
        )

    def typed(self) -> dict[str, Any]:
        submission = asdict(self.submission)
        fields = ("organisation", "website", "country", "name", "role")
        return {
            **{field: submission[field] for field in fields},
            "language": self.language,
            "address": self.db.keys.seal(self.submission.email),
        }

    def may_mail(self) -> bool:
        """Takes one from every allowance; a proven mailbox may get more than a stranger's."""
        db = self.db
        proven = db.connection().execute(_has_confirmed, {"mailboxes": self.mailboxes}).first()
        allowance = throttle.KNOWN_MAILBOX if proven else throttle.STRANGERS_MAILBOX
        if outbox.caused_by_strangers(db, self.mailboxes, allowance.period) >= allowance.limit:
            return False
        return (
            (self.network is None or throttle.spend(db, throttle.NETWORK, self.network))
            and throttle.spend(db, throttle.MAIL_DOMAIN, mailboxes.domain(self.submission.email))
            and throttle.spend(db, throttle.EVERYTHING, "")
        )

    def record(self, action: str, subject_id: UUID, is_held: bool) -> None:
        audit.record(
            self.db,
            action,
            by=audit.SIGNER,
            letter_id=self.letter.id,
            subject_id=subject_id,
            version=self.letter.version,
            mail_held=is_held,
        )


class _Signer:
    """A row with an endorsement's fields, before it is read back."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row)
