"""Lists that are open in a browser keep up with what happens, and move nothing under the reader."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import (
    LETTER,
    STREAMLESS,
    TURN,
    Approve,
    Stage,
    until_it_asks,
    without_stream,
)
from tests.harness.browser import NARROW, Windows, axe

LIST = f"{LETTER}/signatories"
NEWS = "[role=status][data-announcement]"


def test_lists_grow_or_say_that_they_have_changed(
    stage: Stage, windows: Windows, approve: Approve
) -> None:
    name = "Open Microphone Foundation"
    whole, letter, found, arabic = (windows.open() for _page in range(4))
    whole.goto(stage.url + LIST)
    letter.goto(stage.url + LETTER)
    found.goto(f"{stage.url}{LIST}?q=o&kind=organisation#list")
    arabic.goto(f"{stage.url}{LIST}?lang=ar&layout=logos")
    for page in (whole, letter, found, arabic):
        page.evaluate("window.isTheSame = true")
        expect(page.locator("[data-announcement]")).to_be_empty()
    focused = whole.get_by_role("link", name="Ärzte für freie Sender e. V.", exact=True)
    focused.focus()
    kept = whole.locator("[data-id]", has_text="Association of Valley Teachers").element_handle()
    phone = windows.open(viewport=NARROW)
    phone.goto(stage.url + LIST)
    read = phone.locator("[data-id]", has_text="Zavod za odprte medije")
    read.evaluate("line => line.scrollIntoView()")
    place = read.bounding_box()
    before = found.locator("[data-id]").evaluate_all("lines => lines.map(line => line.id)")

    approve(name)
    for page in (whole, letter, arabic):
        expect(page.locator("[data-live] [data-id].new", has_text=name)).to_be_visible(
            timeout=2_000
        )
    expect(whole.locator('[data-count="organisations"]')).to_have_text("9")
    expect(whole.get_by_role("status")).to_have_text("The list was updated. Signatories: 11.")
    expect(letter.locator(NEWS)).to_have_text("The list was updated. Signatories: 11.")
    expect(arabic.get_by_role("status")).to_contain_text("11")
    expect(focused).to_be_focused()
    assert kept.evaluate("line => line.isConnected"), "a line that is the same is drawn anew"
    axe(whole)

    # A line that came in above moves nothing of what is being read.
    expect(phone.locator("[data-id].new")).to_have_count(1)
    now = read.bounding_box()
    assert place
    assert now
    assert abs(now["y"] - place["y"]) <= 1

    news = found.get_by_role("status")
    expect(news).to_contain_text("The list has changed.", timeout=2_000)
    ids = found.locator("[data-id]").evaluate_all("lines => lines.map(line => line.id)")
    assert ids == before
    axe(found)
    for page in (whole, letter, found, arabic):
        assert page.evaluate("isTheSame")
    found.get_by_role("link", name="Show it as it is now").click()
    expect(found.locator("[data-id]", has_text=name)).to_be_visible()
    assert found.url.endswith("?q=o&kind=organisation")


@pytest.mark.parametrize(("stream", "name"), STREAMLESS)
def test_without_a_stream_a_page_asks_now_and_then(
    stage: Stage, windows: Windows, approve: Approve, stream: str, name: str
) -> None:
    page = windows.open()
    without_stream(page, stream)
    page.goto(stage.url + LETTER)
    lines = page.locator("[data-live] [data-id]")
    until_it_asks(page, lines, lambda: approve(name))
    expect(page.locator(NEWS)).to_contain_text("The list was updated.")


def test_a_page_that_nobody_sees_gives_its_connection_back(stage: Stage, page: Page) -> None:
    with page.expect_response("**/live"):
        page.goto(stage.url + LETTER)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/live")):
        page.evaluate(TURN, True)
    with page.expect_response("**/live"):
        page.evaluate(TURN, False)


def test_a_page_that_cannot_be_had_leaves_the_list_as_it_is(stage: Stage, windows: Windows) -> None:
    page = windows.open()
    page.add_init_script("delete window.EventSource")
    page.route(
        f"**{LETTER}", lambda route: route.fulfill(status=503) if asked else route.continue_()
    )
    asked: list[str] = []
    page.clock.install()
    page.goto(stage.url + LETTER)
    before = page.locator("[data-live] [data-id]").count()
    asked.append("the page is there, its next copy is not")
    with page.expect_response(lambda answer: answer.status == 503):
        page.clock.fast_forward("01:01")
        page.clock.fast_forward("01:01")
    expect(page.locator("[data-live] [data-id]")).to_have_count(before)
