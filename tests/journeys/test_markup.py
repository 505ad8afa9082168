"""All HTML that the site sends, as the Nu HTML checker reads it."""

from pathlib import Path

import httpx
import pytest

from tests.harness.markup import complaints
from tests.walk import every_get, opened, visitor_of
from tests.world import AURORA, World, submit

LANGUAGES = ("", "ar")


@pytest.mark.only("sqlite")  # markup is the same on both
def test_every_page_is_valid_html(world: World, tmp_path: Path) -> None:
    world.letter("public_proof: true\nsoft_deadline: 2031-01-01T12:00:00+01:00")
    world.translation()
    pages: dict[str, bytes] = {}
    visitor = visitor_of(world)
    for address in every_get(world):
        for language in LANGUAGES:
            browser = visitor(address)
            browser.headers["accept-language"] = language or "en"
            _keep(pages, f"{address} {language}", opened(browser, "GET", address))
    _keep(pages, "refused form", world.sign({**AURORA, "email": "nobody", "country": ""}))
    _keep(pages, "signed out", submit(world.client, "/desk/sign-in", "/desk/sign-in", email=""))
    for state in ("pause", "closing"):
        world.desk().move(world.slug, state)
        _keep(pages, state, world.client.get(world.path))
    assert len(pages) > 100
    folder = tmp_path / "pages"
    folder.mkdir()
    found = [one for one in complaints(pages, folder) if not _is_for_mail_programs(one)]
    assert not found, "\n".join(found)


def _is_for_mail_programs(complaint: str) -> bool:
    """Of three things in mails, shown here as a preview, programs know no newer way."""
    address, _colon, said = complaint.partition(" : ")
    asked_for = ("“bgcolor”", "“mso-hide”", "“mso-padding-alt”")
    return address.endswith("/mail") and any(one in said for one in asked_for)


def _keep(pages: dict[str, bytes], name: str, answer: httpx.Response) -> None:
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    if is_html and answer.content not in pages.values():
        pages[f"{answer.status_code} {name}"] = answer.content
