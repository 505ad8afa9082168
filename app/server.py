"""Runs the app under uvicorn, and stops it within seconds."""

import gc
import os
import socket
import sys
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI

from app import settings as settings_file
from app.errors import DomainError
from app.main import create_app
from app.settings import Settings

# SIGTERM ends live streams at once and everything else within this.
GRACEFUL_SECONDS = 5
WITH_WORKER = "_UNDERSIGNED_WITH_WORKER"


OPTIONS: dict[str, Any] = {
    # nginx keeps the access log, without the paths that hold tokens.
    "access_log": False,
    "server_header": False,
    # The app itself decides whose X-Forwarded-For it believes.
    "proxy_headers": False,
    "timeout_graceful_shutdown": GRACEFUL_SECONDS,
    "log_level": "warning",
}


def run(settings: Settings, *, host: str, port: int, workers: int, with_worker: bool) -> None:
    if workers > 1 and settings.is_sqlite:
        raise DomainError(
            "SQLite is served by exactly one process; use PostgreSQL for more workers."
        )
    _must_be_free(host, port)
    sys.stdout.write(f"Serving {settings.base_url} on {host}:{port}. Stop with Ctrl+C.\n")
    sys.stdout.flush()
    if workers > 1:
        os.environ[WITH_WORKER] = "1" if with_worker else "0"
        name = "app.server:worker_process"
        uvicorn.run(name, factory=True, host=host, port=port, workers=workers, **OPTIONS)
    else:
        app = create_app(settings, with_worker=with_worker)
        _keep_what_is_loaded()
        _Server(uvicorn.Config(app, host=host, port=port, **OPTIONS)).run()


class _Server(uvicorn.Server):
    """uvicorn waits for open streams; ours are told that the end has come."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.hub.stop()
        super().handle_exit(sig, frame)


def worker_process() -> FastAPI:
    """The app in one of several processes; it reads the settings for itself."""
    app = create_app(settings_file.load(), with_worker=os.environ.get(WITH_WORKER) == "1")
    _keep_what_is_loaded()
    return app


def _keep_what_is_loaded() -> None:
    """What is there before the first request stays for good: to look through all of it for garbage
    would stop everything for a tenth of a second, now and then when a long list is made anew."""
    gc.collect()
    gc.freeze()


def _must_be_free(host: str, port: int) -> None:
    """A sentence instead of uvicorn's log lines where something else listens already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise DomainError(
            f"{host}:{port} can't be used: {os.strerror(error.errno or 0)}."
        ) from error
