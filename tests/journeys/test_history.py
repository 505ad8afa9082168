"""Story 37 in part: what an organiser did stands in the trail, in words, with name and reason."""

import re
from html import unescape

from tests.world import AURORA, BOREAS, EMIL, OLGA, OTTO, World

# Two who gave no name, and whose masked addresses are the same.
NAMELESS_OLGA = "o…@organisers.example (organiser 1)"
NAMELESS_OTTO = "o…@organisers.example (organiser 2)"


def rows(page: str) -> list[list[str]]:
    """The cells of the page's table, without markup."""
    lines = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)[1:]
    return [
        [" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in cells]
        for cells in (re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL) for line in lines)
    ]


def history(world: World, query: str = "") -> list[list[str]]:
    answer = world.desk().browser.get(f"/desk/letters/{world.slug}/audit{query}")
    assert answer.status_code == 200, answer.text
    return rows(answer.text)


def test_who_did_what_when_and_why(world: World) -> None:
    world.approved(AURORA)
    world.verified(BOREAS)
    world.desk().decide(world.slug, BOREAS["organisation"], "decline", reason="Not known to us.")
    told = history(world)
    declined = next(row for row in told if row[2] == "Declined")
    assert declined[1:] == [NAMELESS_OLGA, "Declined", "Boreas Legal Aid", "Not known to us."]
    assert re.search(r"\d{4}, \d\d:\d\d \(UTC", declined[0])
    whats = [(row[1], row[2], row[3]) for row in told]
    assert ("The signer", "Confirmed by mail", "Aurora Media Watch") in whats
    assert (NAMELESS_OLGA, "Approved", "Aurora Media Watch") in whats
    assert ("The operator, on the machine", "Version 1 was published", "") in whats
    moments = [whats.index(one) for one in whats if one[2] == "Aurora Media Watch"]
    assert [whats[n][1] for n in moments] == [
        "Approved",
        "Confirmed by mail",
        "Signed; asked to confirm by mail",
    ]


def test_the_history_of_one_endorsement(world: World) -> None:
    world.approved(AURORA)
    world.approved(EMIL)
    desk = world.desk()
    desk.decide(
        world.slug, EMIL["name"], "decline", status="approved", reason="He asked us by phone."
    )
    link = re.search(
        r'href="(/desk/\S+/audit)" aria-label="History of Emil Quist"',
        desk.queue(world.slug, "declined"),
    )
    assert link
    told = rows(desk.browser.get(link[1]).text)
    assert [(row[1], row[2], row[3]) for row in told] == [
        ("The signer", "Signed; asked to confirm by mail", ""),
        ("The signer", "Confirmed by mail", ""),
        (NAMELESS_OLGA, "Approved", ""),
        (NAMELESS_OLGA, "Declined", "He asked us by phone."),
    ]


def test_what_one_person_did(world: World) -> None:
    world.verified(AURORA)
    otto = world.share(OTTO)
    otto.decide(world.slug, AURORA["organisation"], "approval")
    page = world.desk().browser.get(f"/desk/letters/{world.slug}/audit").text
    actor = re.search(rf'<option value="(organiser:\S+)">{re.escape(NAMELESS_OTTO)}', page)
    assert actor
    assert [row[1:4] for row in history(world, f"?who={actor[1]}")] == [
        [NAMELESS_OTTO, "Approved", "Aurora Media Watch"]
    ]
    assert {row[1] for row in history(world, "?who=signer")} == {"The signer"}
    assert (
        "Nothing was done by them"
        in world.desk().browser.get(f"/desk/letters/{world.slug}/audit?who=worker").text
    )
    for nobody in ("nobody", "organiser:1", "signer:x"):
        answer = world.desk().browser.get(f"/desk/letters/{world.slug}/audit?who={nobody}")
        assert answer.status_code == 404


def test_a_long_history_goes_on_over_the_page(world: World) -> None:
    desk = world.desk()
    for _turn in range(15):
        for move in ("pause", "opening"):
            assert desk.move(world.slug, move).status_code == 303
    for _turn in range(15):
        for move in ("pause", "opening"):
            desk.move(world.slug, move)
    first = desk.browser.get(f"/desk/letters/{world.slug}/audit")
    older = re.search(r'href="(\?who=&amp;before=[^"]+)"', first.text)
    assert len(rows(first.text)) == 50
    assert older
    second = rows(desk.browser.get(f"/desk/letters/{world.slug}/audit{unescape(older[1])}").text)
    assert 0 < len(second) < 50
    assert second[-1][2] == "The letter was brought in"
    assert first.text.count("The letter is paused now; before, it was open") == 25


def test_the_trail_of_another_letter_is_not_shown(world: World) -> None:
    world.approved(AURORA)
    first = world.slug
    world.another_letter()
    assert "Aurora Media Watch" not in str(history(world))
    answer = world.desk().browser.get(f"/desk/letters/{first}/audit")
    assert "Aurora Media Watch" in answer.text


def test_viewers_see_no_address_of_an_organiser(world: World) -> None:
    world.verified(AURORA)
    otto = world.share(OTTO)
    otto.decide(world.slug, AURORA["organisation"], "approval")
    world.invite("Valley Listeners; vera@valley.example")
    viewer = world.share("vito@organisers.example", "viewer").browser
    letter = f"/desk/letters/{world.slug}"
    for path in ("", "/audit", "/team", "/messages", "/reported", "/invitations", "/versions"):
        page = viewer.get(letter + path)
        assert page.status_code == 200, path
        assert OLGA not in page.text
        assert OTTO not in page.text
    assert {row[1] for row in rows(viewer.get(f"{letter}/audit").text)} >= {
        NAMELESS_OLGA,
        NAMELESS_OTTO,
    }
