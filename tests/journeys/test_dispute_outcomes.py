"""Whoever disputes a line hears what became of it, and nothing that the list doesn't show."""

from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.mailing.outbox import OutboxMail
from app.mailing.suppressions import Suppression
from tests.journeys.test_disputes import CHAIR, NAME, STRANGER, ask, dispute, keep
from tests.world import AURORA, Forms, World, later, text_of

STAYS = "The line stays on the list: Free the press of Ardal"
GONE = "The line is off the list: Free the press of Ardal"
REASON = "Anna showed us the minutes of the board."


def outcomes(world: World, address: str) -> list[EmailMessage]:
    """The mails about a decision, those included that wait for the minute of undoing."""
    with later(minutes=2):
        return [mail for mail in world.mails_to(address) if mail["subject"] in (STAYS, GONE)]


def decline(world: World, status: str = "disputed") -> str:
    answer = world.desk().decide(world.slug, NAME, "decline", status=status, reason=REASON)
    assert answer.is_redirect
    return answer.headers["location"]


def everything(mail: EmailMessage) -> str:
    html = mail.get_body(("html",))
    assert html
    return str(mail["subject"]) + text_of(mail) + html.get_content()


def test_that_it_stays(world: World) -> None:
    world.approved(AURORA)
    dispute(world, STRANGER)
    assert outcomes(world, STRANGER) == []
    assert keep(world, REASON).is_redirect
    (mail,) = outcomes(world, STRANGER)
    assert mail["subject"] == STAYS
    said = everything(mail)
    assert NAME in said
    for secret in (REASON, AURORA["name"], AURORA["email"], "/manage/", "/desk/"):
        assert secret not in said


def test_that_it_is_gone_once_the_decision_can_not_be_taken_back(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    decline(world)
    assert [mail for mail in world.mails_to(CHAIR) if mail["subject"] == GONE] == []
    (mail,) = outcomes(world, CHAIR)
    said = everything(mail)
    for secret in (REASON, NAME, AURORA["name"], AURORA["email"]):
        assert secret not in said


def test_a_decision_that_is_taken_back_is_not_told(world: World) -> None:
    world.approved(AURORA)
    dispute(world, CHAIR)
    desk = world.desk().browser
    page = desk.get(decline(world)).text
    path, form = next(one for one in Forms(page).forms.items() if one[0].endswith("/undo"))
    assert desk.post(path, data=form).is_redirect
    assert outcomes(world, CHAIR) == []
    assert keep(world, REASON).is_redirect
    assert [mail["subject"] for mail in outcomes(world, CHAIR)] == [STAYS]


def test_each_outcome_is_told_once(world: World) -> None:
    """Also where somebody disputes twice before anybody decides."""
    world.approved(AURORA)
    dispute(world, STRANGER)
    dispute(world, STRANGER)
    keep(world, REASON)
    assert len(outcomes(world, STRANGER)) == 1


def test_who_has_not_proven_their_mailbox_hears_nothing(world: World) -> None:
    world.approved(AURORA)
    ask(world, STRANGER)
    dispute(world, CHAIR)
    decline(world)
    assert outcomes(world, STRANGER) == []
    assert len(outcomes(world, CHAIR)) == 1


def test_who_wants_no_more_mail_gets_none(world: World) -> None:
    world.approved(AURORA)
    dispute(world, STRANGER)
    # A second one, refused from the same mailbox, stops all mail about the letter.
    ask(world, STRANGER)
    world.client.post(world.link(STRANGER, "/dispute/") + "/refusal")
    with world.database.read() as db:
        assert db.scalars(select(Suppression)).one()
    keep(world, REASON)
    assert outcomes(world, STRANGER) == []


def test_of_a_line_gone_confidential_nothing_is_said(world: World) -> None:
    """As of one that was withdrawn: the mail would tell the one from the other."""
    world.approved(AURORA)
    dispute(world, STRANGER)
    world.client.post(world.link(AURORA["email"], "/manage/") + "/confidentiality")
    decline(world, "approved")
    assert outcomes(world, STRANGER) == []


def test_of_a_line_that_was_withdrawn_nothing_is_said_either(world: World) -> None:
    world.approved(AURORA)
    dispute(world, STRANGER)
    world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")
    assert outcomes(world, STRANGER) == []


def test_it_is_told_in_the_language_in_which_it_was_asked(world: World) -> None:
    world.approved(AURORA)
    browser, world.client = world.client, world.browser(headers={"accept-language": "ar"})
    dispute(world, STRANGER)
    world.client = browser
    keep(world, REASON)
    mail = world.mails_to(STRANGER)[-1]
    html = mail.get_body(("html",))
    assert html
    assert '<html lang="ar" dir="rtl">' in html.get_content()


def test_nothing_of_it_outlives_the_letters_personal_data(world: World) -> None:
    world.letter("retention_days: 30\n")
    world.approved(AURORA)
    dispute(world, STRANGER)
    keep(world, REASON)
    assert len(outcomes(world, STRANGER)) == 1
    world.desk().move(world.slug, "closing")
    with later(days=31):
        world.keep_house()
        with world.database.read() as db:
            about = select(OutboxMail).where(OutboxMail.mail == "dispute_decided")
            assert list(db.scalars(about)) == []


@pytest.mark.parametrize("step", ["withdrawal", "confidentiality"])
def test_what_waits_to_be_told_of_a_line_does_not_leave_once_it_is_not_public(
    world: World, step: str
) -> None:
    world.approved(AURORA)
    dispute(world, STRANGER)
    link = world.link(AURORA["email"], "/manage/")
    assert keep(world, REASON).is_redirect
    world.client.post(f"{link}/{step}")
    assert outcomes(world, STRANGER) == []
