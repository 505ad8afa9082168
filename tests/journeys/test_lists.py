"""The public list: the same for readers, programs and partner sites, in the order chosen."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from itertools import product
from typing import Any

import pytest

from app.signatory import list_settings
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    EMIL,
    LETTER,
    Desk,
    World,
    listed_name,
    logo,
)

Reader = Callable[[World], list[str]]
CSV_COLUMNS = "kind,name,role,organisation,country,website,signed_on,version,reported"


def of_page(world: World) -> list[str]:
    return names_on(world.client.get(world.path).text)


def of_list_page(world: World) -> list[str]:
    return names_on(world.client.get(f"{world.path}/signatories").text)


def of_json(world: World) -> list[str]:
    return [listed_name(line) for line in world.signatories()]


def of_csv(world: World) -> list[str]:
    table = world.client.get(f"{world.path}/signatories.csv").content.decode()
    return [listed_name(line).removeprefix("'") for line in csv.DictReader(io.StringIO(table))]


def of_embed(world: World) -> list[str]:
    frame = world.client.get(f"{world.path}/embed").text
    return [
        unescape(name) for name in re.findall(r'<span data-part="name"><bdi>(.+?)</bdi>', frame)
    ]


def of_final_letter(world: World) -> list[str]:
    """Whatever stands between tags and is a name of the list, in the order it stands there."""
    text = unescape(world.client.get(f"{world.path}/letter.html").text)
    pieces = [piece.strip(" ,;\n") for piece in re.split(r"<[^>]+>", text)]
    known = set(of_json(world))
    return list(dict.fromkeys(piece for piece in pieces if piece in known))


def names_on(page: str) -> list[str]:
    names = re.findall(r'(?:<bdi class="name">|class="name"[^>]*><bdi>)(.+?)</bdi>', page)
    return [unescape(name) for name in names]


READERS = (of_page, of_list_page, of_json, of_csv, of_embed, of_final_letter)


def sign_as(world: World, *names: str) -> None:
    """Organisations of these names sign and are approved, in this order."""
    for number, name in enumerate(names):
        world.approved(AURORA, organisation=name, email=f"o{number}@ngo{number}.example")


def choose(world: World, order: str, articles: str = "keep", **more: str) -> None:
    desk, path = world.desk(), f"/desk/letters/{world.slug}/order"
    page = desk.browser.get(path).text
    chosen = desk.post(path, page, order=order, articles=articles, **more)
    assert chosen.status_code == 303


def test_page_programs_and_partners_show_the_same_in_the_same_order(world: World) -> None:
    world.letter("public_proof: true")
    for who in (DARIA, CIRRUS, AURORA, EMIL, BOREAS):
        world.approved(who)
    expected = [listed_name(who) for who in (AURORA, BOREAS, CIRRUS, DARIA, EMIL)]
    for order in ("collation", "time", "country"):
        choose(world, order)
        if order == "time":
            expected = [listed_name(who) for who in (CIRRUS, AURORA, BOREAS, DARIA, EMIL)]
        if order == "country":  # Georgia, Germany, Norway
            expected = [listed_name(who) for who in (CIRRUS, BOREAS, AURORA, DARIA, EMIL)]
        for reader in READERS:
            assert reader(world) == expected, (order, reader.__name__)


def test_lead_organisations_and_groups_are_the_same_for_all_readers(world: World) -> None:
    leads = LETTER.replace("Lead Organisation", "Boreas Legal Aid")
    for who in (DARIA, CIRRUS, AURORA, EMIL, BOREAS):
        world.approved(who)
    for order, grouped_by in product(("collation", "manual"), list_settings.GROUPINGS):
        settings = f"public_proof: true\norder: {order}\ngrouped_by: {grouped_by}"
        world.letter(f"{settings}\nleads_first: true", text=leads)
        by_name = order == "collation" and grouped_by in ("none", "category")
        followers = (AURORA, CIRRUS) if by_name else (CIRRUS, AURORA)
        expected = [listed_name(who) for who in (BOREAS, *followers, DARIA, EMIL)]
        for reader in READERS:
            assert reader(world) == expected, (settings, reader.__name__)


def test_names_stand_as_readers_of_the_language_expect(world: World) -> None:
    sign_as(
        world,
        "Zürich Forum",
        "The International Commission of Jurists (ICJ)",
        "Ärzte der Welt",
        "Les Amis",
        "zebra",
        "“Arche”",
        "Østfold Press",
    )
    kept = [
        "“Arche”",
        "Ärzte der Welt",
        "Les Amis",
        "Østfold Press",
        "The International Commission of Jurists (ICJ)",
        "zebra",
        "Zürich Forum",
    ]
    assert of_json(world) == kept
    choose(world, "collation", "skip")
    assert of_json(world) == [*kept[:2], kept[4], *kept[2:4], *kept[5:]]
    choose(world, "collation", "keep")
    assert of_json(world) == kept


def test_the_letters_file_gives_an_order_by_hand(world: World) -> None:
    world.letter('order: manual\nsignatories: ["Third Voice", "FIRST  voice"]')
    sign_as(world, "A Latecomer", "First Voice", "Another", "Third Voice")
    assert of_json(world) == ["Third Voice", "First Voice", "A Latecomer", "Another"]


def test_an_order_given_later_holds_for_those_who_are_listed_already(world: World) -> None:
    sign_as(world, "Alpha", "Beta", "Gamma")
    world.letter("order: manual\nsignatories: [Gamma, Alpha]")
    assert of_json(world) == ["Gamma", "Alpha", "Beta"]


@pytest.mark.parametrize("script", [True, False])
def test_the_desk_puts_the_list_in_order_by_hand(world: World, script: bool) -> None:
    sign_as(world, "Alpha", "Beta", "Gamma")
    ids = {line["organisation"]: line["id"] for line in world.signatories()}
    wanted = ["Gamma", "Alpha", "Beta"]
    desk = world.desk()
    page = desk.browser.get(f"/desk/letters/{world.slug}/order").text
    places: dict[str, Any] = {"id": [ids[name] for name in (wanted if script else ids)]}
    if not script:
        places |= {f"position_{ids[name]}": str(place) for place, name in enumerate(wanted, 1)}
    answer = desk.post(f"/desk/letters/{world.slug}/order/positions", page, **places)
    assert answer.status_code == 303
    for reader in (of_page, of_json, of_csv, of_embed):
        assert reader(world) == wanted
    # Whoever comes later stands at the end.
    world.approved(BOREAS)
    assert of_json(world) == [*wanted, "Boreas Legal Aid"]


def test_the_json_is_what_partners_were_promised(world: World) -> None:
    world.letter("deadline: 2099-12-01T18:00:00+04:00")
    world.approved(AURORA, files=logo())
    world.approved(DARIA, organisation="Ardal University", role="Lecturer")
    facts = world.client.get(f"{world.path}/signatories.json").json()
    assert facts.keys() == {"letter", "count", "revision", "signatories", "next"}
    assert facts["next"] is None
    assert facts["count"] == {"organisations": 1, "individuals": 1, "total": 2}
    sha256 = facts["letter"].pop("sha256")
    assert re.fullmatch(r"[0-9a-f]{64}", sha256)
    assert facts["letter"] == {
        "slug": "free-the-press",
        "title": "Free the press of Ardal",
        "url": "http://127.0.0.1:8000/letters/free-the-press",
        "status": "open",
        "version": 1,
        "deadline": "2099-12-01T18:00:00+04:00",
    }
    first, second = facts["signatories"]
    assert first.pop("id") != second.pop("id")
    assert first.pop("signed_on") == second.pop("signed_on") == str(datetime.now(UTC).date())
    assert world.client.get(first.pop("logo")).headers["content-type"] == "image/png"
    assert first == {
        "kind": "organisation",
        "name": None,
        "role": None,
        "organisation": "Aurora Media Watch",
        "country": "NO",
        "website": "https://aurora.example",
        "version": 1,
        "reported": False,
    }
    assert second == {
        "kind": "individual",
        "name": "Daria Orlova",
        "role": "Lecturer",
        "organisation": "Ardal University",
        "country": None,
        "website": None,
        "logo": None,
        "version": 1,
        "reported": False,
    }


def test_representatives_are_named_only_where_the_letter_says_so(world: World) -> None:
    world.approved(AURORA)
    assert world.signatories()[0]["name"] is None
    assert "Anna Berg" not in world.client.get(world.path).text
    world.letter("show_representatives: true")
    assert (world.signatories()[0]["name"], world.signatories()[0]["role"]) == (
        "Anna Berg",
        "Director",
    )
    assert "Anna Berg" in world.client.get(world.path).text


def test_ids_stay_when_other_things_change(world: World) -> None:
    world.approved(AURORA)
    before = world.signatories()[0]["id"]
    world.approved(BOREAS)
    world.desk().decide(world.slug, "Aurora Media Watch", "decline", status="approved", reason="?")
    assert before not in {line["id"] for line in world.signatories()}
    world.desk().decide(world.slug, "Aurora Media Watch", "approval", status="declined")
    assert before in {line["id"] for line in world.signatories()}


def test_csv_opens_in_a_spreadsheet_without_running_anything(world: World) -> None:
    world.letter("show_representatives: true")
    roles = ["=cmd|' /C calc'!A0", "+1 for peace", "-2", "@SUM(A1)", "Director"]
    for number, role in enumerate(roles):
        world.approved(
            AURORA, organisation=f"={number} Media", email=f"o{number}@x.example", role=role
        )
    answer = world.client.get(f"{world.path}/signatories.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="free-the-press.csv"'
    lines = answer.content.decode().split("\r\n")
    assert lines[0] == CSV_COLUMNS
    read = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [line["organisation"] for line in read] == [f"'={n} Media" for n in range(5)]
    assert [line["role"] for line in read] == [*(f"'{role}" for role in roles[:4]), "Director"]


def test_a_long_list_comes_in_pages_of_a_thousand(world: World) -> None:
    world.approved(AURORA)
    world.crowd(2_100)
    url, seen, sizes = f"{world.path}/signatories.json", [], []
    while url:
        facts = world.client.get(url).json()
        assert facts["count"]["total"] == 2_101
        sizes.append(len(facts["signatories"]))
        seen += [line["id"] for line in facts["signatories"]]
        url = facts["next"]
        assert url is None or url.startswith("http://127.0.0.1:8000/letters/free-the-press/")
    assert sizes == [1_000, 1_000, 101]
    assert len(set(seen)) == 2_101
    table = world.client.get(f"{world.path}/signatories.csv").content
    assert table.count(b"\r\n") == 2_102


def test_a_page_follows_although_its_predecessor_has_left(world: World) -> None:
    world.approved(AURORA, organisation="Member 0999b")
    world.crowd(1_500)
    first = world.client.get(f"{world.path}/signatories.json").json()
    world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")
    last = first["signatories"][-1]["organisation"]
    assert last == "Member 0999"
    second = world.client.get(first["next"]).json()
    assert second["signatories"][0]["organisation"] in ("Member 0999b", "Member 1000")


def test_readers_turn_pages_and_search_without_minding_accents(world: World) -> None:
    world.approved(AURORA, organisation="Ärzte für São Tomé")
    world.crowd(450)
    path = f"{world.path}/signatories"
    pages, page = [], world.client.get(path).text
    while True:
        pages.append(names_on(page))
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        page = world.client.get(unescape(following[1])).text
    assert [len(names) for names in pages] == [200, 200, 51]
    assert sum(pages, []) == of_csv(world)  # noqa: RUF017
    back = re.search(r'rel="prev" href="([^"]+)"', page)
    assert back
    assert names_on(world.client.get(unescape(back[1])).text) == pages[1]
    assert "All signatories, with a search" in world.client.get(world.path).text

    for words in ("arzte", "ÄRZTE sao", "tome arzte", "  sa~o "):
        assert names_on(world.client.get(path, params={"q": words}).text) == ["Ärzte für São Tomé"]
    found = world.client.get(path, params={"q": "member"}).text
    assert len(names_on(found)) == 200
    following = re.search(r'rel="next" href="([^"]+)"', found)
    assert following
    assert "q=member" in following[1]
    assert len(names_on(world.client.get(unescape(following[1])).text)) == 200
    assert "No signatory matches “nobody”." in world.client.get(path, params={"q": "nobody"}).text


def test_nothing_is_sent_again_that_has_not_changed(world: World) -> None:
    world.approved(AURORA)
    lists = ("/signatories.json", "/signatories.csv", "/signatories.atom")
    for path in ("", "/signatories", *lists, "/embed"):
        for browser in (world.browser(), world.browser()):  # made, and from the shelf
            whole = browser.get(world.path + path)
            tag = whole.headers["etag"]
            assert whole.headers["cache-control"] == ("public, max-age=1, stale-while-revalidate=1")
            known = browser.get(world.path + path, headers={"if-none-match": f'"x", {tag}'})
            assert (known.status_code, known.content) == (304, b"")
            for name in ("etag", "cache-control", "vary"):
                assert known.headers[name] == whole.headers[name]
            head = browser.head(world.path + path)
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers == whole.headers
    before = {
        path: world.client.get(world.path + path).headers["etag"]
        for path in ("", "/signatories.json")
    }
    world.approved(BOREAS)
    for path, tag in before.items():
        changed = world.client.get(world.path + path, headers={"if-none-match": tag})
        assert changed.status_code == 200
        assert changed.headers["etag"] != tag


def test_each_encoding_has_its_own_tag_and_the_same_content(world: World) -> None:
    answers = [
        world.client.get(f"{world.path}/signatories.json", headers={"accept-encoding": encoding})
        for encoding in ("identity", "gzip", "br", "gzip;q=1.0, br;q=0.5")
    ]
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers.get("content-encoding") for answer in answers] == [
        None,
        "gzip",
        "br",
        "br",
    ]
    assert len({answer.headers["etag"] for answer in answers}) == 3
    for answer in answers:
        assert "accept-encoding" in answer.headers["vary"]


@pytest.mark.parametrize(
    "end", ["", "/signatories", "/signatories.json", "/signatories.csv", "/embed"]
)
def test_words_that_others_add_to_an_address_are_not_made_a_page_of_their_own(
    world: World, end: str
) -> None:
    world.approved(AURORA)
    plain = world.client.get(world.path + end)
    with world.statements(reading=True) as asked:
        shared = world.client.get(f"{world.path}{end}?fbclid=x&utm_source=y")
    assert shared.headers["etag"] == plain.headers["etag"]
    assert not [one for one in asked if "endorsement" in one]
    twice = world.client.get(f"{world.path}{end}?lang=fr&lang=ar")
    assert twice.status_code == 200
    assert world.client.get(f"{world.path}{end}?lang=ar").content != twice.content or "." in end


@pytest.mark.parametrize("origin", [None, "https://partner.example"])
def test_any_site_may_read_every_answer_of_the_lists(world: World, origin: str | None) -> None:
    world.approved(AURORA)
    headers = {"origin": origin} if origin else {}
    for path in ("/signatories.json", "/signatories.csv", "/signatories.atom", "/embed"):
        for method, address, status in (
            ("GET", world.path + path, 200),
            ("GET", world.path + path, 200),
            ("HEAD", world.path + path, 200),
            ("OPTIONS", world.path + path, 204),
            ("GET", f"/letters/unknown{path}", 404),
            ("OPTIONS", f"/letters/unknown{path}", 204),
            ("DELETE", world.path + path, 403 if origin else 405),
        ):
            answer = world.client.request(method, address, headers=headers)
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers
    tag = world.client.get(f"{world.path}/signatories.json").headers["etag"]
    known = world.client.get(
        f"{world.path}/signatories.json", headers={**headers, "if-none-match": tag}
    )
    assert (known.status_code, known.headers["access-control-allow-origin"]) == (304, "*")
    with world.client.stream("GET", f"{world.path}/live", headers=headers) as stream:
        assert stream.headers["access-control-allow-origin"] == "*"
    head = world.client.head(f"{world.path}/live", headers=headers)
    assert (head.status_code, head.headers["access-control-allow-origin"]) == (200, "*")


def test_any_site_may_read_that_something_broke(world: World) -> None:
    with world.database.write() as db:
        db.connection().exec_driver_sql("UPDATE letter SET order_rule = 'broken'")
    browser = world.browser(raise_server_exceptions=False)
    for path in ("/signatories.json", "/signatories.csv", "/signatories.atom", "/embed"):
        answer = browser.get(world.path + path)
        assert answer.status_code == 500
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "broken" not in answer.text
    assert (
        browser.get(f"{world.path}/signatories.json").json()["title"] == "Something went wrong here"
    )


def test_other_pages_may_not_be_read_by_other_sites(world: World) -> None:
    for path in ("/", world.path, f"{world.path}/signatories", "/desk/sign-in", "/privacy"):
        answer = world.client.get(path, headers={"origin": "https://partner.example"})
        assert "access-control-allow-origin" not in answer.headers


def test_the_box_for_partner_sites_may_be_framed_and_does_nothing_else(world: World) -> None:
    world.approved(AURORA, files=logo())
    world.crowd(150)
    frame = world.client.get(f"{world.path}/embed")
    assert "frame-ancestors *" in frame.headers["content-security-policy"]
    assert "x-frame-options" not in frame.headers
    assert "set-cookie" not in frame.headers
    assert "<form" not in frame.text
    assert len(re.findall("<script", frame.text)) == 1
    canonical = f'<link rel="canonical" href="{world.settings.url(world.path)}">'
    assert canonical in frame.text
    for attribute in re.findall(r'(?:src|href)="([^"]+)"', frame.text.replace(canonical, "")):
        assert attribute.startswith("/")
    assert re.findall(r"<a [^>]*>", frame.text)
    for link in re.findall(r"<a [^>]*>", frame.text):
        assert 'target="_blank" rel="noopener"' in link
    assert len(of_embed(world)) == 100
    assert "151 signatories" in frame.text
    assert "and 51 more" in frame.text

    def embed(**wishes: str) -> str:
        return world.client.get(f"{world.path}/embed", params=wishes).text

    assert len(re.findall(r"<li ", embed(limit="7"))) == 7
    assert len(re.findall(r"<li ", embed(limit="-7"))) == 100
    assert len(re.findall(r"<li ", embed(limit="9" * 40))) == 151
    assert 'data-theme="dark"' in embed(theme="dark")
    assert 'data-theme="auto"' in embed(theme='"><script>')
    assert 'data-layout="columns"' in embed(layout="columns")
    assert 'data-layout="list"' in embed(layout="unknown")
    assert 'alt="Aurora Media Watch"' in embed(layout="logos")


def test_the_demonstration_gives_the_code_for_ones_own_site(world: World) -> None:
    demo = world.client.get(f"{world.path}/embed/demo")
    assert f'<iframe src="{world.path}/embed"' in demo.text
    assert f"&lt;iframe src=&#34;http://127.0.0.1:8000{world.path}/embed&#34;" in demo.text
    element = "&lt;undersigned-signatories letter=&#34;http://127.0.0.1:8000"
    assert f"{element}{world.path}&#34; theme=&#34;dark&#34;" in demo.text
    assert len(re.findall(f'<undersigned-signatories letter="{world.path}"', demo.text)) == 2
    assert "frame-ancestors 'none'" in demo.headers["content-security-policy"]


def test_an_open_page_hears_of_approval_and_withdrawal(world: World) -> None:
    world.verified(AURORA)
    desk: Desk = world.desk()
    with world.client.stream("GET", f"{world.path}/live") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = stream.iter_text()
        assert re.search(r'event: signatories\ndata: \{"count":0,"revision":"\w+"\}', next(events))
        desk.decide(world.slug, "Aurora Media Watch", "approval")
        assert '"count":1' in next(events)
        revision = world.client.get(f"{world.path}/signatories.json").json()["revision"]
    with world.client.stream("GET", f"{world.path}/live") as stream:
        assert f'"revision":"{revision}"' in next(stream.iter_text())
