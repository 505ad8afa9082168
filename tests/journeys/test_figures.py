"""The figures of a sign-on: charts, and beside each a table with the same numbers."""

import re
from html import unescape

from tests.world import AURORA, BOREAS, CIRRUS, DARIA, World, later


def page_of(world: World) -> str:
    answer = world.desk().browser.get(f"/desk/letters/{world.slug}/figures")
    assert answer.status_code == 200, answer.text
    return answer.text


def table(page: str, heading: str) -> list[list[str]]:
    section = re.search(rf'aria-labelledby="{heading}-heading">(.*?)</section>', page, re.DOTALL)
    assert section
    return [
        [
            " ".join(unescape(cell).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)
        ]
        for line in re.findall(r"<tr>(.*?)</tr>", section[1], re.DOTALL)[1:]
    ]


def test_nobody_yet(world: World) -> None:
    page = page_of(world)
    assert "Nobody has signed yet." in page
    assert "<svg" not in page.partition('id="main"')[2].replace("wordmark", "")


def test_each_step_is_counted_and_drawn(world: World) -> None:
    world.approved(AURORA)
    world.approved(BOREAS, visibility="confidential")
    world.verified(CIRRUS)
    world.sign(DARIA)
    page = page_of(world)
    assert table(page, "funnel") == [["Signed", "4"], ["Confirmed", "3"], ["Approved", "2"]]
    assert table(page, "countries") == [["Germany", "1"], ["Norway", "1"]]
    (today,) = table(page, "progress")
    assert today[1:] == ["4", "3", "2"]
    assert page.count('class="pygal-chart"') == 3
    assert "All mail arrived" in page


def test_charts_bring_no_style_script_or_foreign_address(world: World) -> None:
    world.approved(AURORA)
    charts = re.findall(r'<svg[^>]*class="pygal-chart".*?</svg>', page_of(world), re.DOTALL)
    assert len(charts) == 3
    for chart in charts:
        assert "<script" not in chart
        assert "style" not in chart
        assert re.findall(r"https?://[^\"]+", chart) == [
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        ]


def test_days_without_anything_are_drawn_and_long_times_are_shown_by_weeks(world: World) -> None:
    world.approved(AURORA)
    with later(days=3):
        world.verified(BOREAS)
        page = page_of(world)
        assert [row[1:] for row in table(page, "progress")] == [["1", "1", "0"], ["1", "1", "1"]]
        assert "Day by day" in page
    with later(days=200):
        page = page_of(world)
        assert "Week by week" in page
        assert sum(int(row[1]) for row in table(page, "progress")) == 2


def test_mail_that_did_not_arrive_by_domain(world: World) -> None:
    world.sink.behave(refuse=[BOREAS["email"]])
    world.sign(AURORA)
    world.sign(BOREAS)
    world.deliver()
    assert table(page_of(world), "failures") == [["boreas.example", "1"]]
