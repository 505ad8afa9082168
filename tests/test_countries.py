import pytest

from app.errors import Refused
from app.name import countries


def test_every_assigned_code_and_kosovo_is_a_country() -> None:
    assert len(countries.CODES) == 250
    assert {"AZ", "GB", "PS", "TW", "SS", "XK"} <= countries.CODES


@pytest.mark.parametrize(
    "code", ["", "ZZ", "EU", "UN", "XA", "XB", "QO", "AC", "IC", "001", "UK", "A", "AZE"]
)
def test_regions_reserved_codes_and_nonsense_are_refused(code: str) -> None:
    with pytest.raises(Refused, match="country"):
        countries.checked(code)


def test_a_code_is_taken_in_any_case() -> None:
    assert countries.checked(" az ") == "AZ"


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en", "Germany"),
        ("fr", "Allemagne"),
        ("pt-BR", "Alemanha"),
        ("az", "Almaniya"),
        ("tlh", "Germany"),
    ],
)
def test_a_country_is_named_in_the_language(language: str, name: str) -> None:
    assert countries.name("DE", language) == name


def test_the_choices_follow_the_languages_alphabet() -> None:
    named = [name for _code, name in countries.choices("de")]
    assert named[:3] == ["Afghanistan", "Ägypten", "Ålandinseln"]
    assert named.index("Oman") < named.index("Österreich") < named.index("Pakistan")
    assert {code for code, _name in countries.choices("ar")} == countries.CODES


def test_every_country_lies_in_one_of_the_five_regions_of_un_m49() -> None:
    named = {countries.name(countries.region(code), "en") for code in countries.CODES}
    assert named == {"Africa", "Americas", "Asia", "Europe", "Oceania"}
    assert {countries.region(code) for code in ("XK", "RU", "CY")} == {"150", "142"}
    assert countries.region("") == countries.region("QQ") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no", "NO"),
        ("Norway", "NO"),
        (" NORWAY ", "NO"),
        ("UK", "GB"),
        ("Czech Republic", "CZ"),
        ("Bosnia and Herzegovina", "BA"),
        ("Côte d’Ivoire", "CI"),
        ("Turkiye", "TR"),
        ("Россия", "RU"),
        ("Allemagne", "DE"),
        ("Azərbaycan", "AZ"),
        ("Niger", "NE"),
    ],
)
def test_a_list_names_countries_as_its_writer_does(text: str, code: str) -> None:
    assert countries.named(text) == code


@pytest.mark.parametrize("text", ["Europe", "Global", "EU", "", "ZZ", "Atlantis"])
def test_what_is_no_country_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        countries.named(text)
