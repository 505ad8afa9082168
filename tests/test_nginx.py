"""The nginx configuration we ship, run for real in front of a stand-in that notes what arrives."""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from app.main import create_app
from app.settings import Settings
from app.web.files import MAILED
from tests.harness.certificates import Authority
from tests.harness.nginx import Nginx, NoNginx, executable
from tests.harness.processes import free_port
from tests.harness.server import Server
from tests.world import AURORA, LETTER, SLUG

KEY = "s3cret-k3y"
PATIENCE_SECONDS = 1


def keyed() -> list[str]:
    """Every address that holds a key, as the application has them."""
    with TemporaryDirectory() as folder:
        routes = list(iter_route_contexts(create_app(Settings(data_dir=Path(folder))).routes))
    paths = [route.path or "" for route in routes if "GET" in (route.methods or ())]
    return [re.sub(r"\{\w+\}", KEY, path) for path in paths if "{token}" in path]


class Upstream(ThreadingHTTPServer):
    """Answers as the application would, and remembers each request with its headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.seen_first_event = Event()
        self._lines: list[socket.socket] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        self._lines.append(request)
        super().process_request(request, client_address)

    def go_away(self) -> None:
        self.shutdown()
        self.server_close()
        for line in self._lines:
            with suppress(OSError):  # long hung up
                line.shutdown(socket.SHUT_RDWR)

    def times(self, path: str) -> int:
        return sum(path == asked for _, asked, _ in self.requests)

    def headers_of(self, path: str) -> dict[str, str]:
        return next(headers for _, asked, headers in self.requests if asked == path)


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Upstream

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.command, self.path, headers))
        if self.path.endswith("/live"):
            self._stream()
        elif headers.get("if-none-match") == '"revision-1"':
            self._answer(304)
        else:
            self._answer(200, self.path.encode())

    def do_POST(self) -> None:
        received = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.command, self.path, headers))
        self._answer(200, str(len(received)).encode())

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        if not self.path.startswith("/private"):
            # Also where the application would never say so: nginx must know better.
            self.send_header("Cache-Control", "public, max-age=1")
        self.send_header("ETag", '"revision-1"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        self.wfile.write(b"event: signatories\n\n")
        # The second is sent once the first has arrived: behind a buffer it never would.
        if self.server.seen_first_event.wait(5):
            self.wfile.write(b"event: second\n\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True, scope="module")
def _installed() -> None:
    try:
        executable()
    except NoNginx as missing:
        pytest.skip(str(missing))


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        Thread(target=upstream.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield upstream
        upstream.go_away()


@pytest.fixture
def nginx(upstream: Upstream, tmp_path: Path) -> Iterator[Nginx]:
    front = Nginx(tmp_path, upstream.server_port, patience=f"{PATIENCE_SECONDS}s")
    with front as running:
        yield running


@pytest.fixture
def visitor(nginx: Nginx) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=nginx.url) as client:
        yield client


def test_the_configuration_is_valid_with_and_without_tls(
    tmp_path: Path, authority: Authority
) -> None:
    assert Nginx(tmp_path, 8000).problems() == ""
    assert Nginx(tmp_path, 8000, authority.server()).problems() == ""


def test_a_public_page_is_fetched_once_a_second_at_most(
    upstream: Upstream, visitor: httpx.Client
) -> None:
    for _ in range(5):
        assert visitor.get("/letters/peace").text == "/letters/peace"
    assert upstream.times("/letters/peace") == 1
    time.sleep(2.1)  # nginx counts in whole seconds
    assert visitor.get("/letters/peace").text == "/letters/peace"
    assert upstream.times("/letters/peace") == 2
    assert upstream.requests[-1][2]["if-none-match"] == '"revision-1"'


def test_what_the_application_does_not_offer_for_caching_is_not_cached(
    upstream: Upstream, visitor: httpx.Client
) -> None:
    visitor.get("/private")
    visitor.get("/private")
    assert upstream.times("/private") == 2


@pytest.mark.parametrize("header", [{"Cookie": "__Host-desk=1"}, {"Authorization": "Bearer 1"}])
def test_somebody_who_may_be_signed_in_neither_gets_nor_fills_the_cache(
    upstream: Upstream, visitor: httpx.Client, header: dict[str, str]
) -> None:
    for headers in (header, {}, header):
        visitor.get("/letters/peace", headers=headers)
    visitor.get("/letters/peace")
    assert upstream.times("/letters/peace") == 3


@pytest.mark.parametrize(
    "path",
    [*(f"/{mailed}/{KEY}" for mailed in MAILED), f"/drafts/{KEY}", "/desk", "/desk/letters",
     "/api/v1/letters", "/letters/peace/endorsements"],
)  # fmt: skip
def test_what_is_meant_for_one_person_is_never_cached(
    upstream: Upstream, visitor: httpx.Client, path: str
) -> None:
    visitor.get(path)
    visitor.get(path)
    assert upstream.times(path) == 2


def test_the_application_is_told_who_asks_whatever_the_visitor_claims(
    upstream: Upstream, visitor: httpx.Client
) -> None:
    claims = {
        "Host": "letters.example.org:8443",
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "for=192.0.2.1",
    }
    visitor.get("/private", headers=claims)
    told = upstream.headers_of("/private")
    assert told["host"] == "letters.example.org:8443"
    assert told["x-forwarded-for"] == "127.0.0.1"
    assert told["x-forwarded-proto"] == "http"
    assert not {"x-forwarded-host", "forwarded"} & told.keys()


def test_large_bodies_end_here(upstream: Upstream, visitor: httpx.Client) -> None:
    assert visitor.post("/confirm/x", content=b"." * 60_000).text == "60000"
    assert visitor.post("/confirm/x", content=b"." * 70_000).status_code == 413
    sign = "/letters/peace/endorsements"
    assert visitor.post(sign, content=b"." * 1_100_000).text == "1100000"
    for path in ("order/positions", "sorting", "invitations", "invitations/sending"):
        answer = visitor.post(f"/desk/letters/some/{path}", content=b"." * 1_100_000)
        assert answer.text == "1100000"
    personal = f"/invitations/{KEY}/endorsement"
    assert visitor.post(personal, content=b"." * 1_100_000).text == "1100000"
    word_file = b"." * 10_500_000
    for path in ("import", "some/invitations/import", "new", "some/text", "some/text/preview"):
        assert visitor.post(f"/desk/letters/{path}", content=word_file).text == "10500000"
    assert visitor.post("/desk/letters/some/order", content=word_file).status_code == 413
    assert visitor.post(sign, content=b"." * 1_200_000).status_code == 413
    assert upstream.times(sign) == 1


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET / HTTP/1.1\r\nHost: letters.example.org\r\nX-Slow: ",
        b"POST /confirm/x HTTP/1.1\r\nHost: letters.example.org\r\nContent-Length: 9\r\n\r\n1",
    ],
    ids=["header", "body"],
)
def test_slow_clients_are_hung_up_on(nginx: Nginx, upstream: Upstream, beginning: bytes) -> None:
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=5) as line:
        line.sendall(beginning)
        began = time.monotonic()
        try:
            answer = line.recv(1000)
        except ConnectionResetError:
            answer = b""
    assert 0.5 < time.monotonic() - began < PATIENCE_SECONDS + 2
    assert answer == b"" or b" 408 " in answer
    assert upstream.requests == []


def test_live_events_arrive_as_they_happen(upstream: Upstream, visitor: httpx.Client) -> None:
    with visitor.stream("GET", "/letters/peace/live") as events:
        lines = (line for line in events.iter_lines() if line)
        assert next(lines) == "event: signatories"
        upstream.seen_first_event.set()
        assert next(lines) == "event: second"


def test_whoever_asks_for_too_much_is_told_to_wait(upstream: Upstream, tmp_path: Path) -> None:
    asking = "GET /letters/peace HTTP/1.1\r\nHost: a\r\nConnection: {}\r\n\r\n"
    with (
        Nginx(tmp_path, upstream.server_port, allowance=5) as nginx,
        socket.create_connection(("127.0.0.1", nginx.port), timeout=10) as line,
    ):
        line.sendall((asking.format("keep-alive") * 40 + asking.format("close")).encode())
        said = b"".join(iter(lambda: line.recv(65_536), b""))
        # Whoever is refused pages can still sign and confirm, and look at what they have.
        with httpx.Client(base_url=nginx.url) as visitor:
            for path in (f"/confirm/{KEY}", "/letters/peace/endorsements"):
                assert visitor.post(path, content=b"a=b").status_code == 200
            assert visitor.get("/static/undersigned.css").status_code == 200
    answered, refused = (said.count(b"HTTP/1.1 %d " % status) for status in (200, 429))
    assert answered > 5
    assert answered + refused == 41
    assert b"Retry-After: 10" in said
    assert b"Please wait" in said


def test_no_log_holds_a_key_or_an_address(
    nginx: Nginx, upstream: Upstream, visitor: httpx.Client
) -> None:
    paths = [f"/confirm/{KEY}", f"/manage/{KEY}/receipt", f"/invitations/{KEY}/endorsement",
             f"/desk/sign-in/{KEY}", f"/Confirm/{KEY}", *keyed(),
             f"/%63onfirm/{KEY}", f"//confirm/{KEY}", f"/letters/peace?key={KEY}"]  # fmt: skip
    for path in paths:
        visitor.get(nginx.url + path, headers={"Referer": f"{nginx.url}/confirm/{KEY}"})
    visitor.post(f"/confirm/{KEY}", content=b"." * 70_000)
    upstream.go_away()
    for path in paths[:-1]:
        assert visitor.get(nginx.url + path).status_code == 503
    assert visitor.get("/letters/war").status_code == 503
    assert nginx.access_log.count("\n") == 2 * len(paths) + 1
    assert '"GET /confirm/..." 200' in nginx.access_log
    assert '"GET /desk/sign-in/..." 503' in nginx.access_log
    assert "/letters/war" in nginx.error_log  # what else goes wrong is still to be seen there
    assert KEY not in nginx.access_log + nginx.error_log
    assert "127.0.0.1" not in nginx.access_log
    assert nginx.access_log.startswith("127.0.0.0/24 [")


def test_while_the_application_is_away_the_last_good_page_is_shown(
    upstream: Upstream, visitor: httpx.Client
) -> None:
    visitor.get("/letters/peace")
    upstream.go_away()
    time.sleep(2.1)
    assert visitor.get("/letters/peace").text == "/letters/peace"
    away = visitor.get(f"/confirm/{KEY}")
    assert away.status_code == 503
    assert away.headers["retry-after"] == "10"
    assert "try again in a minute" in away.text


def test_the_trial_mailbox_is_not_shown_to_the_world(
    upstream: Upstream, visitor: httpx.Client
) -> None:
    assert [visitor.get(p).status_code for p in ("/mailbox", "/mailbox/1", "/Mailbox")] == [404] * 3
    assert upstream.requests == []


def test_with_a_certificate_everything_is_encrypted(
    upstream: Upstream, tmp_path: Path, authority: Authority
) -> None:
    trusting = ssl.create_default_context(cafile=authority.path)
    certificate = authority.server("localhost", "127.0.0.1")
    with (
        Nginx(tmp_path, upstream.server_port, certificate) as nginx,
        httpx.Client(verify=trusting) as visitor,
    ):
        sent_on = visitor.get(f"{nginx.url}/letters/peace?lang=fr")
        assert sent_on.status_code == 301
        assert sent_on.headers["location"] == "https://letters.example.org/letters/peace?lang=fr"
        answer = visitor.get(f"https://localhost:{nginx.tls_port}/private")
        assert "max-age=63072000" in answer.headers["strict-transport-security"]
        assert upstream.headers_of("/private")["x-forwarded-proto"] == "https"


def test_in_front_of_the_real_site(serve: Callable[..., Server], tmp_path: Path) -> None:
    port = free_port()
    with Nginx(tmp_path, port) as nginx, httpx.Client(base_url=nginx.url) as visitor:
        site = serve(port=port, base_url=nginx.url, trusted_proxies="127.0.0.1")
        letter = tmp_path / "letter.md"
        letter.write_text(LETTER.replace("{extra}", ""))
        site.run("letter", "import", letter, "--open")
        page = visitor.get(f"/letters/{SLUG}")
        assert page.status_code == 200
        assert "Content-Security-Policy" in page.headers
        known = visitor.get(f"/letters/{SLUG}/signatories.json")
        tag = {"If-None-Match": known.headers["etag"]}
        assert visitor.get(known.url, headers=tag).status_code == 304
        assert visitor.get("/desk/sign-in", headers={"Host": "evil.example"}).status_code == 400
        assert visitor.get("/mailbox").status_code == 404
        with visitor.stream("GET", f"/letters/{SLUG}/live") as events:
            assert "event: signatories" in events.iter_lines()
        signed = visitor.post(f"/letters/{SLUG}/endorsements", data=AURORA)
        assert signed.status_code == 303
        assert visitor.get(signed.headers["location"]).status_code == 200
