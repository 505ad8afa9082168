"""A throw-away PostgreSQL cluster, reached through a socket in its own directory."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from tests.harness.processes import dies_with_parent

ROLE = "undersigned"
# What a test database may lose in a power cut, it may lose.
HASTY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class NoPostgresql(Exception):
    """The machine has no PostgreSQL server, or it does not start; says which."""


class Databases:
    """The databases of a running cluster whose socket lies in `directory`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def url(self, database: str) -> str:
        """The address of `database`, in the form of UNDERSIGNED_DATABASE_URL."""
        return f"postgresql://{ROLE}@/{database}?host={self.directory}"

    def create(self, database: str, template: str = "template1") -> str:
        """Makes `database` as a copy of `template` (about 30 ms); answers its address."""
        self._command("CREATE DATABASE {} TEMPLATE {}", database, template)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Takes `database` away, whoever is still connected (5 ms; 100 ms if somebody is)."""
        self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _command(self, text: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


class Cluster(Databases):
    """PostgreSQL from `initdb` to the last byte removed; use it in a `with`.

    `durable` keeps fsync on: for benches, and for tests that kill the server itself.
    `settings` are lines of postgresql.conf such as "max_connections=5".
    """

    def __init__(self, durable: bool = False, settings: tuple[str, ...] = ()) -> None:
        self._binaries = binaries()
        self._settings = (() if durable else HASTY) + settings
        self._owner = unprivileged()
        self._process: subprocess.Popen[bytes] | None = None
        # Sockets have short names: not below pytest's own deep directories.
        super().__init__(Path(tempfile.mkdtemp(prefix="undersigned-postgresql-")))

    def __enter__(self) -> Self:
        try:
            if self._owner:
                shutil.chown(self.directory, self._owner)
            self._run("initdb", "-D", self._data, "-U", ROLE, "-A", "trust", "-E", "UTF8",
                      "--locale=C", "--no-sync")  # fmt: skip
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill(signal.SIGQUIT)  # "immediate shutdown": nothing in here is worth a checkpoint
        shutil.rmtree(self.directory, ignore_errors=True)

    def start(self, seconds: float = 10) -> None:
        """Starts the server and waits until it answers; raises NoPostgresql after `seconds`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            # Right after `kill` it may refuse: the old server's children are still going.
            if self._process is None or self._process.poll() is not None:
                self._process = self._spawn()
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return
        self.kill()
        raise NoPostgresql(f"PostgreSQL did not start:\n{self._log.read_text()[-2000:]}")

    def kill(self, by: signal.Signals = signal.SIGKILL) -> None:
        """Ends the server the hard way; `start` brings it back with its databases."""
        if self._process is not None:
            self._process.send_signal(by)
            self._process.wait(timeout=20)
            self._process = None

    def _spawn(self) -> subprocess.Popen[bytes]:
        settings = ("listen_addresses=", f"unix_socket_directories={self.directory}",
                    "max_connections=200", "timezone=UTC", *self._settings)  # fmt: skip
        with open(self._log, "ab") as log:
            return subprocess.Popen(
                [
                    self._binaries / "postgres",
                    *("-D", self._data),
                    *(word for setting in settings for word in ("-c", setting)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._owner,
                cwd=self.directory,
                # Otherwise Ctrl-C in the terminal would end it before the tests' own tidying.
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGQUIT),
            )

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    @property
    def _log(self) -> Path:
        return self.directory / "log"

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self._binaries / program, *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            user=self._owner,
            cwd=self.directory,
        )
        if done.returncode:
            raise NoPostgresql(f"{program} failed:\n{done.stderr}")


def binaries() -> Path:
    """The directory of the server's programs, the newest version first; raises NoPostgresql."""
    on_path = shutil.which("postgres")
    if on_path and shutil.which("initdb"):
        return Path(on_path).parent
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3])
    )
    if not installed:
        raise NoPostgresql("PostgreSQL is not installed (Debian: postgresql)")
    return installed[-1].parent


def unprivileged() -> str | None:
    """As whom to run the server: it refuses root. None is the user of the tests."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
