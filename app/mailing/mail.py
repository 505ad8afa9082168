"""One function per mail: facts in, message out, nothing sent.

Mails to signers that need but one more fact, the link to their own page, are named alone. Facts are
plain JSON, sealed in the outbox until a worker composes the mail. Each mail has a pair of
templates of its name under `templates/email`; the first line of the text is the subject.
"""

from collections.abc import Callable
from datetime import date

from app import links
from app.i18n import _, speaking
from app.keys import Keys
from app.letter.letters import Letter
from app.mailing.stationery import Facts, Mail, Stationery
from app.message import message_text
from app.organiser.desk_mails import (
    account_changed,
    agreement_asked,
    agreement_ended,
    disputed,
    role_changed,
    role_ended,
    sign_in,
    step_up,
    team_invited,
    team_news,
)
from app.settings import Settings

# To a signer about their signature, each with the link to their own page.
TO_SIGNERS = (
    "already_signed",  # whoever signs again
    "confirmed",  # who waits for review now
    "report_confirmed",  # listed already, and without the mark now that it was reported
    "approved",
    "declined",
    "question",  # asked by the organisers; their words are quoted, and hold no links
    "correction_decided",
    "placed",  # sorted by something else than before; "" is the name itself
    "edited",  # by the organisers; `changes` are field → (before, after)
    "merged",  # stands under another `line` now: its name, empty where it isn't public
    "unmerged",
    "hidden",  # since the organisation's own mailbox disputes it
    "shown_again",  # was hidden, and the organisers keep it, for this reason
)


def compose(name: str, facts: Facts, settings: Settings, keys: Keys) -> Mail | None:
    """The mail a row of the outbox stands for, in its reader's language; None for `nothing`."""
    with speaking(facts["language"]):
        return MAILS[name](Stationery(settings, keys), facts)


def letter_facts(letter: Letter, language: str) -> Facts:
    """What mails say of a letter to somebody who reads it in `language`."""
    deadline = letter.local_deadline
    return {
        "title": letter.title_in(language),
        "language": language if language in letter.titles else letter.language,
        "path": letter.path_in(language),
        "deadline": deadline and deadline.isoformat(),
    }


def confirm(stationery: Stationery, facts: Facts) -> Mail:
    """To whoever's address was typed: review and confirm."""
    return stationery.message(
        "confirm",
        facts,
        confirm_url=stationery.link("/confirm", links.CONFIRM, facts),
        version_url=_version_url(stationery, facts),
        expires_days=links.CONFIRM_LIFE.days,
    )


def reported(stationery: Stationery, facts: Facts) -> Mail:
    """To whom an organiser reported: confirm it, correct it, or say that it is not so."""
    return stationery.message(
        "reported",
        facts,
        reported_url=stationery.link("/reported", links.REPORTED, facts),
        version_url=_version_url(stationery, facts),
        received_on=date.fromisoformat(facts["received_on"]),
    )


def too_many(stationery: Stationery, facts: Facts) -> Mail:
    """Two people have signed with this mailbox already; the third is told why nothing happened."""
    return stationery.message("too_many", facts)


def withdrawn(stationery: Stationery, facts: Facts) -> Mail:
    return stationery.message("withdrawn", facts)


def dispute(stationery: Stationery, facts: Facts) -> Mail:
    """To whoever's address was typed on "this isn't us": nothing happens unless they confirm."""
    return stationery.message(
        "dispute",
        facts,
        dispute_url=stationery.link("/dispute", links.DISPUTE, facts),
        expires_days=links.CONFIRM_LIFE.days,
    )


def dispute_decided(stationery: Stationery, facts: Facts) -> Mail:
    """To whoever confirmed "this isn't us": whether the line stays on the list or is gone."""
    return stationery.message("dispute_decided", facts)


def invitation(stationery: Stationery, facts: Facts) -> Mail:
    """To somebody an organiser invites: what may be signed, and their personal link."""
    return _with_personal_link(stationery, "invitation", facts)


def reminder(stationery: Stationery, facts: Facts) -> Mail:
    """To an invitee who hasn't answered, or whose board was to decide by now (`promised_until`)."""
    until = facts["promised_until"] and date.fromisoformat(facts["promised_until"])
    return _with_personal_link(stationery, "reminder", {**facts, "promised_until": until})


def message(stationery: Stationery, facts: Facts) -> Mail:
    """What organisers write to those who signed. `body` is as message_text.py reads it; without a
    `secret` it is a sample for its writer."""
    parts = message_text.paragraphs(facts["body"])
    url = stationery.link("/unsubscribe", links.MESSAGES, facts) if facts["secret"] else ""
    return stationery.message(
        "message",
        facts,
        paragraphs=parts,
        plain=message_text.plain(parts),
        unsubscribe_url=url,
    )


def nothing(_stationery: Stationery, _facts: Facts) -> None:
    """The row written where no mail is due, so that the work is the same as where one is."""


def _version_url(stationery: Stationery, facts: Facts) -> str:
    """Where the text that is signed stays readable, whatever becomes of the letter's."""
    path, mark, language = facts["letter"]["path"].partition("?")
    return stationery.settings.url(f"{path}/versions/{facts['version']}{mark}{language}")


def _to_signer(name: str) -> Callable[[Stationery, Facts], Mail]:
    return lambda stationery, facts: stationery.message(
        name, facts, manage_url=stationery.link("/manage", links.MANAGE, facts)
    )


def _with_personal_link(stationery: Stationery, name: str, facts: Facts) -> Mail:
    personal_url = stationery.link("/invitations", links.INVITATION, facts)
    # What was queued before mails named who invites, lacks these.
    known: Facts = {"leads": [], "more_leads": 0, "inviter": "", "organisation": "", "name": ""}
    known |= {"reply_to": "", **facts}
    leads = [*known["leads"], *([_("others")] if known["more_leads"] else [])]
    hosts = leads or [one for one in (known["inviter"],) if one]
    return stationery.message(
        name,
        {**known, "hosts": hosts},
        personal_url=personal_url,
        unsubscribe_url=f"{personal_url}/refusal",
    )


MAILS: dict[str, Callable[[Stationery, Facts], Mail | None]] = {
    name: _to_signer(name) for name in TO_SIGNERS
} | {
    function.__name__: function
    for function in (
        confirm,
        reported,
        too_many,
        withdrawn,
        dispute,
        dispute_decided,
        disputed,
        invitation,
        reminder,
        message,
        sign_in,
        step_up,
        account_changed,
        team_invited,
        role_changed,
        role_ended,
        team_news,
        agreement_asked,
        agreement_ended,
        nothing,
    )
}
