"""Starting, stopping and killing a served process, with a stand-in for the real command."""

import sys
from pathlib import Path

import pytest

from tests.harness.server import Server

STAND_IN = """
import http.server, os, signal, sys
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()
print(os.environ["UNDERSIGNED_BASE_URL"], flush=True)
if "--deaf" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "--broken" in sys.argv:
    sys.exit("UNDERSIGNED_COLOUR is not a setting of Undersigned.")
port = int(sys.argv[sys.argv.index("--port") + 1])
http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""


def stand_in(directory: Path, *arguments: str) -> Server:
    return Server(directory / "var", arguments=arguments, command=(sys.executable, "-c", STAND_IN))


def test_is_ready_once_started_and_gone_once_stopped(tmp_path: Path) -> None:
    with stand_in(tmp_path) as server:
        assert server.answers("/readyz")
        assert server.answers("/elsewhere", status=404)
        assert server.url in server.log
        assert server.stop() < 5
        assert not server.answers("/readyz")
        server.start()
        server.kill()
        assert not server.answers("/readyz")


def test_says_why_it_did_not_start(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="UNDERSIGNED_COLOUR is not a setting"):
        stand_in(tmp_path, "--broken").start()


def test_does_not_wait_for_ever_for_the_end(tmp_path: Path) -> None:
    server = stand_in(tmp_path, "--deaf")
    server.start()
    with pytest.raises(AssertionError, match="still there"):
        server.stop(seconds=0.2)
    assert not server.answers("/readyz")
