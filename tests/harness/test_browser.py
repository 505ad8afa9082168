"""The browser is there, and sees what is wrong with a page."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page

from tests.harness.browser import NARROW, Windows, axe, pictures

PAGE = """<!doctype html><html lang="en"><head><title>A letter</title></head><body><main>
<h1>A letter</h1><p id="script">off</p>{more}</main><script>
document.getElementById("script").textContent = "on"</script></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "good.html").write_text(PAGE.format(more=""))
    (tmp_path / "bad.html").write_text(PAGE.format(more="<img src='data:,'>"))
    (tmp_path / "policy.html").write_text(
        "<meta http-equiv=content-security-policy content=\"default-src 'none'\">"
        + PAGE.format(more="<p style='color: red'></p>")
    )
    (tmp_path / "strict.html").write_text(
        "<!doctype html><html lang='en'><head><title>A letter</title><meta http-equiv="
        "content-security-policy content=\"default-src 'none'; require-trusted-types-for 'script'"
        "; trusted-types 'none'\"></head><body><main><h1>A letter</h1></main></body></html>"
    )
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_with_and_without_javascript(page: Page, plain_page: Page, site: str) -> None:
    page.goto(f"{site}/good.html")
    plain_page.goto(f"{site}/good.html")
    assert page.text_content("#script") == "on"
    assert plain_page.text_content("#script") == "off"


def test_axe_finds_what_is_wrong(page: Page, site: str) -> None:
    page.goto(f"{site}/good.html")
    axe(page)
    page.goto(f"{site}/bad.html")
    with pytest.raises(AssertionError, match="image-alt"):
        axe(page)


def test_axe_runs_under_the_strictest_policy(page: Page, site: str) -> None:
    page.goto(f"{site}/strict.html")
    axe(page)


def test_breaches_of_the_content_policy_are_noticed(windows: Windows, site: str) -> None:
    windows.open(viewport=NARROW).goto(f"{site}/policy.html")
    assert all("Content Security Policy" in text for text in windows.complaints)
    assert windows.complaints
    windows.complaints.clear()


def test_pictures_only_when_wanted(
    page: Page, site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.goto(f"{site}/good.html")
    monkeypatch.delenv("SCREENSHOTS", raising=False)
    pictures(page, "letter")
    monkeypatch.setenv("SCREENSHOTS", str(tmp_path / "pictures"))
    pictures(page, "letter")
    assert len(list((tmp_path / "pictures").glob("letter-*.png"))) == 4
