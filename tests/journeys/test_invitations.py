"""Circulating a letter: the list, the mails with personal links, and the answers."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest
from sqlalchemy import update

from app import throttle
from app.db import new_id
from app.letter import letters
from app.letter.letters import Letter
from app.mailing.mailboxes import canonical
from app.name.names import fold
from app.organisation import book_entries
from app.organisation.organisations import Organisation
from app.throttle import Allowance
from tests.test_sheets import workbook
from tests.world import (
    AURORA,
    BOREAS,
    OTTO,
    AllForms,
    Desk,
    Forms,
    World,
    logo,
    submit,
    text_of,
)

VERA = "vera@valley.example"
LISTED = f"Valley Listeners; {VERA}; Vera Dahl; NO"
PATH = "/desk/letters/free-the-press/invitations"


def said(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def page(desk: Desk, path: str = "", status: int = 200) -> str:
    answer = desk.browser.get(f"{PATH}{path}")
    assert answer.status_code == status, answer.text
    return said(answer)


def personal(world: World, address: str = VERA) -> str:
    return world.link(address, "/invitations/")


def answer(world: World, kind: str, address: str = VERA, **fields: str) -> httpx.Response:
    """Opens the personal link and sends one of its forms, as it stands there."""
    path = personal(world, address)
    action = f"{path}/{kind}" if kind == "refusal" else f"{path}/{kind}#answer"
    return submit(world.client, path, action, **fields)


def in_book(world: World, **fields: object) -> Organisation:
    """Aurora's entry in the letter's address book, with Anna as its contact."""
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        entry = Organisation(
            book_id=letter.book_id,
            name=AURORA["organisation"],
            folded=fold(AURORA["organisation"]),
            website=AURORA["website"],
            country=AURORA["country"],
            contact_name=AURORA["name"],
            contact_role=AURORA["role"],
            address=db.keys.seal(AURORA["email"]),
            mailbox=db.keys.index(canonical(AURORA["email"])),
            created_at=db.now,
            changed_at=db.now,
            **fields,
        )
        book_entries.keep(db, [entry])
        db.flush()
    return entry


def closes_in(world: World, **delta: float) -> datetime:
    """Sets the letter's deadline so much later."""
    deadline = datetime.now(UTC) + timedelta(**delta)
    with world.database.write() as db:
        db.execute(update(Letter).values(deadline=deadline))
    return deadline


def test_a_spreadsheet_with_three_bad_rows(world: World) -> None:
    rows = [
        ["Organisation", "Contact", "E-mail", "Country"],
        ["Valley Listeners", "Vera Dahl", VERA, "Norway"],
        ["Broken", "Bo", "bo at broken.example", "NO"],
        ["Elm Watch", "Eva Elm", "eva@elm.example", "DE"],
        ["Valley Listeners", "Vera Dahl", "Vera+list@valley.example", "NO"],
        ["Aurora Media Watch", "Anna Berg", AURORA["email"], "NO"],
        ["Fjord Forum", "", "post@fjord.example", "Atlantis"],
    ]
    world.verified(AURORA)
    browser = world.desk().browser
    csrf = Forms(browser.get(f"{PATH}/import").text).forms[f"{PATH}/import"]
    files = {"file": ("list.xlsx", workbook(rows), "application/octet-stream")}
    preview = browser.post(f"{PATH}/import", data=csrf, files=files)
    assert preview.status_code == 200
    text = said(preview)
    assert "3 rows can be taken in. 3 can't." in text
    assert "3 Broken · Bo · bo at broken.example" in text
    assert (
        "5 Valley Listeners · Vera Dahl · Vera+list@valley.example The same stands in row 2."
        in (text)
    )
    assert f"6 Aurora Media Watch · Anna Berg · {AURORA['email']} Has signed already." in text
    assert "The country “Atlantis” is not known and was left out." in text
    assert "Take in 3 invitations" in text
    assert world.rows()["invitation"] == []

    taken = browser.post(PATH, data=Forms(preview.text).forms[PATH])
    assert re.search(r"(?<![-\d])3 invitations were taken in. Nobody was written to", said(taken))
    assert "The same stands in row 2." in said(taken)
    listed = page(world.desk())
    assert "Not mailed yet 3 Invited 0" in listed.replace("</dt>", "")
    assert "Elm Watch" in listed
    assert "eva@elm" not in listed
    assert world.mails_to(VERA) == []
    # Twice the same list: whoever is on it already is recognised.
    again = browser.post(f"{PATH}/import", data=csrf, files=files)
    assert said(again).count("Already on the list of those invited.") == 4
    assert PATH not in Forms(again.text).forms


def test_lines_are_pasted_in_whatever_form(world: World) -> None:
    world.invite(
        f'"Dahl, Vera" <{VERA}>\nElm Watch; eva@elm.example; Eva Elm; Germany; elm.example\n'
        "bare@fjord.example\nA One <a@one.example>, B Two <b@two.example>\n",
        sends=False,
    )
    assert world.invitation("Dahl, Vera").organisation == ""
    elm = world.invitation("Elm Watch")
    assert (elm.name, elm.country, elm.website) == ("Eva Elm", "DE", "https://elm.example")
    assert world.invitation("B Two").name == "B Two"
    assert len(world.invitation_ids()) == 5
    assert "b…@fjord.example" in page(world.desk())


def test_nothing_that_was_pasted_is_lost_when_it_is_refused(world: World) -> None:
    browser = world.desk().browser
    csrf = Forms(browser.get(f"{PATH}/import").text).forms[f"{PATH}/import"]
    empty = browser.post(f"{PATH}/import", data=csrf)
    assert empty.status_code == 422
    assert "Paste the list here, or choose a file." in said(empty)
    long = "\n".join(f"Member {n}; m{n}@member.example" for n in range(5_001))
    refused = browser.post(f"{PATH}/import", data={**csrf, "pasted": long})
    assert refused.status_code == 422
    assert "Member 5000; m5000@member.example" in refused.text


def test_mails_leave_to_those_named_and_only_once(world: World) -> None:
    world.invite(f"{LISTED}\nElm Watch; eva@elm.example", sends=False)
    desk = world.desk()
    ids = [str(world.invitation("Valley Listeners").id)]
    asked = desk.browser.get(f"{PATH}/sending?id={ids[0]}")
    assert "Send 1 invitation?" in said(asked)
    assert "Valley Listeners" in said(asked)
    assert "Elm Watch" not in said(asked)
    form = Forms(asked.text).forms[f"{PATH}/sending"]
    for _press in range(2):
        assert desk.browser.post(f"{PATH}/sending", data=form).status_code == 303
    (mail,) = world.mails_to(VERA)
    assert mail["subject"] == "Invitation to sign: Free the press of Ardal"
    assert "Lead Organisation invites Valley Listeners to sign an open letter." in text_of(mail)
    assert world.mails_to("eva@elm.example") == []
    assert len(world.trail("invitation mailed")) == 1
    again = page(desk, f"/sending?id={ids[0]}")
    assert "They have got the invitation already." in again


def test_a_draft_is_sent_to_nobody(world: World) -> None:
    with world.database.write() as db:
        db.execute(update(Letter).values(status="draft"))
    world.invite(LISTED, sends=False)
    assert "Open the letter first" in page(world.desk(), "/sending?all=yes&status=unmailed", 409)


def test_a_refusal_at_the_desk_leads_back_to_the_desk(world: World) -> None:
    refused = world.desk().browser.get("/desk/letters/no-such-letter").text
    assert '<a class="button" href="/desk/letters">Your letters</a>' in refused
    outside = world.browser().get("/letters/no-such-letter").text
    assert '<a class="button" href="/">Letters open for signature</a>' in outside


def test_no_condition_is_not_everybody(world: World) -> None:
    world.invite(LISTED, sends=False)
    desk = world.desk()
    csrf = Forms(desk.browser.get(f"{PATH}/import").text).forms[f"{PATH}/import"]
    before = world.rows()
    for action in ("sending", "reminder", "assignment", "removal"):
        for asked in ("", "?all=yes", "?all=yes&q=+!!", "?id=", "?id=nonsense"):
            page(desk, f"/{action}{asked}", 422)
        for data in (csrf, {**csrf, "id": ""}, {**csrf, "all": "yes"}):
            assert desk.browser.post(f"{PATH}/{action}", data=data).status_code == 422
    assert world.rows() == before


def test_a_regular_signs_with_one_press_and_confirms_with_one(world: World) -> None:
    picture = world.settings.logos_dir / f"{'a' * 32}.png"
    world.settings.logos_dir.mkdir(exist_ok=True)
    picture.write_bytes(logo()["logo"][1])
    in_book(world, sort_key="Media Watch, Aurora", logo=picture.name)
    desk = world.desk()
    shown = desk.browser.get(f"{PATH}/book")
    assert "Aurora Media Watch" in said(shown)
    (chosen,) = re.findall(r'name="id" value="([^"]+)"', shown.text)
    form = Forms(shown.text).forms[f"{PATH}/book"]
    assert desk.browser.post(f"{PATH}/book", data={**form, "id": chosen}).status_code == 303
    assert "There is nobody to add." in page(desk, "/book")
    asked = desk.browser.get(f"{PATH}/sending?all=yes&status=unmailed")
    sending = AllForms(asked.text).forms[f"{PATH}/sending"]
    assert desk.browser.post(f"{PATH}/sending", data=sending).status_code == 303

    link = world.link(AURORA["email"], "/invitations/")
    opened = world.client.get(link)
    for fact in ("Aurora Media Watch", "Norway", "https://aurora.example", "Anna Berg", "Director"):
        assert fact in said(opened)
    assert "Sorted in the list as “Media Watch, Aurora”." in said(opened)
    assert f"/logos/{picture.name}" in opened.text
    assert "I state that I am authorised to sign" in said(opened)
    assert AURORA["email"] not in opened.text
    selected = {"country": "NO"}  # what a browser sends of the select
    pressed = submit(world.client, link, f"{link}/endorsement#answer", **selected)
    assert pressed.status_code == 303
    inbox = pressed.headers["location"]
    assert inbox == f"{world.path}/check-your-inbox?invited=yes"
    assert "to the mailbox that was invited" in said(world.client.get(inbox))
    assert world.invitation("Aurora Media Watch").status == "invited"
    assert "One step left:" in said(world.client.get(link))
    assert world.client.post(world.link(AURORA["email"])).status_code == 200
    assert world.invitation("Aurora Media Watch").status == "signed"
    assert "Signed and confirmed." in said(world.client.get(link))

    desk.decide(world.slug, "Aurora Media Watch", "approval")
    (line,) = world.signatories()
    assert (line["organisation"], line["country"]) == ("Aurora Media Watch", "NO")
    assert line["logo"].endswith(picture.name)
    assert "'invitation'" in str(world.rows()["endorsement"])
    assert "Media Watch, Aurora" in str(world.rows()["endorsement"])


def test_a_name_changed_on_the_page_takes_nothing_from_the_address_book(world: World) -> None:
    in_book(world, sort_key="Media Watch, Aurora")
    world.invite(f"{AURORA['organisation']}; {AURORA['email']}")
    link = world.link(AURORA["email"], "/invitations/")
    fields = {"organisation": "Aurora Press Fund", "country": "NO", "email": "x@aurora.example"}
    assert submit(world.client, link, f"{link}/endorsement#answer", **fields).status_code == 303
    world.client.post(world.link("x@aurora.example"))
    assert "Media Watch, Aurora" not in str(world.rows()["endorsement"])
    # It came through the personal link, so it answers the invitation.
    assert world.invitation("Aurora Media Watch").status == "signed"


def test_the_form_comes_again_with_what_was_typed(world: World) -> None:
    world.invite("bare@fjord.example")
    link = world.link("bare@fjord.example", "/invitations/")
    fields = {"organisation": "Fjord Forum", "name": "", "country": "NO"}
    refused = submit(world.client, link, f"{link}/endorsement#answer", **fields)
    assert refused.status_code == 422
    assert 'value="Fjord Forum"' in refused.text
    assert "Enter your name." in said(refused)
    assert world.client.get(f"{link}/endorsement").headers["location"] == link


def test_answers_can_be_changed_until_the_letter_closes(world: World) -> None:
    world.invite(LISTED)
    until = (datetime.now(UTC) + timedelta(days=3)).date()
    assert answer(world, "promise", until=until.isoformat()).status_code == 303
    assert world.invitation("Valley Listeners").promised_until == until
    assert "Noted: you await your board until" in said(world.client.get(personal(world)))
    assert answer(world, "decline", reason="Our mandate ends at the coast.").status_code == 303
    declined = world.invitation("Valley Listeners")
    assert (declined.status, declined.promised_until) == ("declined", None)
    assert "Our mandate ends at the coast." in page(world.desk(), f"/{declined.id}")
    wrong = answer(world, "promise", until="yesterday")
    assert wrong.status_code == 422
    assert "Choose a day after today." in said(wrong)
    world.desk().move(world.slug, "closing")
    closed = world.client.get(personal(world))
    assert "This letter is closed" in said(closed)
    assert f"{personal(world)}/promise#answer" not in Forms(closed.text).forms
    for kind in ("promise", "decline", "endorsement"):
        late = world.client.post(f"{personal(world)}/{kind}", data={"until": until.isoformat()})
        assert late.status_code == 409
    assert [entry.facts["came_from"] for entry in world.trail("invitation declined")] == [
        "promised"
    ]


def test_stop_writing_to_me(world: World) -> None:
    world.invite(LISTED)
    assert answer(world, "refusal").status_code == 303
    assert "You get no more mail about this letter." in said(world.client.get(personal(world)))
    desk = world.desk()
    assert "Wants no mail" in page(desk)
    (one,) = world.invitation_ids()
    assert "They want no mail about this letter." in page(desk, f"/reminder?id={one}")
    # Nobody brings the mailbox in again either.
    csrf = Forms(desk.browser.get(f"{PATH}/import").text).forms[f"{PATH}/import"]
    listed = {**csrf, "pasted": f"Other name; {VERA}"}
    assert "This mailbox asked for no more mail." in said(
        desk.browser.post(f"{PATH}/import", data=listed)
    )


def test_a_mailbox_that_refuses_mail(world: World) -> None:
    world.sink.behave(refuse=[VERA])
    world.invite(f"{LISTED}\nElm Watch; eva@elm.example")
    world.deliver()
    bounced = world.invitation("Valley Listeners")
    assert bounced.status == "bounced"
    assert world.invitation("Elm Watch").status == "invited"
    desk = world.desk()
    assert "No such mailbox" in page(desk, f"/{bounced.id}")
    assert "Mail to this mailbox was refused." in page(desk, f"/reminder?id={bounced.id}")
    world.another_letter()
    browser = world.desk().browser
    path = f"/desk/letters/{world.slug}/invitations/import"
    csrf = Forms(browser.get(path).text).forms[path]
    preview = browser.post(path, data={**csrf, "pasted": LISTED})
    assert "Mail to this mailbox was refused, so it is not written to again." in said(preview)


def test_signing_on_the_public_page_answers_the_invitation(world: World) -> None:
    world.invite(f"Aurora Media Watch; {AURORA['email']}\n; {BOREAS['email']}")
    world.verified(AURORA)
    assert world.invitation("Aurora Media Watch").status == "signed"
    world.verified(BOREAS)
    assert world.invitation("").status == "signed"
    world.client.post(f"{world.link(AURORA['email'], '/manage/')}/withdrawal")
    assert world.invitation("Aurora Media Watch").status == "declined"


def test_a_name_alone_answers_only_once_it_is_approved(world: World) -> None:
    """Anybody can sign with the name of somebody invited; that must not stop the reminders."""
    world.invite("Aurora Media Watch; other@aurora.example")
    world.verified(AURORA, visibility="confidential")
    assert world.invitation("Aurora Media Watch").status == "invited"
    link = world.link("other@aurora.example", "/invitations/")
    before = world.client.get(link).text
    world.desk().decide(world.slug, "Aurora Media Watch", "approval")
    assert world.invitation("Aurora Media Watch").status == "signed"
    # Whoever was invited is not told what a colleague did in confidence.
    assert world.client.get(link).text == before
    world.desk().decide(
        world.slug, "Aurora Media Watch", "decline", status="approved", reason="Not they."
    )
    assert world.invitation("Aurora Media Watch").status == "declined"


def test_the_link_ends_with_its_invitation(world: World) -> None:
    world.invite(LISTED)
    link = personal(world)
    desk = world.desk()
    (one,) = world.invitation_ids()
    asked = desk.browser.get(f"{PATH}/removal?id={one}")
    assert "Remove 1 invitation?" in said(asked)
    desk.browser.post(f"{PATH}/removal", data=Forms(asked.text).forms[f"{PATH}/removal"])
    assert world.client.get(link).status_code == 404
    for kind in ("promise", "decline", "endorsement", "refusal"):
        assert world.client.post(f"{link}/{kind}").status_code == 404
    assert "Nobody is on the list yet." in page(desk)


def test_other_links_are_no_personal_links(world: World) -> None:
    world.invite(LISTED)
    world.sign(AURORA)
    confirm = world.link(AURORA["email"]).removeprefix("/confirm/")
    token = personal(world).removeprefix("/invitations/")
    assert world.client.get(f"/invitations/{confirm}").status_code == 404
    assert world.client.get(f"/confirm/{token}").status_code == 404
    assert world.client.get(f"/manage/{token}").status_code == 404


def test_invitees_are_shared_out_and_noted(world: World) -> None:
    world.invite(f"{LISTED}\nElm Watch; eva@elm.example", sends=False)
    otto = world.share(OTTO, "editor")
    desk = world.desk()
    one = world.invitation("Elm Watch")
    asked = desk.browser.get(f"{PATH}/assignment?id={one.id}")
    (owner,) = re.findall(r'value="([^"]+)"[^>]*>o…@organisers.example \(organiser 2\)', asked.text)
    form = Forms(asked.text).forms[f"{PATH}/assignment"]
    assert desk.browser.post(f"{PATH}/assignment", data={**form, "owner": owner}).status_code == 303
    mine = page(otto, f"?owner={owner}")
    assert "Elm Watch" in mine
    assert "Valley Listeners" not in mine
    assert "Valley Listeners" in page(otto, "?view=board")
    note = Forms(otto.browser.get(f"{PATH}/{one.id}").text).forms[f"{PATH}/{one.id}/note"]
    otto.browser.post(f"{PATH}/{one.id}/note", data={**note, "note": "Eva is back on Monday."})
    assert "Eva is back on Monday." in page(desk)
    stranger = desk.browser.post(f"{PATH}/assignment", data={**form, "owner": str(new_id())})
    assert stranger.status_code == 422


def test_pressing_with_nobody_ticked_comes_back_to_the_same_list(world: World) -> None:
    world.invite(f"{LISTED}\nElm Watch; eva@elm.example", sends=False)
    desk = world.desk()
    for action in ("sending", "reminder", "assignment", "removal"):
        refused = desk.browser.get(f"{PATH}/{action}?status=unmailed&q=elm")
        assert refused.status_code == 422
        assert "Tick at least one line." in refused.text
        assert "Elm Watch" in refused.text
        assert "Valley Listeners" not in refused.text
    book = desk.post(f"{PATH}/book", desk.browser.get(f"{PATH}/book").text)
    assert book.status_code == 422
    assert "Tick at least one line." in book.text


def test_what_was_ticked_stays_ticked_when_nobody_can_be_written_to(world: World) -> None:
    world.invite(f"{LISTED}\nElm Watch; eva@elm.example", sends=False)
    with world.database.write() as db:
        db.execute(update(Letter).values(status="draft"))
    ticked, _other = world.invitation_ids()
    refused = world.desk().browser.get(f"{PATH}/sending?id={ticked}")
    assert refused.status_code == 409
    assert "Open the letter first" in refused.text
    (shown,) = re.findall(r'name="id" value="([^"]+)"[^>]* checked', refused.text)
    assert shown == str(ticked)


def test_a_reviewer_looks_and_changes_nothing(world: World) -> None:
    world.invite(LISTED, sends=False)
    otto = world.share(OTTO, "reviewer")
    listed = otto.browser.get(PATH)
    assert "Valley Listeners" in listed.text
    assert "/sending" not in listed.text
    (one,) = world.invitation_ids()
    own = Forms(listed.text).forms["/desk/sign-out"]
    before = world.rows()
    for action in ("sending", "reminder", "assignment", "removal", "book", f"{one}/address"):
        refused = otto.browser.post(f"{PATH}/{action}", data={**own, "id": one})
        assert refused.status_code == 403, action
    assert world.rows() == before


def test_all_who_wait_for_a_mail_or_owe_an_answer_are_one_press_away(world: World) -> None:
    world.invite(f"{LISTED}\nElm Watch; eva@elm.example", sends=False)
    desk = world.desk()
    listed = desk.browser.get(PATH).text
    assert "Send the 2 invitations not mailed yet" in said(desk.browser.get(PATH))
    assert "who have not answered …" not in listed
    (sending,) = re.findall(r'href="([^"]+/sending\?[^"]+)"', listed)
    asked = desk.browser.get(unescape(sending))
    assert "Send 2 invitations?" in said(asked)
    form = AllForms(asked.text).forms[f"{PATH}/sending"]
    assert desk.browser.post(f"{PATH}/sending", data=form).status_code == 303
    world.deliver()
    answer(world, "decline")
    listed = desk.browser.get(PATH).text
    assert "not mailed yet …" not in listed
    (reminder,) = re.findall(r'href="([^"]+/reminder\?[^"]+)"', listed)
    asked = said(desk.browser.get(unescape(reminder)))
    assert "Remind 1 invitee now?" in asked
    assert "Elm Watch" in asked
    otto = world.share(OTTO, "reviewer")
    assert "/reminder?" not in otto.browser.get(PATH).text


def test_the_introduction_is_shown_as_it_will_look(world: World) -> None:
    desk = world.desk()
    path = f"{PATH}/introduction"
    words = "Dear colleagues,\nplease join us before the hearing.\nOlga"
    sent = submit(desk.browser, path, path, introduction=words)
    assert sent.status_code == 303
    assert "please join us before the hearing. Olga" in page(desk, "/introduction")
    html = desk.browser.get(f"{path}/mail")
    assert "please join us before the hearing." in html.text
    for link in ("see https://evil.example", "www.evil.example", "write to a@evil.example"):
        refused = submit(desk.browser, path, path, introduction=link)
        assert refused.status_code == 422
        assert link in unescape(refused.text)
    world.invite(LISTED)
    (mail,) = world.mails_to(VERA)
    quoted = "".join(f"> {line}\n" for line in words.split("\n"))
    assert quoted in text_of(mail)


def test_the_address_is_masked_until_it_is_asked_for(world: World) -> None:
    world.invite(LISTED, sends=False)
    desk = world.desk()
    (one,) = world.invitation_ids()
    assert VERA not in page(desk, f"/{one}")
    shown = submit(desk.browser, f"{PATH}/{one}", f"{PATH}/{one}/address")
    assert VERA in said(shown)
    assert len(world.trail("address revealed")) == 1


@pytest.mark.parametrize("path", ["", "?view=board", "?q=member", "/sending?all=yes&q=member"])
def test_a_thousand_invitees_take_few_queries(world: World, path: str) -> None:
    lines = "\n".join(f"Member {n:04}; m{n}@member.example; NO" for n in range(1_000))
    world.invite(lines, sends=False)
    desk = world.desk()
    with world.queries() as heard:
        page(desk, path)
    assert 3 < len(heard) < 40


def test_the_day_has_an_allowance(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one_a_day = Allowance(throttle.INVITATIONS.name, 1, throttle.DAY)
    monkeypatch.setattr("app.throttle.INVITATIONS", one_a_day)
    world.invite(f"{LISTED}\nElm Watch; eva@elm.example")
    world.deliver()
    assert len(world.sink.mails) == 1
    assert "Not mailed yet 1 Invited 1" in page(world.desk())


def test_no_mailbox_is_filled_with_invitations(world: World) -> None:
    """Neither by inviting it for many organisations, nor by removing it and inviting it again."""
    crowd = "\n".join(f"Watch No. {n}; vera@victim.example" for n in range(8))
    world.invite(crowd)
    world.deliver()
    assert len(world.mails_to("vera@victim.example")) == 5

    world.another_letter()
    world.invite(f"{LISTED}\nElm Watch; vera@victim.example")
    world.deliver()
    assert len(world.mails_to("vera@victim.example")) == 5
    assert world.invitation("Elm Watch").invited_at is None  # it can be sent tomorrow
