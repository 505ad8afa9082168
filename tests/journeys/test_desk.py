"""Organisers review who signed, and decide."""

import re
from functools import partial
from html import unescape
from uuid import UUID

import pytest

from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    OTTO,
    Forms,
    World,
    at_once,
    submit,
    text_of,
)

NAME = "Aurora Media Watch"


def test_declining_needs_a_reason_and_the_signer_is_told_it(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    for reason, complaint in (("", "Say why"), ("  \n", "Say why"), ("x" * 1001, "too long")):
        refused = desk.decide(world.slug, NAME, "decline", reason=reason)
        assert refused.status_code == 422
        assert complaint in refused.text
        assert f"Decline {NAME}" in refused.text
        assert reason.strip() in refused.text
    assert NAME in desk.queue(world.slug)
    # The page that asks for the reason has the form too.
    forms = Forms(refused.text).forms
    (action,) = (path for path in forms if path.endswith("/decline"))
    reason = "We could not reach your office.\n<Please> call us."
    declined = desk.browser.post(action, data={**forms[action], "reason": reason})
    assert declined.status_code == 303
    mail = world.told(AURORA["email"])[-1]
    assert "was declined" in mail["subject"]
    assert "We could not reach your office." in text_of(mail)
    assert "<Please> call us." in text_of(mail)
    assert "Declined because: We could not reach your office." in desk.queue(world.slug, "declined")
    assert world.trail("declined")[0].reason == reason


def test_a_declined_signer_may_be_approved_after_all(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    desk.decide(world.slug, NAME, "decline", reason="Who are you?")
    assert desk.decide(world.slug, NAME, "approval", status="declined").status_code == 303
    assert world.names() == [NAME]
    assert desk.decide(
        world.slug, NAME, "decline", status="approved", reason="Your board wrote to us."
    ).is_redirect
    assert world.names() == []


def test_nobody_is_approved_who_has_not_confirmed(world: World) -> None:
    world.sign(AURORA)
    desk, (endorsement,) = world.desk(), world.desk().ids(world.slug)
    page = desk.queue(world.slug, "pending")
    for action in ("approval", "decline"):
        path = f"/desk/letters/{world.slug}/endorsements/{endorsement}/{action}"
        assert path not in page
        assert desk.post(path, page, reason="No.").status_code == 409
    assert world.names() == []


@pytest.mark.parametrize("round_", range(3))
def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(
    world: World, round_: int
) -> None:
    world.verified(AURORA)
    olga, otto = world.desk(), world.share(OTTO)
    page, his = olga.queue(world.slug), otto.queue(world.slug)
    answers = at_once(
        partial(olga.press, page, NAME, "approval"),
        partial(otto.press, his, NAME, "decline", reason="Not them."),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert "somebody was quicker. Nothing was changed." in late.text
    was_approved = answers[0].status_code == 303
    assert world.names() == ([NAME] if was_approved else [])
    decided = [*world.trail("approved"), *world.trail("declined")]
    assert len(decided) == 1
    (told,) = world.trail("decision came too late")
    assert told.subject_id == decided[0].subject_id
    assert told.actor != decided[0].actor
    # And only one mail has left.
    subjects = [mail["subject"] for mail in world.told(AURORA["email"])]
    assert sum("approved" in subject or "declined" in subject for subject in subjects) == 1


def test_a_line_that_changed_meanwhile_is_looked_at_again(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    page = desk.queue(world.slug)
    link = world.link(AURORA["email"], "/manage/")
    submit(world.client, link, f"{link}/correction", organisation="Dr Johnny Bananas")
    refused = desk.press(page, NAME, "approval")
    assert refused.status_code == 409
    assert "The signer has changed this line since you opened the page." in refused.text
    assert world.names() == []


def test_a_correction_replaced_meanwhile_is_read_again(world: World) -> None:
    world.approved(AURORA)
    link = world.link(AURORA["email"], "/manage/")
    submit(world.client, link, f"{link}/correction", organisation="Aurora Norway")
    desk = world.desk()
    page = desk.queue(world.slug, "approved")
    submit(world.client, link, f"{link}/correction", organisation="Dr Johnny Bananas")
    refused = desk.press(page, NAME, "correction/acceptance")
    assert refused.status_code == 409
    assert "another correction since you opened the page" in refused.text
    assert world.names() == [NAME]


def test_looking_at_an_address_is_logged(world: World) -> None:
    world.verified(AURORA)
    desk, (endorsement,) = world.desk(), world.desk().ids(world.slug)
    path = f"/desk/letters/{world.slug}/endorsements/{endorsement}/address"
    for page in (desk.queue(world.slug), desk.browser.get(path).text):
        assert "anna@aurora.example" not in page
        assert "a…@aurora.example" in page
    assert world.trail("address revealed") == []
    revealed = submit(desk.browser, path, path)
    assert "anna@aurora.example" in revealed.text
    (entry,) = world.trail("address revealed")
    assert entry.subject_id == UUID(endorsement)
    assert entry.actor.startswith("organiser:")


def test_a_held_back_mail_is_shown_and_released(world: World) -> None:
    for name in ("One", "Two", "Three"):
        world.sign(AURORA, organisation=f"Aurora {name}")
    assert world.sign(AURORA).status_code == 303
    assert len(world.mails_to(AURORA["email"])) == 3
    desk = world.desk()
    assert (
        "Held mails were stopped by a limit against abuse."
        in desk.browser.get(f"/desk/letters/{world.slug}").text
    )
    assert "Mail held back" in desk.queue(world.slug, "pending")
    assert desk.decide(world.slug, NAME, "mail", status="pending").status_code == 303
    assert len(world.mails_to(AURORA["email"])) == 4
    assert "Mail held back" not in desk.queue(world.slug, "pending")
    assert world.client.post(world.link(AURORA["email"])).status_code == 200
    assert NAME in desk.queue(world.slug)
    assert len(world.trail("mail released")) == 1


def test_the_mail_domain_speaks_for_or_against_the_signer(world: World) -> None:
    cases = [
        ("anna@aurora.example", "https://aurora.example", "good", "at the website's own domain"),
        ("anna@mail.aurora.example", "https://www.aurora.example", "good", "own domain"),
        ("aurora@gmail.com", "https://aurora.example", "warn", "where anybody can have one"),
        ("anna@auroras.example", "https://aurora.example", "bad", "only looks like"),
        ("anna@mailinator.com", "https://aurora.example", "bad", "throw-away"),
        ("anna@boreas.example", "", "info", "No website was given"),
    ]
    for number, (email, website, _tone, _sentence) in enumerate(cases):
        world.verified(AURORA, email=email, website=website, organisation=f"Number {number}")
    entries = re.split(r'<li class="entry"', world.desk().queue(world.slug))[1:]
    for entry, (email, _website, tone, sentence) in zip(entries, cases, strict=True):
        chips = re.findall(r'<li class="chip (\w+)">(.+?)</li>', unescape(entry))
        assert any(found == tone and sentence in told for found, told in chips), (email, chips)


def test_a_look_alike_of_a_listed_organisation_is_flagged(world: World) -> None:
    world.approved(AURORA)
    world.verified(
        BOREAS, email="x@aur0ra.example", website="https://aur0ra.example", organisation="A."
    )
    queue = world.desk().queue(world.slug)
    assert "looks like aurora.example of another organisation" in queue


def test_a_name_that_only_looks_latin_is_flagged(world: World) -> None:
    world.verified(AURORA, organisation="Аurora Media")  # with a Cyrillic А
    assert "mixes letters of different scripts" in world.desk().queue(world.slug)


def test_it_is_paged_and_searched(world: World) -> None:
    world.approved(AURORA)
    world.crowd(120)
    desk, seen = world.desk(), []
    address = f"/desk/letters/{world.slug}/endorsements?status=approved"
    while address:
        page = desk.browser.get(address).text
        seen += re.findall(r"<h3><bdi>(.+?)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = ""
        if following:
            address = following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 121
    found = desk.browser.get(
        f"/desk/letters/{world.slug}/endorsements?status=approved&q=MEMBER 0042"
    )
    assert re.findall(r"<h3><bdi>(.+?)</bdi>", found.text) == ["Member 0042"]


def test_states_are_counted_and_mail_that_failed_is_named(world: World) -> None:
    world.sink.behave(refuse={BOREAS["email"]})
    world.sign(BOREAS)
    world.deliver()
    world.verified(CIRRUS)
    world.approved(DARIA, visibility="confidential")
    desk = world.desk()
    page = " ".join(desk.browser.get(f"/desk/letters/{world.slug}").text.split())
    for fact in (
        "<dt>To review</dt><dd>1</dd>",
        "<dt>Approved</dt><dd>1</dd>",
        "<dt>Not confirmed</dt><dd>1</dd>",
        "<dt>Confidential</dt><dd>1</dd>",
        "<dt>Failed</dt><dd>1</dd>",
    ):
        assert fact in page
    pending = desk.queue(world.slug, "pending")
    assert "Mail failed" in pending
    assert "550 5.1.1 No such mailbox" in pending


def test_what_is_refused_at_the_desk_looks_like_the_desk(world: World) -> None:
    desk = world.desk().browser
    for path in (f"/desk/letters/{world.slug}/versions/99/changes", "/desk/nowhere"):
        page = desk.get(path)
        assert page.status_code == 404
        assert 'href="/desk/account"' in page.text
        assert "Sign out" in page.text
    # Nobody else learns what is there.
    assert world.client.get("/desk/nowhere").headers["location"] == "/desk/sign-in"
