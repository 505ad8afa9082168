"""Twin worlds: a world is copied, confidential things happen in the copy alone, and every public
answer of the two is compared, byte by byte and with its headers.

The addresses are found in the application. A new route that is public takes part by itself, and
has to: the test fails until one of its addresses leads somewhere in the world that is copied.
"""

import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlmodel import col

from app import i18n
from app.endorsement.endorsements import Endorsement
from app.settings import Settings
from app.web.list_page import KINDS
from tests.harness.postgresql import Databases
from tests.harness.smtp import MailSink
from tests.journeys.test_messages import drafted, leave, send
from tests.journeys.test_reported import report
from tests.routes import addresses, by_route, values_of
from tests.world import (
    AURORA,
    BOREAS,
    CIRRUS,
    DARIA,
    EMIL,
    TRANSLATION,
    Forms,
    World,
    logo,
    submit,
)

# As open as a letter can be, so that as much as possible is compared.
OPEN = "public_proof: true\nshow_representatives: true"
INVITED = "dina@delta.example"
REPORTED = BOREAS | {"organisation": "Fjord Archive", "email": "ida@fjord.example"}
DISPUTING = "chair@aurora.example"
# Besides English: one from right to left, and one that the interface doesn't speak.
TRANSLATIONS = ["ar", "pt"]
LANGUAGES = [*i18n.languages(), "pt"]

# Public routes that answer nobody here with a page, and why.
CLOSED = {
    "/drafts/{token}": "a draft has no signatories",
    "/mailbox": "mails go to a mail server",
    "/mailbox/{name}": "mails go to a mail server",
    "/mailbox/{name}/html": "mails go to a mail server",
    "/api/v1/letters": "asks for a token",
    "/api/v1/letters/{slug}": "asks for a token",
    "/api/v1/letters/{slug}/endorsements": "asks for a token",
    "/api/v1/letters/{slug}/invitations": "asks for a token",
}

# Names of confidential signatories, or a part of them, as they may be typed in other scripts.
SECRET = ["секрет", "سكرت", "ცირუს", "Циррус", "Stratus", "Квист", "ｓｅｃｒｅｔ", "s'ecret"]

Asked = tuple[str, str, str]
"""Method, address, and the language that the browser asks for."""
Answer = tuple[int, list[tuple[str, str]], bytes]
Copy = Callable[[], Settings]


@pytest.fixture
def copy(
    settings: Settings, database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Copy]:
    """Copies the world's database and files, once nobody uses them; answers the copy's settings."""
    data_dir = tmp_path / "twin"

    def on_sqlite() -> Settings:
        shutil.copytree(settings.data_dir, data_dir)
        url = f"sqlite:///{data_dir / 'undersigned.sqlite'}"
        return settings.model_copy(update={"data_dir": data_dir, "database_url": url})

    def on_postgresql() -> Settings:
        shutil.copytree(settings.data_dir, data_dir)
        original = re.search(r"/([^/?]+)\?", settings.database)
        assert original
        url = databases.create(f"{original[1]}_twin", original[1])
        return Settings(**{**settings.model_dump(), "data_dir": data_dir, "database_url": url})

    if database_kind == "sqlite":
        yield on_sqlite
        return
    databases: Databases = request.getfixturevalue("postgresql")
    yield on_postgresql
    databases.drop(re.sub(r".*/([^/?]+)\?.*", r"\1_twin", settings.database))


@contextmanager
def world_of(settings: Settings, sink: MailSink, folder: Path) -> Iterator[World]:
    with World(settings.model_copy(update={"smtp_url": sink.url}), sink, folder) as world:
        yield world


def test_twin_worlds_that_differ_in_confidential_signatories_answer_alike(
    settings: Settings, mail_sink: MailSink, tmp_path: Path, copy: Copy
) -> None:
    with world_of(settings, mail_sink, tmp_path) as world:
        given = public_part(world)
        asked = list(everything_asked(world, given))
        asked += [("GET", address, "") for address in narrowed(world)]
    copied = copy()

    with world_of(settings, mail_sink, tmp_path) as world:
        expected = {one: answered(world, *one) for one in asked}
        every_route_answers(world, given, expected)
        sent = strangers_try(world)

    with world_of(copied, mail_sink, tmp_path) as twin:
        rows = twin.rows()
        with live_events(twin) as events:
            confidential_part(twin)
            assert len(twin.rows()["endorsement"]) > len(rows["endorsement"])
            assert twin.trail("placed")
            for one in asked:
                assert answered(twin, *one) == expected[one], one
            confidential_ids_lead_nowhere(twin)
            assert strangers_try(twin) == sent

            # The comparison can fail: one more public signatory is seen wherever the list is.
            twin.approved(EMIL, name="Emil Public", email="public@mail.example")
            newest = answer(twin, f"{twin.path}/live")[2].strip()
            while events[-1] != newest:
                events.wait()
            assert len(events) == 2, "open pages were told of what is confidential"
            for one in must_differ(twin):
                assert answered(twin, *one) != expected[one], one


def public_part(world: World) -> dict[str, Sequence[str]]:
    """What happens in both worlds; answers the addresses that lead somewhere in them."""
    world.letter(OPEN)
    for language in TRANSLATIONS:
        world.translation(TRANSLATION.replace("language: pt", f"language: {language}"))
    world.invite(f"Delta Listeners; {INVITED}")
    world.approved(AURORA, files=logo())
    world.approved(BOREAS, language="pt")
    world.approved(DARIA)
    world.verified(CIRRUS)
    report(world, REPORTED)
    send(world, drafted(world))
    leave(world)
    first = world.signatories()[0]["id"]
    path = f"{world.path}/signatories/{first}/dispute"
    submit(world.client, path, path, email=DISPUTING)
    whose = {
        "confirm": AURORA["email"],
        "manage": AURORA["email"],
        "unsubscribe": AURORA["email"],
        "dispute": DISPUTING,
        "invitations": INVITED,
        "reported": REPORTED["email"],
    }
    letter_url = f"{world.settings.base_url}{world.path}"
    return {
        **{
            f"{kind}/{{token}}": [world.link(who, f"/{kind}/").rpartition("/")[2], "unknown"]
            for kind, who in whose.items()
        },
        "signatories/{public_id}": [first, "0" * 22],
        "versions/{number}": ["1", "3", "99"],
        "?after": ["", "unknown", f"{first}-1"],
        "?at": ["unknown", first],
        "?limit": ["0", "1", "3"],
        "?lang": [*LANGUAGES, "xx"],
        "?url": ["", letter_url, f"{letter_url}?lang=pt", f"{letter_url}&format=xml"],
        "?q": ["aurora", "emil", "secret", "nobody", *SECRET],
        "?country": ["", "NO", "DE", "GE", "FR", "XX"],
        "?kind": ["organisation", "individual"],
        "?layout": ["columns", "logos"],
    }


def narrowed(world: World) -> Iterator[str]:
    """The list as several wishes at once narrow it."""
    wishes = product(("", "secret", "aurora"), ("", "NO", "GE"), ("", *KINDS), ("", "logos"))
    for q, country, kind, layout in wishes:
        yield f"{world.path}/signatories?q={q}&country={country}&kind={kind}&layout={layout}"


def confidential_part(world: World) -> None:
    """What happens in one world alone: every way in which something confidential can happen."""
    secretly = {"visibility": "confidential"}
    world.approved(EMIL, **secretly)
    # Somebody of an organisation that is listed publicly, from a mailbox that is known.
    world.approved(AURORA, organisation="Secret Aurora", email=AURORA["email"], **secretly)
    hidden = CIRRUS | {"organisation": "Secret Cirrus", "email": "c@secret.example"}
    world.approved(hidden, files=logo(), **secretly)
    link = world.link("c@secret.example", "/manage/")
    submit(world.client, link, f"{link}/correction", organisation="Secret Stratus")
    desk = world.desk()
    desk.decide(world.slug, "Secret Cirrus", "correction/acceptance", status="approved")
    # Sorted as something else, and in a category of its own.
    sorting = f"/desk/letters/{world.slug}/sorting?q=secret"
    form = Forms(desk.browser.get(sorting).text).forms[sorting.partition("?")[0]]
    typed = {name: "Secret" for name in form if name.startswith(("sort_key_", "category_"))}
    assert desk.browser.post(sorting.partition("?")[0], data={**form, **typed}).is_redirect
    # Waiting, declined, withdrawn, and hidden by the signer before the review.
    world.verified(DARIA, name="Secret Person", email="d@secret.example", **secretly)
    world.verified(DARIA, name="Secret Second", email="e@secret.example", **secretly)
    desk.decide(world.slug, "Secret Second", "decline", reason="No.")
    world.approved(DARIA, name="Secret Third", email="f@secret.example", **secretly)
    world.client.post(world.link("f@secret.example", "/manage/") + "/withdrawal")
    world.verified(DARIA, name="Secret Fourth", email="g@secret.example")
    world.client.post(world.link("g@secret.example", "/manage/") + "/confidentiality")
    desk.decide(world.slug, "Secret Fourth", "approval")
    world.sign(DARIA, name="Secret Fifth", email="h@secret.example", **secretly)
    world.deliver()


def everything_asked(world: World, given: dict[str, Sequence[str]]) -> Iterator[Asked]:
    """Every public address as it is; those without parameters also in each of the interface's
    languages, as browsers ask for it, and by HEAD."""
    for address in addresses(world.app, "GET", values_of(world, **given), desk=False):
        yield "GET", address, ""
        if "?" not in address:
            yield "HEAD", address, ""
            for language in i18n.languages():
                yield "GET", address, language


def every_route_answers(
    world: World, given: Mapping[str, Sequence[str]], expected: Mapping[Asked, Answer]
) -> None:
    """Two worlds that both say 404 are no comparison."""
    found = {address for (_method, address, _), answer in expected.items() if answer[0] < 400}
    for path, tried in by_route(world.app, "GET", values_of(world, **given), desk=False).items():
        assert path in CLOSED or not found.isdisjoint(tried), (
            f"{path} is new: let one of its addresses lead somewhere in public_part()"
        )


def answer(world: World, address: str) -> Answer:
    return answered(world, "GET", address, "")


def answered(world: World, method: str, address: str, language: str) -> Answer:
    """Status, headers and body; of a live stream the first event without the waiting time."""
    headers = {"accept-language": language} if language else {}
    if method == "HEAD" or not address.endswith("/live"):
        return seen(world.client.request(method, address, headers=headers))
    with world.client.stream(method, address, headers=headers) as stream:
        first = next(stream.iter_bytes(), b"")
        return stream.status_code, stream.headers.multi_items(), re.sub(rb"retry: \d+", b"", first)


def seen(answer: httpx.Response) -> Answer:
    return answer.status_code, answer.headers.multi_items(), answer.content


class Events(list[bytes]):
    """What an open page was told, as it comes."""

    def __init__(self) -> None:
        super().__init__()
        self._more = threading.Condition()

    def put(self, event: bytes) -> None:
        with self._more:
            self.append(event)
            self._more.notify_all()

    def wait(self) -> None:
        """Until there is one more; fails when none comes."""
        with self._more:
            number = len(self)
            assert self._more.wait_for(lambda: len(self) > number, timeout=30), "no event came"


@contextmanager
def live_events(world: World) -> Iterator[Events]:
    """An open page's stream, without its signs of life; at the end the site ends its streams."""
    events = Events()
    with world.browser().stream("GET", f"{world.path}/live") as stream:
        chunks = stream.iter_bytes()
        events.put(next(chunks))

        def read() -> None:
            for chunk in chunks:
                if not chunk.startswith(b":"):
                    events.put(chunk.strip())

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            yield events
        finally:
            assert world.client.portal
            world.client.portal.call(world.app.state.hub.stop)
            reader.join()


def confidential_ids_lead_nowhere(twin: World) -> None:
    """Not even to whoever knows or guesses them: the answers are those to an id that nobody has."""
    query = select(col(Endorsement.public_id)).where(col(Endorsement.visibility) == "confidential")
    with twin.database.read() as db:
        secret = list(db.scalars(query))
    assert secret
    nobody = "N" * len(secret[0])
    for path in ("/signatories/{}/dispute", "/signatories/{}/dispute/sent", "/signatories?at={}",
                 "/signatories?after={}-1", "/signatories.json?after={}-1"):  # fmt: skip
        for one in secret:
            status, headers, body = answer(twin, twin.path + path.format(one))
            said = status, headers, body.replace(one.encode(), nobody.encode())
            assert said == answer(twin, twin.path + path.format(nobody)), path


def strangers_try(world: World) -> list[Answer]:
    """The answers to those who try to find out by signing, or by disputing, who has signed."""
    secret = {"organisation": "Secret Stratus", "email": "stranger@mail.example"}
    tried = [
        world.sign(EMIL),
        world.sign(CIRRUS, **secret),
        world.sign(CIRRUS, **secret | {"email": "c@secret.example"}),
        world.sign(AURORA, organisation="Secret Aurora"),
        world.sign(DARIA, name="Secret Person", email="d@secret.example"),
        world.sign(EMIL, email="not an address"),
    ]
    path = f"{world.path}/signatories/{'0' * 22}/dispute"
    return [seen(one) for one in (*tried, world.client.post(path, data={"email": EMIL["email"]}))]


def must_differ(world: World) -> set[Asked]:
    """What shows the list, or a number of it, to somebody."""
    pages = ["", "/signatories", "/signatories.json", "/signatories.csv", "/signatories.atom",
             "/embed"]  # fmt: skip
    wishes = ["q=emil", "kind=individual", "layout=logos", "q=&country=&kind=&layout="]
    drawn = ["/letter.html", "/letter.pdf", "/letter.docx", "/card.png", "/card.png?lang=ar"]
    return {
        ("GET", "/", ""),
        *(("GET", world.path + path, "") for path in ["/live", "/embed?limit=0", *drawn]),
        *(("GET", world.path + path, language) for path in pages for language in i18n.languages()),
        *(("GET", f"{world.path}{path}?lang={code}", "") for path in pages for code in LANGUAGES),
        *(("HEAD", world.path + path, "") for path in pages),
        *(("GET", f"{world.path}/signatories?{wish}", "") for wish in wishes),
    }
