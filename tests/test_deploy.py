"""What can be known of container, service and locks without building or starting them."""

import configparser
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
# Instructions with their arguments; a line that ends in a backslash goes on.
STEPS = [
    line.split(maxsplit=1)
    for line in DOCKERFILE.replace("\\\n", "").splitlines()
    if line and not line.startswith("#")
]


def steps(instruction: str) -> list[str]:
    return [rest for name, rest in STEPS if name == instruction]


def test_what_the_image_copies_is_there_and_reaches_the_engine() -> None:
    ignored, *exceptions = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert ignored == "*"
    copied = {
        source
        for arguments in steps("COPY")
        if "--from" not in arguments
        for source in arguments.split()[:-1]
    }
    assert {"app", "templates", "migrations", "requirements.lock"} <= copied
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert {f"!{source}" for source in copied} == {e for e in exceptions if e.startswith("!")}


def test_the_image_installs_only_what_is_locked() -> None:
    installs = [run for run in steps("RUN") if "pip install" in run]
    assert len(installs) == 2
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_the_image_runs_without_privileges_and_is_watched() -> None:
    (user,) = steps("USER")
    assert user != "root"
    assert f"--uid {user} " in DOCKERFILE
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("CMD [")
    (health,) = steps("HEALTHCHECK")
    assert "/healthz" in health
    assert steps("CMD") == ['["undersigned", "serve", "--host", "0.0.0.0"]']
    assert steps("EXPOSE") == ["8000"]
    assert steps("VOLUME") == ["/data"]
    assert "UNDERSIGNED_DATA_DIR=/data" in steps("ENV")[0]


def test_the_service_starts_the_site_as_a_user_of_its_own() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy" / "undersigned.service")
    assert unit["Service"]["ExecStart"].endswith("/.venv/bin/undersigned serve")
    assert unit["Service"]["User"] == "undersigned"
    assert int(unit["Service"]["TimeoutStopSec"]) > 10  # SIGTERM has that long


@pytest.mark.parametrize("file", ["deploy/undersigned.service", "docs/deploy.md", "Dockerfile"])
def test_settings_are_named_as_the_application_knows_them(file: str) -> None:
    named = set(re.findall(r"UNDERSIGNED_([A-Z_]+)", (ROOT / file).read_text()))
    assert named
    assert {name.lower() for name in named} <= Settings.model_fields.keys()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_every_requirement_with_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text  # no package server's address
    blocks = re.split(r"\n(?=\S)", text)
    locked = {canonicalize_name(block.split("==")[0]) for block in blocks if "==" in block}
    assert [block for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = project["dependencies"] + extras["build"]
    if lock == "requirements-dev.lock":
        wanted = wanted + extras["dev"]
    assert {canonicalize_name(Requirement(one).name) for one in wanted} <= locked
