"""Nobody learns from us whether an address has signed, or belongs to an organiser."""

from collections import Counter
from collections.abc import Callable

import httpx
import pytest

from tests.world import AURORA, DARIA, EMIL, OLGA, Forms, World

Ask = Callable[[World], httpx.Response]
Effort = tuple[int, list[tuple[str, str]], bytes, int]


def effort(world: World, ask: Ask) -> Effort:
    """Status, headers, bytes, and how many statements it took."""
    with world.statements() as statements:
        answer = ask(world)
    headers = [
        (name, value) for name, value in answer.headers.multi_items() if name != "set-cookie"
    ]
    return answer.status_code, headers, answer.content, len(statements)


def sign(who: dict[str, str], **changes: str) -> Ask:
    return lambda world: world.sign(who, **changes)


def nobody(_world: World) -> None:
    pass


def pending(world: World) -> None:
    world.sign(AURORA)


def verified(world: World) -> None:
    world.verified(AURORA)


def approved(world: World) -> None:
    world.approved(AURORA)


def confidential(world: World) -> None:
    world.approved(AURORA, visibility="confidential")


def declined(world: World) -> None:
    world.verified(AURORA)
    world.desk().decide(world.slug, "Aurora Media Watch", "decline", reason="No.")


def withdrawn(world: World) -> None:
    world.verified(AURORA)
    world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")


def refused(world: World) -> None:
    world.sign(AURORA)
    world.client.post(world.link(AURORA["email"]) + "/refusal", data={"everywhere": "yes"})


def of_an_organiser(world: World) -> None:
    world.desk(AURORA["email"])


def two_people(world: World) -> None:
    for who in (DARIA, EMIL):
        world.verified(who, email=AURORA["email"])


@pytest.mark.parametrize(
    ("before", "who"),
    [
        *(
            (state, AURORA)
            for state in (
                pending,
                verified,
                approved,
                confidential,
                declined,
                withdrawn,
                refused,
                of_an_organiser,
            )
        ),
        (two_people, DARIA | {"name": "Finn Aas", "email": AURORA["email"]}),
    ],
)
def test_signing_tells_nothing_about_the_mailbox(
    world: World, before: Callable[[World], None], who: dict[str, str]
) -> None:
    before(world)
    world.sign(who, email="warm@up.example")  # whatever is made once is made
    unknown = effort(world, sign(who, email="unknown@aurora.example"))
    known = effort(world, sign(who))
    assert known == unknown
    assert known[0] == 303


def test_what_is_wrong_in_a_form_is_told_before_the_mailbox_is_looked_up(world: World) -> None:
    world.approved(AURORA)
    known, unknown = (
        effort(world, sign(AURORA, country="", email=email))
        for email in (AURORA["email"], "anne@aurora.example")
    )
    assert known[0] == unknown[0] == 422
    assert known[2].replace(b"anna@", b"anne@") == unknown[2]
    assert known[3] == unknown[3] == 0


def test_asking_for_a_sign_in_link_tells_nothing_about_organisers(world: World) -> None:
    def ask(email: str) -> Ask:
        def post(world: World) -> httpx.Response:
            browser = world.browser()
            form = Forms(browser.get("/desk/sign-in").text).forms["/desk/sign-in"]
            return browser.post("/desk/sign-in", data={**form, "email": email})

        return post

    before = Counter({table: len(rows) for table, rows in world.rows().items()})
    unknown = effort(world, ask("nobody@organisers.example"))
    between = Counter({table: len(rows) for table, rows in world.rows().items()})
    known = effort(world, ask(OLGA))
    after = Counter({table: len(rows) for table, rows in world.rows().items()})
    assert known == unknown
    assert known[0] == 200
    assert between - before == after - between
    assert len(world.mails_to(OLGA)) == 1
    assert world.mails_to("nobody@organisers.example") == []
