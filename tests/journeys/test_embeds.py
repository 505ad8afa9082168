"""What other sites take: the script, oEmbed, the feed, and the desk's page that gives the code."""

import gzip
import re
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import brotli
import pytest
from lxml import etree
from starlette.testclient import TestClient

from app.rendering import STATIC
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    EMIL,
    LETTER,
    TRANSLATION,
    World,
    later,
    listed_name,
)

ATOM = {"a": "http://www.w3.org/2005/Atom"}
LARGEST_SCRIPT = 5_000


def test_the_script_is_small_and_any_site_may_load_it(world: World) -> None:
    written = (STATIC / "embed.js").read_bytes()
    assert len(gzip.compress(written)) <= LARGEST_SCRIPT
    assert len(brotli.compress(written)) <= LARGEST_SCRIPT
    for encoding in ("identity", "gzip", "br"):
        answer = world.client.get("/embed.js", headers={"accept-encoding": encoding})
        assert answer.content == written
        assert encoding == "identity" or int(answer.headers["content-length"]) <= LARGEST_SCRIPT
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"].startswith("public")
        assert answer.headers["vary"] == "accept-encoding"
        assert "set-cookie" not in answer.headers
        known = world.client.get("/embed.js", headers={"if-none-match": answer.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")


def test_the_script_asks_nobody_else_and_keeps_nothing() -> None:
    written = (STATIC / "embed.js").read_text()
    code = re.sub(r"//.*", "", written)
    for word in ("https:", "http:", "innerHTML", "insertAdjacentHTML", "DOMParser", "eval(",
                 "cookie", "localStorage", "sessionStorage", "indexedDB", "window."):  # fmt: skip
        assert word not in code, word


def test_style_and_script_of_frames_may_be_read_by_other_sites_and_other_files_not(
    world: World,
) -> None:
    frame = world.client.get(f"{world.path}/embed").text
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', frame):
        assert world.client.get(address).headers["access-control-allow-origin"] == "*"
    for name in ("undersigned.css", "live.js", "embed.css.map"):
        assert "access-control-allow-origin" not in world.client.get(f"/static/{name}").headers


def oembed(world: World, url: str, **wishes: str) -> Any:
    return world.client.get("/oembed", params={"url": url, **wishes})


def test_a_letter_is_found_and_embedded_by_its_address(world: World) -> None:
    world.letter(text=LETTER.replace("Free the press of Ardal", "Free “the press” & <radio>"))
    page = world.client.get(world.path).text
    (address,) = re.findall(r'type="application/json\+oembed" [^>]*href="([^"]+)"', page)
    found = urlsplit(unescape(address))
    assert f"{found.scheme}://{found.netloc}" == world.settings.base_url
    assert parse_qs(found.query) == {"format": ["json"], "url": [world.settings.url(world.path)]}
    answer = world.client.get(f"{found.path}?{found.query}")
    facts = answer.json()
    html = facts.pop("html")
    assert facts == {
        "type": "rich",
        "version": "1.0",
        "title": "Free “the press” & <radio>",
        "provider_name": "Undersigned",
        "provider_url": world.settings.base_url,
        "cache_age": 86_400,
        "width": 600,
        "height": 480,
    }
    assert html == (
        f'<iframe src="{world.settings.url(world.path)}/embed" '
        'title="Signatories of “Free “the press” &amp; &lt;radio&gt;”" '
        'width="600" height="480" loading="lazy" frameborder="0"></iframe>'
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    tag = {"if-none-match": answer.headers["etag"]}
    assert world.client.get(f"{found.path}?{found.query}", headers=tag).status_code == 304

    (address,) = re.findall(r'type="text/xml\+oembed" [^>]*href="([^"]+)"', page)
    answer = world.client.get(unescape(address))
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    told = {element.tag: element.text for element in etree.fromstring(answer.content)}
    assert told == {**{name: str(value) for name, value in facts.items()}, "html": html}


def test_a_site_says_how_much_room_it_has(world: World) -> None:
    url = world.settings.url(world.path)
    for wishes, size in (
        ({}, (600, 480)),
        ({"maxwidth": "280"}, (280, 480)),
        ({"maxwidth": "2000", "maxheight": "200"}, (600, 200)),
        ({"maxwidth": "wide", "maxheight": "-1"}, (600, 480)),
    ):
        facts = oembed(world, url, **wishes).json()
        assert (facts["width"], facts["height"]) == size
        assert f'width="{size[0]}" height="{size[1]}"' in facts["html"]


def test_an_address_is_embedded_as_it_wishes_to_look(world: World) -> None:
    world.translation()
    url = world.settings.url(world.path)
    facts = oembed(world, f"{url}/signatories?lang=pt&theme=dark&limit=7").json()
    assert facts["title"] == "Libertem a imprensa de Ardal"
    assert f'src="{url}/embed?theme=dark&amp;limit=7&amp;lang=pt"' in facts["html"]
    hostile = oembed(world, f'{url}?theme="><script>&lang="><script>').json()
    assert "<script" not in hostile["html"]
    assert "theme" not in hostile["html"]
    for path in ("/", "/embed", "/signatories", "#sign"):
        assert oembed(world, url + path).json()["type"] == "rich", path


def test_only_public_letters_of_this_site_are_embedded(world: World) -> None:
    base, path = world.settings.base_url, world.path
    for url in (
        "",
        "nonsense",
        path,
        f"{base}",
        f"{base}/privacy",
        f"{base}{path}/signatories/nobody",
        f"{base}/letters/no-such-letter",
        f"{base}.evil.example{path}",
        f"{base}@evil.example{path}",
        f"https://evil.example{path}",
        f"https://evil.example/{base}{path}",
    ):
        answer = oembed(world, url)
        assert answer.status_code == 404, url
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
    draft = LETTER.replace("slug: free-the-press", "slug: a-draft")
    world.letter(text=draft, opens=False)
    assert oembed(world, f"{base}/letters/a-draft").status_code == 404
    assert oembed(world, f"{base}{path}", format="yaml").status_code == 501


def feed(world: World, query: str = "", browser: TestClient | None = None) -> Any:
    answer = (browser or world.client).get(f"{world.path}/signatories.atom{query}")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


def said(element: Any, path: str) -> list[str]:
    return [str(found) for found in element.xpath(path, namespaces=ATOM)]


def test_the_feed_tells_of_the_newest_first(world: World) -> None:
    (page,) = re.findall(
        r'type="application/atom\+xml" [^>]*href="([^"]+)"', world.client.get(world.path).text
    )
    assert page == f"{world.path}/signatories.atom"
    assert f'href="{page}"' in world.client.get(f"{world.path}/signatories").text
    empty = feed(world)
    assert not said(empty, "a:entry")
    assert said(empty, "a:updated/text()")
    for minutes, who in enumerate((CIRRUS, DARIA, AURORA)):
        world.verified(who)
        with later(minutes=minutes):
            world.desk().decide(world.slug, listed_name(who), "approval")
    full = feed(world)
    assert said(full, "a:id/text()") == said(empty, "a:id/text()")
    newest = [listed_name(who) for who in (AURORA, DARIA, CIRRUS)]
    assert said(full, "a:entry/a:title/text()") == newest
    updated = said(full, "a:entry/a:updated/text()")
    assert updated == sorted(updated, reverse=True)
    assert said(full, "a:updated/text()") == updated[:1]
    (itself,) = said(full, "a:link[@rel='self']/@href")
    assert itself == world.settings.url(f"{world.path}/signatories.atom")
    sentence = "Aurora Media Watch has signed “Free the press of Ardal”."
    assert said(full, "a:entry/a:summary/text()")[0] == sentence

    ids = dict(zip(newest, said(full, "a:entry/a:id/text()"), strict=True))
    assert all(
        re.fullmatch(r"tag:127\.0\.0\.1,\d{4}-\d\d-\d\d:[\w/-]+", one) for one in ids.values()
    )
    world.verified(BOREAS)
    with later(minutes=3):
        world.desk().decide(world.slug, listed_name(BOREAS), "approval")
    assert said(feed(world), "a:entry/a:id/text()")[1:] == list(ids.values())


def test_the_feed_leads_to_the_line_on_whichever_page_it_stands(world: World) -> None:
    world.approved(AURORA)
    world.crowd(450)
    world.approved(EMIL)  # the last of 452, on the third page
    (link,) = said(feed(world), "a:entry[1]/a:link/@href")
    parts = urlsplit(link)
    shown = world.client.get(f"{parts.path}?{parts.query}").text
    assert f'<li id="{parts.fragment}"' in shown
    assert "Member 0449" in shown
    assert "Member 0100" not in shown
    first = world.client.get(f"{world.path}/signatories").text
    assert parts.fragment not in first
    gone = world.client.get(f"{world.path}/signatories?at=nobody").text
    assert "Aurora Media Watch" in gone


def test_the_feed_holds_fifty_and_speaks_the_readers_language(world: World) -> None:
    world.translation(TRANSLATION)
    world.approved(AURORA)
    world.crowd(60)
    assert len(said(feed(world), "a:entry/a:id")) == 50
    portuguese = feed(world, "?lang=pt")
    assert "Libertem a imprensa de Ardal" in said(portuguese, "a:title/text()")[0]
    assert all("lang=pt&at=" in link for link in said(portuguese, "a:entry/a:link/@href"))
    assert said(portuguese, "a:entry/a:id/text()") == said(feed(world), "a:entry/a:id/text()")


def test_names_in_the_feed_are_text(world: World) -> None:
    hostile = "Press & <b>Co</b> \"]]>'"
    world.approved(AURORA, organisation=hostile)
    assert said(feed(world), "a:entry/a:title/text()") == [hostile]


FRAME = (
    '<iframe src="{url}/embed?theme=dark&amp;layout=columns&amp;limit=5&amp;lang=pt" '
    'title="Signatories of “Libertem a imprensa de Ardal”" '
    'width="100%" height="480" loading="lazy" frameborder="0"></iframe>'
)
ELEMENT = """<script type="module" src="{base}/embed.js"></script>
<undersigned-signatories letter="{url}" theme="dark" layout="columns" limit="5" lang="pt">
  <a href="{url}">Libertem a imprensa de Ardal</a>
</undersigned-signatories>"""


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("frame", FRAME),
        ("element", ELEMENT),
        ("oembed", "{url}?theme=dark&layout=columns&limit=5&lang=pt"),
        ("json", "{url}/signatories.json?lang=pt"),
        ("csv", "{url}/signatories.csv?lang=pt"),
        ("atom", "{url}/signatories.atom?lang=pt"),
    ],
)
def test_the_desk_gives_the_code_for_what_is_chosen(world: World, kind: str, code: str) -> None:
    world.translation()
    desk = world.desk()
    chosen = {"kind": kind, "theme": "dark", "layout": "columns", "limit": "5", "language": "pt"}
    page = desk.browser.get(f"/desk/letters/{world.slug}/embed", params=chosen)
    assert page.status_code == 200
    base = world.settings.base_url
    assert shown_code(page.text) == code.format(base=base, url=base + world.path)
    for name, value in chosen.items():
        is_radio = rf'name="{name}" type="radio" value="{value}" checked'
        is_input = rf'name="{name}" [^>]*value="{value}"'
        is_option = rf'<option value="{value}" selected'
        assert re.search(rf"{is_radio}|{is_input}|{is_option}", page.text), name


@pytest.mark.parametrize(("typed", "number"), [("2000", "1,000"), ("many", "100"), ("-1", "100")])
def test_a_number_of_names_that_cannot_be_is_said_and_kept(
    world: World, typed: str, number: str
) -> None:
    desk, builder = world.desk(), f"/desk/letters/{world.slug}/embed"
    chosen = {"kind": "element", "theme": "dark", "layout": "columns", "limit": typed}
    page = desk.browser.get(builder, params=chosen)
    assert page.status_code == 422
    said = f"Give a whole number up to 1,000. Until then the code is for {number} names."
    assert f'<a href="#limit">Names at most: {said}</a>' in page.text
    assert re.search(rf'name="limit" [^>]*value="{typed}"', page.text)
    assert 'theme="dark" layout="columns"' in shown_code(page.text)
    # Lists for programs have no such number.
    assert desk.browser.get(builder, params=chosen | {"kind": "csv"}).status_code == 200


def test_what_cannot_be_chosen_is_as_if_it_were_not(world: World) -> None:
    wrong = dict.fromkeys(("kind", "theme", "layout", "limit", "language"), '"><script>')
    page = world.desk().browser.get(f"/desk/letters/{world.slug}/embed", params=wrong)
    assert shown_code(page.text).startswith(
        f'<iframe src="{world.settings.url(world.path)}/embed" title='
    )


def test_before_a_letter_is_public_the_code_is_there_and_no_picture_of_it(world: World) -> None:
    world.letter(text=LETTER.replace("slug: free-the-press", "slug: a-draft"), opens=False)
    page = world.desk().browser.get("/desk/letters/a-draft/embed").text
    assert "/letters/a-draft/embed" in shown_code(page)
    assert "There is nothing to see until the letter is opened." in page
    assert "<iframe" not in page


def shown_code(page: str) -> str:
    (found,) = re.findall(r'<textarea id="code"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return unescape(found)
