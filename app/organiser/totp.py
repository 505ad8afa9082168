"""The second step: a code from an app after the mailed link, and recovery codes in its place.

Codes are those of RFC 6238: six digits, another every 30 seconds. One of the time step before or
after is taken too, for clocks that differ, and none twice.
"""

import secrets
import unicodedata
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

import pyotp
from sqlalchemy import Column, Index, Integer, String, Text, delete, func, select, update
from sqlmodel import Field, col

from app import throttle
from app.db import Db, Moment, Table
from app.errors import Conflict, Refused
from app.i18n import _
from app.organiser import account_notices
from app.organiser.organisers import Organiser
from app.trail import audit
from app.trail.audit import Actor

STEP_SECONDS = 30
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10
# Without those that are mistaken for others when they are copied from paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

# Where a code is typed: after the mailed link, or at the desk by whoever is signed in.
Place = Literal["sign-in", "step-up"]


class SecondStep(Table, table=True):
    __tablename__ = "second_step"

    organiser_id: UUID = Field(primary_key=True, foreign_key="organiser.id", ondelete="CASCADE")
    # Base32, sealed.
    secret: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_type=Moment)
    # None until a first code has shown that the app has the secret: nothing is asked till then.
    confirmed_at: datetime | None = Field(default=None, sa_type=Moment)
    # The time step of the last code taken.
    last_step: int = Field(default=0, sa_column=Column(Integer, nullable=False))


class RecoveryCode(Table, table=True):
    __tablename__ = "recovery_code"
    __table_args__ = (Index(None, "organiser_id"),)

    digest: str = Field(sa_column=Column(String(43), primary_key=True))
    organiser_id: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    used_at: datetime | None = Field(default=None, sa_type=Moment)


def of(db: Db, organiser_id: UUID) -> SecondStep | None:
    """The organiser's second step, if one is set up."""
    step = db.get(SecondStep, organiser_id)
    return step if step and step.confirmed_at else None


def awaited(db: Db, organiser_id: UUID) -> SecondStep | None:
    """The one that was begun, and waits for its first code."""
    step = db.get(SecondStep, organiser_id)
    return step if step and not step.confirmed_at else None


def begin(db: Db, organiser: Organiser) -> None:
    """Makes a secret for the organiser's app, in place of one that was begun before."""
    if of(db, organiser.id):
        raise Conflict(_("A second step is set up already. Remove it first."))
    db.execute(delete(SecondStep).where(col(SecondStep.organiser_id) == organiser.id))
    secret = db.keys.seal(pyotp.random_base32())
    db.add(SecondStep(organiser_id=organiser.id, secret=secret, created_at=db.now))
    db.flush()


def secret_of(db: Db, step: SecondStep) -> str:
    return db.keys.unseal(step.secret)


def address(db: Db, organiser: Organiser, step: SecondStep) -> str:
    """What a QR code tells the app: an otpauth address."""
    site = urlsplit(db.settings.base_url).hostname
    name = db.keys.unseal(organiser.address)
    return pyotp.TOTP(secret_of(db, step)).provisioning_uri(name=name, issuer_name=site)


def confirm(db: Db, organiser: Organiser, code: str) -> list[str]:
    """The app has the secret: from now on codes are asked for. Returns the recovery codes."""
    step = awaited(db, organiser.id)
    if step is None:
        raise Conflict(_("There is no second step to be set up. Please begin again."))
    if not _takes(db, step, plain(code)):
        raise Refused(_("That is not the code your app shows now. Please try again."), "code")
    step.confirmed_at = db.now
    db.flush()
    _record(db, "second step set up", organiser, by=organiser.actor)
    account_notices.tell(db, organiser, "second_step_added")
    return _make_codes(db, organiser)


def check(db: Db, organiser: Organiser, code: str, at: Place) -> bool:
    """Whether this is the code of this moment, or a recovery code left. Either is used up.

    Wrong ones of the app are counted in the caller's transaction, which therefore has to be kept;
    raises Refused once there were too many. They are counted by where they were typed: whoever
    only reads an organiser's mail locks out neither the desk that is signed in, nor whoever has a
    recovery code or a passkey.
    """
    step, typed = of(db, organiser.id), plain(code)
    if step is None:
        return False
    if len(typed) == RECOVERY_LENGTH:
        return _takes_recovery(db, organiser, typed)
    whose = f"{at} {organiser.id}"
    counted = throttle.WRONG_CODES, throttle.WRONG_CODES_OF_DAY
    if not all(throttle.spend(db, allowance, whose) for allowance in counted):
        raise Refused(
            _(
                "Too many wrong codes were tried. Use a recovery code or a passkey, or wait: an "
                "hour at first, until tomorrow if it goes on."
            ),
            "code",
        )
    if not _takes(db, step, typed):
        return False
    for allowance in counted:
        throttle.give_back(db, allowance, whose)
    return True


def remove(db: Db, organiser: Organiser, *, by: Actor) -> None:
    """The second step and its recovery codes; nothing happens where there is none."""
    was_set_up = of(db, organiser.id)
    db.execute(delete(SecondStep).where(col(SecondStep.organiser_id) == organiser.id))
    db.execute(delete(RecoveryCode).where(col(RecoveryCode.organiser_id) == organiser.id))
    if was_set_up:
        _record(db, "second step removed", organiser, by=by)
        account_notices.tell(db, organiser, "second_step_removed")


def new_codes(db: Db, organiser: Organiser) -> list[str]:
    """Ten recovery codes in place of those before."""
    if of(db, organiser.id) is None:
        raise Conflict(_("Recovery codes come with a second step. Set one up first."))
    _record(db, "recovery codes made", organiser, by=organiser.actor)
    account_notices.tell(db, organiser, "recovery_codes_made")
    return _make_codes(db, organiser)


def codes_left(db: Db, organiser_id: UUID) -> int:
    query = select(func.count()).where(
        col(RecoveryCode.organiser_id) == organiser_id, col(RecoveryCode.used_at).is_(None)
    )
    return db.scalar(query) or 0


def plain(code: str) -> str:
    """What was typed without spaces and hyphens, in small letters, digits of any script as 0–9."""
    letters = (letter for letter in code.lower() if letter.isalnum())
    return "".join(str(unicodedata.digit(letter, letter)) for letter in letters)


def _takes(db: Db, step: SecondStep, code: str) -> bool:
    """Uses the code up, if it is one of now: of two that come at once, one wins."""
    app = pyotp.TOTP(secret_of(db, step))
    now = int(db.now.timestamp()) // STEP_SECONDS
    for number in (now - 1, now, now + 1):
        if secrets.compare_digest(app.generate_otp(number).encode(), code.encode()):
            taken = (
                update(SecondStep)
                .where(
                    col(SecondStep.organiser_id) == step.organiser_id,
                    col(SecondStep.secret) == step.secret,
                    col(SecondStep.last_step) < number,
                )
                .values(last_step=number)
            )
            return db.changed(taken) == 1
    return False


def _takes_recovery(db: Db, organiser: Organiser, code: str) -> bool:
    used = (
        update(RecoveryCode)
        .where(
            col(RecoveryCode.digest).in_(db.keys.indexes(_text(organiser, code))),
            col(RecoveryCode.organiser_id) == organiser.id,
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=db.now)
    )
    if db.changed(used) != 1:
        return False
    _record(db, "recovery code used", organiser, by=organiser.actor)
    account_notices.tell(db, organiser, "recovery_code_used")
    return True


def _make_codes(db: Db, organiser: Organiser) -> list[str]:
    db.execute(delete(RecoveryCode).where(col(RecoveryCode.organiser_id) == organiser.id))
    codes = [_random_code() for _code in range(RECOVERY_CODES)]
    db.add_all(
        RecoveryCode(digest=db.keys.index(_text(organiser, code)), organiser_id=organiser.id)
        for code in codes
    )
    db.flush()
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _random_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _letter in range(RECOVERY_LENGTH))


def _text(organiser: Organiser, code: str) -> str:
    return f"recovery code {organiser.id} {code}"


def _record(db: Db, action: str, organiser: Organiser, *, by: Actor) -> None:
    audit.record(db, action, by=by, letter_id=None, subject_id=organiser.id)
