"""The real server with the demo letter, as a new user starts it, for a browser to visit."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.harness.browser import Windows
from tests.harness.server import PASSED_ON, UNDERSIGNED, Server

LETTER = "/letters/radio-ardal"
DESK = "/desk/letters/radio-ardal"
# What a page sees when another tab is opened in front of it, and when that is closed again.
TURN = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SIGNER = {
    "#organisation": "Browser Watch",
    "#website": "browserwatch.example",
    "#name": "Berit Vik",
    "#role": "Director",
    "#email": "berit@browserwatch.example",
}


class Stage:
    """A served demo; `link` finds what was mailed to somebody in the local mailbox."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.url = server.url

    def command(self, *arguments: str) -> str:
        """Runs `undersigned` beside the server, and answers what it printed."""
        environment = {**self.server.environment}
        environment.update({name: os.environ[name] for name in PASSED_ON if name in os.environ})
        done = subprocess.run(
            [UNDERSIGNED, *arguments], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def sign_in(self, page: Page) -> None:
        page.goto(self.command("organiser", "add", "desk@undersigned.example").strip())
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk/letters")

    def forget_mails(self) -> None:
        """Empties the local mailbox: the next link is one that is mailed from now on."""
        for mail in (self.server.data_dir / "mailbox").glob("*.eml"):
            mail.unlink()

    def link(self, address: str, path: str, seconds: float = 30) -> str:
        """Waits for a mail to the address and answers its link with that path."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for mail in sorted((self.server.data_dir / "mailbox").glob("*.eml"), reverse=True):
                text = mail.read_text().replace("=\n", "").replace("=3D", "=")
                found = re.search(rf"{self.url}{path}[\w.~-]+", text)
                if f"To: {address}" in text and found:
                    return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no mail with {path} to {address} in {seconds} s")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("stage")
    server = Server(folder / "var")
    Stage(server).command("demo")
    with server:
        yield Stage(server)


Approve = Callable[[str], None]


@pytest.fixture
def approve(stage: Stage, windows: Windows) -> Approve:
    """Approves somebody at the desk, in a window that stands ready."""
    desk = windows.open()
    stage.sign_in(desk)
    queue = f"{stage.url}{DESK}/endorsements?status=verified"
    desk.goto(queue)

    def approve(name: str) -> None:
        button = desk.get_by_role("button", name=f"Approve {name}")
        if not button.count():  # came after the page was opened
            desk.goto(queue)
        button.click()
        expect(button).to_have_count(0)

    return approve


def fill(page: Page) -> None:
    """Fills the form in for Browser Watch."""
    for field, text in SIGNER.items():
        page.fill(field, text)
    page.select_option("#country", "NO")
    page.check("#authority")
