"""Hands mails over: to a mail server by SMTP, or to the local mailbox.

MIME and DKIM are the `emails` library's work; the sending is not, because its client takes any
certificate and sends again after a lost connection.
"""

import smtplib
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.message import Message as MimeMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from emails.message import Message as MailBuilder

from app.mailing import flowed
from app.mailing.stationery import Mail
from app.settings import LOOPBACK_NAMES, Settings

SMTP_SECONDS = 30
# RFC 8058 wants both List-Unsubscribe headers signed; the library leaves one out. What is named
# and not there can't be added on the way.
SIGNED = (
    *("from", "from", "reply-to", "to", "subject", "date", "message-id"),
    *("mime-version", "content-type", "list-unsubscribe", "list-unsubscribe-post"),
)


class Rejected(Exception):
    """The server refused the mail for good (5xx); the answer is without the address."""


class TryLater(Exception):
    """The server is slow, greylisting or unsure."""


class Away(TryLater):
    """There is no server to ask: other mails would fare no better now."""


class Courier(Protocol):
    def hand_over(self, message: Mail, message_id: str) -> None:
        """Returns once the mail is in others' hands; raises Rejected, TryLater or Away."""

    def close(self) -> None:
        """Nothing follows for now; the next mail opens again what it needs."""


def of(settings: Settings) -> Courier:
    if settings.smtp_url == "mailbox:":
        return MailboxCourier(settings)
    return SmtpCourier(settings)


def mime(message: Mail, message_id: str, settings: Settings) -> bytes:
    """The message as it leaves: one recipient, a complete text part first, then HTML."""
    letter = MailBuilder(
        subject=message.subject,
        mail_from=parseaddr(settings.mail_from),
        mail_to=("", message.to),
        text=message.text,
        html=message.html,
        message_id=message_id,
        date=datetime.now(UTC),
        headers=_headers(message),
        charset="utf-8",
    )
    letter.after_build = _write_out
    if settings.dkim_key:
        letter.dkim(
            key=Path(settings.dkim_key).read_bytes(),
            domain=parseaddr(settings.mail_from)[1].rpartition("@")[2],
            selector=settings.dkim_selector,
            include_headers=SIGNED,
        )
    return letter.as_bytes()


def _headers(message: Mail) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    if message.reply_to:
        headers["Reply-To"] = message.reply_to
    if message.unsubscribe_url:  # RFC 8058: mail programs offer a button that posts there
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _write_out(_letter: object, message: MimeMessage) -> None:
    """Quoted-printable for every text: a longer line than 998 octets is refused (RFC 5321)."""
    charset = Charset("utf-8")
    charset.body_encoding = QP
    for part in message.walk():
        if part.get_content_maintype() == "text":
            text = part.get_payload(decode=True)
            assert isinstance(text, bytes)
            words = text.decode()
            if part.get_content_subtype() == "plain":
                words = flowed.flow(words)
                part.set_param("format", "flowed")
            del part["Content-Transfer-Encoding"]
            part.set_payload(words, charset)


class SmtpCourier:
    """Keeps one connection while mails follow each other; drops it after any trouble."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.server = urlsplit(settings.smtp_url)
        self.connection: smtplib.SMTP | None = None

    def hand_over(self, message: Mail, message_id: str) -> None:
        letter = mime(message, message_id, self.settings)
        sender = parseaddr(self.settings.mail_from)[1]
        connection = self._connected()
        try:
            # A refused sender is this instance's mistake, not the recipient's: never final.
            _answered(connection.mail(sender), can_be_final=False)
            _answered(connection.rcpt(message.to))
            _answered(connection.data(letter))
        except smtplib.SMTPDataError as refusal:
            self._drop()
            _answered((refusal.smtp_code, _bytes(refusal.smtp_error)))
        except (OSError, smtplib.SMTPException) as trouble:
            self._drop()
            raise TryLater(_no_answer(trouble)) from trouble
        except (Rejected, TryLater):
            # One refused address can poison a kept connection.
            self._drop()
            raise

    def close(self) -> None:
        if self.connection:
            with suppress(OSError, smtplib.SMTPException):
                self.connection.quit()
        self.connection = None

    def _connected(self) -> smtplib.SMTP:
        if self.connection is None:
            try:
                self.connection = self._connect()
                self._greet(self.connection)
            except (OSError, smtplib.SMTPException) as trouble:
                self._drop()
                raise Away(_no_answer(trouble)) from trouble
        return self.connection

    def _connect(self) -> smtplib.SMTP:
        host = self.server.hostname or ""
        if self.server.scheme == "smtps":
            # Made where it is needed: reading the certificates of all authorities takes 30 ms.
            context = ssl.create_default_context()
            port = self.server.port or 465
            return smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
        return smtplib.SMTP(host, self.server.port or 587, timeout=SMTP_SECONDS)

    def _greet(self, connection: smtplib.SMTP) -> None:
        connection.ehlo()
        # Towards this machine a mail server without TLS is usual, and nobody listens.
        if self.server.scheme == "smtp" and self.server.hostname not in LOOPBACK_NAMES:
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if self.server.username:
            connection.login(unquote(self.server.username), unquote(self.server.password or ""))

    def _drop(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None


class MailboxCourier:
    """Keeps mails as files, for trying things out on one's own machine."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def hand_over(self, message: Mail, message_id: str) -> None:
        folder = self.settings.mailbox_dir
        name = message_id.strip("<>").partition("@")[0]
        letter = mime(message, message_id, self.settings)
        # Written aside: whoever lists the folder sees whole mails only.
        aside = folder / f"{name}.part"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(letter)
            aside.replace(folder / f"{name}.eml")
        except OSError as trouble:
            raise Away(f"The local mailbox can't be written: {trouble.strerror}") from trouble

    def close(self) -> None:
        pass


def _answered(reply: tuple[int, bytes], *, can_be_final: bool = True) -> None:
    """2xx is yes; 5xx is no for good; everything else is no for now."""
    code, words = reply
    if 200 <= code < 300:
        return
    answer = _without_addresses(f"{code} {words.decode('utf-8', 'replace')}")
    raise Rejected(answer) if can_be_final and 500 <= code < 600 else TryLater(answer)


def _no_answer(trouble: Exception) -> str:
    return f"{type(trouble).__name__}: no answer from the mail server"


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _without_addresses(answer: str) -> str:
    words = " ".join(answer.split()).split(" ")
    return " ".join("…" if "@" in word else word for word in words)
