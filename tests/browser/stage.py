"""The real server with the demo letter, as a new user starts it, for a browser to visit."""

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

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


# Ways in which a page has no stream, each for a test of its own that approves somebody.
STREAMLESS = (
    ("none", "Citizens for Radio"),
    ("refused", "Zofia Wrona"),
    ("held back", "The Coastal Press Union"),
)


def without_stream(page: Page, stream: str) -> None:
    """Before it is opened; its clock can be told the time from now on."""
    page.clock.install()
    if stream == "none":
        page.add_init_script("delete window.EventSource")
    elif stream == "refused":
        page.route("**/live", lambda route: route.fulfill(status=503))
    else:
        page.route("**/live", lambda _route: None)  # as by a proxy that waits for the end


def until_it_asks(page: Page, lines: Locator, change: Callable[[], None]) -> None:
    """Somebody is listed, and the page learns of it once it asks by itself, after a minute."""
    # From here on time passes only as it is told to, however long the desk takes.
    page.clock.pause_at(page.evaluate("Date.now()") / 1_000 + 2)
    before = lines.count()
    change()
    expect(lines).to_have_count(before)
    page.wait_for_timeout(2_100)  # the browser's own copy is as old as it would be in a minute
    page.clock.fast_forward("01:01")
    page.clock.fast_forward("00:16")
    page.clock.resume()  # a refusal comes when it comes
    expect(lines).to_have_count(before + 1)


def fill(page: Page) -> None:
    """Fills the form in for Browser Watch."""
    for field, text in SIGNER.items():
        page.fill(field, text)
    page.select_option("#country", "NO")
    page.check("#authority")
