"""The least a server can do, run with the same options as ours: what it is measured against.

`python -m bench.bare form --port N` reads the form of a sign-on as we do and stores nothing.
`python -m bench.bare bytes FILE --port N` sends the answers in FILE, made by `keep`.
"""

import argparse
import http.client
import pickle
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from app.server import OPTIONS
from app.web.forms import Form


class Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def form() -> FastAPI:
    off: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
    app = FastAPI(openapi_url=None, telemetry=off)  # as ours

    @app.get("/readyz")
    async def ready() -> Response:
        return Response()

    @app.post("/letters/{slug}/endorsements")
    async def sign(slug: str, posted: Form) -> Response:
        assert posted.get("email")
        return RedirectResponse(f"/letters/{slug}/check-your-inbox", status_code=303)

    return app


class SameBytes:
    """Sends what it has for a path, whatever is asked."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = {**answers, "/readyz": Answer(200, [(b"content-length", b"0")], b"")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, headers, body = self.answers[scope["path"]]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def asked(url: str, headers: dict[str, str]) -> Answer:
    """What a server answers, its headers without the date: uvicorn writes its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}".rstrip("?"), headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    kept = [
        (name.lower().encode(), value.encode())
        for name, value in answer.getheaders()
        if name.lower() != "date"
    ]
    return Answer(answer.status, kept, body)


def keep(answers: dict[str, Answer], file: Path) -> None:
    file.write_bytes(pickle.dumps({path: tuple(answer) for path, answer in answers.items()}))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("form", "bytes"))
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    app: Any = form()
    if arguments.kind == "bytes":
        kept = pickle.loads(arguments.file.read_bytes())
        app = SameBytes({path: Answer(*answer) for path, answer in kept.items()})
    uvicorn.run(app, host="127.0.0.1", port=arguments.port, lifespan="off", **OPTIONS)


if __name__ == "__main__":
    main()
