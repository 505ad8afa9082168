"""Around the demo's signatories: who else was asked and how they answered, who signed on paper,
and a message to those who signed."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement import report_lists, reported
from app.invitation import (
    circulation,
    circulation_lists,
    intake,
    invitation_notes,
    invitations,
    inviting,
)
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.message import audiences, message_mails, messages
from app.organiser.organisers import Organiser
from app.trail.audit import SIGNER

INTRODUCTION = """Dear colleagues,
the Council decides about Radio Ardal's frequency next month, and so far it has heard few voices \
from outside the valley. Yours would count. Please join us.
With kind regards, the three lead organisations"""

# Some of them sign further on; the others are here for the board.
SIGNERS_TO_BE = """Open Microphone Foundation; femke@openmicrophone.example; Femke de Wit; NL
The Coastal Press Union; moe@coastalpress.example; Ragnhild Moe; NO
Zavod za odprte medije; maja.kos@odprtimediji.example; Maja Kos; SI
Lake District Listeners; tom@lakelisteners.example; Tom Fell; GB
"""
ASKED = """Harbour Radio Archive; ines@harbourarchive.example; Inês Prado; PT
Mountain Writers' Guild; post@mountainwriters.example; Luca Ferri; IT
Forum of Local Editors; anna@localeditors.example; Anna Wójcik; PL
Island Press Fund; fund@islandpress.example; Niamh Daly; IE
Students for Open Air; hello@openair.example; Marek Hora; CZ
Old Bridge Institute; office@oldbridge.example; Emina Hadžić; BA
"""
NOT_YET = """Lighthouse Media Lab; lab@lighthouse.example; Sofie Lund; DK
Delta Broadcasters; info@deltabroadcast.example; Radu Pop; RO
"""
REPORTED = (
    {
        "kind": "organisation",
        "organisation": "Fjord Choirs Together",
        "country": "NO",
        "name": "Solveig Aas",
        "role": "Chair",
        "email": "solveig@fjordchoirs.example",
        "received": "meeting",
        "note": "Signed the paper copy at the meeting in Ardal.",
    },
    {
        "kind": "individual",
        "name": "Halvard Tveit",
        "received": "hand",
        "note": "Retired presenter, has no e-mail. The paper is in the office.",
    },
)
MESSAGE = {
    "subject": "Thank you for signing, and one request",
    "body": "Dear all,\n\nthank you for signing. The Council hears the station in three weeks. "
    "If you know an organisation that should be asked, please send it the letter's address.",
    "to": "approved",
}


def ask(db: Db, letter: Letter, organiser: Organiser) -> None:
    """Before anybody signs: some of those who are asked will."""
    circulation.introduce(db, letter, INTRODUCTION, by=organiser.actor)
    _take_in(db, letter, SIGNERS_TO_BE + ASKED, organiser)
    inviting.send(db, letter, _of(db, letter), by=organiser.actor)
    _take_in(db, letter, NOT_YET, organiser)


def answer(db: Db, letter: Letter, organiser: Organiser) -> None:
    """What came back, but for the signatures."""
    asked = {one.organisation: one for one in _of(db, letter)}
    board = letter.on_its_calendar(db.now) + timedelta(days=9)
    invitations.promise(db, asked["Harbour Radio Archive"], letter, board, by=SIGNER)
    guild = asked["Mountain Writers' Guild"]
    invitations.promise(db, guild, letter, board + timedelta(days=4), by=organiser.actor)
    invitation_notes.note(
        db, guild, "Rang on Monday: their board meets by mail.", by=organiser.actor
    )
    reason = "Our statutes let us sign on questions of copyright alone."
    invitations.decline(db, asked["Forum of Local Editors"], letter, reason, by=SIGNER)
    invitations.bounced(db, asked["Old Bridge Institute"].id, db.now)


def report(db: Db, letter: Letter, organiser: Organiser) -> None:
    received_on = (letter.on_its_calendar(db.now) - timedelta(days=2)).isoformat()
    entries = [
        report_lists.checked(
            {**signer, "received_on": received_on}, letter, db.now.date(), allow_special=True
        )
        for signer in REPORTED
    ]
    assert reported.enter(db, letter, entries, by=organiser) == [None] * len(entries)


def write(db: Db, letter: Letter, organiser: Organiser) -> None:
    message = messages.draft(db, letter, MESSAGE, by=organiser, allow_special=True)
    found = audiences.recipients(db, letter, message.to)
    seen = message_mails.seen_of(message, found)
    message_mails.send(db, letter, message, count=str(len(found)), seen=seen, by=organiser.actor)
    draft = {**MESSAGE, "subject": "The letter goes to the Council"}
    draft["body"] = "Dear all,\n\nwe deliver the letter on the day after signing ends."
    messages.draft(db, letter, draft, by=organiser, allow_special=True)


def _take_in(db: Db, letter: Letter, pasted: str, organiser: Organiser) -> None:
    checked = intake.check(db, letter, circulation_lists.pasted(letter, pasted), allow_special=True)
    assert not checked.bad, checked.bad
    intake.take_in(db, letter, checked.good, owner_id=organiser.id, by=organiser.actor)


def _of(db: Db, letter: Letter) -> Sequence[Invitation]:
    return db.scalars(select(Invitation).where(col(Invitation.letter_id) == letter.id)).all()
