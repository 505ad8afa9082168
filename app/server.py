"""Runs the app under uvicorn, and stops it within seconds."""

import os
from types import FrameType

import uvicorn
from fastapi import FastAPI

from app import settings as settings_file
from app.errors import DomainError
from app.main import create_app
from app.settings import Settings

# SIGTERM ends live streams at once and everything else within this.
GRACEFUL_SECONDS = 5
WITH_WORKER = "_UNDERSIGNED_WITH_WORKER"


def run(settings: Settings, *, host: str, port: int, workers: int, with_worker: bool) -> None:
    if workers > 1 and settings.is_sqlite:
        raise DomainError(
            "SQLite is served by exactly one process; use PostgreSQL for more workers."
        )
    if workers > 1:
        _run_many(host, port, workers, with_worker)
    else:
        _Server(_config(create_app(settings, with_worker=with_worker), host, port)).run()


class _Server(uvicorn.Server):
    """uvicorn waits for open streams; ours are told that the end has come."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            app.state.hub.stop()
        super().handle_exit(sig, frame)


def worker_process() -> FastAPI:
    """The app in one of several processes; it reads the settings for itself."""
    return create_app(settings_file.load(), with_worker=os.environ.get(WITH_WORKER) == "1")


def _run_many(host: str, port: int, workers: int, with_worker: bool) -> None:
    os.environ[WITH_WORKER] = "1" if with_worker else "0"
    uvicorn.run(
        "app.server:worker_process",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )


def _config(app: FastAPI, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        # nginx keeps the access log, without the paths that hold tokens.
        access_log=False,
        server_header=False,
        # The app itself decides whose X-Forwarded-For it believes.
        proxy_headers=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        log_level="warning",
    )
