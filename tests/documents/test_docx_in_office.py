"""Word files as LibreOffice opens them. Starting it takes seconds, so it is asked a few times."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.documents import docx
from app.documents.document import Document, Lead, Line
from app.documents.markdown import strings
from app.i18n import direction
from app.letter import letter_files
from tests.documents.extraction import squeezed
from tests.documents.letters import in_order, letter, organisations, picture, reference_letter
from tests.documents.test_docx import RICH, seen
from tests.harness.shared import shared

TEXT = "txt:Text (encoded):UTF8"
Conversion = Callable[[dict[str, Document], str], dict[str, str]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Conversion:
    """LibreOffice, which opens letters and says what it read, as a text or as pages."""
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
    profile = tmp_path_factory.mktemp("office")

    def read(letters: dict[str, Document], kind: str) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("letters")
        for name, document in letters.items():
            (folder / f"{name}.docx").write_bytes(docx.render(document))
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless"]
        convert = ["--convert-to", kind, "--outdir", str(folder)]
        files = [str(folder / f"{name}.docx") for name in letters]
        subprocess.run([*command, *convert, *files], check=True, capture_output=True, timeout=240)
        return {name: text_of(folder / f"{name}.{kind.partition(':')[0]}") for name in letters}

    return read


def text_of(path: Path) -> str:
    if path.suffix == ".txt":
        return path.read_text(encoding="utf-8-sig")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    command = ["pdftotext", "-enc", "UTF-8", path, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def test_the_reference_letter_reads_as_its_source(office: Conversion, tmp_path: Path) -> None:
    reference = reference_letter(tmp_path)
    text = seen(office({"reference": reference}, TEXT)["reference"])
    assert text.partition("11listedsignatories")[0] == seen("".join(in_order(reference)))


def test_letters_from_right_to_left_keep_their_text(office: Conversion, tmp_path: Path) -> None:
    names = {"ar": ("مركز حماية", "مركز (ABC)", "Freedom Now"), "he": ("המוקד", "+972 Magazine")}
    letters = {language: right_to_left(language, names[language], tmp_path) for language in names}
    for language, text in office(letters, TEXT).items():
        said = [*strings(letters[language].body), *names[language]]
        assert [each for each in said if seen(each) not in seen(text)] == []


def right_to_left(language: str, names: tuple[str, ...], logos: Path) -> Document:
    source = letter_files.read(shared(f"letters/osd-sos.{language}.md"), logos).text
    return letter(
        language=language,
        direction=direction(language),
        body=source.body,
        organisations=tuple(map(Line, names)),
    )


def test_lists_count_and_columns_are_read_in_order(office: Conversion) -> None:
    text = office({"letter": letter(body=RICH, organisations=organisations(301))}, TEXT)["letter"]
    signs = re.findall(r"^ *(\S+) (seven|point|deep|eight|one anew)$", text, re.MULTILINE)
    assert [sign for sign, _point in signs if sign[0].isdigit()] == ["7.", "1.", "8.", "1."]
    assert [point for _sign, point in signs] == ["seven", "point", "deep", "eight", "one anew"]
    found = re.findall(r"Organisation (\d{5})", text)
    assert found == [f"{n:05d}" for n in range(301)]


def test_pages_have_their_notes_numbers_and_head(office: Conversion) -> None:
    leads = (Lead("A", logo=picture("PNG")), Lead("European Exchange"))
    document = letter(body=RICH, letterhead=leads, organisations=organisations(60), mark="Proof")
    first, *pages = office({"letter": document}, "pdf")["letter"].rstrip("\f").split("\f")
    assert "European Exchange" in first
    assert "note there" in first
    for number, page in enumerate((first, *pages), 1):
        assert f"{number}/{len(pages) + 1}" in squeezed(page)
        assert "Proof · Version 1 · SHA-256 0123 4567 89ab cdef…" in page
    [listed] = [page for page in pages if "The signatories:" in page]
    assert "Organisation 00000" in listed
