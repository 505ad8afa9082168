"""Organisers at the desk: signing in, who may see what, and the decisions they take."""

import re
from collections.abc import Iterator
from functools import partial
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from app import letters, links, organisers
from app.audit import OPERATOR
from tests.journeys.test_manage import at_once
from tests.routes import addresses, values_of
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    OLGA,
    OTTO,
    Desk,
    Forms,
    World,
    later,
    submit,
    text_of,
)

NAME = "Aurora Media Watch"
SIGN_IN = "/desk/sign-in"


def ask(world: World, browser: TestClient, email: str = OLGA) -> str:
    """Asks for a sign-in link in this browser; answers the link's path."""
    answer = submit(browser, SIGN_IN, SIGN_IN, email=email)
    assert answer.status_code == 200
    assert "If the address belongs to an organiser" in answer.text
    return world.link(email, f"{SIGN_IN}/")


def is_signed_in(browser: TestClient) -> bool:
    answer = browser.get("/desk/letters")
    if answer.status_code == 303:
        assert answer.headers["location"] == SIGN_IN
    return answer.status_code == 200


def ids(world: World, slug: str) -> list[str]:
    """The ids of endorsements in all of a letter's queues."""
    desk = world.desk()
    pages = [desk.queue(slug, status) for status in ("verified", "approved", "pending")]
    return re.findall(r'id="e-([0-9a-f-]{36})"', "".join(pages))


def share(world: World, email: str) -> Desk:
    """Makes somebody a second owner of the letter."""
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        organisers.give_role(db, organisers.add(db, email), letter, "owner", by=OPERATOR)
    return world.desk(email)


def desk_addresses(world: World, method: str, slug: str, endorsements: list[str]) -> Iterator[str]:
    given = {"letters/{slug}": [slug], "endorsements/{endorsement_id}": endorsements}
    for address in addresses(world.app, method, values_of(world, **given), desk=True):
        if not address.startswith(SIGN_IN):
            yield address


class TestSigningIn:
    def test_opening_the_link_shows_a_button_and_the_button_signs_in(self, world: World) -> None:
        browser = world.browser()
        link = ask(world, browser)
        for _scan in range(3):
            for scanner in (world.browser(), browser):
                scanner.get(link)
                scanner.head(link)
        assert not is_signed_in(browser)
        page = browser.get(link)
        assert "One press of the button signs you in on this browser." in page.text
        answer = submit(browser, link, link)
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/letters")
        assert is_signed_in(browser)
        assert "Free the press of Ardal" in browser.get("/desk/letters").text

    def test_it_works_once(self, world: World) -> None:
        browser = world.browser()
        link = ask(world, browser)
        form = Forms(browser.get(link).text).forms[link]
        first, again = browser.post(link, data=form), browser.post(link, data=form)
        assert first.status_code == 303
        assert again.status_code in (403, 410)
        for answer in (browser.get(link), world.browser().get(link)):
            assert answer.status_code == 410
            assert "was used already" in answer.text

    def test_it_works_for_ten_minutes(self, world: World) -> None:
        browser = world.browser()
        link = ask(world, browser)
        form = Forms(browser.get(link).text).forms[link]
        with later(minutes=10, seconds=1):
            for answer in (browser.get(link), browser.post(link, data=form)):
                assert answer.status_code == 410
                assert "too old" in answer.text
        with later(minutes=9, seconds=55):
            assert browser.post(link, data=form).status_code == 303

    def test_it_works_in_the_browser_that_asked_alone(self, world: World) -> None:
        browser, thief = world.browser(), world.browser()
        link = ask(world, browser)
        page = thief.get(link)
        assert page.status_code == 403
        assert "asked for in another browser" in page.text
        assert link not in Forms(page.text).forms
        for posted in (thief.post(link), submit(thief, SIGN_IN, link_of(thief, link))):
            assert posted.status_code in (403, 404)
        assert not is_signed_in(thief)
        assert submit(browser, link, link).status_code == 303

    def test_the_command_lines_link_works_in_any_browser_for_a_day(self, world: World) -> None:
        with world.database.write() as db:
            organiser = organisers.by_email(db, OLGA)
            assert organiser
            link = f"{SIGN_IN}/{links.token(db.keys, links.SIGN_IN, organisers.first_link(db, organiser))}"
        with later(hours=23):
            browser = world.browser()
            assert submit(browser, link, link).status_code == 303
            assert is_signed_in(browser)

    def test_two_browsers_at_once_give_one_session(self, world: World) -> None:
        browser = world.browser()
        link = ask(world, browser)
        form = Forms(browser.get(link).text).forms[link]
        cookies = dict(browser.cookies)
        twins = [world.browser(cookies=cookies) for _number in range(2)]
        answers = at_once(*(partial(twin.post, link, data=form) for twin in twins))
        assert sorted(answer.status_code for answer in answers) == [303, 410]

    def test_an_address_that_is_none_is_named_so(self, world: World) -> None:
        answer = submit(world.client, SIGN_IN, SIGN_IN, email="olga at example")
        assert answer.status_code == 422
        assert 'value="olga at example"' in answer.text
        assert "not an e-mail address" in answer.text or "without names" in answer.text

    def test_the_session_is_new_and_its_cookie_guarded(self, world: World) -> None:
        browser = world.browser()
        browser.cookies.set("undersigned-desk", "planted-by-somebody")
        link = ask(world, browser)
        cookie = submit(browser, link, link).headers.get_list("set-cookie")[0]
        assert re.match(r"undersigned-desk=[\w-]{43};", cookie)
        for attribute in ("HttpOnly", "SameSite=lax", "Path=/", "Max-Age=43200"):
            assert attribute in cookie
        assert "Domain" not in cookie

    def test_on_https_cookies_are_bound_to_the_host(self, world: World) -> None:
        with world.elsewhere(base_url="https://letters.example") as secure:
            browser = secure.browser()
            asked = submit(browser, SIGN_IN, SIGN_IN, email=OLGA)
            link = secure.link(OLGA, f"{SIGN_IN}/")
            signed_in = submit(browser, link, link)
            assert is_signed_in(browser)
            for answer, name in ((asked, "browser"), (signed_in, "desk")):
                cookie = answer.headers.get_list("set-cookie")[0]
                assert cookie.startswith(f"__Host-undersigned-{name}=")
                assert "Secure" in cookie
            assert signed_in.headers["strict-transport-security"] == "max-age=31536000"

    def test_signing_out_ends_the_session_itself(self, world: World) -> None:
        desk = world.desk()
        cookies = dict(desk.browser.cookies)
        page = desk.browser.get("/desk/letters").text
        out = desk.post("/desk/sign-out", page)
        assert (out.status_code, out.headers["location"]) == (303, SIGN_IN)
        assert not is_signed_in(desk.browser)
        assert not is_signed_in(world.browser(cookies=cookies))

    def test_a_session_ends_after_twelve_hours(self, world: World) -> None:
        desk = world.desk()
        with later(hours=11, minutes=59):
            assert is_signed_in(desk.browser)
        with later(hours=12, minutes=1):
            assert not is_signed_in(desk.browser)

    def test_signing_somebody_in_to_a_strange_account_needs_their_own_page(
        self, world: World
    ) -> None:
        """Login CSRF: a thief's link, posted from the thief's page in the victim's browser."""
        victim = world.browser()
        victim.get(SIGN_IN)
        thief = world.browser()
        link = ask(world, thief)
        form = Forms(thief.get(link).text).forms[link]
        assert victim.post(link, data=form).status_code == 403
        foreign = victim.post(link, data=form, headers={"origin": "https://thief.example"})
        assert foreign.status_code == 403
        assert not is_signed_in(victim)


def link_of(browser: TestClient, link: str) -> str:
    """The sign-in page has no form for that link; a thief adds the page's CSRF field."""
    page = Forms(browser.get(SIGN_IN).text)
    assert SIGN_IN in page.forms
    return SIGN_IN if link in page.forms else link


class TestWhoMaySeeWhat:
    def test_signed_out_everything_leads_to_the_sign_in_page(self, world: World) -> None:
        world.verified(AURORA)
        endorsements = ids(world, world.slug)
        assert endorsements
        before = world.rows()
        visitor = world.browser()
        for method in ("GET", "POST"):
            walked = list(desk_addresses(world, method, world.slug, endorsements))
            assert len(walked) > 8
            for address in walked:
                answer = visitor.request(method, address)
                assert answer.status_code == 303, address
                assert answer.headers["location"] in (SIGN_IN, "/desk/letters"), address
        assert world.rows() == before

    def test_another_organiser_gets_404_everywhere(self, world: World) -> None:
        world.verified(AURORA)
        world.approved(BOREAS)
        endorsements, slug = ids(world, world.slug), world.slug
        otto = world.desk(OTTO)
        own = otto.browser.get("/desk/letters")
        assert "Free the press" not in own.text
        csrf = Forms(own.text).forms["/desk/sign-out"]
        before = world.rows()
        for method in ("GET", "POST"):
            for address in desk_addresses(world, method, slug, endorsements):
                if slug not in address:
                    continue
                for form in (csrf, {**csrf, "reason": "No.", "order": "time", "articles": "keep"}):
                    data = form if method == "POST" else None
                    answer = otto.browser.request(method, address, data=data)
                    assert answer.status_code == 404, (method, address)
                    assert "Aurora" not in answer.text
                    assert "press of Ardal" not in answer.text
        assert world.rows() == before

    def test_an_endorsement_of_another_letter_is_not_there(self, world: World) -> None:
        world.verified(AURORA)
        foreign = ids(world, world.slug)
        otto = world.desk(OTTO)
        slug = world.another_letter()
        with world.database.write() as db:
            organiser = organisers.by_email(db, OTTO)
            assert organiser
            letter = letters.by_slug(db, slug)
            organisers.give_role(db, organiser, letter, "owner", by=OPERATOR)
        csrf = Forms(otto.browser.get("/desk/letters").text).forms["/desk/sign-out"]
        before = world.rows()
        for method in ("GET", "POST"):
            for address in desk_addresses(world, method, slug, foreign):
                if foreign[0] in address:
                    data = {**csrf, "reason": "No."} if method == "POST" else None
                    answer = otto.browser.request(method, address, data=data)
                    assert answer.status_code == 404, (method, address)
        assert world.rows() == before

    def test_every_form_needs_the_field_of_this_session(self, world: World) -> None:
        world.verified(AURORA)
        endorsements, desk, other = ids(world, world.slug), world.desk(), world.desk()
        foreign = Forms(other.browser.get("/desk/letters").text).forms["/desk/sign-out"]["csrf"]
        before = world.rows()
        for address in desk_addresses(world, "POST", world.slug, endorsements):
            for data in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": foreign}, {"csrf": "ä"}):
                answer = desk.browser.post(address, data=data)
                assert answer.status_code == 403, address
                assert "Go back, reload it and try again." in answer.text
        assert world.rows() == before

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": ""},
            {"origin": "http://[broken"},
            {"origin": "http://127.0.0.1:8001"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ],
    )
    def test_no_form_is_taken_from_another_site(
        self, world: World, headers: dict[str, str]
    ) -> None:
        world.verified(AURORA)
        desk, endorsements = world.desk(), ids(world, world.slug)
        csrf = Forms(desk.browser.get("/desk/letters").text).forms["/desk/sign-out"]
        confirm = world.link(AURORA["email"]).removeprefix("/confirm/")
        manage = world.link(AURORA["email"], "/manage/").removeprefix("/manage/")
        given = values_of(
            world,
            **{
                "letters/{slug}": [world.slug],
                "confirm/{token}": [confirm],
                "manage/{token}": [manage],
                "endorsements/{endorsement_id}": endorsements,
            },
        )
        before = world.rows()
        for at_desk in (True, False):
            for address in addresses(world.app, "POST", given, desk=at_desk):
                answer = desk.browser.post(address, data={**AURORA, **csrf}, headers=headers)
                assert answer.status_code == 403, address
        assert world.rows() == before

    def test_forms_of_our_own_pages_are_taken_however_browsers_say_so(self, world: World) -> None:
        for headers in (
            {"origin": "http://127.0.0.1:8000"},
            {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"},
            {"sec-fetch-site": "none"},
        ):
            browser = world.browser(headers=headers)
            assert world.sign(AURORA, browser=browser).status_code == 303


class TestDecisions:
    def test_declining_needs_a_reason_and_the_signer_is_told_it(self, world: World) -> None:
        world.verified(AURORA)
        desk = world.desk()
        for reason, complaint in (("", "Say why"), ("  \n", "Say why"), ("x" * 1001, "too long")):
            refused = desk.decide(world.slug, NAME, "decline", reason=reason)
            assert refused.status_code == 422
            assert complaint in refused.text
            assert f"Decline {NAME}" in refused.text
            assert reason.strip() in refused.text
        assert NAME in desk.queue(world.slug)
        # The page that asks for the reason has the form too.
        forms = Forms(refused.text).forms
        (action,) = (path for path in forms if path.endswith("/decline"))
        reason = "We could not reach your office.\n<Please> call us."
        declined = desk.browser.post(action, data={**forms[action], "reason": reason})
        assert declined.status_code == 303
        mail = world.mails_to(AURORA["email"])[-1]
        assert "was declined" in mail["subject"]
        assert "We could not reach your office." in text_of(mail)
        assert "<Please> call us." in text_of(mail)
        assert "Declined because: We could not reach your office." in desk.queue(
            world.slug, "declined"
        )
        assert world.trail("declined")[0].reason == reason

    def test_a_declined_signer_may_be_approved_after_all(self, world: World) -> None:
        world.verified(AURORA)
        desk = world.desk()
        desk.decide(world.slug, NAME, "decline", reason="Who are you?")
        assert desk.decide(world.slug, NAME, "approval", status="declined").status_code == 303
        assert world.names() == [NAME]
        assert desk.decide(
            world.slug, NAME, "decline", status="approved", reason="Your board wrote to us."
        ).is_redirect
        assert world.names() == []

    def test_nobody_is_approved_who_has_not_confirmed(self, world: World) -> None:
        world.sign(AURORA)
        desk, (endorsement,) = world.desk(), ids(world, world.slug)
        page = desk.queue(world.slug, "pending")
        for action in ("approval", "decline"):
            path = f"/desk/letters/{world.slug}/endorsements/{endorsement}/{action}"
            assert path not in page
            assert desk.post(path, page, reason="No.").status_code == 409
        assert world.names() == []

    @pytest.mark.parametrize("round_", range(3))
    def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(
        self, world: World, round_: int
    ) -> None:
        world.verified(AURORA)
        olga, otto = world.desk(), share(world, OTTO)
        page, his = olga.queue(world.slug), otto.queue(world.slug)
        answers = at_once(
            partial(olga.press, page, NAME, "approval"),
            partial(otto.press, his, NAME, "decline", reason="Not them."),
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        late = next(answer for answer in answers if answer.status_code == 409)
        assert "somebody was quicker. Nothing was changed." in late.text
        was_approved = answers[0].status_code == 303
        assert world.names() == ([NAME] if was_approved else [])
        decided = [*world.trail("approved"), *world.trail("declined")]
        assert len(decided) == 1
        (told,) = world.trail("decision came too late")
        assert told.subject_id == decided[0].subject_id
        assert told.actor != decided[0].actor
        # And only one mail has left.
        subjects = [mail["subject"] for mail in world.mails_to(AURORA["email"])]
        assert sum("approved" in subject or "declined" in subject for subject in subjects) == 1

    def test_a_line_that_changed_meanwhile_is_looked_at_again(self, world: World) -> None:
        world.verified(AURORA)
        desk = world.desk()
        page = desk.queue(world.slug)
        link = world.link(AURORA["email"], "/manage/")
        submit(world.client, link, f"{link}/correction", organisation="Dr Johnny Bananas")
        refused = desk.press(page, NAME, "approval")
        assert refused.status_code == 409
        assert "The signer has changed this line since you opened the page." in refused.text
        assert world.names() == []

    def test_a_correction_replaced_meanwhile_is_read_again(self, world: World) -> None:
        world.approved(AURORA)
        link = world.link(AURORA["email"], "/manage/")
        submit(world.client, link, f"{link}/correction", organisation="Aurora Norway")
        desk = world.desk()
        page = desk.queue(world.slug, "approved")
        submit(world.client, link, f"{link}/correction", organisation="Dr Johnny Bananas")
        refused = desk.press(page, NAME, "correction/acceptance")
        assert refused.status_code == 409
        assert "another correction since you opened the page" in refused.text
        assert world.names() == [NAME]

    def test_looking_at_an_address_is_logged(self, world: World) -> None:
        world.verified(AURORA)
        desk, (endorsement,) = world.desk(), ids(world, world.slug)
        path = f"/desk/letters/{world.slug}/endorsements/{endorsement}/address"
        for page in (desk.queue(world.slug), desk.browser.get(path).text):
            assert "anna@aurora.example" not in page
            assert "a…@aurora.example" in page
        assert world.trail("address revealed") == []
        revealed = submit(desk.browser, path, path)
        assert "anna@aurora.example" in revealed.text
        (entry,) = world.trail("address revealed")
        assert entry.subject_id == UUID(endorsement)
        assert entry.actor.startswith("organiser:")

    def test_a_held_back_mail_is_shown_and_released(self, world: World) -> None:
        for name in ("One", "Two", "Three"):
            world.sign(AURORA, organisation=f"Aurora {name}")
        assert world.sign(AURORA).status_code == 303
        assert len(world.mails_to(AURORA["email"])) == 3
        desk = world.desk()
        assert (
            "Held mails were stopped by a limit against abuse."
            in desk.browser.get(f"/desk/letters/{world.slug}").text
        )
        assert "Mail held back" in desk.queue(world.slug, "pending")
        assert desk.decide(world.slug, NAME, "mail", status="pending").status_code == 303
        assert len(world.mails_to(AURORA["email"])) == 4
        assert "Mail held back" not in desk.queue(world.slug, "pending")
        assert world.client.post(world.link(AURORA["email"])).status_code == 200
        assert NAME in desk.queue(world.slug)
        assert len(world.trail("mail released")) == 1


class TestTheQueue:
    @pytest.mark.parametrize(
        ("email", "website", "tone", "sentence"),
        [
            (
                "anna@aurora.example",
                "https://aurora.example",
                "good",
                "at the website's own domain",
            ),
            ("anna@mail.aurora.example", "https://www.aurora.example", "good", "own domain"),
            ("aurora@gmail.com", "https://aurora.example", "warn", "where anybody can have one"),
            ("anna@auroras.example", "https://aurora.example", "bad", "only looks like"),
            ("anna@mailinator.com", "https://aurora.example", "bad", "throw-away"),
            ("anna@aurora.example", "", "info", "No website was given"),
        ],
    )
    def test_the_mail_domain_speaks_for_or_against_the_signer(
        self, world: World, email: str, website: str, tone: str, sentence: str
    ) -> None:
        world.verified(AURORA, email=email, website=website)
        chips = re.findall(r'<li class="chip (\w+)">(.+?)</li>', world.desk().queue(world.slug))
        said = [told.replace("&#39;", "'") for found, told in chips if found == tone]
        assert any(sentence in told for told in said), chips

    def test_a_look_alike_of_a_listed_organisation_is_flagged(self, world: World) -> None:
        world.approved(AURORA)
        world.verified(
            BOREAS, email="x@aur0ra.example", website="https://aur0ra.example", organisation="A."
        )
        queue = world.desk().queue(world.slug)
        assert "looks like aurora.example of another organisation" in queue

    def test_a_name_that_only_looks_latin_is_flagged(self, world: World) -> None:
        world.verified(AURORA, organisation="Аurora Media")  # with a Cyrillic А
        assert "mixes letters of different scripts" in world.desk().queue(world.slug)

    def test_it_is_paged_and_searched(self, world: World) -> None:
        world.approved(AURORA)
        world.crowd(120)
        desk, seen = world.desk(), []
        address = f"/desk/letters/{world.slug}/endorsements?status=approved"
        while address:
            page = desk.browser.get(address).text
            seen += re.findall(r"<h3><bdi>(.+?)</bdi>", page)
            following = re.search(r'rel="next" href="([^"]+)"', page)
            address = ""
            if following:
                query = following[1].replace("&amp;", "&")
                address = f"/desk/letters/{world.slug}/endorsements{query}"
        assert len(seen) == len(set(seen)) == 121
        found = desk.browser.get(
            f"/desk/letters/{world.slug}/endorsements?status=approved&q=MEMBER 0042"
        )
        assert re.findall(r"<h3><bdi>(.+?)</bdi>", found.text) == ["Member 0042"]

    def test_states_are_counted_and_mail_that_failed_is_named(self, world: World) -> None:
        world.sink.behave(refuse={BOREAS["email"]})
        world.sign(BOREAS)
        world.deliver()
        world.verified(CIRRUS)
        world.approved(DARIA, visibility="confidential")
        desk = world.desk()
        page = " ".join(desk.browser.get(f"/desk/letters/{world.slug}").text.split())
        for fact in (
            "<dt>To review</dt><dd>1</dd>",
            "<dt>Approved</dt><dd>1</dd>",
            "<dt>Not confirmed</dt><dd>1</dd>",
            "<dt>Confidential</dt><dd>1</dd>",
            "<dt>Failed</dt><dd>1</dd>",
        ):
            assert fact in page
        pending = desk.queue(world.slug, "pending")
        assert "Mail failed" in pending
        assert "550 5.1.1 No such mailbox" in pending
