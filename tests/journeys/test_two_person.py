"""Where a letter has the two-person rule, one organiser proposes and another agrees."""

import httpx

from app import letters, proposals
from tests.journeys.test_team import press
from tests.world import LETTER, OLGA, World, at_once, later, text_of

PAUL = "paul@organisers.example"
RITA = "rita@organisers.example"
RULE = "two_person: true"


def url(world: World) -> str:
    return f"/desk/letters/{world.slug}"


def status(world: World) -> str:
    letter = world.client.get(f"/letters/{world.slug}/signatories.json").json()["letter"]
    return str(letter["status"])


def propose_to_close(world: World, reason: str = "") -> str:
    """Olga does; returns the proposal's page."""
    answer = press(world, world.desk(), f"{url(world)}/closing", "/closing", reason=reason)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_a_letter_is_closed_once_a_second_owner_agrees(world: World) -> None:
    world.letter(RULE)
    paul = world.share(PAUL)
    page = propose_to_close(world, "We have what we need.\nThank you!")
    assert status(world) == "open"
    assert world.client.get(page.replace("/desk", "")).status_code == 404

    mail = world.mails_to(PAUL)[-1]
    assert "A second organiser has to agree" in mail["subject"]
    assert "o…@organisers.example (organiser 1)" in text_of(mail)
    assert "Close the letter." in text_of(mail)
    assert world.settings.url(page) in text_of(mail)
    assert "1 thing waits for a second organiser" in paul.browser.get("/desk/letters").text
    assert page in paul.browser.get(url(world)).text  # the letter's overview
    shown = paul.browser.get(page).text
    assert "We have what we need.\nThank you!" in shown

    assert press(world, paul, page, "/agreement").status_code == 303
    assert status(world) == "closed"
    assert "We have what we need." in world.client.get(world.path).text
    assert "has agreed, and it is done." in text_of(world.mails_to(OLGA)[-1])
    made, agreed = world.trail("proposal made") + world.trail("proposal agreed")
    assert made.actor != agreed.actor
    assert agreed.facts == {"proposed": "closing", "proposed_by": made.actor.partition(":")[2]}
    (closed,) = world.trail("letter closed")
    assert (closed.actor, closed.reason) == (agreed.actor, "We have what we need.\nThank you!")
    history = paul.browser.get(f"{url(world)}/audit").text
    assert "Agreed to what was proposed: closing the letter" in history


def test_a_letter_is_opened_by_two_with_the_text_both_have_read(world: World) -> None:
    slug = world.letter(RULE, text=LETTER.replace("free-the-press", "the-draft"), opens=False)
    world.slug = slug
    paul = world.share(PAUL)
    answer = press(world, world.desk(), f"{url(world)}/opening", "/opening")
    page = answer.headers["location"]
    assert world.client.get(world.path).status_code == 404
    # The text changes: what was proposed is about another one.
    form = paul.browser.get(page).text
    changed = LETTER.replace("free-the-press", slug).replace("Hear the station", "Hear us")
    world.letter(RULE, text=changed, opens=False)
    assert "has changed since" in paul.browser.get(page).text
    assert paul.post(f"{page}/agreement", form).status_code == 409
    assert world.client.get(world.path).status_code == 404
    assert "so nothing was done" in text_of(world.mails_to(OLGA)[-1])
    assert world.trail("proposal void")
    # Proposed and agreed to anew.
    page = press(world, world.desk(), f"{url(world)}/opening", "/opening").headers["location"]
    assert press(world, paul, page, "/agreement").status_code == 303
    assert world.client.get(world.path).status_code == 200


def test_nobody_agrees_with_themselves(world: World) -> None:
    world.letter(RULE)
    world.share(PAUL)
    page = propose_to_close(world)
    olga = world.desk()
    shown = olga.browser.get(page).text
    assert "Agree, and do it" not in shown
    assert olga.post(f"{page}/agreement", shown).status_code == 409
    assert olga.post(f"{page}/rejection", shown).status_code == 409
    assert status(world) == "open"
    # Nor is the same proposed twice.
    again = olga.post(f"{url(world)}/closing", shown)
    assert again.status_code == 409
    assert "waits for a second organiser already" in again.text
    assert "was proposed already" in olga.browser.get(f"{url(world)}/closing").text


def test_a_proposal_is_rejected_with_a_reason_or_taken_back(world: World) -> None:
    world.letter(RULE)
    paul = world.share(PAUL)
    page = propose_to_close(world)
    form = paul.browser.get(page).text
    long = paul.post(f"{page}/rejection", form, reason="x" * 501)
    assert long.status_code == 422
    assert "x" * 501 in long.text
    assert press(world, paul, page, "/rejection", reason="Too early.").status_code == 303
    assert "Too early." in text_of(world.mails_to(OLGA)[-1])
    assert paul.post(f"{page}/agreement", form).status_code == 409

    page = propose_to_close(world)
    form = paul.browser.get(page).text
    assert paul.post(f"{page}/withdrawal", form).status_code == 409
    assert press(world, world.desk(), page, "/withdrawal").status_code == 303
    assert paul.post(f"{page}/agreement", form).status_code == 409
    assert status(world) == "open"
    listed = paul.browser.get(f"{url(world)}/agreements").text
    assert "Nothing waits for a second organiser." in listed
    assert "Rejected" in listed
    assert "Taken back" in listed


def test_a_proposal_waits_seven_days(world: World) -> None:
    world.letter(RULE)
    world.share(PAUL)
    page = propose_to_close(world)
    with later(days=7, minutes=1):
        paul = world.desk(PAUL)
        shown = paul.browser.get(page).text
        assert "nobody agreed within seven days" in shown
        assert "Agree, and do it" not in shown
        assert paul.post(f"{page}/agreement", shown).status_code == 409
        world.worker.keep_house()
        assert world.trail("proposal expired")
        assert status(world) == "open"
        assert propose_to_close(world) != page


def test_two_who_agree_at_once_do_it_once(world: World) -> None:
    world.letter(RULE)
    desks = [world.share(PAUL), world.share(RITA)]
    page = propose_to_close(world)
    forms = {desk: desk.browser.get(page).text for desk in desks}
    answers = at_once(
        *(lambda desk=desk: desk.post(f"{page}/agreement", forms[desk]) for desk in desks)
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(world.trail("letter closed")) == 1


def test_only_whoever_could_do_it_alone_may_agree(world: World) -> None:
    world.letter(RULE)
    world.share(PAUL)
    rita = world.share(RITA, "reviewer")
    page = propose_to_close(world)
    assert all("has to agree" not in mail["subject"] for mail in world.mails_to(RITA))
    shown = rita.browser.get(page).text
    assert "Close the letter." in shown
    assert "Agree, and do it" not in shown
    for decision in ("agreement", "rejection", "withdrawal"):
        assert rita.post(f"{page}/{decision}", shown).status_code == 403
    assert status(world) == "open"


def test_whoever_was_let_go_proposes_nothing_any_more(world: World) -> None:
    world.letter(RULE)
    paul = world.share(PAUL)
    world.share(RITA)
    page = press(world, paul, f"{url(world)}/closing", "/closing").headers["location"]
    olga = world.desk()
    (removal,) = removals(olga.browser.get(f"{url(world)}/team"), PAUL)
    assert olga.post(removal, olga.browser.get(f"{url(world)}/team").text).status_code == 303
    shown = olga.browser.get(page).text
    assert "Agree, and do it" not in shown
    assert olga.post(f"{page}/agreement", shown).status_code == 409
    assert status(world) == "open"


def removals(page: httpx.Response, email: str) -> list[str]:
    entries = [part for part in page.text.split("<li>") if f"<bdi>{email}</bdi>" in part]
    return [
        part.partition('"')[0]
        for entry in entries
        for part in entry.split('action="')
        if part.partition('"')[0].endswith("/removal")
    ]


def test_a_single_owner_has_to_invite_another_first(world: World) -> None:
    world.letter(RULE)
    world.share(RITA, "reviewer")
    olga = world.desk()
    shown = olga.browser.get(f"{url(world)}/closing").text
    assert "Invite a second one first." in shown
    assert "Propose to close it" not in shown
    refused = olga.post(f"{url(world)}/closing", shown)
    assert refused.status_code == 409
    assert "Invite a second one first." in refused.text
    # Stopping is the safe direction, and one is enough.
    assert olga.move(world.slug, "pause").status_code == 303
    assert status(world) == "paused"


def test_the_rule_takes_one_to_begin_and_two_to_end(world: World) -> None:
    olga = world.desk()
    team = f"{url(world)}/team"
    assert press(world, olga, team, "/two-person-rule").status_code == 303
    alone = press(world, olga, team, "/two-person-rule/end")
    assert alone.status_code == 409
    paul = world.share(PAUL)
    assert press(world, olga, team, "/two-person-rule/end").status_code == 303
    assert "was proposed and waits" in olga.browser.get(team).text
    (page,) = (f"{url(world)}/{one}" for one in waiting(world))
    assert press(world, paul, page, "/agreement").status_code == 303
    assert [entry.facts["two_person"] for entry in world.trail("two-person rule set")] == [
        True,
        False,
    ]
    assert olga.move(world.slug, "closing").status_code == 303
    assert status(world) == "closed"


def waiting(world: World) -> list[str]:
    with world.database.read() as db:
        return [one.path for one in proposals.waiting(db, letters.by_slug(db, world.slug))]
