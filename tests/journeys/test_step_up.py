"""What would harm most in other hands asks an organiser to show once more who they are."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from app.web.desk.access import own_path
from tests.world import AURORA, OLGA, Desk, Forms, World, later, submit

STEP_UP = "/desk/step-up"
LETTERS = "/desk/letters"


@pytest.fixture
def export(world: World) -> str:
    """The address of something that a fresh session alone may do."""
    return f"{LETTERS}/{world.slug}/export"


def take_out(desk: Desk, export: str) -> httpx.Response:
    """Presses the button of an export's page that was open."""
    page = desk.browser.get(LETTERS).text
    return desk.post(export, page, format="csv", status="approved")


def must_lead_to_step_up(answer: httpx.Response, then: str) -> None:
    assert answer.status_code == 303
    way = urlsplit(answer.headers["location"])
    assert (way.path, parse_qs(way.query)) == (STEP_UP, {"next": [then]})


def ask_for_link(world: World, desk: Desk, then: str = LETTERS) -> str:
    """The link mailed for a step-up."""
    asked = submit(desk.browser, f"{STEP_UP}?next={then}", f"{STEP_UP}/link")
    assert f"is on its way to {OLGA}" in asked.text
    return world.link(OLGA, f"{STEP_UP}/link/")


def test_for_ten_minutes_after_signing_in_nothing_is_asked(world: World, export: str) -> None:
    desk = world.desk()
    with later(minutes=9, seconds=50):
        assert take_out(desk, export).status_code == 200
        assert desk.browser.get(export).status_code == 200


def test_then_a_mailed_link_brings_one_back(world: World, export: str) -> None:
    desk = world.desk()
    with later(minutes=11):
        must_lead_to_step_up(take_out(desk, export), export)
        refused = desk.browser.get(export)
        must_lead_to_step_up(refused, export)
        assert world.trail("exported") == []
        page = desk.browser.get(refused.headers["location"]).text
        assert "It then counts for ten minutes" in page
        link = ask_for_link(world, desk, export)
        for _scan in range(2):
            assert "One press of the button" in desk.browser.get(link).text
            must_lead_to_step_up(desk.browser.get(export), export)
        form = Forms(desk.browser.get(link).text).forms[link]
        back = desk.browser.post(link, data=form)
        assert (back.status_code, back.headers["location"]) == (303, export)
        assert take_out(desk, export).status_code == 200
        again = desk.browser.post(link, data=form)
        assert again.status_code == 410
        assert "was used already" in again.text
    with later(minutes=22):
        must_lead_to_step_up(desk.browser.get(export), export)


def test_a_token_that_could_do_the_same_needs_it_too(world: World) -> None:
    desk = world.desk()
    page = desk.browser.get("/desk/tokens").text
    with later(minutes=11):
        must_lead_to_step_up(desk.post("/desk/tokens", page, name="Script"), "/desk/tokens")
    assert world.rows()["api_token"] == []


def test_the_link_is_good_for_ten_minutes_in_the_session_that_asked(
    world: World, export: str
) -> None:
    desk, other = world.desk(), world.desk()
    with later(minutes=11):
        link = ask_for_link(world, desk)
        assert other.browser.get(link).status_code == 403
        assert other.post(link, other.browser.get(LETTERS).text).status_code == 403
        must_lead_to_step_up(other.browser.get(export), export)
        form = Forms(desk.browser.get(link).text).forms[link]
    with later(minutes=22):
        for answer in (desk.browser.get(link), desk.browser.post(link, data=form)):
            assert answer.status_code == 410
            assert "too old" in answer.text


def test_a_sign_in_link_is_no_step_up_and_the_other_way_round(world: World) -> None:
    desk = world.desk()
    link = ask_for_link(world, desk)
    token = link.rpartition("/")[2]
    assert desk.browser.get(f"/desk/sign-in/{token}").status_code == 404
    submit(world.client, "/desk/sign-in", "/desk/sign-in", email=OLGA)
    signing_in = world.link(OLGA, "/desk/sign-in/").rpartition("/")[2]
    assert desk.browser.get(f"{STEP_UP}/link/{signing_in}").status_code == 404


def test_links_are_not_mailed_without_end(world: World) -> None:
    desk = world.desk()
    for _link in range(20):
        submit(desk.browser, STEP_UP, f"{STEP_UP}/link")
    sent = len(world.mails_to(OLGA))
    refused = submit(desk.browser, STEP_UP, f"{STEP_UP}/link")
    assert refused.status_code == 422
    assert "Too many links were mailed to you" in refused.text
    assert len(world.mails_to(OLGA)) == sent


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/letters/free-the-press",
        "/desk//evil.example",
        "/desk/../..//evil.example",
        "/desk@evil.example",
        "/desk/letters\r\nSet-Cookie: a=b",
        "/desk/letters\n",
        "javascript:alert(1)",
        "/desk/" + "x" * 500,
        "",
    ],
)
def test_it_leads_back_to_pages_of_the_desk_alone(world: World, asked: str) -> None:
    desk = world.desk()
    page = desk.browser.get(STEP_UP, params={"next": asked}).text
    shown = re.findall(r'name="next" value="([^"]*)"', page)
    assert shown
    assert all(own_path(then) == then for then in shown)
    assert "evil" not in "".join(shown)
    desk.post(f"{STEP_UP}/link", page, next=asked)
    link = world.link(OLGA, f"{STEP_UP}/link/")
    assert submit(desk.browser, link, link).headers["location"] == LETTERS


def test_a_page_of_the_desk_is_led_back_to_as_it_was() -> None:
    for page in (
        "/desk",
        "/desk/letters/a-b/endorsements?status=verified&q=a%20b",
        "/desk/account",
    ):
        assert own_path(page) == page


def test_a_webhook_asks_once_more_who_one_is(world: World) -> None:
    desk = world.desk()
    path = f"/desk/letters/{world.slug}/webhooks"
    page = desk.browser.get(path).text
    fields = {"url": "https://system.example/", "events": "endorsement.approved"}
    with later(minutes=11):
        must_lead_to_step_up(desk.post(path, page, **fields), path)
        assert world.trail("webhook created") == []


def test_an_address_is_shown_to_a_fresh_session(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    (one,) = desk.ids(world.slug)
    path = f"{LETTERS}/{world.slug}/endorsements/{one}/address"
    with later(minutes=11):
        page = desk.browser.get(path).text
        must_lead_to_step_up(desk.post(path, page), path)
        assert world.trail("address revealed") == []
        back = _step_up(world, desk, path)
        assert back == path
        assert AURORA["email"] in submit(desk.browser, back, path).text
    assert len(world.trail("address revealed")) == 1


def test_a_message_is_sent_by_a_fresh_session_and_what_was_written_stays(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    base = f"{LETTERS}/{world.slug}/messages"
    words = {"subject": "We have news", "body": "The station is on air again.", "to": "all"}
    with later(minutes=11):
        # Writing asks nothing: it reaches nobody yet.
        draft = submit(desk.browser, f"{base}/new", base, **words).headers["location"]
        must_lead_to_step_up(submit(desk.browser, draft, f"{draft}/sending"), draft)
        assert world.trail("message sending") == []
        back = _step_up(world, desk, draft)
        shown = desk.browser.get(back).text
        assert words["body"] in shown
        assert submit(desk.browser, back, f"{draft}/sending").headers["location"] == draft
        assert len(world.trail("message sending")) == 1


def _step_up(world: World, desk: Desk, then: str) -> str:
    """Shows by a mailed link who it is; where that leads."""
    link = ask_for_link(world, desk, then)
    return str(submit(desk.browser, link, link).headers["location"])
