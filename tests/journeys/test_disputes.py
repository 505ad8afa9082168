"""Scenario 25: "This isn't us", from the public list to the organisers' decision."""

import re
from datetime import UTC, datetime
from html import unescape

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient

from app import links
from app.dispute.disputes import Dispute
from app.endorsement.endorsements import Endorsement
from app.links import Link
from app.mailing.suppressions import Suppression
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    OLGA,
    OTTO,
    Forms,
    World,
    at_once,
    later,
    listed_name,
    submit,
    text_of,
)

NAME = "Aurora Media Watch"
CHAIR = "chair@aurora.example"
STRANGER = "someone@mail.example"


def line(world: World, name: str = NAME) -> str:
    """The address of "this isn't us" beside a name, as it stands on the public list."""
    page = world.client.get(f"{world.path}/signatories").text
    for entry in page.split("<li ")[1:]:
        if f"<bdi>{name}</bdi>" in unescape(entry) or f">{name}<" in unescape(entry):
            found = re.search(r'class="dispute" href="([^"]+)"', entry)
            assert found
            return found[1]
    raise AssertionError(f"{name} is not on the list")


def ask(world: World, email: str, name: str = NAME, **fields: str) -> httpx.Response:
    path = line(world, name)
    return submit(world.client, path, path, email=email, **fields)


def dispute(world: World, email: str, name: str = NAME, **fields: str) -> str:
    """Asks, and presses the button behind the mailed link; answers the page."""
    assert ask(world, email, name, **fields).status_code == 303
    answer = world.client.post(world.link(email, "/dispute/"))
    assert answer.status_code == 200, answer.text
    return answer.text


def subjects(world: World, address: str) -> list[str]:
    return [str(mail["subject"]) for mail in world.mails_to(address)]


def keep(world: World, reason: str = "The board confirmed it by phone.") -> httpx.Response:
    desk = world.desk()
    return desk.decide(world.slug, NAME, "dispute/dismissal", status="disputed", reason=reason)


def test_the_organisations_own_mailbox_hides_the_line_until_an_organiser_decides(
    world: World,
) -> None:
    world.approved(AURORA)
    world.approved(BOREAS)
    answer = ask(world, CHAIR, reason="Anna left us. <b>See</b> https://evil.example")
    assert answer.status_code == 303
    assert "Check your inbox" in world.client.get(answer.headers["location"]).text
    (mail,) = world.mails_to(CHAIR)
    assert NAME in text_of(mail)
    assert "Anna left" not in text_of(mail) + str(mail["subject"])
    link = world.link(CHAIR, "/dispute/")

    # Opening the link changes nothing, however often.
    before = world.rows()
    for method in ("GET", "HEAD", "GET"):
        assert world.client.request(method, link).status_code == 200
    assert world.rows() == before
    page = unescape(world.client.get(link).text)
    assert "the line is hidden at once" in page
    assert NAME in world.names()

    pressed = world.client.post(link)
    assert "The line is hidden from the list." in pressed.text
    assert world.names() == ["Boreas Legal Aid"]
    assert world.count()["total"] == 1
    for path in ("", "/signatories", "/signatories.csv", "/embed"):
        assert NAME not in world.client.get(world.path + path).text, path
    (told,) = world.trail("hidden")
    assert told.actor == "visitor"

    # The signer and those who decide are told; none of the stranger's words is in a mail.
    assert subjects(world, AURORA["email"])[-1] == (
        "Your line is hidden for now: Free the press of Ardal"
    )
    mail = world.mails_to(OLGA)[-1]
    assert mail["subject"] == "A line was hidden, as it is disputed: Free the press of Ardal"
    assert "Anna left" not in text_of(mail)
    assert (
        "hidden until the organisers decide"
        in world.client.get(world.link(AURORA["email"], "/manage/")).text
    )

    overview = world.desk().browser.get(f"/desk/letters/{world.slug}").text
    assert "1 line of the list is disputed: please decide." in overview
    queue = world.desk().queue(world.slug, "disputed")
    assert "Anna left us. &lt;b&gt;See&lt;/b&gt; https://evil.example" in queue
    assert "c…@aurora.example" in queue
    assert CHAIR not in queue
    assert 'class="badge hidden-line">Hidden' in queue


def test_shown_again_with_a_reason_that_the_signer_is_told(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    refused = keep(world, "  ")
    assert refused.status_code == 422
    assert "Say why: the signer is told the reason." in refused.text
    assert world.names() == []
    assert keep(world).is_redirect
    assert world.names() == [NAME]
    mail = world.mails_to(AURORA["email"])[-1]
    assert mail["subject"] == "Your line is shown again: Free the press of Ardal"
    assert "The board confirmed it by phone." in text_of(mail)
    assert "Nobody disputes a line" in world.desk().queue(world.slug, "disputed")
    (shown,) = world.trail("shown again")
    assert shown.reason == "The board confirmed it by phone."
    # What happened stays beside the line.
    assert "Set aside" in world.desk().queue(world.slug, "approved")


def test_declining_a_hidden_line_takes_it_off_and_tells_the_signer_why(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    world.desk().decide(world.slug, NAME, "decline", status="disputed", reason="Not yours to give.")
    assert "Nobody disputes a line" in world.desk().queue(world.slug, "disputed")
    assert "Not yours to give." in text_of(world.told(AURORA["email"])[-1])
    # Approved again after all, it is listed.
    world.desk().decide(world.slug, NAME, "approval", status="declined")
    assert world.names() == [NAME]


def test_a_decision_that_is_taken_back_leaves_the_line_hidden(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    desk = world.desk()
    declined = desk.decide(world.slug, NAME, "decline", status="disputed", reason="No.")
    page = desk.browser.get(declined.headers["location"]).text
    (path, form) = next(one for one in Forms(page).forms.items() if one[0].endswith("/undo"))
    assert desk.browser.post(path, data=form).is_redirect
    assert world.names() == []
    assert NAME in desk.queue(world.slug, "disputed")


@pytest.mark.parametrize(
    "email",
    [STRANGER, "aurora@gmail.com", "a@aurora.example.evil.example", "a@notaurora.example"],
)
def test_any_other_mailbox_only_tells_the_organisers(world: World, email: str) -> None:
    world.approved(AURORA)
    assert "They look into it and decide." in dispute(world, email)
    assert world.names() == [NAME]
    assert not world.trail("hidden")
    assert "Your line is hidden" not in " ".join(subjects(world, AURORA["email"]))
    assert subjects(world, OLGA)[-1] == "A line of the list is disputed: Free the press of Ardal"
    queue = world.desk().queue(world.slug, "disputed")
    assert "Keep on the list" in queue
    assert keep(world, "").status_code == 422
    assert keep(world).is_redirect
    assert world.names() == [NAME]
    assert "shown again" not in " ".join(subjects(world, AURORA["email"]))
    (kept,) = world.trail("dispute set aside")
    assert kept.reason == "The board confirmed it by phone."


def test_a_page_on_a_shared_site_makes_nobody_its_owner(world: World) -> None:
    world.approved(AURORA, website="https://aurora.github.io", email="anna@mail.example")
    dispute(world, "a@github.io")
    assert world.names() == [NAME]
    world.approved(BOREAS, website="https://www.facebook.com/boreas")
    dispute(world, "b@facebook.com", "Boreas Legal Aid")
    assert len(world.names()) == 2


def test_a_subdomain_of_the_website_is_its_own(world: World) -> None:
    world.approved(AURORA, website="https://www.aurora.example/en")
    assert "hidden from the list" in dispute(world, "press@mail.aurora.example")
    assert world.names() == []


def test_a_domain_that_the_address_book_knows_hides_what_a_troll_signed(world: World) -> None:
    world.approved(AURORA)
    # The same name under a letter of the same book, signed with a website of the troll's own.
    world.another_letter()
    world.approved(AURORA, website="https://troll.example", email="t@troll.example")
    assert "hidden from the list" in dispute(world, CHAIR)
    assert world.names() == []


def test_an_individuals_line_is_never_hidden_by_a_mail(world: World) -> None:
    world.approved(DARIA, organisation="Aurora", website="https://mail.example")
    page = world.client.get(line(world, "Daria Orlova")).text
    assert "This isn't me" in page
    dispute(world, DARIA["email"], "Daria Orlova")
    assert world.names() == ["Daria Orlova"]
    assert "Daria Orlova" in world.desk().queue(world.slug, "disputed")


def test_the_answer_is_the_same_whatever_the_address(world: World) -> None:
    world.approved(AURORA)
    path = line(world)
    answers, work = [], []
    for email in (AURORA["email"], CHAIR, STRANGER):
        with world.statements() as heard:
            answer = world.client.post(path, data={"email": email})
        followed = world.client.get(answer.headers["location"])
        answers.append((answer.status_code, answer.headers.multi_items(), followed.content))
        work.append(heard)
    assert answers[0] == answers[1] == answers[2]
    assert work[0] == work[1] == work[2]


def test_no_more_than_three_mails_a_day_to_an_address(world: World) -> None:
    world.approved(AURORA)
    answers = [ask(world, STRANGER) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(world.mails_to(STRANGER)) == 3
    with later(hours=25):
        ask(world, STRANGER)
        assert len(world.mails_to(STRANGER)) == 4


def test_what_was_typed_is_kept_where_it_can_not_be_taken(world: World) -> None:
    world.approved(AURORA)
    path = line(world)
    for fields, complaint in (
        ({"email": "", "reason": "Kept."}, "Please give an e-mail address."),
        ({"email": "a@one.example, b@two.example", "reason": "Kept."}, "one e-mail address alone"),
        ({"email": STRANGER, "reason": "Kept." * 201}, "at most 1,000 characters"),
    ):
        refused = world.client.post(path, data=fields)
        assert refused.status_code == 422
        assert complaint in refused.text
        assert "Kept." in refused.text
    assert world.mails_to(STRANGER) == []


def test_pressed_twice_or_at_once_it_happens_once(world: World) -> None:
    world.approved(AURORA)
    ask(world, CHAIR)
    link = world.link(CHAIR, "/dispute/")
    answers = at_once(*[lambda: world.client.post(link)] * 4)
    assert {answer.status_code for answer in answers} == {200}
    assert "The line is hidden" in world.client.post(link).text
    assert len(world.trail("disputed")) == len(world.trail("hidden")) == 1
    assert len([s for s in subjects(world, OLGA) if "hidden" in s]) == 1
    # The same page whoever opens the link later.
    assert "The organisers have been told" in world.client.get(link).text


def test_a_link_is_good_for_seven_days(world: World) -> None:
    world.approved(AURORA)
    ask(world, CHAIR)
    link = world.link(CHAIR, "/dispute/")
    with later(days=7, hours=1):
        gone = world.client.get(link)
        assert (gone.status_code, "This link is too old" in gone.text) == (410, True)
        assert world.client.post(link).status_code == 410
        assert world.names() == [NAME]
    with later(days=9):
        world.keep_house()
        assert world.client.get(link).status_code == 404
        with world.database.read() as db:
            assert not db.scalars(select(Dispute)).all()


def test_a_mail_that_waited_has_its_seven_days_all_the_same(world: World) -> None:
    world.approved(AURORA)
    ask(world, CHAIR)
    link = world.link(CHAIR, "/dispute/")
    with later(days=3), world.database.write() as db:
        (dispute,) = db.scalars(select(Dispute)).all()
        links.handed_over(db, [dispute.link])
    with later(days=8, hours=1):
        world.keep_house()
        assert world.client.get(link).status_code == 200
    with later(days=12):
        world.keep_house()
        assert world.client.get(link).status_code == 404


def test_a_damaged_link_is_explained(world: World) -> None:
    damaged = world.client.get("/dispute/" + "x" * 40)
    assert damaged.status_code == 404


def test_after_a_withdrawal_nothing_is_left_to_do(world: World) -> None:
    world.approved(AURORA)
    ask(world, CHAIR)
    link = world.link(CHAIR, "/dispute/")
    world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")
    assert "not on the public list any more" in world.client.get(link).text
    before = world.rows()
    moot = world.client.post(link)
    assert "not on the public list any more" in moot.text
    assert NAME not in moot.text
    assert world.rows() == before


def test_withdrawal_wins_over_a_dispute(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")
    assert NAME not in world.desk().queue(world.slug, "disputed")
    assert NAME in world.desk().queue(world.slug, "withdrawn")


def test_a_line_that_was_merged_is_disputed_where_it_stands(world: World) -> None:
    world.approved(AURORA)
    world.approved(AURORA, organisation="Aurora Watch", email="ben@aurora.example")
    ask(world, CHAIR, "Aurora Watch")
    link = world.link(CHAIR, "/dispute/")
    with world.database.read() as db:
        rows = db.scalars(select(Endorsement))
        ids = {one.organisation: str(one.id) for one in rows}
    desk = world.desk()
    merged = desk.post(
        f"/desk/letters/{world.slug}/endorsements/{ids['Aurora Watch']}/merge",
        desk.queue(world.slug, "approved"),
        line=ids[NAME],
        into=ids[NAME],
    )
    assert merged.is_redirect, merged.text
    assert world.names() == [NAME]
    assert NAME in world.client.get(link).text
    world.client.post(link)
    assert world.names() == []
    assert NAME in world.desk().queue(world.slug, "disputed")


def test_what_an_organiser_set_aside_one_mailbox_can_not_hide_again(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    keep(world)
    assert "They look into it" in dispute(world, "Chair+again@aurora.example")
    assert world.names() == [NAME]
    # A colleague's mailbox is another voice.
    dispute(world, "board@aurora.example")
    assert world.names() == []


def test_a_dispute_that_came_since_the_page_was_opened_is_read_first(world: World) -> None:
    world.approved(AURORA)
    dispute(world, STRANGER)
    desk = world.desk()
    page = desk.queue(world.slug, "disputed")
    dispute(world, CHAIR)
    refused = desk.press(page, NAME, "dispute/dismissal", reason="No.")
    assert refused.status_code == 409
    assert world.names() == []
    twice = desk.queue(world.slug, "disputed")
    assert desk.press(twice, NAME, "dispute/dismissal", reason="No.").is_redirect
    assert desk.press(twice, NAME, "dispute/dismissal", reason="No.").status_code == 409


def test_whoever_did_not_ask_gets_no_more_mail_about_the_letter(world: World) -> None:
    world.approved(AURORA)
    ask(world, STRANGER, reason="Words of somebody else.")
    link = world.link(STRANGER, "/dispute/")
    assert "no more mail about this letter" in world.client.post(f"{link}/refusal").text
    assert "Nothing was done" in world.client.get(link).text
    assert "Nothing was done" in world.client.post(link).text
    assert not world.trail("disputed")
    with world.database.read() as db:
        assert len(db.scalars(select(Suppression)).all()) == 1
        assert [one.reason for one in db.scalars(select(Dispute))] == [""]
    assert ask(world, STRANGER).status_code == 303
    assert len(world.mails_to(STRANGER)) == 1


def test_what_is_not_listed_can_not_be_disputed_and_is_not_told_apart(world: World) -> None:
    world.approved(AURORA)
    world.approved(CIRRUS, visibility="confidential")
    world.verified(BOREAS)
    world.sign(DARIA)
    with world.database.read() as db:
        ids = {
            one.listed_name: one.public_id
            for one in db.scalars(select(Endorsement).where(col(Endorsement.folded) != ""))
        }
    listed = ids.pop(NAME)
    ids["hidden"] = listed
    dispute(world, CHAIR)
    answers = set()
    for public_id in (*ids.values(), "0" * 22, "unknown"):
        path = f"{world.path}/signatories/{public_id}/dispute"
        for method, end in (("GET", ""), ("POST", ""), ("GET", "/sent")):
            answer = world.client.request(method, path + end)
            answers.add((answer.status_code, answer.content))
    ((status, content),) = answers
    assert status == 404
    # Their page may be older than the list: they learn that nothing is left to dispute.
    assert b"This line is not on the public list any more." in content
    assert f'href="{world.path}/signatories"' in content.decode()


def test_the_address_of_who_disputes_is_shown_once_it_is_logged(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    desk = world.desk()
    queue = desk.queue(world.slug, "disputed")
    path = re.search(r'action="([^"]+/disputes/[^"]+/address)"', queue)
    assert path
    assert CHAIR not in desk.browser.get(path[1]).text
    assert CHAIR in desk.post(path[1], queue).text
    assert world.trail("disputing address revealed")


def test_who_may_only_look_sees_it_and_decides_nothing(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    viewer = world.share(OTTO, "viewer")
    queue = viewer.queue(world.slug, "disputed")
    assert "c…@aurora.example" in queue
    assert "dispute/dismissal" not in queue
    # Nor is a viewer written to.
    assert "hidden" not in " ".join(subjects(world, OTTO))


def test_disputes_go_when_the_letters_retention_is_over(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR, reason="Her personal words.")
    world.desk().move(world.slug, "closing")
    with later(days=181):
        world.keep_house()
        with world.database.read() as db:
            assert not db.scalars(select(Dispute)).all()
            assert not db.scalars(select(Link).where(col(Link.purpose) == "dispute")).all()
        assert NAME not in world.desk().queue(world.slug, "disputed")


def test_the_api_says_since_when_a_line_is_hidden(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    desk = world.desk()
    page = desk.browser.get("/desk/tokens").text
    made = desk.post("/desk/tokens", page, name="A program", scopes="look", days="30")
    token = re.search(r"<code>(und_[\w-]+)</code>", made.text)
    assert token
    program: TestClient = world.browser(headers={"authorization": f"Bearer {token[1]}"})
    path = f"/api/v1/letters/{world.slug}/endorsements?status=approved"
    (one,) = program.get(path).json()["endorsements"]
    assert listed_name(one) == NAME
    assert datetime.fromisoformat(one["hidden_at"]) <= datetime.now(UTC)
