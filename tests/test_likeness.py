"""Which names are proposed as one organisation's, and which never are."""

import csv

import pytest

from app.name.likeness import Likeness, is_slip
from tests.harness.shared import shared


def how(name: str, *listed: str) -> list[str]:
    """How each of the listed names is like the name, "" where it isn't."""
    found = {match.place: match.how for match in Likeness(listed).like(name)}
    return [str(found.get(place, "")) for place in range(len(listed))]


def column(file: str, *names: str) -> list[tuple[str, ...]]:
    with open(shared(f"organisations/{file}"), encoding="utf-8", newline="") as rows:
        return [tuple(row[name] for name in names) for row in csv.DictReader(rows)]


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Intl. Commission of Jurists", "The International Commission of Jurists (ICJ)"),
        ("Computertruhe", "Computertruhe e. V."),
        ("Bridge Builders Incorporated", "Bridge Builders, Inc."),
        ("TMG Research", "TMG Research, gGmbH"),
        ("Frënn vun der Ënn", "Frënn vun der Ënn A.S.B.L."),
        ("ActionAid Ghana", "Action Aid Ghana"),
        ("Peace & Justice", "Peace and Justice"),
        ("The Women’s Centre", "Womens Center"),
        ("World Food Programme", "World Food Program"),
        ("Organisation for Peace", "Organization for Peace"),
        ("Fondation HEC", "HEC Foundation"),
        ("Leonard Cheshire Foundation, the", "Leonard Cheshire Foundation"),
        ("S.O.S. Racisme", "SOS Racisme"),
    ],
)
def test_what_is_equal_but_for_the_way_of_writing_is_found(name: str, listed: str) -> None:
    assert how(name, listed) == ["core"]
    assert how(listed, name) == ["core"]


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("ÉDITIONS DU LAC", "Editions du Lac"),
        ("Ədalət Mərkəzi", "EDALET MERKEZI"),
        ("Caram – Asia Berhad", "CARAM Asia Berhad"),
        ("“Profamilia”", "Profamilia"),
    ],
)
def test_case_accents_and_punctuation_say_nothing(name: str, listed: str) -> None:
    assert how(name, listed) == ["folded"]


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("ANR", "ANR (French National Research Agency)"),
        ("French National Research Agency", "ANR (French National Research Agency)"),
        ("AICS", "AICS - Agenzia Italiana per la Cooperazione allo Sviluppo"),
        ("Italian Agency for Cooperation and Development",
         "Agenzia Italiana per la Cooperazione / Italian Agency for Cooperation and Development"),
    ],
)  # fmt: skip
def test_a_name_that_gives_two_is_found_by_each(name: str, listed: str) -> None:
    assert how(name, listed) == ["part"]
    assert how(listed, name) == ["part"]


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Human Rights Network", "Human Rights Network Uganda"),
        ("Human Rights Network", "Human Rights Network (Uganda)"),
        ("Care International", "Care International (UK)"),
        ("Transparency International", "Transparency International – Bulgaria"),
        ("ActionAid Ghana", "ActionAid UK"),
        ("Society of Interventional Radiology", "Society of Interventional Radiology Foundation"),
        ("Women for Peace", "Women against Peace"),
        ("Fund for Peace", "Peace Fund"),
        ("Zambia Law Society", "Gambia Law Society"),
        ("Lawyers of Austria", "Lawyers of Australia"),
        ("Rotary Club 3201", "Rotary Club 3202"),
        ("Nordic Research Council", "NRC"),
        ("", "Peace"),
    ],
)
def test_a_name_that_says_something_else_is_another_organisation(name: str, listed: str) -> None:
    assert how(name, listed) == [""]
    assert how(listed, name) == [""]


def test_a_slip_of_the_pen_is_found_where_the_word_is_rare() -> None:
    assert how("Helsinki Comittee of Ardal", "Helsinki Committee of Ardal") == ["slip"]
    assert how("Greenpece", "Greenpeace") == ["slip"]
    # Three lists of regions spell Medical and Musical alike: neither is a slip.
    regions = [f"{what} Union {n}" for what in ("Medical", "Medicel") for n in ("A", "B", "C")]
    assert all(match.how != "slip" for match in Likeness(regions).like("Medical Union A"))


@pytest.mark.parametrize(
    ("one", "two", "slipped"),
    [
        ("committee", "comittee", True),
        ("internatoinal", "international", True),
        ("peace", "place", False),  # too short to tell
        ("mission", "passion", False),
        ("gambia", "zambia", False),
        ("network1", "network2", False),
    ],
)
def test_few_letters_cannot_tell_a_slip(one: str, two: str, slipped: bool) -> None:
    assert is_slip(one, two) is slipped


def test_of_those_before_it_the_surest_is_told() -> None:
    names = ["Aurora (Norway)", "Aurora, Inc.", "aurora", "Boreas", "AURORA"]
    likeness = Likeness(names)
    assert likeness.before(0) is None
    assert likeness.before(3) is None
    assert likeness.before(2) == (1, "core")
    assert likeness.before(4) == (2, "folded")


def test_members_of_a_family_are_never_proposed() -> None:
    names = [member for (member,) in column("families-never-merge.csv", "member")]
    likeness = Likeness(names)
    assert [likeness.before(place) for place in range(len(names))] == [None] * len(names)


def test_of_different_organisations_only_namesakes_are_proposed() -> None:
    """527 pairs that share an acronym, or most of their letters."""
    pairs = column("different-organisation-pairs.csv", "name_a", "name_b")
    differing = [(one, two) for one, two in pairs if one != two]
    proposed = [pair for pair in differing if how(*pair) != [""]]
    assert len(differing) > 500
    assert len(proposed) <= 2, proposed


def test_many_other_names_of_one_organisation_are_found() -> None:
    """Names alone find no acronym nor most translations; of the aliases, a fifth."""
    rows = column("same-organisation-pairs.csv", "display", "variant", "kind")
    aliases = [(display, variant) for display, variant, kind in rows if kind == "alias"]
    listed = sorted({display for display, _variant in aliases})
    likeness = Likeness(listed)
    found = [
        variant
        for display, variant in aliases
        if any(listed[match.place] == display for match in likeness.like(variant))
    ]
    assert len(found) > 0.19 * len(aliases)


def test_of_six_thousand_real_names_hardly_any_are_proposed() -> None:
    names = [name for (name,) in column("ecosoc.csv", "name")]
    likeness = Likeness(names)
    found = [likeness.before(place) for place in range(len(names))]
    alike = [match.how for match in found if match]
    assert alike.count("folded") == 13
    assert 6 <= len(alike) - 13 <= 20
