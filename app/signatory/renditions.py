"""Renditions: a letter's documents, made once for each of its states and kept as files.

Nothing here is made inside a request: whoever wants a rendition asks for it and may wait a while.
One thread makes them, one after the other, each in a process with limits; several processes of a
site on one machine take turns. A file's name says what it is of: the letter, its revision (which
every change that the public can see raises), the language, and a digest of the software, so that
the same state is never made twice, not even after a restart.

The folder is a cache: it may be deleted at any time, and `tidy` deletes what no longer stands, with
the names in it.
"""

import fcntl
import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db import Database, Db
from app.documents.press import Output, Press, TooLong
from app.errors import DomainError, Unavailable
from app.i18n import _
from app.letter import letters
from app.letter.letters import Letter
from app.rendering import TEMPLATES
from app.signatory import final_letter, signatories
from app.signatory.signatories import Listing

State = Literal["waiting", "making", "ready", "failed"]
MOST_KNOWN = 500
RETRY = timedelta(seconds=10)
SOURCES = Path(__file__).parents[1]
log = logging.getLogger("undersigned.renditions")


class Wanted(NamedTuple):
    """One document of one state of a letter."""

    letter_id: UUID
    revision: int
    language: str
    output: Output


class Rendition:
    """Where the making of a document stands. `since` is when that state began."""

    def __init__(self) -> None:
        self.state: State = "waiting"
        self.since = datetime.now(UTC)
        self.file = Path()  # once ready, until it is tidied away
        self.size = 0
        self.digest = ""  # SHA-256 of the file
        self.refusal: DomainError | None = None
        self.done: Future[None] = Future()

    def failed_for_now(self) -> bool:
        """For want of room or of the database, a while ago; a letter too long stays that."""
        passes = isinstance(self.refusal, Unavailable) and not isinstance(self.refusal, TooLong)
        return self.state == "failed" and passes and datetime.now(UTC) >= self.since + RETRY

    def enter(self, state: State) -> None:
        self.state, self.since = state, datetime.now(UTC)
        if state in ("ready", "failed") and not self.done.done():
            self.done.set_result(None)

    def found(self, file: Path, content: bytes) -> None:
        self.file, self.size = file, len(content)
        self.digest = hashlib.sha256(content).hexdigest()
        self.enter("ready")


class Renditions:
    """The renditions that this process knows of, and the thread that makes them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.folder = database.settings.renditions_dir
        self._press = Press()
        self._known: OrderedDict[Wanted, Rendition] = OrderedDict()
        self._queue: SimpleQueue[Wanted | None] = SimpleQueue()
        self._changing = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False

    def known(self, wanted: Wanted) -> Rendition | None:
        """What has been asked for or made before; starts nothing."""
        rendition = self._known.get(wanted)
        if rendition is not None and (rendition.state != "ready" or rendition.file.exists()):
            return rendition
        return self._from_disk(wanted)

    def ask(self, wanted: Wanted, *, again: bool = False) -> Rendition:
        """The rendition, begun if it isn't there; with `again` also if it failed before, and
        without it if that was for want of something that may be there by now."""
        with self._changing:
            rendition = self.known(wanted)
            if rendition and not (
                rendition.failed_for_now() or (again and rendition.state == "failed")
            ):
                return rendition
            rendition = self._keep(wanted, Rendition())
            self._queue.put(wanted)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="renditions", daemon=True)
                self._thread.start()
        return rendition

    def close(self) -> None:
        """Ends the one that is being made; those that wait are given up."""
        self._closing = True
        self._queue.put(None)
        self._press.stop()
        if self._thread:
            self._thread.join(timeout=5)

    def _keep(self, wanted: Wanted, rendition: Rendition) -> Rendition:
        self._known[wanted] = rendition
        while len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return rendition

    def _from_disk(self, wanted: Wanted) -> Rendition | None:
        file = self._file(wanted)
        content = _read(file)
        if content is None:
            return None
        rendition = Rendition()
        rendition.found(file, content)
        return self._keep(wanted, rendition)

    def _file(self, wanted: Wanted) -> Path:
        name = f"{wanted.revision}-{wanted.language}-{software()}.{wanted.output}"
        return self.folder / wanted.letter_id.hex / name

    def _run(self) -> None:
        while (wanted := self._queue.get()) and not self._closing:
            rendition = self._known.get(wanted)
            if rendition is None or rendition.state != "waiting":
                continue
            rendition.enter("making")
            try:
                self._make(wanted, rendition)
            except DomainError as refusal:
                rendition.refusal = refusal
            except Exception:  # one broken document must not keep the others from being made
                log.exception("A document could not be made: %s", wanted)
                rendition.refusal = _broken()
            if rendition.refusal:
                rendition.enter("failed")

    def _make(self, wanted: Wanted, rendition: Rendition) -> None:
        with self.database.read() as db:
            letter = letters.by_id(db, wanted.letter_id)
            # The list may have grown since: the newest state is what everybody wants.
            newest = wanted._replace(revision=letter.revision)
            listing = signatories.listing(db, letter)
            document = final_letter.document(db, letter, listing, wanted.language)
        file = self._file(newest)
        with self._turn():
            content = _read(file)
            if content is None:
                content = self._press.make(document, wanted.output)
                if not self._stands(newest, listing):
                    rendition.enter("waiting")
                    self._queue.put(wanted)
                    return
                _write(file, content)
        with self._changing:
            # Somebody may have asked for that state meanwhile, and waits too.
            asked = self._known.get(newest, rendition)
            for one in (rendition, asked):
                one.found(file, content)
            self._keep(newest, asked)

    def _stands(self, made: Wanted, listing: Listing) -> bool:
        """Whether all who were listed still are: nobody who withdrew meanwhile is handed out. That
        others came since is no matter, or a letter that is much signed would never be made."""
        with self.database.read() as db:
            letter = letters.by_id(db, made.letter_id)
            if letter.revision == made.revision:
                return True
            return set(listing.all) <= set(signatories.listing(db, letter).all)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One at a time on this machine: a long list takes hundreds of megabytes."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self.folder / ".turn").open("w")
        except OSError as full:
            raise Unavailable.to_save() from full
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def tidy(db: Db) -> None:
    """Deletes the files of states that are past: somebody in them may have withdrawn since."""
    folder = db.settings.renditions_dir
    stands = {
        id_.hex: f"{revision}-"
        for id_, revision in db.execute(select(col(Letter.id), col(Letter.revision)))
    }
    for file in folder.glob("*/*"):
        if not file.name.startswith(stands.get(file.parent.name, " ")):
            file.unlink(missing_ok=True)


@cache
def software() -> str:
    """Differs when the code or the templates do: another version may make another document."""
    digest = hashlib.sha256()
    for folder, pattern in ((SOURCES, "*.py"), (SOURCES, "*.po"), (TEMPLATES / "document", "*")):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _write(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    aside = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        aside.write_bytes(content)
        aside.rename(file)
    except OSError as full:
        aside.unlink(missing_ok=True)
        raise Unavailable.to_save() from full


def _broken() -> DomainError:
    broken = DomainError(_("This document could not be made. The mistake is ours, and noted."))
    broken.status = 500
    return broken
