"""Organisers enter who signed elsewhere; those are asked, marked, reviewed like all others."""

import re
from datetime import date
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.endorsement.reports import Report
from app.letter import deadlines, letters
from app.trail import audit
from tests.test_sheets import workbook
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    OLGA,
    OTTO,
    Desk,
    Forms,
    World,
    at_once,
    later,
    meanwhile,
    submit,
    text_of,
)

NAME = AURORA["organisation"]
RECEIVED = {"received": "hand", "received_on": "2026-01-05"}


def report(world: World, who: dict[str, str], desk: Desk | None = None, **fields: str) -> Any:
    """Enters somebody as reported, by the form."""
    page = f"/desk/letters/{world.slug}/reported"
    browser = (desk or world.desk()).browser
    return submit(browser, f"{page}/new", page, **{**who, **RECEIVED, "authority": "yes", **fields})


def approve(world: World, name: str = NAME) -> httpx.Response:
    return world.desk().decide(world.slug, name, "approval", status="pending")


def reported_link(world: World, who: dict[str, str] = AURORA) -> str:
    return world.link(who["email"], "/reported/")


def one(world: World, name: str = NAME) -> Endorsement:
    with world.database.read() as db:
        return _one(db, name)


def _one(db: Db, name: str) -> Endorsement:
    found = db.scalars(select(Endorsement).where(col(Endorsement.organisation) == name)).all()
    return found[-1]


def marks(world: World) -> list[bool]:
    return [line["reported"] for line in world.signatories()]


def test_a_hand_collected_organisation_is_marked_until_it_confirms(world: World) -> None:
    assert report(world, AURORA, note="In the red folder.").status_code == 303
    assert world.names() == []
    (mail,) = world.mails_to(AURORA["email"])
    assert "Did you sign this?" in mail["subject"]
    assert mail["reply-to"] == OLGA
    told = text_of(mail)
    assert f"To be listed as: {NAME}" in told
    assert "received by hand, on paper, on 5 January 2026" in told
    assert "red folder" not in told
    assert OLGA in told

    page = world.desk().queue(world.slug, "pending")
    assert "received by hand, on paper on 5 January 2026; not confirmed yet" in page
    assert approve(world).status_code == 303
    assert world.names() == [NAME]
    assert marks(world) == [True]
    assert "true" in world.client.get(f"{world.path}/signatories.csv").text
    assert 'class="reported"' in world.client.get(world.path).text
    assert "reported" in world.client.get(f"{world.path}/embed").text
    # The address is not proven yet: no mail with a manage link has gone there.
    assert len(world.mails_to(AURORA["email"])) == 1

    link = reported_link(world)
    shown = world.client.get(link).text
    assert "Did you sign this?" in shown
    assert NAME in shown
    assert submit(world.client, link, link).status_code == 200
    assert world.names() == [NAME]
    assert marks(world) == [False]
    assert world.count()["total"] == 1
    assert 'class="reported"' not in world.client.get(world.path).text
    assert "is confirmed" in text_of(world.mails_to(AURORA["email"])[-1])
    assert world.client.get(world.link(AURORA["email"], "/manage/")).status_code == 200
    assert [entry.actor for entry in world.trail("confirmed")] == ["signer"]


def test_the_record_says_who_agreed_to_what(world: World) -> None:
    report(world, AURORA)
    assert "Reported by an organiser on" in one(world).consent
    assert "has not confirmed" in one(world).consent
    submit(world.client, reported_link(world), reported_link(world))
    assert "Reported by an organiser" in one(world).consent
    assert "By signing I agree" in one(world).consent


def test_the_words_agreed_to_are_those_that_were_shown(world: World) -> None:
    report(world, AURORA)
    link = reported_link(world)
    page = f"{link}?lang=fr"
    shown = re.search(r'<p class="consent">(.+?)</p>', world.client.get(page).text)
    assert shown
    assert "En signant" in shown[1]
    submit(world.client, page, page)
    assert unescape(shown[1]) in one(world).consent
    assert one(world).spoken == "fr"


def test_who_confirms_before_review_waits_for_it_like_all(world: World) -> None:
    report(world, AURORA)
    link = reported_link(world)
    submit(world.client, link, link)
    assert world.names() == []
    assert "You have signed" in world.mails_to(AURORA["email"])[-1]["subject"]
    world.desk().decide(world.slug, NAME, "approval")
    assert marks(world) == [False]
    assert world.client.post(link).status_code == 200  # a second time is the same page


def test_who_did_not_sign_is_withdrawn_and_can_not_be_reported_again(world: World) -> None:
    report(world, AURORA)
    link = reported_link(world)
    assert "on the public list now" not in world.client.get(link).text
    approve(world)
    assert "on the public list now" in world.client.get(link).text
    submit(world.client, link, f"{link}/refusal")
    assert world.names() == []
    assert NAME not in world.client.get(link).text
    again = report(world, AURORA)
    assert again.status_code == 422
    assert "has withdrawn. Only the signer can sign again" in again.text
    other = report(world, AURORA, organisation="Aurora Norway")  # of the same mailbox
    assert other.status_code == 303
    assert len(world.mails_to(AURORA["email"])) == 1


def test_a_correction_confirms_and_waits_for_an_organiser(world: World) -> None:
    report(world, AURORA)
    approve(world)
    link = reported_link(world)
    empty = submit(world.client, link, f"{link}/correction", name=" ", country="NO")
    assert empty.status_code == 422
    assert "Enter your name." in empty.text
    fixed = submit(
        world.client, link, f"{link}/correction", organisation="Aurora Watch", country="NO"
    )
    assert fixed.status_code == 200
    assert world.names() == [NAME]
    assert marks(world) == [False]
    world.desk().decide(world.slug, NAME, "correction/acceptance", status="approved")
    assert world.names() == ["Aurora Watch"]


def test_details_that_are_found_right_are_confirmed_all_the_same(world: World) -> None:
    report(world, AURORA)
    approve(world)
    link = reported_link(world)
    same = submit(world.client, link, f"{link}/correction")
    assert same.status_code == 200
    assert "The organisers will look at your correction." not in same.text
    assert marks(world) == [False]
    assert world.rows()["correction"] == []


def test_one_on_paper_alone_stays_marked_and_gets_no_mail(world: World) -> None:
    assert report(world, AURORA, email="", name="", role="").status_code == 303
    assert one(world).address == ""
    queue = world.desk().queue(world.slug, "pending")
    assert "no address is known" in queue
    assert "erased" not in queue
    assert "Show address" not in queue
    approve(world)
    with later(days=30):
        world.worker.due = [0.0 for _chore in world.worker.chores]
        world.worker.keep_house()
        assert marks(world) == [True]
    world.deliver()
    assert world.sink.mails == []


def test_what_was_reported_does_not_expire(world: World) -> None:
    report(world, AURORA)
    report(world, BOREAS)
    world.deliver()
    approve(world)
    with later(days=30):
        world.worker.due = [0.0 for _chore in world.worker.chores]
        world.worker.keep_house()
        assert world.names() == [NAME]
        assert one(world, BOREAS["organisation"]).status == "pending"
        assert submit(world.client, reported_link(world), reported_link(world)).status_code == 200
        assert marks(world) == [False]


def test_closing_takes_nothing_from_who_signed_before(world: World) -> None:
    for who in (AURORA, BOREAS):
        report(world, who)
    approve(world)
    links = [reported_link(world, who) for who in (AURORA, BOREAS)]
    world.desk().move(world.slug, "closing")
    with later(days=3):
        for link in links:
            assert submit(world.client, link, link).status_code == 200
        assert marks(world) == [False]
        assert one(world, BOREAS["organisation"]).status == "verified"


def test_a_paused_letter_takes_no_confirmation(world: World) -> None:
    report(world, AURORA)
    link = reported_link(world)
    page = world.client.get(link).text
    world.desk().move(world.slug, "pause")
    refused = world.client.post(link, data=Forms(page).forms[link])
    assert refused.status_code == 409
    assert one(world).status == "pending"


def test_who_did_not_sign_may_say_so_while_the_letter_is_paused(world: World) -> None:
    report(world, AURORA)
    approve(world)
    world.desk().move(world.slug, "pause")
    link = reported_link(world)
    assert NAME not in world.client.get(link).text
    submit(world.client, link, f"{link}/refusal")
    assert world.names() == []


def test_a_text_that_changed_is_read_before_it_is_confirmed(world: World) -> None:
    report(world, AURORA)
    link = reported_link(world)
    page = world.client.get(link).text
    world.letter('cc: ["The archive"]')
    again = world.client.post(link, data=Forms(page).forms[link])
    assert again.status_code == 409
    assert "has changed since" in again.text
    assert one(world).verified_at is None
    assert submit(world.client, link, link).status_code == 200


def test_an_organisation_that_stands_there_is_not_entered_again(world: World) -> None:
    world.approved(AURORA)
    before = one(world)
    refused = report(world, AURORA, organisation="AURORA media-watch", email="x@other.example")
    assert refused.status_code == 422
    assert "stands under this letter already: approved" in refused.text
    assert "x@other.example" in refused.text  # nothing typed is lost
    assert one(world) == before


def test_an_editor_enters_and_a_reviewer_approves(world: World) -> None:
    editor = world.share(OTTO, "editor")
    reviewer = world.share("rita@organisers.example", "reviewer")
    assert report(world, AURORA, editor).status_code == 303
    page = editor.queue(world.slug, "pending")
    path = f"/desk/letters/{world.slug}/endorsements/{one(world).id}/approval"
    assert editor.post(path, page).status_code == 403
    new = f"/desk/letters/{world.slug}/reported/new"
    assert reviewer.browser.get(new).status_code == 403
    assert "/reported/new" not in reviewer.browser.get(new.removesuffix("/new")).text
    assert reviewer.decide(world.slug, NAME, "approval", status="pending").status_code == 303
    actors = [entry.actor for entry in (*world.trail("reported"), *world.trail("approved"))]
    assert len(set(actors)) == 2


def test_a_reported_one_may_be_declined_without_a_mail(world: World) -> None:
    report(world, AURORA)
    world.desk().decide(world.slug, NAME, "decline", status="pending", reason="No proof.")
    assert len(world.mails_to(AURORA["email"])) == 1
    refused = world.client.get(reported_link(world))
    assert refused.status_code == 409
    assert "decided not to list" in refused.text


def test_who_signs_the_form_after_being_reported_is_asked_again(world: World) -> None:
    report(world, AURORA)
    world.sign(AURORA, website="https://evil.example")
    assert one(world).website == "https://aurora.example"
    assert len(world.mails_to(AURORA["email"])) == 2
    approve(world)
    submit(world.client, reported_link(world), reported_link(world))
    assert world.names() == [NAME]
    assert marks(world) == [False]


def test_who_asks_for_confidentiality_before_being_listed_has_it(world: World) -> None:
    report(world, AURORA)
    world.sign(AURORA, visibility="confidential")
    assert "Signed confidentially by" in text_of(world.mails_to(AURORA["email"])[-1])
    approve(world)
    assert world.names() == []
    # Once listed, only the mailbox itself can change it.
    report(world, BOREAS)
    approve(world, BOREAS["organisation"])
    world.sign(BOREAS, visibility="confidential")
    assert world.names() == [BOREAS["organisation"]]


def test_they_are_asked_again_as_often_as_a_day_allows(world: World) -> None:
    report(world, AURORA)
    desk = world.desk()
    address = f"/desk/letters/{world.slug}/reported"
    ask = f"{address}/{one(world).id}/mail"
    answers = [submit(desk.browser, address, ask).status_code for _time in range(3)]
    assert answers == [303, 303, 429]
    assert len(world.mails_to(AURORA["email"])) == 3
    with later(hours=25):
        assert submit(world.desk().browser, address, ask).status_code == 303


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"organisation": ""}, "Enter the organisation&#39;s name."),
        ({"country": ""}, "Choose the organisation&#39;s country."),
        ({"received": ""}, "Say how you received it"),
        ({"received_on": "5.1.2026"}, "Give the day you received it"),
        ({"received_on": "2999-01-01"}, "still to come"),
        ({"email": "nobody"}, "The @ is missing"),
        ({"authority": ""}, "that you can show it"),
        ({"note": "x" * 1001}, "The note is too long"),
        ({"language": "xx"}, "can&#39;t be read in this language"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    world: World, changes: dict[str, str], sentence: str
) -> None:
    refused = report(world, AURORA, **changes)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert AURORA["name"] in refused.text
    with world.database.read() as db:
        assert db.scalars(select(Report)).all() == []


def test_a_draft_reports_nobody(world: World) -> None:
    world.letter(text=open_archive(), opens=False)
    refused = report(world, AURORA)
    assert refused.status_code == 409
    assert "Open the letter first" in refused.text


def open_archive() -> str:
    return "---\nslug: archive\ntitle: Archive\nlanguage: en\n---\nOpen it.\n"


ROWS = [
    ("Organisation", "Country", "Name", "E-mail", "Date", "How"),
    ("Aurora Media Watch", "Norway", "Anna Berg", "anna@aurora.example", "2026-01-05", "hand"),
    ("", "", "", "lost@nowhere.example", "", ""),
    ("Boreas Legal Aid", "DE", "", "", "", ""),
    ("Cirrus Foundation", "Atlantis", "", "ketevan@cirrus.example", "", ""),
    ("Aurora Media-Watch", "NO", "", "", "", ""),
]


def test_a_list_with_bad_rows_brings_the_good_ones_and_keeps_the_bad(world: World) -> None:
    desk, base = world.desk(), f"/desk/letters/{world.slug}/reported"
    form = Forms(desk.browser.get(f"{base}/import").text).forms[f"{base}/import"]
    before = world.rows()
    preview = desk.browser.post(
        f"{base}/import",
        data={**form, "received": "meeting", "received_on": "2026-01-06"},
        files={"file": ("list.xlsx", workbook(ROWS))},
    )
    assert preview.status_code == 200
    assert world.rows() == before
    page = re.sub(r"\s+", " ", preview.text)
    assert "2 sign-ons can be entered" in page
    for fact in (
        "<strong>Row 3</strong>",
        "<strong>Row 5</strong>",
        "Please choose a country from the list.",
        "<strong>Row 6</strong>",
        "comes twice in this list",
    ):
        assert fact in page
    carried = Forms(preview.text).forms[f"{base}/rows"]
    unsworn = desk.browser.post(f"{base}/rows", data=carried)
    assert unsworn.status_code == 422
    assert "that you can show it" in unsworn.text
    entered = desk.browser.post(
        f"{base}/rows", data={**Forms(unsworn.text).forms[f"{base}/rows"], "authority": "yes"}
    )
    assert entered.status_code == 200
    assert "Entered: 2 sign-ons." in entered.text
    assert "Cirrus Foundation\tAtlantis" in entered.text  # to be corrected
    assert "Aurora Media Watch\tNorway" not in entered.text
    with world.database.read() as db:
        reports = {
            _one(db, name).organisation: db.get_one(Report, _one(db, name).id)
            for name in (NAME, BOREAS["organisation"])
        }
    assert (reports[NAME].received, reports[NAME].received_on) == ("hand", date(2026, 1, 5))
    assert reports[BOREAS["organisation"]].received == "meeting"
    assert len(world.mails_to(AURORA["email"])) == 1
    assert world.mails_to(CIRRUS["email"]) == []
    # Corrected, they go the same way.
    fixed = "Organisation\tCountry\nCirrus Foundation\tGeorgia\n"
    again = desk.browser.post(
        f"{base}/import",
        data={**form, "received": "mail", "received_on": "2026-01-06", "pasted": fixed},
    )
    carried = Forms(again.text).forms[f"{base}/rows"]
    done = desk.browser.post(f"{base}/rows", data={**carried, "authority": "yes"})
    assert done.headers["location"] == f"{base}?entered=1"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose a file, or paste rows."),
        ({"pasted": "Organisation"}, "Give a row of headings"),
        ({"pasted": "a,b\nc,d"}, "No column is headed"),
        ({"pasted": "Name\n" + "x\n" * 2_001}, "At most 2,000 rows"),
    ],
)
def test_a_list_that_is_none_is_refused_in_a_sentence(
    world: World, fields: dict[str, str], sentence: str
) -> None:
    desk, path = world.desk(), f"/desk/letters/{world.slug}/reported/import"
    refused = submit(desk.browser, path, path, **fields)
    assert refused.status_code == 422
    assert sentence in refused.text


def test_a_thousand_are_entered_listed_and_paged_with_few_statements(world: World) -> None:
    desk, base = world.desk(), f"/desk/letters/{world.slug}/reported"
    rows = "\n".join(f"Member {n:04},NO,m{n}@members.example" for n in range(1_000))
    pasted = f"Organisation,Country,Email\n{rows}"
    preview = submit(desk.browser, f"{base}/import", f"{base}/import", pasted=pasted, **RECEIVED)
    carried = Forms(preview.text).forms[f"{base}/rows"]
    with world.statements() as heard:
        desk.browser.post(f"{base}/rows", data={**carried, "authority": "yes"})
    assert len(heard) < 40
    seen: list[str] = []
    address = base
    while address:
        with world.statements(reading=True) as heard:
            page = desk.browser.get(address).text
        assert len(heard) < 40
        seen += re.findall(r"<h3><bdi>(.+?)</bdi>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = f"{base}{following[1]}" if following else ""
    assert len(seen) == len(set(seen)) == 1_000


def test_a_confidential_one_is_in_no_public_byte(world: World) -> None:
    report(world, DARIA, visibility="confidential")
    world.desk().decide(world.slug, DARIA["name"], "approval", status="pending")
    report(world, BOREAS)
    world.desk().decide(world.slug, BOREAS["organisation"], "approval", status="pending")
    lists = ("/signatories", "/signatories.json", "/signatories.csv", "/signatories.atom")
    for path in ("", *lists, "/embed"):
        page = world.client.get(world.path + path).text
        assert BOREAS["organisation"] in page
        assert DARIA["name"] not in page


def test_an_unknown_link_explains_itself(world: World) -> None:
    assert world.client.get("/reported/nothing").status_code == 404
    assert world.client.post("/reported/nothing").status_code == 404


def test_erasing_takes_the_notes_and_names_along(world: World) -> None:
    report(world, AURORA, email="", note="Her phone is 555.")
    world.desk().move(world.slug, "closing")
    with later(days=181):
        world.worker.due = [0.0 for _chore in world.worker.chores]
        world.worker.keep_house()
    with world.database.read() as db:
        assert [kept.note for kept in db.scalars(select(Report))] == [""]
    assert one_of_all(world).name == ""


def one_of_all(world: World) -> Endorsement:
    with world.database.read() as db:
        return db.scalars(select(Endorsement)).one()


@pytest.mark.parametrize("round_", range(3))
def test_who_signs_while_being_reported_has_signed(world: World, round_: int) -> None:
    desk = world.desk()
    desk.browser.get(f"/desk/letters/{world.slug}/reported/new")
    reported, signed = at_once(lambda: report(world, AURORA, desk), lambda: world.sign(AURORA))
    assert signed.status_code == 303
    assert reported.status_code in (303, 422)
    world.deliver()
    assert len(world.mails_to(AURORA["email"])) in (1, 2)
    assert one(world).status == "pending"
    with world.database.read() as db:
        assert len(db.scalars(select(Endorsement)).all()) == 1


def test_who_signs_as_a_line_gets_that_name_has_signed_before(world: World) -> None:
    world.verified(BOREAS, email=AURORA["email"])

    def rename(db: Db) -> None:
        line = _one(db, BOREAS["organisation"])
        endorsements.change_line(db, line, {"organisation": NAME})

    answer, _waited = meanwhile(world, rename, lambda: world.sign(AURORA))
    assert answer.status_code == 303
    assert "signed" in text_of(world.mails_to(AURORA["email"])[-1])
    assert one(world).status == "verified"


def test_signing_goes_on_while_organisers_change_the_letter(world: World) -> None:
    def change(db: Db) -> None:
        letter = letters.by_slug(db, world.slug)
        deadlines.set_(
            db, letter, deadline="2027-03-01T17:00", soft="", zone="UTC", by=audit.OPERATOR
        )

    answer, waited = meanwhile(world, change, lambda: world.sign(AURORA))
    assert answer.status_code == 303
    assert waited == (world.database.writer.dialect.name == "sqlite")
