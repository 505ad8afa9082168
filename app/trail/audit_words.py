"""The audit trail in words: a sentence for every action there is.

An action that isn't here can't be told; a rule of the house finds it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.i18n import _, format_moment
from app.letter.letters import status_name as letter_status
from app.organiser import roles
from app.organiser.proposals import ENDS

Facts = dict[str, Any]


def sentence(action: str, facts: Facts) -> str:
    """What happened; raises KeyError for an action without words."""
    if action in _TOLD_BY_FACTS:
        return _TOLD_BY_FACTS[action](facts)
    return _plain()[action]


def known() -> set[str]:
    """Every action that can be told."""
    return {*_plain(), *_TOLD_BY_FACTS}


def _plain() -> dict[str, str]:
    """Made anew at each call, in the language being spoken."""
    return {
        "signed": _("Signed; asked to confirm by mail"),
        "signed again": _("Signed again with the same mailbox"),
        "third person not taken": _("A third person signed with one mailbox and was not taken"),
        "verified": _("Confirmed by mail"),
        "approved": _("Approved"),
        "declined": _("Declined"),
        "withdrawn": _("Withdrawn"),
        "expired": _("Expired: never confirmed"),
        "mail refused": _("Wants no more mail"),
        "mail released": _("Let a mail leave that was held back"),
        "went confidential": _("Became confidential"),
        "reported": _("Entered as reported: signed outside of this site"),
        "asked to confirm": _("Asked again by mail to confirm"),
        "confirmed": _("Confirmed what was reported"),
        "message drafted": _("Began a message to signatories"),
        "message changed": _("Changed the draft of a message"),
        "message discarded": _("Discarded the draft of a message"),
        "message sampled": _("Sent a sample of a message to themselves"),
        "message sending": _("Sent a message on its way"),
        "message sent": _("All mails of a message have left"),
        "message stopped": _("Stopped a message on its way"),
        "messages refused": _("Wants no more messages about the letter"),
        "correction proposed": _("A correction was asked for"),
        "corrected": _("Corrected before approval"),
        "correction accepted": _("The correction was accepted"),
        "correction refused": _("The correction was refused"),
        "merged": _("Merged into another line"),
        "merge taken in": _("Another signature was merged into this line"),
        "unmerged": _("The merge was undone: it is a line of its own again"),
        "merge let go": _("A signature merged into this line is one of its own again"),
        "merge ended": _("A line of its own again, as the other went"),
        "told apart": _("Not the same as another that looks alike"),
        "no longer told apart": _("Perhaps the same as another after all"),
        "address revealed": _("Looked at the e-mail address"),
        "disputing address revealed": _("Looked at the e-mail address of who disputes it"),
        "decision undone": _("Took the decision back before the signer was told"),
        "disputed": _("Somebody says that this isn't them, and confirmed it by mail"),
        "hidden": _("Hidden from the list until an organiser decides, as it is disputed"),
        "dispute set aside": _("Kept the line, though it is disputed"),
        "shown again": _("Showed the line again"),
        "question asked": _("Asked the signer a question by mail"),
        "question answered": _("Answered the question"),
        "edited": _("Edited the line"),
        "decision came too late": _("Wanted to decide, but somebody was quicker"),
        "placed": _("Sort key or category changed"),
        "ordered by hand": _("Arranged the list by hand"),
        "order set": _("Changed how the list is sorted"),
        "list form set": _("Changed how the list stands in the letter"),
        "letter imported": _("The letter was brought in"),
        "letter begun": _("The letter was begun"),
        "draft link made": _("Made a private link to the draft; one made before is over"),
        "draft link taken back": _("Took the private link to the draft back"),
        "personal data erased": _("Personal data was erased, as its time was over"),
        "invitation mailed": _("Sent the invitation"),
        "invitation noted": _("Changed the note about an invitation"),
        "invitation assigned": _("Assigned an invitation"),
        "invitation removed": _("Took an invitation off the list"),
        "invitation readdressed": _("Corrected the address of an invitation"),
        "invitation promised": _("Awaits their board"),
        "invitation invited": _("Waits for an answer again"),
        "invitation signed": _("The invited have signed"),
        "invitation declined": _("The invited will not sign"),
        "invitation bounced": _("The mailbox of an invitation refused mail"),
        "invitee reminded": _("Sent a reminder"),
        "reminders stopped": _("Stopped the reminders to an invitee"),
        "reminders resumed": _("Lets reminders leave to an invitee again"),
        "introduction set": _("Changed what invitations say"),
        "reminders set": _("Changed when reminders leave"),
        "reminder stopped": _("Stopped one of the reminders before the deadline"),
        "reminders of promises stopped": _("Stopped the reminders on the day of a promise"),
        "all reminders stopped": _("Stopped all reminders"),
        "all reminders resumed": _("Lets reminders leave again"),
        "left the letter": _("Left the letter"),
        "team invitation taken back": _("Took an invitation to work on the letter back"),
        "team invitation forgotten": _("An invitation to work on the letter was never accepted"),
        "organiser added": _("Became an organiser here"),
        "organiser renamed": _("Changed their own name"),
        "passkey added": _("Added a passkey"),
        "passkey removed": _("Removed a passkey"),
        "second step set up": _("Set up a second step"),
        "second step removed": _("Removed the second step"),
        "recovery codes made": _("Made new recovery codes"),
        "recovery code used": _("Used a recovery code"),
        "organisation added": _("An organisation came into the address book"),
        "organisation deleted": _("An organisation was deleted from the address book"),
        "entry merged": _("An organisation of the address book was merged into another"),
        "entry taken in": _("Another organisation was merged into this one"),
        "entry unmerged": _("The merge of two organisations was undone"),
        "contact erased": _("The contact of an organisation was erased"),
        "token created": _("Made a token for the API"),
        "webhook created": _("Added a webhook"),
        "webhook removed": _("Removed a webhook"),
        "webhook stopped": _("A webhook was stopped: whoever added it is no owner any more"),
        "webhook call repeated": _("Made a call to a webhook once more"),
        "webhook tested": _("Sent a test to a webhook"),
        "token revoked": _("Revoked a token for the API"),
    }


def _version(facts: Facts) -> str:
    return _("Version %(number)s was published") % facts


def _version_withheld(facts: Facts) -> str:
    return _("Took the text of version %(number)s off the site") % facts


def _version_shown_again(facts: Facts) -> str:
    return _("Showed the text of version %(number)s again") % facts


def _role_given(facts: Facts) -> str:
    return _("Works on the letter now, as: %(role)s") % {"role": roles.role_name(facts["role"])}


def _role_changed(facts: Facts) -> str:
    names = {"from": roles.role_name(facts["was"]), "to": roles.role_name(facts["role"])}
    return _("Works on the letter as %(to)s now; before, as %(from)s") % names


def _role_taken(facts: Facts) -> str:
    return _("Works on the letter no longer; was: %(role)s") % _named_role(facts)


def _invited(facts: Facts) -> str:
    return _("Asked somebody by mail to work on the letter, as: %(role)s") % _named_role(facts)


def _invited_again(facts: Facts) -> str:
    return _("Sent an invitation to work on the letter again, as: %(role)s") % _named_role(facts)


def _joined(facts: Facts) -> str:
    return _("Accepted the invitation to work on the letter, as: %(role)s") % _named_role(facts)


def _named_role(facts: Facts) -> Facts:
    return {"role": roles.role_name(facts["role"])}


def _two_person(facts: Facts) -> str:
    if facts["two_person"]:
        return _("The two-person rule was switched on")
    return _("The two-person rule was switched off")


def _proposal(status: str) -> Callable[[Facts], str]:
    def told(facts: Facts) -> str:
        sentences = {
            "made": _("Proposed to a second organiser: %(what)s"),
            "agreed": _("Agreed to what was proposed: %(what)s"),
            "rejected": _("Rejected what was proposed: %(what)s"),
            "taken back": _("Took back what was proposed: %(what)s"),
            "void": _("Wanted to agree, but what it was about had changed: %(what)s"),
            "expired": _("Nobody agreed in time to what was proposed: %(what)s"),
        }
        return sentences[status] % {"what": proposed_name(facts["proposed"])}

    return told


def proposed_name(action: str) -> str:
    """What needs a second organiser, by the names of app.organiser.agreed."""
    names = {
        "opening": _("opening the letter"),
        "closing": _("closing the letter"),
        "deadlines": _("moving the deadlines"),
        "approvals": _("approving several signatures together"),
        "inviting": _("asking somebody to join who can agree"),
        "role change": _("giving somebody a role in which they can agree"),
        "end of rule": _("switching the two-person rule off"),
    }
    return names[action]


def _exported(facts: Facts) -> str:
    if facts["with_addresses"]:
        return _("Took %(number)s endorsements out as a file, with e-mail addresses") % facts
    return _("Took %(number)s endorsements out as a file") % facts


def _together(facts: Facts) -> str:
    return _("Approved %(number)s signatures together") % facts


def _signed_in(facts: Facts) -> str:
    ways = {
        "link": _("Signed in by a mailed link"),
        "code": _("Signed in by a mailed link and a code"),
        "passkey": _("Signed in by a passkey"),
        "invitation": _("Signed in by accepting an invitation to work on a letter"),
    }
    return ways.get(facts.get("way", ""), _("Signed in"))


def _taken_in(facts: Facts) -> str:
    return _("Put %(number)s invitations on the list") % facts


def _organisation_changed(facts: Facts) -> str:
    return _("An organisation in the address book was changed: %(fields)s") % facts


def _list_taken_in(facts: Facts) -> str:
    return _("Took a list into the address book: %(added)s new, %(changed)s changed") % facts


def _book_exported(facts: Facts) -> str:
    return _("Took the address book out as a file, %(entries)s organisations") % facts


def _addressed(facts: Facts) -> str:
    return _("Addressed a message to signatories; mails: %(number)s") % facts


def _settings(facts: Facts) -> str:
    return _("Settings changed: %(fields)s") % facts


def _deadline(facts: Facts) -> str:
    moments = _moments(facts)
    if not facts["to"]:
        return _("The deadline of %(before)s was taken away") % moments
    if not facts["before"]:
        return _("The deadline was set to %(to)s") % moments
    return _("The deadline was moved from %(before)s to %(to)s") % moments


def _first_deadline(facts: Facts) -> str:
    moments = _moments(facts)
    if not facts["to"]:
        return _("The first deadline, %(before)s, was taken away") % moments
    if not facts["before"]:
        return _("A first deadline was set: %(to)s") % moments
    return _("The first deadline was moved from %(before)s to %(to)s") % moments


def _moments(facts: Facts) -> dict[str, str]:
    """Both as people read them, where they are there."""
    there = {name: facts[name] for name in ("before", "to") if facts[name]}
    return {name: format_moment(datetime.fromisoformat(iso)) for name, iso in there.items()}


def _status(status: str) -> Callable[[Facts], str]:
    def told(facts: Facts) -> str:
        states = {"from": letter_status(facts["came_from"]), "to": letter_status(status)}
        return _("The letter is %(to)s now; before, it was %(from)s") % states

    return told


_TOLD_BY_FACTS: dict[str, Callable[[Facts], str]] = {
    "version published": _version,
    "version withheld": _version_withheld,
    "version shown again": _version_shown_again,
    "role given": _role_given,
    "role changed": _role_changed,
    "role taken": _role_taken,
    "team invitation sent": _invited,
    "team invitation sent again": _invited_again,
    "team invitation accepted": _joined,
    "two-person rule set": _two_person,
    "proposal made": _proposal("made"),
    **{f"proposal {status}": _proposal(status) for status in ENDS},
    "settings changed": _settings,
    "deadline moved": _deadline,
    "first deadline moved": _first_deadline,
    "exported": _exported,
    "approved together": _together,
    "signed in": _signed_in,
    "invitations taken in": _taken_in,
    "organisation changed": _organisation_changed,
    "list taken in": _list_taken_in,
    "book exported": _book_exported,
    "message addressed": _addressed,
    **{f"letter {status}": _status(status) for status in ("open", "paused", "closed", "delivered")},
}
