"""Organisers write to those who signed: each gets a mail of their own, once, until they say no."""

import re
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app.db import Db
from app.mailing import outbox_delivery
from app.message import message_mails, messages
from app.message.message_mails import MessageMail
from app.message.messages import Message
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    EMIL,
    OLGA,
    OTTO,
    Desk,
    Forms,
    World,
    at_once,
    later,
    meanwhile,
    submit,
    text_of,
)

WORDS = {
    "subject": "We deliver on Monday",
    "body": "Dear friends,\n\nread the [minutes](https://example.org/minutes).",
    "reply_to": "press@organisers.example",
    "to": "all",
}
UNSUBSCRIBE = "/unsubscribe/"


def base(world: World) -> str:
    return f"/desk/letters/{world.slug}/messages"


def write(world: World, desk: Desk | None = None, **fields: str) -> httpx.Response:
    browser = (desk or world.desk()).browser
    return submit(browser, f"{base(world)}/new", base(world), **{**WORDS, **fields})


def drafted(world: World, **fields: str) -> str:
    """The address of a new draft's page."""
    answer = write(world, **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def send(world: World, address: str, desk: Desk | None = None, **fields: str) -> httpx.Response:
    browser = (desk or world.desk()).browser
    return submit(browser, address, f"{address}/sending", **fields)


def keep_house(world: World) -> None:
    world.worker.due = [0.0 for _chore in world.worker.chores]
    world.worker.keep_house()


def leave(world: World) -> None:
    """All mails of messages that can leave do."""
    for _round in range(4):
        keep_house(world)
        world.deliver()
    keep_house(world)


def got(world: World, who: dict[str, str], subject: str = WORDS["subject"]) -> list[Any]:
    """What they have of a message; to confidential signers its subject stands inside."""
    mails = world.mails_to(who["email"])
    return [mail for mail in mails if subject in (mail["subject"], *text_of(mail).split("\n"))]


def figures(world: World) -> dict[str, int]:
    with world.database.read() as db:
        (message,) = db.scalars(select(Message)).all()
        return {name: n for name, n in message_mails.counted(db, message).items() if n}


def test_everybody_who_confirmed_gets_a_mail_of_their_own(world: World) -> None:
    world.approved(AURORA)
    world.verified(BOREAS)
    world.approved(DARIA, visibility="confidential")
    world.sign(CIRRUS)  # and never confirms
    address = drafted(world)
    desk = world.desk()
    page = re.sub(r"\s+", " ", desk.browser.get(address).text)
    assert "3 people get it" in page
    for name in (AURORA["organisation"], BOREAS["organisation"], DARIA["name"]):
        assert f"<bdi>{name}</bdi>" in page
    assert CIRRUS["organisation"] not in page
    assert "Answers go to press@organisers.example." in page
    assert '<a href="https://example.org/minutes"' in page
    assert got(world, AURORA) == []

    assert send(world, address).status_code == 303
    leave(world)
    for who in (AURORA, BOREAS, DARIA):
        (mail,) = got(world, who)
        assert mail["reply-to"] == "press@organisers.example"
        assert mail["to"] == who["email"]
        assert "[1] https://example.org/minutes" in text_of(mail)
        html = mail.get_body(("html",)).get_content()
        assert '<a href="https://example.org/minutes"' in html
        others = {AURORA["email"], BOREAS["email"], DARIA["email"]} - {who["email"]}
        assert not any(other in mail.as_string() for other in others)
    assert got(world, CIRRUS) == []
    assert figures(world) == {"sent": 3}
    assert "All its mails have left." in desk.browser.get(address).text
    assert "<dd>3</dd>" in desk.browser.get(base(world)).text
    (entry,) = world.trail("message addressed")
    assert entry.facts["number"] == 3
    assert world.trail("message sent")[0].actor == "worker"


def test_nobody_is_chosen_by_itself(world: World) -> None:
    world.approved(AURORA)
    refused = write(world, to="")
    assert refused.status_code == 422
    assert "Choose who gets it: nobody is chosen by itself." in refused.text
    assert WORDS["subject"] in refused.text
    assert "read the [minutes]" in refused.text


def test_who_signed_twice_with_one_address_gets_one_mail(world: World) -> None:
    world.approved(AURORA)
    world.approved(AURORA, organisation="Aurora Norway")
    world.approved(AURORA, organisation="Aurora Sweden", email="Anna+letters@Aurora.example")
    address = drafted(world)
    page = world.desk().browser.get(address).text
    assert "1 person gets it" in page
    assert "Aurora Norway" in page
    send(world, address)
    leave(world)
    assert len(got(world, AURORA)) == 1
    assert figures(world) == {"sent": 1}


@pytest.mark.parametrize(
    ("chosen", "reached"),
    [
        ({"to": "approved"}, {"Aurora", "Cirrus", "Daria"}),
        ({"to": "verified"}, {"Boreas"}),
        ({"kind": "individual"}, {"Daria"}),
        ({"kind": "organisation", "country": "GE"}, {"Cirrus"}),
        ({"version": "2"}, {"Boreas"}),
        ({"version": "1", "confidential": "no"}, {"Aurora", "Cirrus"}),
        ({"language": "pt"}, set()),
    ],
)
def test_some_are_chosen(world: World, chosen: dict[str, str], reached: set[str]) -> None:
    world.translation()
    with world.database.read() as db:
        (number,) = db.execute(select(func.max(messages.Letter.version))).one()
    for who in (AURORA, CIRRUS):
        world.approved(who)
    world.approved(DARIA, visibility="confidential")
    world.letter('cc: ["The archive"]')
    world.verified(BOREAS)
    if "version" in chosen:
        chosen = {**chosen, "version": str(number + int(chosen["version"]) - 1)}
    page = world.desk().browser.get(drafted(world, **chosen)).text
    names = {"Aurora", "Boreas", "Cirrus", "Daria"}
    assert {name for name in names if f"<bdi>{name} " in page} == reached
    assert ("/sending" in page) == bool(reached)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": " "}, "Give a subject."),
        ({"body": ""}, "Write something first."),
        ({"body": "http://example.org"}, "https addresses only"),
        ({"reply_to": "nobody"}, "The @ is missing"),
        ({"kind": "robots"}, "Choose organisations, individuals, or both."),
        ({"country": "ZZ"}, "choose a country"),
        ({"language": "xx"}, "read in this language"),
        ({"version": "7"}, "There is no such version."),
        ({"version": "9" * 4_500}, "There is no such version."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    world: World, changes: dict[str, str], sentence: str
) -> None:
    refused = write(world, **changes)
    assert refused.status_code == 422
    assert sentence in refused.text
    if "body" not in changes:
        assert "read the [minutes]" in refused.text
    with world.database.read() as db:
        assert db.scalars(select(Message)).all() == []


def test_a_sample_goes_to_its_writer_alone(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    desk = world.desk()
    sent = submit(desk.browser, address, f"{address}/sample")
    assert "A sample is on its way to you." in desk.browser.get(sent.headers["location"]).text
    (mail,) = got(world, {"email": OLGA})
    assert "This is a sample." in text_of(mail)
    assert mail["list-unsubscribe"] is None
    assert got(world, AURORA) == []
    assert figures(world) == {}


def test_an_audience_that_changed_is_looked_at_again(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    desk = world.desk()
    page = desk.browser.get(address).text
    world.verified(BOREAS)
    pressed = desk.browser.post(f"{address}/sending", data=Forms(page).forms[f"{address}/sending"])
    assert pressed.status_code == 409
    assert "has changed since you looked at it" in pressed.text
    assert "2 people get it" in pressed.text
    assert figures(world) == {}
    # The answer is the page as it is now, and can be sent from.
    forms = Forms(pressed.text).forms
    assert desk.browser.post(f"{address}/sending", data=forms[f"{address}/sending"]).is_redirect
    leave(world)
    assert figures(world) == {"sent": 2}


def test_a_text_that_changed_is_looked_at_again(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    olga, otto = world.desk(), world.share(OTTO)
    page = olga.browser.get(address).text
    words = {**WORDS, "subject": "Nonsense"}
    changed = submit(otto.browser, f"{address}/text", f"{address}/text", **words)
    assert changed.status_code == 303
    pressed = olga.browser.post(f"{address}/sending", data=Forms(page).forms[f"{address}/sending"])
    assert pressed.status_code == 409
    assert "Nonsense" in pressed.text


def test_a_text_that_changes_at_that_moment_is_looked_at_again(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    olga = world.desk()
    page = olga.browser.get(address).text

    def change(db: Db) -> None:
        db.scalars(select(Message)).one().subject = "Nonsense"

    answer, _waited = meanwhile(world, change, partial(_press, olga, page, address))
    assert answer.status_code == 409
    leave(world)
    assert got(world, AURORA, "Nonsense") == []


def test_of_two_who_change_a_draft_the_second_is_told(world: World) -> None:
    address = drafted(world)
    olga, otto = world.desk(), world.share(OTTO)
    form = Forms(olga.browser.get(f"{address}/text").text).forms[f"{address}/text"]
    submit(otto.browser, f"{address}/text", f"{address}/text", **{**WORDS, "subject": "His"})
    mine = {**form, **WORDS, "subject": "Mine"}
    told = olga.browser.post(f"{address}/text", data=mine)
    assert told.status_code == 409
    assert "Somebody has changed this draft" in told.text
    assert 'value="Mine"' in told.text
    again = {**mine, **Forms(told.text).forms[f"{address}/text"]}
    assert olga.browser.post(f"{address}/text", data=again).status_code == 303
    assert "Mine" in olga.browser.get(base(world)).text


@pytest.mark.parametrize("round_", range(3))
def test_pressed_twice_or_by_two_it_is_sent_once(world: World, round_: int) -> None:
    world.approved(AURORA)
    address = drafted(world)
    olga, otto = world.desk(), world.share(OTTO)
    answers = at_once(
        partial(_press, olga, olga.browser.get(address).text, address),
        partial(_press, otto, otto.browser.get(address).text, address),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    leave(world)
    assert len(got(world, AURORA)) == 1


def _press(desk: Desk, page: str, address: str) -> httpx.Response:
    return desk.browser.post(f"{address}/sending", data=Forms(page).forms[f"{address}/sending"])


def test_two_workers_queue_each_mail_once(world: World) -> None:
    world.approved(AURORA)
    world.crowd(250)
    send(world, drafted(world))

    def work() -> Any:
        for _round in range(4):
            with world.database.write() as db:
                message_mails.queue_due(db)

    at_once(work, work)
    with world.database.read() as db:
        queued = db.scalars(select(MessageMail.outbox_id)).all()
    assert len(queued) == len(set(queued)) == 251
    leave(world)
    assert (
        len(got(world, AURORA)) == 251
    )  # the crowd has Anna's address, under mailboxes of its own
    assert figures(world) == {"sent": 251}


def test_thousands_hold_up_neither_the_request_nor_the_outbox(world: World) -> None:
    world.approved(AURORA)
    world.crowd(3_000)
    address = drafted(world)
    with world.statements() as heard:
        assert send(world, address).status_code == 303
    assert len(heard) < 30
    for _round in range(5):
        keep_house(world)
    with world.database.read() as db:
        (message,) = db.scalars(select(Message)).all()
        assert message_mails.counted(db, message)["waiting"] == 3_001
        assert message_mails._in_outbox(db, message) == message_mails.MOST_WAITING
    desk = world.desk()
    stopped = submit(desk.browser, address, f"{address}/stop")
    assert stopped.status_code == 303
    leave(world)
    assert got(world, AURORA) == []
    assert figures(world) == {"stopped": 3_001}
    assert "It was stopped." in desk.browser.get(address).text
    assert submit_again(desk, address).status_code == 409


def submit_again(desk: Desk, address: str) -> httpx.Response:
    page = desk.browser.get("/desk/letters").text
    return desk.post(f"{address}/stop", page)


def test_everybody_is_listed_page_by_page(world: World) -> None:
    world.approved(AURORA)
    world.crowd(450)
    desk, seen = world.desk(), []
    address = first = f"{drafted(world)}/recipients"
    while address:
        page = desk.browser.get(address).text
        seen += re.findall(r"<li><bdi>(.+?)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"{first}{following[1]}" if following else ""
    assert len(seen) == len(set(seen)) == 451


def test_who_wants_no_more_messages_still_hears_of_their_signature(world: World) -> None:
    world.verified(AURORA)
    world.approved(BOREAS)
    send(world, drafted(world))
    leave(world)
    link = world.link(AURORA["email"], UNSUBSCRIBE)
    (mail,) = got(world, AURORA)
    assert mail["list-unsubscribe"].strip() == f"<{world.settings.base_url}{link}>"
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    before = world.rows()
    assert "Send me no more messages" in world.client.get(link).text
    assert world.rows() == before
    # As a mail program does it: no cookie, no origin, and no redirect to follow.
    program = world.browser()
    answer = program.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "No more messages" in answer.text
    assert program.post(link).status_code == 200
    assert len(world.trail("messages refused")) == 1

    second = drafted(world, subject="Second")
    page = re.sub(r"\s+", " ", world.desk().browser.get(second).text)
    assert "1 person gets it" in page
    assert "1 more wants no messages about this letter." in page
    send(world, second)
    leave(world)
    assert got(world, AURORA, "Second") == []
    assert len(got(world, BOREAS, "Second")) == 1
    world.desk().decide(world.slug, AURORA["organisation"], "approval")
    assert "approved" in world.told(AURORA["email"])[-1]["subject"]


def test_who_wants_no_messages_can_still_be_invited(world: World) -> None:
    world.approved(AURORA)
    send(world, drafted(world))
    leave(world)
    link = world.link(AURORA["email"], UNSUBSCRIBE)
    assert submit(world.client, link, link).status_code in (200, 303)
    world.invite(f"Aurora Photographers; {AURORA['email']}")
    assert world.link(AURORA["email"], "/invitations/")


def test_who_unsubscribes_of_one_letter_hears_of_the_other(world: World) -> None:
    world.approved(AURORA)
    send(world, drafted(world))
    leave(world)
    world.client.post(world.link(AURORA["email"], UNSUBSCRIBE))
    world.another_letter()
    world.approved(AURORA)
    send(world, drafted(world, subject="Of the archive"))
    leave(world)
    assert len(got(world, AURORA, "Of the archive")) == 1


def test_who_unsubscribes_or_withdraws_on_the_way_gets_none(world: World) -> None:
    world.approved(AURORA)
    world.approved(BOREAS)
    send(world, drafted(world, subject="First"))
    leave(world)
    unsubscribe = world.link(AURORA["email"], UNSUBSCRIBE)
    manage = world.link(BOREAS["email"], "/manage/")
    address = drafted(world)
    send(world, address)
    world.client.post(unsubscribe)
    world.client.post(f"{manage}/withdrawal")
    leave(world)
    assert got(world, AURORA) == []
    assert got(world, BOREAS) == []
    facts = world.desk().browser.get(f"{address}/figures").json()
    assert facts["status"] == "sent"
    assert facts["figures"]["dropped"] == "2"


def test_mails_that_fail_are_counted(world: World) -> None:
    world.approved(AURORA)
    world.approved(BOREAS)
    world.deliver()
    world.sink.behave(refuse={BOREAS["email"]})
    send(world, drafted(world))
    leave(world)
    assert figures(world) == {"sent": 1, "failed": 1}


def test_what_was_stopped_is_not_tried_again_when_the_server_is_back(world: World) -> None:
    world.approved(AURORA)
    world.deliver()
    address = drafted(world)
    send(world, address)
    keep_house(world)
    with world.database.write() as db:
        claimed = outbox_delivery.claim(db)
    submit(world.desk().browser, address, f"{address}/stop")
    with world.database.write() as db:
        outbox_delivery.given_back(db, claimed)
        for mail in claimed:
            outbox_delivery.postponed(db, mail, "no answer")
    with later(days=1):
        leave(world)
    assert got(world, AURORA) == []
    assert figures(world) == {"stopped": 1}


def test_an_organiser_who_is_reported_only_is_not_written_to(world: World) -> None:
    page = f"/desk/letters/{world.slug}/reported"
    desk = world.desk()
    fields = {**EMIL, "received": "mail", "received_on": "2026-01-05", "authority": "yes"}
    submit(desk.browser, f"{page}/new", page, **fields)
    desk.decide(world.slug, EMIL["name"], "approval", status="pending")
    page = re.sub(r"\s+", " ", desk.browser.get(drafted(world)).text)
    assert "0 people get it" in page
    assert "1 more was reported, has not confirmed it, and is not written to." in page
    link = world.link(EMIL["email"], "/reported/")
    submit(world.client, link, link)
    assert "1 person gets it" in desk.browser.get(drafted(world)).text


def test_five_messages_a_day_leave_for_a_letter(world: World) -> None:
    world.approved(AURORA)
    for number in range(5):
        assert send(world, drafted(world, subject=f"No. {number}")).status_code == 303
    refused = send(world, drafted(world, subject="No. 6"))
    assert refused.status_code == 409
    assert "At most five messages a day" in refused.text
    with later(hours=25):
        assert send(world, drafted(world, subject="No. 7")).status_code == 303


def test_a_viewer_looks_and_an_editor_writes(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    for role in ("viewer", "reviewer"):
        desk = world.share(f"{role}@organisers.example", role)
        page = desk.browser.get(address).text
        assert WORDS["subject"] in page
        assert "/sending" not in page
        assert desk.browser.get(f"{base(world)}/new").status_code == 403
        for action in ("text", "sample", "sending", "stop", "removal"):
            assert desk.post(f"{address}/{action}", page, **WORDS).status_code == 403
    editor = world.share(OTTO, "editor")
    assert send(world, address, editor).status_code == 303


def test_a_message_of_another_letter_is_not_there(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    other = address.replace(world.slug, "free-the-archive")
    world.another_letter()
    desk = world.desk()
    for path in ("", "/text", "/recipients", "/figures"):
        assert desk.browser.get(other + path).status_code == 404
    page = desk.browser.get("/desk/letters").text
    for action in ("text", "sample", "sending", "stop", "removal"):
        assert desk.post(f"{other}/{action}", page, **WORDS).status_code == 404


def test_opening_pages_of_messages_writes_nothing(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    desk = world.desk()
    before = world.rows()
    for path in ("", "?sampled=yes", "/text", "/recipients", "/figures"):
        assert desk.browser.get(address + path).status_code == 200
    assert world.rows() == before


def test_a_draft_is_discarded(world: World) -> None:
    world.approved(AURORA)
    address = drafted(world)
    desk = world.desk()
    assert submit(desk.browser, address, f"{address}/removal").status_code == 303
    assert desk.browser.get(address).status_code == 404
    assert "No message has been written." in desk.browser.get(base(world)).text


def test_many_messages_are_paged_with_few_queries(world: World) -> None:
    with world.database.write() as db:
        letter = messages.Letter
        one = db.scalars(select(letter)).one()
        facts = {"letter_id": one.id, "body": "x", "created_at": db.now, "changed_at": db.now}
        for number in range(45):
            db.add(Message(subject=f"No. {number:02}", audience={"to": "all"}, **facts))
    desk, seen = world.desk(), []
    address = base(world)
    while address:
        page = desk.browser.get(address).text
        seen += re.findall(r"<bdi>(No. \d\d)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"{base(world)}{following[1]}" if following else ""
    assert len(seen) == len(set(seen)) == 45


def test_erasing_forgets_who_got_a_message_and_keeps_its_figures(world: World) -> None:
    world.approved(AURORA)
    send(world, drafted(world))
    leave(world)
    world.desk().move(world.slug, "closing")
    with later(days=181):
        keep_house(world)
    with world.database.read() as db:
        assert db.scalars(select(MessageMail)).all() == []
    assert figures(world) == {"sent": 1}


def test_an_unknown_link_explains_itself(world: World) -> None:
    assert world.client.get("/unsubscribe/nothing").status_code == 404
    assert world.client.post("/unsubscribe/nothing").status_code == 404


def test_pages_with_a_thousand_signatories_ask_few_queries(world: World) -> None:
    world.approved(AURORA)
    world.crowd(1_000)
    address = drafted(world)
    browser = world.desk().browser
    for page in (base(world), f"{base(world)}/new", address, f"{address}/recipients"):
        with world.statements(reading=True) as heard:
            assert browser.get(page).status_code == 200
        assert len(heard) < 40, page
