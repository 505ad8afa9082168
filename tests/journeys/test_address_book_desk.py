"""Organisers look things up in their address books, change them, and bring lists in."""

import csv
import io
import re
from datetime import UTC, datetime
from html import unescape
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import event, insert, select, update
from sqlmodel import col

from app.db import new_id
from app.invitation.invitations import Invitation
from app.letter.letters import Letter
from app.organisation import organisations
from app.organisation.organisations import Organisation
from app.organiser import organisers
from tests.harness.shared import shared
from tests.journeys.test_address_book import entries
from tests.world import AURORA, OLGA, OTTO, Desk, Forms, World, later, logo

URL = "/desk/organisations"
NHC = {
    "name": "Norwegian Helsinki Committee",
    "names": "nb: Den norske Helsingforskomité\nru: Норвежский Хельсинкский комитет",
    "aliases": "Helsinki Committee Oslo",
    "acronym": "NHC",
    "domains": "https://www.nhc.no/en post@nhc.org.uk",
    "website": "nhc.no",
    "country": "NO",
    "category": "Human rights",
    "sort_key": "Helsinki Committee, Norwegian",
    "contact_name": "Ola Nordmann",
    "contact_role": "Secretary",
    "email": "ola.nordmann@nhc.example",
    "language": "nb",
}

KEPT = (*(NHC.keys() - {"email"}), "mailbox")


def page(desk: Desk, path: str = "") -> str:
    answer = desk.browser.get(URL + path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def post(desk: Desk, path: str, **fields: Any) -> httpx.Response:
    return desk.post(URL + path, page(desk), **fields)


def names(text: str) -> list[str]:
    """The organisations in a list."""
    return [unescape(one) for one in re.findall(r'<th scope="row"><a [^>]+><bdi>(.*?)</bdi>', text)]


def added(desk: Desk, **fields: str) -> str:
    """Adds an organisation and answers the path of its page, below URL."""
    answer = post(desk, "", **{**NHC, **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].removeprefix(URL)


def book_of(world: World, email: str = OLGA) -> UUID:
    with world.database.read() as db:
        organiser = organisers.by_email(db, email)
        assert organiser
        return organiser.book_id


def test_an_empty_book_says_how_it_fills(world: World) -> None:
    assert "It fills by itself" in page(world.desk())


def test_an_organisation_is_added_with_all_that_is_known_of_it(world: World) -> None:
    desk = world.desk()
    shown = page(desk, added(desk))
    for text in (
        "Norwegian Helsinki Committee",
        "Den norske Helsingforskomité",
        "Норвежский Хельсинкский комитет",
        "Helsinki Committee Oslo",
        "https://nhc.no",
        "nhc.no, nhc.org.uk",
        "Norway",
        "Human rights",
        "Helsinki Committee, Norwegian",
        "Ola Nordmann",
        "Secretary",
        "o…@nhc.example",
    ):
        assert text in unescape(shown), text
    assert "ola.nordmann" not in shown


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    desk = world.desk()
    wrong = {
        "name": "",
        "names": "Comité",
        "domains": "gmail.com",
        "website": "not a site",
        "country": "ZZ",
        "email": "nobody",
        "language": "",
        "aliases": "one\ntwo",
    }
    answer = post(desk, "", **wrong)
    assert answer.status_code == 422
    for field in wrong.keys() - {"aliases"}:
        assert f'id="{field}-error"' in answer.text, field
    assert "one\ntwo" in answer.text
    assert entries(world) == {}


def test_the_same_organisation_is_not_added_twice(world: World) -> None:
    desk = world.desk()
    added(desk)
    answer = post(desk, "", **{**NHC, "name": "norwegian helsinki COMMITTEE"})
    assert answer.status_code == 422
    assert "stands in this address book already" in answer.text
    added(desk, country="GE")


def test_a_search_goes_through_all_names_whatever_their_script_and_accents(world: World) -> None:
    desk = world.desk()
    added(desk)
    added(desk, name="Ärzte für Frieden e. V.", names="", aliases="", domains="", website="",
          acronym="", country="DE", category="Health")  # fmt: skip
    assert names(page(desk)) == ["Ärzte für Frieden e. V.", "Norwegian Helsinki Committee"]
    for words in (
        "helsinki norw",
        "HELSINGFORSKOMITE",
        "хельсинкский",
        "nhc.org.uk",
        "oslo",
        "nhc",
    ):
        assert names(page(desk, f"?q={words}")) == ["Norwegian Helsinki Committee"], words
    for words in ("norvezskii helsinkskii", "НОРВЕЖ"):  # in Latin letters, and in capitals
        assert names(page(desk, f"?q={words}")) == ["Norwegian Helsinki Committee"], words
    for words in ("arzte", "ÄRZTE fur", "фур"):
        assert names(page(desk, f"?q={words}")) == ["Ärzte für Frieden e. V."], words
    assert names(page(desk, "?country=DE")) == ["Ärzte für Frieden e. V."]
    assert names(page(desk, "?category=Human rights")) == ["Norwegian Helsinki Committee"]
    assert "No organisation here matches that" in page(desk, "?q=helsinki&country=DE")
    assert "No organisation here matches that" in page(desk, "?q=100%25")


def test_a_change_is_found_at_once_and_keeps_the_address_that_is_not_typed_again(
    world: World,
) -> None:
    desk = world.desk()
    path = added(desk)
    form = page(desk, path + "/change")
    assert f"{URL}{path}/change" in Forms(form).forms
    assert URL in Forms(page(desk, "/new")).forms
    assert "o…@nhc.example is kept" in form
    changed = {**NHC, "name": "Nordic Helsinki Committee", "email": "", "aliases": ""}
    answer = desk.browser.post(
        f"{URL}{path}/change", data={"csrf": csrf(form), **changed}, files=logo()
    )
    assert (answer.status_code, answer.headers["location"]) == (303, URL + path)
    entry = entries(world)["Nordic Helsinki Committee"]
    assert entry.logo
    assert entry.address
    assert entry.aliases == []
    assert names(page(desk, "?q=norwegian")) == []
    assert names(page(desk, "?q=nordic")) == ["Nordic Helsinki Committee"]
    assert f"/logos/{entry.logo}" in page(desk, path)
    answer = post(desk, path + "/change", **{**changed, "remove_logo": "yes"})
    assert answer.status_code == 303
    assert entries(world)["Nordic Helsinki Committee"].logo == ""


def csrf(text: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found
    return found.group(1)


def seen(text: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', text)
    assert found
    return found.group(1)


def test_a_logo_that_is_no_picture_is_refused_with_the_form(world: World) -> None:
    desk = world.desk()
    answer = desk.browser.post(
        URL, data={"csrf": csrf(page(desk)), **NHC}, files={"logo": ("l.svg", b"<svg/>")}
    )
    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text


def test_of_two_who_change_an_entry_the_second_is_told(world: World) -> None:
    desk, other = world.desk(), world.share(OTTO)
    path = added(desk)
    before = seen(page(desk, path + "/change"))
    theirs = post(other, path + "/change", **{**NHC, "acronym": "NoHC", "seen": before})
    assert theirs.status_code == 303
    answer = post(desk, path + "/change", **{**NHC, "acronym": "NorHC", "seen": before})
    assert answer.status_code == 422
    assert "Somebody has changed this entry" in answer.text
    assert "NorHC" in answer.text
    again = post(desk, path + "/change", **{**NHC, "acronym": "NorHC", "seen": seen(answer.text)})
    assert again.status_code == 303
    assert entries(world)["Norwegian Helsinki Committee"].acronym == "NorHC"


def test_an_address_is_shown_in_full_only_where_somebody_asked_and_it_is_logged(
    world: World,
) -> None:
    desk = world.desk()
    path = added(desk)
    shown = page(desk, path + "/address")
    assert "ola.nordmann" not in shown
    assert world.trail("address revealed") == []
    answer = post(desk, path + "/address")
    assert "ola.nordmann@nhc.example" in answer.text
    (entry,) = world.trail("address revealed")
    assert entry.actor.startswith("organiser:")
    assert entry.book_id == book_of(world)
    assert str(entry.subject_id) == path[1:]


def test_a_contact_is_erased_on_request_and_the_organisation_stays(world: World) -> None:
    desk = world.desk()
    path = added(desk)
    assert post(desk, path + "/contact/erasure").status_code == 303
    entry = entries(world)["Norwegian Helsinki Committee"]
    assert (entry.contact_name, entry.contact_role, entry.address, entry.mailbox) == (
        "",
        "",
        "",
        None,
    )
    assert "No contact is kept" in page(desk, path)


def test_a_deleted_entry_is_gone_and_what_it_signed_stays_signed(world: World) -> None:
    world.approved(AURORA)
    desk = world.desk()
    entry = entries(world)["Aurora Media Watch"]
    assert post(desk, f"/{entry.id}/deletion").status_code == 303
    assert desk.browser.get(f"{URL}/{entry.id}").status_code == 404
    assert world.names() == ["Aurora Media Watch"]
    with world.database.read() as db:
        keys = db.scalars(select(organisations.OrganisationKey)).all()
        assert keys == []
    world.another_letter()
    world.approved(AURORA)
    assert list(entries(world)) == ["Aurora Media Watch"]


def test_history_tells_of_letters_that_this_organiser_may_see_and_of_no_other(
    world: World,
) -> None:
    world.approved(AURORA)
    first = world.slug
    world.another_letter()
    otto = world.share(OTTO, "editor")
    world.approved(AURORA, organisation="Aurora Medievakt")
    entry = entries(world)["Aurora Media Watch"]
    invited(world, first, entry)
    olgas = page(world.desk(), f"/{entry.id}")
    assert "Free the press" in olgas
    assert "Free the archive" in olgas
    assert "Invited on" in olgas
    assert olgas.count("Signed on") == 2
    assert "as “Aurora Medievakt”" in unescape(olgas)
    ottos = page(otto, f"/{entry.id}")
    assert "Free the archive" in ottos
    assert "Free the press" not in ottos
    assert "Invited on" not in ottos


def invited(world: World, slug: str, entry: Organisation) -> None:
    with world.database.write() as db:
        letter = db.scalars(select(Letter).where(col(Letter.slug) == slug)).one()
        db.add(
            Invitation(
                letter_id=letter.id,
                organisation_id=entry.id,
                folded=entry.folded,
                address="",
                mailbox="m",
                created_at=db.now,
            )
        )


@pytest.mark.parametrize(
    ("role", "looks", "changes"),
    [("owner", 200, 303), ("editor", 200, 303), ("reviewer", 200, 403), ("viewer", 200, 403),
     (None, 404, 404)],
)  # fmt: skip
def test_who_works_on_a_letter_shares_its_book_and_who_edits_it_changes_it(
    world: World, role: str | None, looks: int, changes: int
) -> None:
    path = added(world.desk())
    book = f"?book={book_of(world)}"
    otto = world.share(OTTO, role) if role else world.desk(OTTO)
    assert otto.browser.get(URL + path).status_code == looks
    assert otto.browser.get(URL + book).status_code == looks
    shown = page(otto)
    for address, fields in (
        (path + "/change", {**NHC, "acronym": "X"}),
        ("", {**NHC, "name": "Another", "book": book[6:]}),
        ("/intake/import", {"rows": '[[1,"name"],[2,"Third"]]', "book": book[6:]}),
        (path + "/contact/erasure", {}),
        (path + "/deletion", {}),
    ):
        answer = otto.post(URL + address, shown, **fields)
        assert answer.status_code == changes, address
    answer = otto.post(URL + "/import", shown, book=book[6:], pasted="name\nThird")
    assert answer.status_code == (200 if changes == 303 else changes)
    if role in ("reviewer", "viewer"):
        text = otto.browser.get(URL + path).text
        assert "Change</a>" not in text
        assert "deletion" not in text
        assert "Norwegian Helsinki Committee" in text
        assert otto.browser.get(f"{URL}{path}/address").status_code == 403
        assert otto.browser.get(f"{URL}/new{book}").status_code == 403
    else:
        assert list(entries(world)) == (["Another", "Third"] if role else [NHC["name"]])


def test_a_letter_fills_the_book_it_uses_and_its_editor_sees_whose_that_is(world: World) -> None:
    otto = world.share(OTTO, "editor")
    world.approved(AURORA)
    assert names(page(otto)) == []
    shared_book = page(otto, f"?book={book_of(world)}")
    assert names(shared_book) == ["Aurora Media Watch"]
    assert "The address book of o…@organisers.example" in unescape(shared_book)
    with world.database.read() as db:
        organiser = organisers.by_email(db, OTTO)
        assert organiser
        books = organisations.books_of(db, organiser)
    assert [(one.is_own, one.may_change) for one in books] == [(True, True), (False, True)]
    assert books[1].id == book_of(world)


def test_ten_thousand_are_paged_with_few_queries(world: World) -> None:
    desk, book = world.desk(), book_of(world)
    now = datetime.now(UTC)
    with world.database.write() as db:
        rows: list[dict[str, Any]] = [
            {
                "id": new_id(), "book_id": book, "name": f"Member {n:05}",
                "folded": f"member {n:05}",
                "searched": f"member {n:05}", "names": {}, "aliases": [], "acronym": "",
                "domains": [f"m{n}.example"], "website": "", "country": "NO" if n % 2 else "GE",
                "category": f"Group {n % 7}", "logo": "", "contact_name": "", "contact_role": "",
                "address": "", "language": "en", "created_at": now, "changed_at": now,
            }
            for n in range(10_000)
        ]  # fmt: skip
        db.execute(insert(Organisation), rows)
    statements: list[str] = []

    def listen(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(world.database.reader, "before_cursor_execute", listen)
    first = page(desk, "?country=NO")
    event.remove(world.database.reader, "before_cursor_execute", listen)
    assert len(statements) < 15
    assert "5,000 organisations" in first
    assert names(first)[:2] == ["Member 00001", "Member 00003"]
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = page(desk, unescape(following.group(1)))
    assert names(second)[0] == "Member 00201"
    assert len(names(second)) == 100


def test_a_list_is_looked_at_before_it_is_taken_in(world: World) -> None:
    desk = world.desk()
    added(desk)
    pasted = (
        "Organisation;Nom (fr);URL;Country;Category;Contact;E-mail\n"
        "Norwegian Helsinki committee;Comité d'Helsinki;;Norway;Rights;;\n"
        "Boreas;;boreas.example;Allemagne;;Bruno;bruno@boreas.example\n"
        "Borealis;;boreas.example;Europe;;;\n"
        ";;nobody.example;;;;\n"
        "Wrong;;not a site;;;;not an address\n"
        "BOREAS;;;DE;;;\n"
    )
    before = world.rows()
    preview = post(desk, "/import", pasted=pasted)
    assert preview.status_code == 200
    text = unescape(preview.text)
    assert world.rows() == before
    assert figures(text) == {"New": 2, "Changed": 1, "Unchanged": 0, "Can't be taken": 3}
    assert "Take in 3 organisations" in text
    assert "<ins><bdi>fr: Comité d'Helsinki | nb:" in text
    assert "<del><bdi>Human rights</bdi></del> <ins><bdi>Rights</bdi></ins>" in text
    assert "“Europe” is no country we know. It was left empty." in text
    for row, reason in (
        (5, "Enter the organisation's name."),
        (6, "Website: A web address has no spaces"),
        (7, "Row 3 has this organisation."),
    ):
        assert re.search(rf"Row {row}</strong>.*?{re.escape(reason)}", text, re.DOTALL), row
    assert "bruno@boreas.example" not in visible(text)
    answer = take(desk, preview.text)
    assert answer.headers["location"] == f"{URL}?added=2&changed=1"
    assert "2 organisations were added" in page(desk, "?added=2&changed=1")
    found = entries(world)
    assert set(found) == {NHC["name"], "Boreas", "Borealis"}
    assert found[NHC["name"]].names["fr"] == "Comité d'Helsinki"
    assert found[NHC["name"]].names["nb"] == "Den norske Helsingforskomité"
    assert found["Boreas"].country == "DE"
    assert found["Boreas"].address
    assert names(page(desk, "?q=comite")) == [NHC["name"]]
    again = unescape(post(desk, "/import", pasted=pasted).text)
    assert figures(again) == {"New": 0, "Changed": 0, "Unchanged": 3, "Can't be taken": 3}
    assert "There is nothing to take in" in again


def figures(text: str) -> dict[str, int]:
    found = re.findall(r"<dt>([^<]+)</dt><dd>([\d,]+)</dd>", text)
    return {term: int(number.replace(",", "")) for term, number in found}


def visible(text: str) -> str:
    return re.sub(r"<input[^>]*>", "", text)


def take(desk: Desk, preview: str) -> httpx.Response:
    """Presses "Take in" on a preview."""
    rows = [unescape(one) for one in re.findall(r'name="rows" value="([^"]*)"', preview)]
    book = re.search(r'name="book" value="([^"]*)"', preview)
    assert book
    data = {"csrf": csrf(preview), "rows": rows, "book": book.group(1)}
    answer: httpx.Response = desk.browser.post(f"{URL}/intake/import", data=data)
    assert answer.status_code == 303, answer.text
    return answer


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({}, "Choose a file, or paste the list."),
        ({"pasted": "Titel;Land\nA;B"}, "No column is called"),
    ],
)
def test_a_list_that_can_not_be_read_is_refused_with_the_form(
    world: World, data: dict[str, str], reason: str
) -> None:
    answer = post(world.desk(), "/import", **data)
    assert answer.status_code == 422
    assert reason in unescape(answer.text)
    if data:
        assert "Titel;Land" in answer.text
    for rows in ("", "[", "[[]]", "{}", '[["x"]]', "[[1]]"):
        damaged = post(world.desk(), "/intake/import", rows=rows)
        assert damaged.status_code == 422, rows


def test_a_book_taken_out_is_safe_in_a_spreadsheet_and_can_be_brought_in_again(
    world: World,
) -> None:
    desk = world.desk()
    added(desk)
    added(desk, name="+972 Magazine", names="", aliases="", domains="", website="", acronym="",
          sort_key="=1+1", email="")  # fmt: skip
    answer = post(desk, "/export")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'+972 Magazine", "Norwegian Helsinki Committee"]
    assert rows[0]["sort key"] == "'=1+1"
    assert rows[1]["email"] == "ola.nordmann@nhc.example"
    assert [entry.facts for entry in world.trail("book exported")] == [{"entries": 2}]
    before = entries(world)
    again = desk.browser.post(
        f"{URL}/import",
        data={"csrf": csrf(page(desk))},
        files={"file": ("book.csv", answer.content)},
    )
    assert figures(unescape(again.text))["Unchanged"] == 2
    for entry in before.values():
        assert post(desk, f"/{entry.id}/deletion").status_code == 303
    preview = desk.browser.post(
        f"{URL}/import",
        data={"csrf": csrf(page(desk))},
        files={"file": ("book.csv", answer.content)},
    )
    take(desk, preview.text)
    after = entries(world)
    for name, entry in before.items():
        for field in KEPT:
            assert getattr(after[name], field) == getattr(entry, field), (name, field)


def test_whoever_takes_a_book_out_shows_that_it_is_them(world: World) -> None:
    desk = world.desk()
    added(desk)
    with later(minutes=11):
        answer = post(desk, "/export")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/step-up?next=")
    assert world.trail("book exported") == []


@pytest.mark.parametrize(
    ("file", "least", "country"), [("coara.csv", 820, "IE"), ("pmpc.csv", 225, "")]
)
def test_real_lists_come_in_whole_and_a_second_time_change_nothing(
    world: World, file: str, least: int, country: str
) -> None:
    content = shared(f"organisations/{file}").read_bytes()
    desk = world.desk()

    def look() -> str:
        answer = desk.browser.post(
            f"{URL}/import", data={"csrf": csrf(page(desk))}, files={"file": (file, content)}
        )
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    preview = look()
    new = figures(unescape(preview))["New"]
    assert new >= least
    take(desk, preview)
    found = entries(world)
    assert len(found) >= least
    if country:
        assert found["Irish Research Staff Association"].country == country
        assert found["Irish Research Staff Association"].category.startswith("Academies")
    else:
        assert found["ADULLACT"].domains == ["adullact.org"]
    second = figures(unescape(look()))
    assert (second["New"], second["Changed"], second["Unchanged"]) == (0, 0, new)


def test_a_merged_entry_and_one_of_nobodys_book_are_not_there(world: World) -> None:
    desk = world.desk()
    path = added(desk)
    with world.database.write() as db:
        db.execute(update(Organisation).values(merged_into=new_id()))
    assert desk.browser.get(URL + path).status_code == 404
    assert names(page(desk)) == []
