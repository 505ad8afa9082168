"""The interface speaks the language in the address, else the browser's; mails speak what the page
spoke on which somebody signed."""

import re

import pytest
from sqlalchemy import select

from app import i18n
from app.endorsement.endorsements import Endorsement
from tests.world import AURORA, Forms, World, submit, text_of

# How each catalogue says "Sign this letter", and what its pages are written in.
SIGN = {
    "en": "Sign this letter",
    "fr": "Signer cette lettre",
    "es": "Firmar esta carta",
    "ru": "Подписать письмо",
    "ar": "التوقيع على هذه الرسالة",
    "az": "Bu məktubu imzala",
}


def heading(page: str) -> str:
    found = re.search(r'<h2[^>]*id="sign-heading"[^>]*>(.*?)</h2>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


@pytest.mark.parametrize("language", i18n.languages())
def test_a_letter_is_surrounded_by_the_language_in_its_address(world: World, language: str) -> None:
    page = world.client.get(f"{world.path}?lang={language}").text
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert heading(page) == SIGN[language]
    # The text stays in its own.
    assert 'lang="en" dir="ltr">Free the press of Ardal' in page
    for other in i18n.languages():
        assert f'href="?lang={other}" lang="{other}"' in page


def test_without_one_the_browsers_language_counts(world: World) -> None:
    for asked, spoken in (("az, ru;q=0.8", "az"), ("pt, es;q=0.5", "es"), ("tlh", "en")):
        page = world.browser(headers={"accept-language": asked}).get(world.path).text
        assert heading(page) == SIGN[spoken]


def test_two_readers_of_one_page_get_each_their_own(world: World) -> None:
    """The shelf keeps a page for each language, and tells caches so."""
    for _twice in range(2):
        for language in ("fr", "ar"):
            reader = world.browser(headers={"accept-language": language})
            answer = reader.get(world.path)
            assert heading(answer.text) == SIGN[language]
            assert "accept-language" in answer.headers["vary"]


def test_what_is_wrong_is_said_in_the_readers_language(world: World) -> None:
    reader = world.browser(headers={"accept-language": "fr"})
    page = f"{world.path}?lang=fr"
    refused = submit(reader, page, f"{world.path}/endorsements?lang=fr#sign", kind="organisation")
    assert refused.status_code == 422
    assert '<html lang="fr"' in refused.text
    assert "Please give" not in refused.text


@pytest.mark.parametrize("tag", ["fr-CA", "FR", "fr_BE"])
def test_a_region_is_spoken_to_in_its_language(world: World, tag: str) -> None:
    page = f"{world.path}?lang={tag}"
    assert heading(world.client.get(page).text) == SIGN["fr"]


def test_what_was_agreed_to_is_what_was_read(world: World) -> None:
    """Also where the way on is in another language than the page."""
    world.invite(f"{AURORA['organisation']}; {AURORA['email']}")
    link = world.link(AURORA["email"], "/invitations/")
    for page, action in (
        (f"{link}?lang=fr", f"{link}/endorsement#answer"),
        (f"{world.path}?lang=fr-CA", f"{world.path}/endorsements#sign"),
    ):
        path = next(
            one
            for one in Forms(world.client.get(page).text).forms
            if one.split("?")[0].split("#")[0] == action.split("#")[0]
        )
        assert submit(world.client, page, path, **AURORA).status_code == 303
        with world.database.read() as db:
            signed = db.scalars(select(Endorsement)).one()
        assert signed.spoken == "fr"
        assert "En signant" in signed.consent


def test_a_refused_form_can_be_had_in_another_language(world: World) -> None:
    answer = world.client.get(f"{world.path}/endorsements?lang=fr")
    assert answer.headers["location"] == f"{world.path}?lang=fr#sign"


@pytest.mark.parametrize("language", i18n.languages()[1:])
def test_mails_speak_what_the_page_spoke(world: World, language: str) -> None:
    reader = world.browser(headers={"accept-language": language})
    signed = submit(reader, world.path, f"{world.path}/endorsements#sign", **AURORA)
    assert signed.status_code == 303
    (asked,) = world.mails_to(AURORA["email"])
    assert "Review and confirm" not in text_of(asked)
    assert f'<html lang="{language}"' in asked.get_body(("html",)).get_content()
    link = world.link(AURORA["email"])
    submit(reader, link, link)
    world.desk().decide(world.slug, AURORA["organisation"], "approval")
    approved = world.told(AURORA["email"])[-1]
    assert f'<html lang="{language}"' in approved.get_body(("html",)).get_content()
    assert "Free the press of Ardal" in approved["subject"]
