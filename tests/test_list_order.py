"""The order of a list and its groups, by every setting."""

import random
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.letter.letters import Letter
from app.name.names import fold
from app.signatory.list_order import LEADS, OTHERS, ListOrder

FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def organisation(name: str, country: str = "", category: str = "", **facts: Any) -> SimpleNamespace:
    return _row("organisation", organisation=name, country=country, category=category, **facts)


def individual(name: str, **facts: Any) -> SimpleNamespace:
    return _row("individual", name=name, **facts)


def _row(kind: str, **facts: Any) -> SimpleNamespace:
    blank = {"organisation": "", "name": "", "country": "", "category": "", "sort_key": None}
    row = SimpleNamespace(**{**blank, "position": None, "kind": kind, **facts})
    row.public_id = f"{row.organisation}{row.name}"
    row.folded = fold(row.name if kind == "individual" else row.organisation)
    row.created_at = row.verified_at = FIRST + timedelta(hours=facts.get("hours", 0))
    return row


def in_order(
    rows: list[SimpleNamespace], language: str = "en", leads: tuple[str, ...] = (), **settings: Any
) -> list[str]:
    """The names in the order of such a letter; the rows are given shuffled."""
    order = ListOrder(Letter(language=language, **settings), language, leads)
    shuffled = random.Random(1).sample(rows, len(rows))
    return [row.organisation or row.name for row in sorted(shuffled, key=order.key)]


ROWS = [
    organisation("Zebra", "NO", "Media", hours=1, position=3),
    organisation("Alpha", "GE", "Law", hours=2, position=0),
    organisation("Mitte", "DE", "Media", hours=3, position=2),
    organisation("Nowhere", "", "", hours=0, position=1),
]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["Alpha", "Mitte", "Nowhere", "Zebra"]),
        ({"order": "time"}, ["Nowhere", "Zebra", "Alpha", "Mitte"]),
        ({"order": "manual"}, ["Alpha", "Nowhere", "Mitte", "Zebra"]),
        # Georgia, Germany, Norway
        ({"order": "country"}, ["Alpha", "Mitte", "Zebra", "Nowhere"]),
        ({"grouped_by": "country"}, ["Alpha", "Mitte", "Zebra", "Nowhere"]),
        # Asia, Europe
        ({"grouped_by": "region"}, ["Alpha", "Mitte", "Zebra", "Nowhere"]),
        ({"grouped_by": "region", "order": "manual"}, ["Alpha", "Mitte", "Zebra", "Nowhere"]),
        ({"grouped_by": "region", "order": "time"}, ["Alpha", "Zebra", "Mitte", "Nowhere"]),
        ({"grouped_by": "category"}, ["Alpha", "Mitte", "Zebra", "Nowhere"]),
        ({"grouped_by": "category", "order": "time"}, ["Alpha", "Zebra", "Mitte", "Nowhere"]),
    ],
    ids=str,
)
def test_every_setting_has_its_order(settings: dict[str, Any], expected: list[str]) -> None:
    assert in_order(ROWS, **settings) == expected


def test_lead_organisations_stand_first_in_the_order_of_the_letterhead() -> None:
    leads = ("Zebra", "Zèbre", "Not signed", "mitte")
    expected = ["Zebra", "Mitte", "Alpha", "Nowhere"]
    for settings in ({}, {"order": "manual"}, {"grouped_by": "region"}):
        assert in_order(ROWS, leads=leads, **settings) == expected


def test_an_individual_of_a_lead_organisations_name_is_no_lead() -> None:
    order = ListOrder(Letter(language="en"), "en", ["Zebra"])
    assert order.is_lead(organisation("ZEBRA"))
    assert not order.is_lead(individual("Zebra", organisation="Zebra"))
    assert not ListOrder(Letter(language="en"), "en").is_lead(organisation("Zebra"))


def test_groups_have_headings_in_the_language_in_its_alphabet_and_others_last() -> None:
    countries = ["DE", "AT", "GE", "AZ", "EG", "", "XX", "NZ", "CO", "US"]
    rows = [organisation(f"From {code}", code) for code in countries]
    headings = {}
    for language, grouped_by in [
        ("en", "region"), ("de", "region"), ("fr", "region"), ("ar", "region"), ("de", "country")
    ]:  # fmt: skip
        order = ListOrder(Letter(language=language, grouped_by=grouped_by), language)
        groups = dict.fromkeys(order.group(row) for row in sorted(rows, key=order.key))
        assert [*groups][-1] == OTHERS
        headings[language, grouped_by] = [order.heading(group) for group in groups]
    assert headings["en", "region"] == ["Africa", "Americas", "Asia", "Europe", "Oceania", "Others"]
    assert headings["de", "region"][:5] == ["Afrika", "Amerika", "Asien", "Europa", "Ozeanien"]
    assert headings["fr", "region"][:5] == ["Afrique", "Amériques", "Asie", "Europe", "Océanie"]
    assert headings["ar", "region"][:2] == ["آسيا", "أفريقيا"]
    assert headings["de", "country"][:4] == ["Ägypten", "Aserbaidschan", "Deutschland", "Georgien"]
    assert headings["de", "country"][5:7] == ["Neuseeland", "Österreich"]


def test_individuals_and_ungrouped_lists_have_no_heading() -> None:
    for grouped_by in ("none", "country", "region", "category"):
        order = ListOrder(Letter(language="en", grouped_by=grouped_by), "en")
        assert order.group(individual("Daria", country="NO", category="Law")) == LEADS
        assert order.heading(LEADS) == ""
    assert ListOrder(Letter(language="en"), "en").group(organisation("A", "NO", "Law")) == LEADS


def test_sort_keys_hold_by_name_and_within_countries_and_groups() -> None:
    rows = [
        organisation("Alpha", "DE"),
        organisation("Die Brücke e. V.", "DE", sort_key="Die Brücke"),
        organisation("Emmaus", "DE"),
        organisation("Caritas", "DE", sort_key="Zzz"),
    ]
    expected = ["Alpha", "Die Brücke e. V.", "Emmaus", "Caritas"]
    for settings in ({}, {"order": "country"}, {"grouped_by": "country"}):
        assert in_order(rows, "de", articles="skip", **settings) == expected
    people = [individual("Samed Rahimli", sort_key="Rahimli, Samed"), individual("Pia Smith")]
    people += [individual("Zoe Quist")]
    assert in_order(people) == ["Pia Smith", "Samed Rahimli", "Zoe Quist"]


def test_whoever_has_no_place_by_hand_comes_last_by_time() -> None:
    rows = [*ROWS, organisation("Late", hours=9), organisation("Later", hours=10)]
    assert in_order(rows, order="manual")[-2:] == ["Late", "Later"]


def test_leads_in_another_order_are_another_rule() -> None:
    """Their names come in all languages of the letter, so that they repeat."""
    letter = Letter(language="en")
    one = ListOrder(letter, "en", ["Aurora", "Boreas", "Aurora", "Boreas"])
    other = ListOrder(letter, "en", ["Boreas", "Aurora", "Aurora", "Boreas"])
    assert one.rules != other.rules
