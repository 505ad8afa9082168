"""A letter ends, pauses and changes its text while people are signing it."""

from datetime import datetime, timedelta, timezone

import pytest

from app.errors import Conflict
from app.letter import letter_states, letters
from app.trail.audit import OPERATOR
from tests.world import AURORA, BOREAS, DARIA, LETTER, Forms, World, later, submit

CHANGED = LETTER.replace("give the [frequency]", "give the whole [frequency]")


def deadline_in(**delta: float) -> str:
    """Front matter with a deadline so long from now, in the organisers' zone."""
    moment = datetime.now(timezone(timedelta(hours=4))) + timedelta(**delta)
    return f"deadline: {moment.isoformat(timespec='seconds')}"


def close(world: World) -> None:
    assert world.desk().move(world.slug, "closing").status_code == 303


def test_after_the_deadline_the_page_says_so_and_takes_nothing(world: World) -> None:
    world.letter(deadline_in(hours=1))
    before = world.client.get(world.path).text
    assert "Sign until" in before
    assert 'name="email"' in before
    with later(hours=1, seconds=1):
        page = world.client.get(world.path).text
        assert "Deadline passed" in page
        assert "Signing ended on" in page
        assert 'name="email"' not in page
        assert "We, the undersigned" in page
        # The form that was already open.
        refused = world.sign(AURORA)
        assert refused.status_code == 409
        assert "This letter is closed: it can no longer be signed." in refused.text
    assert world.rows()["endorsement"] == []


@pytest.mark.parametrize("ending", ["deadline", "closed"])
def test_signed_before_the_end_it_may_be_confirmed_for_24_hours(world: World, ending: str) -> None:
    if ending == "deadline":
        world.letter(deadline_in(hours=1))
    world.sign(AURORA)
    world.sign(BOREAS)
    first, second = world.link(AURORA["email"]), world.link(BOREAS["email"])
    if ending == "closed":
        with later(hours=1):
            close(world)
    with later(hours=24, minutes=50):
        assert "One step left" in world.client.get(first).text
        assert world.client.post(first).status_code == 200
        assert "Aurora Media Watch" in world.desk().queue(world.slug)
    with later(hours=25, minutes=10):
        for answer in (world.client.get(second), world.client.post(second)):
            assert answer.status_code == 409
            assert "the 24 hours for confirming are over" in answer.text
        assert "Boreas Legal Aid" not in world.desk().queue(world.slug)


def test_a_closed_letter_takes_nothing_even_from_a_form_that_was_open(world: World) -> None:
    form = Forms(world.client.get(world.path).text).forms[f"{world.path}/endorsements#sign"]
    close(world)
    page = world.client.get(world.path).text
    assert "The organisers have ended the signing." in page
    assert 'name="email"' not in page
    refused = world.client.post(f"{world.path}/endorsements", data={**form, **AURORA})
    assert refused.status_code == 409
    assert "it can no longer be signed" in refused.text
    assert world.rows()["endorsement"] == []
    assert "Free the press" not in world.client.get("/").text


def test_closing_after_the_deadline_gives_nobody_more_time(world: World) -> None:
    world.letter(deadline_in(hours=1))
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    with later(hours=24):
        close(world)
    with later(hours=25, minutes=10):
        assert world.client.post(link).status_code == 409


def test_a_paused_letter_can_be_read_but_neither_signed_nor_confirmed(world: World) -> None:
    world.approved(BOREAS)
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    assert world.desk().move(world.slug, "pause").status_code == 303
    page = world.client.get(world.path)
    assert page.status_code == 200
    assert "Nobody can sign or confirm for now" in page.text
    assert "We, the undersigned" in page.text
    assert 'name="email"' not in page.text
    assert world.names() == ["Boreas Legal Aid"]
    assert world.sign(DARIA).status_code == 409
    for answer in (world.client.get(link), world.client.post(link)):
        assert answer.status_code == 409
        assert "Signing is paused." in answer.text
    # Leaving is possible at any time.
    withdrawn = world.client.post(f"{world.link(BOREAS['email'], '/manage/')}/withdrawal")
    assert withdrawn.status_code == 303

    assert world.desk().move(world.slug, "opening").status_code == 303
    assert world.client.post(link).status_code == 200
    assert world.sign(DARIA).status_code == 303


def test_a_closed_letter_is_opened_again_with_a_later_deadline(world: World) -> None:
    world.letter(deadline_in(hours=1))
    close(world)
    with later(hours=2):
        world.letter(deadline_in(hours=1))
        assert "Sign until" in world.client.get(world.path).text
        world.verified(AURORA)


def test_a_letter_whose_deadline_passed_is_not_opened(world: World) -> None:
    world.letter(deadline_in(hours=1))
    desk = world.desk()
    assert desk.move(world.slug, "pause").status_code == 303
    with later(hours=1, seconds=1):
        refused = desk.move(world.slug, "opening")
        assert refused.status_code == 409
        assert "The deadline of this letter has passed; set a later one first." in refused.text
        with world.database.write() as db, pytest.raises(Conflict):
            letter_states.open_(db, letters.by_slug(db, world.slug), by=OPERATOR)
        assert "Nobody can sign or confirm for now" in world.client.get(world.path).text


def test_a_draft_is_there_for_its_organisers_alone(world: World) -> None:
    world.letter(text=LETTER.replace("free-the-press", "a-draft"), opens=False)
    for path in (
        "",
        "/signatories",
        "/signatories.json",
        "/signatories.csv",
        "/signatories.atom",
        "/embed",
        "/live",
    ):
        assert world.client.get(world.path + path).status_code == 404
    assert world.sign(AURORA).status_code == 404
    assert "a-draft" not in world.client.get("/").text
    desk = world.desk()
    assert "We, the undersigned" in desk.browser.get("/desk/letters/a-draft").text
    assert desk.move("a-draft", "opening").status_code == 303
    assert world.sign(AURORA).status_code == 303


def test_the_text_changes_before_the_button_and_only_the_new_one_is_confirmed(
    world: World,
) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    read_before = Forms(world.client.get(link).text).forms[link]
    world.letter(text=CHANGED)

    page = world.client.get(link)
    assert page.status_code == 200
    assert "The text has changed since you signed." in page.text
    assert "give the whole" in page.text
    assert "Version 2" in page.text
    # Neither the page that was open before nor a bare POST counts for a text nobody has read.
    for blind in (read_before, {}):
        again = world.client.post(link, data=blind)
        assert again.status_code == 409
        assert "The text has changed since you signed." in again.text
    assert world.trail("verified") == []

    assert submit(world.client, link, link).status_code == 200
    world.desk().decide(world.slug, "Aurora Media Watch", "approval")
    assert [line["version"] for line in world.signatories()] == [2]


def test_whoever_is_listed_stays_listed_with_the_version_they_signed(world: World) -> None:
    world.approved(AURORA)
    first = world.client.get(f"{world.path}/signatories.json").json()["letter"]["sha256"]
    world.letter(text=CHANGED)
    facts = world.client.get(f"{world.path}/signatories.json").json()
    assert facts["letter"]["version"] == 2
    assert facts["letter"]["sha256"] != first
    assert [line["version"] for line in facts["signatories"]] == [1]
    assert "signed version 1" in world.client.get(world.path).text
    manage = world.client.get(world.link(AURORA["email"], "/manage/")).text
    assert "Version 1" in manage
    assert first in manage.replace(" ", "")


def test_the_same_text_again_is_no_new_version(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    before = world.rows()["version"]
    world.letter("order: time")
    assert world.rows()["version"] == before
    assert world.client.post(link).status_code == 200


def test_a_form_opened_before_a_change_comes_back_with_what_was_typed(world: World) -> None:
    action = f"{world.path}/endorsements#sign"
    form = Forms(world.client.get(world.path).text).forms[action]
    world.letter(text=CHANGED)
    typed = {**form, **AURORA, "visibility": "confidential"}
    answer = world.client.post(f"{world.path}/endorsements", data=typed)
    assert answer.status_code == 409
    assert "The text has changed since you opened this page." in answer.text
    assert "give the whole" in answer.text
    kept = Forms(answer.text).forms[action]
    for field in ("organisation", "name", "role", "email", "website", "visibility", "authority"):
        assert kept[field] == typed[field]
    assert kept["version"] != form["version"]
    assert '<option value="NO" selected>' in answer.text
    assert world.rows()["endorsement"] == []
    assert world.client.post(
        f"{world.path}/endorsements", data={**kept, "country": "NO"}
    ).is_redirect


def test_details_sent_again_are_shown_by_the_older_link_too(world: World) -> None:
    world.sign(AURORA)
    old = world.link(AURORA["email"])
    read_before = Forms(world.client.get(old).text).forms[old]
    world.sign(AURORA, role="Chair of the board")
    page = world.client.get(old)
    assert "Your details were sent again after this mail left." in page.text
    assert "Chair of the board" in page.text
    for blind in (read_before, {}):
        answer = world.client.post(old, data=blind)
        assert answer.status_code == 409
        assert "Chair of the board" in answer.text
    assert world.trail("verified") == []
    assert submit(world.client, old, old).status_code == 200


def test_who_asked_for_confidentiality_keeps_it_when_somebody_signs_again(world: World) -> None:
    world.sign(AURORA, visibility="confidential")
    world.sign(AURORA, visibility="public")
    link = world.link(AURORA["email"])
    assert "your name appears in no public list" in world.client.get(link).text
    world.client.post(link)
    world.desk().decide(world.slug, "Aurora Media Watch", "approval")
    assert world.names() == []
