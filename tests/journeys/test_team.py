"""Olga asks colleagues to work on her letter, changes what they may do, and lets them go."""

import re

import httpx
import pytest

from app import links
from app.letter import letters
from app.organiser import organisers, roles
from app.trail.audit import OPERATOR
from tests.world import (
    AURORA,
    LETTER,
    OLGA,
    OTTO,
    Desk,
    Forms,
    World,
    at_once,
    later,
    submit,
    text_of,
)

RITA = "rita@organisers.example"
VERA = "vera@organisers.example"
PAUL = "paul@organisers.example"


def team(world: World) -> str:
    return f"/desk/letters/{world.slug}/team"


def invite(
    world: World, email: str, role: str = "reviewer", *, desk: Desk | None = None, name: str = ""
) -> httpx.Response:
    browser = (desk or world.desk()).browser
    page = team(world)
    return submit(browser, page, f"{page}/invitations", email=email, role=role, name=name)


def accept(world: World, email: str, name: str = "Somebody") -> Desk:
    """In a browser of their own, from the newest mail."""
    browser = world.browser()
    path = world.link(email, "/desk/sign-in/team/")
    answer = submit(browser, path, path, name=name)
    assert answer.status_code in (200, 303), answer.text
    return Desk(browser)


def press(world: World, desk: Desk, page: str, what: str, **fields: str) -> httpx.Response:
    """Presses the one form of a page whose address ends so."""
    forms = Forms(desk.browser.get(page).text).forms
    (address,) = (one for one in forms if one.endswith(what))
    return desk.browser.post(address, data={**forms[address], **fields})


def member(world: World, email: str) -> str:
    with world.database.read() as db:
        found = organisers.by_email(db, email)
        assert found
        return f"{team(world)}/{found.id}"


def role_of(world: World, email: str) -> tuple[roles.Ability, ...]:
    with world.database.read() as db:
        found = organisers.by_email(db, email)
        return roles.abilities(db, found.id, letters.by_slug(db, world.slug).id) if found else ()


def test_a_colleague_is_invited_joins_and_does_their_part(world: World) -> None:
    world.verified(AURORA)
    assert invite(world, RITA, name="Rita Moen").status_code == 303
    page = world.desk().browser.get(team(world)).text
    assert "Rita Moen" in page
    assert RITA in page

    (mail,) = world.mails_to(RITA)
    assert "Free the press of Ardal" in mail["subject"]
    assert OLGA not in text_of(mail)
    assert "o…@organisers.example (organiser 1)" in text_of(mail)  # who has given no name
    assert "Reviewer" in text_of(mail)
    path = world.link(RITA, "/desk/sign-in/team/")
    before = world.rows()
    stranger = world.browser()
    for _time in range(3):  # a scanner of mails
        shown = stranger.get(path)
        assert shown.status_code == 200
        assert "Free the press of Ardal" in shown.text
    assert world.rows() == before
    assert role_of(world, RITA) == ()

    rita = accept(world, RITA)
    letter = rita.browser.get(f"/desk/letters/{world.slug}")
    assert letter.status_code == 200
    assert rita.decide(world.slug, "Aurora Media Watch", "approval").status_code == 303
    # She may approve, but neither change the text nor the team.
    refused = rita.post(f"/desk/letters/{world.slug}/order", letter.text, order="time")
    assert refused.status_code == 403
    assert rita.post(f"{team(world)}/invitations", letter.text, email=VERA).status_code == 403
    assert "accepted an invitation" in text_of(world.mails_to(OLGA)[-1])
    assert "Nobody is invited" in world.desk().browser.get(team(world)).text
    assert [entry.facts["role"] for entry in world.trail("team invitation accepted")] == [
        "reviewer"
    ]


def test_the_link_of_an_invitation_works_once_and_not_for_ever(world: World) -> None:
    invite(world, RITA)
    path = world.link(RITA, "/desk/sign-in/team/")
    other = world.browser()
    form = Forms(other.get(path).text).forms[path]
    accept(world, RITA)
    assert other.post(path, data=form).status_code == 410
    assert other.get(path).status_code == 410
    assert other.get(path[:-2] + "xx").status_code == 404

    invite(world, VERA)
    path = world.link(VERA, "/desk/sign-in/team/")
    with later(days=7, minutes=1):
        assert world.browser().get(path).status_code == 410
        assert world.browser().post(path).status_code == 410
        # Sent again, it can be accepted.
        press(world, world.desk(), team(world), "/mail")
        accept(world, VERA)
    assert role_of(world, VERA)


def test_two_browsers_accept_one_invitation_at_once(world: World) -> None:
    invite(world, RITA)
    path = world.link(RITA, "/desk/sign-in/team/")
    browsers = [world.browser(), world.browser()]
    forms = [{**Forms(one.get(path).text).forms[path], "name": "Rita"} for one in browsers]
    answers = at_once(
        *(
            lambda browser=browser, form=form: browser.post(path, data=form)
            for browser, form in zip(browsers, forms, strict=True)
        )
    )
    first, second = sorted(answer.status_code for answer in answers)
    assert first == 303
    assert second in (409, 410)


def test_an_invitation_can_be_taken_back(world: World) -> None:
    invite(world, RITA)
    path, mailbox = world.link(RITA, "/desk/sign-in/team/"), world.database.keys.index(RITA)
    assert any(mailbox in row for row in world.rows()["team_invitation"])
    assert press(world, world.desk(), team(world), "/withdrawal").status_code == 303
    assert world.browser().get(path).status_code == 410
    assert world.browser().post(path).status_code == 410
    assert role_of(world, RITA) == ()
    # What is over keeps nobody's address.
    assert all(mailbox not in row for row in world.rows()["team_invitation"])
    invite(world, RITA)
    accept(world, RITA)
    assert role_of(world, RITA)


def test_nobody_learns_from_inviting_who_has_an_account(world: World) -> None:
    world.desk(OTTO)  # has an account, and no role here
    olga = world.desk()
    pages = []
    for email in (OTTO, VERA):
        answer = invite(world, email, desk=olga)
        assert (answer.status_code, answer.headers["location"]) == (303, team(world))
        page = olga.browser.get(team(world)).text
        pages.append(
            re.sub(rf"{re.escape(email)}|[0-9a-f-]{{36}}", "…", page.partition("Invited")[2])
        )
        press(world, olga, team(world), "/withdrawal")
    assert pages[0] == pages[1]
    mails = [text_of(world.mails_to(email)[-1]) for email in (OTTO, VERA)]
    assert len({re.sub(r"/team/\S+", "", mail) for mail in mails}) == 1


def test_somebody_with_an_account_signs_in_as_always(world: World) -> None:
    """A link that lives for days opens no account in which there is something already."""
    otto = world.desk(OTTO)
    invite(world, OTTO, "viewer")
    elsewhere = accept(world, OTTO)
    answer = elsewhere.browser.get(f"/desk/letters/{world.slug}")
    assert answer.headers["location"] == "/desk/sign-in"
    assert otto.browser.get(f"/desk/letters/{world.slug}").status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "Please give an e-mail address."),
        ("email", "no address", "The @ is missing"),
        ("email", OLGA, "works on the letter already"),
        ("email", PAUL, "is invited already"),
        ("name", "See https://evil.example", "links are not possible"),
        ("role", "king", "one of the roles offered"),
    ],
)
def test_an_invitation_that_cannot_be_sent_loses_nothing_typed(
    world: World, field: str, value: str, sentence: str
) -> None:
    invite(world, PAUL)
    typed = {"email": VERA, "name": "Vera Lund", "role": "editor", field: value}
    page = team(world)
    answer = submit(world.desk().browser, page, f"{page}/invitations", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    for name in {"email", "name"} - {field}:
        assert f'value="{typed[name]}"' in answer.text
    assert world.mails_to(VERA) == []


def test_a_role_is_changed_and_its_holder_told(world: World) -> None:
    rita = world.share(RITA, "reviewer")
    world.share(PAUL, "owner")
    page = team(world)
    olga, change = world.desk().browser, f"{member(world, RITA)}/role"
    form = Forms(olga.get(page).text).forms[change]
    assert form["seen"] == "reviewer"
    assert olga.post(change, data={**form, "role": "editor"}).status_code == 303
    assert rita.browser.get(f"/desk/letters/{world.slug}/pause").status_code == 403
    assert role_of(world, RITA) == roles.ABILITIES["editor"]
    assert "Editor" in text_of(world.mails_to(RITA)[-1])
    assert "r…@organisers.example" in text_of(world.mails_to(PAUL)[-1])  # the other owner
    assert world.mails_to(OLGA) == []  # who did it
    # A page that was open shows another role than there is now.
    assert olga.post(change, data={**form, "role": "owner"}).status_code == 409
    (entry,) = world.trail("role changed")
    assert (entry.facts["was"], entry.facts["role"]) == ("reviewer", "editor")


def test_a_removed_colleague_is_out_at_once(world: World) -> None:
    rita = world.share(RITA, "reviewer")
    page = rita.browser.get(f"/desk/letters/{world.slug}").text
    assert press(world, world.desk(), team(world), "/removal").status_code == 303
    # The session is worth nothing: neither to look nor to act.
    assert rita.browser.get(f"/desk/letters/{world.slug}").headers["location"] == "/desk/sign-in"
    assert rita.post(f"{team(world)}/departure", page).headers["location"] == "/desk/sign-in"
    again = world.desk(RITA)
    assert again.browser.get(f"/desk/letters/{world.slug}").status_code == 404
    assert "You have no letter yet." in again.browser.get("/desk/letters").text
    mail = world.mails_to(RITA)[-1]
    assert "no longer work on" in mail["subject"]
    (entry,) = world.trail("role taken")
    assert entry.facts == {"role": "reviewer"}


def test_whom_a_removed_owner_had_invited_is_invited_no_longer(world: World) -> None:
    paul = world.share(PAUL)
    invite(world, VERA, "owner", desk=paul)
    path = world.link(VERA, "/desk/sign-in/team/")
    olga = world.desk()
    forms = Forms(olga.browser.get(team(world)).text).forms
    removal = f"{member(world, PAUL)}/removal"
    assert olga.browser.post(removal, data=forms[removal]).status_code == 303
    assert world.browser().post(path).status_code == 410


def test_who_is_no_owner_any_more_makes_nobody_one(world: World) -> None:
    """Neither whoever was given another role, nor whoever left: the mailbox may be their own."""
    paul, olga = world.share(PAUL), world.desk()
    invite(world, VERA, "owner", desk=paul)
    page = olga.browser.get(team(world)).text
    olga.post(f"{member(world, PAUL)}/role", page, role="viewer")
    path = world.link(VERA, "/desk/sign-in/team/")
    assert world.browser().get(path).status_code == 410
    assert world.browser().post(path).status_code == 410
    assert role_of(world, VERA) == ()

    otto = world.share(OTTO)
    invite(world, RITA, "owner", desk=otto)
    assert press(world, otto, team(world), "/departure").status_code == 303
    assert world.browser().post(world.link(RITA, "/desk/sign-in/team/")).status_code == 410
    assert "Nobody is invited" in world.desk().browser.get(team(world)).text


def test_a_letter_always_has_an_owner(world: World) -> None:
    olga = world.desk()
    page = olga.browser.get(team(world)).text
    mine = member(world, OLGA)
    assert f"{mine}/role" not in page
    assert "Leave the letter" not in page
    assert olga.post(f"{mine}/role", page, role="viewer").status_code == 422
    assert olga.post(f"{mine}/removal", page).status_code == 409
    assert olga.post(f"{team(world)}/departure", page).status_code == 422
    assert role_of(world, OLGA) == roles.ABILITIES["owner"]


def test_two_owners_who_demote_each_other_leave_one(world: World) -> None:
    paul, olga = world.share(PAUL), world.desk()
    pages = {desk: desk.browser.get(team(world)).text for desk in (paul, olga)}
    olgas, pauls = member(world, OLGA), member(world, PAUL)
    answers = at_once(
        lambda: paul.post(f"{olgas}/role", pages[paul], role="viewer"),
        lambda: olga.post(f"{pauls}/role", pages[olga], role="viewer"),
    )
    first, second = sorted(answer.status_code for answer in answers)
    assert first == 303
    assert second in (403, 409, 422)
    owners = [email for email in (OLGA, PAUL) if "own" in role_of(world, email)]
    assert len(owners) == 1


def test_an_organiser_may_leave(world: World) -> None:
    vera = world.share(VERA, "viewer")
    page = vera.browser.get(team(world)).text
    assert "Invite a colleague" not in page
    assert OLGA not in page  # addresses in full are for owners
    assert press(world, vera, team(world), "/departure").status_code == 303
    assert vera.browser.get(f"/desk/letters/{world.slug}").status_code == 404
    assert "has left this letter" in text_of(world.mails_to(OLGA)[-1])


def test_invitations_fill_no_mailbox(world: World) -> None:
    olga = world.desk()
    invite(world, VERA, desk=olga)
    answers = [press(world, olga, team(world), "/mail").status_code for _time in range(6)]
    assert answers == [303] * 4 + [429] * 2
    assert len(world.mails_to(VERA)) == 5


def test_invitations_nobody_answered_are_forgotten(world: World) -> None:
    invite(world, VERA)
    with later(days=31):
        world.worker.keep_house()
    with world.database.read() as db:
        address = db.keys.index(VERA)
    assert all(address not in row for row in world.rows()["team_invitation"])
    assert world.trail("team invitation forgotten")


def test_a_large_team_needs_no_query_for_each_of_it(world: World) -> None:
    olga = world.desk()
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        for number in range(200):
            one = organisers.enrol(
                db, f"{number}@organisers.example", f"Colleague {number}", by=OPERATOR
            )
            organisers.give_role(db, one, letter, "viewer", by=OPERATOR)
    with world.statements(reading=True) as heard:
        assert olga.browser.get(team(world)).text.count("Colleague 1") > 100
    assert len(heard) < 20


def test_changing_a_team_asks_once_more_who_one_is(world: World) -> None:
    world.share(RITA, "reviewer")
    page = team(world)
    olga, paul = world.desk(), world.share(PAUL)
    shown = olga.browser.get(page).text
    forms = Forms(shown).forms
    posted = [one for one in forms if one.startswith((page, f"/desk/letters/{world.slug}/two"))]
    posted.remove(f"{page}/departure")
    assert len(posted) > 5
    before = world.rows()
    with later(minutes=11):
        for address in posted:
            answer = olga.browser.post(address, data={**forms[address], "email": VERA})
            assert answer.status_code == 303, address
            assert answer.headers["location"].startswith("/desk/step-up?"), address
        stale = olga.browser.get(page).text
        assert "show once more that it is you" in stale
        assert set(Forms(stale).forms) & set(posted) == set()
        # Leaving is everybody's own business.
        assert press(world, paul, page, "/departure").status_code == 303
    assert world.rows()["team_invitation"] == before["team_invitation"]
    assert role_of(world, RITA) == roles.ABILITIES["reviewer"]


def test_a_letter_that_is_no_ones_to_read_yet_is_not_in_the_mail(world: World) -> None:
    """Anybody can begin a letter and call it what they like: that is not mailed to strangers."""
    text = LETTER.replace("slug: free-the-press", "slug: a-draft")
    world.letter(text=text.replace("Free the press", "You won a prize"), opens=False)
    invite(world, RITA, name="Call 0900 for a prize")
    (mail,) = world.mails_to(RITA)
    html = mail.get_body(("html",))
    assert html is not None
    for part in (str(mail["subject"]), text_of(mail), html.get_content()):
        assert "prize" not in part
        assert "works on" in part or "to work on a letter" in part
    path = world.link(RITA, "/desk/sign-in/team/")
    assert "You won a prize" not in world.browser().get(path).text
    rita = accept(world, RITA, "Rita Moen")
    assert "You won a prize" in rita.browser.get("/desk/letters").text


def test_who_accepts_says_what_they_are_called(world: World) -> None:
    invite(world, RITA, name="Rita from the office")
    path, browser = world.link(RITA, "/desk/sign-in/team/"), world.browser()
    assert 'value="Rita from the office"' in browser.get(path).text
    for name in ("", "  ", "See https://evil.example"):
        refused = submit(browser, path, path, name=name)
        assert refused.status_code == 422
        assert 'id="name-error"' in refused.text
    assert role_of(world, RITA) == ()
    rita = accept(world, RITA, "Rita Moen")
    assert "Rita Moen" in rita.browser.get(team(world)).text


def test_who_gave_no_name_is_asked_for_it_first(world: World) -> None:
    with world.database.write() as db:
        secret = organisers.first_link(db, organisers.add(db, OLGA))
        token = links.token(db.keys, links.SIGN_IN, secret)
    browser, path = world.browser(), f"/desk/sign-in/{token}"
    account = submit(browser, path, path).headers["location"]
    assert account.startswith("/desk/account")
    assert "say what you are called" in browser.get(account).text
    submit(browser, account, "/desk/account/name", name="Olga Nord")
    assert "Olga Nord" in browser.get(team(world)).text
