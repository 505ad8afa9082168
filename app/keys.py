"""The instance's secret keys and what they are used for.

Each purpose has a key of its own, derived with HKDF (RFC 5869), so that no use can stand in for
another. The newest key makes, older ones still open and verify.
"""

import base64
import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import DomainError
from app.settings import Settings

__all__ = ["InvalidToken", "Keys"]


SHORTEST = 32


class WeakKey(DomainError):
    """The key file is empty or cut short: everything signed with it could be forged."""


class Keys:
    """`secret_keys` are the instance's secrets, the newest first."""

    def __init__(self, secret_keys: list[str]) -> None:
        self._secrets = [key.encode() for key in secret_keys]

    @classmethod
    def of(cls, settings: Settings) -> "Keys":
        """From the settings, else from the file in the data directory, made once with mode 0600."""
        if settings.secret_keys:
            return cls([key.strip() for key in settings.secret_keys.split(",")])
        path = settings.data_dir / "secret.key"
        if not path.exists():
            _make(path)
        key = path.read_text().strip()
        if len(key) < SHORTEST:
            raise WeakKey(f"{path} holds no key; restore it, or delete it to make a new one.")
        return cls([key])

    def derived(self, purpose: str) -> list[bytes]:
        """32-byte keys for `purpose`, the newest first."""
        return [
            HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)
            for secret in self._secrets
        ]

    def seal(self, text: str) -> str:
        """Encrypts `text` for a column that a stolen database must not give away."""
        return self._fernet.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The text sealed earlier; raises InvalidToken for anything else."""
        return self._fernet.decrypt(sealed.encode()).decode()

    def index(self, text: str) -> str:
        """A keyed digest that finds equal texts without revealing them: 43 characters."""
        return _digest(self._index_keys[0], text)

    def indexes(self, text: str) -> list[str]:
        """The digests under every key, for finding what was stored before a key was renewed."""
        return [_digest(key, text) for key in self._index_keys]

    @cached_property
    def signing(self) -> list[bytes]:
        """Keys for signed links, the oldest first as itsdangerous wants them."""
        return self.derived("links")[::-1]

    @cached_property
    def _fernet(self) -> MultiFernet:
        return MultiFernet([Fernet(base64.urlsafe_b64encode(k)) for k in self.derived("columns")])

    @cached_property
    def _index_keys(self) -> list[bytes]:
        return self.derived("index")


def _digest(key: bytes, text: str) -> str:
    digest = hmac.digest(key, text.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside and linked, so that two processes starting at once agree on one key.
    aside = path.with_suffix(f".{secrets.token_hex(4)}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
