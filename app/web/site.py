"""What one process serves with: settings, database, shelf, live streams, worker."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from app import live
from app.db import Database
from app.settings import Settings
from app.web.shelf import Shelf
from app.worker import Worker


@dataclass
class Site:
    settings: Settings
    database: Database
    revisions: live.Revisions
    shelf: Shelf
    worker: Worker | None
    # Rendered letters by slug, output and revision.
    proofs: OrderedDict[tuple[str, str, int], bytes] = field(default_factory=OrderedDict)

    @classmethod
    def of(cls, settings: Settings, *, with_worker: bool) -> "Site":
        database = Database(settings)
        revisions = live.of(database)
        worker = Worker(database) if with_worker else None
        return cls(settings, database, revisions, Shelf(database, revisions), worker)

    def start(self) -> None:
        if self.worker:
            self._thread = threading.Thread(target=self.worker.run, name="worker", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        if self.worker:
            self.worker.stop()
            self._thread.join(timeout=5)
        self.revisions.close()
        self.database.close()

    def wake_worker(self) -> None:
        """A mail was queued here; with a worker elsewhere it waits for that one's next round."""
        if self.worker:
            self.worker.wake()


async def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


Serving = Annotated[Site, Depends(_site)]
