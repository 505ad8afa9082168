"""What the first visit of a public page fetches, and from whom."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.stage import LETTER, Stage

HEAVIEST = 60_000
"""Bytes over the wire, without logos and the live stream."""


class Wire:
    """What a page has fetched: bytes as they were sent, by address."""

    def __init__(self, page: Page) -> None:
        self.bytes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")

    def _sent(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes[self._urls[event["requestId"]]] = int(event["encodedDataLength"])


@pytest.mark.parametrize(
    "path", ["/", LETTER, f"{LETTER}/signatories", f"{LETTER}/embed", f"{LETTER}/embed/demo"]
)
def test_a_first_visit_is_light_and_asks_nobody_else(stage: Stage, page: Page, path: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wire = Wire(page)
    page.goto(stage.url + path, wait_until="load")
    site = urlsplit(stage.url).netloc
    assert {urlsplit(url).netloc for url in asked} == {site}
    assert not page.context.cookies()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    weights = {url: size for url, size in wire.bytes.items() if "/logos/" not in url}
    assert stage.url + path in weights
    assert sum(weights.values()) <= HEAVIEST, weights
