"""Links that were damaged, forged, respelled, used elsewhere or made by another key or clock."""

import base64
from datetime import UTC, datetime

import httpx
import pytest
import time_machine

from app.keys import Keys
from app.links import CONFIRM, MANAGE, SIGN_IN, token
from tests.world import AURORA, BOREAS, OLGA, Forms, World, later, submit

PLACES = {CONFIRM: "/confirm/", MANAGE: "/manage/", SIGN_IN: "/desk/sign-in/"}
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def tokens(world: World) -> dict[str, str]:
    """One live token of each purpose."""
    world.sign(BOREAS)
    world.verified(AURORA)
    submit(world.client, "/desk/sign-in", "/desk/sign-in", email=OLGA)
    links = {
        CONFIRM: world.link(BOREAS["email"]),
        MANAGE: world.link(AURORA["email"], PLACES[MANAGE]),
        SIGN_IN: world.link(OLGA, PLACES[SIGN_IN]),
    }
    return {purpose: links[purpose].removeprefix(PLACES[purpose]) for purpose in PLACES}


def must_be_unknown(world: World, place: str, text: str) -> None:
    """Opened or pressed, it leads nowhere and changes nothing."""
    before = world.rows()
    presses = {"/confirm/": ("", "/refusal"), "/desk/sign-in/": ("",)}
    presses["/manage/"] = ("/withdrawal", "/confidentiality", "/correction")
    assert world.client.get(f"{place}{text}").status_code == 404
    if place == "/manage/":
        assert world.client.get(f"{place}{text}/receipt").status_code == 404
    csrf = Forms(world.client.get("/desk/sign-in").text).forms["/desk/sign-in"]
    for press in presses[place]:
        assert world.client.post(f"{place}{text}{press}", data=csrf).status_code == 404
    assert world.rows() == before


def test_a_token_serves_one_purpose(world: World, tokens: dict[str, str]) -> None:
    for made_for in PLACES:
        for used_for, place in PLACES.items():
            if made_for != used_for:
                must_be_unknown(world, place, tokens[made_for])


def test_a_forged_or_shortened_token_is_unknown(world: World, tokens: dict[str, str]) -> None:
    for purpose, place in PLACES.items():
        payload, _dot, signature = tokens[purpose].rpartition(".")
        other = payload[:10] + ("A" if payload[10] != "A" else "B") + payload[11:]
        none = base64.urlsafe_b64encode(b"\0" * 32).rstrip(b"=").decode()
        for forged in (
            payload,
            f"{payload}.",
            f".{signature}",
            f"{payload}.{signature[:-2]}",
            f"{other}.{signature}",
            f"{payload}.{none}",
            f"{payload}.{signature}.{signature}",
            "x",
            "é.ü",
            "A" * 5_000,
        ):
            must_be_unknown(world, place, forged)


def test_another_instances_token_is_unknown(world: World, tokens: dict[str, str]) -> None:
    strangers = Keys(["another instance's key, long enough"])
    for purpose, place in PLACES.items():
        must_be_unknown(world, place, token(strangers, purpose, "a" * 22))
    # Nor does our own key help for an id that was never given out.
    for purpose, place in PLACES.items():
        must_be_unknown(world, place, token(world.database.keys, purpose, "a" * 22))


def respelled(text: str) -> str:
    """The same token to a decoder: base64 leaves the last letter's lowest bits unread."""
    payload, _dot, signature = text.rpartition(".")
    place = LETTERS.index(signature[-1])
    spelled = f"{payload}.{signature[:-1]}{LETTERS[place ^ 1]}"
    decoded = [base64.urlsafe_b64decode(one.rpartition(".")[2] + "=") for one in (text, spelled)]
    assert decoded[0] == decoded[1]
    return spelled


def test_a_respelled_token_is_no_second_one(world: World, tokens: dict[str, str]) -> None:
    confirm, again = tokens[CONFIRM], respelled(tokens[CONFIRM])
    for spelled in (again, confirm, again):
        assert world.client.post(f"/confirm/{spelled}").status_code == 200
    assert len(world.trail("verified")) == 2  # Aurora's and this one

    link = f"{PLACES[SIGN_IN]}{tokens[SIGN_IN]}"
    form = Forms(world.client.get(link).text).forms[link]
    nonce = dict(world.client.cookies)
    assert world.client.post(link, data=form).status_code == 303
    thief = world.browser(cookies=nonce)
    used_up = thief.post(f"{PLACES[SIGN_IN]}{respelled(tokens[SIGN_IN])}", data=form)
    assert used_up.status_code == 410


def test_no_token_holds_an_address_or_an_instant(tokens: dict[str, str]) -> None:
    for text in tokens.values():
        payload = text.rpartition(".")[0]
        plain = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        assert b"@" not in plain
        assert b"aurora" not in plain.lower()
        assert len(plain) < 50


def test_keys_are_renewed_without_losing_anybody(world: World, tokens: dict[str, str]) -> None:
    world.desk().decide(world.slug, "Aurora Media Watch", "approval")
    old = (world.settings.data_dir / "secret.key").read_text().strip()
    new = "a newer key of the instance, quite long enough"
    with world.elsewhere(secret_keys=f"{new},{old}") as renewed:
        # Links that were mailed before still work, and so do the sealed addresses.
        assert renewed.client.post(f"/confirm/{tokens[CONFIRM]}").status_code == 200
        assert "Aurora" in renewed.client.get(f"/manage/{tokens[MANAGE]}").text
        assert len(renewed.mails_to(BOREAS["email"])) == 2
        # A mailbox known before is the same mailbox.
        before = renewed.rows()["endorsement"]
        renewed.sign(AURORA, email="ANNA+x@aurora.example")
        assert renewed.rows()["endorsement"] == before
        assert "already signed" in renewed.mails_to(AURORA["email"])[-1]["subject"]
        fresh = renewed.link(AURORA["email"], "/manage/")
        assert renewed.client.get(fresh).status_code == 200
        # Organisers are found, too.
        submit(renewed.client, "/desk/sign-in", "/desk/sign-in", email=OLGA)
        link = renewed.link(OLGA, PLACES[SIGN_IN])
        assert submit(renewed.client, link, link).status_code == 303
    # What the newest key made, the old one alone doesn't know; and the other way round.
    assert world.client.get(fresh).status_code == 404
    with world.elsewhere(secret_keys=new) as forgetful:
        assert forgetful.client.get(f"/manage/{tokens[MANAGE]}").status_code == 404


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_ten_minutes_off_makes_nothing_expire(world: World, minutes: int) -> None:
    """Signed and mailed by one machine, confirmed on another."""
    with later(minutes=minutes):
        world.sign(AURORA)
        link = world.link(AURORA["email"])
    assert "One step left" in world.client.get(link).text
    with later(days=6, hours=23, minutes=59):
        world.worker.keep_house()
        assert world.client.post(link).status_code == 200
    assert len(world.trail("verified")) == 1


def test_a_clock_set_back_or_forward_sends_nothing_twice(world: World) -> None:
    world.sign(AURORA)
    world.deliver()
    for minutes in (-10, 10, 0):
        with later(minutes=minutes):
            world.deliver()
            world.sign(BOREAS)
    world.deliver()
    with later(minutes=10):
        world.deliver()
    assert len(world.mails_to(AURORA["email"])) == 1
    assert len(world.mails_to(BOREAS["email"])) == 3


def test_the_same_instant_is_judged_alike_everywhere(world: World) -> None:
    """At the very instant of the deadline signing is over, whoever asks."""
    at = datetime(2031, 5, 1, 12, 0, tzinfo=UTC)
    world.letter("deadline: 2031-05-01T14:00:00+02:00")

    def answers() -> list[httpx.Response]:
        return [world.client.get(world.path), world.sign(AURORA)]

    with time_machine.travel(at, tick=False):
        page, signed = answers()
        assert "Signing ended on" in page.text
        assert signed.status_code == 409
