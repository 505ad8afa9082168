"""Elements on a page that is not kind to them: many at once, moved, hidden, told nonsense, answered
late, cut off and brought back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.stage import LETTER, TURN, Approve, Stage
from tests.browser.test_embeds import ELEMENT, NAME, TITLE, element, policy, script
from tests.harness.browser import FLAGS, Windows, chromium
from tests.harness.partner import Partner


class Visit:
    """A partner's page in a browser, and what it asked for: `lists` and `streams` by address."""

    def __init__(self, stage: Stage, partner: Partner, page: Page, *attributes: str) -> None:
        elements = "".join(element(stage, given) for given in attributes)
        rules = policy(stage, "script", "connect", "img")
        self.page, self.lists, self.streams = page, list[str](), list[str]()
        self.address = partner.page(script(stage) + elements, rules)
        page.on("request", self._note)
        page.goto(self.address)
        self.element = page.locator(ELEMENT)

    def _note(self, request: Request) -> None:
        if "/embed?" in request.url:
            self.lists.append(request.url)
        elif request.url.endswith("/live"):
            self.streams.append(request.url)

    def settles(self) -> None:
        """Lets pass what an element waits before it asks again, to see that it does not."""
        self.page.wait_for_timeout(1_700)


def test_a_page_that_nobody_sees_keeps_no_connection(
    stage: Stage, partner: Partner, page: Page, approve: Approve
) -> None:
    visit = Visit(stage, partner, page, "")
    names = visit.element.locator("[data-part=name]")
    expect(names.filter(has_text=NAME)).to_be_visible()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/live")):
        page.evaluate(TURN, True)
    visit.settles()
    before = len(visit.lists)
    approve("Open Microphone Foundation")
    visit.settles()
    assert len(visit.streams) == 1
    assert len(visit.lists) == before
    expect(names.filter(has_text="Open Microphone Foundation")).to_have_count(0)
    page.evaluate(TURN, False)
    expect(names.filter(has_text="Open Microphone Foundation")).to_be_visible()
    assert len(visit.streams) == 2
    # Where nothing has changed meanwhile, nothing but the stream is asked for.
    visit.settles()
    before = len(visit.lists)
    page.evaluate(TURN, True)
    with page.expect_response(re.compile("/live$")):
        page.evaluate(TURN, False)
    visit.settles()
    assert len(visit.lists) == before


def test_many_letters_on_a_page_leave_connections_for_their_lists(
    stage: Stage, partner: Partner, page: Page, tmp_path: Path
) -> None:
    """Over HTTP/1.1 a browser has six connections to a site."""
    file = tmp_path / "letter.md"
    slugs = [f"letter-{number}" for number in range(8)]
    for slug in slugs:
        file.write_text(f"---\nlanguage: en\ntitle: The {slug}\n---\n\nWe ask.\n")
        stage.command("letter", "import", str(file), "--slug", slug, "--open")
    elements = "".join(element(stage, path=f"/letters/{slug}") for slug in slugs)
    rules = policy(stage, "script", "connect", "img")
    page.goto(partner.page(script(stage) + elements, rules))
    for slug in slugs:
        expect(page.get_by_role("heading", name=f"The {slug}")).to_be_visible()


def test_one_that_is_moved_and_changed_asks_once(
    stage: Stage, partner: Partner, page: Page
) -> None:
    visit = Visit(stage, partner, page, "")
    expect(visit.element.get_by_text(NAME)).to_be_visible()
    visit.settles()
    before = len(visit.lists)
    visit.element.evaluate(
        """it => {
          const other = document.createElement("div");
          document.body.append(other);
          for (let round = 0; round < 5; round++) {
            it.setAttribute("limit", round + 1);
            it.setAttribute("theme", round % 2 ? "dark" : "light");
            it.setAttribute("lang", "fr");
            other.append(it);
            document.body.append(it);
          }
          it.setAttribute("limit", "3");
        }"""
    )
    expect(visit.element.locator("li")).to_have_count(3)
    expect(visit.element.locator(".embed")).to_have_attribute("lang", "fr")
    visit.settles()
    assert len(visit.streams) == 1
    assert len(visit.lists) == before + 1, visit.lists
    assert page.evaluate("document.querySelectorAll('undersigned-signatories').length") == 1
    status = "it => it.shadowRoot.querySelectorAll('[role=status]').length"
    assert visit.element.evaluate(status) == 1


def test_an_answer_that_comes_late_replaces_nothing_newer(
    stage: Stage, partner: Partner, page: Page
) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/embed\?$"), lambda route: held.extend([route]))
    with page.expect_request(re.compile(r"/embed\?$")):
        visit = Visit(stage, partner, page, "")
    visit.element.evaluate("it => it.setAttribute('limit', '2')")
    expect(visit.element.locator("li")).to_have_count(2)
    assert held
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/embed?")):
        for route in held:
            route.continue_()
    visit.settles()
    expect(visit.element.locator("li")).to_have_count(2)


def test_one_that_comes_later_knows_what_the_stream_has_told(
    stage: Stage, partner: Partner, page: Page, approve: Approve
) -> None:
    visit = Visit(stage, partner, page, 'limit="40"')
    first = visit.element.first.locator("[data-part=name]")
    expect(first.filter(has_text=NAME)).to_be_visible()
    old = page.request.get(visit.lists[0]).body()
    approve("Citizens for Radio")
    expect(first.filter(has_text="Citizens for Radio")).to_be_visible()

    # A cache on the way still has the list of the moment before.
    stale: list[str] = []

    def answer(route: Route) -> None:
        if stale:
            route.continue_()
            return
        stale.append(route.request.url)
        headers = {"access-control-allow-origin": "*", "content-type": "text/html; charset=utf-8"}
        route.fulfill(body=old, headers=headers)

    page.route(re.compile(r"/embed\?limit=41"), answer)
    page.evaluate(
        """([name, letter]) => {
          const late = document.createElement(name);
          late.setAttribute("letter", letter);
          late.setAttribute("limit", "41");
          document.body.append(late);
        }""",
        [ELEMENT, stage.url + LETTER],
    )
    late = visit.element.nth(1).locator("[data-part=name]")
    expect(late.filter(has_text="Citizens for Radio")).to_be_visible()
    assert stale


NONSENSE = (
    "data:text/html,<div class=embed>x</div>",
    "javascript:alert(1)",
    "blob:https://evil.example/1",
    "file:///etc/passwd",
    "http://[",
    "https://",
    "about:blank",
)


@pytest.mark.parametrize("letter", NONSENSE)
def test_a_letter_that_is_no_address_of_the_web_asks_for_nothing(
    stage: Stage, partner: Partner, page: Page, letter: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    link = f'<a href="{stage.url}{LETTER}">{TITLE}</a>'
    box = f'<{ELEMENT} letter="{letter}">{link}</{ELEMENT}>'
    address = partner.page(
        script(stage) + box + element(stage), policy(stage, "script", "connect", "img")
    )
    page.goto(address)
    expect(page.locator(ELEMENT).nth(1).get_by_text(NAME)).to_be_visible()
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    known = (address, f"{stage.url}/", "data:,")
    assert [url for url in asked if not url.startswith(known)] == []


@pytest.mark.parametrize(
    "attributes",
    [
        "data-framed",
        'theme="</style><script>alert(1)</script>" limit="-1" layout="nothing"',
        'limit="99999999999999999999" lang="../../x" theme="&quot;onload=alert(1)"',
        'part="x" style="color: red" onclick="alert(1)" dir="rtl"',
    ],
)
def test_attributes_that_make_no_sense_are_as_if_they_were_not_there(
    stage: Stage, partner: Partner, windows: Windows, attributes: str
) -> None:
    page = windows.open()
    visit = Visit(stage, partner, page, attributes)
    expect(visit.element.get_by_text(NAME)).to_be_visible()
    assert visit.element.locator("li").count() >= 10
    # The site's own policy refuses what its page says in its own attributes.
    windows.complaints[:] = [it for it in windows.complaints if "inline" not in it]


def test_lists_outlive_a_server_that_goes_away_and_comes_back(
    stage: Stage, partner: Partner, windows: Windows, approve: Approve
) -> None:
    visit = Visit(stage, partner, windows.open(), "")
    names = visit.element.locator("[data-part=name]")
    expect(names.filter(has_text=NAME)).to_be_visible()
    stage.server.stop()
    visit.settles()
    expect(names.filter(has_text=NAME)).to_be_visible()
    stage.server.start()
    approve("Zofia Wrona")
    # Browsers come back spread over seconds, and later each time.
    expect(names.filter(has_text="Zofia Wrona")).to_be_visible(timeout=60_000)
    windows.complaints[:] = [it for it in windows.complaints if "net::ERR_" not in it]


def test_a_page_that_is_gone_back_to_grows_again(
    stage: Stage, partner: Partner, browser: Browser, approve: Approve
) -> None:
    """As browsers keep a page that was left, with all that it knew; those of tests don't."""
    away = partner.page("<h1>Elsewhere</h1>", "default-src 'none'; img-src data:", "/away")
    keeping = browser.browser_type.launch(
        executable_path=chromium(),
        args=list(FLAGS),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    try:
        page = keeping.new_page()
        visit = Visit(stage, partner, page, "")
        names = visit.element.locator("[data-part=name]")
        expect(names.filter(has_text=NAME)).to_be_visible()
        page.evaluate("window.isTheSame = true")
        page.goto(away)
        approve("The Coastal Press Union")
        page.go_back(wait_until="commit")
        assert page.evaluate("window.isTheSame"), "the page was not kept"
        expect(names.filter(has_text="The Coastal Press Union")).to_have_count(2)
    finally:
        keeping.close()
