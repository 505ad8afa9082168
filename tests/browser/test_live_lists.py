"""Lists that grow in a real browser while somebody else's process approves.

How soon is looked at where no browser is in the way: in tests/test_live.py.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.harness.browser import Windows
from tests.harness.partner import Partner
from tests.harness.server import Server
from tests.test_live import approve
from tests.world import AURORA, BOREAS, OLGA, World

ELEMENT = "undersigned-signatories"
EMPTY = "Nobody is listed yet"


def lists(
    world: World, reading: Server, partner: Partner, windows: Windows
) -> tuple[list[Page], list[Locator]]:
    """A letter's page and a partner's page with an element and a frame, open in a browser; and
    their lists."""
    letter, site = windows.open(), windows.open()
    url = reading.url + world.path
    letter.goto(url)
    element = (
        f'<{ELEMENT} letter="{url}"></{ELEMENT}><script src="{reading.url}/embed.js"></script>'
    )
    frame = f'<iframe src="{url}/embed" title="The list"></iframe>'
    kinds = ("script-src", "connect-src", "frame-src", "img-src data:")
    policy = "; ".join(["default-src 'none'", *(f"{kind} {reading.url}" for kind in kinds)])
    site.goto(partner.page(element + frame, policy))
    for page in (letter, site):
        page.evaluate("window.isTheSame = true")
    return [letter, site], [
        letter.locator("#signatories .name, #signatories .empty-list"),
        site.locator(f"{ELEMENT} :is([data-part=name], [data-part=empty])"),
        site.frame_locator("iframe").locator(":is([data-part=name], [data-part=empty])"),
    ]


def test_lists_grow_and_shrink_as_another_process_decides(
    world: World, serve: Callable[..., Server], partner: Partner, windows: Windows
) -> None:
    """On SQLite one process serves; what decides here is the process of this test."""
    for who in (AURORA, BOREAS):
        world.verified(who)
    approve(world, AURORA)
    pages, shown = lists(world, serve("--no-worker"), partner, windows)
    for one in shown:
        expect(one.filter(has_text=AURORA["organisation"])).to_be_visible()
        expect(one.filter(has_text=BOREAS["organisation"])).to_have_count(0)
    approve(world, BOREAS)
    for one in shown:
        expect(one.filter(has_text=BOREAS["organisation"])).to_be_visible()
    world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")
    for one in shown:
        expect(one.filter(has_text=AURORA["organisation"])).to_have_count(0)
        expect(one.filter(has_text=BOREAS["organisation"])).to_be_visible()
    assert all(page.evaluate("isTheSame") for page in pages)


@pytest.mark.only("postgresql")
def test_lists_of_one_server_grow_as_another_servers_desk_approves(
    world: World, serve: Callable[..., Server], partner: Partner, windows: Windows
) -> None:
    reading, deciding = serve("--no-worker"), serve("--no-worker")
    world.verified(AURORA)
    pages, shown = lists(world, reading, partner, windows)
    for one in shown:
        expect(one.filter(has_text=EMPTY)).to_be_visible()
    desk = windows.open()
    desk.goto(deciding.run("organiser", "add", OLGA).strip())
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("button", name="Sign out")).to_be_visible()
    desk.goto(f"{deciding.url}/desk{world.path}/endorsements?status=verified")
    desk.get_by_role("button", name=f"Approve {AURORA['organisation']}").click()
    for one in shown:
        expect(one.filter(has_text=AURORA["organisation"])).to_be_visible()
        expect(one.filter(has_text=EMPTY)).to_have_count(0)
    assert all(page.evaluate("isTheSame") for page in pages)
