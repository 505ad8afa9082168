"""Two signatures by one signer: proposed, merged into one line with both histories, and undone."""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.duplicate import doubles, name_pairs
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.organisation import book_entries, entry_merges
from app.organisation.organisations import Organisation
from app.signatory.signatories import WITHHELD_STEP
from app.trail import audit
from tests.world import (
    AURORA,
    BOREAS,
    DARIA,
    EMIL,
    OTTO,
    Desk,
    Forms,
    World,
    at_once,
    later,
    meanwhile,
    text_of,
)

JURISTS = {**AURORA, "organisation": "The International Commission of Jurists (ICJ)"}
SHORT = {
    **BOREAS,
    "organisation": "Intl. Commission of Jurists",
    "website": "",
    "email": "bruno@office.example",
}
GHANA = {**BOREAS, "organisation": "ActionAid Ghana", "website": "https://actionaid.example/ghana"}
UK = {
    **AURORA,
    "organisation": "ActionAid UK",
    "website": "https://actionaid.example/uk",
    "email": "ama@actionaid.example",
}


def duplicates(world: World, desk: Desk | None = None, show: str = "") -> str:
    desk = desk or world.desk()
    answer = desk.browser.get(f"/desk/letters/{world.slug}/duplicates?show={show}")
    assert answer.status_code == 200, answer.text
    return answer.text


def pairs(page: str) -> list[tuple[str, ...]]:
    """The names of each pair, in the order of the page."""
    cards = page.split('<li class="card double"')[1:]
    return [tuple(map(unescape, re.findall(r"<h3><bdi>(.*?)</bdi>", card))) for card in cards]


def keep(page: str, name: str) -> str:
    """The address of the form that keeps that line."""
    found = re.search(
        r'action="([^"]+/merge)"(?:(?!</form>).)*Merge, and keep the line '
        + re.escape(name.replace("&", "&amp;"))
        + '"',
        page,
        re.DOTALL,
    )
    assert found, f"no form keeps {name}"
    return found.group(1)


def press(desk: Desk, page: str, action: str) -> int:
    """Presses the only button of that action."""
    (address,) = [path for path in Forms(page).forms if path.endswith(action)]
    return desk.browser.post(address, data=Forms(page).forms[address]).status_code


def merge(world: World, keeping: str, desk: Desk | None = None) -> int:
    desk = desk or world.desk()
    page = duplicates(world, desk)
    address = keep(page, keeping)
    return desk.browser.post(address, data=Forms(page).forms[address]).status_code


def undo(world: World) -> int:
    desk = world.desk()
    return press(desk, duplicates(world, desk, "merged"), "/separation")


def actions(world: World, *wanted: str) -> list[str]:
    return [entry.action for entry in world.trail() if entry.action in wanted]


def test_a_shorter_name_is_proposed_merged_with_both_histories_and_undone(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    assert world.count()["total"] == 2
    page = duplicates(world)
    assert pairs(page) == [(JURISTS["organisation"], SHORT["organisation"])]
    assert "equal but for legal form, articles, an acronym or word order" in page

    assert merge(world, JURISTS["organisation"]) == 303
    assert world.names() == [JURISTS["organisation"]]
    assert pairs(duplicates(world)) == []
    assert SHORT["organisation"] not in world.desk().queue(world.slug, "approved")
    merged, taken_in = world.trail("merged")[0], world.trail("merge taken in")[0]
    histories = {
        entry.subject_id: [
            one.action for one in world.trail() if one.subject_id == entry.subject_id
        ]
        for entry in (merged, taken_in)
    }
    assert [history[:3] for history in histories.values()] == [
        ["signed", "verified", "approved"]
    ] * 2
    with later(minutes=11):
        mail = text_of(world.mails_to(SHORT["email"])[-1])
    assert "the list shows one line for both" in mail
    assert JURISTS["organisation"] in mail
    assert "/manage/" in mail

    assert undo(world) == 303
    assert sorted(world.names()) == sorted([JURISTS["organisation"], SHORT["organisation"]])
    assert pairs(duplicates(world)) == [(JURISTS["organisation"], SHORT["organisation"])]
    assert actions(world, "unmerged", "merge let go") == ["unmerged", "merge let go"]
    with later(minutes=22):
        assert "stands on its own again" in text_of(world.mails_to(SHORT["email"])[-1])


PUBLIC = (
    "",
    "/signatories",
    "/signatories.json",
    "/signatories.csv",
    "/signatories.atom",
    "/embed",
    "/letter.html",
)


def test_the_merged_one_is_in_no_public_output_and_back_in_all_once_undone(world: World) -> None:
    world.letter("public_proof: true")
    world.approved(JURISTS)
    world.approved(SHORT)

    def naming() -> list[str]:
        answers = {end: world.client.get(world.path + end) for end in PUBLIC}
        assert {answer.status_code for answer in answers.values()} == {200}
        assert all("The International Commission" in one.text for one in answers.values())
        return [end for end, answer in answers.items() if SHORT["organisation"] in answer.text]

    before = world.names()
    assert naming() == list(PUBLIC)
    merge(world, JURISTS["organisation"])
    assert naming() == []
    undo(world)
    assert naming() == list(PUBLIC)
    assert world.names() == before


def test_a_merge_undone_at_once_sends_no_mail(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    before = len(world.told(SHORT["email"]))
    merge(world, JURISTS["organisation"])
    undo(world)
    with later(minutes=30):
        assert len(world.mails_to(SHORT["email"])) == before


def test_two_people_of_one_organisation_are_proposed_and_the_second_merged(world: World) -> None:
    world.approved(AURORA)
    world.verified(AURORA, name="Second Person", email="second@aurora.example")
    page = duplicates(world)
    assert pairs(page) == [("Aurora Media Watch", "Aurora Media Watch")]
    assert "Both have their website at aurora.example." in page
    # The one that waits can't be the line: the list would lose it until it is approved.
    assert page.count("Merge, and keep the line") == 1
    merge(world, "Aurora Media Watch")
    assert "Nothing waits for review" in world.desk().queue(world.slug)
    assert world.count()["total"] == 1


def test_members_of_a_family_are_not_proposed_above_a_real_duplicate(world: World) -> None:
    world.approved(GHANA)
    world.approved(UK)
    world.approved(JURISTS, website="", email="j@jurists.example")
    world.approved(SHORT)
    found = pairs(duplicates(world))
    assert found[0] == (JURISTS["organisation"], SHORT["organisation"])
    # Only the website they share brings them up at all, last and with a word of caution.
    assert found[1:] == [("ActionAid Ghana", "ActionAid UK")]
    assert "perhaps two members of a family" in duplicates(world)
    assert world.count()["total"] == 4


def test_with_websites_of_their_own_a_family_is_not_proposed_at_all(world: World) -> None:
    world.approved(GHANA, website="https://actionaid-ghana.example")
    world.approved(UK)
    assert pairs(duplicates(world)) == []
    assert "No two signatures look like one signer" in unescape(duplicates(world))


def test_not_the_same_is_remembered_until_it_is_taken_back(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    desk = world.desk()
    assert press(desk, duplicates(world, desk), "/distinction") == 303
    assert pairs(duplicates(world)) == []
    assert len(pairs(duplicates(world, show="apart"))) == 1
    assert press(desk, duplicates(world, desk, "apart"), "/distinction/removal") == 303
    assert len(pairs(duplicates(world))) == 1
    told = ["told apart"] * 2 + ["no longer told apart"] * 2
    assert actions(world, "told apart", "no longer told apart") == told
    assert world.count()["total"] == 2


def in_the_book(world: World, **fields: Any) -> None:
    """An entry of the letter's address book that an organiser wrote in."""
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        assert letter.book_id
        times = {"created_at": db.now, "changed_at": db.now}
        entry = Organisation(book_id=letter.book_id, **times, **fields)
        book_entries.keep(db, [entry])


@pytest.mark.parametrize(
    ("known", "second", "reason"),
    [
        (
            {"acronym": "NRF"},
            "NRF",
            "In the address book, NRF is the acronym of Aurora Media Watch.",
        ),
        (
            {"acronym": "N.R.F."},
            "NRF",
            "In the address book, N.R.F. is the acronym of Aurora Media Watch.",
        ),
        (
            {"names": {"nb": "Norsk redaktørforum"}},
            "Norsk Redaktørforum",
            "The address book knows both names as those of Aurora Media Watch.",
        ),
        (
            {"aliases": ["Borealis Press Fund"]},
            "Borealis Press Fund",
            "The address book knows both names as those of Aurora Media Watch.",
        ),
    ],
)
def test_what_the_address_book_knows_as_one_is_proposed(
    world: World, known: dict[str, Any], second: str, reason: str
) -> None:
    world.verified(AURORA, website="")
    world.verified(BOREAS, organisation=second, website="", country="NO")
    assert pairs(duplicates(world)) == []
    in_the_book(world, name="Aurora Media Watch", country="NO", **known)
    page = duplicates(world)
    assert pairs(page) == [("Aurora Media Watch", second)]
    assert reason in unescape(page)


def test_an_alias_of_another_country_or_of_several_entries_says_nothing(world: World) -> None:
    world.verified(AURORA, website="")
    world.verified(BOREAS, organisation="Borealis Press Fund", website="", country="GE")
    in_the_book(world, name="Aurora Media Watch", country="NO", aliases=["Borealis Press Fund"])
    assert pairs(duplicates(world)) == []
    world.verified(BOREAS, organisation="NRF", email="n@nrf.example", website="", country="NO")
    for name in ("Aurora Media Watch", "Nordic Reporters' Fund"):
        in_the_book(world, name=name, country="NO", acronym="NRF")
    assert pairs(duplicates(world)) == []


def test_two_who_stand_for_entries_that_were_merged_are_proposed(world: World) -> None:
    world.approved(AURORA, website="")
    world.approved(BOREAS, website="")
    assert pairs(duplicates(world)) == []
    with world.database.write() as db:
        entries = db.scalars(select(Organisation).order_by(col(Organisation.name))).all()
        entry_merges.merge(db, *entries, by=audit.OPERATOR)
    assert pairs(duplicates(world)) == [("Aurora Media Watch", BOREAS["organisation"])]


def test_the_merged_one_s_own_page_says_which_line_stands_for_it(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    merge(world, JURISTS["organisation"])
    own = world.client.get(world.link(SHORT["email"], "/manage/")).text
    assert "the list shows one line for both" in own
    assert f"<bdi>{JURISTS['organisation']}</bdi>" in own
    assert "it is listed with the letter" not in own
    assert "Public: the list shows" not in own
    line = world.client.get(world.link(JURISTS["email"], "/manage/")).text
    assert "it is listed with the letter" in line
    assert SHORT["organisation"] not in line


def test_withdrawing_the_merged_one_leaves_the_other(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    merge(world, JURISTS["organisation"])
    world.client.post(world.link(SHORT["email"], "/manage/") + "/withdrawal")
    assert world.names() == [JURISTS["organisation"]]
    assert pairs(duplicates(world, show="merged")) == []


def test_withdrawing_the_line_brings_the_merged_one_back(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    merge(world, JURISTS["organisation"])
    world.client.post(world.link(JURISTS["email"], "/manage/") + "/withdrawal")
    assert world.names() == [SHORT["organisation"]]
    assert actions(world, "merge ended") == ["merge ended"]


def test_declining_the_line_brings_the_merged_one_back_as_it_was(world: World) -> None:
    world.approved(JURISTS)
    world.verified(SHORT)
    merge(world, JURISTS["organisation"])
    world.desk().decide(
        world.slug, JURISTS["organisation"], "decline", status="approved", reason="Not them."
    )
    assert world.names() == []
    assert SHORT["organisation"] in world.desk().queue(world.slug)


def test_a_line_that_took_another_in_hands_it_on(world: World) -> None:
    third = {**SHORT, "organisation": "International Commission of Jurists", "email": "c@c.example"}
    for who in (JURISTS, SHORT, third):
        world.approved(who)
    merge(world, SHORT["organisation"], desk := world.desk())
    merge(world, third["organisation"], desk)
    assert world.count()["total"] == 1
    (line,) = world.names()
    assert len(pairs(duplicates(world, show="merged"))) == 2
    for who in (JURISTS, SHORT, third):
        if who["organisation"] not in (line, JURISTS["organisation"]):
            world.client.post(world.link(who["email"], "/manage/") + "/withdrawal")
    assert world.names() == [line]


def test_a_public_line_does_not_speak_for_a_confidential_signer(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT, visibility="confidential")
    desk = world.desk()
    page = duplicates(world, desk)
    assert "a public line must not speak for a confidential signer" in page
    assert "Merge, and keep" not in page
    forms = Forms(page).forms
    (apart,) = [path for path in forms if path.endswith("/distinction")]
    answer = desk.browser.post(
        apart.replace("distinction", "merge"),
        data={**forms[apart], "line": forms[apart]["other"]},
    )
    assert answer.status_code == 422
    assert "A public line must not speak for a confidential signer." in answer.text
    assert world.trail("merged") == []


def test_who_goes_confidential_stands_alone(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    merge(world, JURISTS["organisation"])
    world.client.post(world.link(JURISTS["email"], "/manage/") + "/confidentiality")
    assert world.names() == [SHORT["organisation"]]


def test_merged_confidential_signatories_count_once(world: World) -> None:
    world.letter("withheld_count: true")
    for number in range(WITHHELD_STEP):
        name = "Ada Same" if number < 2 else f"Person {number}"
        world.approved(DARIA, name=name, email=f"p{number}@x.example", visibility="confidential")
    path = f"{world.path}/signatories.json"
    assert world.client.get(path).json()["withheld"] == WITHHELD_STEP
    merge(world, "Ada Same")
    # The number is counted anew when something public changes: alone it would tell of the merge.
    world.approved(BOREAS)
    assert world.client.get(path).json().get("withheld") is None
    with later(minutes=11):
        told = [text_of(mail) for n in (0, 1) for mail in world.mails_to(f"p{n}@x.example")]
    # The other line is confidential: the mail doesn't name it.
    assert any("one line for both" in text and "The line in the list" not in text for text in told)


def test_an_organisation_and_a_person_are_never_merged(world: World) -> None:
    world.approved(AURORA)
    world.approved(BOREAS)
    world.approved(EMIL)
    desk = world.desk()
    one, _two, person = sorted(desk.ids(world.slug))
    page = duplicates(world, desk)
    answer = desk.post(f"/desk/letters/{world.slug}/endorsements/{one}/merge", page, line=person)
    assert answer.status_code == 422
    for line, code in ((one, 422), ("", 422), ("0198a1f0-0000-7000-8000-000000000000", 404)):
        answer = desk.post(f"/desk/letters/{world.slug}/endorsements/{one}/merge", page, line=line)
        assert answer.status_code == code
    assert world.trail("merged") == []


def test_of_two_who_merge_at_once_one_does(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    olga, otto = world.desk(), world.share(OTTO)
    page, other = duplicates(world, olga), duplicates(world, otto)
    first, second = keep(page, JURISTS["organisation"]), keep(other, SHORT["organisation"])
    answers = at_once(
        lambda: olga.browser.post(first, data=Forms(page).forms[first]),
        lambda: otto.browser.post(second, data=Forms(other).forms[second]),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert len(world.trail("merged")) == 1
    assert world.count()["total"] == 1


def test_who_merges_waits_for_both_lines_in_one_order(world: World) -> None:
    """So that of two who merge crosswise none holds what the other waits for."""
    world.approved(JURISTS)
    world.approved(SHORT)
    desk = world.desk()
    page = duplicates(world, desk)
    address = keep(page, JURISTS["organisation"])  # so the one that signed later goes
    first, second = (UUID(one) for one in sorted(desk.ids(world.slug)))
    free: list[UUID] = []

    def lock(db: Db, id_: UUID) -> None:
        one = select(col(Endorsement.id)).where(col(Endorsement.id) == id_)
        free.extend(db.scalars(one.with_for_update(nowait=True)))

    answer, _waited = meanwhile(
        world,
        lambda db: lock(db, first),
        lambda: desk.browser.post(address, data=Forms(page).forms[address]),
        lambda db: lock(db, second),
    )
    assert answer.status_code == 303
    assert free == [first, second]


def test_a_line_that_changed_meanwhile_is_looked_at_again(world: World) -> None:
    world.approved(JURISTS)
    world.verified(SHORT)
    desk = world.desk()
    page = duplicates(world, desk)
    world.desk().decide(world.slug, SHORT["organisation"], "approval")
    address = keep(page, JURISTS["organisation"])
    assert desk.browser.post(address, data=Forms(page).forms[address]).status_code == 409
    assert world.trail("merged") == []


def test_names_that_came_while_one_was_declined_are_compared_with_it(world: World) -> None:
    world.verified(JURISTS)
    compare_all(world)
    desk = world.desk()
    desk.decide(world.slug, JURISTS["organisation"], "decline", reason="Not them.")
    world.verified(SHORT)
    compare_all(world)
    desk.decide(world.slug, JURISTS["organisation"], "approval", status="declined")
    compare_all(world)
    assert len(pairs(duplicates(world))) == 1


def test_what_is_merged_is_decided_no_more(world: World) -> None:
    world.approved(JURISTS)
    world.verified(SHORT)
    desk = world.desk()
    queue = desk.queue(world.slug)
    merge(world, JURISTS["organisation"])
    answer = desk.press(queue, SHORT["organisation"], "approval")
    assert answer.status_code == 409
    assert "merged into another line" in answer.text


def test_who_may_only_look_sees_no_buttons_and_can_do_nothing(world: World) -> None:
    world.approved(JURISTS)
    world.approved(SHORT)
    viewer = world.share(OTTO, "viewer")
    page = duplicates(world, viewer)
    assert len(pairs(page)) == 1
    assert "Merge, and keep" not in page
    assert "Not the same:" not in page
    address = keep(duplicates(world), JURISTS["organisation"])
    assert viewer.post(address, page).status_code == 403


def test_many_pairs_are_paged(world: World) -> None:
    for number in range(8):
        world.verified(AURORA, name=f"Person {number}", email=f"p{number}@aurora.example")
    page = duplicates(world)
    assert len(pairs(page)) == 25
    assert "?sheet=2" in page
    desk = world.desk()
    second = desk.browser.get(f"/desk/letters/{world.slug}/duplicates?sheet=2").text
    assert len(pairs(second)) == 3


def names_kept(world: World) -> set[frozenset[str]]:
    with world.database.read() as db:
        names = dict(db.execute(select(col(Endorsement.id), col(Endorsement.organisation))).all())
        found = name_pairs.of_letter(db, letters.by_slug(db, world.slug).id)
    return {frozenset((names[one.one_id], names[one.two_id])) for one in found}


def rename(world: World, old: str, new: str) -> None:
    with world.database.write() as db:
        found = db.scalars(select(Endorsement).where(col(Endorsement.organisation) == old)).one()
        endorsements.change_line(db, found, {"organisation": new})


def compare_all(world: World) -> None:
    while world.worker.compare_names():
        pass


def test_the_worker_compares_each_name_once_and_again_when_it_changed(world: World) -> None:
    world.verified(JURISTS)
    compare_all(world)
    assert names_kept(world) == set()
    world.verified(SHORT)
    assert len(pairs(duplicates(world))) == 1  # a short list is compared at once
    compare_all(world)
    assert names_kept(world) == {frozenset((JURISTS["organisation"], SHORT["organisation"]))}
    assert world.worker.compare_names() == 0
    assert len(pairs(duplicates(world))) == 1
    rename(world, SHORT["organisation"], "Beekeepers of Arden")
    assert pairs(duplicates(world)) == []
    compare_all(world)
    assert names_kept(world) == set()


def test_of_a_long_list_the_page_shows_what_the_worker_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubles, "COMPARED_AT_ONCE", 1)
    world.verified(JURISTS)
    world.verified(SHORT)
    assert pairs(duplicates(world)) == []
    compare_all(world)
    assert len(pairs(duplicates(world))) == 1


def test_a_name_that_changes_while_it_is_compared_is_compared_again(world: World) -> None:
    world.verified(JURISTS)
    world.verified(SHORT)
    with world.database.read() as db:
        compared = name_pairs.compare_due(db)
    assert compared
    rename(world, SHORT["organisation"], "Beekeepers of Arden")
    with world.database.write() as db:
        name_pairs.keep(db, compared)
    assert names_kept(world) == set()
    assert world.worker.compare_names() == 1
