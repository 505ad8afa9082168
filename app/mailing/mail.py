"""One function per mail: facts in, message out, nothing sent.

Facts are plain JSON, sealed in the outbox until a worker composes the mail. Each function has a
pair of templates of its name under `templates/email`; the first line of the text is the subject.
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
        expires_days=links.CONFIRM_LIFE.days,
    )


def reported(stationery: Stationery, facts: Facts) -> Mail:
    """To whom an organiser reported: confirm it, correct it, or say that it is not so."""
    return stationery.message(
        "reported",
        facts,
        reported_url=stationery.link("/reported", links.REPORTED, facts),
        received_on=date.fromisoformat(facts["received_on"]),
    )


def report_confirmed(stationery: Stationery, facts: Facts) -> Mail:
    """To a listed signer who confirmed what was reported: the mark is gone."""
    return _with_manage_link(stationery, "report_confirmed", facts)


def confirmed(stationery: Stationery, facts: Facts) -> Mail:
    """To a signer who confirmed: it waits for review, and this is the manage link."""
    return _with_manage_link(stationery, "confirmed", facts)


def already_signed(stationery: Stationery, facts: Facts) -> Mail:
    return _with_manage_link(stationery, "already_signed", facts)


def too_many(stationery: Stationery, facts: Facts) -> Mail:
    """Two people have signed with this mailbox already; the third is told why nothing happened."""
    return stationery.message("too_many", facts)


def approved(stationery: Stationery, facts: Facts) -> Mail:
    return _with_manage_link(stationery, "approved", facts)


def declined(stationery: Stationery, facts: Facts) -> Mail:
    return _with_manage_link(stationery, "declined", facts)


def correction_decided(stationery: Stationery, facts: Facts) -> Mail:
    return _with_manage_link(stationery, "correction_decided", facts)


def placed(stationery: Stationery, facts: Facts) -> Mail:
    """To a signer whom the organisers sort by something else than before; "" is the name itself."""
    return _with_manage_link(stationery, "placed", facts)


def question(stationery: Stationery, facts: Facts) -> Mail:
    """To a signer whom the organisers ask; their words are quoted, and hold no links."""
    return _with_manage_link(stationery, "question", facts)


def edited(stationery: Stationery, facts: Facts) -> Mail:
    """To a signer whose line the organisers changed; `changes` are field → (before, after)."""
    return _with_manage_link(stationery, "edited", facts)


def merged(stationery: Stationery, facts: Facts) -> Mail:
    """To a signer whose signature stands under another line now; `line` is that one's name, empty
    where it isn't public."""
    return _with_manage_link(stationery, "merged", facts)


def unmerged(stationery: Stationery, facts: Facts) -> Mail:
    return _with_manage_link(stationery, "unmerged", facts)


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


def hidden(stationery: Stationery, facts: Facts) -> Mail:
    """To a signer whose line is hidden, as the organisation's own mailbox disputes it."""
    return _with_manage_link(stationery, "hidden", facts)


def shown_again(stationery: Stationery, facts: Facts) -> Mail:
    """To a signer whose line was hidden: the organisers keep it, for this reason."""
    return _with_manage_link(stationery, "shown_again", facts)


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


def _with_manage_link(stationery: Stationery, name: str, facts: Facts) -> Mail:
    return stationery.message(
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
    function.__name__: function
    for function in (
        confirm,
        reported,
        report_confirmed,
        confirmed,
        already_signed,
        too_many,
        approved,
        declined,
        correction_decided,
        placed,
        question,
        edited,
        merged,
        unmerged,
        withdrawn,
        dispute,
        dispute_decided,
        disputed,
        hidden,
        shown_again,
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
