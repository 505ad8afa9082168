"""Confidential signatories: no public byte may tell that they exist.

The twin-world test copies a world, lets confidential things happen in the copy alone, and compares
every public answer of the two, byte by byte.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from app.settings import Settings
from app.web.list_page import KINDS
from tests.harness.postgresql import Databases
from tests.harness.smtp import MailSink
from tests.routes import addresses, values_of
from tests.world import AURORA, BOREAS, CIRRUS, DARIA, EMIL, Forms, World, logo, submit

# As open as a letter can be, so that as much as possible is compared.
OPEN = "public_proof: true\nshow_representatives: true"

# Names of confidential signatories, or a part of them, as they may be typed in other scripts.
SECRET = ["секрет", "سكرت", "ცირუს", "Циррус", "Stratus", "Квист", "ｓｅｃｒｅｔ", "s'ecret"]

Answer = tuple[int, list[tuple[str, str]], bytes]
Copy = Callable[[], Settings]


def test_a_confidential_signatory_is_in_no_public_byte(world: World) -> None:
    world.letter(OPEN)
    world.approved(BOREAS)
    world.approved(AURORA, visibility="confidential", files=logo())
    assert world.count() == {"organisations": 1, "individuals": 0, "total": 1}
    for address in addresses(world.app, "GET", values_of(world), desk=False):
        _status, headers, body = answer(world, address)
        said = repr(headers).encode() + body
        for secret in (b"Aurora", b"Anna Berg", b"aurora.example", b"anna@"):
            assert secret not in said, address
    # At the desk it stands, marked as what it is.
    queue = world.desk().queue(world.slug, "approved")
    assert "Aurora Media Watch" in queue
    assert 'class="badge confidential"' in queue


def test_the_withheld_number_is_rounded_and_there_only_if_switched_on(world: World) -> None:
    for number in range(6):
        world.approved(
            DARIA, name=f"Person {number}", email=f"p{number}@x.example", visibility="confidential"
        )
    facts = world.client.get(f"{world.path}/signatories.json").json()
    assert "withheld" not in facts
    assert "not named" not in world.client.get(world.path).text
    world.letter("withheld_count: true")
    facts = world.client.get(f"{world.path}/signatories.json").json()
    assert facts["withheld"] == 5
    assert facts["count"]["total"] == 0
    assert "About 5 more signatories are not named." in world.client.get(world.path).text


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


def public_part(world: World) -> dict[str, Sequence[str]]:
    """What happens in both worlds; answers the addresses that lead somewhere in them."""
    world.letter(OPEN)
    world.translation()
    world.desk()
    world.approved(AURORA, files=logo())
    world.approved(BOREAS, language="pt")
    world.approved(DARIA)
    world.verified(CIRRUS)
    first = world.signatories()[0]["id"]
    confirm = world.link(AURORA["email"]).removeprefix("/confirm/")
    manage = world.link(AURORA["email"], "/manage/").removeprefix("/manage/")
    letter_url = f"{world.settings.base_url}{world.path}"
    path = f"{world.path}/signatories/{first}/dispute"
    submit(world.client, path, path, email="chair@aurora.example")
    dispute = world.link("chair@aurora.example", "/dispute/").removeprefix("/dispute/")
    return {
        "confirm/{token}": [confirm, "unknown"],
        "manage/{token}": [manage, "unknown"],
        "dispute/{token}": [dispute, "unknown"],
        "signatories/{public_id}": [first, "0" * 22],
        "?after": ["", "unknown", f"{first}-1"],
        "?at": ["unknown", first],
        "?limit": ["0", "1", "3"],
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


def test_twin_worlds_that_differ_in_confidential_signatories_answer_alike(
    settings: Settings, mail_sink: MailSink, tmp_path: Path, copy: Copy
) -> None:
    with world_of(settings, mail_sink, tmp_path) as world:
        given = public_part(world)
        addressed = list(addresses(world.app, "GET", values_of(world, **given), desk=False))
        addressed += narrowed(world)
    copied = copy()

    with world_of(settings, mail_sink, tmp_path) as world:
        expected = {address: answer(world, address) for address in addressed}
    assert {status for status, _headers, _body in expected.values()} >= {200, 404}

    with world_of(copied, mail_sink, tmp_path) as twin:
        rows = twin.rows()
        confidential_part(twin)
        assert len(twin.rows()["endorsement"]) > len(rows["endorsement"])
        assert twin.trail("placed")
        for address in addressed:
            assert answer(twin, address) == expected[address], address

        # The comparison can fail: one more public signatory is seen nearly everywhere.
        twin.approved(EMIL, name="Emil Public", email="public@mail.example")
        differing = {address for address in addressed if answer(twin, address) != expected[address]}
        for path in ("", "/signatories", "/signatories.json", "/signatories.csv", "/embed",
                     "/signatories.atom", "/signatories.atom?lang=pt", "/embed?limit=0",
                     "?lang=pt", "/signatories?lang=pt", "/signatories.json?lang=pt",
                     "/signatories?q=emil", "/signatories?kind=individual",
                     "/signatories?layout=logos", "/signatories?q=&country=&kind=&layout=",
                     "/embed?lang=pt", "/live", "/letter.html", "/letter.pdf",
                     "/card.png", "/card.png?lang=pt"):  # fmt: skip
            assert f"{twin.path}{path}" in differing
        assert "/" in differing


def answer(world: World, address: str) -> Answer:
    """Status, headers and body; of a live stream the first event without the waiting time."""
    if not address.endswith("/live"):
        whole = world.client.get(address)
        return whole.status_code, whole.headers.multi_items(), whole.content
    with world.client.stream("GET", address) as stream:
        first = next(stream.iter_bytes())
        return stream.status_code, stream.headers.multi_items(), re.sub(rb"retry: \d+", b"", first)
