"""The weeding view in a real browser, with names that will look wrong."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert, select
from sqlmodel import col

from app.db import Database, new_id
from app.endorsement.endorsements import Endorsement, new_public_id
from app.letter import letters
from app.name.names import fold
from app.settings import Settings
from tests.browser.stage import DESK, Stage
from tests.harness.browser import Windows, serves_everybody

LOUD = [f"VALLEY LISTENERS NUMBER {number}" for number in range(30)]
NAMES = [
    *LOUD,
    "the Coastal Press Union (CPU)",
    "Oxfam Solidarit√©",
    "Rights ,  Law and Order",
    "Bridge Builders, Inc.",
    "Bridge Keepers, Inc.",
    "Harbour Watch Inc",
    "NRC",
    "Institute for the Study of Frequencies, Licences, Towers and All that Stations Need",
    "Центр Свободы",
]


@pytest.fixture(scope="module")
def weedy(stage: Stage) -> Stage:
    """The demo with more lines, as if they had come before names were checked."""
    database = Database(Settings(data_dir=stage.server.data_dir))
    with database.write() as db:
        letter = letters.by_slug(db, "radio-ardal")
        query = select(Endorsement).where(col(Endorsement.status) == "approved").limit(1)
        one = db.scalars(query).one().model_dump()
        rows = [
            {"organisation": name, "folded": fold(name), "mailbox": name[:40], "logo": ""}
            | {"id": new_id(), "public_id": new_public_id()}
            for name in NAMES
        ]
        db.execute(insert(Endorsement), [{**one, **row} for row in rows])
        letters.revise(db, letter.id)
    database.close()
    return stage


@pytest.mark.parametrize("name", ["weeding", "weeding?kind=capitals"])
def test_it_is_accessible_and_fits_a_phone(weedy: Stage, windows: Windows, name: str) -> None:
    page = windows.open()
    weedy.sign_in(page)
    serves_everybody(page, f"{weedy.url}{DESK}/{name}", f"desk-{name.replace('?', '-')}")


def test_a_finding_leads_to_its_line_in_the_queue(weedy: Stage, page: Page) -> None:
    weedy.sign_in(page)
    page.goto(f"{weedy.url}{DESK}/weeding")
    page.get_by_role("link", name="Damaged characters").click()
    page.get_by_role("link", name="Oxfam Solidarit√©").click()
    entry = page.locator("li.entry:target")
    expect(entry.get_by_role("heading", name="Oxfam Solidarit√©")).to_be_visible()
