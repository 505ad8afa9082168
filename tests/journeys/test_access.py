"""Who may see and do what: every route of the desk is walked as somebody who may not."""

from collections.abc import Iterator

from app.letter import letters
from app.organiser import organisers
from app.trail.audit import OPERATOR
from tests.routes import addresses, values_of
from tests.world import (
    AURORA,
    BOREAS,
    OTTO,
    Forms,
    World,
)

SIGN_IN = "/desk/sign-in"
INVITED = "Valley Listeners; vera@valley.example"


def desk_addresses(world: World, method: str, slug: str, endorsements: list[str]) -> Iterator[str]:
    given = {
        "letters/{slug}": [slug],
        "endorsements/{endorsement_id}": endorsements,
        "invitations/{invitation_id}": world.invitation_ids(),
    }
    for address in addresses(world.app, method, values_of(world, **given), desk=True):
        if not address.startswith(SIGN_IN):
            yield address


def test_signed_out_everything_leads_to_the_sign_in_page(world: World) -> None:
    world.verified(AURORA)
    world.invite(INVITED)
    endorsements = world.desk().ids(world.slug)
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


def test_another_organiser_gets_404_everywhere(world: World) -> None:
    world.verified(AURORA)
    world.approved(BOREAS)
    world.invite(INVITED)
    endorsements, slug = world.desk().ids(world.slug), world.slug
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
                assert "Valley" not in answer.text
                assert "press of Ardal" not in answer.text
    assert world.rows() == before


def test_an_endorsement_of_another_letter_is_not_there(world: World) -> None:
    world.verified(AURORA)
    foreign = world.desk().ids(world.slug)
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


def test_every_form_needs_the_field_of_this_session(world: World) -> None:
    world.verified(AURORA)
    world.invite(INVITED)
    endorsements, desk, other = world.desk().ids(world.slug), world.desk(), world.desk()
    foreign = Forms(other.browser.get("/desk/letters").text).forms["/desk/sign-out"]["csrf"]
    before = world.rows()
    for address in desk_addresses(world, "POST", world.slug, endorsements):
        for data in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": foreign}, {"csrf": "ä"}):
            answer = desk.browser.post(address, data=data)
            assert answer.status_code == 403, address
            assert "Go back, reload it and try again." in answer.text
    assert world.rows() == before


def test_no_form_is_taken_from_another_site(world: World) -> None:
    world.verified(AURORA)
    world.invite(INVITED)
    desk, endorsements = world.desk(), world.desk().ids(world.slug)
    csrf = Forms(desk.browser.get("/desk/letters").text).forms["/desk/sign-out"]
    confirm = world.link(AURORA["email"]).removeprefix("/confirm/")
    manage = world.link(AURORA["email"], "/manage/").removeprefix("/manage/")
    personal = world.link("vera@valley.example", "/invitations/").removeprefix("/invitations/")
    given = values_of(
        world,
        **{
            "letters/{slug}": [world.slug],
            "confirm/{token}": [confirm],
            "manage/{token}": [manage],
            "invitations/{token}": [personal],
            "endorsements/{endorsement_id}": endorsements,
        },
    )
    posted = [
        address
        for at_desk in (True, False)
        for address in addresses(world.app, "POST", given, desk=at_desk)
    ]
    before = world.rows()
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://[broken"},
        {"origin": "http://127.0.0.1:8001"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        for address in posted:
            answer = desk.browser.post(address, data={**AURORA, **csrf}, headers=headers)
            assert answer.status_code == 403, (address, headers)
    assert world.rows() == before


def test_forms_of_our_own_pages_are_taken_however_browsers_say_so(world: World) -> None:
    for headers in (
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ):
        browser = world.browser(headers=headers)
        assert world.sign(AURORA, browser=browser).status_code == 303
