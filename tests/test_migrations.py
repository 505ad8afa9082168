"""A database of before goes on with what the next schema adds."""

from alembic import command
from alembic.config import Config

from app import letters, organisers, webhooks
from app.migrate import MIGRATIONS
from tests.world import AURORA, World


def test_a_letter_of_before_is_read_in_the_language_it_was_written_in(world: World) -> None:
    world.approved(AURORA)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with world.database.writer.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        command.upgrade(config, "head")
    with world.database.read() as db:
        letter = letters.by_slug(db, world.slug)
        assert letter.titles == {"en": "Free the press of Ardal"}
        assert letter.languages == ["en"]
    world.translation()
    assert "Libertem a imprensa" in world.client.get(f"{world.path}?lang=pt").text
    assert world.names() == ["Aurora Media Watch"]


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
