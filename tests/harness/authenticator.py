"""An authenticator in software: makes passkeys and shows them, as a browser with a device would.

It can also do what no honest one does: answer for another origin, an old challenge or a copy.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
Options = Mapping[str, Any]


@dataclass
class Authenticator:
    """One passkey, once `make` has made it. `origin` is the page the browser stands on."""

    origin: str
    verifies: bool = True
    counts: bool = True
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user: bytes = b""
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def make(self, options: Options) -> str:
        """Answers navigator.credentials.create: the credential as JSON."""
        self.user = base64url_to_bytes(options["user"]["id"])
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self._facts(options["rp"]["id"], self._credential()),
        }
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=cbor2.dumps(attestation))

    def show(self, options: Options, **odd: Any) -> str:
        """Answers navigator.credentials.get; `odd` replaces parts of the answer."""
        facts = self._facts(options["rpId"])
        client = self._client("webauthn.get", options["challenge"])
        signed = facts + hashlib.sha256(client).digest()
        parts = {
            "clientDataJSON": client,
            "authenticatorData": facts,
            "signature": self.key.sign(signed, ec.ECDSA(SHA256())),
            "userHandle": self.user,
        }
        return self._answer(**{**parts, **odd})

    def copy(self) -> "Authenticator":
        """A clone with the same key, that counts on by itself."""
        return replace(self)

    def _facts(self, host: str, credential: bytes = b"") -> bytes:
        if self.counts:
            self.count += 1
        flags = PRESENT | (VERIFIED if self.verifies else 0) | (ATTESTED if credential else 0)
        count = self.count.to_bytes(4, "big")
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + count + credential

    def _credential(self) -> bytes:
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})  # RFC 9053, 7.1.1
        return bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public

    def _client(self, kind: str, challenge: str) -> bytes:
        facts = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(facts).encode()

    def _answer(self, **parts: bytes) -> str:
        response = {name: bytes_to_base64url(part) for name, part in parts.items()}
        own = bytes_to_base64url(self.id)
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": response})
