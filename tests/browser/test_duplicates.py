"""The duplicates in a real browser: side by side, merged and taken apart."""

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

NAMES = [
    "The International Commission of Jurists (ICJ)",
    "Intl. Commission of Jurists",
    "Gesellschaft für Rundfunkfreiheitsrechtsforschung und Frequenzvergabeangelegenheiten e. V.",
    "Gesellschaft für Rundfunkfreiheitsrechtsforschung und Frequenzvergabeangelegenheiten",
]


@pytest.fixture(scope="module")
def doubled(stage: Stage) -> Stage:
    """The demo with organisations that signed twice."""
    database = Database(Settings(data_dir=stage.server.data_dir))
    with database.write() as db:
        letter = letters.by_slug(db, "radio-ardal")
        query = select(Endorsement).where(
            col(Endorsement.status) == "approved", col(Endorsement.kind) == "organisation"
        )
        one = db.scalars(query.limit(1)).one().model_dump()
        rows = [
            {"organisation": name, "folded": fold(name), "mailbox": name[:40], "logo": ""}
            | {"id": new_id(), "public_id": new_public_id(), "website": "", "name": f"Signer {n}"}
            # Copies would all stand for the one entry of the address book.
            | {"organisation_id": None}
            for n, name in enumerate(NAMES)
        ]
        db.execute(insert(Endorsement), [{**one, **row} for row in rows])
        letters.revise(db, letter.id)
    database.close()
    return stage


@pytest.mark.parametrize("name", ["duplicates", "duplicates?show=merged"])
def test_it_is_accessible_and_fits_a_phone(doubled: Stage, windows: Windows, name: str) -> None:
    page = windows.open()
    doubled.sign_in(page)
    serves_everybody(page, f"{doubled.url}{DESK}/{name}", f"desk-{name.replace('?', '-')}")


def test_two_are_merged_and_taken_apart(doubled: Stage, page: Page) -> None:
    doubled.sign_in(page)
    page.goto(f"{doubled.url}{DESK}/duplicates")
    page.get_by_role("button", name=f"Merge, and keep the line {NAMES[0]}").click()
    expect(page.get_by_role("status")).to_contain_text("the list shows one line for both")
    page.get_by_role("link", name="Look at what is merged, or undo it").click()
    expect(page.get_by_role("heading", name=NAMES[1])).to_be_visible()
    page.get_by_role("button", name=f"Undo the merge of {NAMES[1]}").click()
    expect(page.get_by_role("status")).to_contain_text("lines of their own again")
    expect(page.get_by_text("Nothing is merged.")).to_be_visible()
