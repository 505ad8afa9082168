"""Programs act for an organiser, with a token that does what its organiser may and no more."""

import re
from html import unescape
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.duplicate import merges
from app.endorsement.endorsements import Endorsement
from app.letter import letters
from app.trail.audit import OPERATOR
from tests.journeys.test_team import member
from tests.world import AURORA, BOREAS, CIRRUS, EMIL, OTTO, Desk, World, later, text_of

PROBLEM = "application/problem+json"


def token(desk: Desk, *scopes: str, days: str = "90") -> str:
    """Made at the desk, as an organiser does."""
    page = desk.browser.get("/desk/tokens").text
    fields: dict[str, Any] = {"name": "A program", "scopes": list(scopes), "days": days}
    answer = desk.post("/desk/tokens", page, **fields)
    found = re.search(r"<code>(und_[\w-]+)</code>", answer.text)
    assert found, answer.text
    return found[1]


class Program:
    def __init__(self, world: World, secret: str) -> None:
        self.browser = world.browser(headers={"authorization": f"Bearer {secret}"})

    def get(self, path: str) -> Any:
        answer = self.browser.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, **request: Any) -> tuple[int, str]:
        answer = self.browser.request(method, f"/api/v1{path}", **request)
        return facts_of(answer)


def facts_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and sentence of a problem document."""
    assert answer.headers["content-type"] == PROBLEM, answer.text
    facts = answer.json()
    assert facts["status"] == answer.status_code
    assert set(facts) == {"type", "title", "status", "detail"}
    return answer.status_code, facts["detail"]


def program(world: World, *scopes: str) -> Program:
    return Program(world, token(world.desk(), *scopes))


def test_letters_and_endorsements_are_read(world: World) -> None:
    world.approved(AURORA)
    world.verified(EMIL)
    reader = program(world, "look")
    (letter,) = reader.get("/letters")["letters"]
    assert letter == reader.get(f"/letters/{world.slug}")
    assert (letter["slug"], letter["role"], letter["status"]) == (world.slug, "owner", "open")
    assert letter["counts"]["approved"] == letter["counts"]["verified"] == 1
    waiting = reader.get(f"/letters/{world.slug}/endorsements")
    assert [one["name"] for one in waiting["endorsements"]] == ["Emil Quist"]
    assert waiting["next"] is None
    (listed,) = reader.get(f"/letters/{world.slug}/endorsements?status=approved")["endorsements"]
    assert listed["id"] == world.signatories()[0]["id"]
    assert listed["signed_at"].endswith("Z")
    assert "@" not in str((letter, waiting, listed))
    assert reader.get(f"/letters/{world.slug}/invitations") == {"invitations": [], "next": None}


def test_a_merged_endorsement_says_into_which(world: World) -> None:
    for who in (AURORA, BOREAS):
        world.approved(who)
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        one, other = db.scalars(select(Endorsement).order_by(col(Endorsement.id)))
        merges.merge(db, one, other, letter, by=OPERATOR)
        gone, stays = one.public_id, other.public_id
    reader = program(world, "look")
    path = f"/letters/{world.slug}/endorsements?status=approved"
    (line,) = reader.get(path)["endorsements"]
    assert (line["id"], line["merged_into"]) == (stays, None)
    found = reader.get(f"{path}&merged=true&limit=1")
    assert [(x["id"], x["merged_into"]) for x in found["endorsements"]] == [(gone, stays)]
    following = found["next"].partition("/api/v1")[2]
    assert [x["id"] for x in reader.get(following)["endorsements"]] == [stays]


def test_a_program_approves_and_declines(world: World) -> None:
    world.verified(AURORA)
    world.verified(BOREAS)
    robot = program(world, "look", "review")
    path = f"/letters/{world.slug}/endorsements"
    ids = {one["organisation"]: one["id"] for one in robot.get(path)["endorsements"]}
    answer = robot.browser.post(f"/api/v1{path}/{ids[AURORA['organisation']]}/approval")
    assert answer.json()["status"] == "approved"
    assert world.names() == ["Aurora Media Watch"]
    url = f"/api/v1{path}/{ids[BOREAS['organisation']]}/decline"
    assert facts_of(robot.browser.post(url, json={"reason": " "}))[0] == 422
    assert robot.browser.post(url, json={"reason": "Unknown to us."}).json()["reason"] == (
        "Unknown to us."
    )
    with later(minutes=15):
        assert "Unknown to us." in text_of(world.mails_to(BOREAS["email"])[-1])
    assert world.trail("declined")[-1].facts["via"] == "api"
    history = world.desk().browser.get(f"/desk/letters/{world.slug}/audit").text
    assert "through the API" in history


def test_who_decides_too_late_is_told(world: World) -> None:
    world.approved(AURORA)
    robot = program(world, "look", "review")
    (listed,) = robot.get(f"/letters/{world.slug}/endorsements?status=approved")["endorsements"]
    path = f"/letters/{world.slug}/endorsements/{listed['id']}/approval"
    status, sentence = robot.refused("POST", path)
    assert status == 409
    assert "somebody was quicker" in sentence
    (entry,) = world.trail("decision came too late")
    assert entry.actor.startswith("organiser:")


def test_without_a_token_that_is_good_nothing_is_told(world: World) -> None:
    desk = world.desk()
    good = token(desk, "look")
    for header in (
        "",
        "Bearer",
        "Bearer und_x",
        f"Basic {good}",
        f"Bearer {good}x",
        "Bearer \u00e4",
    ):
        headers = {"authorization": header.encode("latin-1")} if header else {}
        answer = world.client.get("/api/v1/letters", headers=headers)
        assert facts_of(answer)[0] == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    with later(days=91):
        assert Program(world, good).refused("GET", "/letters")[0] == 401
    revoke = re.search(
        r'action="(/desk/tokens/\S+/revocation)"', desk.browser.get("/desk/tokens").text
    )
    assert revoke
    assert desk.post(revoke[1], desk.browser.get("/desk/tokens").text).status_code == 303
    assert Program(world, good).refused("GET", "/letters")[0] == 401
    # A session's cookie is no token.
    assert desk.browser.get("/api/v1/letters").status_code == 401


def test_a_token_does_what_its_scopes_and_its_organisers_role_allow(world: World) -> None:
    world.verified(AURORA)
    path = f"/letters/{world.slug}/endorsements"
    (waiting,) = program(world, "look").get(path)["endorsements"]
    approval = f"{path}/{waiting['id']}/approval"
    status, sentence = program(world, "look").refused("POST", approval)
    assert (status, "scope" in sentence) == (403, True)
    viewer = Program(world, token(world.share(OTTO, "viewer"), "look", "review"))
    assert viewer.get(path)["endorsements"]
    assert viewer.refused("POST", approval)[0] == 403
    stranger = Program(world, token(world.desk("nobody@organisers.example"), "look", "review"))
    assert stranger.get("/letters") == {"letters": []}
    for method, address in (
        ("GET", f"/letters/{world.slug}"),
        ("GET", path),
        ("GET", f"/letters/{world.slug}/invitations"),
        ("POST", approval),
        ("GET", "/letters/no-such-letter"),
    ):
        assert stranger.refused(method, address)[0] == 404
    assert world.names() == []


def test_a_token_of_somebody_let_go_does_nothing_any_more(world: World) -> None:
    world.verified(AURORA)
    otto = world.share(OTTO)
    ottos = Program(world, token(otto, "look", "review"))
    path = f"/letters/{world.slug}/endorsements"
    (waiting,) = ottos.get(path)["endorsements"]
    olga = world.desk()
    team = f"/desk/letters/{world.slug}/team"
    olga.post(f"{member(world, OTTO)}/role", olga.browser.get(team).text, role="viewer")
    assert ottos.get(path)["endorsements"]
    assert ottos.refused("POST", f"{path}/{waiting['id']}/approval")[0] == 403
    olga.post(f"{member(world, OTTO)}/removal", olga.browser.get(team).text)
    assert ottos.get("/letters") == {"letters": []}
    for method, address in (
        ("GET", f"/letters/{world.slug}"),
        ("GET", path),
        ("POST", f"{path}/{waiting['id']}/approval"),
        ("POST", f"{path}/{waiting['id']}/decline"),
    ):
        assert ottos.refused(method, address, json={"reason": "No."})[0] == 404
    assert world.names() == []


def test_an_endorsement_of_another_letter_is_not_there(world: World) -> None:
    world.approved(AURORA)
    foreign = world.signatories()[0]["id"]
    slug = world.another_letter()
    robot = program(world, "look", "review")
    for one in (foreign, "unknown", "0" * 22):
        path = f"/letters/{slug}/endorsements/{one}/approval"
        assert robot.refused("POST", path) == (404, "There is no such endorsement.")


def test_long_lists_come_page_by_page(world: World) -> None:
    for who in (AURORA, BOREAS, CIRRUS):
        world.verified(who)
    reader = program(world, "look")
    names, path = [], f"/letters/{world.slug}/endorsements?limit=2"
    while path:
        page = reader.get(path)
        names += [one["organisation"] for one in page["endorsements"]]
        assert len(page["endorsements"]) <= 2
        path = (page["next"] or "").partition("/api/v1")[2]
    assert names == [who["organisation"] for who in (AURORA, BOREAS, CIRRUS)]


@pytest.mark.parametrize("query", ["status=unknown", "limit=0", "limit=x", "after=x"])
def test_what_cannot_be_taken_is_named_and_not_echoed(world: World, query: str) -> None:
    reader = program(world, "look")
    status, sentence = reader.refused("GET", f"/letters/{world.slug}/endorsements?{query}")
    assert status == 422
    assert query.partition("=")[0] in sentence


def test_every_field_is_described_with_an_example(world: World) -> None:
    described = world.client.get("/api/v1/openapi.json").json()
    models = described["components"]["schemas"]
    assert {"Letter", "Endorsement", "Invitation", "Problem"} <= set(models)
    for name, model in models.items():
        for field, facts in model["properties"].items():
            if "ValidationError" not in name:
                assert facts.get("description"), f"{name}.{field}"
                assert facts.get("examples") or "$ref" in str(facts), f"{name}.{field}"
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert "401" in operation["responses"], path
    page = unescape(world.client.get("/api/docs").text)
    for path in described["paths"]:
        assert path in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Give the token a name"),
        ({"scopes": []}, "Choose what the token may do."),
        ({"scopes": ["own"]}, "Choose what the token may do."),
        ({"days": "100000"}, "Choose how long"),
    ],
)
def test_a_token_that_cannot_be_made(world: World, fields: dict[str, Any], sentence: str) -> None:
    desk = world.desk()
    page = desk.browser.get("/desk/tokens").text
    typed = {"name": "Mine", "scopes": ["look"], "days": "90", **fields}
    answer = desk.post("/desk/tokens", page, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_nobody_revokes_anothers_token_and_none_is_shown_twice(world: World) -> None:
    olga, otto = world.desk(), world.desk(OTTO)
    secret = token(olga, "look")
    page = olga.browser.get("/desk/tokens").text
    assert secret not in page
    revoke = re.search(r'action="(/desk/tokens/\S+/revocation)"', page)
    assert revoke
    assert otto.post(revoke[1], otto.browser.get("/desk/tokens").text).status_code == 404
    Program(world, secret).get("/letters")
    assert secret not in str(world.rows())
