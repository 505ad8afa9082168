"""Scenario 49: the disk is full. A plain sentence and 503; reading goes on; nothing is damaged."""

import io
import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import httpx
import pytest
from PIL import Image

from tests.crowd import must_be_whole, person
from tests.harness.server import Server
from tests.world import AURORA, BOREAS, World

pytestmark = [pytest.mark.fault, pytest.mark.only("sqlite")]

SIZE = 6_000_000


class Disk(Protocol):
    """Where the data directory lies."""

    directory: Path

    def fill(self, server: Server) -> None: ...

    def make_room(self, server: Server) -> None: ...


class SmallDisk:
    """A file system of six megabytes, in which something else takes up all the room."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def fill(self, server: Server) -> None:
        with (
            open(self.directory / "something else", "wb", buffering=0) as file,
            suppress(OSError),
        ):
            while True:
                file.write(b"\0" * 1_000)

    def make_room(self, server: Server) -> None:
        (self.directory / "something else").unlink()


class LimitedFiles:
    """No file may grow: the kernel says "File too large", an error like that of a broken disk."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def fill(self, server: Server) -> None:
        self._limit(server, 4_096)

    def make_room(self, server: Server) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server: Server, size: int) -> None:
        # Only the soft limit: the hard one could not be raised again by just anybody.
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.fixture(params=["no room", "no larger file"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    directory = tmp_path / "var"
    directory.mkdir(mode=0o700)
    # Who may not mount a small file system tests with limited files twice.
    if request.param == "no room" and mounted(directory):
        yield SmallDisk(directory)
        subprocess.run(["umount", "--lazy", directory], check=True)
    else:
        yield LimitedFiles(directory)


@pytest.fixture
def data_dir(disk: Disk) -> Path:
    return disk.directory


def mounted(directory: Path) -> bool:
    """Whether a small file system could be put there."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(directory)]
    if os.geteuid() != 0:
        return False
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def sign(server: Server, world: World, number: int) -> httpx.Response:
    return httpx.post(f"{server.url}{world.path}/endorsements", data=person(number), timeout=20)


def test_signing_says_so_and_reading_goes_on(
    world: World, serve: Callable[..., Server], disk: Disk
) -> None:
    world.approved(AURORA)
    server = serve(smtp_url=world.sink.url)
    with httpx.Client(base_url=server.url, timeout=5) as reader:
        before = reader.get(world.path).content
        disk.fill(server)
        acknowledged = []
        # A few find room in what the database's files have already.
        for number in range(500):
            answer = sign(server, world, number)
            if answer.status_code != 303:
                break
            acknowledged.append(person(number)["email"])
        assert answer.status_code == 503
        assert "could not be saved just now" in answer.text
        assert sign(server, world, number).status_code == 503

        assert reader.get(world.path).content == before
        # Pages nobody has read before are made from the database as always.
        for page in ("/signatories.json", "/signatories.csv", "/embed", "/signatories?q=aurora"):
            assert "Aurora Media Watch" in reader.get(f"{world.path}{page}").text
        assert reader.get("/").status_code == 200

        disk.make_room(server)
        for following in range(number, number + 5):
            assert sign(server, world, following).status_code == 303
            acknowledged.append(person(following)["email"])
    for address in acknowledged:
        world.sink.wait_for(address)
    server.stop()
    must_be_whole(world.database, [AURORA["email"], *acknowledged])


def test_a_logo_that_finds_no_room(world: World, serve: Callable[..., Server], disk: Disk) -> None:
    server = serve("--no-worker", smtp_url=world.sink.url)
    picture = io.BytesIO()
    Image.effect_noise((200, 200), 90).save(picture, "PNG")
    disk.fill(server)
    answer = httpx.post(
        f"{server.url}{world.path}/endorsements",
        data=BOREAS,
        files={"logo": ("logo.png", picture.getvalue(), "image/png")},
        timeout=20,
    )
    assert answer.status_code == 503
    assert "could not be saved just now" in answer.text
    disk.make_room(server)
    assert sign(server, world, 1).status_code == 303
