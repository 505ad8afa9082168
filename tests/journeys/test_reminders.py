"""Reminders: on the days organisers see, once, to those who have not answered, and no longer."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.invitation import reminders
from app.invitation.invitations import Invitation
from app.letter import letters
from app.letter.letters import Letter
from app.trail.audit import Actor
from app.worker import Worker
from tests.journeys.test_invitations import PATH, VERA, answer, page, personal, said
from tests.world import AURORA, Forms, World, at_once, later, submit, text_of

EVA, FINN = "eva@elm.example", "finn@fjord.example"
LISTED = f"Valley Listeners; {VERA}\nElm Watch; {EVA}\nFjord Forum; {FINN}"
DAY = timedelta(days=1)


@pytest.fixture
def noon(world: World) -> datetime:
    """The letter closes at noon in ten days, by UTC; today is far from any reminder."""
    day = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    deadline = day + timedelta(days=12)
    with world.database.write() as db:
        db.execute(update(Letter).values(deadline=deadline, deadline_offset=0))
    return deadline


def reminded(world: World, address: str) -> list[str]:
    found = [str(mail["subject"]) for mail in world.mails_to(address)]
    return [subject for subject in found if subject.startswith("Reminder")]


def at(moment: datetime) -> dict[str, float]:
    return {"seconds": (moment - datetime.now(UTC)).total_seconds()}


def run_through(world: World, since: datetime, until: datetime) -> None:
    """The worker's rounds, every six hours."""
    while since < until:
        with later(**at(since)):
            world.keep_house()
            world.deliver()
        since += timedelta(hours=6)


def test_once_to_those_who_have_not_answered_until_the_deadline(
    world: World, noon: datetime
) -> None:
    world.invite(LISTED)
    assert "7 days before the deadline 3" in page(world.desk(), "/reminders")
    run_through(world, datetime.now(UTC), noon - 8 * DAY)
    assert reminded(world, VERA) == []
    run_through(world, noon - 7 * DAY, noon - 6 * DAY)
    for address in (VERA, EVA, FINN):
        assert reminded(world, address) == ["Reminder: Free the press of Ardal"]
    with later(**at(noon - 5 * DAY)):
        answer(world, "decline", EVA)
        world.sign({**AURORA, "organisation": "Fjord Forum", "email": FINN})
        world.client.post(world.link(FINN))
    run_through(world, noon - 5 * DAY, noon + 3 * DAY)
    assert len(reminded(world, VERA)) == 2
    assert len(reminded(world, EVA)) == len(reminded(world, FINN)) == 1
    (mail, *_rest) = world.mails_to(VERA)[::-1]
    assert "the organisers have no answer yet" in text_of(mail)
    assert personal(world) in text_of(mail)


def test_awaiting_our_board_is_recorded_reminded_once_and_ends(
    world: World, noon: datetime
) -> None:
    world.invite(LISTED)
    friday = (noon - 4 * DAY).date()
    assert answer(world, "promise", until=friday.isoformat()).status_code == 303
    assert world.invitation("Valley Listeners").status == "promised"
    assert "The day until which they await their board 1" in page(world.desk(), "/reminders")
    run_through(world, datetime.now(UTC), noon - 1 * DAY)
    assert len(reminded(world, VERA)) == 1
    (mail,) = [mail for mail in world.mails_to(VERA) if "Reminder" in mail["subject"]]
    assert "the board of Valley Listeners would decide by" in text_of(mail)
    with later(**at(noon - DAY)):
        world.sign({**AURORA, "organisation": "Valley Listeners", "email": VERA})
        world.client.post(world.link(VERA))
    assert world.invitation("Valley Listeners").status == "signed"
    with later(**at(noon - DAY)):
        answer(world, "promise", EVA, until=noon.date().isoformat())
        assert answer(world, "decline", EVA).status_code == 303
    assert world.invitation("Elm Watch").status == "declined"


def test_two_workers_and_a_hand_remind_once_a_day(world: World, noon: datetime) -> None:
    world.invite(LISTED)
    with later(**at(noon - 7 * DAY)):
        other = Worker(world.database)
        browser, ids = world.desk().browser, world.invitation_ids()
        asked = browser.get(f"{PATH}/reminder?" + "&".join(f"id={one}" for one in ids))
        assert "Remind 3 invitees now?" in said(asked)

        def by_hand() -> object:
            form = Forms(asked.text).forms[f"{PATH}/reminder"]
            return browser.post(f"{PATH}/reminder", data={**form, "id": ids})

        def by_worker() -> object:
            other.keep_house()
            return asked

        at_once(by_hand, by_worker, lambda: (world.keep_house(), asked)[1])  # type: ignore[arg-type]
        other.courier.close()
        world.deliver()
    for address in (VERA, EVA, FINN):
        assert len(reminded(world, address)) == 1


def test_the_same_moment_in_two_transactions(world: World, noon: datetime) -> None:
    """The unique key decides, also where both have looked before either wrote."""
    world.invite(LISTED)
    with later(**at(noon - 7 * DAY)):
        for _twice in range(2):
            with world.database.write() as db:
                letter = letters.by_slug(db, world.slug)
                found = db.scalars(select(Invitation)).all()
                slot = reminders.Slot((noon - 7 * DAY).date(), db.now, "deadline", 7)
                reminders._queue(db, letter, found, slot, by=Actor("worker"))
        world.deliver()
    assert len(reminded(world, VERA)) == 1


@pytest.mark.parametrize("move", ["pause", "closing"])
def test_none_leaves_while_the_letter_cannot_be_signed(
    world: World, noon: datetime, move: str
) -> None:
    world.invite(LISTED)
    world.deliver()
    with later(**at(noon - 7 * DAY)):
        world.keep_house()  # queued, and then the letter stops before they leave
        world.desk().move(world.slug, move)
        world.deliver()
    run_through(world, noon - 6 * DAY, noon + DAY)
    assert reminded(world, VERA) == []
    assert len(world.mails_to(VERA)) == 1


def test_what_waits_is_taken_back_by_an_answer(world: World, noon: datetime) -> None:
    world.invite(LISTED)
    world.deliver()
    with later(**at(noon - 7 * DAY)):
        world.keep_house()
        link = world.sink.mails_to(VERA)
        assert len(link) == 1
        token = text_of(link[0]).split("/invitations/")[1].split()[0]
        world.client.post(f"/invitations/{token}/decline")
        world.deliver()
    assert reminded(world, VERA) == []
    assert len(reminded(world, EVA)) == 1


def test_organisers_stop_one_all_and_those_of_one_invitee(world: World, noon: datetime) -> None:
    world.invite(LISTED)
    desk, path = world.desk(), f"{PATH}/reminders"
    submit(desk.browser, path, f"{path}/7/stop")
    assert "7 days before" not in page(desk, "/reminders")
    run_through(world, noon - 7 * DAY, noon - 6 * DAY)
    assert reminded(world, VERA) == []
    one = world.invitation("Valley Listeners").id
    submit(desk.browser, f"{PATH}/{one}", f"{PATH}/{one}/stop")
    assert "2 days before the deadline 2" in page(desk, "/reminders")
    run_through(world, noon - 2 * DAY, noon - DAY)
    assert reminded(world, VERA) == []
    assert len(reminded(world, EVA)) == 1
    submit(desk.browser, path, path, days="1", on_promise="yes")
    submit(desk.browser, path, f"{path}/stop")
    assert "All reminders are stopped." in page(desk, "/reminders")
    run_through(world, noon - DAY, noon)
    assert len(reminded(world, EVA)) == 1
    submit(desk.browser, path, f"{path}/resumption")
    run_through(world, noon - DAY, noon)
    assert len(reminded(world, EVA)) == 2


def test_days_that_cannot_be_are_refused_and_kept_on_the_page(world: World, noon: datetime) -> None:
    browser, path = world.desk().browser, f"{PATH}/reminders"
    for days in ("soon", "0", "91", "1 2 3 4 5 6 7", "-2"):
        refused = submit(browser, path, path, days=days)
        assert refused.status_code == 422, days
        assert f'value="{days}"' in refused.text
    assert submit(browser, path, path, days="10; 3").status_code == 303
    assert "10 days before the deadline" in page(world.desk(), "/reminders")


def test_who_was_only_just_invited_is_not_reminded(world: World, noon: datetime) -> None:
    with later(**at(noon - 7 * DAY - timedelta(hours=5))):
        world.invite(LISTED)
    run_through(world, noon - 7 * DAY - timedelta(hours=3), noon - 5 * DAY)
    assert reminded(world, VERA) == []


def test_a_worker_that_was_away_for_days_reminds_nobody_late(world: World, noon: datetime) -> None:
    world.invite(LISTED)
    run_through(world, noon - 5 * DAY, noon - 4 * DAY)
    assert reminded(world, VERA) == []
