"""Looks at what the site needs, and says what is wrong in words an operator can act on."""

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import text

from app.db import Database, sqlite_module
from app.errors import DomainError, Unavailable
from app.migrate import drift
from app.settings import Settings


class Finding(NamedTuple):
    mark: str
    sentence: str

    @property
    def is_bad(self) -> bool:
        return self.mark == "✗"


def examine(settings: Settings) -> Iterator[Finding]:
    yield from _data(settings)
    yield from _database(settings)
    yield from _mail(settings)
    yield from _address(settings)
    yield from _fonts()
    yield from _word()


def _good(sentence: str) -> Finding:
    return Finding("✓", sentence)


def _look(sentence: str) -> Finding:
    return Finding("!", sentence)


def _bad(sentence: str) -> Finding:
    return Finding("✗", sentence)


def _data(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield _bad(f"The data directory {folder} is not there yet; “undersigned migrate” makes it.")
        return
    if not os.access(folder, os.W_OK):
        yield _bad(f"The data directory {folder} can't be written.")
    room = os.statvfs(folder)
    free = room.f_bavail * room.f_frsize // 1_000_000
    message = f"{free:,} MB are free in the data directory."
    yield _good(message) if free > 500 else _bad(message)
    key = folder / "secret.key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield _bad(f"{key} can be read by others; set its mode to 0600.")


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        if settings.is_sqlite:
            yield _good(f"SQLite {sqlite_module().sqlite_version} is sound.")
        database = Database(settings)
        try:
            with database.write() as db:
                db.execute(text("SELECT 1"))
            missing = drift(database)
        finally:
            database.close()
    except DomainError as refusal:
        yield _bad(f"The database can't be used: {refusal.sentence}")
        return
    if missing:
        yield _bad("The database has another schema than this version; run “undersigned migrate”.")
    else:
        yield _good("The database answers and has the newest schema.")


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_url == "mailbox:":
        yield _look("Mails stay in the local mailbox; set UNDERSIGNED_SMTP_URL to send them.")
    else:
        yield _good("Mails go to a mail server.")
    if "localhost" in settings.mail_from and not settings.is_loopback:
        yield _bad("UNDERSIGNED_MAIL_FROM must be an address of your own domain.")


def _address(settings: Settings) -> Iterator[Finding]:
    if settings.is_loopback:
        yield _look("UNDERSIGNED_BASE_URL is this machine's: links in mails work here only.")
        return
    if not settings.is_https:
        yield _bad("UNDERSIGNED_BASE_URL must begin with https:// on the open network.")
    if not settings.proxies:
        yield _look(
            "UNDERSIGNED_TRUSTED_PROXIES is empty: behind nginx every visitor seems to be nginx. "
            "Serve through nginx as docs/deploy.md shows; it also ends slow connections."
        )
    if not settings.controller:
        yield _bad("UNDERSIGNED_CONTROLLER is empty: the privacy notice names nobody.")


def _fonts() -> Iterator[Finding]:
    from app.documents import fonts

    lacking = sorted({fonts.package(letter) or "?" for letter in fonts.missing("Aяעعლ中अ")})
    if lacking:
        yield _look(f"Names in some scripts can't be printed; install {', '.join(lacking)}.")
    else:
        yield _good("Fonts for many scripts are installed.")


def _word() -> Iterator[Finding]:
    from app.documents import pandoc

    try:
        pandoc.program()
    except Unavailable:
        yield _look("Word files can't be read; install pandoc.")
    else:
        yield _good("Word files can be read.")
