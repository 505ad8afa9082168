"""Two entries of the address book are one organisation's: merged, found as one, taken apart."""

from sqlalchemy import select

from app.organisation import entry_matches, organisations
from app.organisation.entry_matches import Sought
from app.organisation.organisations import Organisation
from tests.journeys.test_address_book import entries, signed
from tests.journeys.test_address_book_desk import added, book_of, names, page, post
from tests.world import AURORA, CIRRUS, OTTO, Desk, World, at_once

JURISTS = {
    "name": "The International Commission of Jurists (ICJ)",
    "names": "fr: Commission internationale de juristes",
    "aliases": "",
    "acronym": "ICJ",
    "domains": "icj.example",
    "website": "",
    "country": "CH",
    "category": "",
    "email": "",
}
SHORT = {
    **JURISTS,
    "name": "Intl. Commission of Jurists",
    "names": "",
    "acronym": "",
    "aliases": "Juristenkommission",
    "domains": "jurists.example",
}


def put(world: World, desk: Desk) -> tuple[str, str]:
    """The paths of both entries: the line, and the one to be merged."""
    return added(desk, **JURISTS), added(desk, **SHORT)


def merge(desk: Desk, gone: str, stays: str) -> int:
    return post(desk, gone + "/merge", entry=stays.removeprefix("/")).status_code


def found(world: World, name: str = "", domain: str = "") -> str | None:
    with world.database.read() as db:
        entry = entry_matches.match(db, book_of(world), name=name, domain=domain)
        return entry.name if entry else None


def stored(world: World) -> list[dict[str, object]]:
    with world.database.read() as db:
        query = select(Organisation).order_by(Organisation.name)
        return [entry.model_dump() for entry in db.scalars(query)]


def test_two_entries_are_proposed_merged_and_exactly_restored(world: World) -> None:
    desk = world.desk()
    line, gone = put(world, desk)
    before = stored(world)
    text = page(desk, line)
    assert "Merge into this entry" in text
    assert "equal but for legal form, articles, an acronym or word order" in text

    assert merge(desk, gone, line) == 303
    assert names(page(desk)) == [JURISTS["name"]]
    assert desk.browser.get(f"/desk/organisations{gone}").status_code == 404
    for name, domain in ((SHORT["name"], ""), ("Juristenkommission", ""), ("", "jurists.example")):
        assert found(world, name, domain) == JURISTS["name"]
    assert "Undo the merge" in page(desk, line)

    assert post(desk, gone + "/separation").status_code == 303
    assert stored(world) == before
    assert found(world, "Juristenkommission") == SHORT["name"]
    trail = [entry.action for entry in world.trail() if entry.action.startswith("entry ")]
    assert trail == ["entry merged", "entry taken in", "entry unmerged"]
    assert post(desk, gone + "/separation").status_code == 404


def test_a_name_that_both_have_is_one_organisation_once_they_are_merged(world: World) -> None:
    desk = world.desk()
    line = added(desk, **JURISTS)
    gone = added(desk, **{**SHORT, "aliases": "Commission internationale de juristes"})
    assert "They have one of their names in common." in page(desk, line)
    assert found(world, "Commission internationale de juristes") is None
    merge(desk, gone, line)
    assert found(world, "Commission internationale de juristes") == JURISTS["name"]


def test_chains_lead_to_the_line_and_come_apart_link_by_link(world: World) -> None:
    desk = world.desk()
    line, middle = put(world, desk)
    last = added(desk, **{**SHORT, "name": "ICJ Geneva", "domains": "", "aliases": ""})
    merge(desk, last, middle)
    merge(desk, middle, line)
    assert found(world, "ICJ Geneva") == JURISTS["name"]
    assert merge(desk, last, line) == 404
    assert post(desk, middle + "/separation").status_code == 303
    assert found(world, "ICJ Geneva") == SHORT["name"]


def test_deleting_the_line_brings_back_what_was_merged_into_it(world: World) -> None:
    desk = world.desk()
    line, gone = put(world, desk)
    merge(desk, gone, line)
    assert post(desk, line + "/deletion").status_code == 303
    assert names(page(desk)) == [SHORT["name"]]


def test_what_the_merged_one_signed_stands_in_the_history_and_later_ones_go_to_the_line(
    world: World,
) -> None:
    world.approved(AURORA)
    world.approved(CIRRUS)
    desk = world.desk()
    ids = {name: f"/{entry.id}" for name, entry in entries(world).items()}
    line, gone = ids[AURORA["organisation"]], ids[CIRRUS["organisation"]]
    merge(desk, gone, line)
    assert page(desk, line).count("Signed on") == 2
    world.another_letter()
    world.approved(CIRRUS)
    assert f"/{signed(world, CIRRUS['organisation']).organisation_id}" == line
    assert list(entries(world)) == [AURORA["organisation"]]


def test_what_cannot_be_merged_is_refused(world: World) -> None:
    desk = world.desk()
    line, gone = put(world, desk)
    assert merge(desk, line, line) == 422
    assert merge(desk, gone, "/unknown") == 422
    assert merge(desk, gone, "/0198a1f0-0000-7000-8000-000000000000") == 404
    viewer = world.share(OTTO, "viewer")
    assert "Merge into this entry" not in page(viewer, line)
    assert merge(viewer, gone, line) == 403
    stranger = world.desk("stranger@organisers.example")
    assert merge(stranger, gone, line) == 404
    with world.database.read() as db:
        assert organisations.lines_of(db, book_of(world)) == {}


def test_entries_of_two_books_are_not_merged(world: World) -> None:
    desk = world.desk()
    line, _gone = put(world, desk)
    editor = world.share(OTTO, "editor")
    own = added(editor, **{**SHORT, "name": "Otto's entry"})
    assert merge(editor, own, line) == 422


def test_of_two_who_merge_entries_at_once_one_does(world: World) -> None:
    olga = world.desk()
    line, gone = put(world, olga)
    otto = world.share(OTTO, "editor")
    answers = at_once(lambda: merge(olga, gone, line), lambda: merge(otto, line, gone))
    assert sorted(answers) in ([303, 404], [303, 409])
    with world.database.read() as db:
        assert len(organisations.lines_of(db, book_of(world))) == 1


def test_the_book_is_asked_for_matches_in_few_statements(world: World) -> None:
    desk = world.desk()
    line, gone = put(world, desk)
    merge(desk, gone, line)
    with world.database.read() as db:
        sought = [Sought(SHORT["name"]), Sought("", "icj.example"), Sought("Nobody")]
        found = entry_matches.matches(db, book_of(world), sought)
    assert [match.how if match else None for match in found] == ["name", "domain", None]
