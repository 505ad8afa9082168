"""The throw-away PostgreSQL starts, copies databases quickly, and survives being killed."""

import time
from pathlib import Path

import psycopg
import pytest

from tests.harness.postgresql import Cluster, Databases, NoPostgresql, binaries


def test_every_test_gets_a_database_of_its_own(postgresql: Databases) -> None:
    with psycopg.connect(postgresql.create("harness_template")) as connection:
        connection.execute("CREATE TABLE letter (slug text PRIMARY KEY)")
    began = time.monotonic()
    url = postgresql.create("harness_copy", "harness_template")
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO letter VALUES ('one')")
    postgresql.drop("harness_copy")
    seconds = time.monotonic() - began
    with psycopg.connect(postgresql.url("harness_template")) as connection:
        assert connection.execute("SELECT * FROM letter").fetchall() == []
    postgresql.drop("harness_template")
    assert seconds < 1  # about 0.05 on an idle machine


def test_a_database_is_dropped_although_somebody_is_connected(postgresql: Databases) -> None:
    with psycopg.connect(postgresql.create("harness_busy"), autocommit=True) as connection:
        postgresql.drop("harness_busy")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


@pytest.mark.fault
def test_a_durable_cluster_comes_back_from_a_kill_with_what_was_committed() -> None:
    try:
        binaries()
    except NoPostgresql as missing:
        pytest.skip(str(missing))
    with Cluster(durable=True, settings=("max_connections=10",)) as cluster:
        with psycopg.connect(cluster.url("postgres")) as connection:
            connection.execute("CREATE TABLE letter (slug text)")
        cluster.kill()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(cluster.url("postgres"))
        cluster.start()
        with psycopg.connect(cluster.url("postgres")) as connection:
            assert connection.execute("SELECT count(*) FROM letter").fetchone() == (0,)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            assert connection.execute("SHOW max_connections").fetchone() == ("10",)
    assert not Path(cluster.directory).exists()
