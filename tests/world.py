"""The cast and the stage: an instance with its mail server, and what people do with it.

Everything goes through requests and the mails that really left; nothing of ours is replaced.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
import time_machine
from PIL import Image
from sqlalchemy import event, insert, select, text
from sqlmodel import SQLModel, col
from starlette.testclient import TestClient

from app import links
from app.db import Database, Db, new_id
from app.endorsement.endorsements import Endorsement, new_public_id
from app.invitation.invitations import Invitation
from app.letter import imports, letter_files, letter_states, letters
from app.letter.letters import Letter
from app.mailing import flowed
from app.main import create_app
from app.name.names import fold
from app.organiser import organisers
from app.settings import Settings
from app.trail.audit import OPERATOR, AuditEntry
from app.worker import Worker
from tests.harness.smtp import MailSink

SLUG = "free-the-press"
LETTER = """---
slug: free-the-press
title: "Free the press of Ardal"
language: en
letterhead:
  - name: "Lead Organisation"
place_and_date: "Ardal, 1 December 2026"
addressees:
  - |
    Ms Ilse Varga
    Chair of the Council
subject: "The licence"
salutation: "Dear Ms Varga,"
closing: "Yours sincerely,"
{extra}
---

We, the undersigned, ask you to give the [frequency](https://example.org/f) back.

1. Suspend the decision.
2. Hear the station.
"""

TRANSLATION = """---
slug: free-the-press
title: "Libertem a imprensa de Ardal"
language: pt
place_and_date: "Ardal, 1 de dezembro de 2026"
addressees:
  - |
    Sra. Ilse Varga
    Presidente do Conselho
subject: "A licença"
salutation: "Prezada Sra. Varga,"
closing: "Atenciosamente,"
---

Nós, abaixo assinados, pedimos que devolvam a [frequência](https://example.org/f).[^1]

[^1]: A que lhes foi tirada.
"""

# Three organisations and two people; permission and privacy tests write themselves with them.
AURORA = {
    "kind": "organisation",
    "organisation": "Aurora Media Watch",
    "website": "https://aurora.example",
    "country": "NO",
    "name": "Anna Berg",
    "role": "Director",
    "email": "anna@aurora.example",
    "authority": "yes",
}
BOREAS = {
    "kind": "organisation",
    "organisation": "Boreas Legal Aid",
    "website": "https://boreas.example",
    "country": "DE",
    "name": "Bruno Falk",
    "role": "Lawyer",
    "email": "bruno@boreas.example",
    "authority": "yes",
}
CIRRUS = {
    "kind": "organisation",
    "organisation": "Cirrus Foundation",
    "website": "https://cirrus.example",
    "country": "GE",
    "name": "Ketevan Lomidze",
    "role": "Head of programmes",
    "email": "ketevan@cirrus.example",
    "authority": "yes",
}
DARIA = {"kind": "individual", "name": "Daria Orlova", "email": "daria@mail.example"}
EMIL = {"kind": "individual", "name": "Emil Quist", "email": "emil@mail.example"}
OLGA = "olga@organisers.example"
OTTO = "otto@organisers.example"


class World:
    """One instance. `client` is a visitor's browser; `desk()` gives an organiser's."""

    def __init__(self, settings: Settings, sink: MailSink, folder: Path) -> None:
        self.settings, self.sink, self.folder = settings, sink, folder
        self.app = create_app(settings)
        self.database: Database = self.app.state.site.database
        self.worker = Worker(self.database)
        self.client = self.browser()
        self.slug = SLUG

    def __enter__(self) -> Self:
        self.client.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.worker.courier.close()
        self.client.__exit__(None, None, None)

    def browser(self, address: str = "127.0.0.1", **wishes: Any) -> TestClient:
        """Another browser, without cookies, at that address; follows no redirect by itself.

        `wishes` are TestClient's, such as headers=….
        """
        browser = TestClient(
            self.app,
            self.settings.base_url,
            follow_redirects=False,
            client=(address, 50_000),
            **wishes,
        )
        # One event loop for all of them, as in the served process.
        browser.portal = self.client.portal if hasattr(self, "client") else None
        browser.event_hooks = {"request": [lambda _request: self.settle()]}
        return browser

    @contextmanager
    def elsewhere(self, **settings: Any) -> Iterator[Self]:
        """The same instance started again beside this one with other settings."""
        changed = self.settings.model_copy(update=settings)
        with type(self)(changed, self.sink, self.folder) as other:
            other.slug = self.slug
            yield other

    def settle(self) -> None:
        """Waits until the site has heard of the last change: PostgreSQL's notice takes its time."""
        if self.settings.is_sqlite:
            return
        current = self.app.state.site.revisions.current
        until = time.monotonic() + 10
        with self.database.read() as db:
            known = db.execute(select(col(Letter.slug), col(Letter.revision))).all()
        while any(current(slug) != revision for slug, revision in known):
            assert time.monotonic() < until, "a change was not heard of"
            time.sleep(0.001)

    def letter(self, extra: str = "", *, text: str = LETTER, opens: bool = True) -> str:
        """Imports a letter (again) as the command line does; `extra` is more front matter."""
        file = self.folder / "letter.md"
        file.write_text(text.replace("{extra}", extra))
        content = letter_files.read(file, self.settings.logos_dir)
        with self.database.write() as db:
            letter = imports.take_in(db, content, slug=None, by=OPERATOR)
            imports.give_owner(db, letter, None)
            if opens and letter.status != "open":
                letter_states.open_(db, letter, by=OPERATOR)
            self.slug = letter.slug
        return self.slug

    def translation(self, text: str = TRANSLATION) -> None:
        """Imports the letter's text in one more language, as the command line does."""
        file = self.folder / "translation.md"
        file.write_text(text)
        content = letter_files.read(file, self.settings.logos_dir, is_translation=True)
        with self.database.write() as db:
            imports.take_in(db, content, slug=None, by=OPERATOR)

    def another_letter(self, extra: str = "") -> str:
        """Opens a second letter, and goes on with that one."""
        text = LETTER.replace("slug: free-the-press", "slug: free-the-archive")
        return self.letter(extra, text=text.replace("Free the press", "Free the archive"))

    @property
    def path(self) -> str:
        return f"/letters/{self.slug}"

    def sign(
        self,
        who: dict[str, str],
        *,
        files: Any = None,
        browser: TestClient | None = None,
        **changes: str,
    ) -> httpx.Response:
        """Fills the form in and sends it, as a browser would."""
        return (browser or self.client).post(
            f"{self.path}/endorsements", data={**who, **changes}, files=files or {}
        )

    def deliver(self) -> None:
        """The worker's rounds, until nothing is due."""
        while self.worker.deliver():
            pass

    def mails_to(self, address: str) -> list[EmailMessage]:
        self.deliver()
        return self.sink.mails_to(address)

    def told(self, address: str) -> list[EmailMessage]:
        """The mails to an address once no decision can be taken back any more."""
        with later(minutes=2):
            return self.mails_to(address)

    def link(self, address: str, path: str = "/confirm/") -> str:
        """The newest link of that kind in the mails to an address, as a path."""
        for mail in reversed(self.mails_to(address)):
            found = re.search(rf"{re.escape(self.settings.base_url)}({path}\S+)", text_of(mail))
            if found:
                return found.group(1)
        raise AssertionError(f"no {path} link was mailed to {address}")

    def confirm(self, who: dict[str, str]) -> httpx.Response:
        return self.client.post(self.link(who["email"]))

    def verified(self, who: dict[str, str], *, files: Any = None, **changes: str) -> None:
        """Somebody signs and confirms."""
        assert self.sign(who, files=files, **changes).status_code == 303
        assert self.confirm({**who, **changes}).status_code == 200

    def approved(self, who: dict[str, str], *, files: Any = None, **changes: str) -> None:
        """Somebody signs, confirms, and Olga approves."""
        self.verified(who, files=files, **changes)
        self.desk().decide(self.slug, listed_name({**who, **changes}), "approval")

    def crowd(self, number: int) -> None:
        """So many more organisations are listed. They are called "Member 0000" and so on."""
        self.copies(*({"organisation": f"Member {n:04}"} for n in range(number)))

    def copies(self, *changes: dict[str, str]) -> None:
        """More are listed, put there as copies of one that is, with changes: too many for
        requests."""
        with self.database.write() as db:
            query = select(Endorsement).where(col(Endorsement.status) == "approved").limit(1)
            one = db.scalars(query).one().model_dump()
            rows = [
                {**one, **changed, **_member(listed_name({**one, **changed}))}
                for changed in changes
            ]
            db.execute(insert(Endorsement), rows)
            letters.revise(db, one["letter_id"])

    def desk(self, email: str = OLGA) -> "Desk":
        """An organiser at the desk, signed in by the command line's link; the first owns all."""
        with self.database.write() as db:
            organiser = organisers.add(db, email)
            secret = organisers.first_link(db, organiser)
            token = links.token(db.keys, links.SIGN_IN, secret)
        browser = self.browser()
        answer = submit(browser, f"/desk/sign-in/{token}", f"/desk/sign-in/{token}")
        assert answer.status_code == 303, answer.text
        return Desk(browser)

    def invite(self, pasted: str, *, sends: bool = True, email: str = OLGA) -> None:
        """An organiser pastes a circulation list, takes in what can be, and sends all of it."""
        browser, path = self.desk(email).browser, f"/desk/letters/{self.slug}/invitations"
        csrf = Forms(browser.get(f"{path}/import").text).forms[f"{path}/import"]
        preview = browser.post(f"{path}/import", data={**csrf, "pasted": pasted})
        assert preview.status_code == 200, preview.text
        taken = browser.post(path, data=Forms(preview.text).forms[path])
        assert taken.status_code in (200, 303), taken.text
        if sends:
            asked = browser.get(f"{path}/sending?all=yes&status=unmailed")
            forms = AllForms(asked.text).forms
            sent = browser.post(f"{path}/sending", data=forms[f"{path}/sending"])
            assert sent.status_code == 303, sent.text

    def listed_ids(self) -> list[str]:
        """The public ids of what stands on the list of any letter."""
        with self.database.read() as db:
            return [one.public_id for one in db.scalars(select(Endorsement)) if one.is_listed]

    def invitation_ids(self) -> list[str]:
        with self.database.read() as db:
            return [str(one) for one in db.scalars(select(col(Invitation.id)))]

    def invitation(self, name: str) -> Invitation:
        """The invitation of that organisation, or person, as it stands now."""
        with self.database.read() as db:
            query = select(Invitation).where(col(Invitation.folded) == fold(name))
            return db.scalars(query).one()

    def keep_house(self) -> None:
        """The worker's recurring work, all of it, as if it had been due."""
        self.worker.due = [0.0 for _chore in self.worker.chores]
        self.worker.keep_house()

    def rows(self) -> dict[str, list[str]]:
        """All that the database holds, by table, to compare before and after."""
        with self.database.read() as db:
            return {
                table.name: sorted(map(repr, db.execute(select(table)).all()))
                for table in SQLModel.metadata.sorted_tables
            }

    def trail(self, action: str = "") -> list[AuditEntry]:
        """What stands in the audit trail, the oldest first; of one action alone if it is named."""
        query = select(AuditEntry).order_by(col(AuditEntry.id))
        with self.database.read() as db:
            return [entry for entry in db.scalars(query) if action in ("", entry.action)]

    @contextmanager
    def statements(self, *, reading: bool = False) -> Iterator[list[str]]:
        """The SQL statements that connections which write, or read, execute meanwhile."""
        engine = self.database.reader if reading else self.database.writer
        heard: list[str] = []

        def listen(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            heard.append(statement)

        event.listen(engine, "before_cursor_execute", listen)
        try:
            yield heard
        finally:
            event.remove(engine, "before_cursor_execute", listen)

    def queries(self) -> AbstractContextManager[list[str]]:
        """The SQL statements that reading pages execute meanwhile."""
        return self.statements(reading=True)

    def share(self, email: str, role: str = "owner") -> "Desk":
        """Gives somebody a role on the letter besides Olga."""
        with self.database.write() as db:
            letter = letters.by_slug(db, self.slug)
            organisers.give_role(db, organisers.add(db, email), letter, role, by=OPERATOR)
        return self.desk(email)

    def signatories(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.client.get(f"{self.path}/signatories.json").json()[
            "signatories"
        ]
        return listed

    def count(self) -> dict[str, int]:
        counted: dict[str, int] = self.client.get(f"{self.path}/signatories.json").json()["count"]
        return counted

    def names(self) -> list[str]:
        """The public list, in its order."""
        return [listed_name(line) for line in self.signatories()]


def _member(name: str) -> dict[str, Any]:
    own = {"id": new_id(), "public_id": new_public_id(), "mailbox": name, "folded": fold(name)}
    return {**own, "organisation_id": None, "logo": ""}


class Desk:
    """An organiser's browser."""

    def __init__(self, browser: TestClient) -> None:
        self.browser = browser

    def ids(self, slug: str) -> list[str]:
        """The ids of a letter's endorsements, as far as they are alive."""
        pages = [self.queue(slug, status) for status in ("verified", "approved", "pending")]
        return re.findall(r'id="e-([0-9a-f-]{36})"', "".join(pages))

    def entry(self, slug: str, name: str, status: str = "verified") -> str:
        """The address of somebody's entry, as it stands in the queue."""
        entries = re.split(r'<li class="entry" id="e-', self.queue(slug, status))[1:]
        (found,) = (one for one in entries if f"<h3><bdi>{name}</bdi>" in unescape(one))
        id_ = found.partition('"')[0]
        return f"/desk/letters/{slug}/endorsements/{id_}"

    def queue(self, slug: str, status: str = "verified") -> str:
        answer = self.browser.get(f"/desk/letters/{slug}/endorsements?status={status}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def decide(
        self, slug: str, name: str, action: str, *, status: str = "verified", **fields: str
    ) -> httpx.Response:
        """Presses the button of `action` (the last part of its address) beside a name."""
        return self.press(self.queue(slug, status), name, action, **fields)

    def press(self, page: str, name: str, action: str, **fields: str) -> httpx.Response:
        """The same on a page of the queue that was open before."""
        path = _form_beside(page, name, action)
        return self.browser.post(path, data={**Forms(page).forms[path], **fields})

    def post(self, path: str, page: str, **fields: str) -> httpx.Response:
        """Posts with the CSRF field of a page that was open."""
        return self.browser.post(path, data={"csrf": _csrf(page), **fields})

    def move(self, slug: str, move: str) -> httpx.Response:
        """opening, pause or closing, from the letter's page."""
        page = self.browser.get(f"/desk/letters/{slug}").text
        return self.post(f"/desk/letters/{slug}/{move}", page)


class Forms(HTMLParser):
    """The forms of a page: their addresses and the values a browser would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._open: dict[str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.forms.setdefault(given.get("action", ""), {})
        elif tag == "input" and self._open is not None and "name" in given and _is_sent(given):
            self._open[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


class AllForms(HTMLParser):
    """The same with all values of fields that a form has several of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, list[str]]] = {}
        self._open: dict[str, list[str]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = self.forms.setdefault(given.get("action", ""), {})
        elif tag == "input" and self._open is not None and "name" in given and _is_sent(given):
            self._open.setdefault(given["name"], []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def _is_sent(given: dict[str, str]) -> bool:
    return given.get("type") not in ("checkbox", "radio") or "checked" in given


def submit(browser: TestClient, page: str, action: str, **fields: str) -> httpx.Response:
    """Opens a page and sends its form with that address, hidden fields included."""
    forms = Forms(browser.get(page).text).forms
    return browser.post(action, data={**forms[action], **fields})


def at_once(*acts: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """The answers to requests that people send at the same moment."""
    answers: dict[int, httpx.Response] = {}
    ready = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], httpx.Response]) -> None:
        ready.wait()
        answers[number] = act()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return [answers[number] for number in range(len(acts))]


def meanwhile(
    world: World,
    change: Callable[[Db], object],
    act: Callable[[], httpx.Response],
    then: Callable[[Db], object] = bool,
) -> tuple[httpx.Response, bool]:
    """The answer to a request sent while another transaction has changed something, goes on with
    `then` and has not committed yet; and whether the request waited for that."""
    answers: list[httpx.Response] = []
    sending = threading.Thread(target=lambda: answers.append(act()))
    with world.database.write() as db:
        change(db)
        db.flush()
        sending.start()
        waited = _waits(world, sending)
        then(db)
    sending.join(timeout=120)
    return answers[0], waited


def _waits(world: World, sending: threading.Thread) -> bool:
    """Until it waits for a lock or is done; on SQLite all that write wait."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while sending.is_alive():
        sending.join(timeout=0.05)
        with world.database.read() as db:
            if not db.is_postgresql or db.scalar(waiting):
                return sending.is_alive()
    return False


@contextmanager
def later(**delta: float) -> Iterator[None]:
    """So much later, by every clock: `with later(hours=25):`."""
    with time_machine.travel(datetime.now(UTC) + timedelta(**delta), tick=True):
        yield


def logo(kind: str = "PNG", size: tuple[int, int] = (60, 40)) -> dict[str, tuple[str, bytes]]:
    """A picture as the sign form sends it."""
    file = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind)
    return {"logo": (f"logo.{kind.lower()}", file.getvalue())}


def listed_name(who: dict[str, Any]) -> str:
    return str(who["organisation"] if who["kind"] == "organisation" else who["name"])


def plain(page: str) -> str:
    """What is read on it, without its marks and in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return flowed.unflow(body.get_content())


def _csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has no CSRF field"
    return found.group(1)


def _form_beside(page: str, name: str, action: str) -> str:
    for entry in re.split(r'<li class="entry"', page)[1:]:
        if f"<bdi>{name}</bdi>" in unescape(entry):
            found = re.search(rf'action="([^"]+/{action})"', entry)
            assert found, f"no {action} beside {name}"
            return found.group(1)
    raise AssertionError(f"{name} is not in the queue")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, a document is waited for."""
    monkeypatch.setattr("app.web.documents.PATIENCE", 60.0)


@pytest.fixture
def world(settings: Settings, mail_sink: MailSink, tmp_path: Path) -> Iterator[World]:
    """An instance with one open letter and Olga, who owns it."""
    with World(
        settings.model_copy(update={"smtp_url": mail_sink.url}), mail_sink, tmp_path
    ) as world:
        world.letter()
        world.desk()
        yield world
