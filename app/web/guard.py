"""What every request passes first: who asks, for which host, from which page, how much.

One pure-ASGI layer; it also speaks the reader's language for everything below it.
"""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import i18n
from app.errors import DomainError, Forbidden
from app.i18n import _
from app.settings import LOOPBACK_NAMES, Settings
from app.web import asked
from app.web import headers as response_headers
from app.web.pages import error_page, problem

# A form, and a form with a logo, or of the desk: a text, a line for each of many signatories.
LARGEST_BODY = 64_000
LARGEST_UPLOAD = 1_100_000
# A letter or a list as a file, or a letter with its logos, from somebody who is signed in.
LARGEST_FILE = 10_100_000
FILES = re.compile(r"/desk/(.+/)?import|/desk/letters/(new|[^/]+/text)(/preview)?")
UPLOADS = re.compile(r"/letters/[^/]+/endorsements|/invitations/[^/]+/endorsement")
SHARED = re.compile(
    r"/letters/[^/]+/(signatories\.(json|csv|atom)|live)|/oembed|/embed\.js|/static/embed\.(css|js)"
)
STREAMS = re.compile(r"/letters/[^/]+/live")
FRAMED = re.compile(r"/letters/[^/]+/embed")
# A body over its limit is read to its end, so that the browser shows our answer and not a reset.
LARGEST_DRAINED = 20_000_000
# Asked by health checks on the machine itself, which know no host name.
HEALTH = ("/healthz", "/readyz")


class BodyTooLarge(DomainError):
    status = 413

    def __init__(self, path: str) -> None:
        super().__init__(
            _("That is too large: a file may have ten megabytes. Go back; choose another.")
            if FILES.fullmatch(path)
            else _(
                "That is too large: a logo may have one megabyte. Go back; your entries are kept."
            )
        )


class Guard:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings
        self.proxies = settings.proxies
        self.page = _raw(response_headers.page(settings))
        self.shared = _raw(response_headers.shared(settings))
        self.framed = _raw(response_headers.embed(settings))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        self._name_client(scope, headers)
        extra = self._headers_for(scope["path"])
        send = _adding(send, extra)
        if scope["method"] == "HEAD" and not STREAMS.fullmatch(scope["path"]):
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        wanted = _asked(scope)
        language = wanted or i18n.preferred(headers.get("accept-language", ""))
        with asked.asking(wanted), i18n.speaking(language):
            try:
                self._admit(scope, headers)
                if scope["method"] == "OPTIONS" and extra is not self.page:
                    allowed = Response(status_code=204, headers={"allow": "GET, HEAD, OPTIONS"})
                    await allowed(scope, receive, send)
                else:
                    await self.app(scope, _capped(receive, scope), send)
            except BodyTooLarge as refusal:
                await _drain(receive)
                await _refusal(scope, refusal)(scope, receive, send)
            except DomainError as refusal:
                await _refusal(scope, refusal)(scope, receive, send)

    def _headers_for(self, path: str) -> list[tuple[bytes, bytes]]:
        if FRAMED.fullmatch(path):
            return self.framed
        return self.shared if SHARED.fullmatch(path) else self.page

    def _admit(self, scope: Scope, headers: Headers) -> None:
        host = headers.get("host", "").lower()
        if not is_ours(host, self.settings.base_url) and scope["path"] not in HEALTH:
            raise DomainError(_("There is no such site here."))
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not _comes_from(host, headers):
            raise Forbidden(_("This form was sent from another site, so it was not taken."))
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > _largest(scope):
            raise BodyTooLarge(scope["path"])

    def _name_client(self, scope: Scope, headers: Headers) -> None:
        """Sets `scope["visitor"]` to the client's address, believing only trusted proxies, and
        `scope["forwarded"]` to whether any proxy says it forwarded the request."""
        peer = scope["client"][0] if scope.get("client") else ""
        lines = ",".join(headers.getlist("x-forwarded-for"))
        forwarded = [_without_port(part.strip()) for part in lines.split(",")]
        scope["forwarded"] = any(
            name in headers for name in ("x-forwarded-for", "forwarded", "x-real-ip", "via")
        )
        # The nearest address that is no proxy of ours; whatever stands before it can be made up.
        while self._is_proxy(peer) and forwarded and forwarded[-1]:
            peer = forwarded.pop()
        scope["visitor"] = peer

    def _is_proxy(self, address: str) -> bool:
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(ip in network for network in self.proxies)


def _refusal(scope: Scope, refusal: DomainError) -> Response:
    if scope["path"].startswith("/api/v1/"):
        return problem(refusal.status, refusal.sentence)
    return error_page(refusal, scope["path"])


@lru_cache(maxsize=256)
def is_ours(host: str, base_url: str) -> bool:
    """Whether a Host header names this site; on loopback any name and port of this machine do."""
    ours = urlsplit(base_url)
    if ours.hostname in LOOPBACK_NAMES:
        return _split(f"//{host}").hostname in LOOPBACK_NAMES
    return host.lower() == ours.netloc.lower()


def _without_port(address: str) -> str:
    """Some proxies write 203.0.113.9:4711 or [2001:db8::1]:4711."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _comes_from(host: str, headers: Headers) -> bool:
    """Whether a form was sent from our own page; programs send neither header."""
    origin = headers.get("origin")
    if origin is not None:
        return _split(origin).netloc.lower() == host and bool(host)
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _split(address: str) -> SplitResult:
    """The parts of what a client sent; none of something that is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _asked(scope: Scope) -> str:
    """The language that the address asks for, if the interface speaks it; else ""."""
    query: bytes = scope["query_string"]
    return i18n.nearest(parse_qs(query.decode("latin-1")).get("lang", [""])[0])


def _largest(scope: Scope) -> int:
    path = scope["path"]
    if path.startswith("/desk/") and "undersigned-desk=" in Headers(scope=scope).get("cookie", ""):
        return LARGEST_FILE if FILES.fullmatch(path) else LARGEST_UPLOAD
    return LARGEST_UPLOAD if UPLOADS.fullmatch(path) else LARGEST_BODY


def _capped(receive: Receive, scope: Scope) -> Receive:
    """Stops reading a body of unknown length at its limit."""
    limit, read = _largest(scope), 0

    async def capped() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise BodyTooLarge(scope["path"])
        return message

    return capped


async def _drain(receive: Receive) -> None:
    drained = 0
    while drained < LARGEST_DRAINED:
        message = await receive()
        drained += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return


def _without_body(send: Send) -> Send:
    """The answer to HEAD: the headers GET would have."""

    async def headers_only(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return headers_only


def _adding(send: Send, extra: list[tuple[bytes, bytes]]) -> Send:
    """Adds the headers an answer doesn't have yet."""

    async def adding(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name for name, _value in message["headers"]}
            message["headers"] = [*message["headers"], *(h for h in extra if h[0] not in present)]
        await send(message)

    return adding


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
