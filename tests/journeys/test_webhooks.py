"""A system of the organisers' is told what happens: signed, tried again, on the public internet
only, and without a name."""

import base64
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from sqlalchemy import delete, update
from sqlmodel import col

from app.letter import letters
from app.organiser.roles import Role
from app.webhook import herald, webhook_calls
from app.webhook.herald import Public
from app.webhook.webhooks import Webhook
from tests.journeys import test_disputes
from tests.journeys.test_team import member
from tests.world import AURORA, BOREAS, CIRRUS, OTTO, Desk, World, later


class Receiver:
    """A real server that keeps what it was sent, and answers with `status`."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.drips = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the name that http.server calls
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.calls.append((headers, body))
                if receiver.drips:
                    self.drip()
                    return
                self.send_response(receiver.status)
                self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def drip(self) -> None:
                """An answer that comes byte by byte and never ends."""
                with suppress(OSError):
                    while receiver.drips:
                        self.wfile.write(b"H")
                        self.wfile.flush()
                        time.sleep(0.05)

            def log_message(self, *_line: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.calls]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.drips = False
        receiver.server.shutdown()
        thread.join()
        receiver.server.server_close()


def page_of(world: World, desk: Desk) -> str:
    answer = desk.browser.get(f"/desk/letters/{world.slug}/webhooks")
    assert answer.status_code == 200, answer.text
    return answer.text


def add(world: World, url: str, *events: str, desk: Desk | None = None) -> str:
    """Adds a webhook at the desk, Olga's if no other; the secret that was shown."""
    desk = desk or world.desk()
    path = f"/desk/letters/{world.slug}/webhooks"
    fields: dict[str, Any] = {"url": url, "events": list(events)}
    answer = desk.post(path, page_of(world, desk), **fields)
    found = re.search(r"<code>(whsec_[\w+/=]+)</code>", answer.text)
    assert found, answer.text
    return found[1]


def call(world: World) -> None:
    while world.worker.herald.call():
        pass


ALL = (
    "endorsement.verified",
    "endorsement.approved",
    "endorsement.withdrawn",
    "version.published",
)


def test_what_happens_is_told_without_a_name(world: World, receiver: Receiver) -> None:
    add(world, receiver.url, *ALL)
    world.approved(AURORA)
    public_id = world.signatories()[0]["id"]
    world.letter(text=world.folder.joinpath("letter.md").read_text().replace("Hear", "Now hear"))
    manage = world.link(AURORA["email"], "/manage/")
    assert world.client.post(f"{manage}/withdrawal").status_code == 303
    call(world)
    assert [(one["type"], one["data"]) for one in receiver.told] == [
        ("endorsement.verified", {"letter": world.slug, "endorsement": public_id}),
        ("endorsement.approved", {"letter": world.slug, "endorsement": public_id}),
        ("version.published", {"letter": world.slug, "version": "2"}),
        ("endorsement.withdrawn", {"letter": world.slug, "endorsement": public_id}),
    ]
    for headers, body in receiver.calls:
        assert b"Aurora" not in body + repr(headers).encode()
        assert b"@" not in body + repr(headers).encode()


def test_a_line_that_is_hidden_and_shown_again_is_told(world: World, receiver: Receiver) -> None:
    add(world, receiver.url, "endorsement.hidden", "endorsement.shown")
    world.approved(AURORA)
    public_id = world.signatories()[0]["id"]
    test_disputes.dispute(world, test_disputes.CHAIR)
    assert test_disputes.keep(world).is_redirect
    call(world)
    about = {"letter": world.slug, "endorsement": public_id}
    assert [(one["type"], one["data"]) for one in receiver.told] == [
        ("endorsement.hidden", about),
        ("endorsement.shown", about),
    ]


def test_every_call_is_signed_as_standard_webhooks_says(world: World, receiver: Receiver) -> None:
    secret = add(world, receiver.url, *ALL)
    world.verified(AURORA)
    call(world)
    ((headers, body),) = receiver.calls
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert secret not in str(world.rows())
    assert secret not in page_of(world, world.desk())


def test_only_what_was_asked_for_and_only_this_letters(world: World, receiver: Receiver) -> None:
    add(world, receiver.url, "endorsement.approved")
    world.verified(AURORA)
    world.another_letter()
    world.approved(BOREAS)
    call(world)
    assert receiver.calls == []


def test_a_receiver_that_fails_is_tried_again_with_the_same_id(
    world: World, receiver: Receiver
) -> None:
    add(world, receiver.url, *ALL)
    receiver.status = 500
    world.verified(AURORA)
    call(world)
    call(world)
    assert len(receiver.calls) == 1
    assert "HTTP 500" in page_of(world, world.desk())
    receiver.status = 200
    with later(minutes=2):
        call(world)
    first, second = (headers["webhook-id"] for headers, _body in receiver.calls)
    assert first == second
    with later(days=3):
        call(world)
    assert len(receiver.calls) == 2


def test_after_three_days_it_is_given_up_until_somebody_asks(
    world: World, receiver: Receiver
) -> None:
    add(world, receiver.url, *ALL)
    receiver.status = 410
    world.verified(AURORA)
    for days in range(8):
        with later(days=days):
            call(world)
    assert len(receiver.calls) == 8
    with later(days=9):
        call(world)
        assert len(receiver.calls) == 8
        desk = world.desk()
        page = page_of(world, desk)
        assert "Given up" in page
        again = re.search(r'action="(\S+/repetition)"', page)
        assert again
        receiver.status = 200
        assert desk.post(again[1], page).status_code == 303
        call(world)
        assert len(receiver.calls) == 9
        assert "Taken" in page_of(world, desk)


def test_an_answer_that_drips_in_holds_up_no_other_call(
    world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(herald, "WHOLE_CALL_SECONDS", 0.5)
    receiver.drips = True
    add(world, receiver.url, "endorsement.approved")
    world.approved(AURORA)
    call(world)
    receiver.drips = False
    assert len(receiver.calls) == 1
    assert "No answer in time." in page_of(world, world.desk())


def test_a_call_that_can_not_be_made_is_given_up_like_others(
    world: World, receiver: Receiver
) -> None:
    add(world, receiver.url, "endorsement.approved")
    world.approved(AURORA)
    with world.database.write() as db:
        db.execute(update(Webhook).values(secret="sealed with another key"))
    call(world)
    assert receiver.calls == []
    assert "It could not be made." in page_of(world, world.desk())


def test_no_redirect_is_followed(world: World, receiver: Receiver) -> None:
    add(world, receiver.url, *ALL)
    receiver.status = 307
    world.verified(AURORA)
    call(world)
    assert len(receiver.calls) == 1
    assert "HTTP 307" in page_of(world, world.desk())


def test_a_test_call_and_a_removed_webhook(world: World, receiver: Receiver) -> None:
    add(world, receiver.url, *ALL)
    desk = world.desk()
    page = page_of(world, desk)
    test = re.search(r'action="(\S+/test)"', page)
    removal = re.search(r'action="(\S+/removal)"', page)
    assert test
    assert removal
    desk.post(test[1], page)
    call(world)
    assert [one["type"] for one in receiver.told] == ["test"]
    world.verified(AURORA)
    assert desk.post(removal[1], page).status_code == 303
    call(world)
    assert len(receiver.calls) == 1
    assert "No system is called yet." in page_of(world, desk)


@pytest.mark.parametrize(
    ("url", "events", "sentence"),
    [
        ("ftp://system.example/", ALL, "begins with https://"),
        ("https://", ALL, "begins with https://"),
        ("https://me:secret@system.example/", ALL, "without a user name"),
        ("https://[broken", ALL, "begins with https://"),
        ("https://system.example/", (), "Choose at least one event."),
    ],
)
def test_what_can_be_no_webhook(
    world: World, url: str, events: tuple[str, ...], sentence: str
) -> None:
    desk = world.desk()
    fields: dict[str, Any] = {"url": url, "events": list(events)}
    path = f"/desk/letters/{world.slug}/webhooks"
    answer = desk.post(path, page_of(world, desk), **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert url in answer.text


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "[fd00::1]",
        "[fe80::1]",
        "[2002:7f00:1::]",
        # By a translator to IPv4 inside the network (RFC 6052, RFC 8215), and by older ways.
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::a00:1]",
        "[::127.0.0.1]",
        "[fec0::1]",
        "2130706433",
    ],
)
def test_addresses_inside_a_network_are_never_called(host: str, world: World) -> None:
    """An instance on the internet has a base URL that is not loopback."""
    add(world, f"http://{host}:9/", *ALL)
    world.worker.herald.backend = Public(allow_loopback=False)
    world.verified(AURORA)
    call(world)
    assert "The host is not on the public internet." in page_of(world, world.desk())


def test_only_owners_see_webhooks(world: World, receiver: Receiver) -> None:
    add(world, receiver.url, *ALL)
    path = f"/desk/letters/{world.slug}/webhooks"
    for role in ("editor", "reviewer", "viewer"):
        desk = world.share(f"{role}@organisers.example", role)
        assert desk.browser.get(path).status_code == 403
        assert "/webhooks" not in desk.browser.get(f"/desk/letters/{world.slug}").text
    assert world.desk(OTTO).browser.get(path).status_code == 404


@pytest.mark.parametrize("way", ["removal", "role", "departure"])
def test_what_a_former_owner_added_is_called_no_more(
    world: World, receiver: Receiver, way: str
) -> None:
    otto = world.share(OTTO)
    add(world, receiver.url, *ALL, desk=otto)
    with listening() as olgas:
        add(world, olgas.url, *ALL)
        world.verified(AURORA)  # its call still waits
        team = f"/desk/letters/{world.slug}/team"
        olga = world.desk()
        if way == "departure":
            gone = otto.post(f"{team}/departure", otto.browser.get(team).text)
        else:
            address = f"{member(world, OTTO)}/{way}"
            gone = olga.post(address, olga.browser.get(team).text, role="viewer")
        assert gone.status_code == 303
        world.verified(BOREAS)
        call(world)
        assert receiver.calls == []
        assert [one["type"] for one in olgas.told] == ["endorsement.verified"] * 2
    (stopped,) = world.trail("webhook stopped")
    assert stopped.subject_id
    page = page_of(world, olga)
    assert page.count("whoever added it is no owner of the letter any more") == 1
    assert "The webhook was stopped." in page
    # It can't be woken: neither by a test nor by what it was told before.
    path = f"/desk/letters/{world.slug}/webhooks"
    assert f"{path}/{stopped.subject_id}/test" not in page
    assert olga.post(f"{path}/{stopped.subject_id}/test", page).status_code == 409
    with world.database.read() as db:
        (old,) = webhook_calls.last(db, [stopped.subject_id])
    assert olga.post(f"{path}/calls/{old.id}/repetition", page).status_code == 409
    call(world)
    assert receiver.calls == []
    # Nor does it begin again with its organiser.
    with world.database.write() as db:
        letter = letters.by_slug(db, world.slug)
        db.execute(delete(Role).where(col(Role.letter_id) == letter.id, col(Role.role) == "viewer"))
    world.share(OTTO)
    world.verified(CIRRUS)
    call(world)
    assert receiver.calls == []
    assert olga.post(f"{path}/{stopped.subject_id}/removal", page).status_code == 303


def test_trying_a_webhook_again_and_again_ends(world: World, receiver: Receiver) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with time_machine.travel(tomorrow.replace(hour=7, minute=10), tick=True):
        add(world, receiver.url, *ALL)
        desk = world.desk()
        page = page_of(world, desk)
        test = re.search(r'action="(\S+/test)"', page)
        assert test
        answers = [desk.post(test[1], page).status_code for _time in range(29)]
        assert answers == [303] * 29
        call(world)
        again = re.search(r'action="(\S+/repetition)"', page_of(world, desk))
        assert again
        assert desk.post(again[1], page).status_code == 303
        for address in (test[1], again[1]):
            refused = desk.post(address, page)
            assert refused.status_code == 429
            assert "You have tried webhooks often in this hour." in refused.text
        call(world)
        assert len(receiver.calls) == 30
