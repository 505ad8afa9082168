"""Whose an address book is: those who work on the letters that use it, each as their role says."""

from html import unescape
from uuid import UUID

import pytest

from app.letter import letters
from app.trail import history
from tests.journeys.test_address_book_desk import NHC, URL, added, book_of, page, post
from tests.journeys.test_history import rows
from tests.journeys.test_team import member, team
from tests.journeys.test_writing import begun
from tests.world import OLGA, OTTO, Desk, Forms, World, submit

ADDRESS = NHC["email"]
MASKED = "o…@nhc.example"


def letters_book(world: World, slug: str) -> UUID | None:
    with world.database.read() as db:
        return letters.by_slug(db, slug).book_id


def answers(desk: Desk, path: str, book: UUID) -> list[int]:
    """To looking, to what reveals, and to what changes."""
    gets = ("", f"{path}/address", f"/history?book={book}", f"?book={book}", path)
    found = [desk.browser.get(URL + one).status_code for one in gets]
    shown = page(desk)
    posts = (f"{path}/address", "/export", f"{path}/change")
    fields = {**NHC, "acronym": "N", "book": str(book)}
    return found + [desk.post(URL + one, shown, **fields).status_code for one in posts]


def test_what_each_role_may_do_with_a_book(world: World) -> None:
    path, book = added(world.desk()), book_of(world)
    owner = world.share(OTTO)
    editor = world.share("edda@organisers.example", "editor")
    viewer = world.share("vito@organisers.example", "viewer")
    stranger = world.desk("stranger@organisers.example")
    assert answers(owner, path, book) == [200, 200, 200, 200, 200, 200, 200, 303]
    assert answers(editor, path, book) == [200, 403, 403, 200, 200, 403, 403, 303]
    assert answers(viewer, path, book) == [200, 403, 403, 200, 200, 403, 403, 403]
    assert answers(stranger, path, book) == [200, 404, 404, 404, 404, 404, 404, 404]
    for desk in (editor, viewer):
        entry, shown = page(desk, path), page(desk, f"?book={book}")
        assert MASKED in entry
        for control in (f"{path}/address", "/history", "/export"):
            assert control not in entry + shown


def test_an_editor_finds_no_way_around_by_inviting(world: World) -> None:
    path = added(world.desk())
    editor = world.share("edda@organisers.example", "editor")
    listed = f"/desk/letters/{world.slug}/invitations"
    taken = submit(editor.browser, f"{listed}/book", f"{listed}/book", id=path[1:])
    assert taken.status_code == 303
    (one,) = world.invitation_ids()
    shown = editor.browser.get(f"{listed}/{one}").text
    assert MASKED in shown
    assert f"{one}/address" not in shown
    assert editor.post(f"{listed}/{one}/address", shown).status_code == 403
    world.invite("Elm Watch; eva@elm.example", sends=False, email="edda@organisers.example")
    typed = world.invitation("Elm Watch").id
    assert "eva@elm.example" in editor.post(f"{listed}/{typed}/address", shown).text
    owner = world.desk()
    assert ADDRESS in owner.post(f"{listed}/{one}/address", page(owner)).text


@pytest.mark.parametrize("press", ["/contact/erasure", "/deletion"])
def test_nor_by_changing_the_entry_after_that(world: World, press: str) -> None:
    path = added(world.desk())
    editor = world.share("edda@organisers.example", "editor")
    listed = f"/desk/letters/{world.slug}/invitations"
    submit(editor.browser, f"{listed}/book", f"{listed}/book", id=path[1:])
    (one,) = world.invitation_ids()
    assert editor.post(URL + path + press, page(editor, path)).status_code == 303
    shown = editor.browser.get(f"{listed}/{one}").text
    assert editor.post(f"{listed}/{one}/address", shown).status_code == 403


@pytest.mark.parametrize("how", ["removal", "role", "departure"])
def test_a_first_owner_who_is_let_go_does_not_keep_the_book(world: World, how: str) -> None:
    path, book = added(world.desk()), book_of(world)
    otto = world.share(OTTO)
    if how == "departure":
        desk = world.desk()
        desk.post(f"{team(world)}/departure", page(desk))
    else:
        otto.post(f"{member(world, OLGA)}/{how}", page(otto), role="viewer")
    olga = world.desk()
    is_out = how != "role"
    looks, reveals = (404, 404) if is_out else (200, 403)
    for _time in range(2):
        assert olga.browser.get(URL + path).status_code == looks
        assert olga.browser.get(f"{URL}?book={book}").status_code == looks
        assert olga.browser.get(f"{URL}{path}/address").status_code == reveals
        assert post(olga, "/export", book=str(book)).status_code == reveals
        # Their own is another one, and a letter they begin doesn't bring the first one back.
        assert "Nobody is in this address book yet." in page(olga)
        assert begun(olga, slug="of-my-own").status_code in (303, 422)
        assert letters_book(world, "of-my-own") == book_of(world) != book
    # Who goes on has it, under their own name.
    shown = page(otto, f"?book={book}")
    assert "Norwegian Helsinki Committee" in shown
    assert "The address book of o…@organisers.example (organiser 2)" in unescape(shown)
    assert ADDRESS in post(otto, f"{path}/address").text


def test_the_history_of_a_book_says_who_saw_what(world: World) -> None:
    olga = world.desk()
    path = added(olga)
    otto = world.share(OTTO)
    post(otto, f"{path}/address")
    post(otto, "/export", book=str(book_of(world)))
    gone = added(olga, name="Elm Watch", names="", domains="", website="")
    post(olga, f"{gone}/deletion")
    assert "/desk/organisations/history" in page(olga)
    told = [row[1:4] for row in rows(page(olga, "/history"))]
    first, second = (f"o…@organisers.example (organiser {n})" for n in (1, 2))
    assert told == [
        [first, "An organisation was deleted from the address book", ""],
        [first, "An organisation came into the address book", ""],
        [second, "Took the address book out as a file, 1 organisations", ""],
        [second, "Looked at the e-mail address", "Norwegian Helsinki Committee"],
        [first, "An organisation came into the address book", "Norwegian Helsinki Committee"],
    ]
    # The history of his own book knows nothing of it.
    assert "Nothing has happened in this address book yet." in page(otto, "/history")


def test_a_long_history_is_paged(world: World) -> None:
    olga = world.desk()
    path = added(olga)
    csrf = Forms(page(olga, path + "/address")).forms[f"{URL}{path}/address"]
    for _time in range(history.PAGE + 4):
        olga.browser.post(f"{URL}{path}/address", data=csrf)
    first = page(olga, "/history")
    assert len(rows(first)) == history.PAGE
    (older,) = {
        part.partition('"')[0] for part in unescape(first).split('href="') if "before" in part
    }
    assert len(rows(page(olga, f"/history{older}"))) == 5
    with world.queries() as heard:
        page(olga, "/history")
    assert len(heard) < 20
