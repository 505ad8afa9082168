"""What one process serves with: settings, database, shelf, live streams, worker."""

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app import live
from app.db import Database
from app.letter import letters
from app.letter.letters import Letter
from app.settings import Settings
from app.signatory.cards import Cards
from app.signatory.renditions import Renditions
from app.signatory.tallies import Tallies
from app.web.shelf import Shelf
from app.web.signing_queue import SigningQueue
from app.worker import Worker


@dataclass
class Site:
    settings: Settings
    database: Database
    revisions: live.Revisions
    shelf: Shelf
    signing: SigningQueue
    renditions: Renditions
    cards: Cards
    worker: Worker | None
    tallies: Tallies = field(default_factory=Tallies)
    # Public letters by slug, as they were at their newest revision.
    letters: dict[str, Letter] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, *, with_worker: bool) -> "Site":
        database = Database(settings)
        revisions = live.of(database)
        worker = Worker(database) if with_worker else None
        shelf, queue = Shelf(database, revisions), SigningQueue(database)
        made = Renditions(database)
        return cls(settings, database, revisions, shelf, queue, made, Cards(), worker)

    def start(self) -> None:
        if self.worker:
            self._thread = threading.Thread(target=self.worker.run, name="worker", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        if self.worker:
            self.worker.stop()
            self._thread.join(timeout=5)
        self.renditions.close()
        self.cards.close()
        self.signing.close()
        self.revisions.close()
        self.database.close()

    async def letter(self, slug: str) -> Letter:
        """A letter visitors may see, read once for each of its revisions."""
        known = self.letters.get(slug)
        if known is None or known.revision != self.revisions.current(slug):
            known = self.letters[slug] = await run_in_threadpool(self._letter, slug)
        return known

    def _letter(self, slug: str) -> Letter:
        with self.database.read() as db:
            return letters.public(db, slug)

    def wake_worker(self) -> None:
        """A mail was queued here; with a worker elsewhere it waits for that one's next round."""
        if self.worker:
            self.worker.wake()


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


async def _site(request: Request) -> Site:
    return site_of(request)


Serving = Annotated[Site, Depends(_site)]
