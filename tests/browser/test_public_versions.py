"""The page of a version in a real browser: to everybody, on a phone, and on paper."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage
from tests.harness.browser import NARROW, Windows, axe, pictures, serves_everybody
from tests.world import LETTER


@pytest.fixture(scope="module")
def replaced(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a letter whose text was replaced once."""
    file: Path = tmp_path_factory.mktemp("versions") / "letter.md"
    text = LETTER.replace("{extra}", "").replace("free-the-press", "replaced")
    for words in ("Suspend the decision.", "Withdraw the decision."):
        file.write_text(text.replace("Suspend the decision.", words))
        stage.command("letter", "import", str(file), "--owner", "desk@undersigned.example")
    stage.command("letter", "open", "replaced")
    file.write_text(text.replace("Suspend the decision.", "Repeal the decision."))
    stage.command("letter", "import", str(file), "--owner", "desk@undersigned.example")
    return f"{stage.url}/letters/replaced"


@pytest.mark.parametrize("number", [2, 3])
def test_a_version_serves_everybody(replaced: str, windows: Windows, number: int) -> None:
    serves_everybody(windows.open(), f"{replaced}/versions/{number}", f"version-{number}")


def test_from_the_letter_to_its_version_and_on_to_the_one_before(
    replaced: str, windows: Windows
) -> None:
    page = windows.open(javascript=False, viewport=NARROW)
    page.goto(replaced)
    page.locator(".sheet > .version a").click()
    expect(page.get_by_role("heading", name="This is the text of the letter now")).to_be_visible()
    page.get_by_role("link", name="Version 2").click()
    expect(page.get_by_role("heading", name="This is an earlier text")).to_be_visible()
    assert page.get_by_role("link", name="Version 1").count() == 0
    page.get_by_role("link", name="What has changed since").click()
    expect(page.locator("#changes del")).to_have_count(2)  # the legend, and the word
    page.get_by_role("link", name="Read the letter as it is now").click()
    assert page.url == replaced


def test_on_paper_stands_where_it_is_kept(replaced: str, windows: Windows) -> None:
    page = windows.open()
    page.goto(f"{replaced}/versions/2")
    page.emulate_media(media="print")
    expect(page.locator(".print-only")).to_contain_text(f"{replaced}/versions/2")
    expect(page.locator(".card")).to_be_hidden()


def test_an_organiser_takes_a_text_off_the_site_and_shows_it_again(
    stage: Stage, replaced: str, windows: Windows
) -> None:
    desk = windows.open()
    stage.sign_in(desk)
    versions = replaced.replace("/letters/", "/desk/letters/") + "/versions"
    desk.goto(versions)
    take_off = desk.get_by_role("group").filter(has_text="Take this text off the site")
    expect(take_off).to_have_count(1)  # the draft was never public, the newest is shown now
    take_off.locator("summary").click()
    take_off.get_by_role("button").click()
    expect(take_off.get_by_label("Reason")).to_be_visible()
    expect(desk.get_by_role("alert")).to_contain_text("Say why: it stands in the history.")
    axe(desk)
    pictures(desk, "desk-versions-refused")
    take_off.get_by_label("Reason").fill("It names somebody in danger.")
    take_off.get_by_role("button").click()
    serves_everybody(desk, versions, "desk-versions-withheld")
    page = windows.open()
    serves_everybody(page, f"{replaced}/versions/2", "version-withheld")
    expect(page.get_by_role("heading", name="The organisers have taken")).to_be_visible()
    expect(page.locator(".letter, #changes")).to_have_count(0)
    desk.get_by_role("button", name="Show this text again").click()
    expect(take_off).to_be_visible()
    page.reload()
    expect(page.locator(".letter")).to_contain_text("Withdraw the decision.")
