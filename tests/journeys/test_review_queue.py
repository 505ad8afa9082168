"""The queue: its order, its filters, its evidence, and how little it asks of the database."""

import re
from html import unescape

import pytest
from sqlalchemy import update

from app.endorsement.endorsements import Endorsement
from app.invitation.invitations import Invitation
from app.letter import letters
from app.name.names import fold
from app.organiser import organisers
from app.trail.audit import OPERATOR
from tests.journeys.test_questions import ask
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, OTTO, World

NAME = "Aurora Media Watch"


def names_of(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r"<h3><bdi>(.+?)</bdi>", page)]


def queue(world: World, **query: str) -> str:
    answer = world.desk().browser.get(f"/desk/letters/{world.slug}/endorsements", params=query)
    assert answer.status_code == 200
    return answer.text


def walked(world: World, **query: str) -> list[str]:
    """The names on all pages of the queue."""
    desk, seen = world.desk(), []
    path = f"/desk/letters/{world.slug}/endorsements"
    answer = desk.browser.get(path, params=query)
    while True:
        seen += names_of(answer.text)
        following = re.search(r'rel="next" href="([^"]+)"', answer.text)
        if not following:
            return seen
        answer = desk.browser.get(unescape(following[1]))


def evidence(page: str, name: str) -> list[tuple[str, str]]:
    entry = next(
        e
        for e in re.split(r'<li class="entry"', page)[1:]
        if f"<h3><bdi>{name}</bdi>" in unescape(e)
    )
    return re.findall(r'<li class="chip (\w+)">(.+?)</li>', unescape(entry))


def test_the_newest_may_come_first_too(world: World) -> None:
    for who in (AURORA, BOREAS, DARIA):
        world.verified(who)
    assert names_of(queue(world)) == [NAME, "Boreas Legal Aid", "Daria Orlova"]
    assert names_of(queue(world, order="newest")) == ["Daria Orlova", "Boreas Legal Aid", NAME]


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_no_page_leaves_one_out(world: World, order: str) -> None:
    world.approved(AURORA)
    world.crowd(120)
    seen = walked(world, status="approved", order=order)
    assert len(seen) == len(set(seen)) == 121
    ascending = ["Aurora Media Watch", *(f"Member {n:04}" for n in range(120))]
    assert seen == (ascending if order == "oldest" else ascending[::-1])


def test_the_queue_shows_who_needs_proof_alone(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS, email="boreas@gmail.com")
    world.verified(CIRRUS, email="k@mailinator.com")
    world.verified(DARIA, email="daria@gmail.com")
    assert names_of(queue(world, only="proof")) == ["Boreas Legal Aid", "Cirrus Foundation"]
    assert "None here needs other proof" in queue(world, only="proof", status="declined")


def test_the_queue_shows_duplicates_alone(world: World) -> None:
    world.approved(AURORA)
    world.verified(AURORA, organisation="AURORA MEDIA WATCH", email="other@aurora.example")
    world.verified(BOREAS, website="https://www.aurora.example/en", email="x@aurora.example")
    world.verified(CIRRUS)
    assert names_of(queue(world, only="duplicates")) == ["AURORA MEDIA WATCH", "Boreas Legal Aid"]
    told = [sentence for _tone, sentence in evidence(queue(world), "AURORA MEDIA WATCH")]
    assert any(
        one.startswith(f"Perhaps a duplicate: “{NAME}” signed before (approved). Likeness: ")
        and "The names are equal but for case" in one
        for one in told
    )


def test_the_queue_shows_those_alone_against_whom_nothing_speaks(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS, email="boreas@gmail.com")
    world.verified(CIRRUS)
    world.verified(CIRRUS, organisation="CIRRUS FOUNDATION", email="other@cirrus.example")
    world.verified(DARIA)
    assert names_of(queue(world, only="unopposed")) == ["Aurora Media Watch", "Daria Orlova"]
    # Who hasn't answered a question yet is not decided about in passing.
    assert ask(world, "Daria Orlova", "Who are you?") == 303
    assert names_of(queue(world, only="unopposed")) == ["Aurora Media Watch"]
    assert "Something speaks against each" in queue(world, only="unopposed", status="declined")


def test_a_filter_finds_the_few_among_many(world: World) -> None:
    world.verified(BOREAS, email="boreas@gmail.com")
    world.approved(AURORA)
    world.crowd(900)
    world.verified(CIRRUS, email="cirrus@gmail.com")
    with world.database.write() as db:
        db.execute(update(Endorsement).values(status="approved"))
    few = ["Boreas Legal Aid", "Cirrus Foundation"]
    assert walked(world, status="approved", only="proof") == few


def test_what_was_decided_on_other_letters_is_told(world: World) -> None:
    world.verified(AURORA)
    world.approved(BOREAS)
    world.desk().decide(world.slug, NAME, "decline", reason="Not their board's wish.")
    world.another_letter()
    world.verified(AURORA, organisation="Aurora Media WATCH", email="new@aurora.example")
    world.verified(BOREAS, organisation="Boreas e. V.")
    world.verified({**DARIA, "name": "Bruno Falk"})
    page = queue(world)
    today = r"on \d+ \w+ \d{4}"
    (declined,) = [told for told in evidence(page, "Aurora Media WATCH") if "Declined" in told[1]]
    assert declined[0] == "warn"
    assert re.fullmatch(
        rf"Declined for “Free the press of Ardal” {today} because: Not their board's wish.",
        declined[1],
    )
    (approved,) = [told for told in evidence(page, "Boreas e. V.") if "Approved" in told[1]]
    assert approved[0] == "good"
    assert re.fullmatch(rf"Approved for “Free the press of Ardal” {today}.", approved[1])
    # People may have one name: only the same mailbox says it is the same person.
    assert evidence(page, "Bruno Falk") == []


def test_the_address_book_knows_regulars(world: World) -> None:
    world.approved(AURORA)
    assert "In the address book" not in queue(world, status="approved")  # it came of this one
    world.another_letter()
    world.verified(AURORA, email="new@aurora.example")
    world.verified(AURORA, email="aurora@other.example", role="Chair")
    page = queue(world)
    known, other = re.split(r'<li class="entry"', page)[1:]
    assert "the address is at a domain known to be theirs." in known
    assert "but known there with aurora.example." in other


def test_letters_one_may_not_see_tell_nothing(world: World) -> None:
    world.approved(AURORA)
    slug = world.another_letter()
    with world.database.write() as db:
        letter = letters.by_slug(db, slug)
        organisers.give_role(db, organisers.add(db, OTTO), letter, "reviewer", by=OPERATOR)
    world.verified(AURORA)
    assert "Approved for" in world.desk().queue(slug)
    assert "Approved for" not in world.desk(OTTO).queue(slug)


def test_an_answered_invitation_speaks_for_the_signer(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS)
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        one = Invitation(
            letter_id=letter.id,
            organisation=NAME,
            folded=fold(NAME),
            address=db.keys.seal(AURORA["email"]),
            mailbox=db.keys.index(AURORA["email"]),
            created_at=db.now,
        )
        db.add(one)
        db.flush()
        db.execute(update(Endorsement).values(invitation_id=one.id))
    page = queue(world)
    assert ("good", "It answers the invitation sent to this address.") in evidence(page, NAME)
    told = evidence(page, "Boreas Legal Aid")
    assert any("was sent to another address, a…@aurora.example" in text for _tone, text in told)


@pytest.mark.parametrize("only", ["", "proof", "duplicates", "question"])
def test_a_page_asks_little_of_the_database(world: World, only: str) -> None:
    slug = world.slug
    world.approved(AURORA)
    world.crowd(1_000)
    world.another_letter()
    world.approved(AURORA)
    world.slug = slug
    with world.database.write() as db:
        db.execute(update(Endorsement).values(status="verified"))
    browser = world.desk().browser
    with world.statements(reading=True) as heard:
        answer = browser.get(f"/desk/letters/{world.slug}/endorsements?only={only}")
    assert answer.status_code == 200
    assert 5 < len(heard) < 40
    if only == "":
        # All are at one website: of a thousand that signed before, three are named.
        assert len(names_of(answer.text)) == 50
        assert answer.text.count("Perhaps a duplicate") < 200
