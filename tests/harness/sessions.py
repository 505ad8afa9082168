"""What a whole run of pytest needs: its options, its PostgreSQL, its rules about skipping.

The process that was called holds the cluster; workers of xdist are told where its socket is.
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.harness.postgresql import Cluster, Databases, NoPostgresql
from tests.harness.shared import MISSING

KINDS = ("sqlite", "postgresql")
CHOICES = {"sqlite": KINDS[:1], "postgresql": KINDS[1:], "all": KINDS}
# What workers are told: the directory of the socket, or why there is none.
SOCKET, WHY_NOT = "postgresql_socket", "postgresql_missing"
FACTS = pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=CHOICES,
        default="sqlite",
        help="what the tests that have a database run on (default: sqlite)",
    )


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    config.stash[FACTS] = {WHY_NOT: "needs --database=postgresql or all"}
    if "postgresql" in CHOICES[config.getoption("database")]:
        try:
            cluster = Cluster().__enter__()
        except NoPostgresql as missing:
            config.stash[FACTS] = {WHY_NOT: str(missing)}
        else:
            config.stash[FACTS] = {SOCKET: str(cluster.directory)}
            config.add_cleanup(lambda: cluster.__exit__(None, None, None))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput.update(node.config.stash[FACTS])


def postgresql(config: pytest.Config) -> Databases:
    """The run's cluster; skips the test that asks if there is none."""
    facts = getattr(config, "workerinput", None) or config.stash[FACTS]
    if SOCKET not in facts:
        pytest.skip(facts[WHY_NOT])
    return Databases(Path(facts[SOCKET]))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    chosen = CHOICES[metafunc.config.getoption("database")]
    only = metafunc.definition.get_closest_marker("only")
    if only:
        chosen = only.args
    elif "browser" in metafunc.fixturenames:
        chosen = chosen[:1]  # a browser sees no difference
    metafunc.parametrize("database_kind", chosen, indirect=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    # Last, because Playwright occupies the thread's event loop from then on.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    report = yield
    return _unskipped(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    report = yield
    return _unskipped(report)


def _unskipped(report: Any) -> Any:
    """With CI=true a skip is a failure, unless data beside the repository are missing."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(MISSING):
            report.outcome = "failed"
            report.longrepr = f"skipped, which CI does not allow: {reason}"
    return report
