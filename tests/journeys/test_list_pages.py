"""The public list as a page: found, narrowed, turned over, as a wall of logos, line by line."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.endorsement.endorsements import Endorsement
from app.signer import signers
from tests.journeys.test_lists import names_on, of_csv
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, EMIL, LETTER, World, listed_name, logo

FOUND_BY = {
    "Ədalət Hüquq Mərkəzi": ["Adalet", "edalet merkezi", "huquq"],
    "Straße der Freiheit": ["strasse"],
    "Łódź Forum": ["Lodz"],
    "İstanbul Barosu": ["istanbul", "ISTANBUL"],
    "Мемориал": ["memorial"],
    "Харків разом": ["kharkiv"],
    "თბილისის ფორუმი": ["tbilisis"],
    "Երևանի կենտրոն": ["yerevani"],
    "Ελληνική Ένωση": ["elliniki"],
    "مركز حرية الإعلام": ["الاعلام", "حريه"],
    "人權觀察": ["人权"],
    "Anti-Corruption Now": ["anticorruption", "now anti-corruption"],
}


def shown(world: World, **wanted: str) -> str:
    answer = world.client.get(f"{world.path}/signatories", params=wanted)
    assert answer.status_code == 200
    return answer.text


def link(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found, pattern
    return unescape(found[1])


def pages(world: World, address: str = "") -> Iterator[str]:
    """One page after the other, as by the link to the next."""
    following: re.Match[str] | None = re.match("(.*)", address or f"{world.path}/signatories")
    while following:
        page = world.client.get(unescape(following[1])).text
        following = re.search(r'rel="next" href="([^"]+)"', page)
        yield page


def options(page: str, name: str) -> list[str]:
    select_ = link(page, rf'(?s)<select id="{name}"[^>]*>(.+?)</select>')
    return [unescape(option) for option in re.findall(r">([^<>]+)</option>", select_)]


def withdraw(world: World, name: str) -> None:
    with world.database.write() as db:
        query = select(Endorsement).where(col(Endorsement.organisation) == name)
        signers.withdraw(db, db.scalars(query).one())


def test_names_are_found_in_whatever_script_they_are_typed(world: World) -> None:
    world.approved(AURORA)
    world.copies(*({"organisation": name} for name in FOUND_BY))
    for name, typed in FOUND_BY.items():
        for words in typed:
            assert names_on(shown(world, q=words)) == [name], words
    page = shown(world, q=' "memorial" ')
    assert "1 signatory found." in page
    assert "Signatories found for “&#34;memorial&#34;”" in page


def test_only_what_is_public_is_searched(world: World) -> None:
    world.approved(AURORA)
    world.approved(DARIA, organisation="Ardal University", role="Lecturer")
    world.approved(BOREAS, visibility="confidential")
    assert names_on(shown(world, q="lecturer ardal")) == ["Daria Orlova"]
    for hidden in ("Anna Berg", "director", "boreas", "bruno", "aurora.example", "anna@aurora"):
        page = shown(world, q=hidden)
        assert names_on(page) == [], hidden
        assert f"No signatory matches “{hidden}”." in page
    world.letter("show_representatives: true")
    assert names_on(shown(world, q="berg director")) == ["Aurora Media Watch"]
    assert names_on(shown(world, q="bruno")) == []


def test_the_list_is_narrowed_by_country_and_kind(world: World) -> None:
    for who in (AURORA, BOREAS, EMIL):
        world.approved(who)
    world.approved(DARIA, country="NO")
    world.approved(CIRRUS, country="NO")
    world.approved(BOREAS, organisation="Secret", email="x@y.example", visibility="confidential")
    page = shown(world)
    assert options(page, "country") == ["All countries", "Germany (1)", "Norway (3)"]
    assert options(page, "kind") == ["Everyone", "Organisations (3)", "Individuals (2)"]

    assert names_on(shown(world, country="no")) == [
        listed_name(who) for who in (AURORA, CIRRUS, DARIA)
    ]
    page = shown(world, country="NO", kind="individual")
    assert names_on(page) == ["Daria Orlova"]
    assert options(page, "country") == ["All countries", "Germany (0)", "Norway (1)"]
    assert options(page, "kind") == ["Everyone", "Organisations (2)", "Individuals (1)"]
    assert "1 signatory found." in page
    assert '<option value="NO" selected>' in page
    assert '<option value="individual" selected>' in page
    assert names_on(shown(world, country="NO", kind="organisation", q="watch")) == [
        "Aurora Media Watch"
    ]
    # The count of the whole list stays what it is.
    assert '<dd data-count="organisations">3</dd>' in page
    assert link(page, r'href="([^"]+)">Show the whole list') == f"{world.path}/signatories"


EMPTY = {
    "No signatory matches “zzz”.": {"q": "zzz"},
    "Nobody is listed for this country: France.": {"country": "FR"},
    "No country has the code “XX”.": {"country": "XX"},
    "No country has the code “&lt;B&gt;”.": {"country": "<b>", "q": "aurora"},
    "No individual is listed.": {"kind": "individual"},
    "No signatory matches all of this:": {"q": "aurora", "country": "FR"},
}


@pytest.mark.parametrize("sentence", EMPTY)
def test_where_nothing_is_found_the_page_says_why_and_leads_back(
    world: World, sentence: str
) -> None:
    world.approved(AURORA)
    page = shown(world, **EMPTY[sentence])
    assert names_on(page) == []
    assert sentence in page
    assert link(page, r'href="([^"]+)">Show the whole list') == f"{world.path}/signatories"
    if len(EMPTY[sentence]) > 1:
        q = EMPTY[sentence]["q"]
        everywhere = link(page, r'href="([^"]+)">Search in all countries')
        assert everywhere == f"{world.path}/signatories?q={q}#list"
        assert names_on(world.client.get(everywhere).text) == ["Aurora Media Watch"]


def test_a_list_of_nobody_says_so_and_what_is_made_up_is_no_mistake(world: World) -> None:
    page = shown(world)
    assert "Nobody is listed yet." in page
    assert "<form" not in page
    page = shown(world, kind="capitals", layout="unknown")
    assert "Nobody is listed yet." in page


def test_what_is_narrowed_goes_with_the_reader(world: World) -> None:
    world.translation()
    world.approved(AURORA, organisation="Zzz", country="DE")
    world.crowd(450)
    wanted = {"q": "member", "country": "DE", "kind": "organisation", "lang": "pt"}
    page = shown(world, **wanted)
    assert "Shown: 1–200 of 450." in page
    kept = "q=member&country=DE&kind=organisation"
    following = link(page, r'rel="next" href="([^"]+)"')
    assert following.startswith(f"{world.path}/signatories?lang=pt&{kept}&after=")
    page = world.client.get(following).text
    assert "Shown: 201–400 of 450." in page
    assert names_on(page)[0] == "Member 0200"
    previous = link(page, r'rel="prev" href="([^"]+)"')
    assert names_on(world.client.get(previous).text)[0] == "Member 0000"
    page = unescape(page)
    assert f'href="{world.path}/signatories?lang=en&{kept}"' in page
    assert f'href="?lang=fr&{kept}"' in page
    # The form keeps what it doesn't ask for.
    assert '<input type="hidden" name="lang" value="pt">' in page


def test_what_is_narrowed_fills_no_shelf(world: World) -> None:
    world.approved(AURORA)
    path = f"{world.path}/signatories"
    for address in (path, f"{path}?layout=logos", f"{path}?lang=fr&layout=logos"):
        for _time in range(2):
            assert "etag" in world.client.get(address).headers
    kept = world.app.state.site.shelf._entries
    before = set(kept)
    for query in ("?q=a", "?country=NO", "?kind=individual", "?after=x", "?layout=nothing", "?q="):
        world.client.get(path + query)
    assert set(kept) == before
    assert world.client.get(f"{path}?q=a").headers["cache-control"] == "no-store"


def test_search_engines_keep_only_the_whole_list(world: World) -> None:
    world.approved(AURORA)
    robots = '<meta name="robots" content="noindex">'
    for whole in ({}, {"layout": "logos"}, {"lang": "fr"}):
        assert robots not in shown(world, **whole)
    for part in ({"q": "aurora"}, {"country": "NO"}, {"at": "x"}, {"after": "x"}):
        assert robots in shown(world, **part)


def test_ten_thousand_are_each_seen_once_although_some_leave_meanwhile(world: World) -> None:
    world.approved(AURORA, organisation="Zzz")
    world.crowd(9_999)
    expected = of_csv(world)
    assert len(expected) == 10_000
    seen: list[str] = []
    for number, page in enumerate(pages(world)):
        first, last = number * 200 + 1, number * 200 + len(names_on(page))
        if number == 0:
            assert f"Shown: {first}–{last} of 10,000." in page
        seen += names_on(page)
        if number == 10:  # the last line of the page one is on, and the first of the next
            withdraw(world, seen[-1])
            withdraw(world, (gone := expected[len(seen)]))
        if number == 20:
            withdraw(world, seen[0])
            world.copies({"organisation": "Member 0000b"})
    assert seen == [name for name in expected if name != gone]
    assert "–9,998 of 9,998." in page


def test_programs_see_each_of_ten_thousand_once_although_some_leave(world: World) -> None:
    world.approved(AURORA, organisation="Zzz")
    world.crowd(9_999)
    expected = of_csv(world)
    url, seen = f"{world.path}/signatories.json", list[str]()
    while url:
        facts = world.client.get(url).json()
        seen += [line["organisation"] for line in facts["signatories"]]
        url = facts["next"]
        if len(seen) == 3_000:
            withdraw(world, seen[-1])
    assert seen == expected


def test_a_page_of_ten_thousand_takes_few_statements(world: World) -> None:
    world.approved(AURORA)
    world.crowd(9_999)
    shown(world)
    for wanted in (
        {"q": "member 9"},
        {"country": "NO"},
        {"after": "x-y-5000"},
        {"layout": "logos"},
    ):
        with world.queries() as heard:
            shown(world, **wanted)
        assert len(heard) < 10, heard


def test_each_line_has_an_address_of_its_own_that_stays_good(world: World) -> None:
    world.approved(AURORA, organisation="Zzz")
    world.crowd(450)
    last = list(pages(world))[-1]
    address = link(last, r'<a class="anchor" href="([^"]+)">')
    id_ = address.partition("#s-")[2]
    name = link(last, rf'(?s)<li id="s-{id_}".+?<bdi>(.+?)</bdi>')
    assert re.search(rf"Link to this line <bdi>{name}</bdi>", last)
    world.copies(*({"organisation": f"Earlier {number}"} for number in range(250)))
    page = world.client.get(address.partition("#")[0]).text
    assert f'id="s-{id_}"' in page
    assert "Shown: 601–701 of 701." in page
    withdraw(world, name)
    assert "Shown: 1–200 of 700." in world.client.get(address).text
    assert "?lang=fr&amp;at=" in shown(world, lang="fr")
    # Whoever disputes a line far down finds it again.
    (last,) = (page for page in pages(world) if "Shown: 601–700 of 700." in page)
    dispute = link(last, r'class="dispute" href="([^"]+)"')
    id_ = dispute.split("/")[-2]
    back = link(world.client.get(dispute).text, r'href="([^"]+)">Back to the list')
    assert f'id="s-{id_}"' in world.client.get(back).text
    assert back.endswith(f"#s-{id_}")


def test_the_list_is_shown_as_logos_with_names_for_those_without(world: World) -> None:
    world.approved(BOREAS)
    assert "layout=logos" not in shown(world)
    world.approved(AURORA, files=logo())
    world.approved(DARIA)
    page = shown(world)
    assert re.search(r'<img src="/logos/\w+\.png" alt="" width="36" height="36"', page)
    wall = link(page, r'href="([^"]+)">Logos</a>')
    assert wall == f"{world.path}/signatories?layout=logos#list"
    page = world.client.get(wall).text
    picture = link(page, r'(<img src="/logos/\w+\.png" alt="Aurora Media Watch"[^>]+>)')
    assert 'width="160" height="80"' in picture
    assert names_on(page) == ["Boreas Legal Aid", "Daria Orlova"]
    assert re.search(r'(?s)<a [^>]*href="https://aurora.example"[^>]*><img', page)
    assert link(page, r'href="([^"]+)">Names</a>') == f"{world.path}/signatories#list"
    # It stays a wall when it is narrowed.
    assert '<input type="hidden" name="layout" value="logos">' in page
    found = shown(world, layout="logos", country="NO")
    assert 'alt="Aurora Media Watch"' in found
    assert names_on(found) == []


def test_lines_tell_which_text_they_signed(world: World) -> None:
    world.approved(AURORA)
    assert "signed version" not in shown(world)
    world.letter(text=LETTER.replace("Hear the station.", "Hear the station soon."))
    world.approved(BOREAS)
    page = shown(world)
    assert len(re.findall(r"<bdi><a [^>]+>signed version 1</a></bdi>", page)) == 1


def test_the_page_says_where_it_is_kept_up_to_date_from(world: World) -> None:
    world.approved(AURORA)
    world.crowd(250)
    path = f"{world.path}/signatories"
    page = shown(world)
    assert f'data-live="{world.path}/live" data-source="{path}"' in page
    assert "data-still" not in page
    for still in (shown(world, q="member"), list(pages(world))[1]):
        assert f'data-source="{path}"' in still
        assert "data-still" in still
    revision = world.client.get(f"{path}.json").json()["revision"]
    assert f'data-revision="{revision}"' in page
    assert f'data-revision="{revision}"' in world.client.get(world.path).text
    assert f'data-revision="{revision}"' in shown(world, lang="fr")
