"""Each test has a migrated database of its own, of the kind that was asked for."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from app.db import Database
from app.settings import Settings
from tests.harness.server import Server


@pytest.mark.parametrize("time", ["first", "again"])
def test_nothing_is_left_from_the_test_before(database: Database, time: str) -> None:
    with database.write() as db:
        db.connection().exec_driver_sql("CREATE TABLE left_behind (id integer)")


def test_the_kind_is_the_one_asked_for(settings: Settings, database_kind: str) -> None:
    assert settings.is_sqlite == (database_kind == "sqlite")


@pytest.mark.only("postgresql")
def test_for_postgresql_alone(database: Database) -> None:
    assert database.writer.dialect.name == "postgresql"


def test_the_application_answers_in_this_process(client: TestClient) -> None:
    assert client.get("/healthz").status_code == 200


def test_the_application_answers_from_a_process_of_its_own(serve: Callable[..., Server]) -> None:
    assert serve("--no-worker").answers("/healthz")
