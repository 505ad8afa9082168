"""A version of a letter at an address of its own, for whoever signed it and for everybody."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app.letter import letter_states, letters
from app.trail.audit import OPERATOR, AuditEntry
from tests.harness.markup import complaints
from tests.world import AURORA, BOREAS, DARIA, EMIL, LETTER, TRANSLATION, World, plain

HOSTILE = "<script>alert(1)</script> [click](javascript:alert) & “so on”"


@pytest.fixture
def draft(world: World) -> World:
    """A second letter that was written twice and not opened."""
    text = LETTER.replace("slug: free-the-press", "slug: drafted")
    world.letter(text=text.replace("the station.", "the first thoughts."), opens=False)
    world.letter(text=text, opens=False)
    return world


def changed(world: World, words: str = "Withdraw the decision.") -> None:
    world.letter(text=LETTER.replace("Suspend the decision.", words))


def version(world: World, number: int | str, **query: str) -> httpx.Response:
    return world.client.get(f"{world.path}/versions/{number}", params=query)


def opened(world: World) -> None:
    with world.database.write() as db:
        letter_states.open_(db, letters.by_slug(db, world.slug), by=OPERATOR)


def test_a_text_that_was_replaced_stays_readable(world: World) -> None:
    world.approved(AURORA)
    changed(world)
    page = version(world, 1)
    assert page.status_code == 200
    assert "Suspend the decision." in page.text
    shown = plain(page.text)
    assert "This is an earlier text of the letter" in shown
    assert "[removed:] Suspend [end][added:] Withdraw [end] the decision." in shown
    assert f'href="{world.path}">Read the letter as it is now</a>' in page.text
    assert '<meta name="robots" content="noindex">' in page.text
    assert 'rel="canonical"' not in page.text
    assert f'rel="next" href="{world.path}/versions/2"' in page.text


def test_the_text_of_now_is_the_letter_to_search_engines(world: World) -> None:
    changed(world)
    page = version(world, 2).text
    assert "Withdraw the decision." in page
    assert "This is the text of the letter now" in page
    assert f'<link rel="canonical" href="{world.settings.base_url}{world.path}">' in page
    assert "noindex" not in page
    assert "What has changed since" not in page
    assert f'rel="prev" href="{world.path}/versions/1"' in page


def test_its_checksum_and_its_time_are_told(world: World) -> None:
    with world.database.read() as db:
        sha256 = letters.by_slug(db, world.slug).sha256
    with time_machine.travel(datetime(2030, 5, 4, 9, tzinfo=UTC)):
        changed(world)
        page = plain(version(world, 1).text)
        assert re.findall("....", sha256) == page.partition("SHA-256 ")[2].split()[:16]
        assert "Replaced4 May 2030, 09:00 (UTC)" in page
    assert sha256 not in version(world, 2).text.replace(" ", "")


def test_it_is_set_and_escaped_like_the_letter_itself(world: World) -> None:
    text = LETTER.replace("Hear the station.", f"Hear {HOSTILE}.[^1]\n\n[^1]: A note: {HOSTILE}")
    world.letter(text=text)
    letter = re.compile(r'(?s)<div class="letter[ "].+?</section>\s*</div>')
    now, kept = (
        letter.findall(one.text) for one in (world.client.get(world.path), version(world, 2))
    )
    assert now == kept
    assert "&lt;script&gt;" in kept[0]
    changed(world)
    assert "<script>alert" not in version(world, 2).text
    assert letter.findall(version(world, 2).text) == kept


def test_texts_of_before_opening_are_not_there(draft: World) -> None:
    for number in (1, 2, 3):
        assert version(draft, number).status_code == 404
    opened(draft)
    first, second, none = (version(draft, number) for number in (1, 2, 3))
    assert second.status_code == 200
    assert 'rel="prev"' not in second.text
    assert (first.status_code, first.content) == (none.status_code, none.content)
    assert first.status_code == 404
    assert "first thoughts" not in second.text + first.text


def test_nobody_reads_a_draft_not_even_its_organiser(draft: World) -> None:
    desk = draft.desk()
    answers = [
        browser.get(f"/letters/{slug}/versions/{number}")
        for browser in (draft.client, desk.browser)
        for slug in ("drafted", "no-such-letter")
        for number in (1, 2, 9)
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_letter_that_paused_and_opened_again_keeps_what_it_was_opened_with(draft: World) -> None:
    opened(draft)
    text = LETTER.replace("slug: free-the-press", "slug: drafted")
    draft.letter(text=text.replace("the station.", "the station soon."))
    desk = draft.desk()
    desk.move(draft.slug, "pause")
    assert version(draft, 2).status_code == 200
    opened(draft)
    desk.move(draft.slug, "closing")
    assert [version(draft, number).status_code for number in (1, 2, 3)] == [404, 200, 200]


def test_a_clock_set_back_opens_no_draft(draft: World) -> None:
    with time_machine.travel(datetime.now(UTC) - timedelta(minutes=10)):
        opened(draft)
    assert [version(draft, number).status_code for number in (1, 2)] == [404, 200]


def test_a_letter_opened_before_the_trail_told_the_version_has_its_texts(draft: World) -> None:
    opened(draft)
    text = LETTER.replace("slug: free-the-press", "slug: drafted")
    draft.letter(text=text.replace("the station.", "the station soon."))
    with draft.database.write() as db:
        letter = letters.by_slug(db, draft.slug)
        query = select(AuditEntry).where(
            col(AuditEntry.letter_id) == letter.id, col(AuditEntry.action) == "letter open"
        )
        entry = db.scalars(query).one()
        entry.facts = {"came_from": entry.facts["came_from"]}
    assert [version(draft, number).status_code for number in (1, 2, 3)] == [404, 200, 200]


@pytest.mark.parametrize(
    "number", ["0", "01", "+1", "-1", "1.0", "1e0", "٢", "2147483648", "9" * 4_500]
)
def test_what_is_no_number_of_a_version_leads_nowhere(world: World, number: str) -> None:
    assert version(world, number).status_code == 404


def test_translations_are_there_as_they_stood(world: World) -> None:
    world.translation()
    world.translation(TRANSLATION.replace("A licença", "O alvará"))
    first, second, third = (version(world, number, lang="pt").text for number in (1, 2, 3))
    assert "Libertem" not in first
    assert "Suspend the decision." in first
    assert 'lang="pt"' not in first
    assert "A licença" in second
    assert "[removed:] A licença [end][added:] O alvará [end]" in plain(second)
    assert "O alvará" in third
    assert f'<link rel="canonical" href="{world.settings.base_url}{world.path}?lang=pt">' in third
    assert f'rel="next" href="{world.path}/versions/3?lang=pt"' in second
    # In the language it was written in nothing happened.
    assert "In this language no word has changed." in version(world, 2).text


def test_the_interface_speaks_as_the_address_asks(world: World) -> None:
    changed(world)
    page = version(world, 1, lang="fr").text
    assert '<html lang="fr"' in page
    assert "Suspend the decision." in page
    assert f'href="{world.path}/versions/2?lang=fr"' in page


def test_the_list_leads_to_the_text_that_was_signed(world: World) -> None:
    world.approved(AURORA)
    changed(world)
    world.approved(BOREAS)
    for address in (world.path, f"{world.path}/signatories"):
        page = world.client.get(address).text
        links = re.findall(
            r'<bdi><a class="version-signed" href="([^"]+)">signed version 1</a></bdi>', page
        )
        assert links == [f"{world.path}/versions/1"]
        assert world.client.get(links[0]).status_code == 200


def test_whoever_signs_is_led_to_the_text_by_the_mail_and_on_every_page(world: World) -> None:
    world.translation()
    world.verified(AURORA, language="pt")
    address = f"{world.path}/versions/2?lang=pt"
    mail = world.mails_to(AURORA["email"])[0]
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    assert f"{world.settings.base_url}{address}" in text.get_content().split()
    assert f'href="{world.settings.base_url}{address}">Version 2</a>' in html.get_content()
    world.sign(BOREAS, language="pt")
    confirm, manage = world.link(BOREAS["email"]), world.link(AURORA["email"], "/manage/")
    assert f'href="{address}">Version 2</a>' in world.client.get(confirm).text
    changed(world)
    for own in (manage, f"{manage}/receipt"):
        assert f'href="{address}">Version 2</a>' in world.client.get(own).text, own
    assert "Suspend" not in world.client.get(address).text
    assert "Libertem" in world.client.get(address).text


def test_it_is_a_ready_page_that_heeds_nothing_but_the_language(world: World) -> None:
    plain_one, worded = version(world, 1), version(world, 1, utm_source="x")
    assert plain_one.headers["etag"] == worded.headers["etag"]
    again = world.client.get(
        f"{world.path}/versions/1", headers={"if-none-match": plain_one.headers["etag"]}
    )
    assert again.status_code == 304
    changed(world)
    assert version(world, 1).headers["etag"] != plain_one.headers["etag"]


def test_who_signed_changes_nothing_of_it(world: World) -> None:
    before = version(world, 1)
    world.approved(AURORA, visibility="confidential")
    world.approved(DARIA)
    assert version(world, 1).content == before.content
    changed(world)
    earlier = version(world, 1)
    world.approved(EMIL)
    assert version(world, 1).content == earlier.content


@pytest.mark.only("sqlite")  # markup is the same on both
def test_pages_of_versions_are_valid_html(world: World, tmp_path: Path) -> None:
    world.translation()
    changed(world)
    folder = tmp_path / "pages"
    folder.mkdir()
    assert not complaints(dict(walked(world)), folder)


def walked(world: World) -> Iterator[tuple[str, bytes]]:
    for number in (1, 2, 3):
        for language in ("", "pt", "ar"):
            yield f"{number} {language}", version(world, number, lang=language).content
