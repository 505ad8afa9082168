"""The interface's catalogues: complete, and nothing in them that is said nowhere."""

from pathlib import Path

import pytest

from app import catalogues, i18n
from scripts import messages
from tests.harness.catalogues import complaints, plural_complaints, rule_of

# PRODUCT: those that the interface speaks to begin with, beside English.
SPOKEN = ("ar", "az", "es", "fr", "ru")


def path(language: str) -> Path:
    return i18n.FOLDER / f"{language}.po"


def test_the_interface_speaks_six_languages() -> None:
    assert set(SPOKEN) < set(i18n.languages())
    assert i18n.languages()[0] == "en"


@pytest.mark.parametrize("language", i18n.languages()[1:])
def test_everything_is_translated_and_nothing_else(language: str) -> None:
    said = {message.id for message in messages.source() if message.id}
    assert len(said) > 2_000
    assert list(complaints(messages.read(language), said)) == []


@pytest.mark.parametrize("language", i18n.languages()[1:])
def test_numbers_have_the_forms_of_the_language(language: str) -> None:
    chosen = rule_of(catalogues.compiled(path(language)))
    assert list(plural_complaints(messages.read(language), chosen)) == []
