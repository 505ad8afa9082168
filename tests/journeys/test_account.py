"""An organiser's own account: their name, and the sessions they are signed in with."""

import re

from starlette.testclient import TestClient

from app.organiser import organisers, sessions
from tests.world import OLGA, OTTO, Desk, World, later, submit

ACCOUNT = "/desk/account"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def entries(desk: Desk) -> list[str]:
    """The lines of the list of sessions, as text."""
    listed = desk.browser.get(ACCOUNT).text.partition('id="sessions"')[2]
    found = re.findall(r"<li>(.+?)</li>", listed, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", entry).split()) for entry in found]


def ending(page: str, number: int = 0) -> str:
    return re.findall(rf"{ACCOUNT}/sessions/[0-9a-f]+/ending", page)[number]


def is_signed_in(browser: TestClient) -> bool:
    return browser.get("/desk/letters").status_code == 200


def test_an_organiser_says_what_they_are_called(world: World) -> None:
    desk = world.desk()
    page = desk.browser.get(ACCOUNT).text
    assert f"You sign in as {OLGA}." in page
    assert desk.post(f"{ACCOUNT}/name", page, name=" Olga  Åkesson ").status_code == 303
    page = desk.browser.get(f"{ACCOUNT}?done=name").text
    assert 'value="Olga Åkesson"' in page
    assert "Your name is saved." in page
    assert ">Olga Åkesson</a>" in desk.browser.get("/desk/letters").text
    assert len(world.trail("organiser renamed")) == 1
    refused = desk.post(f"{ACCOUNT}/name", page, name="www.olga.example")
    assert refused.status_code == 422
    assert 'value="www.olga.example"' in refused.text
    assert "Leave out web" in refused.text
    desk.post(f"{ACCOUNT}/name", page, name="")
    assert f">{OLGA}</a>" in desk.browser.get("/desk/letters").text


def test_the_desk_speaks_the_language_of_the_first_browser_until_another_is_chosen(
    world: World,
) -> None:
    with world.database.write() as db:
        organisers.add(db, OTTO)
    french = world.browser(headers={"accept-language": "fr-CH, fr;q=0.9, en;q=0.5"})
    submit(french, "/desk/sign-in", "/desk/sign-in", email=OTTO)
    link = world.link(OTTO, "/desk/sign-in/")
    assert submit(french, link, link).status_code == 303
    assert '<html lang="fr"' in french.get(ACCOUNT).text
    desk = Desk(french)
    # Also the sentence of a refusal, with the page around it.
    assert '<html lang="fr"' in french.get("/desk/letters/none").text
    desk.post(f"{ACCOUNT}/language", french.get(ACCOUNT).text, language="ar")
    assert '<html lang="ar" dir="rtl">' in french.get("/desk/letters").text
    refused = desk.post(f"{ACCOUNT}/language", french.get(ACCOUNT).text, language="tlh")
    assert refused.status_code == 422
    # The next browser speaks another one: the desk keeps to what was chosen.
    other = world.browser()
    submit(other, "/desk/sign-in", "/desk/sign-in", email=OTTO)
    link = world.link(OTTO, "/desk/sign-in/")
    submit(other, link, link)
    assert '<html lang="ar" dir="rtl">' in other.get(ACCOUNT).text


def test_sessions_are_listed_and_this_one_is_marked(world: World) -> None:
    world.desk()  # another one, as the fixture's
    desk = world.desk()
    listed = entries(desk)
    assert len(listed) == 3
    assert ["This one" in line for line in listed] == [True, False, False]
    assert all("Unknown browser" in line and "since" in line for line in listed)


def test_a_session_is_called_by_its_browser(world: World) -> None:
    browser = world.browser(headers={"user-agent": FIREFOX})
    submit(browser, "/desk/sign-in", "/desk/sign-in", email=OLGA)
    link = world.link(OLGA, "/desk/sign-in/")
    assert submit(browser, link, link).status_code == 303
    assert entries(Desk(browser))[0].startswith("Firefox, Linux This one")
    assert "Gecko" not in repr(world.rows()["desk_session"])


def test_one_is_ended_from_another(world: World) -> None:
    lost, desk = world.desk(), world.desk()
    page = desk.browser.get(ACCOUNT).text
    # The newest first: this one has no button, the lost one has the first.
    answer = desk.post(ending(page), page)
    assert answer.headers["location"] == f"{ACCOUNT}?done=session"
    assert not is_signed_in(lost.browser)
    assert is_signed_in(desk.browser)
    assert desk.post(ending(page), page).status_code == 404
    assert len(entries(desk)) == 2


def test_all_others_are_ended_at_once(world: World) -> None:
    world.share(OTTO)
    others, otto, desk = [world.desk() for _n in range(3)], world.desk(OTTO), world.desk()
    page = desk.browser.get(ACCOUNT).text
    assert desk.post(f"{ACCOUNT}/other-sessions/ending", page).status_code == 303
    assert not any(is_signed_in(other.browser) for other in others)
    assert is_signed_in(desk.browser)
    assert is_signed_in(otto.browser)
    assert len(entries(desk)) == 1
    assert "End all others" not in desk.browser.get(ACCOUNT).text


def test_somebody_elses_session_is_out_of_reach(world: World) -> None:
    world.share(OTTO)
    world.desk()
    otto, page = world.desk(OTTO), world.desk().browser.get(ACCOUNT).text
    assert otto.post(ending(page), otto.browser.get(ACCOUNT).text).status_code == 404
    assert len(entries(world.desk())) == 4


def test_ended_for_somebody_they_are_out_at_once(world: World) -> None:
    """As for a colleague who is removed."""
    world.share(OTTO)
    otto, olga = world.desk(OTTO), world.desk()
    with world.database.write() as db:
        organiser = organisers.by_email(db, OTTO)
        assert organiser
        assert sessions.end_all(db, organiser.id) == 2
    assert not is_signed_in(otto.browser)
    assert is_signed_in(olga.browser)


def test_the_last_action_is_written_once_an_hour_at_most(world: World) -> None:
    desk = world.desk()

    def writes() -> int:
        page = desk.browser.get(ACCOUNT).text
        with world.statements() as heard:
            desk.post(f"{ACCOUNT}/name", page, name="Olga")
        return sum("UPDATE desk_session" in statement for statement in heard)

    assert writes() == 0
    assert "last action" not in entries(desk)[0]
    with later(minutes=61):
        assert (writes(), writes()) == (1, 0)
        assert "last action about" in entries(desk)[0]
    with later(minutes=130):
        assert (writes(), writes()) == (1, 0)


def test_the_secret_of_a_session_stands_on_no_page(world: World) -> None:
    desk = world.desk()
    page = desk.browser.get(ACCOUNT).text
    secret = desk.browser.cookies["undersigned-desk"]
    assert secret not in page
    with world.database.read() as db:
        session = sessions.live(db, secret)
        assert session
        assert session.digest not in page


def test_sessions_are_forgotten_a_month_after_their_end(world: World) -> None:
    with later(days=30):
        world.worker.keep_house()
        assert len(world.rows()["desk_session"]) == 1
        later_one = world.desk()
    with later(days=31):
        world.worker.due = [0.0 for _chore in world.worker.chores]
        world.worker.keep_house()
        assert len(world.rows()["desk_session"]) == 1
        assert is_signed_in(later_one.browser) is False
