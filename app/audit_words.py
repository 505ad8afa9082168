"""The audit trail in words: a sentence for every action there is.

An action that isn't here can't be told; a rule of the house finds it.
"""

from collections.abc import Callable
from typing import Any

from app import roles
from app.i18n import _
from app.letters import status_name as letter_status

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
        "correction proposed": _("A correction was asked for"),
        "corrected": _("Corrected before approval"),
        "correction accepted": _("The correction was accepted"),
        "correction refused": _("The correction was refused"),
        "address revealed": _("Looked at the e-mail address"),
        "decision came too late": _("Wanted to decide, but somebody was quicker"),
        "placed": _("Sort key or category changed"),
        "ordered by hand": _("Arranged the list by hand"),
        "order set": _("Changed how the list is sorted"),
        "list form set": _("Changed how the list stands in the letter"),
        "letter imported": _("The letter was brought in"),
        "personal data erased": _("Personal data was erased, as its time was over"),
        "organiser added": _("Became an organiser here"),
        "signed in": _("Signed in"),
        "organisation added": _("An organisation came into the address book"),
        "organisation deleted": _("An organisation was deleted from the address book"),
        "contact erased": _("The contact of an organisation was erased"),
        "token created": _("Made a token for the API"),
        "webhook created": _("Added a webhook"),
        "webhook removed": _("Removed a webhook"),
        "webhook tested": _("Sent a test to a webhook"),
        "token revoked": _("Revoked a token for the API"),
    }


def _version(facts: Facts) -> str:
    return _("Version %(number)s was published") % facts


def _role_given(facts: Facts) -> str:
    return _("Works on the letter now, as: %(role)s") % {"role": roles.role_name(facts["role"])}


def _exported(facts: Facts) -> str:
    if facts["with_addresses"]:
        return _("Took %(number)s endorsements out as a file, with e-mail addresses") % facts
    return _("Took %(number)s endorsements out as a file") % facts


def _organisation_changed(facts: Facts) -> str:
    return _("An organisation in the address book was changed: %(fields)s") % facts


def _list_taken_in(facts: Facts) -> str:
    return _("Took a list into the address book: %(added)s new, %(changed)s changed") % facts


def _book_exported(facts: Facts) -> str:
    return _("Took the address book out as a file, %(entries)s organisations") % facts


def _settings(facts: Facts) -> str:
    return _("Settings changed: %(fields)s") % facts


def _status(status: str) -> Callable[[Facts], str]:
    def told(facts: Facts) -> str:
        states = {"from": letter_status(facts["came_from"]), "to": letter_status(status)}
        return _("The letter is %(to)s now; before, it was %(from)s") % states

    return told


_TOLD_BY_FACTS: dict[str, Callable[[Facts], str]] = {
    "version published": _version,
    "role given": _role_given,
    "settings changed": _settings,
    "exported": _exported,
    "organisation changed": _organisation_changed,
    "list taken in": _list_taken_in,
    "book exported": _book_exported,
    **{f"letter {status}": _status(status) for status in ("open", "paused", "closed", "delivered")},
}
