"""Dates and numbers are written as the language's readers write them."""

from datetime import UTC, date, datetime

import pytest

from app import i18n
from app.documents import words

FIRST = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", FIRST, "1er novembre 2026"),
        ("fr", date(2026, 11, 11), "11 novembre 2026"),
        ("fr", date(2026, 11, 21), "21 novembre 2026"),
        ("en", FIRST, "1 November 2026"),
        ("es", FIRST, "1 de noviembre de 2026"),
        ("az", FIRST, "1 noyabr 2026"),
        ("ru", FIRST, "1 ноября 2026\u202fг."),
        ("ar", FIRST, "1 نوفمبر 2026"),
    ],
)
def test_a_day_in_the_words_of_a_language(language: str, day: date, written: str) -> None:
    with i18n.speaking(language):
        assert i18n.format_date(day).replace("\xa0", "\u202f") == written


def test_the_first_of_a_month_in_french_wherever_it_stands() -> None:
    moment = datetime(2026, 11, 1, 1, 10, tzinfo=UTC)
    with i18n.speaking("fr"):
        assert i18n.format_moment(moment).startswith("1er novembre 2026")
        assert i18n.format_moment(moment, "full").startswith("dimanche 1er novembre 2026")
        assert "01:10" in i18n.format_moment(moment)
        assert i18n.format_day(FIRST) == "1er nov."
    # In documents too, whose words are other catalogues.
    with words.writing("fr-CA"):
        assert i18n.format_date(FIRST) == "1er novembre 2026"


def test_digits_are_those_the_cldr_gives_a_locale() -> None:
    for language, written in (("ar", "1,234"), ("az", "1.234"), ("en", "1,234")):
        with i18n.speaking(language):
            assert i18n.format_number(1_234) == written
    for region, year in (("ar-EG", "٢٠٢٦"), ("ar-MA", "2026"), ("fa", "۲۰۲۶")):
        with words.writing(region):
            assert year in i18n.format_date(date(2026, 11, 1))
