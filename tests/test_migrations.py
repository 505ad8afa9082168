"""A database of before goes on with what the next schema adds."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, String, TableClause, Uuid, column, select, table

from app import migrate
from app.db import Moment
from app.letter import letters
from app.migrate import MIGRATIONS
from app.organisation import entry_matches, organisations
from app.organiser import organisers
from app.webhook import webhooks
from tests.world import AURORA, OLGA, OTTO, World


def go_to(world: World, *revisions: str) -> None:
    """Down and up again, as far as each of these."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with world.database.writer.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        for revision in revisions:
            (command.downgrade if revision < "0002" else command.upgrade)(config, revision)


def test_a_letter_of_before_is_read_in_the_language_it_was_written_in(world: World) -> None:
    world.approved(AURORA)
    go_to(world, "0001", "head")
    with world.database.read() as db:
        letter = letters.by_slug(db, world.slug)
        assert letter.titles == {"en": "Free the press of Ardal"}
        assert letter.languages == ["en"]
    world.translation()
    assert "Libertem a imprensa" in world.client.get(f"{world.path}?lang=pt").text
    assert world.names() == ["Aurora Media Watch"]


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_book_of_before_belongs_to_its_letters(world: World, is_removed: bool) -> None:
    """Nothing of it is lost; a first owner who was let go before doesn't keep it."""
    world.desk()
    world.share(OTTO)
    before = ScriptDirectory(str(MIGRATIONS)).get_revision("0015").down_revision
    go_to(world, "0001", str(before))
    entry, now = uuid4(), datetime.now(UTC)
    with world.database.writer.connect() as connection, connection.begin():
        olga = connection.execute(select(ORGANISER.c.id).order_by(ORGANISER.c.id)).scalars().first()
        named = {"name": "Elm Watch", "folded": "elm watch", "searched": "elm watch"}
        empty = dict.fromkeys((*TEXTS, "contact_name", "contact_role", "address"), "")
        lists = {"names": {}, "aliases": [], "domains": []}
        times = {"created_at": now, "changed_at": now}
        row = {"id": entry, "book_id": olga, "language": "en", **named, **empty, **lists, **times}
        connection.execute(_table("organisation", **row).insert(), row)
        key = {"organisation_id": entry, "kind": "name", "key": "elm watch", "book_id": olga}
        connection.execute(_table("organisation_key", **key).insert(), key)
        if is_removed:
            role = _table("role", organiser_id=olga)
            connection.execute(role.delete().where(role.c.organiser_id == olga))
    migrate.upgrade(world.settings)
    with world.database.read() as db:
        letter = letters.by_slug(db, world.slug)
        assert entry_matches.match(db, letter.book_id, name="Elm Watch")
        books = {}
        for email in (OLGA, OTTO):
            organiser = organisers.by_email(db, email)
            assert organiser
            books[email] = [one.id for one in organisations.books_of(db, organiser)]
    assert letter.book_id in books[OTTO]
    assert (letter.book_id in books[OLGA]) == (not is_removed)


TEXTS = ("acronym", "website", "country", "category", "logo")


def _table(name: str, /, **row: Any) -> TableClause:
    """The table as far as the row goes, as it was in that schema."""
    types = {UUID: Uuid, dict: JSON, list: JSON, datetime: Moment}
    return table(name, *(column(key, types.get(type(one), String)) for key, one in row.items()))


ORGANISER = _table("organiser", id=uuid4())


def test_who_added_a_webhook_before_is_told_by_the_trail(world: World) -> None:
    with world.database.write() as db:
        olga, letter = organisers.first(db), letters.by_slug(db, world.slug)
        assert olga
        url, events = "https://hooks.example.org/", list(webhooks.EVENTS)
        webhooks.create(db, letter.id, url, events, by=olga.actor)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with world.database.writer.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "0013")
        command.upgrade(config, "head")
    with world.database.read() as db:
        (webhook,) = webhooks.of_letter(db, letter.id)
        assert webhook.created_by == olga.id
