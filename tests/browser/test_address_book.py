"""The address book in a real browser, with the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Stage
from tests.harness.browser import Windows, serves_everybody

URL = "/desk/organisations"
LIST = "Name;Website;Country\nThe Coastal Press Union;;SE\nRadio Friends;;Europe\n;;NO\nBad;a b;"


@pytest.mark.parametrize("name", ["", "/new", "/import"])
def test_its_pages_are_accessible_and_fit_a_phone(
    stage: Stage, windows: Windows, name: str
) -> None:
    page = windows.open()
    stage.sign_in(page)
    serves_everybody(page, f"{stage.url}{URL}{name}", f"desk-book{name.replace('/', '-')}")


def test_an_entry_is_changed_with_the_keyboard_alone(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    stage.sign_in(page)
    page.goto(f"{stage.url}{URL}?q=arzte")
    page.get_by_role("link", name="Ärzte für freie Sender").press("Enter")
    page.get_by_role("link", name="Change").press("Enter")
    page.get_by_label("Names in other languages").fill("fr: Médecins pour la radio")
    page.get_by_label("Contact's e-mail address").fill("maria@freie-sender.example")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("Médecins pour la radio")).to_be_visible()
    expect(page.get_by_text("m…@freie-sender.example")).to_be_visible()
    serves_everybody(page, page.url, "desk-book-entry")
    serves_everybody(page, f"{page.url}/address", "desk-book-address")


def test_a_pasted_list_is_looked_at_and_taken_in(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{URL}/import")
    page.get_by_label("Or paste the rows").fill(LIST)
    page.get_by_role("button", name="Look at the list first").press("Enter")
    expect(page.get_by_role("heading", name="Can't be taken")).to_be_visible()
    page.get_by_role("button", name="Take in").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("added")
    expect(page.get_by_role("link", name="Radio Friends")).to_be_visible()
