"""The list on a partner's site: another origin, with a strict content policy of its own.

The browser blocks cookies of third parties: Chromium does by itself in profiles like the tests'.
"""

from itertools import count
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Frame, Locator, Page, Route, expect

from tests.browser.stage import LETTER, STREAMLESS, Approve, Stage, until_it_asks, without_stream
from tests.harness.browser import Windows, axe, pictures
from tests.harness.partner import Partner

ELEMENT = "undersigned-signatories"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TITLE = "Give Radio Ardal its frequency back"
NAME = "Association of Valley Teachers"
SMALL = {"width": 280, "height": 480}


def policy(stage: Stage, *sources: str) -> str:
    allowed = [f"{source}-src {stage.url}" for source in sources if source != "img"]
    images = [f"img-src data: {stage.url}"] if "img" in sources else ["img-src data:"]
    trusted = ["require-trusted-types-for 'script'", "trusted-types 'none'"]
    return "; ".join(["default-src 'none'", *images, *allowed, *trusted])


def frame(stage: Stage, query: str = "", attributes: str = "") -> str:
    url = f"{stage.url}{LETTER}/embed{query}"
    return f'<iframe src="{url}" title="The list" {attributes}></iframe>'


def element(stage: Stage, attributes: str = "", path: str = LETTER) -> str:
    url = stage.url + path
    return f'<{ELEMENT} letter="{url}" {attributes}><a href="{url}">{TITLE}</a></{ELEMENT}>'


def script(stage: Stage, kind: str = 'type="module"') -> str:
    return f'<script {kind} src="{stage.url}/embed.js"></script>'


def with_frame(stage: Stage, partner: Partner, query: str = "") -> str:
    return partner.page(frame(stage, query), policy(stage, "frame"))


def with_elements(stage: Stage, partner: Partner, *attributes: str) -> str:
    elements = "".join(element(stage, given) for given in attributes or ("",))
    return partner.page(script(stage) + elements, policy(stage, "script", "connect", "img"))


class Watched:
    """What a page asked for, and of whom."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        page.context.on("request", lambda request: self.asked.append(request.url))

    def nothing_but(self, *sites: str) -> None:
        assert all(url.startswith((*sites, "data:")) for url in self.asked), self.asked


def keeps_nothing(page: Page) -> None:
    assert page.context.cookies() == []
    kept = """async () => [document.cookie, localStorage.length, sessionStorage.length,
        (await indexedDB.databases()).length, (await caches.keys()).length]"""
    assert page.evaluate(kept) == ["", 0, 0, 0, 0]
    for frame_ in page.frames[1:]:
        assert frame_.evaluate("document.cookie") == ""
        # As in browsers that keep nothing for third parties.
        with pytest.raises(PlaywrightError, match="Access is denied"):
            frame_.evaluate("localStorage.length")


def fits(page: Page | Frame) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def colours(list_: Locator) -> tuple[str, str]:
    box = list_.locator(".embed")
    ground, ink = (
        box.evaluate(f"box => getComputedStyle(box).{name}")
        for name in ("backgroundColor", "color")
    )
    return ground, ink


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_frame_works_under_a_strict_policy_on_a_small_screen(
    stage: Stage, partner: Partner, windows: Windows, scheme: str
) -> None:
    page = windows.open(viewport=SMALL, color_scheme=scheme)
    watched = Watched(page)
    page.goto(with_frame(stage, partner))
    inner = page.frames[1]
    expect(inner.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(inner.get_by_text(NAME)).to_be_visible()
    assert fits(inner)
    dark = colours(inner.locator("main"))[0] == "rgb(25, 29, 35)"
    assert dark == (scheme == "dark")
    watched.nothing_but(stage.url, partner.url)
    keeps_nothing(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_elements_work_twice_under_a_strict_policy_on_a_small_screen(
    stage: Stage, partner: Partner, windows: Windows, scheme: str
) -> None:
    page = windows.open(viewport=SMALL, color_scheme=scheme)
    watched = Watched(page)
    page.goto(with_elements(stage, partner, "", 'theme="light" layout="logos" limit="2"'))
    first, second = page.locator(ELEMENT).all()
    expect(first.get_by_text(NAME)).to_be_visible()
    expect(first.locator("li")).to_have_count(10)
    expect(second.locator("li")).to_have_count(2)
    expect(second.get_by_role("link", name="and 8 more")).to_have_attribute(
        "href", f"{stage.url}{LETTER}/signatories"
    )
    assert fits(page)
    # As high as what is in it, without a bar to scroll it.
    assert first.evaluate(
        "it => it.offsetHeight === it.shadowRoot.querySelector('.embed').offsetHeight"
    )
    assert (colours(first) != colours(second)) == (scheme == "dark")
    pictures(page, f"element-{scheme}")
    watched.nothing_but(stage.url, partner.url)
    assert sum("/live" in url for url in watched.asked) == 1, "one stream serves both"
    keeps_nothing(page)


@pytest.mark.parametrize("kind", ['type="module"', "", "async", "defer"])
def test_the_script_leaves_no_name_behind_however_it_is_loaded(
    stage: Stage, partner: Partner, windows: Windows, kind: str
) -> None:
    page = windows.open()
    body = script(stage, kind) + element(stage) + script(stage, kind)
    address = partner.page(body, policy(stage, "script", "connect", "img"))
    bare = partner.page(element(stage), policy(stage), "/bare")
    names = "Object.getOwnPropertyNames(window).sort()"
    page.goto(bare)
    before = page.evaluate(names)
    page.goto(address)
    expect(page.locator(ELEMENT).get_by_text(NAME)).to_be_visible()
    assert page.evaluate(names) == before


def test_without_script_a_frame_is_a_list_and_an_element_is_a_link(
    stage: Stage, partner: Partner, windows: Windows
) -> None:
    page = windows.open(javascript=False, viewport=SMALL)
    page.goto(with_frame(stage, partner, "?limit=3"))
    inner = page.frames[1]
    expect(inner.locator("li")).to_have_count(3)
    expect(inner.get_by_role("link", name="Read and sign the letter")).to_have_attribute(
        "href", LETTER
    )
    expect(inner.get_by_role("link", name="and 7 more")).to_be_visible()
    page.goto(with_elements(stage, partner))
    expect(page.get_by_role("link", name=TITLE)).to_have_attribute("href", stage.url + LETTER)


def test_where_the_list_cannot_be_had_the_link_stays(
    stage: Stage, partner: Partner, page: Page
) -> None:
    body = script(stage) + element(stage, path="/letters/no-such-letter") + element(stage)
    page.goto(partner.page(body, policy(stage, "script", "connect", "img")))
    gone, there = page.locator(ELEMENT).all()
    expect(there.get_by_text(NAME)).to_be_visible()
    expect(gone.get_by_role("link", name=TITLE)).to_be_visible()


def test_frames_and_elements_grow_without_reload(
    stage: Stage, partner: Partner, windows: Windows, approve: Approve
) -> None:
    name = "Open Microphone Foundation"
    page = windows.open()
    # Content management systems put frames that they don't know into a sandbox.
    frames = frame(stage) + frame(stage, attributes='sandbox="allow-scripts"')
    body = script(stage) + frames + element(stage) + element(stage, 'layout="columns"')
    page.goto(partner.page(body, policy(stage, "script", "connect", "img", "frame")))
    for one in page.frames:
        one.evaluate("window.isTheSame = true")
    inner = [one.locator(ELEMENT) for one in page.frames[1:]]
    lists = [*inner, *page.locator(ELEMENT).all()]
    assert len(lists) == 4
    for it in lists:
        expect(it.get_by_text(NAME)).to_be_visible()
        expect(it.get_by_text(name)).to_have_count(0)
        expect(it.get_by_text("The list was updated")).to_have_count(0)
    focused = page.locator(ELEMENT).first.get_by_role("link", name="Read and sign the letter")
    focused.focus()
    approve(name)
    for it in lists:
        expect(it.get_by_text(name)).to_be_visible()
        expect(it.get_by_role("status")).to_contain_text("The list was updated. Signatories: 1")
    expect(focused).to_be_focused()
    for one in page.frames:
        assert one.evaluate("isTheSame")


@pytest.mark.parametrize(("stream", "name"), STREAMLESS)
def test_without_a_stream_the_list_is_asked_for_now_and_then(
    stage: Stage, partner: Partner, windows: Windows, approve: Approve, stream: str, name: str
) -> None:
    page = windows.open()
    without_stream(page, stream)
    asked = count(1)
    times = 2 if stream == "refused" else 1  # whoever is refused asks once more at once
    with page.expect_event(
        "requestfinished", lambda it: "/embed?" in it.url and next(asked) == times
    ):
        page.goto(with_elements(stage, partner))
    lines = page.locator(ELEMENT).locator("li")
    expect(lines.first).to_be_visible()
    until_it_asks(page, lines, lambda: approve(name))
    assert page.locator(ELEMENT).get_by_text(name).count()


def test_attributes_are_heeded_and_what_is_taken_away_is_silent(
    stage: Stage, partner: Partner, page: Page
) -> None:
    page.goto(with_elements(stage, partner, 'limit="2"'))
    it = page.locator(ELEMENT)
    expect(it.locator("li")).to_have_count(2)
    it.evaluate("it => { it.setAttribute('limit', '3'); it.setAttribute('theme', 'dark'); }")
    expect(it.locator("li")).to_have_count(3)
    expect(it.locator(".embed")).to_have_attribute("data-theme", "dark")
    it.evaluate("it => it.removeAttribute('limit')")
    expect(it.locator("li").nth(5)).to_be_visible()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/live")):
        it.evaluate("it => { window.it = it; it.remove(); }")
    expect(it).to_have_count(0)
    page.evaluate("document.body.append(it)")
    expect(it.get_by_text(NAME)).to_be_visible()
    for nothing in ("", "http://"):
        it.evaluate("(it, letter) => it.setAttribute('letter', letter)", nothing)
    expect(it.get_by_text(NAME)).to_be_visible()
    # Put into the page first, and told its letter afterwards, as frameworks do.
    page.evaluate(
        """([name, letter]) => {
          const late = document.createElement(name);
          late.id = "late";
          document.body.append(late);
          late.setAttribute("letter", letter);
        }""",
        [ELEMENT, stage.url + LETTER],
    )
    expect(page.locator("#late").get_by_text(NAME)).to_be_visible()


def test_parts_and_colours_of_an_element_are_the_sites_own(
    stage: Stage, partner: Partner, page: Page
) -> None:
    style = f"<style>{ELEMENT} {{ --undersigned-paper: rgb(1, 2, 3) }} \
        {ELEMENT}::part(title) {{ color: rgb(4, 5, 6) }}</style>"
    rules = policy(stage, "script", "connect", "img") + "; style-src 'unsafe-inline'"
    page.goto(partner.page(style + script(stage) + element(stage), rules))
    it = page.locator(ELEMENT)
    expect(it.locator(".embed")).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(it.get_by_role("heading", name=TITLE)).to_have_css("color", "rgb(4, 5, 6)")


HOSTILE = """<link rel="stylesheet" href="/style"><div class="embed" onclick="ran = 1">
<h1>Elsewhere</h1><script>ran = 1</script><img src="/x" onerror="ran = 1" alt="">
<a href="javascript:ran = 1">Sign</a><iframe srcdoc="<script>top.ran = 1</script>"></iframe>
<svg onload="ran = 1"></svg><p style="color: red" onpointerenter="ran = 1">Text</p></div>"""


def test_a_letter_from_elsewhere_brings_no_script_along(
    stage: Stage, partner: Partner, windows: Windows
) -> None:
    """Some sites let visitors write elements but no script: this one is as harmless."""

    def answer(route: Route) -> None:
        what = {"/style": ("text/css", ""), "/letters/x/embed": ("text/html", HOSTILE)}
        kind, body = what.get(urlsplit(route.request.url).path, ("text/event-stream", ""))
        cors = {"access-control-allow-origin": "*"}
        route.fulfill(content_type=kind, body=body, headers=cors)

    page = windows.open()
    page.route("https://elsewhere.example/**", answer)
    box = f'<{ELEMENT} letter="https://elsewhere.example/letters/x"></{ELEMENT}>'
    page.goto(partner.page(script(stage) + box, "default-src * 'unsafe-inline' data:"))
    it = page.locator(ELEMENT)
    it.get_by_text("Elsewhere").click()
    it.get_by_text("Sign").click()
    it.get_by_text("Text").hover()
    inside = "it => it.shadowRoot.querySelectorAll('script, iframe, svg, [style], [href]').length"
    assert it.evaluate(inside) == 0
    assert not page.evaluate("'ran' in window")


def test_a_frame_tells_how_high_it_is(stage: Stage, partner: Partner, page: Page) -> None:
    page.goto(partner.page("", policy(stage, "frame")))
    page.evaluate(
        """address => {
            addEventListener("message", ({ data, origin }) => window.told = [data, origin]);
            const frame = document.createElement("iframe");
            frame.src = address;
            document.body.append(frame);
        }""",
        f"{stage.url}{LETTER}/embed",
    )
    inner = page.frames[1].locator("body")
    expect(inner.get_by_text(NAME)).to_be_visible()
    for width in (300, 600):
        page.locator("iframe").evaluate("(frame, width) => frame.width = width", width)
        page.wait_for_function("window.told")
        height = inner.evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
        page.wait_for_function("height => told[0].height === height", arg=height)
        assert page.evaluate("told") == [
            {"type": "undersigned-height", "height": height},
            stage.url,
        ]


def test_an_element_is_accessible_among_the_sites_headings(
    stage: Stage, partner: Partner, page: Page
) -> None:
    body = f"<main><h1>Our news</h1>{element(stage)}</main>{script(stage)}"
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.goto(partner.page(body, policy(stage, "script", "connect", "img")))
        title = page.get_by_role("heading", name=TITLE)
        expect(title).to_have_attribute("aria-level", "2")
        axe(page)
