"""Approving many together: seen first, done exactly as seen, and never everything by mistake."""

import re
from html import unescape

import httpx
from sqlalchemy import update

from app.endorsement.endorsements import Endorsement
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, OTTO, Desk, Forms, World, submit


def choose(desk: Desk, world: World, *ids: str, page: str = "", **more: str) -> httpx.Response:
    """Ticks entries of the queue and presses the button for them all."""
    address = f"/desk/letters/{world.slug}/approvals"
    fields: dict[str, str | list[str]] = {
        **Forms(page or desk.queue(world.slug)).forms[address],
        **more,
    }
    return desk.browser.post(address, data={**fields, "id": list(ids)})


def agree(desk: Desk, world: World, seen: httpx.Response) -> httpx.Response:
    """Presses the button of the page that shows who was chosen."""
    address = f"/desk/letters/{world.slug}/approvals/confirmation"
    form: dict[str, str | list[str]] = {**Forms(seen.text).forms[address]}
    form["id"] = re.findall(r'name="id" value="([^"]+)"', seen.text)
    return desk.browser.post(address, data=form)


def queue_ids(desk: Desk, world: World) -> list[str]:
    return re.findall(r'id="e-([0-9a-f-]{36})"', desk.queue(world.slug))


def test_the_count_and_the_names_come_first(world: World) -> None:
    for who in (AURORA, BOREAS, DARIA):
        world.verified(who)
    world.verified(CIRRUS, email="cirrus@gmail.com")
    desk = world.desk()
    aurora, boreas, _daria, cirrus = queue_ids(desk, world)
    before = world.rows()
    seen = choose(desk, world, aurora, boreas, cirrus)
    assert seen.status_code == 200
    assert world.rows() == before
    assert "<h1>Approve 3 signatures?</h1>" in seen.text
    for name in ("Aurora Media Watch", "Boreas Legal Aid", "Cirrus Foundation"):
        assert f"<bdi>{name}</bdi>" in seen.text
    assert "Daria Orlova" not in seen.text
    assert seen.text.count("where anybody can have one") == 1
    done = agree(desk, world, seen)
    assert "3 were approved." in desk.browser.get(done.headers["location"]).text
    assert sorted(world.names()) == ["Aurora Media Watch", "Boreas Legal Aid", "Cirrus Foundation"]
    assert "approved" in world.told(BOREAS["email"])[-1]["subject"]
    (entry,) = world.trail("approved together")
    assert entry.facts == {"number": 3}
    assert len(world.trail("approved")) == 3


def test_nobody_chosen_is_never_everybody(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    address = f"/desk/letters/{world.slug}/approvals"
    for action in (address, f"{address}/confirmation"):
        for fields in ({}, {"all": "page"}, {"all": "yes"}):
            refused = desk.post(action, desk.queue(world.slug), **fields)
            assert refused.status_code == 422
            assert "Choose the signatures that you want to approve." in refused.text
            assert "Aurora Media Watch" in refused.text
    assert world.names() == []
    for nonsense in ("unknown", "0198a1f0-0000-7000-8000-000000000000"):
        assert choose(desk, world, nonsense).status_code == 404


def test_one_of_them_can_be_left_for_later_at_the_last_moment(world: World) -> None:
    for who in (AURORA, BOREAS):
        world.verified(who)
    desk = world.desk()
    aurora, boreas = queue_ids(desk, world)
    seen = choose(desk, world, aurora, boreas)
    address = f"/desk/letters/{world.slug}/approvals/confirmation"
    form = Forms(seen.text).forms[address]
    done = desk.browser.post(address, data={**form, "id": [boreas]})
    assert "1 was approved." in desk.browser.get(done.headers["location"]).text
    assert world.names() == ["Boreas Legal Aid"]


def test_a_refused_choice_leads_on_through_the_list_it_came_from(world: World) -> None:
    world.approved(AURORA)
    world.crowd(60)
    with world.database.write() as db:
        db.execute(update(Endorsement).values(status="verified"))
    desk = world.desk()
    queue = desk.browser.get(f"/desk/letters/{world.slug}/endorsements?order=newest").text
    assert "All on this page (50)" in queue
    refused = choose(desk, world, page=queue)
    assert refused.status_code == 422
    (following,) = re.findall(r'rel="next" href="([^"]+)"', refused.text)
    later = desk.browser.get(unescape(following)).text
    assert "Aurora Media Watch" in later
    assert "Member 0059" in refused.text


def test_all_on_this_page_is_what_the_page_showed(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS)
    desk = world.desk()
    page = desk.queue(world.slug)
    world.verified(CIRRUS)
    seen = choose(desk, world, page=page, all="page")
    assert "<h1>Approve 2 signatures?</h1>" in seen.text
    assert "Cirrus Foundation" not in seen.text


def test_who_changed_or_was_decided_meanwhile_is_left_out_and_named(world: World) -> None:
    for who in (AURORA, BOREAS, CIRRUS, DARIA):
        world.verified(who)
    olga, otto = world.desk(), world.share(OTTO, "reviewer")
    aurora, boreas, cirrus, daria = queue_ids(olga, world)
    page = olga.queue(world.slug)
    otto.decide(world.slug, "Daria Orlova", "decline", reason="Unknown to us.")
    seen = choose(olga, world, aurora, boreas, cirrus, daria, page=page)
    assert "<h1>Approve 3 signatures?</h1>" in seen.text
    assert "Left out" in seen.text
    assert "Daria Orlova" in seen.text
    link = world.link(AURORA["email"], "/manage/")
    submit(world.client, link, f"{link}/correction", organisation="Dr Bananas", country="NO")
    otto.decide(world.slug, "Cirrus Foundation", "approval")
    done = agree(olga, world, seen)
    assert done.status_code == 200
    assert "1 signature was approved" in done.text
    assert "Dr Bananas" in done.text
    assert sorted(world.names()) == ["Boreas Legal Aid", "Cirrus Foundation"]
    assert world.trail("approved together")[0].facts == {"number": 1}


def merge(world: World, gone: str, line: str, by: Desk) -> None:
    """As the page of duplicates does."""
    page = by.browser.get(f"/desk/letters/{world.slug}/duplicates").text
    merged = by.post(f"/desk/letters/{world.slug}/endorsements/{gone}/merge", page, line=line)
    assert merged.status_code == 303


def test_what_was_merged_meanwhile_is_left_out_and_the_others_approved(world: World) -> None:
    for who in (AURORA, BOREAS, CIRRUS):
        world.verified(who)
    olga, otto = world.desk(), world.share(OTTO, "reviewer")
    aurora, boreas, cirrus = queue_ids(olga, world)
    page = olga.queue(world.slug)
    merge(world, aurora, cirrus, otto)
    seen = choose(olga, world, aurora, boreas, cirrus, page=page)
    assert "<h1>Approve 2 signatures?</h1>" in seen.text
    assert "Left out" in seen.text
    merge(world, boreas, cirrus, otto)
    done = agree(olga, world, seen)
    assert "1 signature was approved" in done.text
    assert "Boreas Legal Aid" in done.text
    assert world.names() == ["Cirrus Foundation"]


def test_what_was_merged_since_it_was_proposed_leaves_nothing_stuck(world: World) -> None:
    for who in (AURORA, BOREAS, CIRRUS):
        world.verified(who)
    world.letter("two_person: true")
    olga, otto = world.desk(), world.share(OTTO, "reviewer")
    ids = queue_ids(olga, world)
    proposed = agree(olga, world, choose(olga, world, *ids))
    merge(world, ids[0], ids[1], otto)
    page = otto.browser.get(proposed.headers["location"]).text
    found = re.search(r'href="(/desk/letters/[^"]+/agreements/[0-9a-f-]{36})"', page)
    assert found
    otto.post(f"{found[1]}/agreement", otto.browser.get(found[1]).text)
    assert [entry.action for entry in world.trail("proposal void")] == ["proposal void"]
    assert world.names() == []
    # What is left can be proposed anew.
    assert agree(olga, world, choose(olga, world, *ids[1:])).status_code == 303


def test_who_says_not_what_was_seen_approves_nobody(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    (aurora,) = queue_ids(desk, world)
    address = f"/desk/letters/{world.slug}/approvals/confirmation"
    done = desk.post(address, desk.queue(world.slug), id=aurora)
    assert "0 signatures were approved" in done.text
    assert world.names() == []


def test_where_two_must_agree_a_second_organiser_does(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS)
    world.letter("two_person: true")
    olga = world.desk()
    seen = choose(olga, world, *queue_ids(olga, world))
    assert "A second organiser has to agree" in seen.text
    assert agree(olga, world, seen).status_code == 409  # there is nobody else yet
    otto = world.share(OTTO, "reviewer")
    proposed = agree(olga, world, seen)
    assert proposed.headers["location"] == f"/desk/letters/{world.slug}/agreements"
    assert world.names() == []
    page = otto.browser.get(proposed.headers["location"]).text
    found = re.search(r'href="(/desk/letters/[^"]+/agreements/[0-9a-f-]{36})"', page)
    assert found
    shown = otto.browser.get(found[1]).text
    assert "Approve 2 signatures" in shown
    assert "Boreas Legal Aid" in shown
    assert submit(otto.browser, found[1], f"{found[1]}/agreement").is_redirect
    assert sorted(world.names()) == ["Aurora Media Watch", "Boreas Legal Aid"]
    assert "approved" in world.told(BOREAS["email"])[-1]["subject"]


def test_what_changed_since_it_was_proposed_is_not_approved(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS)
    world.letter("two_person: true")
    olga, otto = world.desk(), world.share(OTTO, "reviewer")
    proposed = agree(olga, world, choose(olga, world, *queue_ids(olga, world)))
    page = otto.browser.get(proposed.headers["location"]).text
    found = re.search(r'href="(/desk/letters/[^"]+/agreements/[0-9a-f-]{36})"', page)
    assert found
    form = Forms(otto.browser.get(found[1]).text).forms[f"{found[1]}/agreement"]
    link = world.link(AURORA["email"], "/manage/")
    submit(world.client, link, f"{link}/correction", organisation="Dr Bananas", country="NO")
    assert otto.browser.post(f"{found[1]}/agreement", data=form).status_code == 409
    assert world.names() == []


def test_a_viewer_sees_no_way_to_decide(world: World) -> None:
    world.verified(AURORA)
    page = world.share(OTTO, "viewer").queue(world.slug)
    assert "Aurora Media Watch" in page
    posted = [action for action in Forms(page).forms if "/endorsements/" in action]
    assert posted == []
    assert "approvals" not in page
    assert "/line" not in page
    assert "/question" not in page
