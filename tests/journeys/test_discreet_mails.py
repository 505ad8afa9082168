"""What a locked screen, or whoever looks over a shoulder, sees of mails to confidential signers:
neither the letter nor that anything was signed. The mails themselves say all of it."""

import re
from email.message import EmailMessage
from html import unescape

from tests.journeys.test_disputes import dispute
from tests.journeys.test_messages import drafted, leave, send
from tests.journeys.test_questions import QUESTION, ask
from tests.journeys.test_reported import report
from tests.world import AURORA, BOREAS, DARIA, EMIL, World, later, submit, text_of

TITLE = "Free the press of Ardal"
NEWS = "News about an open letter"
NOT_SHOWN = "the name appears in no public list or document."
# No program shows more of a text part before it is opened.
SHOWN = 512


def shown(mail: EmailMessage) -> str:
    """What programs show before a mail is opened: from the text as from the HTML part."""
    html = mail.get_body(("html",))
    assert html
    hidden = re.search(r'<div class="before"[^>]*>(.*?)</div>', html.get_content(), re.DOTALL)
    assert hidden
    begun = re.sub("[ \r\n]+", " ", text_of(mail))[:SHOWN]
    return "\n".join((mail["subject"], begun, unescape(hidden[1])))


def assert_discreet(mail: EmailMessage, who: dict[str, str]) -> None:
    said = shown(mail)
    for word in (TITLE, "sign", "confidential", who["name"], who.get("organisation", TITLE)):
        assert word.lower() not in said.lower(), said
    # Nothing of what follows comes into view behind the hidden words.
    hidden = said.split("\n", 2)[2]
    assert len("".join(re.split("[ \r\n]", hidden))) > SHOWN
    assert TITLE in text_of(mail)


def test_no_mail_to_a_confidential_signer_shows_it_before_it_is_opened(world: World) -> None:
    world.verified(DARIA, visibility="confidential")
    world.sign(DARIA, visibility="confidential")
    assert ask(world, DARIA["name"], QUESTION) == 303
    world.desk().decide(world.slug, DARIA["name"], "approval")
    send(world, drafted(world))
    leave(world)
    with later(minutes=2):
        world.client.post(world.link(DARIA["email"], "/manage/") + "/withdrawal")
        mails = world.mails_to(DARIA["email"])
    assert [mail["subject"] for mail in mails] == [
        "Review and confirm",
        NEWS,  # confirmed
        NEWS,  # already signed
        "A question about an open letter",
        NEWS,  # the organisers' message
        NEWS,  # approved
        NEWS,  # withdrawn
    ]
    for mail in mails:
        assert_discreet(mail, DARIA)
    told = [text_of(mail) for mail in mails]
    for n in (0, 1, 2, 3, 5):
        assert NOT_SHOWN.removeprefix("the name ") in told[n]
    assert "We deliver on Monday\n\nDear friends," in told[4]
    assert "no longer stands under the letter." in told[6]


def test_mails_to_public_signers_say_which_letter_and_what_to_do(world: World) -> None:
    world.approved(AURORA)
    for mail in world.told(AURORA["email"]):
        assert TITLE in mail["subject"]
        assert "This mail is about an open letter." not in shown(mail)
        assert NOT_SHOWN not in text_of(mail)


def test_what_waits_is_discreet_once_the_name_is_hidden(world: World) -> None:
    world.verified(AURORA)
    manage = world.link(AURORA["email"], "/manage/")
    world.desk().decide(world.slug, AURORA["organisation"], "approval")
    submit(world.client, manage, f"{manage}/confidentiality")
    mail = world.told(AURORA["email"])[-1]
    assert mail["subject"] == NEWS
    assert_discreet(mail, AURORA)
    assert NOT_SHOWN in text_of(mail)


def test_who_was_reported_as_confidential_is_asked_discreetly(world: World) -> None:
    assert report(world, DARIA, visibility="confidential").status_code == 303
    (mail,) = world.mails_to(DARIA["email"])
    assert mail["subject"] == "Confirm, correct or refuse"
    assert_discreet(mail, DARIA)


def test_a_third_person_s_mail_does_not_tell_of_the_first_two(world: World) -> None:
    for who in (DARIA, {**EMIL, "email": DARIA["email"]}):
        world.verified(who, visibility="confidential")
    world.sign(BOREAS, kind="individual", organisation="", email=DARIA["email"])
    mail = world.mails_to(DARIA["email"])[-1]
    assert "for a third person" in text_of(mail)
    assert mail["subject"] == NEWS
    assert_discreet(mail, DARIA)


def test_somebody_else_s_mail_is_not_discreet_for_it(world: World) -> None:
    """Whoever disputes a line has signed nothing; the line is public."""
    world.approved(AURORA)
    dispute(world, "chair@aurora.example")
    (mail,) = world.mails_to("chair@aurora.example")
    assert TITLE in mail["subject"]
