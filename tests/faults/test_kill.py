"""Scenario 48: the process is killed while people sign; everything acknowledged is there."""

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.mailing.outbox_delivery import LEASE
from app.settings import Settings
from tests.crowd import Crowd, must_be_whole
from tests.harness.postgresql import Cluster, Databases
from tests.harness.schema import migrate
from tests.harness.server import Server
from tests.harness.smtp import MailSink
from tests.world import World, later

pytestmark = pytest.mark.fault

ROUNDS = {"sqlite": 30, "postgresql": 10}
# Three are promised, on a machine that does nothing else; a test must not fail for its neighbours.
READY_SECONDS = 10


def test_nothing_acknowledged_is_lost(
    world: World,
    serve: Callable[..., Server],
    database_kind: str,
) -> None:
    sink, rounds = world.sink, ROUNDS[database_kind]
    server = serve(smtp_url=sink.url)
    crowd, starts = Crowd(world.path), []
    before = len(sink.mails)
    for _round in range(rounds):
        with crowd.at(server.port):
            crowd.wait_for(len(crowd.acknowledged) + 1)
            time.sleep(random.uniform(0, 0.4))
            server.kill()
        must_be_whole(world.database, crowd.acknowledged)
        starts.append(server.start())
    assert max(starts) < READY_SECONDS
    # Who got no answer has signed again: now everybody has.
    with crowd.at(server.port):
        crowd.wait_for(len(crowd.acknowledged) + len(crowd.unanswered))
    server.stop()
    assert not crowd.refusals
    must_be_whole(world.database, crowd.acknowledged)

    # What the killed workers had claimed comes back after the lease.
    with later(seconds=LEASE.total_seconds() + 1):
        world.deliver()
    arrived = Counter(mail.message["Message-ID"] for mail in sink.mails[before:])
    written = {address for mail in sink.mails for address in mail.recipients}
    assert set(crowd.acknowledged) <= written
    repeated = sum(arrived.values()) - len(arrived)
    assert repeated <= rounds, "at most one mail is sent again for each crash"
    # pytest -rP shows what was measured.
    sys.stdout.write(
        f"{database_kind}: {rounds} kills, {len(crowd.acknowledged)} acknowledged, none lost; "
        f"ready again in {sorted(starts)[rounds // 2]:.1f} s, at most {max(starts):.1f} s; "
        f"{repeated} mails sent twice\n"
    )


@pytest.fixture
def durable_cluster(postgresql: Databases) -> Iterator[Cluster]:
    """A PostgreSQL of this test's own, to be killed."""
    with Cluster(durable=True) as cluster:
        yield cluster


@pytest.mark.only("postgresql")
def test_nothing_is_lost_when_postgresql_itself_is_killed(
    durable_cluster: Cluster, data_dir: Path, mail_sink: MailSink, tmp_path: Path
) -> None:
    url = durable_cluster.create("undersigned")
    migrate(url, data_dir)
    settings = Settings(data_dir=data_dir, database_url=url, smtp_url=mail_sink.url)
    with World(settings, mail_sink, tmp_path) as world:
        world.letter()
        crowd = Crowd(world.path)
        with Server(data_dir, {"UNDERSIGNED_DATABASE_URL": url}, ("--no-worker",)) as server:
            for _round in range(3):
                with crowd.at(server.port):
                    crowd.wait_for(len(crowd.acknowledged) + 1)
                    time.sleep(random.uniform(0, 0.3))
                    durable_cluster.kill()
                    time.sleep(0.1)
                durable_cluster.start()
                world.database.writer.dispose()
                world.database.reader.dispose()
                must_be_whole(world.database, crowd.acknowledged)
        # Without its database the site said so, and took up work again by itself.
        assert set(crowd.refusals) <= {503}, server.log
