"""Organisers look through the list before it is printed."""

import re
from html import unescape

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.name.names import fold
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, OTTO, Desk, World

WEEDING = "/desk/letters/free-the-press/weeding"


def page(desk: Desk, query: str = "") -> str:
    answer = desk.browser.get(f"{WEEDING}{query}")
    assert answer.status_code == 200, answer.text
    return " ".join(unescape(answer.text).split())


def headings(text: str) -> list[str]:
    return re.findall(r"<h2 [^>]*>(.+?) <span", text)


@pytest.fixture
def led(world: World) -> World:
    """The letter's lead organisation signed it."""
    world.approved(CIRRUS, organisation="Lead Organisation")
    return world


def test_nothing_looks_wrong(led: World) -> None:
    text = page(led.desk())
    assert "Nothing will look wrong in print" in text
    assert "1 name was looked at." in text


def test_a_list_without_names_has_nothing_to_look_at(world: World) -> None:
    world.verified(AURORA, organisation="AURORA MEDIA WATCH")
    text = page(world.desk())
    assert "Nobody is listed yet." in text
    assert "AURORA" not in text


def test_findings_lead_to_the_line_and_suggest_another(led: World) -> None:
    led.approved(AURORA, organisation="AURORA MEDIA WATCH")
    led.approved(BOREAS, organisation="NRC")
    desk = led.desk()
    text = page(desk)
    assert headings(text) == ["All in capitals", "An acronym alone"]
    assert "Perhaps: <bdi>Aurora Media Watch</bdi>" in text
    assert "write to the signer, who corrects it by the link in their mails" in text
    for fact in ("<dd>3</dd>", "Will look wrong</dt><dd>1</dd>", "Worth a look</dt><dd>1</dd>"):
        assert fact in text
    (address,) = re.findall(r'<a class="name" href="([^"]+)"><bdi>AURORA', text)
    path, _mark, anchor = address.partition("#")
    assert f'<li class="entry" id="{anchor}"' in desk.browser.get(path).text


def test_a_lead_organisation_that_has_not_signed(world: World) -> None:
    world.approved(AURORA)
    assert "“Lead Organisation” stands in the letterhead, but not in the list." in page(
        world.desk()
    )


def test_confidential_signatories_are_left_out(led: World) -> None:
    desk = led.desk()
    before = page(desk)
    led.approved(AURORA, organisation="AURORA MEDIA WATCH", visibility="confidential")
    led.approved(BOREAS, organisation="Lead Organisation", visibility="confidential")
    led.approved(DARIA, name="DARIA ORLOVA", visibility="confidential")
    assert page(desk) == before
    led.approved(BOREAS, organisation="BOREAS LEGAL AID")
    text = page(desk)
    assert "BOREAS LEGAL AID" in text
    assert "Confidential signatories are in no printed list" in text
    for name in ("AURORA", "DARIA"):
        assert name not in text
        assert name not in page(desk, "?kind=capitals")


def test_only_organisers_of_the_letter_see_it(led: World) -> None:
    led.approved(AURORA, organisation="AURORA MEDIA WATCH")
    signed_out = led.browser().get(WEEDING)
    assert (signed_out.status_code, signed_out.headers["location"]) == (303, "/desk/sign-in")
    stranger = led.desk(OTTO).browser.get(WEEDING)
    assert stranger.status_code == 404
    assert "AURORA" not in stranger.text
    assert "AURORA" in page(led.share(OTTO))


def test_looking_changes_nothing(led: World) -> None:
    led.approved(AURORA, organisation="AURORA MEDIA WATCH")
    desk = led.desk()
    before = led.rows()
    page(desk)
    page(desk, "?kind=capitals")
    assert led.rows() == before


def test_thousands_of_findings_come_in_sheets(led: World) -> None:
    led.crowd(230)
    with led.database.write() as db:
        letter = letters.by_slug(db, led.slug)
        for number in range(230):
            name = f"LISTENERS OF VALLEY {number:04}"
            db.execute(
                update(Endorsement)
                .where(col(Endorsement.organisation) == f"Member {number:04}")
                .values(organisation=name, folded=fold(name))
            )
        letters.revise(db, letter.id)
    desk = led.desk()
    text = page(desk)
    assert text.count("LISTENERS OF VALLEY") == 10
    assert "Show all 230" in text
    seen: list[str] = []
    query = "?kind=capitals"
    while query:
        sheet = page(desk, query)
        seen += re.findall(r"<bdi>(LISTENERS OF VALLEY \d+)</bdi>", sheet)
        following = re.search(r'rel="next" href="([^"]+)"', sheet)
        query = following[1] if following else ""
    assert len(seen) == len(set(seen)) == 230
    for query in ("?kind=capitals&sheet=4", "?kind=stray"):  # once all there was is mended
        assert desk.browser.get(f"{WEEDING}{query}").headers["location"] == WEEDING
    for query in ("?kind=unknown", "?sheet=x"):
        assert desk.browser.get(f"{WEEDING}{query}").status_code == 404


def test_names_are_shown_as_text(led: World) -> None:
    led.approved(AURORA, organisation="<b>BOLD WATCHERS</b> &amp; Co")
    answer = led.desk().browser.get(WEEDING)
    assert "<b>" not in answer.text
    assert "&lt;b&gt;BOLD WATCHERS&lt;/b&gt; &amp;amp; Co" in answer.text


def test_a_character_no_font_has_is_told_before_approval(world: World) -> None:
    # An arrow of old computers, assigned in 2024.
    world.verified(AURORA, organisation="Aurora \U0001cc00 Watch")
    queue = world.desk().queue(world.slug)
    assert "U+1CC00" in queue
    assert "can't be printed" in unescape(queue)
    world.verified(BOREAS)
    assert unescape(world.desk().queue(world.slug)).count("can't be printed") == 1
