"""The page of a letter: where signing stands, in words; what programs read of it; sharing it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import update
from sqlmodel import col

from app.letter import letters
from app.letter.letters import Letter
from tests.journeys.test_share_image import meta
from tests.journeys.test_team import press
from tests.world import AURORA, BOREAS, LETTER, TRANSLATION, World, later, logo

HOSTILE = """</script><script>alert(1)</script> "Press" & 'Co' <!--"""


def moments(**at: timedelta) -> str:
    """Front matter: the first and the last deadline, so long from now."""
    now = datetime.now(UTC)
    lines = (f"{name}: {(now + delta).isoformat(timespec='seconds')}" for name, delta in at.items())
    return "\n".join(lines)


def state_of(world: World) -> str:
    """What the page says where the letter doesn't simply stand open; "" if it does."""
    page = world.client.get(world.path).text
    found = re.search(r'<div class="notice state">(.*?)</div>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""


def badges(world: World) -> list[str]:
    page = world.client.get(world.path).text
    return re.findall(r'<span class="badge letter-(\w+)">', page)


def test_an_open_letter_needs_no_notice(world: World) -> None:
    assert state_of(world) == ""
    assert badges(world) == ["open"]


def test_visitors_are_asked_to_sign_by_the_first_deadline_and_told_when_it_has_passed(
    world: World,
) -> None:
    world.letter(moments(soft_deadline=timedelta(hours=1), deadline=timedelta(hours=3)))
    page = world.client.get(world.path).text
    assert re.search(r"Please sign by <time datetime=[^>]+>[^<]+</time> if you can\.", page)
    assert state_of(world) == ""
    with later(hours=2):
        said = state_of(world)
        assert said.startswith("You can still sign, and your signature counts.")
        assert "may already have delivered the letter" in said
        page = world.client.get(world.path).text
        assert "Please sign by" not in page
        assert "Sign until" in page
        assert badges(world) == ["late"]
        world.approved(AURORA)
        assert "Aurora Media Watch" in world.client.get(world.path).text


def test_a_first_deadline_without_a_last_one_is_told_too(world: World) -> None:
    world.letter(moments(soft_deadline=timedelta(hours=1)))
    assert "Please sign by" in world.client.get(world.path).text
    with later(hours=2):
        assert badges(world) == ["late"]
        assert "You can still sign" in state_of(world)


def test_after_the_deadline_the_page_says_until_when_one_can_confirm(world: World) -> None:
    world.letter(moments(soft_deadline=timedelta(hours=1), deadline=timedelta(hours=2)))
    with later(hours=3):
        said = state_of(world)
        assert said.startswith("The letter takes no more signatures.")
        assert "Whoever signed in time can still confirm until" in said
        assert badges(world) == ["ended"]
    with later(hours=27):
        assert "confirm until" not in state_of(world)
        assert "can still be read" in state_of(world)


def test_a_closed_letter_says_that_its_organisers_closed_it_and_why(world: World) -> None:
    olga, desk = world.desk(), f"/desk/letters/{world.slug}"
    press(world, olga, f"{desk}/closing", "/closing", reason="The Council has answered.")
    said = state_of(world)
    assert said.startswith("The organisers have ended the signing.")
    assert badges(world) == ["closed"]
    assert said.endswith("The organisers say: The Council has answered.")
    assert "Whoever signed in time can still confirm until" in said
    with later(hours=25):
        assert "confirm until" not in state_of(world)


def test_a_paused_letter_says_that_reading_goes_on_and_why(world: World) -> None:
    world.letter(moments(deadline=timedelta(hours=1)))
    olga, desk = world.desk(), f"/desk/letters/{world.slug}"
    press(world, olga, f"{desk}/pause", "/pause", reason="We wait for news.")
    said = state_of(world)
    assert said.startswith("Nobody can sign or confirm for now")
    assert badges(world) == ["paused"]
    assert "The letter and the list can still be read." in said
    assert said.endswith("The organisers say: We wait for news.")
    with later(hours=2):
        assert "confirm until" not in state_of(world)


def test_a_delivered_letter_says_so(world: World) -> None:
    olga, desk = world.desk(), f"/desk/letters/{world.slug}"
    press(world, olga, f"{desk}/closing", "/closing")
    with world.database.write() as db:
        letter_id = letters.by_slug(db, world.slug).id
        db.execute(update(Letter).where(col(Letter.id) == letter_id).values(status="delivered"))
        letters.revise(db, letter_id)
    said = state_of(world)
    assert said.startswith("The organisers have handed the letter to those it is addressed to.")
    assert badges(world) == ["delivered"]
    assert "takes no more signatures" in said
    assert "<form" not in world.client.get(world.path).text
    assert world.sign(AURORA).status_code == 409


def schema(world: World, query: str = "") -> dict[str, Any]:
    page = world.client.get(world.path + query).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    facts: dict[str, Any] = json.loads(block)
    return facts


def test_programs_read_who_wrote_what_and_when(world: World) -> None:
    today = datetime.now(UTC).date().isoformat()
    assert schema(world) == {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": "Free the press of Ardal",
        "description": "We, the undersigned, ask you to give the frequency back.",
        "inLanguage": "en",
        "datePublished": today,
        "dateModified": today,
        "author": [{"@type": "Organization", "name": "Lead Organisation"}],
        "publisher": {"@type": "Organization", "name": "Lead Organisation"},
        "image": meta(world)["og:image"],
        "url": world.settings.url(world.path),
    }


def test_no_title_ends_the_block_that_programs_read(world: World) -> None:
    slug = "hostile"
    text = LETTER.replace("free-the-press", slug).replace(
        '"Free the press of Ardal"', f"{json.dumps(HOSTILE)}"
    )
    world.letter(text=text)
    page = world.client.get(world.path).text
    assert schema(world)["headline"] == HOSTILE
    assert "alert(1)</script>" not in page
    assert meta(world)["og:title"] == HOSTILE


def test_networks_are_told_site_language_and_beginning(world: World) -> None:
    world.translation(TRANSLATION)
    told = meta(world)
    assert told["og:site_name"] == "Undersigned"
    assert told["og:locale"] == "en_US"
    assert told["og:locale:alternate"] == "pt_BR"
    assert told["og:description"] == "We, the undersigned, ask you to give the frequency back."
    in_portuguese = meta(world, "?lang=pt")
    assert in_portuguese["og:locale"] == "pt_BR"
    assert in_portuguese["og:description"] == (
        "Nós, abaixo assinados, pedimos que devolvam a frequência."
    )
    page = world.client.get(f"{world.path}?lang=pt").text
    assert f'<meta name="description" content="{in_portuguese["og:description"]}">' in page


def test_every_language_has_one_address_of_its_own(world: World) -> None:
    world.translation(TRANSLATION)
    home = world.settings.url(world.path)
    for query, address in {
        "": home,
        "?lang=en": home,
        "?lang=fr": home,
        "?lang=pt": f"{home}?lang=pt",
    }.items():
        page = world.client.get(world.path + query).text
        assert f'<link rel="canonical" href="{address}">' in page
        assert f'<link rel="alternate" hreflang="en" href="{home}">' in page
        assert meta(world, query)["og:url"] == address
        assert schema(world, query)["url"] == address


def shared(world: World, query: str = "") -> dict[str, str]:
    """The links that share the letter, by name."""
    page = world.client.get(world.path + query).text
    (section,) = re.findall(r'<section class="share".*?</section>', page, re.DOTALL)
    found = re.findall(r'<a href="([^"]+)" rel="noopener noreferrer nofollow">([^<]+)</a>', section)
    return {name: unescape(url) for url, name in found}


def test_the_letter_is_shared_by_plain_links(world: World) -> None:
    world.translation(TRANSLATION)
    links = shared(world, "?lang=pt")
    assert len(links) == 8
    title = "Libertem a imprensa de Ardal"
    url = world.settings.url(f"{world.path}?lang=pt")
    mail = parse_qs(links["E-mail"].removeprefix("mailto:?"))
    assert mail == {"subject": [title], "body": [f"{title}\r\n\r\n{url}"]}
    for name, link in links.items():
        # Spaces are %20 everywhere: mail programs show a plus as one.
        assert "+" not in link, name
        assert url in unquote(link), name
    assert parse_qs(urlsplit(links["X"]).query) == {"text": [title], "url": [url]}
    assert unquote(urlsplit(links["Mastodon"]).fragment) == f"text={title} {url}"
    assert "libertem" not in urlsplit(links["Mastodon"]).query
    page = world.client.get(f"{world.path}?lang=pt").text
    assert f'data-copy="{url}"' in page


def test_a_title_breaks_no_link(world: World) -> None:
    text = LETTER.replace("free-the-press", "odd").replace(
        '"Free the press of Ardal"', '"A&B=C #1 50% ?"'
    )
    world.letter(text=text)
    mail = parse_qs(shared(world)["E-mail"].removeprefix("mailto:?"))
    assert mail["subject"] == ["A&B=C #1 50% ?"]


def test_the_page_counts_near_its_top(world: World) -> None:
    assert 'class="standfirst"' not in world.client.get(world.path).text
    world.approved(AURORA)
    world.approved(BOREAS)
    page = world.client.get(world.path).text
    assert re.search(
        r'<p class="standfirst"><a href="#signatories">Signatories: '
        r'<span data-count="total">2</span></a></p>',
        page,
    )


def images(page: str) -> Iterator[str]:
    (head,) = re.findall(r'<ul class="letterhead">.*?</ul>', page, re.DOTALL)
    yield from re.findall(r"<img [^>]+>", head)


def test_logos_of_the_letterhead_say_how_large_they_are(world: World) -> None:
    (_name, picture) = logo(size=(300, 100))["logo"]
    (world.folder / "lead.png").write_bytes(picture)
    text = LETTER.replace('- name: "Lead Organisation"', '- name: "Lead"\n    logo: lead.png')
    world.letter(text=text)
    (image,) = images(world.client.get(world.path).text)
    width, height = map(int, re.findall(r'(?:width|height)="(\d+)"', image))
    assert 2.9 < width / height < 3.1
    assert image.endswith('alt="Lead">')
