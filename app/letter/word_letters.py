"""A letter from a Word file: the text as Markdown, and as warnings what could not be kept."""

from pathlib import Path
from unicodedata import normalize

from app.documents import markdown, sentences, word, words
from app.documents.word_changes import Changes
from app.errors import Refused
from app.letter.front_matter import WrongFile
from app.letter.letter_files import LetterFile, slugified
from app.letter.letter_keys import checked_language
from app.letter.versions import Text


def letter_of(
    path: Path, source: bytes, is_translation: bool, language: str, changes: Changes
) -> LetterFile:
    """Raises WrongFile with the file's name and a sentence, Unavailable where pandoc is missing."""
    try:
        asked = checked_language(language) if language else ""
        letter = word.read(source, changes=changes)
        markdown.parse(letter.body)
    except (Refused, ValueError) as refused:
        raise WrongFile(f"{path}: {str(refused).rstrip('.')}.") from None
    language = asked or letter.language
    with words.writing(language):
        heading, label = sentences.signatories_heading(), sentences.subject_label()
    text = Text(
        title=normalize("NFC", letter.title),
        language=language,
        body=normalize("NFC", letter.body),
        place_and_date=letter.place_and_date,
        addressees=letter.addressees,
        subject_label=label,
        salutation=letter.salutation,
        closing=letter.closing,
        signatories_heading=heading,
    )
    return LetterFile(
        text=text,
        slug=slugified(text.title) or slugified(path.stem) or "letter",
        is_translation=is_translation,
        warnings=letter.losses,
        has_frame=False,
        has_title=letter.has_title,
        language_is_guess=not asked,
    )
