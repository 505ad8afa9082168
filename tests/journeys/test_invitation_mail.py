"""What invitees read: who asks them, why, by when, and how to say no."""

import re
from email.message import EmailMessage

from sqlalchemy import update

from app.invitation.invitations import Invitation
from tests.journeys.test_invitations import LISTED, PATH, VERA, page, said
from tests.world import OLGA, OTTO, AllForms, Desk, World, later, submit, text_of

EVA = "eva@elm.example"
LEADS = """
letterhead:
  - name: "Press Union of Ardal"
  - name: "See https://evil.example"
  - name: "Radio Trust"
deadline: 2031-06-12T17:00:00+02:00
"""


def named(world: World, name: str, email: str = OLGA) -> Desk:
    desk = world.desk(email)
    answer = submit(desk.browser, "/desk/account", "/desk/account/name", name=name)
    assert answer.status_code == 303
    return desk


def html_of(mail: EmailMessage) -> str:
    """Without the marks that names stand in."""
    body = mail.get_body(("html",))
    assert body is not None
    return re.sub("</?bdi>", "", body.get_content())


def sending(desk: Desk) -> dict[str, list[str]]:
    asked = desk.browser.get(f"{PATH}/sending?all=yes&status=unmailed")
    return AllForms(asked.text).forms[f"{PATH}/sending"]


def test_the_invitation_says_who_asks_why_by_when_and_how_to_say_no(world: World) -> None:
    world.letter(LEADS)
    named(world, "Olga Ness")
    world.invite(f"{LISTED}\n{EVA}")
    (mail,) = world.mails_to(VERA)
    for words in (text_of(mail), html_of(mail)):
        assert "Dear Vera Dahl," in words
        asked = (
            "Press Union of Ardal and Radio Trust invite Valley Listeners to sign an open letter."
        )
        assert asked in words
        assert "evil.example" not in words
        assert "Signing ends on Thursday, 12 June 2031, 17:00 (UTC+02:00)." in words
        assert "If you would rather not sign, say so there" in words
        assert "An answer to this mail reaches Olga Ness." in words
        assert "because Olga Ness, an organiser of the letter, has this address" in words
    assert mail["reply-to"] == OLGA
    (bare,) = world.mails_to(EVA)
    assert "Press Union of Ardal and Radio Trust invite you to sign" in text_of(bare)
    assert "Dear" not in text_of(bare)


def assigned_to(world: World, name: str) -> None:
    """Valley Listeners is taken in, and that colleague looks after it."""
    world.invite(LISTED, sends=False)
    browser = world.desk().browser
    asked = browser.get(f"{PATH}/assignment?id={world.invitation('Valley Listeners').id}")
    (owner,) = re.findall(rf'<option value="([^"]+)"[^>]*>{name}', asked.text)
    form = AllForms(asked.text).forms[f"{PATH}/assignment"]
    assert browser.post(f"{PATH}/assignment", data={**form, "owner": owner}).status_code == 303


def test_answers_reach_whoever_looks_after_the_invitation(world: World) -> None:
    world.share(OTTO, "editor")
    named(world, "Otto Lind", OTTO)
    assigned_to(world, "Otto Lind")
    olga = named(world, "Olga Ness")
    assert olga.browser.post(f"{PATH}/sending", data=sending(olga)).status_code == 303
    (mail,) = world.mails_to(VERA)
    assert mail["reply-to"] == OTTO
    assert "An answer to this mail reaches Otto Lind." in text_of(mail)


def test_nobody_who_has_left_the_letter_gets_its_answers(world: World) -> None:
    world.share(OTTO, "editor")
    named(world, "Otto Lind", OTTO)
    assigned_to(world, "Otto Lind")
    olga = named(world, "Olga Ness")
    team = olga.browser.get("/desk/letters/free-the-press/team").text
    removal = next(path for path in AllForms(team).forms if path.endswith("/removal"))
    submit(olga.browser, "/desk/letters/free-the-press/team", removal)
    assert olga.browser.post(f"{PATH}/sending", data=sending(olga)).status_code == 303
    (mail,) = world.mails_to(VERA)
    assert mail["reply-to"] == OLGA
    assert "Otto" not in text_of(mail)


def test_a_letter_without_a_word_of_its_organisers_asks_for_one(world: World) -> None:
    world.invite(LISTED, sends=False)
    desk = world.desk()
    asked = page(desk, "/sending?all=yes&status=unmailed")
    assert "The mail has no word from you yet." in asked
    assert "You have given no name" in asked
    form = sending(desk)
    link = {"introduction": ["Dear all, see https://evil.example"]}
    refused = desk.browser.post(f"{PATH}/sending", data={**form, **link})
    assert refused.status_code == 422
    assert "Dear all, see https://evil.example" in refused.text
    assert "Send 1 invitation" in said(refused)
    assert world.mails_to(VERA) == []

    again = AllForms(refused.text).forms[f"{PATH}/sending"]
    words = {"introduction": ["Dear all, the hearing is on Monday.\nOlga"]}
    assert desk.browser.post(f"{PATH}/sending", data={**again, **words}).status_code == 303
    (mail,) = world.mails_to(VERA)
    assert "> Dear all, the hearing is on Monday.\n> Olga\n" in text_of(mail)
    world.invite(f"Elm Watch; {EVA}", sends=False)
    named(world, "Olga Ness")
    asked = page(desk, "/sending?all=yes&status=unmailed")
    assert "The mail has no word from you yet." not in asked
    assert "You have given no name" not in asked


def test_the_preview_shows_where_answers_go(world: World) -> None:
    named(world, "Olga Ness")
    shown = page(world.desk(), "/introduction")
    assert f"Answers to {OLGA}" in shown
    assert "Lead Organisation invites Name of the organisation to sign an open letter." in shown


def test_a_reminder_sent_by_hand_is_answered_to_who_sent_it(world: World) -> None:
    olga = named(world, "Olga Ness")
    world.invite("\n".join(f"Elm {n}; a{n}@elm{n}.example" for n in range(6)))
    with world.database.write() as db:
        db.execute(update(Invitation).values(owner_id=None))
    with later(days=3), world.statements() as heard:
        olga = world.desk()
        form = AllForms(olga.browser.get(f"{PATH}/reminder?all=yes&status=invited").text).forms
        sent = olga.browser.post(f"{PATH}/reminder", data=form[f"{PATH}/reminder"])
        assert sent.status_code == 303
        assert sum("JOIN role" in one for one in heard) < 6
        reminder = world.mails_to("a0@elm0.example")[-1]
    assert reminder["reply-to"] == OLGA
