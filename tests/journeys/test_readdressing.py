"""An invitee's address was wrong: it is corrected, and the invitation can leave once more."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.invitation import invitations
from tests.journeys.test_invitations import LISTED, PATH, VERA, answer, page, personal, said
from tests.world import AllForms, World, submit

RIGHT = "vera.dahl@valley.example"


def corrected(world: World, email: str, name: str = "Valley Listeners") -> httpx.Response:
    one = f"{PATH}/{world.invitation(name).id}"
    return submit(world.desk().browser, one, f"{one}/correction", email=email)


def sent(world: World) -> None:
    browser = world.desk().browser
    one = world.invitation("Valley Listeners").id
    asked = browser.get(f"{PATH}/sending?id={one}")
    form = AllForms(asked.text).forms[f"{PATH}/sending"]
    assert browser.post(f"{PATH}/sending", data=form).status_code == 303


def test_a_refused_address_is_corrected_and_mailed_anew(world: World) -> None:
    world.sink.behave(refuse=[VERA])
    world.invite(LISTED)
    world.deliver()
    bounced = world.invitation("Valley Listeners")
    assert bounced.status == "bounced"
    desk = world.desk()
    assert "No such mailbox" in page(desk, f"/{bounced.id}")

    assert corrected(world, RIGHT).status_code == 303
    one = page(desk, f"/{bounced.id}")
    assert "No such mailbox" not in one
    assert "Send the invitation …" in one
    assert RIGHT not in one
    sent(world)
    (mail,) = world.mails_to(RIGHT)
    assert mail["subject"] == "Invitation to sign: Free the press of Ardal"
    assert world.invitation("Valley Listeners").status == "invited"
    (entry,) = world.trail("invitation readdressed")
    assert entry.subject_id == bounced.id
    assert "valley.example" not in str(entry.facts)
    assert "Corrected the address of an invitation" in said(
        desk.browser.get("/desk/letters/free-the-press/audit")
    )


def test_the_link_to_the_old_address_ends(world: World) -> None:
    world.invite(LISTED)
    old = personal(world)
    assert world.client.get(old).status_code == 200
    assert corrected(world, RIGHT).status_code == 303
    assert world.client.get(old).status_code == 404
    sent(world)
    assert world.client.get(personal(world, RIGHT)).status_code == 200


def test_mail_on_its_way_to_the_old_address_says_nothing_of_the_new_one(world: World) -> None:
    world.invite(LISTED)
    with world.database.read() as db:
        before = db.now
    assert corrected(world, RIGHT).status_code == 303
    world.deliver()
    assert world.sink.mails == []
    sent(world)
    one = world.invitation("Valley Listeners")
    with world.database.write() as db:
        invitations.bounced(db, one.id, before)
    assert world.invitation("Valley Listeners").status == "invited"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("vera at valley", "The @ is missing"),
        (" ", "There is no e-mail address"),
        ("VERA+1@valley.example", "This is the address they are invited by already."),
        ("eva@elm.example", "Already on the list of those invited."),
    ],
)
def test_an_address_that_can_not_be_invited_is_refused(
    world: World, typed: str, sentence: str
) -> None:
    world.invite(f"{LISTED}\n; eva@elm.example", sends=False)
    refused = corrected(world, typed)
    assert refused.status_code == 422
    assert sentence in said(refused)
    assert f'value="{typed}"' in refused.text
    assert world.trail("invitation readdressed") == []


def test_a_promise_stays_and_an_answer_can_not_move(world: World) -> None:
    world.invite(LISTED)
    assert answer(world, "promise", until=_soon()).status_code == 303
    assert corrected(world, RIGHT).status_code == 303
    assert world.invitation("Valley Listeners").status == "promised"
    sent(world)
    assert answer(world, "decline", RIGHT).status_code == 303
    one = f"{PATH}/{world.invitation('Valley Listeners').id}"
    desk = world.desk()
    shown = desk.browser.get(one).text
    assert f"{one}/correction" not in shown
    assert desk.post(f"{one}/correction", shown, email=VERA).status_code == 409


def _soon() -> str:
    return (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
