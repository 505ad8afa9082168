"""Fixtures of the world around the tests."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from app.db import Database
from app.settings import Settings
from tests.harness import sessions
from tests.harness.browser import NoChromium, Windows, launched
from tests.harness.certificates import Authority
from tests.harness.partner import Partner
from tests.harness.postgresql import Databases
from tests.harness.schema import migrate
from tests.harness.server import Server
from tests.harness.smtp import MailSink


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """ "sqlite" or "postgresql"; a test that has a database runs once for each of --database."""
    kind: str = request.param
    return kind


@pytest.fixture
def database_url(database_kind: str, request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of the test's own, in the form of UNDERSIGNED_DATABASE_URL."""
    url: str = request.getfixturevalue(f"{database_kind}_url")
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "undersigned.sqlite"
    migrate(f"sqlite:///{file}", file.parent)
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, data_dir: Path) -> str:
    file = data_dir / "undersigned.sqlite"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Databases:
    """The one cluster that all tests of this run share."""
    return sessions.postgresql(request.config)


@pytest.fixture(scope="session")
def postgresql_template(
    postgresql: Databases, xdist_worker: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    name = f"template_{xdist_worker}"
    migrate(postgresql.create(name), tmp_path_factory.mktemp("template"))
    return name


@pytest.fixture
def postgresql_url(
    postgresql: Databases, postgresql_template: str, xdist_worker: str
) -> Iterator[str]:
    name = f"test_{xdist_worker}_{next(_numbers)}"
    yield postgresql.create(name, postgresql_template)
    postgresql.drop(name)


_numbers = count(1)


@pytest.fixture(scope="session")
def xdist_worker(request: pytest.FixtureRequest) -> str:
    """The name of this of the processes that run tests."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "alone"))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    directory = tmp_path / "var"
    directory.mkdir(mode=0o700)
    return directory


@pytest.fixture
def settings(data_dir: Path, database_url: str) -> Settings:
    """Settings of an instance of the test's own; others by `settings.model_copy(update=…)`."""
    return Settings(data_dir=data_dir, database_url=database_url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database(settings)
    yield database
    database.close()


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    """The application in this process, without its worker; follows no redirect by itself."""
    # Here, not above: most tests are done before the whole application is loaded.
    from app.main import create_app

    with TestClient(create_app(settings), settings.base_url, follow_redirects=False) as client:
        yield client


@pytest.fixture
def serve(data_dir: Path, database_url: str) -> Iterator[Callable[..., Server]]:
    """`serve(*arguments, port=None, **settings) -> Server`, ready; stopped at the test's end.

    `arguments` follow `undersigned serve`; `settings` are named without their prefix and in
    lower case, as in `serve("--no-worker", smtp_url=mail_sink.url)`. Several share database and
    data directory.
    """
    with ExitStack() as running:

        def start(*arguments: str, port: int | None = None, **settings: str) -> Server:
            given = {"database_url": database_url, **settings}
            environment = {f"UNDERSIGNED_{name.upper()}": given[name] for name in given}
            return running.enter_context(Server(data_dir, environment, arguments, port=port))

        yield start


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    """A mail server without encryption, as on loopback."""
    with MailSink() as sink:
        yield sink


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Makes certificates; `monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))` trusts it."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with ExitStack() as running:
        try:
            browser = running.enter_context(launched())
        except NoChromium as missing:
            pytest.skip(str(missing))
        yield browser


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    """Opens pages as they are wanted: `windows.open(javascript=False, viewport=NARROW)`."""
    windows = Windows(browser)
    yield windows
    windows.close()
    assert not windows.complaints


@pytest.fixture
def page(windows: Windows) -> Page:
    return windows.open()


@pytest.fixture
def plain_page(windows: Windows) -> Page:
    """A page without JavaScript."""
    return windows.open(javascript=False)


@pytest.fixture
def partner() -> Iterator[Partner]:
    """A partner's site, on an origin of its own."""
    with Partner() as partner:
        yield partner
