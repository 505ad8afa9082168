"""Calls webhooks, beside the worker that sends mail: a slow receiver must hold up nobody's mail.

Only public addresses are called: every address that a host name leads to is judged at the moment
of connecting, and the connection goes to the one that was judged (no DNS rebinding). Redirects are
not followed.
"""

import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from uuid import UUID

import httpcore
import orjson
from sqlalchemy import select
from sqlmodel import col

from app.db import Database
from app.errors import Unavailable
from app.letter.letters import Letter
from app.webhook import webhook_calls
from app.webhook.webhook_calls import WebhookCall
from app.webhook.webhooks import Webhook, signature

PAUSE_SECONDS = 1.0
TIMEOUT = {"connect": 5.0, "read": 10.0, "write": 5.0, "pool": 5.0}
# Each of those is for one step; a receiver that answers byte by byte has as long as this in all.
WHOLE_CALL_SECONDS = 15.0
# What IPv6 has on the internet (RFC 4291, IANA); all else is of a network's own, or of the past.
UNICAST = ipaddress.IPv6Network("2000::/3")
# Networks without IPv4 reach it through addresses that hold one (RFC 6052).
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
log = logging.getLogger("undersigned.herald")


class NotPublic(httpcore.ConnectError):
    """The host leads to an address inside somebody's network."""


class Hurried(httpcore.NetworkStream):
    """A connection on which all reading and writing ends at one instant of the monotonic clock."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self.stream, self.until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._left(timeout, httpcore.ConnectTimeout)
        return Hurried(self.stream.start_tls(ssl_context, server_hostname, left), self.until)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)

    def _left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise late("The whole call took too long.")
        return left if timeout is None else min(timeout, left)


class Public(httpcore.SyncBackend):
    """Connects to public addresses only; to this machine too where the site itself is there."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self.allow_loopback = allow_loopback

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        until = time.monotonic() + WHOLE_CALL_SECONDS
        address = self._judged(host, port)
        stream = super().connect_tcp(address, port, timeout, local_address, socket_options)
        return Hurried(stream, until)

    def _judged(self, host: str, port: int) -> str:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError("The host is not known.") from unknown
        addresses = [str(sockaddr[0]) for *_rest, sockaddr in found]
        # All of them: a host that leads inside as well is no honest one.
        if not addresses or not all(self._is_allowed(address) for address in addresses):
            raise NotPublic("The host is not on the public internet.")
        return addresses[0]

    def _is_allowed(self, address: str) -> bool:
        ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
        is_out_there = ip.is_global and not ip.is_multicast and (ip.version == 4 or ip in UNICAST)
        return is_out_there or (self.allow_loopback and ip.is_loopback)


def _meant(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one leads to, if it does."""
    if ip.version == 4:
        return ip
    if ip in NAT64:
        return IPv4Address(ip.packed[-4:])
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or ip


class Herald:
    """`run` loops until `stop`; `call` is one pass."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.stopping = threading.Event()
        self.woken = threading.Event()
        self.backend = Public(allow_loopback=database.settings.is_loopback)
        self.trust = ssl.create_default_context()

    def run(self) -> None:
        while not self.stopping.is_set():
            if not self._round():
                self.woken.wait(PAUSE_SECONDS)
                self.woken.clear()

    def wake(self) -> None:
        self.woken.set()

    def stop(self) -> None:
        self.stopping.set()
        self.woken.set()

    def call(self) -> int:
        """Makes the calls that are due; returns how many it took."""
        with self.database.read() as db:
            if not webhook_calls.are_due(db):
                return 0
        with self.database.write() as db:
            calls = webhook_calls.claim(db)
        for call in calls:
            if self.stopping.is_set():
                break  # the lease ends by itself
            try:
                self._make(call)
            except Unavailable:
                raise
            except Exception:  # the others must not wait out the lease of this one's mistake
                log.exception("Webhook call %s failed", call.id)
                self._note(call.id, is_taken=False, answer="It could not be made.")
        return len(calls)

    def _round(self) -> int:
        try:
            return self.call()
        except Unavailable as outage:
            log.warning("The database is away: %s", outage.__cause__)
        except Exception:  # the loop must outlive a mistake, which is logged in full
            log.exception("A round of webhook calls failed")
        return 0

    def _make(self, call: WebhookCall) -> None:
        with self.database.read() as db:
            webhook = db.get(Webhook, call.webhook_id)
            if webhook is None:
                return
            if webhook.stopped_at:
                self._give_up(webhook.id)
                return
            secret = db.keys.unseal(webhook.secret)
            slug = db.scalars(select(col(Letter.slug)).where(col(Letter.id) == webhook.letter_id))
            body = _body(call, slug.one())
            sent_at = int(db.now.timestamp())
        headers: dict[bytes | str, bytes | str] = {
            "content-type": "application/json",
            "user-agent": "Undersigned",
            "webhook-id": str(call.id),
            "webhook-timestamp": str(sent_at),
            "webhook-signature": signature(secret, call, sent_at, body),
        }
        try:
            status = self._post(webhook.url, headers, body)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            self._note(call.id, is_taken=False, answer=_told(error))
        except httpcore.UnsupportedProtocol:
            self._note(call.id, is_taken=False, answer="The address can't be called.")
        else:
            self._note(call.id, is_taken=200 <= status < 300, answer=f"HTTP {status}")

    def _post(self, url: str, headers: Mapping[bytes | str, bytes | str], body: bytes) -> int:
        """The status; what else is answered is not read."""
        with (
            httpcore.ConnectionPool(
                ssl_context=self.trust, network_backend=self.backend, max_keepalive_connections=0
            ) as pool,
            pool.stream(
                "POST", url, headers=headers, content=body, extensions={"timeout": TIMEOUT}
            ) as response,
        ):
            return response.status

    def _give_up(self, webhook_id: UUID) -> None:
        """What was queued at the instant at which it was stopped."""
        with self.database.write() as db:
            webhook_calls.give_up(db, webhook_id)

    def _note(self, call_id: UUID, *, is_taken: bool, answer: str) -> None:
        note = webhook_calls.answered if is_taken else webhook_calls.postponed
        with self.database.write() as db:
            call = db.get(WebhookCall, call_id)
            if call and call.next_attempt_at:  # else its webhook was removed or stopped meanwhile
                note(db, call, answer)


def _body(call: WebhookCall, slug: str) -> bytes:
    kind = call.event.partition(".")[0]
    facts = {"letter": slug, **({kind: call.subject} if call.subject else {})}
    return orjson.dumps(
        {"type": call.event, "timestamp": call.queued_at.isoformat(), "data": facts}
    )


def _told(error: Exception) -> str:
    if isinstance(error, NotPublic):
        return "The host is not on the public internet."
    if isinstance(error, httpcore.TimeoutException):
        return "No answer in time."
    return "No connection." if isinstance(error, httpcore.ConnectError) else "The answer broke off."
