"""Ready pages: as fresh as the database, and the same by every way of asking."""

import pytest
from sqlalchemy import select, update
from sqlmodel import col
from starlette.testclient import TestClient

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.signatory import signatories
from app.trail.audit import OPERATOR
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, EMIL, World, at_once, listed_name

PUBLIC = (
    "",
    "/signatories",
    "/signatories.json",
    "/signatories.csv",
    "/signatories.atom",
    "/embed",
)


def impatient(world: World) -> TestClient:
    """A browser that doesn't wait until the site has heard of a change."""
    browser = world.browser()
    browser.event_hooks = {}
    return browser


@pytest.mark.parametrize("page", PUBLIC)
def test_what_the_process_wrote_is_there_for_the_next_reader(world: World, page: str) -> None:
    world.approved(AURORA)
    browser, address = impatient(world), world.path + page
    assert "Boreas" not in browser.get(address).text
    world.verified(BOREAS)
    desk = world.desk()
    desk.browser.event_hooks = {}
    desk.decide(world.slug, listed_name(BOREAS), "approval")
    assert "Boreas" in browser.get(address).text
    gone = world.link(BOREAS["email"], "/manage/")
    assert browser.post(f"{gone}/withdrawal").status_code == 303
    assert "Boreas" not in browser.get(address).text


def test_many_readers_of_a_changed_page_all_see_the_change(world: World) -> None:
    world.approved(AURORA)
    browsers = [world.browser() for _number in range(8)]
    for who in (BOREAS, CIRRUS):
        for browser in browsers:  # each has been there before
            browser.get(world.path)
        world.approved(who)
        answers = at_once(*(lambda one=one: one.get(world.path) for one in browsers))
        assert all(listed_name(who) in answer.text for answer in answers)


def test_a_page_that_is_gone_keeps_nobody_waiting(world: World) -> None:
    world.approved(AURORA)
    browsers = [world.browser() for _number in range(4)]
    assert [browser.get(world.path).status_code for browser in browsers] == [200] * 4
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        letter.status = "draft"
        letters.revise(db, letter.id)
    answers = at_once(*(lambda one=one: one.get(world.path) for one in browsers))
    assert [answer.status_code for answer in answers] == [404] * 4


@pytest.mark.parametrize("page", PUBLIC)
def test_head_says_what_get_would(world: World, page: str) -> None:
    world.approved(AURORA)
    address = world.path + page
    world.client.get(address)
    full, head = world.client.get(address), world.client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == full.headers
    known = {"if-none-match": full.headers["etag"]}
    assert world.client.head(address, headers=known).status_code == 304


def test_an_unchanged_page_is_known_by_its_tag_however_it_is_spelled(world: World) -> None:
    world.approved(AURORA)
    for _time in ("made", "ready"):
        tag = world.client.get(world.path, headers={"accept-encoding": "gzip"}).headers["etag"]
        for known in (tag, f"W/{tag}", f'"other", {tag}', "*", tag.replace("-gzip", "-br")):
            answer = world.client.get(world.path, headers={"if-none-match": known})
            assert (answer.status_code, answer.content) == (304, b""), known
            assert "content-length" not in answer.headers
        assert world.client.get(world.path, headers={"if-none-match": '"other"'}).status_code == 200
    world.approved(BOREAS)
    assert world.client.get(world.path, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("accepts", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0.5", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", None),
        ("identity", None),
        ("vibrant", None),
        ("", None),
    ],
)
def test_a_page_is_encoded_as_the_reader_takes_it(
    world: World, accepts: str, sent: str | None
) -> None:
    for _time in ("made", "ready"):
        answer = world.client.get(world.path, headers={"accept-encoding": accepts})
        assert answer.headers.get("content-encoding") == sent
        assert "accept-encoding" in answer.headers["vary"]
        assert "Free the press" in answer.text


def test_a_ready_page_is_not_for_other_hosts(world: World) -> None:
    with world.elsewhere(base_url="https://sign.example.org", smtp_url="smtp://127.0.0.1:1") as it:
        ours, theirs = {"host": "sign.example.org"}, {"host": "evil.example"}
        for _time in range(2):
            assert it.client.get(it.path, headers=ours).status_code == 200
            assert it.client.get(it.path, headers=theirs).status_code == 400


def test_a_list_made_from_what_was_known_is_the_one_made_from_nothing(world: World) -> None:
    """Whatever happens to it, in every order: nobody who left stays, nobody is missing."""
    for who in (AURORA, BOREAS, CIRRUS, DARIA, EMIL):
        world.approved(who)
    must_be_as_if_made_from_nothing(world)
    with world.database.write() as db:
        letter, boreas = letters.by_slug(db, world.slug), of(db, BOREAS)
        boreas.organisation = "Aaron Legal Aid"
        db.flush()
        letters.revise(db, letter.id)
    must_be_as_if_made_from_nothing(world)
    gone = world.link(CIRRUS["email"], "/manage/")
    assert world.client.post(f"{gone}/withdrawal").status_code == 303
    assert listed_name(CIRRUS) not in must_be_as_if_made_from_nothing(world)
    for changes in (
        {"order": "time"},
        {"order": "country"},
        {"grouped_by": "country"},
        {"grouped_by": "none", "order": "collation"},
    ):
        with world.database.write() as db:
            letter = letters.by_slug(db, world.slug)
            letters.set_facts(db, letter, "list set", changes, OPERATOR)
        must_be_as_if_made_from_nothing(world)
    for hidden_at in (True, False):
        with world.database.write() as db:
            of(db, AURORA).hidden_at = db.now if hidden_at else None
            db.flush()
            letters.revise(db, letters.by_slug(db, world.slug).id)
        names = must_be_as_if_made_from_nothing(world)
        assert (listed_name(AURORA) in names) is not hidden_at


@pytest.mark.only("sqlite")  # PostgreSQL tells; nobody asks it
def test_who_went_stays_away_when_revisions_can_not_be_asked(world: World) -> None:
    """A page that nobody has read since is not the last good one."""
    world.approved(AURORA)
    pages = [f"{world.path}/signatories", f"{world.path}/signatories?lang=fr"]
    for page in pages:
        assert listed_name(AURORA) in world.client.get(page).text
    assert world.client.post(f"{world.link(AURORA['email'], '/manage/')}/withdrawal")
    assert listed_name(AURORA) not in world.client.get(pages[0]).text
    world.app.state.site.shelf.revisions.close()
    for page in pages:
        assert listed_name(AURORA) not in world.client.get(page).text


def test_every_way_of_writing_a_row_gives_it_another_stamp(world: World) -> None:
    for who in (AURORA, BOREAS):
        world.approved(who)
    seen = stamps(world)
    assert len(seen) == 2
    with world.database.write() as db:
        of(db, AURORA).role = "Chair"
    seen |= stamps(world)
    assert len(seen) == 3
    with world.database.write() as db:
        db.execute(update(Endorsement).values(category="Courts"))
    seen |= stamps(world)
    assert len(seen) in (4, 5)  # one for all that a statement changes, or one for each
    with world.database.write() as db:
        ids = db.scalars(select(col(Endorsement.id))).all()
        db.execute(update(Endorsement), [{"id": id_, "position": 7} for id_ in ids])
    assert seen.isdisjoint(stamps(world))


def stamps(world: World) -> set[int]:
    with world.database.read() as db:
        return set(db.scalars(select(col(Endorsement.stamp))))


def must_be_as_if_made_from_nothing(world: World) -> list[str]:
    names = world.names()
    with world.database.read() as db:
        letter = letters.by_slug(db, world.slug)
        fresh = signatories.listing(db, letter)
        kept = world.app.state.site.shelf.listing(db, letter)
        assert (kept, kept.revision) == (fresh, fresh.revision)
        everybody = db.scalars(select(Endorsement).where(col(Endorsement.letter_id) == letter.id))
        listed = {one.public_id for one in everybody if one.is_listed}
    assert {line.id for line in kept.all} == listed
    assert names == [line.listed_name for line in kept.all]
    return names


def of(db: Db, who: dict[str, str]) -> Endorsement:
    query = select(Endorsement).where(col(Endorsement.organisation) == who["organisation"])
    return db.scalars(query).one()
