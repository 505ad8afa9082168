"""Every address of a site with signers in every state, opened by whoever may open it."""

from collections.abc import Callable, Sequence

import httpx

from tests.routes import addresses, values_of
from tests.world import AURORA, BOREAS, CIRRUS, OLGA, World, logo, submit

INVITED = "dina@delta.example"


def everything(world: World) -> dict[str, Sequence[str]]:
    """Signers in every state, and values for every parameter that lead to them."""
    world.approved(AURORA, files=logo())
    world.verified(BOREAS)
    world.sign(CIRRUS)
    world.invite(f"Delta Listeners; {INVITED}\nElm Watch; eva@elm.example")
    desk = world.desk()
    sign_in = "/desk/sign-in/"
    submit(world.client, "/desk/sign-in", "/desk/sign-in", email=OLGA)
    return {
        "confirm/{token}": [
            world.link(who["email"]).removeprefix("/confirm/") for who in (AURORA, CIRRUS)
        ],
        "manage/{token}": [world.link(AURORA["email"], "/manage/").removeprefix("/manage/")],
        "invitations/{token}": [world.link(INVITED, "/invitations/").removeprefix("/invitations/")],
        "sign-in/{token}": [world.link(OLGA, sign_in).removeprefix(sign_in), "unknown"],
        "endorsements/{endorsement_id}": [*desk.ids(world.slug), "unknown"],
    }


def every_get(world: World) -> list[str]:
    given = values_of(world, **everything(world))
    walked = [
        address
        for at_desk in (True, False)
        for address in addresses(world.app, "GET", given, desk=at_desk)
    ]
    assert len(walked) > 60
    return walked


def visitor_of(world: World) -> Callable[[str], httpx.Client]:
    """Whoever may open an address: an organiser at the desk, a visitor elsewhere."""
    organiser = world.desk().browser
    return lambda address: organiser if address.startswith("/desk") else world.client


def opened(browser: httpx.Client, method: str, address: str) -> httpx.Response:
    """The answer; of a live stream, which does not end, the first event."""
    with browser.stream(method, address) as answer:
        if address.endswith("/live") and answer.status_code == 200:
            next(answer.iter_bytes(), b"")
        else:
            answer.read()
    return answer
