"""The versions of a letter at the desk, and what changed between them."""

import re

import pytest

from tests.world import AURORA, LETTER, OLGA, World, plain


def changed(world: World) -> None:
    world.letter(text=LETTER.replace("Suspend the decision.", "Withdraw the decision."))


def test_all_versions_with_who_made_them_and_who_signed(world: World) -> None:
    world.approved(AURORA)
    changed(world)
    page = world.desk().browser.get(f"/desk/letters/{world.slug}/versions").text
    lines = [plain(row) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]]
    assert lines[0].startswith("Version 2 shown now")
    assert "The operator, on the machine 0" in lines[0]
    assert "The operator, on the machine 1" in lines[1]
    assert "What changed" in lines[0]
    assert "What changed" not in lines[1]


def test_a_version_is_shown_as_it_was(world: World) -> None:
    changed(world)
    desk = world.desk()
    first = desk.browser.get(f"/desk/letters/{world.slug}/versions/1").text
    assert "Suspend the decision." in first
    assert "Withdraw" not in first
    assert desk.browser.get(f"/desk/letters/{world.slug}/versions/3").status_code == 404


def test_the_words_that_changed(world: World) -> None:
    changed(world)
    desk = world.desk()
    path = f"/desk/letters/{world.slug}/versions/2/changes"
    page = plain(desk.browser.get(path).text)
    assert "[removed:] Suspend [end][added:] Withdraw [end] the decision." in page
    back = plain(desk.browser.get(f"/desk/letters/{world.slug}/versions/1/changes?since=2").text)
    assert "[removed:] Withdraw [end][added:] Suspend [end] the decision." in back
    assert desk.browser.get(f"{path}?since=9").status_code == 404
    assert desk.browser.get(f"/desk/letters/{world.slug}/versions/1/changes").status_code == 404


def test_a_translation_is_compared_with_itself(world: World) -> None:
    world.translation()
    changed(world)
    page = plain(
        world.desk().browser.get(f"/desk/letters/{world.slug}/versions/3/changes?lang=pt").text
    )
    assert "Libertem a imprensa de Ardal" in page
    assert "[added:]" not in page


def test_who_confirms_a_changed_text_sees_what_changed(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    changed(world)
    page = plain(world.client.get(link).text)
    assert "The text has changed since you signed." in page
    assert "[removed:] Suspend [end][added:] Withdraw [end] the decision." in page
    assert OLGA not in page


@pytest.mark.parametrize("number", ["99999999999999999999", "2147483648", "-1", "9" * 4_500])
def test_a_number_that_no_version_has_leads_nowhere(world: World, number: str) -> None:
    desk, page = world.desk(), f"/desk/letters/{world.slug}/versions"
    for address in (f"{number}", f"{number}/changes", f"1/changes?since={number}"):
        assert desk.browser.get(f"{page}/{address}").status_code == 404
