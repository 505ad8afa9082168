"""Scenario 47 and its kin: the mail server is down, slow, greylisting, forgetful or refusing."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlmodel import col

from app.db import Database
from app.mailing import courier, outbox_delivery
from app.mailing.outbox import OutboxMail
from app.mailing.outbox_delivery import LEASE
from app.worker import Worker
from tests.harness.smtp import EVERYBODY, MailSink
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, EMIL, World, later

pytestmark = pytest.mark.fault

CAST = (AURORA, BOREAS, CIRRUS, DARIA, EMIL)
QUARTER = timedelta(minutes=15)


def rounds_until(world: World, end: timedelta, *, every: timedelta = QUARTER) -> None:
    """The worker's rounds at those intervals, from now on."""
    began = datetime.now(UTC)
    for number in range(1, round(end / every) + 1):
        with time_machine.travel(began + number * every, tick=True):
            world.deliver()


def mail_on_desk(world: World) -> dict[str, int]:
    """What the letter's page at the desk says of its mails."""
    page = world.desk().browser.get(f"/desk/letters/{world.slug}").text
    words = {"waiting": "Waiting", "failed": "Failed"}
    return {
        name: int(page.split(f"<dt>{word}</dt><dd>")[1].split("<")[0])
        for name, word in words.items()
    }


def arrivals(sink: MailSink) -> Counter[str]:
    """How often each address was written to."""
    return Counter(address for mail in sink.mails for address in mail.recipients)


def once_each() -> Counter[str]:
    return Counter(who["email"] for who in CAST)


def message_ids(sink: MailSink) -> list[str]:
    return [str(mail.message["Message-ID"]) for mail in sink.mails]


def test_all_mails_leave_when_the_server_returns(world: World) -> None:
    world.sink.stop()
    for who in CAST:
        assert world.sign(who).status_code == 303
    world.deliver()
    assert mail_on_desk(world) == {"waiting": len(CAST), "failed": 0}
    assert "leave by themselves" in world.desk().browser.get(f"/desk/letters/{world.slug}").text
    rounds_until(world, timedelta(hours=24), every=timedelta(hours=1))

    world.sink.start()
    with later(hours=24, minutes=15):
        world.deliver()
        assert arrivals(world.sink) == once_each()
        assert mail_on_desk(world) == {"waiting": 0, "failed": 0}
        # A confirmation lives seven days from the moment the mail left, not from signing.
    with later(days=7, hours=23):
        assert world.client.post(world.link(AURORA["email"])).status_code == 200
    with later(days=7):
        world.deliver()
    assert arrivals(world.sink)[BOREAS["email"]] == 1


def test_an_outage_costs_one_attempt_a_round(world: World) -> None:
    """With a server that doesn't even refuse, each attempt is half a minute of waiting."""
    for who in CAST:
        world.sign(who)
    world.sink.stop()
    attempts = count_connections(world.worker)
    world.deliver()
    assert len(attempts) == 1
    assert mail_on_desk(world)["waiting"] == len(CAST)


def test_greylisting(world: World) -> None:
    world.sink.behave(greylist=True)
    for who in CAST:
        world.sign(who)
    world.deliver()
    assert world.sink.mails == []
    with later(minutes=15):
        world.deliver()
    assert arrivals(world.sink) == once_each()


def test_a_refused_address_is_given_up_and_holds_nobody_else_up(world: World) -> None:
    world.sink.behave(refuse={AURORA["email"]})
    for who in CAST:
        world.sign(who)
    world.deliver()
    assert arrivals(world.sink) == once_each() - Counter([AURORA["email"]])
    assert mail_on_desk(world) == {"waiting": 0, "failed": 1}
    queue = world.desk().queue(world.slug, "pending")
    assert "550 5.1.1 No such mailbox" in queue
    assert AURORA["email"] not in queue

    world.sink.behave()
    rounds_until(world, timedelta(days=6), every=timedelta(hours=12))
    assert AURORA["email"] not in arrivals(world.sink)


def test_an_address_put_off_holds_nobody_else_up(world: World) -> None:
    world.sink.behave(refuse={AURORA["email"]}, refuse_with="452 4.2.2 Mailbox full")
    for who in CAST:
        world.sign(who)
    world.deliver()
    assert arrivals(world.sink) == once_each() - Counter([AURORA["email"]])
    assert mail_on_desk(world) == {"waiting": 1, "failed": 0}
    world.sink.behave()
    with later(minutes=15):
        world.deliver()
    assert arrivals(world.sink) == once_each()


def test_refused_content_is_given_up(world: World) -> None:
    world.sink.behave(refuse_content=True)
    world.sign(AURORA)
    world.deliver()
    assert mail_on_desk(world) == {"waiting": 0, "failed": 1}
    assert "554 5.7.1 Refused for its content" in world.desk().queue(world.slug, "pending")
    world.sink.behave()
    rounds_until(world, timedelta(days=6), every=timedelta(hours=12))
    assert world.sink.mails == []


def test_a_lost_answer_costs_one_mail_twice_with_the_same_id(world: World) -> None:
    world.sink.behave(lose_answers=1)
    for who in CAST:
        world.sign(who)
    world.deliver()
    rounds_until(world, timedelta(hours=2))
    assert len(world.sink.mails) == len(CAST) + 1
    assert sorted(Counter(message_ids(world.sink)).values()) == [1, 1, 1, 1, 2]


def test_signing_is_quick_while_the_mail_server_is_slow(world: World) -> None:
    world.sink.behave(delay=1)
    working = threading.Thread(target=world.worker.run)
    working.start()
    try:
        slowest = max(seconds_of(world, who) for who in CAST)
        world.sink.wait_for(AURORA["email"])
    finally:
        world.worker.stop()
        working.join(timeout=10)
    assert not working.is_alive()
    assert slowest < 0.8


def test_a_server_too_slow_to_wait_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "SMTP_SECONDS", 0.3)
    world.sink.behave(delay=1)
    world.sign(AURORA)
    world.deliver()
    assert mail_on_desk(world) == {"waiting": 1, "failed": 0}
    world.sink.behave()
    rounds_until(world, timedelta(hours=1))
    assert mail_on_desk(world) == {"waiting": 0, "failed": 0}
    assert len(world.sink.mails) <= 2
    assert len(set(message_ids(world.sink))) == 1


def test_what_a_killed_worker_had_taken_comes_back(world: World) -> None:
    for who in CAST:
        world.sign(who)
    with world.database.write() as db:
        assert len(outbox_delivery.claim(db)) == len(CAST)  # and here it is killed
    world.deliver()
    assert world.sink.mails == []
    with later(seconds=LEASE.total_seconds() + 1):
        world.deliver()
    assert arrivals(world.sink) == once_each()


def test_what_a_stopped_worker_had_taken_comes_back_at_once(world: World) -> None:
    for who in CAST:
        world.sign(who)
    world.sink.behave(delay=0.3)
    stopped = Worker(world.database)
    working = threading.Thread(target=stopped.run)
    working.start()
    world.sink.wait_for(AURORA["email"])
    stopped.stop()
    working.join(timeout=10)
    world.sink.behave()
    world.deliver()
    assert arrivals(world.sink) == once_each()


def test_a_slow_server_does_not_outlast_the_lease(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a second worker would send what the first is still sending."""
    monkeypatch.setattr("app.worker.BATCH_SECONDS", 0.3)
    world.sink.behave(delay=0.2)
    for who in CAST:
        world.sign(who)
    began = time.monotonic()
    assert world.worker.deliver() > 0
    assert time.monotonic() - began < 1
    assert 0 < len(world.sink.mails) < len(CAST)
    world.deliver()
    assert arrivals(world.sink) == once_each()


def test_two_workers_send_each_mail_once(world: World) -> None:
    signers = [{**DARIA, "email": f"daria{number}@mail.example"} for number in range(60)]
    for who in signers:
        assert world.sign(who).status_code == 303
    databases = [Database(world.database.settings) for _number in range(3)]
    workers = [Worker(database) for database in databases]
    threads = [threading.Thread(target=worker.run) for worker in workers]
    for thread in threads:
        thread.start()
    for who in signers:
        world.sink.wait_for(who["email"])
    for worker in workers:
        worker.stop()
    for thread in threads:
        thread.join(timeout=10)
    for database in databases:
        database.close()
    assert set(arrivals(world.sink).values()) == {1}


@pytest.mark.parametrize("minutes", [-10, 10])
def test_workers_whose_clocks_differ_send_each_mail_once(world: World, minutes: int) -> None:
    for who in CAST:
        world.sign(who)
    with world.database.write() as db:
        taken = outbox_delivery.claim(db)
    with later(minutes=minutes):
        assert world.worker.deliver() == 0
    assert len(taken) == len(CAST)


def test_after_five_days_it_has_failed(world: World) -> None:
    world.sink.stop()
    world.sign(AURORA)
    rounds_until(world, timedelta(days=4, hours=12), every=timedelta(hours=3))
    assert mail_on_desk(world) == {"waiting": 1, "failed": 0}
    with later(days=5, hours=13):
        world.deliver()
        assert mail_on_desk(world) == {"waiting": 0, "failed": 1}
    world.sink.start()
    with later(days=7):
        world.deliver()
    assert world.sink.mails == []
    assert "no answer from the mail server" in world.desk().queue(world.slug, "pending")


def test_an_address_put_off_for_five_days_has_failed(world: World) -> None:
    world.sink.behave(refuse=EVERYBODY, refuse_with="452 4.2.2 Mailbox full")
    world.sign(AURORA)
    rounds_until(world, timedelta(days=4, hours=12), every=timedelta(hours=3))
    assert mail_on_desk(world) == {"waiting": 1, "failed": 0}
    with later(days=5, hours=13):
        world.deliver()
    assert mail_on_desk(world) == {"waiting": 0, "failed": 1}
    assert "452 4.2.2 Mailbox full" in world.desk().queue(world.slug, "pending")


def test_a_mail_that_left_leaves_nothing_to_steal(world: World) -> None:
    for who in CAST:
        world.sign(who)
    world.deliver()
    with world.database.read() as db:
        left = select(func.count()).where(col(OutboxMail.facts).is_not(None))
        assert db.scalar(left) == 0


def test_a_local_mailbox_that_cannot_be_written(world: World) -> None:
    """The disk is full, say: mails wait, and the worker lives on."""
    settings = world.settings.model_copy(update={"smtp_url": "mailbox:"})
    settings.mailbox_dir.parent.mkdir(exist_ok=True)
    settings.mailbox_dir.write_text("in the way")
    database = Database(settings)
    worker = Worker(database)
    world.sign(AURORA)
    worker.deliver()
    assert mail_on_desk(world) == {"waiting": 1, "failed": 0}
    settings.mailbox_dir.unlink()
    with later(minutes=15):
        worker.deliver()
    assert len(list(settings.mailbox_dir.glob("*.eml"))) == 1
    database.close()


def count_connections(worker: Worker) -> list[float]:
    """A list that grows with every attempt of the worker to connect to its mail server."""
    attempts: list[float] = []
    assert isinstance(worker.courier, courier.SmtpCourier)
    connect = worker.courier._connect

    def counted() -> object:
        attempts.append(time.monotonic())
        return connect()

    worker.courier._connect = counted  # type: ignore[method-assign,assignment]
    return attempts


def seconds_of(world: World, who: dict[str, str]) -> float:
    began = time.monotonic()
    assert world.sign(who).status_code == 303
    return time.monotonic() - began
