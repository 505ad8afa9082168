"""Where a letter has the two-person rule, one organiser proposes and another agrees."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest
import time_machine
from sqlalchemy import select, update
from sqlmodel import col

from app.endorsement import endorsement_lists
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.organiser import proposals, roles
from app.organiser.agreed import ACTIONS
from app.organiser.team_invitations import TeamInvitation
from tests.journeys.test_api import Program, token
from tests.journeys.test_team import PAUL, RITA, VERA, accept, invite, member, press, role_of
from tests.world import (
    AURORA,
    BOREAS,
    LETTER,
    OLGA,
    OTTO,
    Desk,
    Forms,
    World,
    at_once,
    later,
    text_of,
)

RULE = "two_person: true"


@pytest.fixture(autouse=True)
def morning() -> Iterator[None]:
    """Tomorrow, in the middle of the hour by which allowances are counted."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with time_machine.travel(tomorrow.replace(hour=7, minute=10), tick=True):
        yield


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
    assert "We have what we need." in text_of(mail)
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
    assert "Close the letter" in shown
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


def test_the_rule_begins_with_two_owners_and_takes_two_to_end(world: World) -> None:
    olga = world.desk()
    team = f"{url(world)}/team"
    world.share(RITA, "reviewer")
    page = olga.browser.get(team).text
    assert "It needs two owners" in page
    alone = olga.post(f"{url(world)}/two-person-rule", page)
    assert alone.status_code == 409
    assert "Two owners are needed" in alone.text
    paul = world.share(PAUL)
    assert press(world, olga, team, "/two-person-rule").status_code == 303
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


def begin_rule(world: World) -> Desk:
    """Olga switches it on, having Paul beside her; his desk."""
    paul = world.share(PAUL)
    answer = press(world, world.desk(), f"{url(world)}/team", "/two-person-rule")
    assert answer.status_code == 303
    return paul


def newest(world: World) -> str:
    return f"{url(world)}/{waiting(world)[-1]}"


def test_nobody_makes_up_a_second_person_to_agree(world: World) -> None:
    paul = begin_rule(world)
    # A mailbox of Olga's own, that could agree with her to anything.
    for role in ("owner", "reviewer"):
        answer = invite(world, VERA, role)
        assert answer.headers["location"] == f"{url(world)}/agreements"
        assert world.mails_to(VERA) == []
        page = newest(world)
        own = world.desk()
        assert own.post(f"{page}/agreement", own.browser.get(page).text).status_code == 409
        press(world, own, page, "/withdrawal")
    assert role_of(world, VERA) == ()
    # Nobody's address is kept for what will not happen.
    assert addresses(world) == []

    invite(world, VERA, "owner", name="Vera Lund")
    page = newest(world)
    shown = paul.browser.get(page).text
    assert "Ask somebody by mail to work on the letter, as: Owner" in shown
    assert VERA in shown
    assert "Vera Lund" in shown
    assert press(world, paul, page, "/agreement").status_code == 303
    assert "o…@organisers.example" in text_of(world.mails_to(VERA)[-1])  # it is she who invites
    accept(world, VERA)
    assert "own" in role_of(world, VERA)
    assert VERA not in paul.browser.get(page).text


def addresses(world: World) -> list[str]:
    with world.database.read() as db:
        return [one.address for one in db.scalars(select(TeamInvitation)) if one.address]


def test_whom_it_is_about_is_seen_by_those_who_could_agree(world: World) -> None:
    begin_rule(world)
    rita = world.share(RITA, "reviewer")
    invite(world, VERA, "owner", name="Vera Lund")
    shown = rita.browser.get(newest(world)).text
    assert "as: Owner" in shown
    assert VERA not in shown
    assert "Vera Lund" not in shown


def test_a_proposed_invitation_nobody_agrees_to_is_forgotten(world: World) -> None:
    begin_rule(world)
    invite(world, VERA, "owner")
    page = newest(world)
    assert addresses(world) != []
    with later(days=7, minutes=1):
        world.keep_house()
        paul = world.desk(PAUL)
        assert paul.post(f"{page}/agreement", paul.browser.get(page).text).status_code == 409
    assert addresses(world) == []
    assert world.mails_to(VERA) == []


def test_the_same_mailbox_is_proposed_once_and_invited_once(world: World) -> None:
    paul = begin_rule(world)
    invite(world, VERA, "owner")
    assert invite(world, VERA, "owner").status_code == 409
    owner = newest(world)
    invite(world, VERA, "reviewer")
    reviewer = newest(world)
    assert press(world, paul, owner, "/agreement").status_code == 303
    assert press(world, paul, reviewer, "/agreement").status_code == 422
    assert invite(world, VERA, "owner").status_code == 422
    accept(world, VERA)
    assert press(world, paul, reviewer, "/agreement").status_code == 422
    assert role_of(world, VERA) == roles.ABILITIES["owner"]


def test_writers_and_lookers_are_invited_by_one(world: World) -> None:
    begin_rule(world)
    assert invite(world, VERA, "viewer").headers["location"] == f"{url(world)}/team"
    accept(world, VERA)
    olga = world.desk()
    page = olga.browser.get(f"{url(world)}/team").text
    edits = olga.post(f"{member(world, VERA)}/role", page, role="editor")
    assert edits.headers["location"] == f"{url(world)}/team"
    assert role_of(world, VERA) == roles.ABILITIES["editor"]


def test_a_role_that_could_agree_is_given_by_two(world: World) -> None:
    paul = begin_rule(world)
    world.share(VERA, "viewer")
    olga = world.desk()
    page = olga.browser.get(f"{url(world)}/team").text
    proposed = olga.post(f"{member(world, VERA)}/role", page, role="reviewer")
    assert proposed.headers["location"] == f"{url(world)}/agreements"
    assert role_of(world, VERA) == roles.ABILITIES["viewer"]
    shown = paul.browser.get(newest(world)).text
    assert "Change somebody&#39;s role on the letter from Viewer to Reviewer" in shown
    assert VERA in shown
    assert press(world, paul, newest(world), "/agreement").status_code == 303
    assert role_of(world, VERA) == roles.ABILITIES["reviewer"]
    # From reviewer to owner is a step up, too; back down again takes one alone.
    olga.post(f"{member(world, VERA)}/role", page, role="owner")
    assert role_of(world, VERA) == roles.ABILITIES["reviewer"]
    stale = newest(world)
    olga.post(f"{member(world, VERA)}/role", page, role="viewer")
    assert role_of(world, VERA) == roles.ABILITIES["viewer"]
    # What was proposed was about a reviewer.
    assert paul.post(f"{stale}/agreement", paul.browser.get(stale).text).status_code == 409
    assert role_of(world, VERA) == roles.ABILITIES["viewer"]


def test_an_invitation_from_before_the_rule_makes_nobody_a_second_one(world: World) -> None:
    invite(world, VERA, "owner")
    invite(world, RITA, "reviewer")
    invite(world, OTTO, "viewer")
    begin_rule(world)
    for email in (VERA, RITA):
        path = world.link(email, "/desk/sign-in/team/")
        assert world.browser().get(path).status_code == 410
        assert world.browser().post(path).status_code == 410
        assert role_of(world, email) == ()
    assert len(world.trail("team invitation taken back")) == 2
    accept(world, OTTO)
    assert role_of(world, OTTO) == roles.ABILITIES["viewer"]


def test_nor_does_one_from_before_the_operator_set_the_rule(world: World) -> None:
    paul = world.share(PAUL)
    invite(world, VERA, "owner")
    world.letter(RULE)
    assert world.browser().get(world.link(VERA, "/desk/sign-in/team/")).status_code == 410
    again = press(world, paul, f"{url(world)}/team", "/mail")
    assert again.status_code == 409
    assert "Two owners have to agree to this by now." in again.text


def test_where_there_is_one_owner_yet_the_second_is_invited_and_no_third(world: World) -> None:
    world.letter(RULE)
    assert invite(world, RITA, "reviewer").status_code == 409
    invite(world, PAUL, "owner")
    invite(world, VERA, "owner")
    form = world.link(VERA, "/desk/sign-in/team/")
    accept(world, PAUL)
    assert "own" in role_of(world, PAUL)
    assert world.browser().post(form).status_code == 410
    assert role_of(world, VERA) == ()
    assert "Nobody is invited" in world.desk().browser.get(f"{url(world)}/team").text


def test_two_who_accept_at_once_are_not_both_the_second_owner(world: World) -> None:
    world.letter(RULE)
    acts = []
    for email in (PAUL, VERA):
        invite(world, email, "owner")
        browser, path = world.browser(), world.link(email, "/desk/sign-in/team/")
        form = {**Forms(browser.get(path).text).forms[path], "name": "Somebody"}
        acts.append(partial(browser.post, path, data=form))
    assert sorted(answer.status_code for answer in at_once(*acts)) == [303, 410]


def test_two_owners_stay_as_long_as_the_rule_does(world: World) -> None:
    paul = begin_rule(world)
    olga = world.desk()
    page = olga.browser.get(f"{url(world)}/team").text
    assert "it needs two owners" in page
    assert f"{member(world, PAUL)}/removal" not in page
    pauls = member(world, PAUL)
    assert olga.post(f"{pauls}/role", page, role="viewer").status_code == 422
    assert olga.post(f"{pauls}/removal", page).status_code == 422
    left = paul.post(f"{url(world)}/team/departure", paul.browser.get(f"{url(world)}/team").text)
    assert left.status_code == 422
    assert "it needs two owners" in left.text
    world.share(VERA)
    assert olga.post(f"{pauls}/removal", page).status_code == 303
    assert role_of(world, PAUL) == ()


def test_a_program_approves_nobody_where_two_have_to_agree(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS)
    begin_rule(world)
    secret = token(world.desk(), "look", "review")
    program = Program(world, secret)
    path = f"/letters/{world.slug}/endorsements"
    first, second = (one["id"] for one in program.get(path)["endorsements"])
    for one in (first, second):
        code, sentence = program.refused("POST", f"{path}/{one}/approval")
        assert code == 403
        assert sentence.startswith("This letter has the two-person rule: people at the desk")
    assert world.names() == []
    declined = program.browser.post(f"/api/v1{path}/{first}/decline", json={"reason": "Unknown."})
    assert declined.status_code == 200
    # A person looks at one and approves it, alone.
    assert world.desk().decide(world.slug, "Boreas Legal Aid", "approval").status_code == 303
    assert world.names() == ["Boreas Legal Aid"]


def test_a_loop_of_single_approvals_gets_around_nothing(world: World) -> None:
    world.approved(AURORA)
    world.crowd(41)
    with world.database.write() as db:
        of_crowd = update(Endorsement).where(col(Endorsement.organisation) != "Aurora Media Watch")
        db.execute(of_crowd.values(status="verified", decided_at=None))
    begin_rule(world)
    olga = world.desk()
    page = olga.queue(world.slug)
    with world.database.read() as db:
        letter = letters.by_slug(db, world.slug)
        ids = [one.id for one in endorsement_lists.with_status(db, letter, "verified")]
    paths = [f"{url(world)}/endorsements/{one}/approval" for one in ids]
    answers = [olga.post(path, page) for path in paths]
    assert [answer.status_code for answer in answers] == [303] * 40 + [429]
    assert "a second organiser then has to agree" in answers[-1].text
    assert world.count()["total"] == 41
    # Another organiser has looked at it as well: the allowance is each one's own.
    paul = world.desk(PAUL)
    assert paul.post(paths[-1], paul.queue(world.slug)).status_code == 303


def test_proposing_and_taking_back_again_and_again_ends(world: World) -> None:
    begin_rule(world)
    olga = world.desk()
    closing = f"{url(world)}/closing"
    page = olga.browser.get(closing).text
    for _time in range(30):
        answer = olga.post(closing, page)
        assert answer.status_code == 303
        olga.post(f"{answer.headers['location']}/withdrawal", page)
    refused = olga.post(closing, page)
    assert refused.status_code == 429
    assert "You have proposed a lot in this hour" in refused.text
    assert len(world.mails_to(PAUL)) == 30
    with later(hours=1):
        olga = world.desk()
        assert olga.post(closing, olga.browser.get(closing).text).status_code == 303


def test_changing_roles_to_and_fro_ends(world: World) -> None:
    world.share(VERA, "viewer")
    olga = world.desk()
    page = olga.browser.get(f"{url(world)}/team").text
    change = f"{member(world, VERA)}/role"
    to_and_fro = ["editor", "viewer"] * 15
    answers = [olga.post(change, page, role=role).status_code for role in to_and_fro]
    assert answers == [303] * 30
    refused = olga.post(change, page, role="editor")
    assert refused.status_code == 429
    assert "You have changed many roles in this hour" in refused.text
    assert role_of(world, VERA) == roles.ABILITIES["viewer"]


def test_who_could_agree_to_anything_has_a_say() -> None:
    """An action that asks for another ability has to be named in roles.DECIDING."""
    assert {action.ability for action in ACTIONS.values()} == set(roles.DECIDING)
    assert [role for role in roles.ROLES if roles.gives_say(role)] == ["owner", "reviewer"]
