"""The share image at its address: named in the letter's head, kept, and drawn anew."""

import re
from html import unescape
from io import BytesIO

from PIL import Image

from tests.world import AURORA, BOREAS, World, logo


def meta(world: World, query: str = "") -> dict[str, str]:
    page = world.client.get(world.path + query).text
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


def path_of(world: World, query: str = "") -> str:
    return meta(world, query)["og:image"].removeprefix(world.settings.base_url)


def test_the_letter_names_its_picture(world: World) -> None:
    world.approved(AURORA)
    named = meta(world)
    assert named["og:image"].startswith(f"{world.settings.base_url}{world.path}/card.png?v=")
    assert named["twitter:card"] == "summary_large_image"
    assert (named["og:image:width"], named["og:image:height"]) == ("1200", "630")
    assert named["og:image:alt"] == "Free the press of Ardal · 1 signatory"
    answer = world.client.get(path_of(world))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert "content-encoding" not in answer.headers
    with Image.open(BytesIO(answer.content)) as image:
        assert image.size == (1200, 630)


def test_it_is_drawn_once_and_kept_until_the_count_changes(world: World) -> None:
    world.approved(AURORA)
    path = path_of(world)
    first = world.client.get(path)
    assert first.headers["cache-control"] == "public, max-age=86400"
    with world.queries() as asked:
        again = world.client.get(path)
        known = world.client.get(path, headers={"if-none-match": first.headers["etag"]})
    # On PostgreSQL the test itself asks whether the site has heard of the last change.
    assert [one for one in asked if "letter.title" in one or "endorsement" in one] == []
    assert again.content == first.content
    assert known.status_code == 304
    assert not known.content
    world.approved(BOREAS)
    newer = path_of(world)
    assert newer != path
    assert world.client.get(newer).content != first.content
    # An old address shows what is so now, and is soon asked for again.
    old = world.client.get(path)
    assert old.content == world.client.get(newer).content
    assert old.headers["cache-control"].startswith("public, max-age=1,")


def test_what_does_not_show_on_it_changes_nothing(world: World) -> None:
    world.approved(AURORA)
    path = path_of(world)
    world.approved(BOREAS, visibility="confidential", files=logo())
    assert path_of(world) == path


def test_each_language_of_the_letter_has_its_own(world: World) -> None:
    world.translation()
    world.approved(AURORA)
    original, translated = path_of(world), path_of(world, "?lang=pt")
    assert "?lang=pt&v=" in translated
    assert meta(world, "?lang=pt")["og:image:alt"] == (
        "Libertem a imprensa de Ardal · 1 signatário"
    )
    assert world.client.get(original).content != world.client.get(translated).content
    assert world.client.get(f"{world.path}/card.png?lang=pt").content == (
        world.client.get(translated).content
    )


def test_a_letter_that_is_not_public_has_none(world: World) -> None:
    world.letter(text=_draft(), opens=False)
    assert world.client.get(f"{world.path}/card.png").status_code == 404
    assert world.client.get("/letters/no-such-letter/card.png").status_code == 404


def _draft() -> str:
    return "---\nslug: a-draft\ntitle: A draft\nlanguage: en\n---\n\nNot yet.\n"
