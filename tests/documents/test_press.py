"""Documents are made in a process of their own, within limits."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.documents import pdf, press
from app.documents.document import Lead, Line
from app.documents.fonts import MissingGlyph
from app.documents.press import Press
from app.errors import Unavailable
from tests.documents.letters import letter, organisations, picture


def test_it_makes_what_would_be_made_here() -> None:
    document = letter(
        letterhead=(Lead("Lead", logo=picture("PNG")),),
        organisations=organisations(3),
        mark="Proof",
    )
    assert Press().make(document, "pdf") == pdf.render(document)
    assert Press().make(document, "html") == press.render(document, "html")


def test_a_missing_glyph_is_told_with_the_name_it_is_in() -> None:
    document = letter(organisations=(Line("Centre \u0378 for Rights"),))
    with pytest.raises(MissingGlyph, match=r"\(U\+0378\) in “Centre \u0378 for Rights”"):
        Press().make(document, "pdf")
    boxed = Press().make(document, "pdf", allow_missing=True)
    assert len(PdfReader(BytesIO(boxed)).pages) == 1


def test_a_letter_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "TIME_LIMIT", 1)
    with pytest.raises(Unavailable, match="too long"):
        Press().make(letter(organisations=organisations(20_000)), "pdf")


def test_a_letter_that_takes_too_much_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MEMORY_LIMIT", 500 * 1024**2)
    with pytest.raises(Unavailable, match="too long"):
        Press().make(letter(organisations=organisations(20_000)), "pdf")


def test_its_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNDERSIGNED_SECRET_KEYS", "k" * 40)
    running = Press()
    with ThreadPoolExecutor() as pool:
        made = pool.submit(running.make, letter(organisations=organisations(2000)), "pdf")
        while (process := running.process) is None:
            assert not made.done()
        environment = Path(f"/proc/{process.pid}/environ").read_text()
        made.result()
    names = {line.partition("=")[0] for line in environment.strip("\0").split("\0")}
    assert names == {"LANG", "TMPDIR"}


def test_it_can_be_stopped() -> None:
    running = Press()
    with ThreadPoolExecutor() as pool:
        made = pool.submit(running.make, letter(organisations=organisations(9000)), "pdf")
        while running.process is None:
            assert not made.done()
        running.stop()
        with pytest.raises(Unavailable):
            made.result()


def test_whoever_is_stopped_leaves_no_names_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    # Where its process would write without being told.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    running = Press()
    with ThreadPoolExecutor() as pool:
        made = pool.submit(running.make, letter(organisations=organisations(9000)), "pdf")
        while not any(tmp_path.rglob("letter.json")):
            assert not made.done()
        running.stop()
        with pytest.raises(Unavailable):
            made.result()
    assert list(tmp_path.rglob("*")) == []
