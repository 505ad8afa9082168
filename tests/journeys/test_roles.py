"""Every address of a letter, at the desk and in the API, as everybody: one table says who may.

A new route stands in the table, or the first test here fails.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import select
from sqlmodel import col
from starlette.testclient import TestClient

from app.db import Db
from app.dispute import dispute_decisions
from app.dispute.disputes import Dispute
from app.endorsement import endorsement_lists
from app.invitation.invitations import Invitation
from app.letter import letters
from app.letter.letter_moves import CLOSING
from app.letter.letters import Letter
from app.message import messages
from app.organiser import agreements, organisers, proposals, roles, team_invitations
from app.organiser.organisers import Organiser
from app.organiser.roles import EDIT, LOOK, OWN, REVIEW, Ability
from app.trail.audit import OPERATOR
from app.webhook import webhook_calls, webhooks
from tests.world import AURORA, BOREAS, OLGA, OTTO, World
from tests.world import LETTER as LETTER_TEXT

LETTER = "/desk/letters/{slug}"
ONE = "/desk/letters/{slug}/endorsements/{endorsement_id}"
API = "/api/v1/letters/{slug}"

# Route → what it takes on the letter. Those that end a role or a letter's state stand last.
TAKES: dict[str, Ability] = {
    f"GET {LETTER}": LOOK,
    f"GET {LETTER}/endorsements": LOOK,
    f"GET {ONE}/audit": LOOK,
    f"GET {ONE}/question": REVIEW,
    f"POST {ONE}/question": REVIEW,
    f"GET {ONE}/line": REVIEW,
    f"POST {ONE}/line": REVIEW,
    f"POST {ONE}/undo": REVIEW,
    f"GET {LETTER}/approvals": REVIEW,
    f"POST {LETTER}/approvals": REVIEW,
    f"GET {LETTER}/approvals/confirmation": REVIEW,
    f"POST {LETTER}/approvals/confirmation": REVIEW,
    f"GET {ONE}/address": REVIEW,
    f"POST {ONE}/address": REVIEW,
    f"POST {ONE}/mail": REVIEW,
    f"POST {ONE}/correction/acceptance": REVIEW,
    f"POST {ONE}/correction/refusal": REVIEW,
    f"POST {ONE}/approval": REVIEW,
    f"POST {ONE}/decline": REVIEW,
    f"GET {LETTER}/embed": LOOK,
    f"POST {ONE}/dispute/dismissal": REVIEW,
    f"GET {ONE}/disputes/{{dispute_id}}/address": REVIEW,
    f"POST {ONE}/disputes/{{dispute_id}}/address": REVIEW,
    f"GET {LETTER}/sorting": LOOK,
    f"POST {LETTER}/sorting": REVIEW,
    f"GET {LETTER}/order": LOOK,
    f"POST {LETTER}/order": EDIT,
    f"POST {LETTER}/order/positions": EDIT,
    f"POST {LETTER}/list-form": EDIT,
    f"GET {LETTER}/duplicates": LOOK,
    f"POST {LETTER}/endorsements/{{endorsement_id}}/merge": REVIEW,
    f"POST {LETTER}/endorsements/{{endorsement_id}}/separation": REVIEW,
    f"POST {LETTER}/endorsements/{{endorsement_id}}/distinction": REVIEW,
    f"POST {LETTER}/endorsements/{{endorsement_id}}/distinction/removal": REVIEW,
    f"GET {LETTER}/weeding": LOOK,
    f"GET {LETTER}/text": EDIT,
    f"POST {LETTER}/text": EDIT,
    f"POST {LETTER}/text/preview": EDIT,
    f"POST {LETTER}/text/publication": EDIT,
    f"GET {LETTER}/settings": EDIT,
    f"POST {LETTER}/settings": EDIT,
    f"POST {LETTER}/deadlines": OWN,  # of a draft: EDIT
    f"POST {LETTER}/slug": EDIT,
    f"POST {LETTER}/language": EDIT,
    f"GET {LETTER}/versions": LOOK,
    f"GET {LETTER}/versions/{{number}}": LOOK,
    f"GET {LETTER}/versions/{{number}}/changes": LOOK,
    f"POST {LETTER}/versions/{{number}}/withholding": EDIT,
    f"POST {LETTER}/versions/{{number}}/withholding/end": EDIT,
    f"GET {LETTER}/documents": LOOK,
    f"GET {LETTER}/documents/states": LOOK,
    f"POST {LETTER}/documents": EDIT,
    f"GET {LETTER}/invitations": LOOK,
    f"POST {LETTER}/invitations": EDIT,
    f"GET {LETTER}/invitations/import": EDIT,
    f"POST {LETTER}/invitations/import": EDIT,
    f"GET {LETTER}/invitations/book": EDIT,
    f"POST {LETTER}/invitations/book": EDIT,
    f"GET {LETTER}/invitations/sending": EDIT,
    f"POST {LETTER}/invitations/sending": EDIT,
    f"GET {LETTER}/invitations/reminder": EDIT,
    f"POST {LETTER}/invitations/reminder": EDIT,
    f"GET {LETTER}/invitations/assignment": EDIT,
    f"POST {LETTER}/invitations/assignment": EDIT,
    f"GET {LETTER}/invitations/introduction": EDIT,
    f"GET {LETTER}/invitations/introduction/mail": EDIT,
    f"POST {LETTER}/invitations/introduction": EDIT,
    f"GET {LETTER}/invitations/reminders": LOOK,
    f"POST {LETTER}/invitations/reminders": EDIT,
    f"POST {LETTER}/invitations/reminders/{{days}}/stop": EDIT,
    f"POST {LETTER}/invitations/reminders/promises/stop": EDIT,
    f"POST {LETTER}/invitations/reminders/stop": EDIT,
    f"POST {LETTER}/invitations/reminders/resumption": EDIT,
    f"GET {LETTER}/invitations/{{invitation_id}}": LOOK,
    f"POST {LETTER}/invitations/{{invitation_id}}/address": EDIT,
    f"POST {LETTER}/invitations/{{invitation_id}}/correction": EDIT,
    f"POST {LETTER}/invitations/{{invitation_id}}/note": EDIT,
    f"POST {LETTER}/invitations/{{invitation_id}}/promise": EDIT,
    f"POST {LETTER}/invitations/{{invitation_id}}/decline": EDIT,
    f"POST {LETTER}/invitations/{{invitation_id}}/stop": EDIT,
    f"POST {LETTER}/invitations/{{invitation_id}}/resumption": EDIT,
    f"GET {LETTER}/invitations/removal": EDIT,
    f"POST {LETTER}/invitations/removal": EDIT,
    f"GET {LETTER}/figures": LOOK,
    f"GET {LETTER}/audit": LOOK,
    f"GET {LETTER}/export": LOOK,
    f"POST {LETTER}/export": LOOK,
    f"GET {LETTER}/webhooks": OWN,
    f"POST {LETTER}/webhooks": OWN,
    f"POST {LETTER}/webhooks/{{webhook_id}}/test": OWN,
    f"POST {LETTER}/webhooks/calls/{{call_id}}/repetition": OWN,
    f"POST {LETTER}/webhooks/{{webhook_id}}/removal": OWN,
    f"GET {LETTER}/agreements": LOOK,
    f"GET {LETTER}/agreements/{{proposal_id}}": LOOK,
    # What was proposed on this stage is to close the letter.
    f"POST {LETTER}/agreements/{{proposal_id}}/rejection": OWN,
    f"POST {LETTER}/agreements/{{proposal_id}}/withdrawal": OWN,
    f"GET {LETTER}/team": LOOK,
    f"POST {LETTER}/team/invitations": OWN,
    f"POST {LETTER}/team/invitations/{{team_invitation_id}}/mail": OWN,
    f"POST {LETTER}/team/invitations/{{team_invitation_id}}/withdrawal": OWN,
    f"POST {LETTER}/team/{{organiser_id}}/role": OWN,
    f"POST {LETTER}/team/{{organiser_id}}/removal": OWN,
    f"POST {LETTER}/two-person-rule": OWN,
    f"POST {LETTER}/two-person-rule/end": OWN,
    f"GET {LETTER}/draft": LOOK,
    f"POST {LETTER}/draft-link": EDIT,
    f"POST {LETTER}/draft-link/removal": EDIT,
    f"GET {LETTER}/messages": LOOK,
    f"POST {LETTER}/messages": EDIT,
    f"GET {LETTER}/messages/new": EDIT,
    f"GET {LETTER}/messages/{{message_id}}": LOOK,
    f"GET {LETTER}/messages/{{message_id}}/figures": LOOK,
    f"GET {LETTER}/messages/{{message_id}}/recipients": LOOK,
    f"GET {LETTER}/messages/{{message_id}}/text": EDIT,
    f"POST {LETTER}/messages/{{message_id}}/text": EDIT,
    f"POST {LETTER}/messages/{{message_id}}/sample": EDIT,
    f"POST {LETTER}/messages/{{message_id}}/sending": EDIT,
    f"POST {LETTER}/messages/{{message_id}}/stop": EDIT,
    f"POST {LETTER}/messages/{{message_id}}/removal": EDIT,
    f"GET {LETTER}/reported": LOOK,
    f"POST {LETTER}/reported": EDIT,
    f"GET {LETTER}/reported/new": EDIT,
    f"GET {LETTER}/reported/import": EDIT,
    f"POST {LETTER}/reported/import": EDIT,
    f"POST {LETTER}/reported/rows": EDIT,
    f"POST {LETTER}/reported/{{endorsement_id}}/mail": EDIT,
    f"GET {API}": LOOK,
    f"GET {API}/endorsements": LOOK,
    f"GET {API}/invitations": LOOK,
    f"POST {API}/endorsements/{{id}}/approval": REVIEW,
    f"POST {API}/endorsements/{{id}}/decline": REVIEW,
    f"GET {LETTER}/pause": OWN,
    f"POST {LETTER}/pause": OWN,
    f"GET {LETTER}/opening": OWN,
    f"POST {LETTER}/opening": OWN,
    f"GET {LETTER}/closing": OWN,
    f"POST {LETTER}/closing": OWN,
    f"POST {LETTER}/agreements/{{proposal_id}}/agreement": OWN,
    f"POST {LETTER}/team/departure": LOOK,
}

# Routes that are about a letter where the field `letter` names one.
NAMED_IN_A_FIELD: dict[str, Ability] = {
    "GET /desk/letters/import": EDIT,
    "POST /desk/letters/import": EDIT,
}

# What no role may do where two have to agree, as they have to on this stage.
REFUSED_BY_RULE = {f"POST {API}/endorsements/{{id}}/approval"}

# Routes that are about no letter, or about all of one's own.
OF_NO_LETTER = {
    "GET /desk",
    "GET /desk/{path:path}",
    "GET /desk/letters",
    "GET /desk/letters/new",
    "POST /desk/letters/new",
    "POST /desk/letters/new/preview",
    "GET /desk/sign-in",
    "POST /desk/sign-in",
    "GET /desk/sign-in/passkey",
    "POST /desk/sign-in/passkey",
    "GET /desk/sign-in/code/{token}",
    "POST /desk/sign-in/code/{token}",
    "GET /desk/sign-in/{token}",
    "POST /desk/sign-in/{token}",
    "GET /desk/sign-in/team/{token}",
    "POST /desk/sign-in/team/{token}",
    "POST /desk/sign-out",
    "GET /desk/step-up",
    "POST /desk/step-up/code",
    "GET /desk/step-up/passkey",
    "POST /desk/step-up/passkey",
    "POST /desk/step-up/link",
    "GET /desk/step-up/link/{token}",
    "POST /desk/step-up/link/{token}",
    "GET /desk/account",
    "POST /desk/account/name",
    "POST /desk/account/language",
    "POST /desk/account/sessions/{handle}/ending",
    "POST /desk/account/other-sessions/ending",
    "GET /desk/account/passkeys/new",
    "GET /desk/account/passkeys/options",
    "POST /desk/account/passkeys",
    "POST /desk/account/passkeys/{passkey_id}/removal",
    "GET /desk/account/second-step",
    "POST /desk/account/second-step",
    "POST /desk/account/second-step/confirmation",
    "POST /desk/account/second-step/removal",
    "POST /desk/account/recovery-codes",
    "GET /desk/organisations",
    "POST /desk/organisations",
    "GET /desk/organisations/history",
    "GET /desk/organisations/new",
    "POST /desk/organisations/export",
    "GET /desk/organisations/import",
    "POST /desk/organisations/import",
    "POST /desk/organisations/intake/import",
    "GET /desk/organisations/{organisation_id}",
    "GET /desk/organisations/{organisation_id}/address",
    "POST /desk/organisations/{organisation_id}/address",
    "GET /desk/organisations/{organisation_id}/change",
    "POST /desk/organisations/{organisation_id}/change",
    "POST /desk/organisations/{organisation_id}/contact/erasure",
    "POST /desk/organisations/{organisation_id}/deletion",
    "POST /desk/organisations/{organisation_id}/merge",
    "POST /desk/organisations/{organisation_id}/separation",
    "GET /desk/tokens",
    "POST /desk/tokens",
    "POST /desk/tokens/{token_id}/revocation",
    "GET /api/docs",
    "GET /api/v1/openapi.json",
    "GET /api/v1/letters",
}

CAST = {
    "owner": OLGA,
    "editor": "edda@organisers.example",
    "reviewer": "rita@organisers.example",
    "viewer": "vera@organisers.example",
}
PAUL = "paul@organisers.example"
TOM = "tom@organisers.example"


def routes(world: World) -> Iterator[str]:
    for route in iter_route_contexts(world.app.routes):
        if (route.path or "").startswith(("/desk", "/api")):
            for method in sorted(set(route.methods or {"GET"}) - {"HEAD"}):
                yield f"{method} {route.path}"


def test_every_route_says_what_it_takes(world: World) -> None:
    found = set(routes(world))
    known = set(TAKES) | set(NAMED_IN_A_FIELD) | OF_NO_LETTER
    assert found - known == set(), "new: say in TAKES who may"
    assert known - found == set(), "gone"


@dataclass
class Stage:
    """A letter with everything that its addresses name."""

    world: World
    endorsement: str
    public_id: str

    def enter(self, who: str) -> "Visitor":
        if who == "signed out":
            return Visitor(self.world.browser(), self.world.browser(), "")
        email = CAST.get(who, OTTO)
        desk = self.world.desk(email)
        page = desk.browser.get("/desk/tokens").text
        fields = {"name": "A program", "scopes": ["look", "review"], "days": "30"}
        made = desk.post("/desk/tokens", page, **fields)  # type: ignore[arg-type]
        token = re.search(r"<code>(und_[\w-]+)</code>", made.text)
        assert token
        program = self.world.browser(headers={"authorization": f"Bearer {token[1]}"})
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)
        assert csrf
        return Visitor(desk.browser, program, csrf[1])

    def set(self) -> dict[str, str]:
        """Puts back what the last request may have ended; returns what parameters stand for."""
        with self.world.database.write() as db:
            letter = letters.by_slug(db, self.world.slug)
            letter.two_person = True
            for role, email in CAST.items():
                organisers.give_role(db, organisers.add(db, email), letter, role, by=OPERATOR)
            paul, tom = organisers.add(db, PAUL), organisers.add(db, TOM)
            organisers.give_role(db, paul, letter, "owner", by=OPERATOR)
            organisers.give_role(db, tom, letter, "viewer", by=OPERATOR)
            webhook_id, call_id = _called(db, letter, paul)
            return {
                "slug": letter.slug,
                "number": "2",
                "days": "3",
                "invitation_id": str(_circulated(db, letter)),
                "webhook_id": str(webhook_id),
                "call_id": str(call_id),
                "endorsement_id": self.endorsement,
                "id": self.public_id,
                "organiser_id": str(tom.id),
                "team_invitation_id": str(_invited(db, letter, paul)),
                "proposal_id": str(_proposed(db, letter, paul)),
                "dispute_id": str(_disputed(db, self.endorsement)),
                "message_id": str(_drafted(db, letter, paul)),
            }


def _invited(db: Db, letter: Letter, by: Organiser) -> UUID:
    pending = team_invitations.pending(db, letter)
    if not pending:
        return team_invitations.invite(db, letter, "new@else.example", "", "viewer", by=by).id
    return pending[0].id


def _circulated(db: Db, letter: Letter) -> UUID:
    """Somebody the letter was sent to."""
    known = db.scalars(select(Invitation).where(col(Invitation.letter_id) == letter.id)).first()
    if not known:
        known = Invitation(
            letter_id=letter.id,
            organisation="Fjord Watch",
            folded="fjord watch",
            address=db.keys.seal("post@fjord.example"),
            mailbox=db.keys.index("post@fjord.example"),
            created_at=db.now,
        )
        db.add(known)
        db.flush()
    return known.id


def _disputed(db: Db, endorsement_id: str) -> UUID:
    """Somebody says of a line that it isn't them."""
    about = UUID(endorsement_id)
    if not dispute_decisions.of(db, [about])[about]:
        db.add(
            Dispute(
                endorsement_id=about,
                link="0" * 64,
                address=db.keys.seal("someone@else.example"),
                mailbox=db.keys.index("someone@else.example"),
                reason="",
                created_at=db.now,
                confirmed_at=db.now,
            )
        )
        db.flush()
    return dispute_decisions.of(db, [about])[about][0].id


def _drafted(db: Db, letter: Letter, by: Organiser) -> UUID:
    """A message that nobody has sent yet."""
    drafts = [one for one, _by in messages.page_of(db, letter) if one.status == "draft"]
    words = {"subject": "News", "body": "All is well.", "to": "all"}
    return (drafts or [messages.draft(db, letter, words, by=by, allow_special=True)])[0].id


def _proposed(db: Db, letter: Letter, by: Organiser) -> UUID:
    waiting = [one for one in proposals.waiting(db, letter) if one.action == CLOSING.name]
    if not waiting:
        proposal = agreements.carry_out(db, letter, by, CLOSING, {"reason": ""})
        assert proposal
        return proposal.id
    return waiting[0].id


def _called(db: Db, letter: Letter, by: Organiser) -> tuple[UUID, UUID]:
    """A webhook, and a call it got."""
    if not webhooks.of_letter(db, letter.id):
        events, url = list(webhooks.EVENTS), "https://hooks.example.org/letters"
        webhook, _secret = webhooks.create(db, letter.id, url, events, by=by.actor)
        webhooks.test(db, webhook, by=by.actor)
    (webhook,) = webhooks.of_letter(db, letter.id)
    return webhook.id, webhook_calls.last(db, [webhook.id])[0].id


@dataclass
class Visitor:
    """Somebody's browser and program."""

    browser: TestClient
    program: TestClient
    csrf: str

    def ask(self, route: str, values: dict[str, str]) -> httpx.Response:
        method, _space, path = route.partition(" ")
        address = path.format(**values)
        if path.startswith("/api"):
            body = {"reason": "No."} if method == "POST" else None
            return self.program.request(method, address, json=body)
        form = {"csrf": self.csrf, "reason": "No.", "role": "viewer", "email": "x@else.example"}
        return self.browser.request(method, address, data=form if method == "POST" else None)


@pytest.fixture
def stage(world: World) -> Stage:
    world.verified(AURORA)
    world.approved(BOREAS)
    world.letter(text=LETTER_TEXT.replace("Hear the station", "Hear its listeners"))
    with world.database.read() as db:
        letter = letters.by_slug(db, world.slug)
        (waiting,) = endorsement_lists.with_status(db, letter, "verified")
    return Stage(world, str(waiting.id), waiting.public_id)


@pytest.mark.parametrize("who", ["stranger", "signed out"])
def test_whoever_has_no_role_finds_nothing(stage: Stage, who: str) -> None:
    visitor, values = stage.enter(who), stage.set()
    before = stage.world.rows()
    for route in TAKES:
        answer = visitor.ask(route, values)
        if who == "stranger":
            assert answer.status_code == 404, route
        elif "/api/" in route:
            assert answer.status_code == 401, route
        else:
            assert answer.status_code == 303, route
            assert answer.headers["location"] == "/desk/sign-in", route
        for secret in ("Aurora", "press of Ardal"):
            assert secret not in answer.text, route
    assert stage.world.rows() == before


@pytest.mark.parametrize("role", roles.ROLES)
def test_each_role_may_do_what_it_is_for_and_no_more(stage: Stage, role: str) -> None:
    stage.set()
    visitor = stage.enter(role)
    values = stage.set()
    before = stage.world.rows()
    mine = roles.ABILITIES[role]
    for route in (route for route, ability in TAKES.items() if ability not in mine):
        answer = visitor.ask(route, values)
        assert answer.status_code == 403, (route, answer.status_code)
        assert "Aurora" not in answer.text, route
    assert stage.world.rows() == before
    for route in (route for route, ability in TAKES.items() if ability in mine):
        answer = visitor.ask(route, stage.set())
        if route in REFUSED_BY_RULE:
            assert "two-person rule" in answer.text
            continue
        # Not possible now, or something missing in the form: the role was enough.
        assert answer.status_code in (200, 303, 409, 422), (route, answer.status_code)
        assert answer.headers.get("location") != "/desk/sign-in", route


@pytest.mark.parametrize("who", [*roles.ROLES, "stranger"])
def test_a_letter_that_a_field_names_is_as_safe(stage: Stage, who: str) -> None:
    values = stage.set()
    visitor = stage.enter(who)
    before = stage.world.rows()
    for route, ability in NAMED_IN_A_FIELD.items():
        method, _space, path = route.partition(" ")
        fields = {"letter": values["slug"], "csrf": visitor.csrf}
        query, form = (fields, None) if method == "GET" else (None, fields)
        answer = visitor.browser.request(method, path, params=query, data=form)
        if who == "stranger":
            assert answer.status_code == 404, route
        elif ability not in roles.ABILITIES[who]:
            assert answer.status_code == 403, route
        else:
            # Without a file: the role was enough.
            assert answer.status_code == (200 if method == "GET" else 422), route
    assert stage.world.rows() == before


CONTROLS = {
    "": {"own": ("/opening", "/pause", "/closing")},
    "/team": {"own": ("/team/invitations", "/two-person-rule", "/removal", "/role")},
    "/versions": {"edit": ("/versions/1/withholding",)},
    "/order": {"edit": ("/order/positions", "/list-form", 'action="{letter}/order"')},
    "/sorting": {"review": ('action="{letter}/sorting" novalidate',)},
    "/documents": {"edit": ('action="{letter}/documents"',)},
    "/endorsements": {"review": ("/approval", "/decline", "/address")},
}


@pytest.mark.parametrize("role", roles.ROLES)
def test_nobody_is_shown_a_control_they_may_not_use(stage: Stage, role: str) -> None:
    stage.set()
    letter = f"/desk/letters/{stage.world.slug}"
    browser = stage.world.desk(CAST[role]).browser
    with stage.world.database.write() as db:
        letters.by_slug(db, stage.world.slug).two_person = False
    missing = set()
    for page, controls in CONTROLS.items():
        html = browser.get(letter + page).text
        for ability, marks in controls.items():
            for mark in marks:
                shown = mark.format(letter=letter) in html
                if ability not in roles.ABILITIES[role]:
                    assert not shown, (page, mark)
                elif not shown:
                    missing.add((page, mark))
    # An open letter can't be opened.
    assert missing <= {("", "/opening")}
