"""Passkeys: organisers sign in by what their device or a key holds, without waiting for a mail.

WebAuthn (https://www.w3.org/TR/webauthn-3/) through the webauthn library. Credentials are
discoverable, so that nobody types an address, and each use needs the user verified, so that a
passkey alone is as good as a link and a code.

A challenge is no row: it is signed, together with its instant, for one purpose and one browser,
and noted once it is used.
"""

import hmac
import secrets
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Literal, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, select
from sqlmodel import Field, col
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app import throttle
from app.db import Db, Moment, Table, new_id
from app.errors import Conflict, NotFound, Refused
from app.i18n import _
from app.name import names
from app.organiser import account_notices
from app.organiser.organisers import Organiser
from app.settings import Settings
from app.trail import audit

CHALLENGE_LIFE = timedelta(minutes=5)
MOST = 20
LONGEST_NAME = 60

Purpose = Literal["add", "sign-in", "step-up"]


class Passkey(Table, table=True):
    __table_args__ = (Index(None, "organiser_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organiser_id: UUID = Field(foreign_key="organiser.id", ondelete="CASCADE")
    # Base64url, as browsers name it; at most 1,023 bytes.
    credential_id: str = Field(sa_column=Column(String(1_364), nullable=False, unique=True))
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sign_count: int = Field(sa_column=Column(BigInteger, nullable=False))
    name: str
    created_at: datetime = Field(sa_type=Moment)
    used_at: datetime | None = Field(default=None, sa_type=Moment)


class Ceremony(NamedTuple):
    """What one request for a passkey is for, and the secret of the browser that makes it."""

    purpose: Purpose
    browser: str


def site_name(settings: Settings) -> str:
    """The host that passkeys are bound to (the RP ID); "" where there can be none: at an IP
    address, which browsers refuse."""
    host = urlsplit(settings.base_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host
    return ""


def origin(settings: Settings) -> str:
    """The site's origin as browsers write it: without a port that goes without saying."""
    parts = urlsplit(settings.base_url)
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{parts.hostname}{port}"


def of(db: Db, organiser_id: UUID) -> list[Passkey]:
    """The organiser's passkeys, the oldest first."""
    query = select(Passkey).where(col(Passkey.organiser_id) == organiser_id)
    return list(db.scalars(query.order_by(col(Passkey.id))))


def options_to_add(db: Db, organiser: Organiser, browser: str) -> str:
    """The JSON that a browser makes a passkey by."""
    address = db.keys.unseal(organiser.address)
    options = webauthn.generate_registration_options(
        rp_id=_site_name(db),
        rp_name="Undersigned",
        user_id=organiser.id.bytes,
        user_name=address,
        user_display_name=organiser.name or address,
        challenge=_challenge(db, Ceremony("add", browser)),
        timeout=_milliseconds(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(of(db, organiser.id)),
    )
    return webauthn.options_to_json(options)


def add(db: Db, organiser: Organiser, name: str, credential: str, browser: str) -> Passkey:
    """Keeps what a browser made; raises Refused (field "name" or none)."""
    try:
        called = names.checked(name, longest=LONGEST_NAME)
    except Refused as refused:
        raise Refused(refused.sentence, "name") from None
    if len(of(db, organiser.id)) >= MOST:
        raise Refused(_("You have as many passkeys as can be. Remove one first."))
    with _refusing_what_is_wrong():
        sent = parse_registration_credential_json(credential)
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
    _must_be_answered(db, Ceremony("add", browser), challenge)
    with _refusing_what_is_wrong():
        made = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=_site_name(db),
            expected_origin=origin(db.settings),
            require_user_verification=True,
        )
    credential_id = bytes_to_base64url(made.credential_id)
    if db.scalars(select(Passkey).where(col(Passkey.credential_id) == credential_id)).first():
        raise Conflict(_("This passkey is known here already."))
    passkey = Passkey(
        organiser_id=organiser.id,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=called,
        created_at=db.now,
    )
    db.add(passkey)
    db.flush()
    _record(db, "passkey added", organiser, passkey)
    account_notices.tell(db, organiser, "passkey_added", called)
    return passkey


def remove(db: Db, organiser: Organiser, passkey_id: str) -> None:
    """One of the organiser's own; somebody else's is not there."""
    passkey = next((one for one in of(db, organiser.id) if str(one.id) == passkey_id), None)
    if passkey is None:
        raise NotFound(_("There is no such passkey."))
    db.delete(passkey)
    db.flush()
    _record(db, "passkey removed", organiser, passkey)
    account_notices.tell(db, organiser, "passkey_removed", passkey.name)


def options_to_use(db: Db, ceremony: Ceremony, own: list[Passkey]) -> str:
    """The JSON that a browser shows a passkey by: one of `own`, or any that it has for this site
    if there are none to choose from."""
    options = webauthn.generate_authentication_options(
        rp_id=_site_name(db),
        challenge=_challenge(db, ceremony),
        timeout=_milliseconds(),
        allow_credentials=_descriptors(own),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def use(db: Db, credential: str, ceremony: Ceremony) -> Organiser:
    """Whose passkey this is. It has to answer a challenge of this ceremony, once."""
    with _refusing_what_is_wrong():
        sent = parse_authentication_credential_json(credential)
        challenge = parse_client_data_json(sent.response.client_data_json).challenge
    _must_be_answered(db, ceremony, challenge)
    query = select(Passkey).where(col(Passkey.credential_id) == sent.id)
    passkey = db.scalars(query.with_for_update()).first()
    if passkey is None:
        raise Refused(_("This passkey is not known here, or it was removed."))
    with _refusing_what_is_wrong():
        shown = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=_site_name(db),
            expected_origin=origin(db.settings),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    if sent.response.user_handle not in (None, passkey.organiser_id.bytes):
        raise _not_taken()
    passkey.sign_count, passkey.used_at = shown.new_sign_count, db.now
    db.flush()
    return db.get_one(Organiser, passkey.organiser_id)


def _site_name(db: Db) -> str:
    name = site_name(db.settings)
    if not name:
        raise Conflict(_("Passkeys need a site with a name; this one is at a bare IP address."))
    return name


def _challenge(db: Db, ceremony: Ceremony) -> bytes:
    core = secrets.token_bytes(16) + struct.pack(">Q", int(db.now.timestamp()))
    return core + _signed(db, ceremony, core)[0]


def _must_be_answered(db: Db, ceremony: Ceremony, challenge: bytes) -> None:
    """Refuses an answer to a challenge that is not one of ours, not of now, or was used before."""
    core, signature = challenge[:24], challenge[24:]
    signatures = _signed(db, ceremony, core)
    if not any(secrets.compare_digest(signature, one) for one in signatures):
        raise _not_taken()
    made_at = struct.unpack(">Q", core[16:])[0]
    if db.now.timestamp() >= made_at + CHALLENGE_LIFE.total_seconds():
        raise Refused(_("That took too long. Please try again."))
    if not throttle.first_use(db, "challenge", challenge.hex(), until=db.now + 2 * CHALLENGE_LIFE):
        raise _not_taken()


def _signed(db: Db, ceremony: Ceremony, core: bytes) -> list[bytes]:
    """HMACs of the challenge under every key, the newest first."""
    text = core + f"{ceremony.purpose} {ceremony.browser}".encode()
    return [hmac.digest(key, text, sha256) for key in db.keys.derived("passkeys")]


@contextmanager
def _refusing_what_is_wrong() -> Iterator[None]:
    """What a browser sends is foreign: the library's readers trip over odd types and depths."""
    try:
        yield
    except (WebAuthnException, ValueError, TypeError, AttributeError, RecursionError) as wrong:
        raise _not_taken() from wrong


def _not_taken() -> Refused:
    return Refused(_("This passkey could not be checked. Please reload the page and try again."))


def _descriptors(passkeys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(passkey.credential_id))
        for passkey in passkeys
    ]


def _milliseconds() -> int:
    return int(CHALLENGE_LIFE.total_seconds() * 1_000)


def _record(db: Db, action: str, organiser: Organiser, passkey: Passkey) -> None:
    by, subject = organiser.actor, organiser.id
    audit.record(db, action, by=by, letter_id=None, subject_id=subject, passkey=str(passkey.id))
