"""Pages opened from mails speak what the mail spoke, whatever the browser asks for."""

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from app import i18n
from app.mailing.suppressions import Suppression
from app.organiser import organisers
from tests.journeys.test_disputes import line
from tests.world import AURORA, BOREAS, DARIA, OLGA, Forms, World, later, submit, text_of

CHAIR = "chair@aurora.example"


def spoken(page: httpx.Response | str) -> str:
    text = page if isinstance(page, str) else page.text
    found = re.search(r'<html lang="([\w-]+)"', text)
    assert found
    return found[1]


def reader(world: World, language: str) -> TestClient:
    return world.browser(headers={"accept-language": language})


def sign_in_arabic(world: World) -> str:
    """Signs with a browser that speaks Arabic; answers the mailed link."""
    answer = submit(reader(world, "ar"), world.path, f"{world.path}/endorsements#sign", **AURORA)
    assert answer.status_code == 303
    return world.link(AURORA["email"])


def press(browser: TestClient, page: str, ending: str, **fields: str) -> httpx.Response:
    """Presses the button of the page's form whose address has that path."""
    forms = Forms(browser.get(page).text).forms
    path = next(one for one in forms if one.split("?")[0].split("#")[0].endswith(ending))
    return browser.post(path, data={**forms[path], **fields})


def test_what_a_signer_opens_speaks_as_the_mail_did(world: World) -> None:
    link = sign_in_arabic(world)
    french = reader(world, "fr")
    assert spoken(french.get(link)) == "ar"
    assert spoken(french.post(link)) == "ar"
    assert spoken(french.get(link)) == "ar"
    manage = world.link(AURORA["email"], "/manage/")
    for page in (manage, f"{manage}/receipt"):
        assert spoken(french.get(page)) == "ar"
    refused = press(french, manage, "/correction", name="")
    assert refused.status_code == 422
    assert spoken(refused) == "ar"
    answer = press(french, manage, "/withdrawal")
    assert answer.headers["location"] == manage
    assert spoken(french.get(manage)) == "ar"
    assert spoken(french.get(link)) == "ar"


def test_a_refusal_and_what_is_too_old_speak_so_too(world: World) -> None:
    link = sign_in_arabic(world)
    with later(days=8):
        page = reader(world, "fr").get(link)
        assert (page.status_code, spoken(page)) == (410, "ar")
    assert spoken(press(reader(world, "fr"), link, "/refusal")) == "ar"
    assert spoken(reader(world, "fr").get(link)) == "ar"


def test_an_unknown_link_is_nobodys_and_speaks_as_the_browser_does(world: World) -> None:
    for path in ("confirm", "manage", "reported", "invitations", "dispute", "unsubscribe"):
        page = reader(world, "es").get(f"/{path}/nonsense")
        assert (page.status_code, spoken(page)) == (404, "es")


def test_who_asks_for_another_language_keeps_it_from_page_to_page(world: World) -> None:
    link = sign_in_arabic(world)
    french = reader(world, "fr")
    before = world.rows()
    assert spoken(french.get(f"{link}?lang=az")) == "az"
    assert world.rows() == before
    assert spoken(press(french, f"{link}?lang=az", link)) == "az"
    manage = world.link(AURORA["email"], "/manage/")
    receipt = re.search(r'href="([^"]*/receipt[^"]*)"', french.get(f"{manage}?lang=az").text)
    assert receipt
    assert spoken(french.get(receipt[1])) == "az"
    answer = press(french, f"{manage}?lang=az", "/confidentiality")
    assert answer.headers["location"] == f"{manage}?lang=az"
    # A form's address, opened anew, leads back to the page in the same language.
    again = french.get(f"{manage}/correction?lang=az")
    assert again.headers["location"] == f"{manage}?lang=az"
    # The mail's own language is as it was.
    assert spoken(french.get(manage)) == "ar"


def test_a_dispute_speaks_as_the_page_did_and_names_the_letter_as_it_was_read(
    world: World,
) -> None:
    world.translation()
    world.approved(AURORA)
    path = line(world)
    asked = reader(world, "ru").post(f"{path}?lang=pt", data={"email": CHAIR})
    assert asked.status_code == 303
    link = world.link(CHAIR, "/dispute/")
    page = reader(world, "es").get(link)
    assert spoken(page) == "ru"
    (mail,) = world.mails_to(CHAIR)
    for text in (text_of(mail), page.text):
        assert "Libertem a imprensa de Ardal" in text
    assert spoken(press(reader(world, "es"), link, "/refusal")) == "ru"
    assert spoken(reader(world, "es").get(link)) == "ru"


def test_an_invitation_speaks_the_invitees_language(world: World) -> None:
    world.invite(f"{AURORA['organisation']}; {AURORA['email']}; ; ; ru")
    link = world.link(AURORA["email"], "/invitations/")
    invited = world.invitation(AURORA["organisation"]).language
    french = reader(world, "fr")
    assert spoken(french.get(link)) == invited
    assert spoken(french.get(f"{link}?lang=es")) == "es"
    assert spoken(press(french, f"{link}?lang=es", "/promise", until="")) == "es"
    answer = press(french, f"{link}?lang=es", "/refusal")
    assert answer.headers["location"] == f"{link}?lang=es"


def test_a_mail_programs_button_stops_invitations(world: World) -> None:
    world.invite(f"{AURORA['organisation']}; {AURORA['email']}")
    (mail,) = world.mails_to(AURORA["email"])
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = str(mail["List-Unsubscribe"]).strip().strip("<>")
    path = address.removeprefix(world.settings.base_url.rstrip("/"))
    assert path.endswith("/refusal")
    # Opened, it changes nothing.
    before = world.rows()
    assert world.client.get(path).status_code == 303
    assert world.rows() == before
    answer = world.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with world.database.read() as db:
        (refused,) = db.scalars(select(Suppression))
        assert refused.mailbox == world.invitation(AURORA["organisation"]).mailbox


@pytest.mark.parametrize("language", i18n.languages())
def test_each_page_a_signer_meets_is_in_each_language(world: World, language: str) -> None:
    world.sign(BOREAS)
    link = world.link(BOREAS["email"])
    for state in ("fresh", "confirmed"):
        page = world.client.get(f"{link}?lang={language}")
        assert page.status_code == 200, state
        assert spoken(page) == language
        world.client.post(link)
    manage = world.link(BOREAS["email"], "/manage/")
    assert spoken(world.client.get(f"{manage}?lang={language}")) == language


def test_a_confirmation_link_keeps_its_word_in_every_state(world: World) -> None:
    """Each state says what it is, and where to go on."""
    desk = world.desk()
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    letter = f'href="{world.path}"'
    assert "One step left" in world.client.get(link).text
    desk.move(world.slug, "pause")
    paused = world.client.get(link)
    assert (paused.status_code, letter in paused.text) == (409, True)
    desk.move(world.slug, "opening")
    with later(seconds=timedelta(days=8).total_seconds()):
        expired = world.client.get(link)
        assert (expired.status_code, letter in expired.text) == (410, True)
    assert "Your signature is confirmed" in world.client.post(link).text
    again = world.client.get(link)
    assert "Your signature is confirmed" in again.text
    assert AURORA["organisation"] not in again.text
    world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")
    assert "Your signature is withdrawn" in world.client.get(link).text
    world.sign(DARIA)
    link = world.link(DARIA["email"])
    world.client.post(f"{link}/refusal")
    assert "The request has ended" in world.client.get(link).text
    unknown = world.client.get("/confirm/nonsense")
    assert unknown.status_code == 404
    assert 'href="/"' in unknown.text


def test_a_sign_in_link_speaks_the_organisers_language(world: World) -> None:
    world.desk()
    with world.database.write() as db:
        olga = organisers.by_email(db, OLGA)
        assert olga
        organisers.choose_language(db, olga, "es")
    browser = reader(world, "fr")
    csrf = Forms(browser.get("/desk/sign-in").text).forms["/desk/sign-in"]
    browser.post("/desk/sign-in", data={**csrf, "email": OLGA})
    link = world.link(OLGA, "/desk/sign-in/")
    assert spoken(browser.get(link)) == "es"
    assert spoken(browser.get(f"{link}?lang=ru")) == "ru"
