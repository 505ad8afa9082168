"""The address book fills by signing, and regulars are known again."""

from sqlalchemy import select

from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.organisation import books
from app.organisation.books import Wanted
from app.organisation.organisations import Organisation
from app.organiser import organisers
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, OLGA, World, logo


def entries(world: World, email: str = OLGA) -> dict[str, Organisation]:
    """All entries of an organiser's own book, by name."""
    with world.database.read() as db:
        organiser = organisers.by_email(db, email)
        assert organiser
        found = books.page(db, books.book_of(db, organiser, None), Wanted())
        return {entry.name: entry for entry in found}


def signed(world: World, name: str) -> Endorsement:
    """The newest endorsement under that name."""
    query = select(Endorsement).order_by(Endorsement.id.desc())  # type: ignore[attr-defined]
    with world.database.read() as db:
        return next(one for one in db.scalars(query) if one.listed_name == name)


def test_an_approved_organisation_stands_in_the_book_with_what_the_public_sees(
    world: World,
) -> None:
    world.approved(AURORA, files=logo())
    entry = entries(world)["Aurora Media Watch"]
    assert (entry.website, entry.country) == ("https://aurora.example", "NO")
    assert entry.domains == ["aurora.example"]
    assert entry.logo
    assert (entry.contact_name, entry.address, entry.mailbox) == ("", "", None)
    assert signed(world, "Aurora Media Watch").organisation_id == entry.id
    assert [one.subject_id for one in world.trail("organisation added")] == [entry.id]


def test_nobody_is_in_the_book_before_approval_nor_individuals_nor_the_confidential(
    world: World,
) -> None:
    world.verified(AURORA)
    world.approved(DARIA)
    world.approved(BOREAS, visibility="confidential")
    assert entries(world) == {}
    assert signed(world, BOREAS["organisation"]).organisation_id is None


def test_a_confidential_endorsement_completes_no_entry_and_is_linked_to_none(world: World) -> None:
    world.approved(AURORA, website="")
    world.another_letter()
    world.approved(AURORA, visibility="confidential")
    assert entries(world)["Aurora Media Watch"].website == ""
    assert signed(world, "Aurora Media Watch").organisation_id is None


def test_a_later_letter_completes_the_entry_and_overwrites_nothing(world: World) -> None:
    world.approved(AURORA, website="")
    before = entries(world)["Aurora Media Watch"]
    assert (before.website, before.domains) == ("", [])
    world.another_letter()
    world.approved(AURORA, organisation="AURORA media watch")
    world.approved(
        AURORA, email="arne@aurora.example", country="SE", website="https://aurora.example/se"
    )
    assert list(entries(world)) == ["Aurora Media Watch"]
    after = entries(world)["Aurora Media Watch"]
    assert (after.website, after.country) == ("https://aurora.example", "NO")
    assert after.created_at == before.created_at


def test_one_name_in_two_countries_is_two_organisations(world: World) -> None:
    world.approved(AURORA, website="")
    world.another_letter()
    world.approved(AURORA, country="GE", website="https://aurora-georgia.example")
    with world.database.read() as db:
        countries = set(db.scalars(select(Organisation.country)))  # type: ignore[call-overload]
    assert countries == {"NO", "GE"}


def test_the_same_website_under_another_name_is_the_same_organisation(world: World) -> None:
    world.approved(AURORA)
    world.another_letter()
    world.approved(AURORA, organisation="Aurora Medievakt", website="https://www.aurora.example/no")
    assert list(entries(world)) == ["Aurora Media Watch"]
    linked = signed(world, "Aurora Medievakt").organisation_id
    assert linked == entries(world)["Aurora Media Watch"].id


def test_two_lines_of_one_letter_are_two_organisations_whatever_they_share(world: World) -> None:
    world.approved(AURORA, organisation="Faculty of Law")
    world.approved(AURORA, organisation="Faculty of Medicine")
    assert list(entries(world)) == ["Faculty of Law", "Faculty of Medicine"]


def test_a_page_on_a_shared_site_makes_nobody_the_same(world: World) -> None:
    world.approved(AURORA, website="https://www.facebook.com/aurora", email="aurora@gmail.com")
    world.another_letter()
    world.approved(BOREAS, website="https://www.facebook.com/boreas", email="boreas@gmail.com")
    assert [entry.domains for entry in entries(world).values()] == [[], []]


def test_a_regular_is_listed_with_the_sort_key_category_and_logo_of_the_book(world: World) -> None:
    world.approved(CIRRUS, files=logo())
    entry = entries(world)["Cirrus Foundation"]
    with world.database.write() as db:
        known = db.get_one(Organisation, entry.id)
        known.sort_key, known.category = "Foundation Cirrus", "Foundations"
    world.another_letter()
    world.approved(CIRRUS)
    line = signed(world, "Cirrus Foundation")
    assert (line.sort_key, line.category) == ("Foundation Cirrus", "Foundations")
    assert line.logo == entry.logo
    assert world.signatories()[0]["logo"].endswith(f"/logos/{entry.logo}")


def test_under_another_name_a_regular_is_sorted_by_that_name(world: World) -> None:
    world.approved(CIRRUS)
    entry = entries(world)["Cirrus Foundation"]
    with world.database.write() as db:
        known = db.get_one(Organisation, entry.id)
        known.sort_key, known.category = "Foundation Cirrus", "Foundations"
    world.another_letter()
    world.approved(CIRRUS, organisation="Stiftung Cirrus")
    line = signed(world, "Stiftung Cirrus")
    assert (line.sort_key, line.category) == (None, "Foundations")


def test_who_signs_from_anothers_mail_domain_is_not_that_organisation(world: World) -> None:
    world.approved(BOREAS, files=logo())
    world.another_letter()
    world.approved(AURORA, website="", email="aurora@boreas.example")
    assert set(entries(world)) == {"Boreas Legal Aid", "Aurora Media Watch"}
    line = signed(world, "Aurora Media Watch")
    assert line.logo == ""
    assert line.organisation_id == entries(world)["Aurora Media Watch"].id


def test_without_a_website_the_mail_domain_and_nearly_the_same_name_say_who_it_is(
    world: World,
) -> None:
    world.approved(BOREAS)
    world.another_letter()
    world.approved(BOREAS, organisation="Boreas Legal Aid e.V.", website="")
    assert list(entries(world)) == ["Boreas Legal Aid"]
    linked = signed(world, "Boreas Legal Aid e.V.").organisation_id
    assert linked == entries(world)["Boreas Legal Aid"].id


def test_a_letter_without_an_owner_has_no_book(world: World) -> None:
    world.another_letter()
    with world.database.write() as db:
        letters.by_slug(db, world.slug).book_id = None
    world.approved(AURORA)
    assert entries(world) == {}
    assert world.names() == ["Aurora Media Watch"]


def test_the_privacy_page_says_what_the_book_keeps(world: World) -> None:
    page = world.client.get("/privacy").text
    assert "The organisers' address book" in page
    assert "the contact is erased when you ask" in page


def test_nothing_of_the_book_is_in_a_public_answer(world: World) -> None:
    world.approved(AURORA)
    with world.database.write() as db:
        entry = db.scalars(select(Organisation)).one()
        entry.aliases, entry.acronym, entry.contact_name = ["Nordlys"], "AMW", "Nora Vik"
        entry.address = db.keys.seal("nora@aurora.example")
    for path in (
        "",
        "/signatories",
        "/signatories.json",
        "/signatories.csv",
        "/signatories.atom",
        "/embed",
    ):
        answer = world.client.get(world.path + path)
        assert answer.status_code == 200
        for text in ("Nordlys", "AMW", "Nora", str(entry.id)):
            assert text not in answer.text, path
