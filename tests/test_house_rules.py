"""Rules of the house that are worth stating are tests."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from app import migrate
from app.db import Database
from app.keys import Keys
from app.letter import letter_keys
from app.mailing import mail
from app.mailing.stationery import (
    LEFT_TO_RIGHT,
    LONGEST_PREVIEW,
    LONGEST_SUBJECT,
    RIGHT_TO_LEFT,
    closed,
    shortened,
)
from app.rendering import TEMPLATES
from app.settings import PREFIX, Settings
from app.worker import Worker

ROOT = Path(__file__).parent.parent
# Everything else under app/ is the domain and what it uses.
WEB = ("main.py", "server.py", "cli.py", "web/")
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f'{SCRIPT} "&" {{{{ 7*7 }}}} %(name)s '
WRITING = re.compile(r"(?i)\b(?:insert|replace) into endorsement\b|\bupdate endorsement\b")
REFERENCE = re.compile(r'{%-?\s*(?:extends|include|from|import)\s+"([^"]+)"')


def sources(*, domain: bool = False) -> Iterator[tuple[str, ast.Module]]:
    """The parsed files of the application by their path in it."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = path.relative_to(ROOT / "app").as_posix()
        if not (domain and name.startswith(WEB)):
            yield name, ast.parse(path.read_text("utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules a file imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_domain_knows_no_web() -> None:
    foreign = ("fastapi", "starlette", "uvicorn", "app.web", "app.main", "app.server")
    borders = [
        f"{name} imports {module}"
        for name, tree in sources(domain=True)
        for module in imported(tree)
        if f"{module}.".startswith(tuple(f"{one}." for one in foreign))
    ]
    assert borders == []


def test_few_files_commit() -> None:
    committing = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "begin_nested")
    }
    assert committing <= {"db.py", "worker.py"}


def test_no_row_of_an_endorsement_is_written_past_its_stamp() -> None:
    """SQLAlchemy gives a new one with each INSERT and UPDATE that it writes, but for upserts."""
    past = [
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "on_conflict_do_update")
        or (isinstance(node, ast.Constant) and re.search(WRITING, str(node.value)))
    ]
    assert past == []


def test_only_settings_reads_the_environment() -> None:
    reading = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    }
    # server.py tells the processes it starts whether they have a worker.
    assert reading <= {"settings.py", "server.py"}


def test_every_mail_has_its_pair_of_templates() -> None:
    written = {name for name in mail.MAILS if name != "nothing"}
    for suffix in ("txt", "html"):
        found = {path.stem for path in (TEMPLATES / "email").glob(f"*.{suffix}")}
        assert found - {"base"} == written


def everything_hostile() -> dict[str, Any]:
    """Facts for any mail, with hostile words wherever people write some."""
    return {
        "to": "anna@aurora.example",
        "language": "en",
        "letter": {"title": HOSTILE, "path": "/letters/x", "deadline": "2031-01-01T12:00:00+01:00"},
        "kind": "organisation",
        "listed_name": HOSTILE,
        "name": HOSTILE,
        "reason": HOSTILE,
        "visibility": "public",
        "status": "approved",
        "accepted": True,
        "sort_key": HOSTILE,
        "question": HOSTILE,
        "changes": {"organisation": [HOSTILE, HOSTILE]},
        "reported_by": HOSTILE,
        "reply_to": "olga@organisers.example",
        "received": "hand",
        "received_on": "2026-01-05",
        "subject": HOSTILE,
        "body": HOSTILE,
        "line": HOSTILE,
        "version": 1,
        "sha256": "0" * 64,
        "secret": "secret",
        "what": "passkey_added",
        "introduction": HOSTILE,
        "organisation": HOSTILE,
        "leads": [HOSTILE, HOSTILE],
        "more_leads": 1,
        "inviter": HOSTILE,
        "promised_until": "2031-01-01",
        "title": HOSTILE,
        "who": HOSTILE,
        "whom": HOSTILE,
        "proposed": HOSTILE,
        "role": "reviewer",
        "news": "changed",
        "hidden": True,
        "stays": True,
        "desk_path": "/desk/letters/x",
    }


@pytest.mark.parametrize("name", [name for name in mail.MAILS if name != "nothing"])
def test_every_mail_can_be_written_with_a_hostile_name(name: str) -> None:
    facts = everything_hostile()
    message = mail.compose(name, facts, Settings(), Keys(["k" * 40]))
    assert message is not None
    assert message.to == "anna@aurora.example"
    assert "\n" not in message.subject
    assert SCRIPT not in message.html
    if name not in ("sign_in", "step_up"):  # which name nobody
        assert HOSTILE.strip() in message.text
        assert "&lt;script&gt;" in message.html
        assert "{{ 7*7 }}" in message.html
    for line in message.text.splitlines():
        assert "://" not in line or re.fullmatch(r"http://127\.0\.0\.1:8000/\S*[\w-]", line), line


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", [name for name in mail.MAILS if name != "nothing"])
def test_every_mail_can_be_read_in_every_program(name: str, language: str) -> None:
    """Nothing is fetched, nothing is cut, and tables are none to a screen reader."""
    facts = everything_hostile() | {"language": language}
    if name != "message":  # whose subject an organiser has written
        del facts["subject"]
    message = mail.compose(name, facts, Settings(), Keys(["k" * 40]))
    assert message is not None
    page = message.html
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    # Programs on the web keep nothing of the root element.
    assert f'<table class="page" role="presentation" lang="{language}" dir="{direction}"' in page
    assert len(page.encode()) < 102_000  # where Gmail cuts
    assert not re.search(r"<(img|link|script|iframe|svg)\b|url\(|@import|\bsrc=|flex|grid", page)
    assert page.count("<table") == page.count('role="presentation"')
    assert page.count('class="action"') <= 1  # one button
    if name != "message":
        assert len(message.subject) <= LONGEST_SUBJECT
    shown_beside = re.search(r'<div class="before"[^>]*>(.*?)</div>', page, re.DOTALL)
    assert shown_beside
    assert len(unescape(shown_beside[1])) <= LONGEST_PREVIEW
    assert "://" not in shown_beside[1]


@pytest.mark.parametrize("name", [name for name in mail.MAILS if name != "nothing"])
def test_every_mail_can_be_read_without_its_style(name: str) -> None:
    """Some programs take the block out, and then the colours of a link are their own."""
    message = mail.compose(name, everything_hostile(), Settings(), Keys(["k" * 40]))
    assert message is not None
    bare = re.sub(r"<style>.*?</style>", "", message.html, flags=re.DOTALL)
    assert re.search(r'<div class="before"[^>]* style="display: none;', bare)
    for button in re.findall(r'<table class="action".*?</table>', bare):
        for part in ("color: #ffffff", "background: #1f4480", "padding: 12px 24px"):
            assert part in re.findall(r"<a [^>]*>", button)[0]
    sizes = re.findall(r"(?:font-size|font): (?:600 )?(\d+)px", message.html)
    assert {int(size) for size in sizes} - {1} <= {14, 16, 18, 22}  # 1: what nobody sees


@pytest.mark.parametrize("name", [name for name in mail.MAILS if name != "nothing"])
def test_names_in_mails_have_a_direction_of_their_own(name: str) -> None:
    ours = dict.fromkeys(("listed_name", "name", "who", "whom", "organisation", "inviter"), "Nomen")
    more = {"reported_by": "Nomen", "line": "Nomen", "sort_key": "Nomen", "leads": ["Nomen"] * 2}
    more |= {"changes": {"organisation": ["Nomen", "Nomen"]}}
    facts = {**everything_hostile(), **ours, **more, "what": "passkey_added"}
    message = mail.compose(name, facts, Settings(), Keys(["k" * 40]))
    assert message is not None
    page = re.sub(
        r'<title>.*?</title>|<div class="before".*?</div>', "", message.html, flags=re.DOTALL
    )
    assert page.count("Nomen") == page.count("<bdi>Nomen</bdi>")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", [name for name in mail.MAILS if name != "nothing"])
def test_titles_in_mails_are_in_their_own_language(name: str, language: str) -> None:
    letter = {"title": "مرصد", "path": "/letters/x", "deadline": None, "language": "ar"}
    facts = everything_hostile() | {"language": language, "letter": letter}
    message = mail.compose(name, facts, Settings(), Keys(["k" * 40]))
    assert message is not None
    shown = re.findall(r"<bdi[^>]*>مرصد</bdi>", message.html)
    assert set(shown) <= {'<bdi lang="ar" dir="rtl">مرصد</bdi>'}
    assert bool(shown) == ("مرصد" in message.text)


def test_what_ends_a_subject_stays_beside_its_last_word() -> None:
    assert closed("Review: One…") == "Review: One…"
    assert closed("مراجعة: One…") == "مراجعة: One…" + LEFT_TO_RIGHT
    assert closed("Review: مرصد!") == "Review: مرصد!" + RIGHT_TO_LEFT
    assert closed("مراجعة: One") == "مراجعة: One"
    assert closed("مراجعة…") == "مراجعة…"
    assert closed("7…") == "7…"


def test_what_is_too_long_is_cut_between_words() -> None:
    assert shortened("One two", 7) == "One two"
    assert shortened("One two three", 10) == "One two…"
    assert shortened("Review: title", 9) == "Review…"
    assert shortened("x" * 20, 10) == "x" * 9 + "…"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", (ROOT / "README.md").read_text("utf-8")))
    assert documented == {name.upper() for name in Settings.model_fields}
    for page in (ROOT / "docs").glob("*.md"):
        named = set(re.findall(rf"{PREFIX}([A-Z_]+)", page.read_text("utf-8")))
        assert named <= documented, page.name


def test_every_key_of_a_letter_is_documented() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for key in (*letter_keys.TEXT_KEYS, *letter_keys.SETTINGS):
        assert f"`{key}`" in readme, key


def test_the_schema_is_what_the_migrations_make(database: Database) -> None:
    assert migrate.drift(database) == []


def test_a_letter_s_title_stands_in_its_own_language_and_direction() -> None:
    """Where it is text; attributes and titles of windows can't say what language they are in."""
    whole = TEMPLATES / "document"  # in the letter's own language from end to end
    for path in set(TEMPLATES.rglob("*.html")) - set(whole.iterdir()):
        for line in path.read_text().splitlines():
            is_text = "block title" not in line and 'content="' not in line
            if "{{ letter.title }}" in line and is_text:
                assert ' lang="' in line, f"{path}: {line.strip()}"


def test_every_template_is_used() -> None:
    everything = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.*")}
    python = "\n".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    reached = {name for name in everything if f'"{name}"' in python or name.startswith("document/")}
    reached |= {f"email/{name}.{suffix}" for name in mail.MAILS for suffix in ("txt", "html")}
    waiting = list(reached & everything)
    while waiting:
        used = REFERENCE.findall((TEMPLATES / waiting.pop()).read_text("utf-8"))
        waiting += [name for name in used if name not in reached]
        reached |= set(used)
    assert everything - reached == set()
    assert reached - everything <= {"email/nothing.txt", "email/nothing.html"}


def test_recurring_work_stands_on_one_screen(database: Database) -> None:
    """Each chore can run on an empty database, as often as it likes."""
    worker = Worker(database)
    for _round in range(2):
        worker.due = [0.0 for _chore in worker.chores]
        worker.keep_house()
    worker.courier.close()
