"""Messages as pages show them."""

from types import SimpleNamespace
from typing import Any

from app import i18n
from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.i18n import _
from app.letter.letters import Letter
from app.message import audiences, message_mails, message_text, messages
from app.message.messages import Message
from app.name import countries

# So many names are on the page of a draft itself; all of them have pages of their own.
FIRST_NAMES = 30


def reach(db: Db, letter: Letter, message: Message) -> dict[str, Any]:
    """Who gets a draft, and who of its audience does not."""
    found = audiences.recipients(db, letter, message.to)
    first = audiences.named(db, letter, message.to, limit=FIRST_NAMES + 1)
    return {
        "count": len(found),
        "seen": message_mails.seen_of(message, found),
        "signers": [signer_view(one) for one in first[:FIRST_NAMES]],
        "has_more": len(first) > FIRST_NAMES,
        "unsubscribed": audiences.unsubscribed(db, letter, message.to),
        "unconfirmed": audiences.unconfirmed(db, letter, message.to),
        "doubts": message_text.doubts(message.body),
    }


def message_view(db: Db, message: Message) -> SimpleNamespace:
    return SimpleNamespace(
        id=message.id,
        status=message.status,
        subject=message.subject,
        paragraphs=message_text.paragraphs(message.body),
        plain=message_text.plain(message_text.paragraphs(message.body)),
        reply_to=messages.reply_address(db, message),
        sent_at=message.sent_at,
        changed_at=message.changed_at,
    )


def line_view(db: Db, message: Message, organiser: str) -> SimpleNamespace:
    is_draft = message.status == "draft"
    return SimpleNamespace(
        id=message.id,
        status=message.status,
        subject=message.subject,
        organiser=organiser,
        at=message.sent_at or message.changed_at,
        audience=audience_words(message),
        figures=None if is_draft else message_mails.counted(db, message),
    )


def audience_words(message: Message) -> list[str]:
    """What was chosen, in words: the states, then whatever narrows them."""
    audience, language = message.to, i18n.language()
    to = {
        "all": _("all who have confirmed"),
        "approved": _("the approved"),
        "verified": _("those waiting for review"),
    }
    kinds = {"organisation": _("organisations"), "individual": _("individuals")}
    number = i18n.format_number(audience.version)
    return [
        to[audience.to],
        *([kinds[audience.kind]] if audience.kind else []),
        *([countries.name(audience.country, language)] if audience.country else []),
        *([i18n.named(audience.language)] if audience.language else []),
        *([_("signed version %(number)s") % {"number": number}] if audience.version else []),
        *([] if audience.confidential else [_("without confidential signatories")]),
    ]


def progress(message: Message, numbers: dict[str, int]) -> str:
    if message.status == "sending":
        waiting = i18n.format_number(numbers["waiting"])
        return _("On its way: %(waiting)s mails are still to leave.") % {"waiting": waiting}
    if message.status == "stopped":
        return _("It was stopped.")
    return _("All its mails have left.") if message.status == "sent" else ""


def signer_view(endorsement: Endorsement) -> SimpleNamespace:
    return SimpleNamespace(
        listed_name=endorsement.listed_name,
        name=endorsement.name if endorsement.kind == "organisation" else "",
        visibility=endorsement.visibility,
        status=endorsement.status,
    )
