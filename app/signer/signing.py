"""Signing: from what people typed to pending endorsements and the mails that confirm them.

Whoever signs sees the same page; only the mail tells whether the mailbox was known. Everything
here is written in the caller's transaction, many sign-ons at once, by statements with constant
text: each statement costs about as much for a hundred as for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, insert, select, update

from app import links
from app.db import Db, new_id
from app.endorsement import endorsements, reported
from app.endorsement.endorsements import LIVE, Endorsement, folded_name
from app.letter.letters import Letter
from app.mailing import mail, mailboxes, outbox
from app.signer import mail_allowance, mailbox_locks
from app.signer.confirmation_mails import mail_confirmation
from app.signer.submissions import LINE_FIELDS, Submission
from app.trail import audit

# Two people may share a mailbox; a third is more likely somebody else's doing.
INDIVIDUALS_PER_MAILBOX = 2

_columns = Endorsement.__table__.c  # type: ignore[attr-defined]
_insert = insert(Endorsement)
_update = update(Endorsement).where(_columns.id == bindparam("signed"))
# What was confirmed or decided in the meantime is nobody's to write over.
_update_pending = _update.where(_columns.status == "pending")
_touch = _update.values(address=_columns.address, stamp=_columns.stamp)
_of_mailbox = select(_columns).where(
    _columns.letter_id == bindparam("letter_id"),
    _columns.mailbox.in_(bindparam("mailboxes", expanding=True)),
    _columns.status.in_(LIVE),
)


@dataclass(frozen=True)
class SignOn:
    """What somebody typed, checked, with the text they had before them and agreed to.

    `language` is that text's, `spoken` the page's around it, `consent` the wording they agreed to,
    `network` as `throttle.network` gives it.
    """

    submission: Submission
    sha256: str
    language: str
    consent: str
    network: str | None = None
    logo: str = ""
    spoken: str = ""
    # Whoever comes through a personal link, and what the address book knows of them.
    invitation_id: UUID | None = None
    organisation_id: UUID | None = None
    sort_key: str | None = None


def sign(db: Db, letter: Letter, sign_ons: Sequence[SignOn]) -> list[bool]:
    """Keeps the sign-ons and queues their mails; tells the caller nothing about the mailboxes.

    False stands for one that can't be taken because the letter has closed, or changed its text.
    """
    is_open = letter.closed_reason(db.now) is None
    taken = [is_open and one.sha256 == letter.sha256 for one in sign_ons]
    signings = [
        _Signing(db, letter, one) for one, take in zip(sign_ons, taken, strict=True) if take
    ]
    mailbox_locks.take(db, [signing.mailbox for signing in signings])
    for round_ in _one_of_a_mailbox(signings):
        earlier = _earlier(db, letter, round_)
        may_mail = mail_allowance.ask(db, [signing.asker for signing in round_])
        with db.gathering():
            for signing, may in zip(round_, may_mail, strict=True):
                signing.enter(earlier[signing.mailbox], is_held=not may)
    return taken


class _Signing:
    """One sign-on under way: what was typed, and the mailbox it names."""

    def __init__(self, db: Db, letter: Letter, sign_on: SignOn) -> None:
        self.db, self.letter, self.sign_on = db, letter, sign_on
        self.submission = typed = sign_on.submission
        self.mailboxes = db.keys.indexes(mailboxes.canonical(typed.email))
        self.mailbox = self.mailboxes[0]
        self.folded = folded_name(typed.kind, typed.organisation, typed.name)

    @property
    def asker(self) -> mail_allowance.Asker:
        domain = mailboxes.domain(self.submission.email)
        return mail_allowance.Asker(self.mailboxes, domain, self.sign_on.network)

    def enter(self, earlier: list[Row[Any]], *, is_held: bool) -> None:
        """`earlier` are the mailbox's live endorsements of this letter."""
        same = next((row for row in earlier if self.is_same(row)), None)
        if same is None and self.is_one_too_many(earlier):
            self.mail_too_many(earlier, is_held)
        elif same is None:
            self.insert(is_held)
        elif same.origin == "reported" and same.verified_at is None:
            self.ask_reported(same, is_held)
        elif same.status == "pending":
            self.renew(same, is_held)
        else:
            self.mail_already_signed(same, is_held)

    def is_same(self, row: Row[Any]) -> bool:
        return bool(row.kind == self.submission.kind and row.folded == self.folded)

    def is_one_too_many(self, earlier: list[Row[Any]]) -> bool:
        people = [row for row in earlier if row.kind == "individual"]
        return self.submission.kind == "individual" and len(people) >= INDIVIDUALS_PER_MAILBOX

    def insert(self, is_held: bool) -> None:
        row = {
            **self.typed(),
            "id": new_id(),
            "public_id": endorsements.new_public_id(),
            "letter_id": self.letter.id,
            "version_id": self.letter.version_id,
            "status": "pending",
            "visibility": self.submission.visibility,
            "origin": "invitation" if self.sign_on.invitation_id else "web",
            "invitation_id": self.sign_on.invitation_id,
            "organisation_id": self.sign_on.organisation_id,
            "sort_key": self.sign_on.sort_key,
            "kind": self.submission.kind,
            "folded": self.folded,
            "mailbox": self.mailbox,
            "consent": self.sign_on.consent,
            "logo": self.sign_on.logo,
            "created_at": self.db.now,
            "mail_held_at": self.db.now if is_held else None,
        }
        self.db.insert(_insert, row)
        self.record("signed", row["id"], is_held)
        if not is_held:
            self.mail_confirmation(_Signer(row))

    def renew(self, same: Row[Any], is_held: bool) -> None:
        """Signed but not confirmed, signs again: what is typed now counts, and a fresh mail leaves.

        Who once asked for confidentiality keeps it: a stranger's second form must not undo it.
        """
        confidential = "confidential" in (same.visibility, self.submission.visibility)
        changes = {
            **self.typed(),
            "version_id": self.letter.version_id,
            "visibility": "confidential" if confidential else "public",
            "consent": self.sign_on.consent,
            "logo": self.sign_on.logo or same.logo,
            "invitation_id": self.sign_on.invitation_id or same.invitation_id,
            "organisation_id": self.sign_on.organisation_id or same.organisation_id,
            "sort_key": self.sign_on.sort_key or same.sort_key,
            "mail_held_at": same.mail_held_at and (self.db.now if is_held else None),
        }
        renewed = self.db.connection().execute(_update_pending.values(changes), {"signed": same.id})
        self.record("signed again", same.id, is_held)
        if not is_held and renewed.rowcount == 1:
            self.mail_confirmation(_Signer({**same._mapping, **changes}))

    def ask_reported(self, same: Row[Any], is_held: bool) -> None:
        """An organiser reported them: they are asked once more to confirm it, and what a stranger
        may have typed changes nothing, but that who asks for confidentiality before being listed
        has it. One that was declined is left so."""
        visibility = same.visibility
        if same.status == "pending" and self.submission.visibility == "confidential":
            visibility = "confidential"
        changes = {"visibility": visibility}
        # Decided meanwhile, it is as it was: then this writes nothing.
        self.db.connection().execute(_update_pending.values(changes), {"signed": same.id})
        self.touch(same)
        self.record("signed again", same.id, is_held)
        if not is_held and same.status in ("pending", "approved"):
            signer = _Signer({**same._mapping, **changes})
            to = self.db.keys.unseal(same.address)
            reported.ask(self.db, signer, self.letter, to=to, by_stranger=True)

    def mail_confirmation(self, signer: "_Signer") -> None:
        to = self.submission.email
        mail_confirmation(self.db, signer, self.letter, to=to, by_stranger=True)

    def mail_already_signed(self, same: Row[Any], is_held: bool) -> None:
        self.touch(same)
        self.record("signed again", same.id, is_held)
        if is_held:
            return
        secret = links.make(self.db, links.MANAGE, endorsement_id=same.id)
        outbox.enqueue(
            self.db,
            "already_signed",
            {
                "to": self.db.keys.unseal(same.address),
                "language": endorsements.mail_language(same),
                "letter": mail.letter_facts(self.letter, same.language),
                "listed_name": endorsements.listed_name(same),
                "visibility": same.visibility,
                "status": same.status,
                "secret": secret,
            },
            mailbox=same.mailbox,
            letter_id=self.letter.id,
            endorsement_id=same.id,
            link=links.digest(secret),
            by_stranger=True,
        )

    def mail_too_many(self, earlier: list[Row[Any]], is_held: bool) -> None:
        first = earlier[0]
        self.touch(first)
        self.record("third person not taken", first.id, is_held)
        if is_held:
            return
        links.make(self.db, links.MANAGE, endorsement_id=first.id)  # nobody gets this one
        confidential = "confidential" in (row.visibility for row in earlier)
        outbox.enqueue(
            self.db,
            mail.too_many.__name__,
            {
                "to": self.submission.email,
                "language": self.sign_on.spoken or self.sign_on.language,
                "letter": mail.letter_facts(self.letter, self.sign_on.language),
                "visibility": "confidential" if confidential else "public",
            },
            mailbox=self.mailbox,
            letter_id=self.letter.id,
            by_stranger=True,
        )

    def touch(self, row: Row[Any]) -> None:
        """Writes nothing new where a new signer's record would be written: whoever measures the
        answer must not learn whether the mailbox was known."""
        self.db.connection().execute(_touch, {"signed": row.id})

    def typed(self) -> dict[str, Any]:
        return {
            **{field: getattr(self.submission, field) for field in LINE_FIELDS},
            "language": self.sign_on.language,
            "spoken": self.sign_on.spoken,
            "address": self.db.keys.seal(self.submission.email),
        }

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


def _one_of_a_mailbox(signings: Iterable[_Signing]) -> list[list[_Signing]]:
    """Rounds in which no mailbox comes twice: each must see what the one before it wrote."""
    rounds: list[dict[str, _Signing]] = []
    for signing in signings:
        free = next((round_ for round_ in rounds if signing.mailbox not in round_), None)
        if free is None:
            rounds.append(free := {})
        free[signing.mailbox] = signing
    return [list(round_.values()) for round_ in rounds]


def _earlier(db: Db, letter: Letter, signings: Iterable[_Signing]) -> dict[str, list[Row[Any]]]:
    """The live endorsements of this letter, by the mailboxes that now sign."""
    signer = {digest: signing.mailbox for signing in signings for digest in signing.mailboxes}
    wanted = {"letter_id": letter.id, "mailboxes": list(signer)}
    earlier: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in db.connection().execute(_of_mailbox, wanted):
        earlier[signer[row.mailbox]].append(row)
    return earlier


class _Signer:
    """A row with an endorsement's fields, before it is read back."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row)
