"""Page, list, embed, JSON and CSV in a real browser: the same signatories in the same order."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.stage import DESK, LETTER, Stage
from tests.harness.browser import Windows

PAGES = {
    "": "[data-live] .name",
    "/signatories": "[data-live] .name",
    "/embed": ".embed [data-part=name] bdi",
}
FRENCH = """---
title: "Rendez sa fréquence à Radio Ardal"
language: fr
---

Rendez sa fréquence à Radio Ardal.
"""


@pytest.fixture(scope="module", autouse=True)
def translation(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> None:
    file: Path = tmp_path_factory.mktemp("translation") / "letter.md"
    file.write_text(FRENCH)
    stage.command("letter", "import", str(file), "--slug", "radio-ardal", "--translation")


def lists(stage: Stage, page: Page, query: str = "") -> dict[str, list[str]]:
    """What each way to read the list shows, by its address."""
    shown = {}
    for path, names in PAGES.items():
        page.goto(f"{stage.url}{LETTER}{path}{query}")
        shown[path] = page.locator(names).all_inner_texts()
    answer = page.request.get(f"{stage.url}{LETTER}/signatories.json{query}")
    shown["json"] = [_name(line) for line in answer.json()["signatories"]]
    table = page.request.get(f"{stage.url}{LETTER}/signatories.csv{query}").body().decode()
    lines = csv.DictReader(io.StringIO(table))
    shown["csv"] = [_name(line).removeprefix("'") for line in lines]
    return shown


def _name(line: dict[str, str]) -> str:
    return line["organisation"] if line["kind"] == "organisation" else line["name"]


def the_list(stage: Stage, page: Page, query: str = "") -> list[str]:
    """The names that all of them show, in the order that all have."""
    shown = lists(stage, page, query)
    for path, names in shown.items():
        assert names == shown["json"], path or "the letter's page"
    assert len(shown["json"]) == 10
    return shown["json"]


def choose(stage: Stage, desk: Page, field: str, option: str) -> None:
    desk.goto(f"{stage.url}{DESK}/order")
    desk.locator(f"#{field}").select_option(option)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Set the order").click()


def test_all_show_one_list_in_one_order_whatever_the_order_is(
    stage: Stage, windows: Windows
) -> None:
    page, desk = windows.open(), windows.open()
    stage.sign_in(desk)
    kept = the_list(stage, page)
    # As readers of English expect: marks and accents don't count, other scripts come last.
    assert kept[:6] == [
        "+41 Radio Network",
        "Ärzte für freie Sender e. V.",
        "Association of Valley Teachers",
        "The Coastal Press Union",
        "Ədalət Hüquq Mərkəzi",
        "Zavod za odprte medije",
    ]
    choose(stage, desk, "articles", "skip")
    skipped = the_list(stage, page)
    assert skipped.index("The Coastal Press Union") == 3
    french = the_list(stage, page, "?lang=fr")
    assert sorted(french) == sorted(kept)

    choose(stage, desk, "order", "country")
    by_country = the_list(stage, page)
    assert by_country[0] == "Ədalət Hüquq Mərkəzi"  # Azerbaijan
    # In French Germany is Allemagne and comes first.
    assert the_list(stage, page, "?lang=fr")[0] == "Ärzte für freie Sender e. V."

    choose(stage, desk, "order", "manual")
    before = the_list(stage, page)
    up = desk.get_by_role("button", name=f"Move {before[0]} up")
    desk.goto(f"{stage.url}{DESK}/order")
    up.focus()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Save the order").click()
    by_hand = [before[1], before[2], before[0], *before[3:]]
    assert the_list(stage, page) == by_hand
    assert the_list(stage, page, "?lang=fr") == by_hand
