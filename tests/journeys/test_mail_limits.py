"""How much mail strangers can cause, and what may stand in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import update
from sqlmodel import col

from app import throttle
from app.throttle import Allowance, Spending
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, LETTER, OLGA, World, later, submit, text_of

INBOX = "/check-your-inbox"


@contextmanager
def mid_window() -> Iterator[None]:
    """The clock stands far from the borders of hours and minutes, at which windows begin."""
    now = datetime.now(UTC) + timedelta(hours=1)
    with time_machine.travel(now.replace(minute=30, second=20), tick=False):
        yield


def use_up(world: World, allowance: Allowance, whose: str, *, but: int = 0) -> None:
    """As if others had used the allowance, all of it but so much."""
    with world.database.write() as db:
        throttle.spend(db, allowance, whose)
        db.execute(
            update(Spending)
            .where(col(Spending.key).startswith(f"{allowance.name}:"))
            .values(spent=allowance.limit - but)
        )


def held(world: World) -> int:
    """How many sign-ons the organisers are shown as held back."""
    return world.desk().queue(world.slug, "pending").count("Mail held back")


def test_a_mailbox_gets_three_mails_a_day_over_all_letters(world: World) -> None:
    spellings = ["anna@aurora.example", "Anna+one@Aurora.example", "ANNA+two@aurora.example"]
    for number, email in enumerate(spellings):
        if number == 2:
            world.another_letter()
        assert world.sign(AURORA, organisation=f"Number {number}", email=email).status_code == 303
    assert sum(len(world.mails_to(email)) for email in spellings) == 3
    # The fourth looks the same to whoever sends it, is kept and shown, and sends nothing.
    answers = [world.sign(BOREAS, email=email) for email in (spellings[1], BOREAS["email"])]
    assert answers[0].status_code == answers[1].status_code == 303
    assert answers[0].headers == answers[1].headers
    assert answers[0].headers["location"] == world.path + INBOX
    assert sum(len(world.mails_to(email)) for email in spellings) == 3
    assert len(world.mails_to(BOREAS["email"])) == 1
    assert held(world) == 1
    desk = world.desk()
    endorsements = desk.ids(world.slug)
    page = desk.queue(world.slug, "pending")
    for endorsement in endorsements:
        approval = f"/desk/letters/{world.slug}/endorsements/{endorsement}/approval"
        assert desk.post(approval, page).status_code == 409
    # A day later there is mail again: signing once more is enough.
    with later(hours=24, minutes=1):
        world.sign(BOREAS, email=spellings[0])
        assert sum(len(world.mails_to(email)) for email in spellings) == 4


def test_the_same_sign_on_four_times_sends_three_mails(world: World) -> None:
    for _time in range(4):
        world.sign(AURORA)
    assert len(world.mails_to(AURORA["email"])) == 3
    # Its mails have left: nothing of it is held back.
    assert held(world) == 0
    assert world.confirm(AURORA).status_code == 200


def test_a_mailbox_that_proved_itself_may_get_more(world: World) -> None:
    world.verified(AURORA)
    for number in range(12):
        world.sign(AURORA, organisation=f"Number {number}")
    confirmations = [
        mail
        for mail in world.mails_to(AURORA["email"])
        if mail["subject"].startswith("Review and confirm")
    ]
    assert len(confirmations) == throttle.KNOWN_MAILBOX.limit
    assert held(world) == 3


@pytest.mark.parametrize(
    ("allowance", "whose"),
    [
        (throttle.MAIL_DOMAIN, "aurora.example"),
        (throttle.NETWORK, "203.0.113.0/24"),
        (throttle.EVERYTHING, ""),
    ],
)
def test_an_allowance_that_is_used_up_holds_the_mail_back(
    world: World, allowance: Allowance, whose: str
) -> None:
    with mid_window():
        use_up(world, allowance, whose)
        visitor = world.browser("203.0.113.99")
        answer = world.sign(AURORA, browser=visitor)
        assert answer.headers["location"] == world.path + INBOX
        assert world.mails_to(AURORA["email"]) == []
        assert held(world) == 1
        # Others are not affected, unless it is everybody's.
        world.sign(BOREAS, browser=world.browser("198.51.100.7"))
        expected = 0 if allowance is throttle.EVERYTHING else 1
        assert len(world.mails_to(BOREAS["email"])) == expected
        assert world.client.get(world.path).status_code == 200
    with later(hours=2):
        world.sign(AURORA, browser=visitor)
        assert len(world.mails_to(AURORA["email"])) == 1


def test_the_network_is_the_visitors_own(world: World) -> None:
    cases = [
        ("203.0.113.9", "", "", True),
        ("203.0.114.9", "", "", False),
        # A proxy we trust tells where the visitor comes from; what a visitor says counts nothing.
        ("127.0.0.1", "203.0.113.9", "127.0.0.1", True),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "127.0.0.1", True),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "127.0.0.1", False),
        ("127.0.0.1", "203.0.113.9, 10.0.0.2", "127.0.0.1,10.0.0.0/8", True),
        ("203.0.113.9", "198.51.100.1", "127.0.0.1", True),
        ("198.51.100.1", "203.0.113.9", "127.0.0.1", False),
        ("127.0.0.1", "203.0.113.9", "", False),
        ("::ffff:203.0.113.9", "", "", True),
        ("127.0.0.1", "nonsense", "127.0.0.1", False),
    ]
    with mid_window():
        use_up(world, throttle.NETWORK, "203.0.113.0/24")
        for number, (peer, forwarded, trusted, is_limited) in enumerate(cases):
            email = f"office{number}@aurora.example"
            headers = {"x-forwarded-for": forwarded} if forwarded else {}
            with world.elsewhere(trusted_proxies=trusted) as site:
                site.sign(AURORA, browser=site.browser(peer, headers=headers), email=email)
                mails = site.mails_to(email)
                assert len(mails) == (0 if is_limited else 1), (peer, forwarded, trusted)


def test_ipv6_networks_are_counted_as_a_whole(world: World) -> None:
    with mid_window():
        use_up(world, throttle.NETWORK, "2001:db8:1::/48")
        world.sign(AURORA, browser=world.browser("2001:db8:1:ffff::9"))
        world.sign(BOREAS, browser=world.browser("2001:db8:2::9"))
        assert world.mails_to(AURORA["email"]) == []
        assert len(world.mails_to(BOREAS["email"])) == 1


def test_what_an_allowance_still_has_is_given(world: World) -> None:
    with mid_window():
        use_up(world, throttle.NETWORK, "203.0.113.0/24", but=1)
        visitor = world.browser("203.0.113.99")
        for who in (AURORA, BOREAS):
            world.sign(who, browser=visitor)
        assert len(world.mails_to(AURORA["email"])) == 1
        assert world.mails_to(BOREAS["email"]) == []


def test_sign_in_links_have_an_allowance_of_their_own(world: World) -> None:
    with mid_window():
        for number in range(4):
            world.sign(AURORA, organisation=f"Number {number}", email=OLGA)
        pages = {
            submit(world.client, "/desk/sign-in", "/desk/sign-in", email=OLGA).text
            for _time in range(8)
        }
        assert len(pages) == 1
        subjects = [mail["subject"] for mail in world.mails_to(OLGA)]
    assert subjects.count("Your sign-in link") == throttle.SIGN_IN_FROM_NETWORK.limit
    assert len(subjects) - subjects.count("Your sign-in link") == 3


def test_mail_to_an_unproven_address_says_nothing_of_a_strangers_choosing(world: World) -> None:
    """Beyond a name without links: our mails must not carry somebody's message."""
    world.sign(
        AURORA,
        name="Anna Berg",
        role="CLICK THE LINK BELOW TO WIN",
        website="https://evil.example/phish",
    )
    (mail,) = world.mails_to(AURORA["email"])
    html = mail.get_body(("html",))
    assert html is not None
    for body in (text_of(mail), html.get_content()):
        assert "Aurora Media Watch" in body
        assert "Anna Berg" in body
        for fact in ("CLICK", "evil.example", "Norway"):
            assert fact not in body
    assert mail["From"] == world.settings.mail_from
    assert "Reply-To" not in mail


def test_mail_names_no_letter_that_is_not_public(world: World) -> None:
    world.letter(text=LETTER.replace("free-the-press", "a-draft"), opens=False)
    assert world.sign(AURORA).status_code == 404
    assert world.rows()["outbox"] == []


def test_an_address_is_one_address_and_nothing_else(world: World) -> None:
    for email in (
        "anna@aurora.example\r\nBcc: all@evil.example",
        "anna@aurora.example\nSubject: You won",
        "anna@aurora.example,all@evil.example",
        "anna@aurora.example; all@evil.example",
        "anna@aurora.example all@evil.example",
        "Anna <anna@aurora.example>",
        '"anna@evil.example "@aurora.example',
        "anna@aurora.example\u2028",
        "anna@[127.0.0.1]",
        "anna@localhost.invalid",
        "@aurora.example",
        "anna",
        "ann\u200ba@aurora.example",
        "änna@aurora.example",
        "a" * 70 + "@aurora.example",
    ):
        answer = world.sign(AURORA, email=email)
        assert answer.status_code == 422, email
        assert 'id="email-error"' in answer.text
    assert world.rows()["outbox"] == []
    # NUL can't be typed, and is left out.
    assert world.sign(AURORA, email="anna@aurora.example\x00").status_code == 303
    assert len(world.mails_to(AURORA["email"])) == 1


def test_mails_keep_their_headers_whatever_a_title_or_a_name_holds(world: World) -> None:
    title = "Ärdal – “free” the press: " + "ein sehr langer Titel, " * 12 + "Bcc: x at evil.example"
    text = LETTER.replace("Free the press of Ardal", title.replace('"', "'"))
    world.letter(text=text)
    names = ["Bcc: x@evil.example".replace("@", " at "), "=?utf-8?q?Bcc=3A?=", "Ω" * 200]
    for number, name in enumerate(names):
        world.sign(AURORA, organisation=name, email=f"a{number}@aurora.example")
    world.sign(DARIA)
    world.verified(CIRRUS)
    world.deliver()
    assert len(world.sink.mails) == 6
    for received in world.sink.mails:
        assert len(received.recipients) == 1
        message = received.message
        assert sorted(name.lower() for name in message.keys()) == sorted(  # noqa: SIM118
            {
                "auto-submitted",
                "content-type",
                "date",
                "from",
                "message-id",
                "mime-version",
                "subject",
                "to",
                "x-auto-response-suppress",
            }
        )
        assert message["To"] == received.recipients[0]
        assert message["From"] == world.settings.mail_from
        assert title[:30] in message["Subject"]
        assert len(message["Subject"]) <= 72
        assert all(len(line) <= 998 for line in received.raw.split(b"\r\n"))
        assert message.get_content_type() == "multipart/alternative" or message.is_multipart()
