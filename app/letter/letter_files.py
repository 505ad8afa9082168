"""Letters from files: Markdown with YAML front matter, or Word.

Unknown keys are warned about; a wrong value is refused with its line and the reason.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from app import logos
from app.documents import markdown, sentences, targets, words
from app.errors import Refused
from app.letter import front_matter, letter_keys, letters
from app.letter.clean_text import clean, clean_line
from app.letter.front_matter import WrongFile
from app.letter.versions import Content, Lead, Text

LONGEST_FILE = 1_000_000
WORD = (".docx", ".docm", ".dotx", ".doc")
MARKUP = re.compile(r"\*[^\s*][^*]*\*|\[[^\]]+\]\(")  # emphasis or a link of Markdown


@dataclass(frozen=True)
class LetterFile:
    """What a file says: the text, the letter's settings and what was not understood.

    A Word file says nothing of most of the frame (`has_frame`), may have its first line for a title
    (`has_title`) and is in a language that was read off its text (`language_is_guess`).
    `absent_logos` are the lead organisations whose logo the file names, and came without.
    """

    text: Text
    slug: str
    is_translation: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    has_frame: bool = True
    has_title: bool = True
    language_is_guess: bool = False
    absent_logos: tuple[str, ...] = ()

    def content(self) -> Content:
        return Content(language=self.text.language, texts={self.text.language: self.text})

    def after(self, original: str, texts: dict[str, Text]) -> "LetterFile":
        """The same for a letter that has texts: what a Word file can't say stays as it was."""
        if self.has_frame:
            return self
        guessed = self.language_is_guess and not self.is_translation
        language = original if guessed else self.text.language
        before = texts.get(language)
        if before:
            kept = {
                name: getattr(self.text, name) or getattr(before, name)
                for name in letter_keys.FRAME
            }
            kept |= {name: getattr(before, name) for name in ("subject_label", letter_keys.HEADING)}
            kept |= {} if self.has_title else {"title": before.title}
        else:
            kept = {"letterhead": texts[original].letterhead if original in texts else ()}
        return replace(self, text=replace(self.text, **kept, language=language))


def read(path: Path, logos_dir: Path, **wishes: Any) -> LetterFile:
    """Reads a letter, or the translation of one; logos beside the file are kept in `logos_dir`.

    `wishes` are those of `taken`.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise WrongFile(f"{path}: {error.strerror or error}.") from None
    return taken(path, source, logos_dir, beside=path.resolve().parent, **wishes)


def taken(
    path: Path,
    source: bytes,
    logos_dir: Path,
    *,
    beside: Path | None = None,
    is_translation: bool = False,
    language: str = "",
    default_language: str = "en",
    changes: Literal["accept", "reject"] = "accept",
) -> LetterFile:
    """The letter in a file's bytes; `path` only names it.

    `beside` is where its logos lie, if anywhere; `language` is the letter's, whatever the file says
    itself, `default_language` that of Markdown which doesn't say; `changes` tells what becomes of
    changes that Word tracked.
    """
    if path.suffix.lower() in WORD or source.startswith(b"PK"):
        from app.letter.word_letters import letter_of

        return letter_of(path, source, is_translation, language, changes)
    if len(source) > LONGEST_FILE:
        raise WrongFile(f"{path}: the file is larger than a megabyte; that is no letter.")
    try:
        reader = _Reader(path, source.decode("utf-8-sig"), logos_dir, beside)
        reader.speak(language, default_language)
        return reader.translation() if is_translation else reader.letter()
    except UnicodeDecodeError:
        raise WrongFile(f"{path}: the file is not text in UTF-8.") from None


class _Reader:
    def __init__(self, path: Path, source: str, logos_dir: Path, beside: Path | None) -> None:
        self.path, self.logos_dir, self.beside = path, logos_dir, beside
        self.values, self.lines, body = front_matter.split(path, source)
        self.body = body.strip() + "\n"
        self.warnings: list[str] = []
        self.absent_logos: list[str] = []

    def speak(self, language: str, default: str) -> None:
        """Sets the language, or the one that holds where the file names none."""
        if language or not self.values.keys() & {"language", "lang", "locale"}:
            self.values["language"] = language or default

    def letter(self) -> LetterFile:
        settings = {
            key: self._take(key, check)
            for key, check in letter_keys.SETTINGS.items()
            if key in self.values
        }
        return self._file(settings=settings)

    def translation(self) -> LetterFile:
        for key in self.values.keys() & letter_keys.SETTINGS.keys():
            self._warn(key, f"“{key}” is for the whole letter, so the translation can't set it")
        return self._file(is_translation=True)

    def _file(self, **facts: Any) -> LetterFile:
        text = self._text()
        known = {"slug", *letter_keys.TEXT_KEYS, *letter_keys.SETTINGS, "lang", "locale"}
        for key in self.values.keys() - known:
            self._warn(key, f"“{key}” is not a key of a letter and was left out")
        slug = self._take("slug", lambda value: letters.checked_slug(str(value)))
        return LetterFile(
            text=text,
            slug=slug or slugified(text.title) or slugified(self.path.stem) or "letter",
            warnings=self.warnings,
            absent_logos=tuple(self.absent_logos),
            **facts,
        )

    def _text(self) -> Text:
        title = self._take("title", letter_keys.line)
        if not title:
            title, self.body = _title_of(self.body)
            title = clean_line(title)
        if not self.body.strip():
            raise WrongFile(f"{self.path}: the letter has no text.")
        self._check_body()
        self._check_plain()
        key = next(
            (key for key in ("language", "lang", "locale") if key in self.values), "language"
        )
        language = self._take(key, letter_keys.checked_language) or "en"
        with words.writing(language):
            heading, label = sentences.signatories_heading(), sentences.subject_label()
        return Text(
            title=title,
            language=language,
            body=unicodedata.normalize("NFC", clean(self.body)),
            letterhead=self._take("letterhead", self._letterhead) or (),
            place_and_date=self._take("place_and_date", letter_keys.line) or "",
            addressees=self._take("addressees", letter_keys.blocks) or (),
            cc=self._take("cc", letter_keys.blocks) or (),
            subject=self._take("subject", letter_keys.line) or "",
            subject_label=self._take("subject_label", letter_keys.line) or label,
            salutation=self._take("salutation", letter_keys.line) or "",
            closing=self._take("closing", letter_keys.block) or "",
            signatories_heading=self._take("signatories_heading", letter_keys.line) or heading,
        )

    def _check_body(self) -> None:
        lost: list[str] = []
        try:
            tree = markdown.parse(self.body, lost=lost)
        except Refused as refused:
            raise WrongFile(f"{self.path}: {refused.sentence}") from None
        self.warnings += [f"{self.path}: {doubt}" for doubt in targets.doubts(tree, lost)]

    def _check_plain(self) -> None:
        for key in self.values.keys() & letter_keys.TEXT_KEYS:
            if MARKUP.search(str(self.values[key])):
                self._warn(key, f"“{key}” is plain text, so its Markdown is printed as it stands")

    def _take(self, key: str, check: Callable[[Any], Any]) -> Any:
        """The checked value of a key, None where the file doesn't give one."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return check(value)
        except Refused as refused:
            raise self._wrong(key, refused.sentence) from None
        except ValueError as wrong:
            raise self._wrong(key, str(wrong)) from None

    def _letterhead(self, value: Any) -> tuple[Lead, ...]:
        if not isinstance(value, list):
            raise ValueError("must be a list of organisations")
        return tuple(self._lead(entry) for entry in value)

    def _lead(self, entry: Any) -> Lead:
        if isinstance(entry, str):
            return Lead(name=letter_keys.line(entry))
        if not isinstance(entry, dict) or not entry.get("name"):
            raise ValueError("each organisation needs a name")
        for unknown in entry.keys() - {"name", "local_name", "logo"}:
            self._warn("letterhead", f"“{unknown}” is not a key of the letterhead and was left out")
        lead = Lead(
            name=letter_keys.line(entry["name"]),
            local_name=letter_keys.line(entry.get("local_name") or ""),
        )
        return self._with_logo(lead, entry["logo"]) if entry.get("logo") else lead

    def _with_logo(self, lead: Lead, name: Any) -> Lead:
        if self.beside is None:  # a browser sends one file; the logos are uploaded to the text
            self.absent_logos.append(lead.name)
            return lead
        folder = self.beside
        file = (folder / str(name)).resolve()
        if not file.is_relative_to(folder):
            raise ValueError(f"the logo “{name}” must lie beside the letter")
        if not file.is_file():
            raise ValueError(f"there is no logo “{name}” beside the letter")
        png = logos.accept(file.read_bytes())
        kept = logos.keep(self.logos_dir, png)
        return Lead(lead.name, lead.local_name, kept, hashlib.sha256(png).hexdigest())

    def _wrong(self, key: str, reason: str) -> WrongFile:
        return WrongFile(
            f"{self.path}, line {self.lines.get(key, 1)}: {key}: {reason.rstrip('.')}."
        )

    def _warn(self, key: str, reason: str) -> None:
        self.warnings.append(f"{self.path}, line {self.lines.get(key, 1)}: {reason}.")


def slugified(text: str) -> str:
    """A slug from a title: letters and digits of ASCII, at most 80 characters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[: letters.LONGEST_SLUG].rpartition("-")[0] if len(words) > 80 else words


def _title_of(body: str) -> tuple[str, str]:
    """The first heading or line, and the body without it where it was a heading."""
    lines = body.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return "", body
    for number, line in enumerate(lines):
        if re.match(r"#{1,6}\s+\S", line):
            rest = lines[:number] + lines[number + 1 :]
            return line.strip("# \t\r"), "\n".join(rest)
    return lines[first].strip(" *_\t\r")[:200], body
