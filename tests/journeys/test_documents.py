"""The final letter as documents: who may have them, made once for each state, never in the way."""

import asyncio
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from starlette.types import Message

from app.documents.document import Document
from app.documents.press import Press
from app.signatory import renditions
from app.signatory.renditions import Wanted
from app.web import documents as pages
from tests.world import AURORA, BOREAS, DARIA, OTTO, Desk, World

PROOF = "public_proof: true"
OUTPUTS = ("pdf", "docx", "html")


def states(world: World, desk: Desk) -> dict[str, str]:
    answer = desk.browser.get(f"/desk/letters/{world.slug}/documents/states")
    return {key: facts["state"] for key, facts in answer.json().items()}


def make_all(world: World, desk: Desk) -> dict[str, str]:
    """Presses the button, and looks until everything is made or refused."""
    path = f"/desk/letters/{world.slug}/documents"
    assert desk.post(path, desk.browser.get(path).text).status_code == 303
    until = time.monotonic() + 30
    while {"waiting", "making"} & set(found := states(world, desk).values()):
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return states(world, desk)


def files(world: World) -> list[str]:
    folder = world.settings.renditions_dir
    return sorted(path.name for path in folder.glob("*/*"))


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_proof_is_for_the_letters_organisers_alone(world: World, output: str) -> None:
    world.letter()
    desk, address = world.desk(), f"{world.path}/letter.{output}"
    assert world.client.get(address).status_code == 404
    assert world.desk(OTTO).browser.get(address).status_code == 404
    assert files(world) == []
    answer = desk.browser.get(address)
    assert answer.status_code == 200
    assert f'filename="{world.slug}.{output}"' in answer.headers["content-disposition"]


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_same_state_is_made_once_and_another_anew(world: World, output: str) -> None:
    world.letter(PROOF)
    world.approved(AURORA)
    address = f"{world.path}/letter.{output}"
    first = world.client.get(address)
    [file] = files(world)
    made_at = next(world.settings.renditions_dir.glob("*/*")).stat().st_mtime_ns
    again = world.client.get(address)
    assert again.content == first.content
    assert next(world.settings.renditions_dir.glob("*/*")).stat().st_mtime_ns == made_at
    tag = first.headers["etag"]
    known = world.client.get(address, headers={"if-none-match": tag})
    assert (known.status_code, known.content) == (304, b"")
    # A browser takes these for the ones it kept: another policy would undress the letter.
    policy = "content-security-policy"
    assert known.headers[policy] == first.headers[policy]

    world.approved(BOREAS)
    assert world.client.get(address).headers["etag"] != tag
    assert len(files(world)) == 2
    assert file in files(world)


def test_it_outlives_a_restart(world: World) -> None:
    world.letter(PROOF)
    address = f"{world.path}/letter.pdf"
    first = world.client.get(address)
    file = next(world.settings.renditions_dir.glob("*/*"))
    file.write_bytes(file.read_bytes() + b"\n% from the file")
    with world.elsewhere() as restarted:
        assert restarted.client.get(address).content == first.content + b"\n% from the file"


def test_what_no_longer_stands_is_tidied_away_with_the_names_in_it(world: World) -> None:
    world.letter(PROOF)
    world.approved(DARIA)
    assert "Daria Orlova" in world.client.get(f"{world.path}/letter.html").text
    world.client.post(world.link(DARIA["email"], "/manage/") + "/withdrawal")
    [stale] = files(world)
    assert "Daria Orlova" not in world.client.get(f"{world.path}/letter.html").text
    with world.database.write() as db:
        renditions.tidy(db)
    [fresh] = files(world)
    assert fresh != stale
    # Asked for while it is being tidied away, it is simply made again.
    for path in world.settings.renditions_dir.glob("*/*"):
        path.unlink()
    assert world.client.get(f"{world.path}/letter.html").status_code == 200


def test_the_desk_shows_what_is_ready_and_makes_the_rest(world: World) -> None:
    world.letter()
    world.approved(AURORA)
    desk = world.desk()
    page = desk.browser.get(f"/desk/letters/{world.slug}/documents")
    assert page.text.count("Not made yet for the list as it stands.") == len(states(world, desk))
    assert files(world) == []  # looking makes nothing
    assert set(make_all(world, desk).values()) == {"ready"}
    page = desk.browser.get(f"/desk/letters/{world.slug}/documents")
    assert page.text.count("Ready (") == len(states(world, desk))
    world.approved(BOREAS)
    assert set(states(world, desk).values()) == {"none"}


def test_a_broken_document_takes_no_page_down(world: World) -> None:
    world.letter(PROOF)
    world.approved(AURORA, organisation="Centre \U000e1000 x".replace("\U000e1000", "\u1b7f"))
    answer = world.client.get(f"{world.path}/letter.pdf")
    assert answer.status_code == 422
    assert "can&#39;t be printed" in answer.text
    assert "U+1B7F" in answer.text
    assert world.client.get(f"{world.path}/letter.html").status_code == 200
    assert world.client.get(world.path).status_code == 200
    desk = world.desk()
    made = make_all(world, desk)
    assert made["en.pdf"] == "failed"
    assert made["en.html"] == "ready"
    assert "U+1B7F" in desk.browser.get(f"/desk/letters/{world.slug}/documents").text


def test_whoever_waits_too_long_is_told_so_and_not_given_a_page_for_a_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.letter(PROOF)
    monkeypatch.setattr(pages, "PATIENCE", 0.0)
    answer = world.client.get(f"{world.path}/letter.pdf?lang=en")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "3"
    assert "This document is being made." in answer.text
    assert f'href="{world.path}/letter.pdf?lang=en"' in answer.text
    monkeypatch.setattr(pages, "PATIENCE", 20.0)
    assert world.client.get(f"{world.path}/letter.pdf").content.startswith(b"%PDF")


def test_a_list_that_grew_meanwhile_is_made_as_it_stands(world: World) -> None:
    world.letter(PROOF)
    with world.database.read() as db:
        letter = renditions.letters.by_slug(db, world.slug)
    stale = Wanted(letter.id, letter.revision, "en", "html")
    world.approved(AURORA)
    made = world.app.state.site.renditions.ask(stale)
    made.done.result(timeout=20)
    assert "Aurora Media Watch" in made.file.read_text()
    [file] = files(world)
    assert not file.startswith(f"{letter.revision}-")


class HeldPress(Press):
    """A press at which something happens while it makes its first document."""

    def __init__(self, happening: Any) -> None:
        super().__init__()
        self.happening = happening

    def make(self, document: Document, output: Any, **options: Any) -> bytes:
        made = super().make(document, output, **options)
        happening, self.happening = self.happening, lambda: None
        happening()
        return made


def test_who_withdraws_while_a_document_is_made_is_not_in_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.letter(PROOF)
    world.approved(AURORA)
    world.approved(DARIA)
    path, visitor = world.link(DARIA["email"], "/manage/"), world.browser()
    press = HeldPress(lambda: visitor.post(f"{path}/withdrawal"))
    monkeypatch.setattr(world.app.state.site.renditions, "_press", press)
    answer = world.client.get(f"{world.path}/letter.html")
    assert answer.status_code == 200
    assert "Aurora Media Watch" in answer.text
    assert "Daria Orlova" not in answer.text
    [file] = world.settings.renditions_dir.glob("*/*")
    assert b"Daria Orlova" not in file.read_bytes()


def test_a_list_that_grows_while_a_document_is_made_holds_nobody_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.letter(PROOF)
    world.approved(AURORA)
    press = HeldPress(lambda: world.approved(BOREAS))
    monkeypatch.setattr(world.app.state.site.renditions, "_press", press)
    answer = world.client.get(f"{world.path}/letter.html")
    assert "Aurora Media Watch" in answer.text
    assert "Boreas Legal Aid" not in answer.text
    assert "Boreas Legal Aid" in world.client.get(f"{world.path}/letter.html").text


def test_all_who_wait_for_one_state_get_it_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.letter(PROOF)
    made = world.app.state.site.renditions
    going_on = threading.Event()
    monkeypatch.setattr(made, "_press", HeldPress(lambda: going_on.wait(10)))

    def asked(output: renditions.Output) -> renditions.Rendition:
        with world.database.read() as db:
            letter = renditions.letters.by_slug(db, world.slug)
        return made.ask(Wanted(letter.id, letter.revision, "en", output))

    asked("docx")
    before = asked("html")
    world.approved(AURORA)
    after = asked("html")
    going_on.set()
    before.done.result(timeout=20)
    after.done.result(timeout=2)
    assert after.digest == before.digest


def test_once_there_is_room_again_the_document_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.letter(PROOF)
    # Where nothing can be written: a file stands in the folder's place.
    in_the_way = world.settings.renditions_dir
    in_the_way.write_text("")
    answer = world.client.get(f"{world.path}/letter.html")
    assert answer.status_code == 503
    assert "could not be saved just now" in answer.text
    in_the_way.unlink()
    # Not at each request, for which it may cost a good deal.
    assert world.client.get(f"{world.path}/letter.html").status_code == 503
    monkeypatch.setattr(renditions, "RETRY", timedelta(0))
    assert world.client.get(f"{world.path}/letter.html").status_code == 200


def test_whoever_reads_slowly_keeps_no_whole_file_in_memory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.letter(PROOF)
    address = f"{world.path}/letter.html"
    whole = world.client.get(address)
    monkeypatch.setattr(pages, "PIECE", 1_000)
    sent: list[Message] = []

    async def receive() -> Message:
        return await asyncio.Future()  # who reads on says nothing more

    async def send(message: Message) -> None:
        sent.append(message)

    host = world.settings.base_url.partition("//")[2].encode()
    request = {"type": "http", "method": "GET", "path": address, "raw_path": address.encode()}
    request |= {"query_string": b"", "headers": [(b"host", host)], "scheme": "http"}
    assert world.client.portal
    world.client.portal.call(world.app, request, receive, send)
    pieces = [message["body"] for message in sent if message["type"] == "http.response.body"]
    assert b"".join(pieces) == whole.content
    assert max(map(len, pieces)) == 1_000
    assert whole.headers["content-length"] == str(len(whole.content))
