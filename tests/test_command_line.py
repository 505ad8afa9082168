"""The command line as an operator uses it: a process, its output, its exit status."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pyotp
import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader
from sqlalchemy import select
from sqlmodel import col

from app.cli import main
from app.db import Database
from app.endorsement.endorsements import Endorsement
from app.invitation import invitation_lists
from app.letter import letters
from app.message import messages
from app.organiser import organisers, totp
from app.settings import Settings
from app.trail import audit
from app.trail.audit import AuditEntry
from tests.documents.word_files import change, p, picture, r, word_file
from tests.harness.server import UNDERSIGNED

LETTER = """---
slug: our-letter
title: "Our letter"
deadline: "2099-06-30T18:00:00+02:00"
---
We ask you.
"""

Command = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`run("letter", "open", "x", UNDERSIGNED_…="…")` in an instance of the test's own."""
    monkeypatch.chdir(tmp_path)
    environment = {
        "UNDERSIGNED_DATA_DIR": str(settings.data_dir),
        "UNDERSIGNED_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
    }

    def undersigned(*arguments: str, **extra: str) -> Result:
        return CliRunner().invoke(main, arguments, env={**environment, **extra})

    return undersigned


def test_a_mistake_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [UNDERSIGNED, "letter", "open", "nothing"],
        env={"PATH": os.environ["PATH"], "UNDERSIGNED_DATA_DIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error: There is no such letter.\n"


def _file(folder: Path, text: str = LETTER) -> str:
    (folder / "letter.md").write_text(text)
    return "letter.md"


def _refusal(done: Result, status: int = 1) -> str:
    assert done.exit_code == status, done.output
    assert isinstance(done.exception, SystemExit)
    return done.stderr


def test_a_letter_is_imported_opened_paused_and_closed(run: Command, tmp_path: Path) -> None:
    done = run("letter", "import", _file(tmp_path), "--open")
    assert "http://127.0.0.1:8000/letters/our-letter · version 1 · open" in done.stdout
    assert "paused" in run("letter", "pause", "our-letter").stdout
    assert "open" in run("letter", "open", "our-letter").stdout
    assert "closed" in run("letter", "close", "our-letter").stdout
    assert "it is closed now" in _refusal(run("letter", "pause", "our-letter"))
    assert "no such letter" in _refusal(run("letter", "open", "another"))


def test_importing_again_makes_the_next_version_only_of_another_text(
    run: Command, tmp_path: Path
) -> None:
    run("letter", "import", _file(tmp_path))
    same = run("letter", "import", _file(tmp_path))
    assert "version 1" in same.stdout
    changed = run("letter", "import", _file(tmp_path, LETTER.replace("ask", "urge")))
    assert "version 2" in changed.stdout
    elsewhere = run("letter", "import", "letter.md", "--slug", "second")
    assert "/letters/second · version 1 · draft" in elsewhere.stdout


@pytest.mark.parametrize(
    ("line", "number", "reason"),
    [
        ("order: sideways", 5, "not one of collation, manual, time, country"),
        ("deadline: tomorrow", 5, "a time with its offset"),
        ("deadline: 2099-06-30", 5, "a time with its offset"),
        ("individuals: maybe", 5, "true or false"),
        ("language: klingonese", 5, "not a language code"),
        ("retention_days: 0", 5, "from 1 to 3650"),
        ("letterhead: [{logo: x.png}]", 5, "needs a name"),
        ("letterhead: [{name: X, logo: ../x.png}]", 5, "must lie beside the letter"),
        ("letterhead: [{name: X, logo: x.png}]", 5, "no logo"),
        ("slug: Not A Slug", 5, "small letters"),
        ("title: [a", 6, ""),
        ("deadline: 9999-12-31T23:59:59-23:59", 5, "a time with its offset"),
        ("order: [&a [x, x], &b [*a, *a]]", 5, "letters have no aliases"),
    ],
)
@pytest.mark.only("sqlite")
def test_a_wrong_value_is_refused_with_line_and_reason(
    run: Command, tmp_path: Path, line: str, number: int, reason: str
) -> None:
    text = f"---\ntitle: T\nsubject: S\n# a comment\n{line}\n---\nWe ask you.\n"
    said = _refusal(run("letter", "import", _file(tmp_path, text)))
    assert f"letter.md, line {number}" in said
    assert reason in said


@pytest.mark.only("sqlite")
def test_unknown_keys_are_warned_about_and_files_that_are_no_letters_refused(
    run: Command, tmp_path: Path
) -> None:
    done = run("letter", "import", _file(tmp_path, LETTER.replace("title", "colour: red\ntitle")))
    assert done.exit_code == 0
    assert "line 3: “colour” is not a key of a letter" in done.stderr
    assert "No such file" in _refusal(run("letter", "import", "absent.md"))
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in _refusal(run("letter", "import", "binary.md"))
    assert "no text" in _refusal(run("letter", "import", _file(tmp_path, "---\ntitle: T\n---\n")))


@pytest.mark.only("sqlite")
def test_markdown_where_it_means_nothing_is_warned_about(run: Command, tmp_path: Path) -> None:
    text = LETTER.replace("---\nWe", 'subject: "The *Daily*"\nclosing: "5 * 3 * [a]"\n---\nWe')
    done = run("letter", "import", _file(tmp_path, text))
    assert "line 5: “subject” is plain text" in done.stderr
    assert done.stderr.count("plain text") == 1


def test_a_word_file_is_imported_and_what_was_lost_is_said(run: Command, tmp_path: Path) -> None:
    body = p("Free the archive", style="Title") + p(
        "We ", change("ins", r("ask")), " you.", picture()
    )
    (tmp_path / "Draft.docx").write_bytes(word_file(body))
    done = run("letter", "import", "Draft.docx", "--language", "fr")
    assert "/letters/free-the-archive · version 1 · draft" in done.stdout
    assert done.stderr.splitlines() == [
        "1 tracked change was accepted.",
        "The picture near “We ask you.” was left out.",
    ]
    # The same text again is no new version; with the changes refused it is another text.
    assert "version 1" in run("letter", "import", "Draft.docx").stdout
    refused = run("letter", "import", "Draft.docx", "--track-changes", "reject")
    assert "version 2" in refused.stdout
    assert "1 tracked change was refused." in refused.stderr


@pytest.mark.only("sqlite")
def test_a_file_that_is_not_word_is_one_sentence(run: Command, tmp_path: Path) -> None:
    for content, sentence in (
        (b"nothing", "letter.docx: This is not a Word file (.docx), or it is damaged."),
        (word_file(p()), "letter.docx: There is no text in this file."),
    ):
        (tmp_path / "letter.docx").write_bytes(content)
        assert _refusal(run("letter", "import", "letter.docx")) == f"Error: {sentence}\n"
    (tmp_path / "letter.docx").write_bytes(word_file(p("x")))
    said = _refusal(run("letter", "import", "letter.docx", "--language", "klingonese"))
    assert "not a language code" in said
    assert "No such file" in _refusal(run("letter", "import", "absent.docx"))
    assert "No letter can have" in _refusal(
        run("letter", "import", "letter.docx", "--slug", "import")
    )
    _refusal(run("letter", "import", "letter.docx", "--track-changes", "perhaps"), status=2)


@pytest.mark.only("sqlite")
def test_a_letter_without_front_matter_takes_its_first_heading_as_title(
    run: Command, tmp_path: Path
) -> None:
    done = run("letter", "import", _file(tmp_path, "# Free them all\n\nWe ask you.\n"))
    assert "/letters/free-them-all" in done.stdout


@pytest.mark.only("sqlite")
def test_a_letter_whose_deadline_has_passed_is_not_opened(run: Command, tmp_path: Path) -> None:
    text = LETTER.replace("2099", "2019")
    said = _refusal(run("letter", "import", _file(tmp_path, text), "--open"))
    assert "deadline" in said


def test_a_translation_stands_beside_the_letter(run: Command, tmp_path: Path) -> None:
    run("letter", "import", _file(tmp_path), "--open")
    translation = "---\ntitle: Nossa carta\nlanguage: pt\norder: time\n---\nPedimos.\n"
    (tmp_path / "carta.md").write_text(translation)
    said = _refusal(run("letter", "import", "carta.md", "--slug", "our-letter"))
    assert "was written in English (en), and this file is in Portuguese (pt)" in said
    assert "--translation" in said
    assert "“nossa-carta” to translate" in _refusal(
        run("letter", "import", "carta.md", "--translation")
    )
    done = run("letter", "import", "carta.md", "--slug", "our-letter", "--translation")
    assert "/letters/our-letter · version 2 · open" in done.stdout
    assert "line 4: “order” is for the whole letter" in done.stderr
    for language, said in (("pt", "Pedimos."), ("en", "We ask you.")):
        arguments = ("our-letter", "--format", "html", "--language", language, "-o", "out.html")
        assert run("letter", "export", *arguments).exit_code == 0
        assert said in (tmp_path / "out.html").read_text()
    arguments = ("our-letter", "--format", "pdf", "--language", "fr", "-o", "out.pdf")
    assert "en, pt" in _refusal(run("letter", "export", *arguments))
    renewed = run("letter", "import", _file(tmp_path, LETTER + "And more.\n"))
    assert "version 3" in renewed.stdout
    assert "Portuguese (pt) is older than the letter's now" in renewed.stderr


def test_letters_without_owner_go_to_the_first_organiser(
    run: Command, tmp_path: Path, database: Database
) -> None:
    run("letter", "import", _file(tmp_path))
    link = run("organiser", "add", "Olga@organisers.example", "--name", "Olga").stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/desk/sign-in/")
    again = run("organiser", "add", "olga@organisers.example").stdout.strip()
    assert again != link
    run("letter", "import", "letter.md", "--slug", "later")
    with database.read() as db:
        olga = organisers.first(db)
        assert olga
        assert {letter.slug for letter in organisers.letters_of(db, olga)} == {
            "our-letter",
            "later",
        }
    said = _refusal(run("letter", "import", "letter.md", "--owner", "nobody@organisers.example"))
    assert "no organiser" in said
    assert "e-mail address" in _refusal(run("organiser", "add", "nonsense"))


def test_who_lost_app_and_recovery_codes_is_let_in_by_the_operator(
    run: Command, database: Database
) -> None:
    run("organiser", "add", "olga@organisers.example")
    with database.write() as db:
        olga = organisers.first(db)
        assert olga
        totp.begin(db, olga)
        step = totp.awaited(db, olga.id)
        assert step
        totp.confirm(db, olga, pyotp.TOTP(totp.secret_of(db, step)).at(db.now))
    run("organiser", "add", "olga@organisers.example")
    with database.read() as db:
        assert totp.of(db, olga.id)
    link = run("organiser", "add", "olga@organisers.example", "--without-second-step").stdout
    assert "/desk/sign-in/" in link
    with database.read() as db:
        assert totp.of(db, olga.id) is None
        (entry,) = [
            one for one in audit.history(db, subject_id=olga.id) if one.action.endswith("removed")
        ]
        assert (entry.action, entry.actor) == ("second step removed", "operator")


def test_the_final_letter_is_exported_in_every_format(run: Command, tmp_path: Path) -> None:
    run("letter", "import", _file(tmp_path), "--open")
    for output in ("pdf", "docx", "html", "csv", "json"):
        done = run("letter", "export", "our-letter", "--format", output, "-o", f"out.{output}")
        assert done.exit_code == 0, done.stderr
    assert "We ask you." in PdfReader(tmp_path / "out.pdf").pages[0].extract_text()
    paragraphs = docx.Document(str(tmp_path / "out.docx")).paragraphs
    assert "We ask you." in [paragraph.text for paragraph in paragraphs]
    assert "We ask you." in (tmp_path / "out.html").read_text()
    assert (tmp_path / "out.csv").read_text().startswith("kind,name,role,organisation,country")
    assert json.loads((tmp_path / "out.json").read_text())["signatories"] == []
    said = _refusal(run("letter", "export", "our-letter", "--format", "pdf", "-o", "no/where.pdf"))
    assert "No such file" in said
    _refusal(run("letter", "export", "our-letter", "--format", "odt", "-o", "x"), status=2)


def test_whoever_has_a_character_without_a_font_is_told_the_way_out(
    run: Command, tmp_path: Path
) -> None:
    run("letter", "import", _file(tmp_path, LETTER + "Sincerely, \U0001cc00.\n"))
    arguments = ("letter", "export", "our-letter", "--format", "pdf", "-o", "out.pdf")
    said = _refusal(run(*arguments))
    assert "U+1CC00" in said
    assert "--allow-missing" in said
    assert run(*arguments, "--allow-missing").exit_code == 0
    assert "We ask you." in PdfReader(tmp_path / "out.pdf").pages[0].extract_text()


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("UNDERSIGNED_COLOUR", "red", "is not a setting"),
        ("UNDERSIGNED_BASE_URL", "letters.example.org", "must be an address"),
        ("UNDERSIGNED_DATABASE_URL", "mysql://x", "postgresql://"),
        ("UNDERSIGNED_SMTP_URL", "http://x", "smtp://"),
        ("UNDERSIGNED_SECRET_KEYS", "short", "32 characters"),
        ("UNDERSIGNED_TRUSTED_PROXIES", "nginx", "nginx"),
        ("UNDERSIGNED_MAIL_FROM", "nobody", "must be an address"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(
    run: Command, name: str, value: str, reason: str
) -> None:
    said = _refusal(run("serve", **{name: value}))
    assert name in said
    assert reason in said


@pytest.mark.only("sqlite")
def test_the_local_mailbox_is_refused_on_the_open_network(run: Command) -> None:
    said = _refusal(run("serve", UNDERSIGNED_BASE_URL="https://letters.example.org"))
    assert "UNDERSIGNED_SMTP_URL" in said


@pytest.mark.only("sqlite")
def test_sqlite_is_served_by_one_process(run: Command) -> None:
    assert "exactly one process" in _refusal(run("serve", "--workers", "2"))
    _refusal(run("serve", "--port", "nonsense"), status=2)


def test_the_doctor_examines_and_the_demo_is_loaded_once(run: Command) -> None:
    first = run("demo")
    assert "/letters/radio-ardal" in first.stdout, first.stderr
    before = run("letter", "export", "radio-ardal", "--format", "csv", "-o", "a.csv").stdout
    assert run("demo").exit_code == 0
    after = run("letter", "export", "radio-ardal", "--format", "csv", "-o", "a.csv").stdout
    assert before == after
    examined = run("doctor")
    assert examined.exit_code == 0, examined.stdout
    assert "newest schema" in examined.stdout
    assert "Word files can be read." in examined.stdout


def test_the_demo_shows_the_whole_of_a_sign_on(run: Command, database: Database) -> None:
    assert run("demo").exit_code == 0
    with database.read() as db:
        letter = letters.by_slug(db, "radio-ardal")
        counts = invitation_lists.counts(db, letter)
        assert counts == {
            "unmailed": 2, "invited": 3, "promised": 2, "signed": 3, "declined": 1, "bounced": 1
        }  # fmt: skip
        written = [message.status for message, _by in messages.page_of(db, letter)]
        assert written == ["draft", "sending"]
        reported = select(col(Endorsement.status)).where(col(Endorsement.origin) == "reported")
        assert list(db.scalars(reported)) == ["pending", "pending"]


def test_the_operator_needs_no_second_organiser(
    run: Command, database: Database, tmp_path: Path
) -> None:
    text = LETTER.replace("---\nWe", "two_person: true\n---\nWe")
    assert "open" in run("letter", "import", _file(tmp_path, text), "--open").stdout
    assert "closed" in run("letter", "close", "our-letter").stdout
    with database.read() as db:
        done = select(AuditEntry).where(col(AuditEntry.action).startswith("letter "))
        actors = {entry.action: entry.actor for entry in db.scalars(done)}
    assert actors["letter open"] == actors["letter closed"] == "operator"
