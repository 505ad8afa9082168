"""A text taken off the site: organisers corrected it because of what nobody should read."""

import re
from html import unescape

import httpx
import pytest

from app.letter import letters
from tests.world import AURORA, BOREAS, LETTER, OTTO, TRANSLATION, Desk, Forms, World, plain

SECRET = "Mira Solheim"
REASON = "It names somebody in danger."


@pytest.fixture
def corrected(world: World) -> World:
    """A letter whose second version named somebody, in title, subject and addressees too."""
    text = LETTER.replace('"Free the press', f'"Free {SECRET} and the press')
    text = text.replace('"The licence', f'"The licence of {SECRET}')
    text = text.replace("Chair of the Council", f"The judge of {SECRET}")
    world.letter(text=text.replace("Suspend the decision.", f"Release {SECRET}."))
    world.approved(AURORA)
    world.letter(text=LETTER.replace("Suspend the decision.", "Withdraw the decision."))
    return world


def page_of(world: World, number: int = 2, **query: str) -> httpx.Response:
    return world.client.get(f"{world.path}/versions/{number}", params=query)


def versions_url(world: World) -> str:
    return f"/desk/letters/{world.slug}/versions"


def asked(world: World, desk: Desk, action: str, **fields: str) -> httpx.Response:
    page = desk.browser.get(versions_url(world)).text
    return desk.post(f"{versions_url(world)}/{action}", page, **fields)


def taken_off(world: World, number: int = 2) -> Desk:
    desk = world.desk()
    assert asked(world, desk, f"{number}/withholding", reason=REASON).status_code == 303
    return desk


def revision(world: World) -> int:
    with world.database.read() as db:
        return letters.by_slug(db, world.slug).revision


def test_the_text_is_gone_from_its_page_at_once(corrected: World) -> None:
    before = page_of(corrected)
    assert before.text.count(SECRET) > 4
    sha256 = plain(before.text).partition("SHA-256 ")[2][:79]
    assert len(sha256.split()) == 16
    taken_off(corrected)
    answer = page_of(corrected)
    page = plain(answer.text)
    assert answer.status_code == 200
    assert "The organisers have taken this text off the site" in page
    assert SECRET not in answer.text
    assert "Hear the station" not in answer.text
    assert "[added:]" not in page
    assert REASON not in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "Version 2" in page
    assert sha256 not in page  # it would confirm what somebody guesses
    assert re.search(r"Published\d.+Replaced\d", page)
    assert f'href="{corrected.path}/versions/1"' in answer.text
    assert f'href="{corrected.path}/versions/3"' in answer.text
    old = {"if-none-match": before.headers["etag"]}
    assert corrected.client.get(f"{corrected.path}/versions/2", headers=old).status_code == 200


def test_no_public_byte_nor_page_of_a_signer_holds_it(corrected: World) -> None:
    corrected.sign(BOREAS)
    taken_off(corrected)
    manage = corrected.link(AURORA["email"], "/manage/")
    path = corrected.path
    for address in (
        path,
        f"{path}/versions/1",
        f"{path}/versions/3",
        f"{path}/signatories",
        f"{path}/signatories.json",
        f"{path}/signatories.csv",
        f"{path}/signatories.atom",
        "/",
        manage,
        f"{manage}/receipt",
        corrected.link(BOREAS["email"]),
    ):
        answer = corrected.client.get(address)
        assert answer.status_code == 200, address
        assert SECRET not in answer.text, address
        assert REASON not in answer.text, address
    assert f'href="{path}/versions/2"' in corrected.client.get(manage).text


def test_who_confirms_a_newer_text_is_told_only_that_it_changed(world: World) -> None:
    world.letter(text=LETTER.replace("Suspend the decision.", f"Release {SECRET}."))
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    world.letter(text=LETTER)
    assert f"[removed:] 1. Release {SECRET}." in plain(world.client.get(link).text)
    taken_off(world)
    page = world.client.get(link)
    assert SECRET not in page.text
    assert "The text has changed since you signed." in plain(page.text)
    assert "[removed:]" not in page.text
    assert "Suspend the decision." in page.text
    pressed = Forms(page.text).forms[link]
    assert "Sign the new text" in page.text
    assert world.client.post(link, data=pressed).status_code == 200
    world.deliver()
    assert world.link(AURORA["email"], "/manage/")


def test_none_of_its_languages_can_be_read(world: World) -> None:
    world.translation(TRANSLATION.replace("A licença", f"{SECRET}, a licença"))
    world.translation()
    assert SECRET in page_of(world, lang="pt").text
    taken_off(world)
    for language in ("", "en", "pt", "ar", "xx"):
        page = page_of(world, lang=language)
        assert page.status_code == 200
        assert SECRET not in page.text, language
    assert '<html lang="fr"' in page_of(world, lang="fr").text


def test_it_can_be_shown_again(corrected: World) -> None:
    before = page_of(corrected).content
    desk = taken_off(corrected)
    listed = plain(desk.browser.get(versions_url(corrected)).text)
    assert "Version 2 off the site" in listed
    assert SECRET in desk.browser.get(f"{versions_url(corrected)}/2").text
    assert asked(corrected, desk, "2/withholding/end").status_code == 303
    assert page_of(corrected).content == before
    assert "off the site" not in desk.browser.get(f"{versions_url(corrected)}/2").text


def test_the_trail_tells_who_when_and_why(corrected: World) -> None:
    desk = taken_off(corrected)
    asked(corrected, desk, "2/withholding/end")
    withheld, shown = corrected.trail("version withheld"), corrected.trail("version shown again")
    assert [(one.reason, one.facts) for one in withheld] == [(REASON, {"number": 2})]
    assert [(one.reason, one.facts) for one in shown] == [(None, {"number": 2})]
    history = plain(desk.browser.get(f"/desk/letters/{corrected.slug}/audit").text)
    assert "Took the text of version 2 off the site" in history
    assert REASON in history
    assert "Showed the text of version 2 again" in history


def test_pressed_twice_it_happens_once(corrected: World) -> None:
    desk = corrected.desk()
    page = desk.browser.get(versions_url(corrected)).text
    for action in ("2/withholding", "2/withholding/end"):
        for _press in range(2):
            url = f"{versions_url(corrected)}/{action}"
            fields = {**Forms(page).forms["/desk/sign-out"], "reason": REASON}
            assert desk.browser.post(url, data=fields).status_code == 303
            state = revision(corrected)
        assert revision(corrected) == state
    assert len(corrected.trail("version withheld")) == 1
    assert len(corrected.trail("version shown again")) == 1


def test_without_a_reason_it_stays_and_nothing_typed_is_lost(corrected: World) -> None:
    desk = corrected.desk()
    refused = asked(corrected, desk, "2/withholding", reason="  ")
    assert refused.status_code == 422
    assert '<a href="#reason-2">' in refused.text
    assert "Say why: it stands in the history." in unescape(refused.text)
    assert refused.text.count('<details class="action" open>') == 1
    long = asked(corrected, desk, "2/withholding", reason="because " * 80)
    assert long.status_code == 422
    assert "because because" in long.text
    assert SECRET in page_of(corrected).text
    assert corrected.trail("version withheld") == []


def test_the_text_shown_now_has_to_be_corrected_first(corrected: World) -> None:
    desk = corrected.desk()
    offered = Forms(desk.browser.get(versions_url(corrected)).text).forms
    assert f"{versions_url(corrected)}/1/withholding" in offered
    assert f"{versions_url(corrected)}/2/withholding" in offered
    assert f"{versions_url(corrected)}/3/withholding" not in offered
    fields = {**offered["/desk/sign-out"], "reason": REASON}
    answer = desk.browser.post(f"{versions_url(corrected)}/3/withholding", data=fields)
    assert answer.status_code == 409
    assert "Publish a corrected text first" in unescape(answer.text)
    assert "Withdraw the decision." in page_of(corrected, 3).text
    missing = desk.browser.post(f"{versions_url(corrected)}/4/withholding", data=fields)
    assert missing.status_code == 404


def test_what_was_never_public_has_nothing_to_be_taken_off(world: World) -> None:
    text = LETTER.replace("slug: free-the-press", "slug: drafted")
    world.letter(text=text.replace("the station.", "the first thoughts."), opens=False)
    world.letter(text=text, opens=False)
    desk, url = world.desk(), "/desk/letters/drafted/versions"

    def refusals() -> list[int]:
        offered = Forms(desk.browser.get(url).text).forms
        assert [action for action in offered if "withholding" in action] == []
        fields = {**offered["/desk/sign-out"], "reason": REASON}
        addresses = [f"{url}/{number}/withholding" for number in (1, 2)]
        return [desk.browser.post(address, data=fields).status_code for address in addresses]

    assert refusals() == [404, 404]
    desk.move("drafted", "opening")
    assert refusals() == [404, 409]
    assert world.trail("version withheld") == []


def test_a_letter_that_is_over_can_still_take_it_off(corrected: World) -> None:
    corrected.desk().move(corrected.slug, "closing")
    taken_off(corrected)
    assert SECRET not in page_of(corrected).text


@pytest.mark.parametrize("role", ["viewer", "reviewer"])
def test_who_may_not_write_the_letter_may_not_take_it_off(corrected: World, role: str) -> None:
    desk = corrected.share(f"{role}@organisers.example", role)
    page = desk.browser.get(versions_url(corrected)).text
    assert "withholding" not in page
    fields = {**Forms(page).forms["/desk/sign-out"], "reason": REASON}
    for action in ("2/withholding", "2/withholding/end"):
        answer = desk.browser.post(f"{versions_url(corrected)}/{action}", data=fields)
        assert answer.status_code == 403
    assert SECRET in page_of(corrected).text


def test_an_editor_may_and_a_stranger_finds_nothing(corrected: World) -> None:
    otto = corrected.desk(OTTO)
    fields = Forms(otto.browser.get("/desk/letters").text).forms["/desk/sign-out"]
    for action in ("2/withholding", "2/withholding/end"):
        url = f"{versions_url(corrected)}/{action}"
        assert otto.browser.post(url, data={**fields, "reason": REASON}).status_code == 404
    assert SECRET in page_of(corrected).text
    editor = corrected.share("edda@organisers.example", "editor")
    assert asked(corrected, editor, "2/withholding", reason=REASON).status_code == 303
    assert SECRET not in page_of(corrected).text


def test_markup_in_a_reason_is_text(corrected: World) -> None:
    desk = corrected.desk()
    asked(corrected, desk, "2/withholding", reason="<script>alert(1)</script>")
    assert "<script>alert" not in desk.browser.get(f"/desk/letters/{corrected.slug}/audit").text
