"""An instance to be measured: a served letter, and as many signatories as it takes."""

import csv
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import insert

from app.db import Database, Db, new_id
from app.demo import FOLDER
from app.documents.document import Document
from app.endorsement.endorsements import Endorsement, folded_name, new_public_id
from app.letter import imports, letter_files, letter_states, letters
from app.letter.letters import Letter
from app.migrate import upgrade
from app.settings import Settings
from app.signatory import final_letter, signatories
from app.signer.consent import wording
from app.trail.audit import OPERATOR
from tests.harness.server import Server
from tests.harness.shared import SHARED

REFERENCE = SHARED / "letters" / "azerbaijan-iaj.md"
DEMO = FOLDER / "letter.md"
COUNTRIES = ("AZ", "CH", "DE", "FR", "GE", "NO", "PL", "SE", "TN", "UA")


def server(folder: Path, database_url: str = "") -> Server:
    """The real thing, without a worker; not started yet."""
    settings = {"UNDERSIGNED_DATABASE_URL": database_url} if database_url else {}
    return Server(folder / "ours", settings, ["--no-worker"])


def bare(folder: Path, *arguments: str | Path) -> Server:
    """bench.bare as a process; not started yet."""
    return Server(folder / "bare", command=[sys.executable, "-m", "bench.bare", *arguments])


def database(server: Server) -> Database:
    """The server's own database, migrated."""
    settings = Settings(
        data_dir=server.data_dir,
        database_url=server.environment.get("UNDERSIGNED_DATABASE_URL", ""),
        base_url=server.url,
    )
    upgrade(settings)
    return Database(settings)


def letter(db: Db) -> Letter:
    """The reference letter where it lies beside the repository, else the demo's; open."""
    path = REFERENCE if REFERENCE.exists() else DEMO
    file = letter_files.read(path, db.settings.logos_dir)
    file.settings["deadline"] = datetime.now(UTC) + timedelta(days=21)
    made = imports.take_in(db, file, slug=None, by=OPERATOR)
    letter_states.open_(db, made, by=OPERATOR)
    return made


class Served(NamedTuple):
    """A letter that is served, with signatories; `path` is the letter's."""

    server: Server
    database: Database
    path: str


@contextmanager
def served(number: int) -> Iterator[Served]:
    """One with so many signatories."""
    with TemporaryDirectory() as directory:
        ours = server(Path(directory))
        opened = database(ours)
        with opened.write() as db:
            made = letter(db)
            crowd(db, made, number)
            path = made.path
        with ours:
            yield Served(ours, opened, path)
        opened.close()


def documents(folder: Path, numbers: Sequence[int]) -> Iterator[tuple[int, Document]]:
    """The final letter with so many signatories, for each of the rising numbers."""
    opened = database(Server(folder / "documents", {}, ["--no-worker"]))
    with opened.write() as db:
        made = letter(db)
        listed = its_signatories(db, made)
    for number in numbers:
        with opened.write() as db:
            crowd(db, made, number - listed)
        listed = number
        with opened.read() as db:
            kept = db.get_one(Letter, made.id)
            yield number, final_letter.document(db, kept, signatories.listing(db, kept))
    opened.close()


def its_signatories(db: Db, letter: Letter) -> int:
    """Those the reference letter came with, listed at once; answers how many."""
    path = REFERENCE.with_suffix(".signatories.csv")
    if not path.exists():
        return 0
    with path.open(encoding="utf-8") as rows:
        named = [(row["kind"], row["name"]) for row in csv.DictReader(rows)]
    _list(db, letter, named)
    return len(named)


def crowd(db: Db, letter: Letter, number: int) -> None:
    """So many more are listed, one in ten an individual."""
    named = [
        ("individual", f"Signatory {n:04} of Ardal")
        if n % 10 == 9
        else ("organisation", f"Organisation {n:04} for the Rule of Law")
        for n in range(number)
    ]
    _list(db, letter, named)


def _list(db: Db, letter: Letter, named: list[tuple[str, str]]) -> None:
    db.execute(insert(Endorsement), [_row(db, letter, kind, name) for kind, name in named])
    letters.revise(db, letter.id)


def _row(db: Db, letter: Letter, kind: str, name: str) -> dict[str, object]:
    """What is stored of somebody who signed, confirmed and was approved."""
    key = new_id()
    email = f"signer@{key.hex}.example"
    is_organisation = kind == "organisation"
    return {
        "id": key,
        "public_id": new_public_id(),
        "letter_id": letter.id,
        "version_id": letter.version_id,
        "language": letter.language,
        "kind": kind,
        "status": "approved",
        "visibility": "public",
        "origin": "web",
        "organisation": name if is_organisation else "",
        "website": f"https://{key.hex}.example" if is_organisation else "",
        "country": COUNTRIES[key.int % len(COUNTRIES)],
        "name": "Anna Berg" if is_organisation else name,
        "role": "Director" if is_organisation else "Teacher",
        "address": db.keys.seal(email),
        "mailbox": db.keys.index(email),
        "folded": folded_name(kind, name, name),
        "consent": wording(letter.language),
        "created_at": db.now,
        "verified_at": db.now,
        "decided_at": db.now,
    }
