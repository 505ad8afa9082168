"""How much mail organisers can cause to people who asked for none, whatever number of letters."""

from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app import throttle
from app.invitation import reminders
from app.letter.letters import Letter
from app.throttle import Allowance
from tests.journeys.test_invitations import page, said
from tests.journeys.test_mail_limits import use_up
from tests.journeys.test_reminders import at, reminded
from tests.journeys.test_reported import one, report
from tests.journeys.test_team import RITA, VERA, invite, press, team
from tests.world import AURORA, OTTO, AllForms, Desk, World, later, submit

EVA, FINN, GRO = "eva@elm.example", "finn@fjord.example", "gro@glen.example"


def limit(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> None:
    allowance: Allowance = getattr(throttle, name)
    fewer = Allowance(allowance.name, number, allowance.period)
    monkeypatch.setattr(f"app.throttle.{name}", fewer)


def written_to(world: World) -> list[str]:
    world.deliver()
    return sorted(mail.recipients[0] for mail in world.sink.mails)


def send_all(desk: Desk, path: str) -> httpx.Response:
    """Sends all invitations that were not sent yet, by the page that names them."""
    asked = desk.browser.get(f"{path}/sending?all=yes&status=unmailed").text
    return desk.browser.post(f"{path}/sending", data=AllForms(asked).forms[f"{path}/sending"])


def test_an_organisers_letters_share_one_allowance(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "OUTREACH", 3)
    world.invite(f"Elm Watch; {EVA}\nFjord Forum; {FINN}")
    world.another_letter()
    world.invite(f"Glen Guild; {GRO}\nHill House; {EVA}")
    assert written_to(world) == [EVA, FINN, GRO]

    desk, path = world.desk(), f"/desk/letters/{world.slug}/invitations"
    told = said(desk.browser.get(f"{path}?done=sent-1&held=1"))
    assert "1 was not written to yet. You may cause 3 mails a day" in told
    midnight = (datetime.now(UTC) + timedelta(days=1)).date()
    assert f"{midnight.day} {midnight:%B %Y}, 00:00 (UTC)" in told.replace("12:00 AM", "00:00")
    # Nobody is left who may be written to: it is said, and who was chosen stays chosen.
    refused = send_all(desk, path)
    assert refused.status_code == 429
    assert "You may cause 3 mails a day" in said(refused)
    assert len(AllForms(refused.text).forms[f"{path}/sending"]["id"]) == 1
    with later(days=1):
        assert send_all(world.desk(), path).status_code == 303
        assert len(world.mails_to(EVA)) == 2


def test_what_is_reported_counts_as_well(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "OUTREACH", 1)
    world.invite(f"Elm Watch; {EVA}")
    report(world, AURORA)
    assert world.mails_to(AURORA["email"]) == []
    desk, address = world.desk(), f"/desk/letters/{world.slug}/reported"
    refused = submit(desk.browser, address, f"{address}/{one(world).id}/mail")
    assert refused.status_code == 429
    assert "You may cause 1 mails a day" in unescape(refused.text)
    # Nor does it leave by another door.
    released = desk.decide(world.slug, AURORA["organisation"], "mail", status="pending")
    assert released.status_code == 429
    with later(days=1):
        desk = world.desk()
        again = submit(desk.browser, address, f"{address}/{one(world).id}/mail")
        assert again.status_code == 303
        assert len(world.mails_to(AURORA["email"])) == 1


def test_all_organisers_together_have_what_the_operator_set(world: World) -> None:
    world.share(OTTO, "editor")
    with world.elsewhere(outreach_per_day=2) as site:
        site.invite(f"Elm Watch; {EVA}")
        site.invite(f"Fjord Forum; {FINN}\nGlen Guild; {GRO}", email=OTTO)
        assert written_to(site) == [EVA, FINN]
        told = page(site.desk(OTTO), "?done=sent-1&held=1")
        assert "All organisers of this site together may cause 2 mails a day" in told


def test_who_is_refused_costs_others_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody without an allowance can't use up a mailbox's for those who have one."""
    limit(monkeypatch, "OUTREACH", 1)
    world.invite(f"Elm Watch; {EVA}\nFjord Forum; {FINN}")
    desk, path = world.desk(), f"/desk/letters/{world.slug}/invitations"
    for _time in range(6):
        assert send_all(desk, path).status_code == 429
    assert send_all(world.share(OTTO, "editor"), path).status_code == 303
    assert len(world.mails_to(FINN)) == 1


def test_reminders_pass_by_those_who_got_enough(world: World) -> None:
    """However many of them stand at the head of the list."""
    victims = "\n".join(f"Watch No. {n}; vera@victim.example" for n in range(5))
    world.invite(f"{victims}\nElm Watch; {EVA}\nFjord Forum; {FINN}\nGlen Guild; {GRO}")
    day = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    deadline = day + timedelta(days=12)
    with world.database.write() as db:
        db.execute(update(Letter).values(deadline=deadline, deadline_offset=0))
    with later(**at(deadline - timedelta(days=7))):
        use_up(world, throttle.INVITED_MAILBOX, world.invitation("Watch No. 0").mailbox)
        for expected in ([EVA, FINN], [EVA, FINN, GRO], [EVA, FINN, GRO]):
            with world.database.write() as db:
                reminders.send_due(db, batch=2)
            assert [one for one in (EVA, FINN, GRO) if reminded(world, one)] == expected
        assert reminded(world, "vera@victim.example") == []
        # Whoever looks after them sees why.
        listed = f"/desk/letters/{world.slug}/invitations"
        desk, waits = world.desk(), "Organisers may write to one mailbox 5 times a day"
        held = said(desk.browser.get(f"{listed}/{world.invitation('Watch No. 0').id}"))
        assert f"A reminder is due, and waits. {waits}" in held
        other = said(desk.browser.get(f"{listed}/{world.invitation('Elm Watch').id}"))
        assert "waits" not in other
        with world.database.read() as db:
            due = db.scalars(select(col(reminders.Reminder.invitation_id))).all()
        assert len(due) == len(set(due)) == 3


def test_a_day_has_so_many_invitations_to_teams(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "TEAM_INVITER", 1)
    assert invite(world, RITA).status_code == 303
    refused = invite(world, VERA, name="Vera Nilsen")
    assert refused.status_code == 429
    assert "You may invite 1 colleagues a day" in unescape(refused.text)
    assert VERA in refused.text
    assert "Vera Nilsen" in refused.text
    assert press(world, world.desk(), team(world), "/mail").status_code == 429
    assert world.mails_to(VERA) == []
