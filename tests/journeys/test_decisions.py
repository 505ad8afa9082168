"""Decisions can be taken back for a minute; then the signer is told, and not too often."""

from functools import partial
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import col

from app.endorsement import edits
from app.endorsement.endorsements import Endorsement
from app.invitation.invitations import Invitation
from app.letter import letters
from app.organisation import book_entries
from app.organisation.organisations import Organisation
from app.trail.audit import OPERATOR
from tests.world import (
    AURORA,
    BOREAS,
    DARIA,
    OTTO,
    Forms,
    World,
    at_once,
    later,
    submit,
    text_of,
)

NAME = "Aurora Media Watch"
Row = TypeVar("Row", Endorsement, Invitation, Organisation)


def rows(world: World, table: type[Row]) -> list[Row]:
    with world.database.read() as db:
        return list(db.scalars(select(table).order_by(col(table.id))))


def subjects(world: World, who: dict[str, str], **after: float) -> list[str]:
    """Of the mails about decisions."""
    with later(**after):
        mails = world.mails_to(who["email"])
    words = ("approved", "declined")
    return [str(m["subject"]) for m in mails if any(word in m["subject"] for word in words)]


def test_a_decision_is_taken_back_before_the_signer_hears_of_it(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    answer = desk.decide(world.slug, NAME, "approval")
    page = desk.browser.get(answer.headers["location"]).text
    assert f"Approved: “{NAME}”." in page
    assert world.names() == [NAME]
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    back = desk.browser.post(undo, data=Forms(page).forms[undo])
    assert back.status_code == 303
    assert f"Taken back: “{NAME}”" in desk.browser.get(back.headers["location"]).text
    assert world.names() == []
    assert NAME in desk.queue(world.slug)
    assert subjects(world, AURORA, minutes=30) == []
    (entry,) = world.trail("decision undone")
    assert (entry.facts["came_from"], entry.facts["to"]) == ("approved", "verified")
    assert entry.actor.startswith("organiser:")
    # And it can be decided anew.
    desk.decide(world.slug, NAME, "approval")
    assert len(subjects(world, AURORA, minutes=2)) == 1


def test_after_a_minute_the_mail_has_left(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    page = desk.browser.get(desk.decide(world.slug, NAME, "approval").headers["location"]).text
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    with later(seconds=61):
        late = desk.browser.post(undo, data=Forms(page).forms[undo])
        assert "Undo" not in desk.queue(world.slug)
    assert late.status_code == 409
    assert "the mail to the signer has left" in late.text
    assert world.names() == [NAME]


def test_a_worker_whose_clock_is_ahead_has_the_mail_already(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    page = desk.browser.get(desk.decide(world.slug, NAME, "approval").headers["location"]).text
    assert len(subjects(world, AURORA, minutes=3)) == 1
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    late = desk.browser.post(undo, data=Forms(page).forms[undo])
    assert late.status_code == 409
    assert world.names() == [NAME]


def test_undoing_gives_back_what_was_there(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    desk.decide(world.slug, NAME, "decline", reason="Who are you?")
    assert len(subjects(world, AURORA, minutes=2)) == 1
    answer = desk.decide(world.slug, NAME, "approval", status="declined")
    page = desk.browser.get(answer.headers["location"]).text
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    assert desk.browser.post(undo, data=Forms(page).forms[undo]).is_redirect
    assert "Declined because: Who are you?" in desk.queue(world.slug, "declined")
    # The signer knows that already.
    assert len(subjects(world, AURORA, hours=2)) == 1


def approved_and_undone(world: World, who: dict[str, str], status: str = "verified") -> None:
    desk, name = world.desk(), who["organisation"]
    approved = desk.decide(world.slug, name, "approval", status=status)
    page = desk.browser.get(approved.headers["location"]).text
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    assert desk.browser.post(undo, data=Forms(page).forms[undo]).status_code == 303


def test_an_approval_taken_back_leaves_nothing_in_the_address_book(world: World) -> None:
    world.verified(AURORA)
    approved_and_undone(world, AURORA)
    desk = world.desk()
    assert "In the address book" not in desk.queue(world.slug)
    assert NAME not in desk.browser.get("/desk/organisations").text
    assert len(world.trail("organisation deleted")) == 1
    # It can be approved again.
    desk.decide(world.slug, NAME, "approval")
    assert NAME in desk.browser.get("/desk/organisations").text


def test_an_entry_that_somebody_changed_since_stays(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    page = desk.browser.get(desk.decide(world.slug, NAME, "approval").headers["location"]).text
    with world.database.write() as db:
        entry = db.scalars(select(Organisation)).one()
        book_entries.change(db, entry, {"category": "Press freedom"}, by=OPERATOR)
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    assert desk.browser.post(undo, data=Forms(page).forms[undo]).status_code == 303
    assert [entry.category for entry in rows(world, Organisation)] == ["Press freedom"]


def test_what_was_edited_since_stays_when_an_approval_is_taken_back(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    page = desk.browser.get(desk.decide(world.slug, NAME, "approval").headers["location"]).text
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        line = db.scalars(select(Endorsement)).one()
        changes = {"category": "Press freedom", "sort_key": "Watch", "country": "DE"}
        edits.edit(db, letter, line, changes, by=OPERATOR)
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    assert desk.browser.post(undo, data=Forms(page).forms[undo]).status_code == 303
    (line,) = rows(world, Endorsement)
    assert {name: getattr(line, name) for name in changes} == changes


def test_what_an_approval_taught_a_known_organisation_goes_with_it(world: World) -> None:
    world.approved({**AURORA, "website": "", "email": "who@elsewhere.example"})
    (before,) = rows(world, Organisation)
    world.verified(AURORA)
    approved_and_undone(world, AURORA)
    (after,) = rows(world, Organisation)
    assert (after.domains, after.website) == (before.domains, before.website) == ([], "")
    (line,) = (row for row in rows(world, Endorsement) if row.status == "verified")
    assert line.organisation_id is None


def test_an_entry_whose_maker_was_declined_speaks_for_nobody(world: World) -> None:
    world.approved(AURORA)
    desk = world.desk()
    desk.decide(world.slug, NAME, "decline", status="approved", reason="It was a fake.")
    assert "In the address book" not in desk.queue(world.slug, "declined")
    world.verified({**AURORA, "email": "second@aurora.example"})
    assert "In the address book" not in desk.queue(world.slug)


def test_who_was_invited_elsewhere_is_asked_again_once_the_approval_is_taken_back(
    world: World,
) -> None:
    world.invite(f"{NAME}; board@elsewhere.example")
    world.verified(AURORA)
    approved_and_undone(world, AURORA)
    (invitation,) = rows(world, Invitation)
    assert (invitation.status, invitation.endorsement_id) == ("invited", None)
    assert len(world.trail("invitation invited")) == 1
    world.desk().decide(world.slug, NAME, "approval")
    (invitation,) = rows(world, Invitation)
    assert invitation.status == "signed"


def test_so_is_who_was_reported_and_approved_too_early(world: World) -> None:
    world.invite(f"{NAME}; board@elsewhere.example")
    desk, page = world.desk(), f"/desk/letters/{world.slug}/reported"
    received = {"received": "mail", "received_on": "2026-01-05", "authority": "yes"}
    submit(desk.browser, f"{page}/new", page, **{**AURORA, **received})
    approved_and_undone(world, AURORA, status="pending")
    (invitation,) = rows(world, Invitation)
    assert (invitation.status, invitation.endorsement_id) == ("invited", None)


def test_only_who_is_overtaken_stands_in_the_trail_as_late(world: World) -> None:
    world.verified(AURORA)
    desk = world.desk()
    page = desk.browser.get(desk.decide(world.slug, NAME, "approval").headers["location"]).text
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    with later(seconds=61):
        assert desk.browser.post(undo, data=Forms(page).forms[undo]).status_code == 409
    assert world.trail("decision came too late") == []


def test_the_decision_before_is_told_when_the_one_after_is_taken_back(world: World) -> None:
    world.approved(AURORA)
    desk = world.desk()
    answer = desk.decide(world.slug, NAME, "decline", status="approved", reason="A slip.")
    page = desk.browser.get(answer.headers["location"]).text
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    assert desk.browser.post(undo, data=Forms(page).forms[undo]).is_redirect
    assert world.names() == [NAME]
    (subject,) = subjects(world, AURORA, minutes=2)
    assert "approved" in subject


def test_an_old_page_takes_back_no_other_decision(world: World) -> None:
    world.verified(AURORA)
    desk, otto = world.desk(), world.share(OTTO)
    page = desk.browser.get(desk.decide(world.slug, NAME, "approval").headers["location"]).text
    otto.decide(world.slug, NAME, "decline", status="approved", reason="They wrote to us.")
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    refused = desk.browser.post(undo, data=Forms(page).forms[undo])
    assert refused.status_code == 409
    assert "There is no decision to take back" in refused.text
    assert NAME in desk.queue(world.slug, "declined")


def test_withdrawal_wins_over_undo_and_spares_the_mail(world: World) -> None:
    world.verified(AURORA)
    manage = world.link(AURORA["email"], "/manage/")
    desk = world.desk()
    page = desk.browser.get(desk.decide(world.slug, NAME, "approval").headers["location"]).text
    submit(world.client, manage, f"{manage}/withdrawal")
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    assert desk.browser.post(undo, data=Forms(page).forms[undo]).status_code == 409
    assert NAME in desk.queue(world.slug, "withdrawn")
    assert subjects(world, AURORA, minutes=2) == []


def test_deciding_to_and_fro_fills_no_mailbox(world: World) -> None:
    world.verified(AURORA)
    desk, status = world.desk(), "verified"
    for round_ in range(3):
        with later(minutes=4 * round_):
            world.deliver()
            desk.decide(world.slug, NAME, "approval", status=status)
        with later(minutes=4 * round_ + 2):
            world.deliver()
            desk.decide(world.slug, NAME, "decline", status="approved", reason=f"No {round_}.")
        status = "declined"
    assert len(subjects(world, AURORA, minutes=40)) == 3
    # What it came to is told all the same.
    told = subjects(world, AURORA, hours=25)
    assert len(told) == 4
    with later(hours=25):
        assert "No 2." in text_of(world.mails_to(AURORA["email"])[-1])


def test_of_two_who_take_back_and_decide_at_once_one_wins(world: World) -> None:
    world.verified(AURORA)
    olga, otto = world.desk(), world.share(OTTO)
    page = olga.browser.get(olga.decide(world.slug, NAME, "approval").headers["location"]).text
    his = otto.queue(world.slug, "approved")
    (undo,) = (path for path in Forms(page).forms if path.endswith("/undo"))
    answers = at_once(
        partial(olga.browser.post, undo, data=Forms(page).forms[undo]),
        partial(otto.press, his, NAME, "decline", reason="Not them."),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert world.names() == []
    assert len(world.trail("decision came too late")) == 1
    assert len([*world.trail("decision undone"), *world.trail("declined")]) == 1


def test_a_decision_leads_back_to_the_page_it_was_made_on(world: World) -> None:
    for who in (AURORA, BOREAS, DARIA):
        world.verified(who)
    desk = world.desk()
    queue = f"/desk/letters/{world.slug}/endorsements?status=verified&order=newest&q=o"
    page = desk.browser.get(queue).text
    answer = desk.press(page, NAME, "approval")
    assert answer.headers["location"].startswith(f"{queue}&done=")
    forged = desk.press(page, "Daria Orlova", "approval", back="status=//evil.example&x=y")
    assert forged.headers["location"].startswith(
        f"/desk/letters/{world.slug}/endorsements?status=verified&done="
    )


def test_who_hides_the_name_meanwhile_is_not_told_that_it_is_listed(world: World) -> None:
    world.verified(AURORA)
    manage = world.link(AURORA["email"], "/manage/")
    world.desk().decide(world.slug, NAME, "approval")
    submit(world.client, manage, f"{manage}/confidentiality")
    told = text_of(world.told(AURORA["email"])[-1])
    assert "It is confidential" in told
    assert "now listed" not in told
