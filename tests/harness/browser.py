"""Chromium, driven by Playwright; what a page complains of in its console is a failure."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",  # it refuses to run as root otherwise; it only ever sees our own pages
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 640}
PATIENCE = 10_000
"""Milliseconds that an expectation may take to come true, and an action to be done: what a machine
needs that is busy with other tests. Nothing waits as long where things go well."""

expect.set_options(timeout=PATIENCE)


class NoChromium(Exception):
    """The machine has no Chromium."""


def chromium() -> str:
    """The path of the system's Chromium, or of CHROMIUM; raises NoChromium."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *NAMES)):
        if found := shutil.which(name):
            return found
    raise NoChromium("Chromium is not installed (Debian: chromium)")


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser. While it runs, this thread cannot run another asyncio loop."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Windows:
    """Opens pages, each in a fresh profile, and remembers what they complain of."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.complaints: list[str] = []
        """Uncaught errors and breaches of the content policy, in the browser's words."""

    def open(self, javascript: bool = True, **context: Any) -> Page:
        """A page of its own profile; `context` is what Playwright's `new_context` takes,
        such as viewport=NARROW, color_scheme="dark", locale="ar"."""
        profile = self._browser.new_context(
            **{"java_script_enabled": javascript, "viewport": WIDE, "locale": "en-GB", **context}
        )
        profile.set_default_timeout(PATIENCE)
        page = profile.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", self._listen)
        return page

    def close(self) -> None:
        for profile in self._browser.contexts:
            profile.close()

    def _listen(self, message: ConsoleMessage) -> None:
        # A refused form is answered with 422, which Chromium reports as an error too.
        refusal = "Failed to load resource: the server responded with a status of"
        if message.type == "error" and not message.text.startswith(refusal):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")


def axe(page: Page) -> None:
    """Asserts that axe finds nothing to complain of in `page` (with JavaScript)."""
    found = Axe().run(page)
    assert not found.violations_count, f"{page.url}\n{found.generate_report()}"


def serves_everybody(page: Page, address: str, name: str) -> None:
    """Asserts that what stands there is accessible in light and dark, and fits a phone; keeps its
    pictures as `name`."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(address)
        axe(page)
    pictures(page, name)
    page.set_viewport_size(NARROW)
    page.goto(address)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def pictures(page: Page, name: str) -> None:
    """Keeps `page` as pictures, wide and narrow, light and dark, if SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    before = page.viewport_size
    for width, viewport in (("wide", WIDE), ("narrow", NARROW)):
        for scheme in ("light", "dark"):
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder, f"{name}-{width}-{scheme}.png"), full_page=True)
    page.emulate_media(color_scheme="null")
    if before:
        page.set_viewport_size(before)
