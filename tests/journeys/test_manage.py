"""A signer's own page: what one can do with one's signature without asking anybody."""

import re
import time
from collections.abc import Iterator
from functools import partial

import pytest

from tests.world import AURORA, BOREAS, DARIA, World, at_once, submit, text_of

NAME = "Aurora Media Watch"


def manage(world: World, who: dict[str, str] = AURORA) -> str:
    return world.link(who["email"], "/manage/")


def everywhere_public(world: World) -> dict[str, str]:
    """What visitors, programs and partner sites are shown of the list."""
    paths = (
        "",
        "/signatories",
        "/signatories.json",
        "/signatories.csv",
        "/signatories.atom",
        "/embed",
        "/letter.html",
    )
    return {path: world.client.get(world.path + path).text for path in paths}


def counts(events: Iterator[str]) -> Iterator[int]:
    """The counts that a live stream tells of."""
    for event in events:
        yield from map(int, re.findall(r'"count":(\d+)', event))


def test_withdrawal_takes_the_line_off_everything_within_a_second(world: World) -> None:
    world.letter("public_proof: true")
    world.approved(BOREAS)
    world.approved(AURORA)
    assert all(NAME in shown for shown in everywhere_public(world).values())
    link = manage(world)
    with world.client.stream("GET", f"{world.path}/live") as stream:
        told = counts(stream.iter_text())
        assert next(told) == 2
        assert submit(world.browser(), link, f"{link}/withdrawal").status_code == 303
        left_at = time.monotonic()
        assert next(count for count in told if count < 2) == 1
        assert time.monotonic() - left_at < 1
    for path, shown in everywhere_public(world).items():
        assert NAME not in shown, path
        assert "Boreas Legal Aid" in shown, path
    assert "Your signature is withdrawn" in world.client.get(link).text
    assert NAME not in world.client.get(link).text
    assert "is withdrawn" in world.mails_to(AURORA["email"])[-1]["subject"]


def test_withdrawing_twice_is_withdrawing_once(world: World) -> None:
    world.approved(AURORA)
    link = manage(world)
    for _time in range(2):
        assert world.client.post(f"{link}/withdrawal").headers["location"] == link
    assert len(world.trail("withdrawn")) == 1
    subjects = [mail["subject"] for mail in world.mails_to(AURORA["email"])]
    assert sum("is withdrawn" in subject for subject in subjects) == 1


@pytest.mark.parametrize("action", ["approval", "decline"])
def test_withdrawal_wins_over_a_decision_of_the_same_moment(world: World, action: str) -> None:
    signers = [DARIA | {"name": f"Signer {n}", "email": f"s{n}@mail.example"} for n in range(4)]
    for signer in signers:
        world.verified(signer)
    desk = world.desk()
    for signer in signers:
        page = desk.queue(world.slug)
        left, decided = at_once(
            partial(world.browser().post, f"{manage(world, signer)}/withdrawal"),
            partial(desk.press, page, signer["name"], action, reason="We do not know you."),
        )
        assert left.status_code == 303
        assert decided.status_code in (303, 409)
        if decided.status_code == 409:
            assert "withdrawn" in decided.text
    assert world.names() == []
    withdrawn = desk.queue(world.slug, "withdrawn")
    for signer in signers:
        assert signer["name"] in withdrawn
    # And later decisions change nothing either.
    assert desk.press(page, signers[-1]["name"], "approval").status_code == 409
    assert world.names() == []


def test_a_page_left_open_shows_nothing_of_a_signature_withdrawn_meanwhile(world: World) -> None:
    world.approved(AURORA)
    link = manage(world)
    submit(world.client, link, f"{link}/correction", organisation="Aurora One")
    world.client.post(f"{link}/withdrawal")
    late = world.client.post(f"{link}/correction", data={"organisation": "Aurora Two"})
    assert late.status_code == 409
    assert "Your signature is withdrawn" in late.text
    for page in (late.text, world.client.get(f"{link}/receipt").text):
        for shown in (NAME, "Anna Berg", "Aurora One", "<form"):
            assert shown not in page


def test_who_withdrew_may_sign_again(world: World) -> None:
    world.approved(AURORA)
    world.client.post(f"{manage(world)}/withdrawal")
    assert world.names() == []
    world.approved(AURORA)
    assert world.names() == [NAME]
    assert len(world.rows()["endorsement"]) == 2


def test_a_correction_waits_beside_the_line_until_it_is_accepted(world: World) -> None:
    world.approved(AURORA)
    link = manage(world)
    corrected = "Aurora Media Watch Norway"
    answer = submit(world.client, link, f"{link}/correction", organisation=corrected, country="SE")
    assert answer.status_code == 303
    page = world.client.get(link).text
    assert "Your correction waits for review." in page
    assert corrected in page
    assert world.names() == [NAME]

    desk = world.desk()
    queue = desk.queue(world.slug, "approved")
    assert "The signer asks for a correction:" in queue
    assert f"<del><bdi>{NAME}</bdi></del> <ins><bdi>{corrected}</bdi></ins>" in queue
    assert desk.press(queue, NAME, "correction/acceptance").status_code == 303
    assert [(line["organisation"], line["country"]) for line in world.signatories()] == [
        (corrected, "SE")
    ]
    told = world.mails_to(AURORA["email"])[-1]
    assert f"now stands as “{corrected}”" in text_of(told)
    assert "waits for review" not in world.client.get(link).text
    # Decided once: the other organiser's page is out of date.
    assert desk.press(queue, NAME, "correction/refusal").status_code == 409


def test_a_refused_correction_leaves_the_line_as_it_was(world: World) -> None:
    world.approved(AURORA)
    link = manage(world)
    submit(world.client, link, f"{link}/correction", organisation="Something else")
    desk = world.desk()
    refused = desk.decide(world.slug, NAME, "correction/refusal", status="approved")
    assert refused.status_code == 303
    assert world.names() == [NAME]
    assert f"stays as “{NAME}”" in text_of(world.mails_to(AURORA["email"])[-1])
    assert "Something else" not in desk.queue(world.slug, "approved")


def test_a_newer_correction_takes_the_place_of_one_that_waits(world: World) -> None:
    world.approved(AURORA)
    link = manage(world)
    for name in ("Aurora One", "Aurora Two"):
        submit(world.client, link, f"{link}/correction", organisation=name)
    queue = world.desk().queue(world.slug, "approved")
    assert "Aurora One" not in queue
    assert "Aurora Two" in queue


def test_a_correction_before_the_review_is_made_at_once(world: World) -> None:
    world.verified(AURORA)
    link = manage(world)
    assert submit(world.client, link, f"{link}/correction", role="Chair").status_code == 303
    assert "waits for review" not in world.client.get(link).text
    assert "Chair" in world.desk().queue(world.slug)


def test_a_telephone_may_open_the_answers_to_forms_anew(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    assert world.client.get(f"{link}/refusal").headers["location"] == link
    world.approved(BOREAS)
    link = manage(world, BOREAS)
    for action in ("correction", "confidentiality", "withdrawal", "answer"):
        assert world.client.get(f"{link}/{action}").headers["location"] == link
    assert world.names() == ["Boreas Legal Aid"]


def test_a_correction_is_checked_like_a_signature(world: World) -> None:
    world.approved(AURORA)
    link = manage(world)
    wrong = submit(
        world.client, link, f"{link}/correction", organisation="www.evil.example", role="Editor"
    )
    assert wrong.status_code == 422
    assert "Leave out web and e-mail addresses" in wrong.text
    assert 'value="www.evil.example"' in wrong.text
    assert 'value="Editor"' in wrong.text
    # Without script nothing scrolls there: what is wrong is said before all else, as in the title.
    assert "<title>Error: " in wrong.text
    assert wrong.text.index("data-error-summary") < wrong.text.index('id="state-heading"')
    unchanged = submit(world.client, link, f"{link}/correction")
    assert unchanged.status_code == 422
    assert "Nothing is different from what you signed with." in unchanged.text
    # What can't be corrected can't be slipped in.
    slipped = {"kind": "individual", "visibility": "public", "email": "x@evil.example"}
    assert submit(world.client, link, f"{link}/correction", **slipped).status_code == 422
    assert world.rows()["correction"] == []


def test_going_confidential_hides_the_line_at_once_and_for_good(world: World) -> None:
    world.letter("public_proof: true")
    world.approved(BOREAS)
    world.approved(AURORA)
    link = manage(world)
    assert submit(world.client, link, f"{link}/confidentiality").status_code == 303
    for path, shown in everywhere_public(world).items():
        assert NAME not in shown, path
    assert world.count()["total"] == 1
    page = world.client.get(link).text
    assert "It stays out of every public list and document." in page
    assert f"{link}/confidentiality" not in page
    # A correction accepted later, or another sign-on, doesn't bring it back.
    submit(world.client, link, f"{link}/correction", organisation="Aurora")
    world.desk().decide(world.slug, NAME, "correction/acceptance", status="approved")
    world.sign(AURORA, visibility="public", organisation="Aurora")
    assert world.names() == ["Boreas Legal Aid"]


def test_confidential_before_the_review_stays_so_when_approved(world: World) -> None:
    world.verified(AURORA)
    link = manage(world)
    world.client.post(f"{link}/confidentiality")
    world.desk().decide(world.slug, NAME, "approval")
    assert world.names() == []
    assert "It is confidential" in text_of(world.told(AURORA["email"])[-1])


def test_the_receipt_says_what_exactly_was_signed(world: World) -> None:
    world.approved(AURORA)
    link = manage(world)
    assert f'href="{link}/receipt"' in world.client.get(link).text
    receipt = world.client.get(f"{link}/receipt")
    letter = world.client.get(f"{world.path}/signatories.json").json()["letter"]
    for fact in (letter["title"], NAME, "Anna Berg", "Director", "Norway", "Version 1"):
        assert fact in receipt.text
    assert letter["sha256"] in receipt.text.replace(" ", "")
    assert letter["url"] in receipt.text
    assert f'href="{link}"' in receipt.text
    assert receipt.headers["cache-control"] == "no-store"


def test_a_declined_signer_reads_why_and_may_withdraw(world: World) -> None:
    world.verified(AURORA)
    world.desk().decide(world.slug, NAME, "decline", reason="We could not reach your office.")
    link = manage(world)
    assert "We could not reach your office." in world.client.get(link).text
    # What can't be corrected isn't offered either; a page opened before may still ask for it.
    assert f"{link}/correction" not in world.client.get(link).text
    refused = world.client.post(f"{link}/correction", data={"role": "Chair"})
    assert refused.status_code == 409
    assert "can no longer be corrected" in refused.text
    assert world.client.post(f"{link}/withdrawal").status_code == 303
    assert "Your signature is withdrawn" in world.client.get(link).text
