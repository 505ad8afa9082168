"""The real `undersigned serve` as a process, to be asked, stopped and killed."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.harness.processes import dies_with_parent, free_port

UNDERSIGNED = Path(sys.executable).with_name("undersigned")
# Nothing else of the tests' environment reaches the server: no setting, no .env file.
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "SSL_CERT_FILE")


class Server:
    """One served instance with its data directory; use it in a `with`.

    `environment` holds settings (UNDERSIGNED_…); data directory, base URL and port are given to
    the process unless it names them. `arguments` come after `serve`.
    """

    def __init__(
        self,
        data_dir: Path,
        environment: Mapping[str, str] | None = None,
        arguments: Sequence[str] = (),
        command: Sequence[str | Path] = (UNDERSIGNED, "serve"),
        port: int | None = None,
    ) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "PYTHONUNBUFFERED": "1",
            "UNDERSIGNED_DATA_DIR": str(data_dir),
            "UNDERSIGNED_BASE_URL": self.url,
            **(environment or {}),
        }
        self._command = [*command, "--port", str(self.port), *arguments]
        self._log = data_dir.parent / f"{data_dir.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.kill()
        elif self._process is not None:
            self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything the process has printed, over all its starts."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def start(self, seconds: float = 60) -> float:
        """Starts it and waits until /readyz says 200; answers the seconds that took."""
        began = time.monotonic()
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self.environment,
                cwd=self.data_dir.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A group of its own, so that `kill` takes its worker processes too.
                process_group=0,
                preexec_fn=dies_with_parent(),
            )
        while not self.answers("/readyz"):
            ended = self._process.poll()
            if ended is not None or time.monotonic() - began > seconds:
                self.kill()
                raise AssertionError(f"not ready after {seconds} s ({ended=}):\n{self.log[-4000:]}")
            time.sleep(0.02)
        return time.monotonic() - began

    def stop(self, seconds: float = 10) -> float:
        """SIGTERM, as at every deployment: it has to be gone, in peace, within `seconds`."""
        assert self._process is not None, "not started"
        began = time.monotonic()
        self._process.terminate()
        try:
            status = self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(
                f"still there {seconds} s after SIGTERM:\n{self.log[-4000:]}"
            ) from None
        self._process = None
        assert status in (0, -signal.SIGTERM), f"exit status {status}:\n{self.log[-4000:]}"
        return time.monotonic() - began

    def run(self, *arguments: str | Path) -> str:
        """What `undersigned …` prints, called with the same settings; it has to succeed."""
        done = subprocess.run(
            [UNDERSIGNED, *arguments],
            env=self.environment,
            cwd=self.data_dir.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, f"exit status {done.returncode}: {done.stderr}"
        return done.stdout

    def kill(self) -> None:
        """`kill -9` for the process and all that belongs to it."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=10)
            self._process = None

    def answers(self, path: str, status: int = 200) -> bool:
        """Whether GET `path` is answered with `status`, within two seconds."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=2) as answer:
                return bool(answer.status == status)
        except urllib.error.HTTPError as refused:
            return refused.code == status
        except OSError:
            return False
