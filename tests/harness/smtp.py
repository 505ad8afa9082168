"""A mail server of the tests' own: it keeps what it is sent and misbehaves when told to."""

import asyncio
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.harness.certificates import server_context
from tests.harness.processes import free_port

EVERYBODY = ("*",)
Encryption = Literal["none", "starttls", "tls"]


@dataclass(frozen=True)
class Received:
    """A mail as it came in: the envelope's `sender` and `recipients`, `at` in monotonic seconds."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    encrypted: bool
    login: str | None
    at: float

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)


@dataclass
class Behaviour:
    """How the server answers; the default is a good server."""

    refuse: Collection[str] = ()
    """Addresses answered with `refuse_with` at RCPT; EVERYBODY for all."""
    refuse_with: str = "550 5.1.1 No such mailbox"
    greylist: bool = False
    """Each recipient is put off with 451 the first time."""
    delay: float = 0
    """Seconds before the answer to a mail's content."""
    lose_answers: int = 0
    """So many next mails are accepted and kept, but the line is cut instead of saying so."""
    refuse_content: bool = False
    """Every mail is refused with 554 after its final dot."""


class MailSink:
    """An SMTP server on loopback in a thread of its own; use it in a `with`.

    `encryption` is what it offers, with `certificate` (a PEM file from
    tests.harness.certificates); with `password` it demands a login with it, any user name.
    """

    def __init__(
        self,
        encryption: Encryption = "none",
        certificate: Path | None = None,
        password: str | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.host = host
        self.port = free_port(host)
        self.connections = 0
        """How often somebody connected, since the beginning."""
        self.behaviour = Behaviour()
        self._encryption = encryption
        self._tls = server_context(certificate) if certificate else None
        self._password = password
        self._mails: list[Received] = []
        self._put_off: set[str] = set()
        self._came = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail sink")
        self._server: asyncio.Server | None = None
        self._sessions: list[SMTP] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.stop()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=10)
            self._loop.close()

    @property
    def url(self) -> str:
        """In the form of UNDERSIGNED_SMTP_URL."""
        login = f"letters:{quote(self._password)}@" if self._password else ""
        return (
            f"{'smtps' if self._encryption == 'tls' else 'smtp'}://{login}{self.host}:{self.port}"
        )

    @property
    def mails(self) -> list[Received]:
        """Everything that was accepted, in the order it came."""
        with self._came:
            return list(self._mails)

    def mails_to(self, address: str) -> list[EmailMessage]:
        """The messages delivered to `address` (letter case apart), in the order they came."""
        return [
            mail.message
            for mail in self.mails
            if address.casefold() in (one.casefold() for one in mail.recipients)
        ]

    def wait_for(self, address: str, count: int = 1, seconds: float = 10) -> list[EmailMessage]:
        """Waits until `count` mails to `address` are there, and answers all of them."""
        with self._came:
            if not self._came.wait_for(lambda: len(self.mails_to(address)) >= count, seconds):
                came = [f"{', '.join(m.recipients)}: {m.message['subject']}" for m in self._mails]
                raise AssertionError(f"not {count} mails to {address} in {seconds} s, but: {came}")
        return self.mails_to(address)

    def behave(self, **wishes: Any) -> None:
        """From now on as the fields of Behaviour say; without any it is a good server again."""
        self.behaviour = Behaviour(**wishes)

    def forget(self) -> None:
        """Throws away what was kept, and whom it has put off."""
        with self._came:
            self._mails.clear()
            self._put_off.clear()

    def start(self) -> None:
        """Listens, again on the same port after a `stop`."""
        self._in_loop(self._listen())

    def stop(self) -> None:
        """Refuses connections and cuts those that are open."""
        self._in_loop(self._cut())

    def _in_loop(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            self._session,
            self.host,
            self.port,
            ssl=self._tls if self._encryption == "tls" else None,
        )

    async def _cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for session in self._sessions:
            _cut_off(session)
        self._sessions.clear()
        await asyncio.sleep(0.01)  # the sessions' tasks see the end of their lines

    def _session(self) -> SMTP:
        self.connections += 1
        starttls = self._encryption == "starttls"
        session = SMTP(
            self,
            hostname="mail.test",
            loop=self._loop,
            tls_context=self._tls if starttls else None,
            require_starttls=starttls,
            auth_required=self._password is not None,
            auth_require_tls=starttls,
            authenticator=self._authenticate,
        )
        self._sessions.append(session)
        return session

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        if not isinstance(given, LoginPassword) or given.password.decode() != self._password:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=given.login.decode())

    # What aiosmtpd calls, by names of its choosing.

    async def handle_RCPT(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        folded = address.casefold()
        if self.behaviour.refuse == EVERYBODY or folded in map(str.casefold, self.behaviour.refuse):
            return self.behaviour.refuse_with
        if self.behaviour.greylist and folded not in self._put_off:
            self._put_off.add(folded)
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.behaviour.delay:
            await asyncio.sleep(self.behaviour.delay)
        if self.behaviour.refuse_content:
            return "554 5.7.1 Refused for its content"
        assert isinstance(envelope.content, bytes)
        with self._came:
            self._mails.append(
                Received(
                    sender=envelope.mail_from or "",
                    recipients=tuple(envelope.rcpt_tos),
                    raw=envelope.content,
                    encrypted=self._encryption == "tls" or session.ssl is not None,
                    login=session.auth_data if session.authenticated else None,
                    at=time.monotonic(),
                )
            )
            self._came.notify_all()
        if self.behaviour.lose_answers:
            self.behaviour.lose_answers -= 1
            _cut_off(server)
        return "250 2.0.0 OK"


def _cut_off(server: SMTP) -> None:
    # A line that is already closing must be left alone: with TLS there is nothing to abort then.
    if isinstance(server.transport, asyncio.Transport) and not server.transport.is_closing():
        server.transport.abort()
