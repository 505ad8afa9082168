"""Every setting, typed and checked at the start; nothing else reads the environment."""

import ipaddress
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.errors import DomainError

PREFIX = "UNDERSIGNED_"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class WrongSetting(DomainError):
    """A setting is unknown or impossible; the sentence names it."""


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    data_dir: Path = Path("var")
    database_url: str = ""
    read_database_url: str = ""
    base_url: str = "http://127.0.0.1:8000"
    secret_keys: Annotated[str, Field(repr=False)] = ""
    smtp_url: Annotated[str, Field(repr=False)] = "mailbox:"
    mail_from: str = "Undersigned <noreply@localhost>"
    dkim_key: str = ""
    dkim_selector: str = ""
    controller: str = ""
    trusted_proxies: str = ""
    outreach_per_day: Annotated[int, Field(ge=1)] = 10_000

    @field_validator("database_url", "read_database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if url and not url.startswith(("postgresql://", "postgresql+psycopg://", "sqlite:///")):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        return url.replace("postgresql://", "postgresql+psycopg://", 1)

    @field_validator("base_url")
    @classmethod
    def _base(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address such as https://letters.example.org")
        if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
            raise ValueError("must be a scheme and a host, without a path")
        return url.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, url: str) -> str:
        if url == "mailbox:":
            return url
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("must be mailbox:, smtp://host:port or smtps://host:port")
        _ = parts.port  # raises for an impossible port
        return url

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, sender: str) -> str:
        address = parseaddr(sender)[1]
        if "@" not in address or any(c in sender for c in "\r\n"):
            raise ValueError("must be an address such as Undersigned <letters@example.org>")
        return sender

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, text: str) -> str:
        for part in filter(None, (part.strip() for part in text.split(","))):
            ipaddress.ip_network(part, strict=False)
        return text

    @field_validator("secret_keys")
    @classmethod
    def _keys(cls, text: str) -> str:
        if any(len(key.strip()) < 32 for key in text.split(",") if text):
            raise ValueError("each key must have at least 32 characters")
        return text

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        if self.smtp_url == "mailbox:" and not self.is_loopback:
            raise ValueError(
                "UNDERSIGNED_SMTP_URL must name a mail server when UNDERSIGNED_BASE_URL is public"
            )
        if bool(self.dkim_key) != bool(self.dkim_selector):
            raise ValueError("UNDERSIGNED_DKIM_KEY and UNDERSIGNED_DKIM_SELECTOR go together")
        if self.dkim_key and not Path(self.dkim_key).is_file():
            raise ValueError("UNDERSIGNED_DKIM_KEY must name a file that holds the private key")
        return self

    @property
    def is_loopback(self) -> bool:
        return urlsplit(self.base_url).hostname in LOOPBACK_NAMES

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https:")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'undersigned.sqlite'}"

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite:")

    @property
    def logos_dir(self) -> Path:
        return self.data_dir / "logos"

    @property
    def renditions_dir(self) -> Path:
        return self.data_dir / "renditions"

    @property
    def mailbox_dir(self) -> Path:
        return self.data_dir / "mailbox"

    @property
    def proxies(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        parts = (part.strip() for part in self.trusted_proxies.split(","))
        return tuple(ipaddress.ip_network(part, strict=False) for part in parts if part)

    def url(self, path: str) -> str:
        """An absolute address for mails and documents; `path` begins with a slash."""
        return self.base_url + path


def load(env_file: Path = Path(".env")) -> Settings:
    """The settings from `.env` and the environment, the environment winning.

    Raises WrongSetting with a sentence naming the setting.
    """
    named = {**dotenv_values(env_file), **os.environ}
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in named.items()
        if name.startswith(PREFIX) and (value or not _is_known(name))
    }
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as wrong:
        raise WrongSetting(_sentence(wrong)) from None


def _is_known(name: str) -> bool:
    return name.removeprefix(PREFIX).lower() in Settings.model_fields


def _sentence(wrong: ValidationError) -> str:
    first = wrong.errors(include_url=False, include_input=False)[0]
    if not first["loc"]:
        return first["msg"].removeprefix("Value error, ") + "."
    name = PREFIX + str(first["loc"][0]).upper()
    if first["type"] == "extra_forbidden":
        return f"{name} is not a setting of Undersigned."
    return f"{name} {first['msg'].removeprefix('Value error, ')}."
