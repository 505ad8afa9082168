"""A partner's site: an origin of its own, with its own pages and its own content policy."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Partner:
    """Serves pages in a `with`. Its host is called otherwise than the servers under test, which
    makes it another site to a browser, and not just another origin."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, str]] = {}
        """Path → content policy and HTML."""
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                partner._answer(self)

            def log_message(self, *_line: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_port}"

    def page(self, body: str, policy: str, path: str = "/") -> str:
        """Puts a page there; answers its address."""
        head = '<meta charset="utf-8"><title>A partner</title><link rel="icon" href="data:,">'
        html = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
        self.pages[path] = policy, html
        return self.url + path

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        found = self.pages.get(urlsplit(handler.path).path)
        policy, html = found or ("default-src 'none'", "Not found")
        content = html.encode()
        handler.send_response(200 if found else 404)
        handler.send_header("content-type", "text/html; charset=utf-8")
        handler.send_header("content-security-policy", policy)
        handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
