"""Rows of a list as invitees: which can be invited, and which can not, and why."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement import evidence
from app.endorsement.endorsements import Endorsement
from app.errors import Refused
from app.i18n import _
from app.invitation import circulation_lists
from app.invitation.circulation_lists import Entry
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.mailing import mail_states, mailboxes, suppressions
from app.mailing.outbox import OutboxMail
from app.mailing.suppressions import Suppression
from app.name import names, websites
from app.name.websites import registrable
from app.organisation import organisations
from app.organisation.organisations import Organisation

# Where most mistyped addresses were meant to be.
PROVIDERS = (
    "gmail.com",
    "hotmail.com",
    "icloud.com",
    "outlook.com",
    "protonmail.com",
    "yahoo.com",
)


class Invitee(NamedTuple):
    """A row that can be taken in; `remarks` say what of it could not, or looks wrong."""

    number: int
    address: str
    mailbox: str
    folded: str
    organisation: str
    name: str
    role: str
    country: str
    website: str
    language: str
    note: str
    organisation_id: UUID | None
    remarks: tuple[str, ...]


class Known(Refused):
    """Nothing is wrong with the row: whom it names is on the list, or has signed."""


class Judge:
    """What is known before the first row, and of the rows before this one."""

    def __init__(
        self, db: Db, letter: Letter, besides: Invitation | None, *, allow_special: bool
    ) -> None:
        self.db, self.letter, self.allow_special = db, letter, allow_special
        invited = select(col(Invitation.mailbox), col(Invitation.folded)).where(
            col(Invitation.letter_id) == letter.id
        )
        if besides:
            invited = invited.where(col(Invitation.id) != besides.id)
        self.invited = _by_mailbox(db, invited)
        signed = select(col(Endorsement.mailbox), col(Endorsement.folded)).where(
            col(Endorsement.letter_id) == letter.id,
            col(Endorsement.status).in_(("verified", "approved")),
        )
        self.signed = _by_mailbox(db, signed)
        organisations_signed = signed.where(col(Endorsement.kind) == "organisation")
        self.signed_names = {folded for _mailbox, folded in db.execute(organisations_signed)}
        unwanted = select(col(Suppression.mailbox)).where(suppressions.of_letter(letter.id))
        self.unwanted = set(db.scalars(unwanted))
        refuses = mail_states.refuses(col(OutboxMail.mailbox))
        failed = select(col(OutboxMail.mailbox)).where(col(OutboxMail.failed_at).is_not(None))
        self.refusing = set(db.scalars(failed.where(refuses)))
        book = organisations.in_book(letter.book_id) if letter.book_id else None
        entries = db.scalars(book).all() if book is not None else []
        self.book_names = {
            names.fold(name): entry
            for entry in entries
            for name in (*entry.aliases, *entry.names.values(), entry.name)
        }
        self.book_mailboxes = {entry.mailbox: entry for entry in entries if entry.mailbox}
        self.invited_names = {folded for each in self.invited.values() for folded in each}
        self.before: dict[str, dict[str, int]] = {}

    def taken(self, entry: Entry) -> Invitee:
        """Raises Refused with the reason why this row can't be."""
        address = self._address(entry)
        spellings = self.db.keys.indexes(mailboxes.canonical(address))
        organisation, name = _named(entry.organisation), _named(entry.name)
        known = self._in_book(spellings, organisation)
        organisation = organisation or (known.name if known and not name else "")
        folded = names.fold(organisation or name)
        self._must_be_new(spellings, folded)
        self._must_take_mail(spellings)
        self.before.setdefault(spellings[0], {})[folded] = entry.number
        website = entry.website or (known.website if known else "")
        remarks = list(self._doubts(address, organisation, folded, website))
        return Invitee(
            number=entry.number,
            address=address,
            mailbox=spellings[0],
            folded=folded,
            organisation=organisation,
            name=name,
            role=_or_remark(remarks, names.checked_line, entry.role),
            country=self._country(entry, remarks) or (known.country if known else ""),
            website=_or_remark(remarks, websites.checked, entry.website)
            or (known.website if known else ""),
            language=self._language(entry, remarks),
            note=entry.note,
            organisation_id=known.id if known else None,
            remarks=tuple(remarks),
        )

    def _address(self, entry: Entry) -> str:
        typed = entry.address.strip().removeprefix("mailto:").strip("<>")
        if not typed:
            raise Refused(_("There is no e-mail address in this row: nothing in it has an @."))
        return mailboxes.checked(typed, allow_special=self.allow_special)

    def _must_be_new(self, spellings: list[str], folded: str) -> None:
        for mailbox in spellings:
            for earlier, number in self.before.get(mailbox, {}).items():
                if _same(earlier, folded):
                    raise Known(_("The same stands in row %(number)s.") % {"number": number})
            if any(_same(earlier, folded) for earlier in self.invited.get(mailbox, ())):
                raise Known(_("Already on the list of those invited."))
            if any(_same(earlier, folded) for earlier in self.signed.get(mailbox, ())):
                raise Known(_("Has signed already."))
        if folded and folded in self.signed_names:
            raise Known(_("Has signed already, through another mailbox."))

    def _must_take_mail(self, spellings: list[str]) -> None:
        if not self.refusing.isdisjoint(spellings):
            raise Refused(_("Mail to this mailbox was refused, so it is not written to again."))
        if not self.unwanted.isdisjoint(spellings):
            raise Refused(_("This mailbox asked for no more mail."))

    def _doubts(self, address: str, organisation: str, folded: str, website: str) -> Iterator[str]:
        if organisation and folded in self.invited_names:
            sentence = _("“%(name)s” is on the list already, at another address.")
            yield sentence % {"name": organisation}
        meant = _meant(mailboxes.domain(address), website)
        if meant:
            sentence = _("The address looks mistyped: “%(domain)s” instead of “%(meant)s”?")
            yield sentence % {"domain": mailboxes.domain(address), "meant": meant}

    def _in_book(self, spellings: list[str], organisation: str) -> Organisation | None:
        """The entry of that name; without a name, the one whose contact has the mailbox."""
        if organisation:
            return self.book_names.get(names.fold(organisation))
        return next((self.book_mailboxes[m] for m in spellings if m in self.book_mailboxes), None)

    def _country(self, entry: Entry, remarks: list[str]) -> str:
        code = circulation_lists.country_code(entry.country) if entry.country.strip() else ""
        if entry.country.strip() and not code:
            sentence = _("The country “%(country)s” is not known and was left out.")
            remarks.append(sentence % {"country": entry.country})
        return code

    def _language(self, entry: Entry, remarks: list[str]) -> str:
        tag = circulation_lists.language_tag(self.letter, entry.language)
        if entry.language.strip() and not tag:
            sentence = _("The language “%(language)s” is not known; mails are in the letter's.")
            remarks.append(sentence % {"language": entry.language})
        return tag or self.letter.language


def _meant(domain: str, website: str) -> str | None:
    """The domain that an address was likely meant to be at: the website's, or a provider's."""
    ours, site = registrable(domain) or domain, registrable(website)
    if site and evidence.is_look_alike(ours, site):
        return site
    if evidence.is_free_mail(ours):
        return None
    return next((one for one in PROVIDERS if evidence.is_look_alike(ours, one)), None)


def _by_mailbox(db: Db, query: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mailbox, folded in db.execute(query):
        found.setdefault(mailbox, []).append(folded)
    return found


def _same(one: str, other: str) -> bool:
    """An address without a name is the same whatever name it has elsewhere."""
    return one == other or not one or not other


def _named(text: str) -> str:
    return names.checked(text) if text.strip() else ""


def _or_remark(remarks: list[str], check: Callable[[str], str], text: str) -> str:
    if not text.strip():
        return ""
    try:
        return check(text)
    except Refused as refused:
        remarks.append(f"{text}: {refused.sentence}")
        return ""
