"""Organisers sign in by a mailed link, and out again."""

import re
from functools import partial

from starlette.testclient import TestClient

from app import links
from app.organiser import organisers
from app.web.desk.sign_in import UNNAMED
from tests.world import (
    AURORA,
    OLGA,
    Forms,
    World,
    at_once,
    later,
    submit,
)

SIGN_IN = "/desk/sign-in"


def ask(world: World, browser: TestClient, email: str = OLGA) -> str:
    """Asks for a sign-in link in this browser; answers the link's path."""
    answer = submit(browser, SIGN_IN, SIGN_IN, email=email)
    assert answer.status_code == 200
    assert "If the address belongs to an organiser" in answer.text
    return world.link(email, f"{SIGN_IN}/")


def is_signed_in(browser: TestClient) -> bool:
    answer = browser.get("/desk/letters")
    if answer.status_code == 303:
        assert answer.headers["location"] == SIGN_IN
    return answer.status_code == 200


def test_opening_the_link_shows_a_button_and_the_button_signs_in(world: World) -> None:
    browser = world.browser()
    link = ask(world, browser)
    for _scan in range(3):
        for scanner in (world.browser(), browser):
            scanner.get(link)
            scanner.head(link)
    assert not is_signed_in(browser)
    page = browser.get(link)
    assert "One press of the button signs you in on this browser." in page.text
    answer = submit(browser, link, link)
    assert (answer.status_code, answer.headers["location"]) == (303, UNNAMED)
    assert is_signed_in(browser)
    assert "Free the press of Ardal" in browser.get("/desk/letters").text


def test_it_works_once(world: World) -> None:
    browser = world.browser()
    link = ask(world, browser)
    form = Forms(browser.get(link).text).forms[link]
    first, again = browser.post(link, data=form), browser.post(link, data=form)
    assert first.status_code == 303
    assert again.status_code in (403, 410)
    for answer in (browser.get(link), world.browser().get(link)):
        assert answer.status_code == 410
        assert "was used already" in answer.text


def test_it_works_for_ten_minutes(world: World) -> None:
    browser = world.browser()
    link = ask(world, browser)
    form = Forms(browser.get(link).text).forms[link]
    with later(minutes=10, seconds=1):
        for answer in (browser.get(link), browser.post(link, data=form)):
            assert answer.status_code == 410
            assert "too old" in answer.text
    with later(minutes=9, seconds=55):
        assert browser.post(link, data=form).status_code == 303


def test_it_works_in_the_browser_that_asked_alone(world: World) -> None:
    browser, thief = world.browser(), world.browser()
    link = ask(world, browser)
    page = thief.get(link)
    assert page.status_code == 403
    assert "asked for in another browser" in page.text
    assert link not in Forms(page.text).forms
    own = Forms(thief.get(SIGN_IN).text).forms[SIGN_IN]
    for data in ({}, own):
        assert thief.post(link, data=data).status_code == 403
    assert not is_signed_in(thief)
    assert submit(browser, link, link).status_code == 303


def test_the_command_lines_link_works_in_any_browser_for_a_day(world: World) -> None:
    with world.database.write() as db:
        organiser = organisers.by_email(db, OLGA)
        assert organiser
        secret = organisers.first_link(db, organiser)
        link = f"{SIGN_IN}/{links.token(db.keys, links.SIGN_IN, secret)}"
    with later(hours=23):
        browser = world.browser()
        assert submit(browser, link, link).status_code == 303
        assert is_signed_in(browser)


def test_two_browsers_at_once_give_one_session(world: World) -> None:
    browser = world.browser()
    link = ask(world, browser)
    form = Forms(browser.get(link).text).forms[link]
    cookies = dict(browser.cookies)
    twins = [world.browser(cookies=cookies) for _number in range(2)]
    answers = at_once(*(partial(twin.post, link, data=form) for twin in twins))
    assert sorted(answer.status_code for answer in answers) == [303, 410]


def test_an_address_that_is_none_is_named_so(world: World) -> None:
    answer = submit(world.client, SIGN_IN, SIGN_IN, email="olga at example")
    assert answer.status_code == 422
    assert 'value="olga at example"' in answer.text
    assert "The @ is missing" in answer.text


def test_the_session_is_new_and_its_cookie_guarded(world: World) -> None:
    browser = world.browser()
    browser.cookies.set("undersigned-desk", "planted-by-somebody")
    link = ask(world, browser)
    cookie = submit(browser, link, link).headers.get_list("set-cookie")[0]
    assert re.match(r"undersigned-desk=[\w-]{43};", cookie)
    for attribute in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_on_https_cookies_are_bound_to_the_host(world: World) -> None:
    world.share("olga@organisers.org")
    with world.elsewhere(base_url="https://letters.example.org") as secure:
        browser = secure.browser()
        asked = submit(browser, SIGN_IN, SIGN_IN, email="olga@organisers.org")
        link = secure.link("olga@organisers.org", f"{SIGN_IN}/")
        signed_in = submit(browser, link, link)
        assert is_signed_in(browser)
        for answer, name in ((asked, "browser"), (signed_in, "desk")):
            cookie = answer.headers.get_list("set-cookie")[0]
            assert cookie.startswith(f"__Host-undersigned-{name}=")
            assert "Secure" in cookie
        assert signed_in.headers["strict-transport-security"] == "max-age=31536000"


def test_signing_out_ends_the_session_itself(world: World) -> None:
    desk = world.desk()
    cookies = dict(desk.browser.cookies)
    page = desk.browser.get("/desk/letters").text
    out = desk.post("/desk/sign-out", page)
    assert (out.status_code, out.headers["location"]) == (303, SIGN_IN)
    assert not is_signed_in(desk.browser)
    assert not is_signed_in(world.browser(cookies=cookies))


def test_a_session_ends_after_twelve_hours(world: World) -> None:
    desk = world.desk()
    with later(hours=11, minutes=59):
        assert is_signed_in(desk.browser)
    with later(hours=12, minutes=1):
        assert not is_signed_in(desk.browser)


def test_signing_somebody_in_to_a_strange_account_needs_their_own_page(world: World) -> None:
    """Login CSRF: a thief's link, posted from the thief's page in the victim's browser."""
    victim = world.browser()
    victim.get(SIGN_IN)
    thief = world.browser()
    link = ask(world, thief)
    form = Forms(thief.get(link).text).forms[link]
    assert victim.post(link, data=form).status_code == 403
    foreign = victim.post(link, data=form, headers={"origin": "https://thief.example"})
    assert foreign.status_code == 403
    assert not is_signed_in(victim)


def test_links_and_mails_that_are_long_past_are_forgotten(world: World) -> None:
    world.approved(AURORA)
    ask(world, world.browser())
    world.told(AURORA["email"])
    before = world.rows()
    assert any("sign_in" in mail for mail in before["outbox"])
    with later(days=20):
        world.keep_house()
        assert len(world.rows()["outbox"]) == len(before["outbox"])
        assert len(world.rows()["link"]) == len(before["link"])
    with later(days=40):
        world.keep_house()
        left = world.rows()
        assert not any("sign_in" in mail for mail in left["outbox"])
        assert not any("'sign-in'" in link for link in left["link"])
        # Of the letter everything stays as long as that does; links without an end work.
        assert any("'approved'" in mail for mail in left["outbox"])
        assert world.client.get(world.link(AURORA["email"], "/manage/")).status_code == 200
