"""Passkeys sign organisers in, and nothing that only looks like one does."""

import json
from collections.abc import Iterator

import httpx
import pytest
from starlette.testclient import TestClient

from app.web.desk.sign_in import UNNAMED
from tests.harness.authenticator import Authenticator
from tests.world import OLGA, OTTO, Desk, Forms, World, later, text_of

SIGN_IN = "/desk/sign-in"
ACCOUNT = "/desk/account"
NEW = f"{ACCOUNT}/passkeys/new"
ADDING = f"{ACCOUNT}/passkeys"
SITE = "http://localhost:8000"


@pytest.fixture
def here(world: World) -> Iterator[World]:
    """The instance under a name: browsers have no passkeys for IP addresses."""
    with world.elsewhere(base_url=SITE) as other:
        yield other


def added(desk: Desk, name: str = "Laptop", device: Authenticator | None = None) -> Authenticator:
    """A passkey that was made and taken in."""
    device = device or Authenticator(SITE)
    answer = add(desk, device, name)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ACCOUNT}?done=passkey")
    return device


def add(desk: Desk, device: Authenticator, name: str = "Laptop") -> httpx.Response:
    form = Forms(desk.browser.get(NEW).text).forms[ADDING]
    credential = device.make(desk.browser.get(f"{ADDING}/options").json())
    return desk.browser.post(ADDING, data={**form, "name": name, "credential": credential})


def options(browser: TestClient) -> dict[str, str]:
    """What the sign-in page's script asks a passkey for."""
    browser.get(SIGN_IN)
    asked: dict[str, str] = browser.get(f"{SIGN_IN}/passkey").json()
    return asked


def show(browser: TestClient, credential: str) -> httpx.Response:
    form = Forms(browser.get(SIGN_IN).text).forms[f"{SIGN_IN}/passkey"]
    return browser.post(f"{SIGN_IN}/passkey", data={**form, "credential": credential})


def sign_in(browser: TestClient, device: Authenticator) -> httpx.Response:
    return show(browser, device.show(options(browser)))


def must_be_refused(answer: httpx.Response, browser: TestClient, why: str = "be checked") -> None:
    assert answer.status_code == 422, answer.text
    assert why in answer.text
    assert browser.get("/desk/letters").status_code == 303


def test_a_passkey_signs_in_after_it_was_added(here: World) -> None:
    device = added(here.desk(), "Laptop at work")
    browser = here.browser()
    answer = sign_in(browser, device)
    assert (answer.status_code, answer.headers["location"]) == (303, UNNAMED)
    assert "Free the press of Ardal" in browser.get("/desk/letters").text
    page = browser.get(ACCOUNT).text
    assert "<bdi>Laptop at work</bdi>" in page
    assert "last used" in page
    assert here.trail("signed in")[-1].facts == {"way": "passkey"}
    (mail,) = [m for m in here.mails_to(OLGA) if "was changed" in m["subject"]]
    assert "A passkey called “Laptop at work” was added." in text_of(mail)


def test_one_that_counts_nothing_does_too(here: World) -> None:
    """Passkeys kept in a cloud have no counter: it stays at zero."""
    device = added(here.desk(), device=Authenticator(SITE, counts=False))
    for _time in range(2):
        assert sign_in(here.browser(), device).status_code == 303


def test_once_removed_it_does_not(here: World) -> None:
    desk = here.desk()
    kept, lost = added(desk, "Kept"), added(desk, "Lost")
    page = desk.browser.get(ACCOUNT).text
    (removal,) = [
        address
        for address, entry in zip(Forms(page).forms, page.split("<form")[1:], strict=True)
        if 'aria-label="Remove the passkey Lost"' in entry
    ]
    assert desk.post(removal, page).headers["location"] == f"{ACCOUNT}?done=passkey-removed"
    browser = here.browser()
    must_be_refused(sign_in(browser, lost), browser, "it was removed")
    assert sign_in(browser, kept).status_code == 303
    assert "“Lost” was removed" in text_of(here.mails_to(OLGA)[-1])
    assert desk.post(removal, page).status_code == 404


def test_another_organisers_is_out_of_reach(here: World) -> None:
    here.share(OTTO)
    added(here.desk())
    olgas = [a for a in Forms(here.desk().browser.get(ACCOUNT).text).forms if "/removal" in a]
    otto = here.desk(OTTO)
    page = otto.browser.get(ACCOUNT).text
    assert "You have none yet." in page
    assert [otto.post(address, page).status_code for address in olgas] == [404]
    assert sorted(e.action for e in here.trail("passkey removed")) == []


def test_a_challenge_is_answered_once(here: World) -> None:
    device = added(here.desk(), device=Authenticator(SITE, counts=False))
    browser = here.browser()
    asked = options(browser)
    cookies = dict(browser.cookies)
    assert show(browser, device.show(asked)).status_code == 303
    again = here.browser(cookies=cookies)
    must_be_refused(show(again, device.show(asked)), again)


def test_a_challenge_is_answered_in_the_browser_that_got_it(here: World) -> None:
    device = added(here.desk())
    victim, thief = here.browser(), here.browser()
    victim.get(SIGN_IN)
    must_be_refused(show(thief, device.show(options(victim))), thief)
    nobody = here.browser()
    assert nobody.get(f"{SIGN_IN}/passkey").status_code == 403
    assert nobody.post(f"{SIGN_IN}/passkey", data={"credential": "{}"}).status_code == 403


def test_a_challenge_is_answered_soon_and_for_what_it_was_made(here: World) -> None:
    desk = here.desk()
    device = added(desk)
    browser = here.browser()
    asked = options(browser)
    with later(minutes=5, seconds=1):
        must_be_refused(show(browser, device.show(asked)), browser, "took too long")
    of_step_up = desk.browser.get("/desk/step-up/passkey").json()
    must_be_refused(show(browser, device.show(of_step_up)), browser)
    of_adding = desk.browser.get(f"{ADDING}/options").json()["challenge"]
    stepping_up = desk.post(
        "/desk/step-up/passkey",
        desk.browser.get("/desk/step-up").text,
        credential=device.show({"rpId": "localhost", "challenge": of_adding}),
    )
    assert stepping_up.status_code == 422
    made_up = {**options(browser), "challenge": "AAAA"}
    must_be_refused(show(browser, device.show(made_up)), browser)


def test_another_site_gets_nothing_that_works_here(here: World) -> None:
    device = added(here.desk())
    for origin in ("https://localhost:8000", "http://localhost", "http://localhost.evil.example"):
        device.origin = origin
        browser = here.browser()
        must_be_refused(sign_in(browser, device), browser)
    device.origin = SITE
    browser = here.browser()
    elsewhere = {**options(browser), "rpId": "evil.example"}
    must_be_refused(show(browser, device.show(elsewhere)), browser)
    assert sign_in(here.browser(), device).status_code == 303


def test_a_copy_whose_counter_lags_is_refused(here: World) -> None:
    device = added(here.desk())
    clone = device.copy()
    assert sign_in(here.browser(), device).status_code == 303
    browser = here.browser()
    must_be_refused(sign_in(browser, clone), browser)


def test_the_user_has_to_be_verified(here: World) -> None:
    desk = here.desk()
    refused = add(desk, Authenticator(SITE, verifies=False))
    assert refused.status_code == 422
    device = added(desk)
    device.verifies = False
    browser = here.browser()
    must_be_refused(sign_in(browser, device), browser)


def test_a_forged_or_damaged_answer_is_refused(here: World) -> None:
    device, stranger = added(here.desk()), Authenticator(SITE)
    browser = here.browser()
    stranger.id = device.id
    must_be_refused(sign_in(browser, stranger), browser)
    other_user = device.show(options(browser), userHandle=b"0" * 16)
    must_be_refused(show(browser, other_user), browser)
    good = json.loads(device.show(options(browser)))
    client = {"challenge": 1, "origin": [], "type": {}}
    for damaged in (
        "",
        "[" * 5_000,
        "null",
        '"ä"',
        json.dumps({**good, "id": 7}),
        json.dumps({**good, "rawId": "?"}),
        json.dumps({**good, "response": {**good["response"], "clientDataJSON": "e30"}}),
        json.dumps({**good, "response": {**good["response"], "signature": "AA"}}),
        json.dumps({**good, "response": {**good["response"], "authenticatorData": "AA"}}),
        device.show(options(browser), clientDataJSON=json.dumps(client).encode()),
        device.show(options(browser), clientDataJSON=b"[" * 2_000),
        device.show(options(browser), clientDataJSON=b"\xff\xfe"),
    ):
        must_be_refused(show(browser, damaged), browser)


def test_adding_one_needs_a_name_and_an_answer_to_this_session(here: World) -> None:
    here.share(OTTO)
    desk, otto = here.desk(), here.desk(OTTO)
    unnamed = add(desk, Authenticator(SITE), name=" ")
    assert unnamed.status_code == 422
    assert 'id="name-error"' in unnamed.text
    asked = otto.browser.get(f"{ADDING}/options").json()
    form = Forms(desk.browser.get(NEW).text).forms[ADDING]
    device = Authenticator(SITE)
    for credential in (device.make(asked), "", "{}", device.make({**asked, "challenge": ""})):
        answer = desk.browser.post(ADDING, data={**form, "name": "K", "credential": credential})
        assert answer.status_code == 422
        assert "could not be checked" in answer.text
        assert 'value="K"' in answer.text
    assert "You have none yet." in desk.browser.get(ACCOUNT).text


def test_one_is_not_added_twice(here: World) -> None:
    here.share(OTTO)
    desk = here.desk()
    device = added(desk)
    assert add(desk, device).status_code == 409
    assert add(here.desk(OTTO), device).status_code == 409
    asked = desk.browser.get(f"{ADDING}/options").json()
    assert [one["id"] for one in asked["excludeCredentials"]] == [
        json.loads(device.show({"rpId": "localhost", "challenge": ""}))["id"]
    ]


def test_there_are_twenty_at_most(here: World) -> None:
    desk = here.desk()
    for number in range(20):
        added(desk, f"Key {number}")
    refused = add(desk, Authenticator(SITE))
    assert refused.status_code == 422
    assert "as many passkeys as can be" in refused.text


def test_adding_and_removing_need_a_fresh_session(here: World) -> None:
    desk = here.desk()
    added(desk)
    page = desk.browser.get(ACCOUNT).text
    form = Forms(desk.browser.get(NEW).text).forms[ADDING]
    (removal,) = [address for address in Forms(page).forms if "/removal" in address]
    with later(minutes=11):
        for asked in (desk.browser.get(NEW), desk.browser.get(f"{ADDING}/options")):
            assert asked.headers["location"] == f"/desk/step-up?next={NEW}"
        assert desk.browser.post(ADDING, data=form).headers["location"].endswith(NEW)
        answer = desk.post(removal, page)
        assert answer.headers["location"] == f"/desk/step-up?next={ACCOUNT}"


def test_a_passkey_steps_up_its_own_organiser(here: World) -> None:
    here.share(OTTO)
    desk = here.desk()
    device, ottos = added(desk), added(here.desk(OTTO))
    with later(minutes=11):
        step_up = desk.browser.get(NEW).headers["location"]
        form = Forms(desk.browser.get(step_up).text).forms["/desk/step-up/passkey"]
        asking = "/desk/step-up/passkey"
        for wrong, why in ((ottos, "somebody else&#39;s"), (Authenticator(SITE), "not known here")):
            credential = wrong.show(desk.browser.get(asking).json())
            refused = desk.browser.post(asking, data={**form, "credential": credential})
            assert refused.status_code == 422
            assert why in refused.text
            assert desk.browser.get(NEW).status_code == 303
        asked = desk.browser.get(asking).json()
        assert len(asked["allowCredentials"]) == 1
        back = desk.browser.post(asking, data={**form, "credential": device.show(asked)})
        assert (back.status_code, back.headers["location"]) == (303, NEW)
        assert desk.browser.get(NEW).status_code == 200


def test_at_an_ip_address_the_pages_say_that_there_are_none(world: World) -> None:
    desk = world.desk()
    for page in (ACCOUNT, NEW):
        assert "This one is at a bare IP address" in desk.browser.get(page).text
    assert "passkey" not in world.client.get(SIGN_IN).text
    for asked in (desk.browser.get(f"{ADDING}/options"), world.client.get(f"{SIGN_IN}/passkey")):
        assert asked.status_code == 409
