"""nginx with the configuration we ship, on free ports, its files in the test's own directory."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.harness.processes import dies_with_parent, free_port

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "deploy" / "nginx" / "undersigned.conf"
GUIDE = ROOT / "docs" / "deploy.md"
AROUND = """
{user}
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/undersigned.error.log error;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    include {directory}/undersigned.conf;
}}
"""


class NoNginx(Exception):
    """The machine has no nginx."""


class Nginx:
    """Runs in front of `upstream_port`; with `certificate` (PEM) its TLS lines are switched on.

    `patience` stands for the ten seconds that slow clients are given, `allowance` for the pages
    of one address that are answered at once.
    """

    def __init__(
        self,
        directory: Path,
        upstream_port: int,
        certificate: Path | None = None,
        patience: str = "10s",
        allowance: int = 500,
    ) -> None:
        self.directory = directory
        self.port, self.tls_port = free_port(), free_port()
        text = SHIPPED.read_text()
        if certificate:
            text = with_tls(text)
        replaced = {
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{upstream_port};",
            "listen 80;": f"listen 127.0.0.1:{self.port};",
            "listen [::]:80;": "",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.tls_port} ssl http2;",
            "listen [::]:443 ssl http2;": "",
            "/etc/letsencrypt/live/letters.example.org/fullchain.pem": str(certificate),
            "/etc/letsencrypt/live/letters.example.org/privkey.pem": str(certificate),
            "/var/log/nginx/": f"{directory}/",
            "/var/cache/nginx/undersigned": f"{directory}/cache",
            "_timeout 10s;": f"_timeout {patience};",
            "burst=500": f"burst={allowance}",
        }
        for ours, theirs in replaced.items():
            text = text.replace(ours, theirs)
        (directory / "undersigned.conf").write_text(text)
        user = "user root;" if os.geteuid() == 0 else ""
        (directory / "nginx.conf").write_text(AROUND.format(directory=directory, user=user))
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, preexec_fn=dies_with_parent(signal.SIGTERM), stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 10
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return self
        self.__exit__(None, None, None)
        raise AssertionError(f"nginx did not start:\n{self.problems()}{self.error_log}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=10)
            self._process = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def problems(self) -> str:
        """What `nginx -t` says of the configuration beyond that it is good."""
        told = subprocess.run([*self._command, "-t"], capture_output=True, text=True, check=False)
        lines = told.stderr.splitlines()
        good = ("syntax is ok", "test is successful")
        return "\n".join(line for line in lines if not line.endswith(good))

    @property
    def access_log(self) -> str:
        return self._read("undersigned.access.log")

    @property
    def error_log(self) -> str:
        return self._read("undersigned.error.log")

    @property
    def _command(self) -> list[str | Path]:
        return [executable(), "-p", self.directory, "-c", self.directory / "nginx.conf",
                "-e", self.directory / "undersigned.error.log"]  # fmt: skip

    def _read(self, name: str) -> str:
        file = self.directory / name
        return file.read_text() if file.exists() else ""


def with_tls(text: str) -> str:
    """The configuration as the documentation tells to change it once there is a certificate."""
    (change,) = re.findall(r"^sed -i -E '(.*)' /etc/nginx", GUIDE.read_text(), flags=re.MULTILINE)
    done = subprocess.run(
        ["sed", "-E", change], input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def executable() -> str:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is None:
        raise NoNginx("nginx is not installed (Debian: nginx-light)")
    return found
