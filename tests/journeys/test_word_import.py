"""A draft comes in from Word at the desk: the report, the refusals, and whose letter it is."""

from functools import partial
from typing import Any

import httpx
import pytest

from app.letter import letters, versions
from app.letter.versions import Lead, Text
from app.organiser import organisers
from app.trail.audit import OPERATOR
from app.web.desk import imports as pages
from tests.documents.word_files import change, p, r, word_file
from tests.harness.shared import shared
from tests.journeys.test_writing import form as form_on
from tests.world import OTTO, Desk, Forms, World, at_once, logo

IMPORT = "/desk/letters/import"
DRAFT = (
    p("Free the archive", style="Title")
    + p("We ask you to open the ", change("ins", r("whole "))
        + change("del", r("small ", tag="delText")), r("archive."))
)  # fmt: skip


def bring_in(desk: Desk, source: bytes, name: str = "draft.docx", **fields: str) -> httpx.Response:
    """Fills the form in and sends it, as a browser would."""
    form = Forms(desk.browser.get(IMPORT).text).forms[IMPORT]
    files: Any = {"file": (name, source)}
    return desk.browser.post(IMPORT, data={**form, **fields}, files=files)


def publish(desk: Desk, slug: str, answer: httpx.Response) -> httpx.Response:
    """The second press, after what changes was shown."""
    assert answer.status_code == 200
    address = f"/desk/letters/{slug}/text/publication"
    return desk.browser.post(address, data=Forms(answer.text).forms[address])


def text_of(world: World, slug: str) -> Text:
    with world.database.read() as db:
        latest = versions.newest(db, letters.by_slug(db, slug).id)
        assert latest
        return latest.text()


def slugs(desk: Desk) -> set[str]:
    links = desk.browser.get("/desk/letters").text.split('href="/desk/letters/')[1:]
    return {link.partition('"')[0] for link in links} - {"import", "new"}


def test_a_draft_becomes_a_letter_that_nobody_else_sees(world: World) -> None:
    desk = world.desk()
    assert f'href="{IMPORT}"' in desk.browser.get("/desk/letters").text
    answer = bring_in(desk, word_file(DRAFT))
    assert answer.status_code == 200
    assert "It is a draft: nobody else sees it yet." in answer.text
    assert "We ask you to open the whole archive." in answer.text
    assert "2 tracked changes were accepted." in answer.text
    assert "free-the-archive" in slugs(desk)
    assert world.client.get("/letters/free-the-archive").status_code == 404
    assert world.desk(OTTO).browser.get("/desk/letters/free-the-archive").status_code == 404


def test_tracked_changes_may_be_refused(world: World) -> None:
    answer = bring_in(
        world.desk(), word_file(DRAFT), changes="reject", slug="archive", language="en"
    )
    assert "We ask you to open the small archive." in answer.text
    assert "tracked changes were refused." in answer.text


def test_the_next_text_of_a_letter_leaves_everything_else_as_it_is(world: World) -> None:
    world.letter("articles: skip")
    desk = world.desk()
    before = world.client.get(f"{world.path}/signatories.json").json()["letter"]
    answer = bring_in(desk, word_file(DRAFT), letter=world.slug)
    assert "Publish version 2?" in answer.text
    assert "2 tracked changes were accepted." in answer.text
    assert "Make sure that none stands in the text a second time." in answer.text
    assert world.client.get(f"{world.path}/signatories.json").json()["letter"] == before
    assert publish(desk, world.slug, answer).status_code == 303
    after = world.client.get(f"{world.path}/signatories.json").json()["letter"]
    assert after["version"] == before["version"] + 1
    assert after["deadline"] == before["deadline"]
    page = world.client.get(world.path).text
    assert "We ask you to open the whole archive." in page
    assert "Ms Ilse Varga" in page  # the frame that a Word file says nothing of


def test_a_word_file_in_another_language_is_a_translation(world: World) -> None:
    french = word_file(p("Nous demandons que les archives soient ouvertes à toutes et à tous."))
    desk = world.desk()
    answer = bring_in(desk, french, letter=world.slug, language="fr")
    assert "Language: French (fr)." in answer.text
    assert publish(desk, world.slug, answer).status_code == 303
    assert "Nous demandons" in world.client.get(f"{world.path}?lang=fr").text
    assert "Nous demandons" not in world.client.get(world.path).text


@pytest.mark.parametrize(
    ("source", "name", "sentence"),
    [
        (b"", "draft.docx", "Choose a file."),
        (b"MZ", "draft.exe", "Choose a Word file"),
        (b"not Word at all", "draft.docx", "Word"),
        (b"\xff\xfe", "draft.md", "not text in UTF-8"),
        (b"---\ndeadline: 9999-12-30T12:00:00Z\n---\nText.", "draft.md", "is too far away"),
        (b"---\ndeadline: soon\n---\nText.", "draft.md", "must be a time with its offset"),
    ],
    ids=["nothing", "program", "no word file", "no text", "end of time", "wrong value"],
)
def test_what_cant_be_taken_is_said_at_the_field(
    world: World, source: bytes, name: str, sentence: str
) -> None:
    desk = world.desk()
    before = world.rows()
    answer = bring_in(desk, source, name, slug="kept-slug")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="file-error"' in answer.text
    assert 'value="kept-slug"' in answer.text
    assert world.rows() == before


def test_a_slug_in_use_is_never_written_over(world: World) -> None:
    otto = world.desk(OTTO)
    before = world.client.get(f"{world.path}/signatories.json").json()
    answer = bring_in(otto, word_file(DRAFT), slug=world.slug)
    assert answer.status_code == 422
    assert 'id="slug-error"' in answer.text
    assert "is taken" in answer.text
    named = p(world.slug.replace("-", " "), style="Title") + p("Some other text of another letter.")
    assert bring_in(otto, word_file(named)).status_code == 422
    assert world.client.get(f"{world.path}/signatories.json").json() == before
    assert "Free the press" not in otto.browser.get(IMPORT).text


def test_somebody_elses_letter_is_not_there_and_a_foreign_form_is_not_taken(world: World) -> None:
    otto = world.desk(OTTO)
    assert otto.browser.get(f"{IMPORT}?letter={world.slug}").status_code == 404
    before = world.rows()
    assert bring_in(otto, word_file(DRAFT), letter=world.slug).status_code == 404
    assert bring_in(world.desk(), word_file(DRAFT), csrf="wrong").status_code == 403
    visitor = world.browser().post(IMPORT, files={"file": ("a.docx", word_file(DRAFT))})
    assert visitor.headers["location"] == "/desk/sign-in"
    after = world.rows()
    assert (after["letter"], after["version"]) == (before["letter"], before["version"])


def test_large_files_are_for_organisers_and_end_at_ten_megabytes(world: World) -> None:
    large = b"." * 200_000
    assert world.client.post(IMPORT, files={"file": ("a.docx", large)}).status_code == 413
    answer = bring_in(world.desk(), b"PK" + b"." * 10_500_000)
    assert answer.status_code == 413
    assert "ten megabytes" in answer.text


def test_few_files_are_read_at_once(world: World) -> None:
    desk = world.desk()
    taken = [pages.reading.acquire() for _turn in range(pages.AT_ONCE)]
    try:
        answer = bring_in(desk, word_file(DRAFT))
    finally:
        for _turn in taken:
            pages.reading.release()
    assert answer.status_code == 503
    assert bring_in(desk, word_file(DRAFT)).status_code == 200


def test_a_real_draft_keeps_its_links_notes_and_lists(world: World) -> None:
    source = shared("docx/dpg-sustainability_en.docx").read_bytes()
    answer = bring_in(world.desk(), source, slug="commons")
    assert answer.status_code == 200
    assert answer.text.count('role="doc-noteref"') > 4
    assert 'rel="nofollow noopener"' in answer.text


def test_a_real_letter_in_hebrew_comes_in_from_right_to_left(world: World) -> None:
    source = shared("docx/osd-sos_index-he-IL.docx").read_bytes()
    done = bring_in(world.desk(), source, slug="sos")
    assert "Hebrew (he)" in done.text
    assert '<div class="letter" lang="he" dir="rtl">' in done.text
    assert "That was read off the text" in done.text
    done = bring_in(world.desk(), source, slug="sos-2", language="yi")
    assert "Yiddish (yi)" in done.text
    assert "That was read off the text" not in done.text


def test_markdown_comes_in_the_same_way(world: World) -> None:
    source = b"---\ntitle: T\nsalutation: Dear all,\ncolour: red\norder: time\n---\nWe *ask* you.\n"
    done = bring_in(world.desk(), source, "letter.md", slug="in-markdown")
    assert done.status_code == 200
    assert "“colour” is not a key of a letter" in done.text
    assert text_of(world, "in-markdown").salutation == "Dear all,"


def test_the_settings_of_a_file_are_for_new_letters_only(world: World) -> None:
    world.letter("order: time")
    source = b"---\ntitle: T\norder: country\nslug: another\n---\nWe ask you.\n"
    desk = world.desk()
    done = bring_in(desk, source, "next.md", letter=world.slug)
    assert "The settings at the head of the file were left out" in done.text
    publish(desk, world.slug, done)
    with world.database.read() as db:
        assert letters.by_slug(db, world.slug).order == "time"
    assert text_of(world, world.slug).title == "T"


def test_a_text_without_a_title_keeps_the_letters(world: World) -> None:
    desk = world.desk()
    publish(desk, world.slug, bring_in(desk, word_file(p("We ask again.")), letter=world.slug))
    assert text_of(world, world.slug).title == "Free the press of Ardal"
    assert "We ask again." in text_of(world, world.slug).body


def test_the_next_text_of_a_draft_is_there_at_once(world: World) -> None:
    desk = world.desk()
    bring_in(desk, word_file(DRAFT))
    source = word_file(p("Free the archive", style="Title") + p("We ask you again."))
    answer = bring_in(desk, source, letter="free-the-archive")
    assert "The letter stands at version 2 now." in answer.text
    french = word_file(p("Nous demandons que les archives soient ouvertes à toutes et à tous."))
    answer = bring_in(desk, french, letter="free-the-archive", language="fr")
    assert "The translation was brought in with version 3." in answer.text
    assert text_of(world, "free-the-archive").body == "We ask you again.\n"


def test_nothing_that_others_published_meanwhile_is_written_over(world: World) -> None:
    world.share(OTTO, "editor")
    olga, otto = world.desk(), world.desk(OTTO)
    mine = bring_in(olga, word_file(DRAFT), letter=world.slug)
    source = word_file(p("We ask you twice."))
    assert publish(otto, world.slug, bring_in(otto, source, letter=world.slug)).status_code == 303
    answer = publish(olga, world.slug, mine)
    assert answer.status_code == 409
    assert "Somebody else has saved this text meanwhile" in answer.text
    assert text_of(world, world.slug).body == "We ask you twice.\n"


def test_of_two_texts_of_a_draft_at_once_none_goes_unseen(world: World) -> None:
    desk = world.desk()
    bring_in(desk, word_file(DRAFT))
    answers = at_once(
        *(
            partial(bring_in, desk, word_file(p(f"We ask {n} times.")), letter="free-the-archive")
            for n in (2, 3)
        )
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes in ([200, 200], [200, 409])
    with world.database.read() as db:
        letter = letters.by_slug(db, "free-the-archive")
        assert letter.version == 1 + codes.count(200)


def test_a_delivered_letter_takes_no_text(world: World) -> None:
    desk = world.desk()
    desk.move(world.slug, "closing")
    with world.database.write() as db:
        letters.by_slug(db, world.slug).status = "delivered"
    before = world.rows()["version"]
    answer = bring_in(desk, word_file(DRAFT), letter=world.slug)
    assert answer.status_code == 409
    assert "its text can&#39;t change any more" in answer.text
    assert world.rows()["version"] == before


def test_what_cant_be_published_is_mended_in_the_form(world: World) -> None:
    source = b"---\ntitle: See www.else.example\n---\nWe ask you all.\n"
    answer = bring_in(world.desk(), source, "next.md", letter=world.slug)
    assert answer.status_code == 422
    assert 'id="title-error"' in answer.text
    assert "We ask you all." in answer.text
    assert f'action="/desk/letters/{world.slug}/text"' in answer.text


def test_whoever_may_only_look_changes_no_text(world: World) -> None:
    otto = world.desk(OTTO)
    with world.database.write() as db:
        organiser = organisers.by_email(db, OTTO)
        assert organiser
        letter = letters.by_slug(db, world.slug)
        organisers.give_role(db, organiser, letter, "viewer", by=OPERATOR)
    assert otto.browser.get(f"/desk/letters/{world.slug}").status_code == 200
    assert f'value="{world.slug}"' not in otto.browser.get(IMPORT).text
    for done in (
        otto.browser.get(f"{IMPORT}?letter={world.slug}"),
        bring_in(otto, word_file(DRAFT), letter=world.slug),
    ):
        assert done.status_code == 403
        assert "but not change it" in done.text


def test_an_empty_desk_leads_to_the_form(world: World) -> None:
    otto = world.desk(OTTO)
    page = otto.browser.get("/desk/letters").text
    assert "You have no letter yet." in page
    assert f'href="{IMPORT}"' in page
    assert "The next text of" not in otto.browser.get(IMPORT).text


def test_nothing_of_the_server_is_in_a_letter_that_comes_in(world: World) -> None:
    """Logos lie beside a file on the command line; here there is nothing beside it."""
    desk = world.desk()
    for slug, path in (("one", "pyproject.toml"), ("two", "../logo.png"), ("six", "/etc/passwd")):
        source = f"---\nletterhead: [{{name: X, logo: {path}}}]\n---\nWe ask you.\n".encode()
        answer = bring_in(desk, source, "../../folder/letter.md", slug=slug)
        assert answer.status_code == 200
        assert "This logo did not come with the file" in answer.text
        assert "folder" not in answer.text
        assert text_of(world, slug).letterhead == (Lead("X"),)


def test_a_logo_is_uploaded_after_the_file_came_without_it(world: World) -> None:
    desk = world.desk()
    source = b"""---
title: For the archive
letterhead:
  - {name: Archive Trust, logo: trust.png}
  - {name: Press Union}
---
We ask you.
"""
    answer = bring_in(desk, source, "archive.md", slug="archive")
    assert answer.status_code == 200
    assert "the name is set in type" in answer.text
    text = "/desk/letters/archive/text"
    assert f'href="{text}?lang=en#leads"' in answer.text
    assert 'id="leads"' in desk.browser.get(f"{text}?lang=en").text
    # Once it is there, the next file keeps it, and nothing is missing any more.
    files = {"lead_file_1": logo()["logo"]}
    saved = desk.browser.post(text, data=form_on(desk, text), files=files)
    assert saved.status_code == 303
    kept = text_of(world, "archive").letterhead
    assert kept[0].logo_sha256
    again = bring_in(desk, source.replace(b"We ask", b"We urge"), "archive.md", letter="archive")
    assert "did not come with the file" not in again.text
    newest = text_of(world, "archive")
    assert "We urge you." in newest.body
    assert newest.letterhead == kept


def test_of_two_new_letters_with_one_slug_one_is_made(world: World) -> None:
    desks = [world.desk(), world.desk(OTTO)]
    answers = at_once(
        *(partial(bring_in, desk, word_file(DRAFT), slug="archive") for desk in desks)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert ["archive" in slugs(desk) for desk in desks].count(True) == 1
