"""What will look wrong in print is found, and what looks right is left alone."""

import csv
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app import weeding
from app.db import new_id
from app.documents import fonts, glyphs
from app.letter.letters import Letter
from app.letter.versions import Lead
from app.signatory.list_order import OTHERS
from app.signatory.signatories import Listing, Signatory
from app.weeding import Finding
from tests.harness.shared import shared

DAY = date(2026, 12, 1)


def letter(**settings: Any) -> Letter:
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    facts = {"slug": "x", "title": "X", "language": "en", "languages": ["en"], "listed_order": []}
    state = {"version_id": new_id(), "version": 2, "sha256": "0" * 64}
    return Letter(**{**facts, **state, "revised_at": moment, "created_at": moment, **settings})


def line(listed: str, kind: str = "organisation", **facts: Any) -> Signatory:
    texts = {"name": "", "role": "", "organisation": "", "country": "NO", "website": ""}
    texts["organisation" if kind == "organisation" else "name"] = listed
    state = {"logo": "", "signed_on": DAY, "version": 2, "reported": False}
    return Signatory(**{"id": new_id().hex, "kind": kind, **texts, **state, **facts})


def person(name: str, **facts: Any) -> Signatory:
    return line(name, "individual", **facts)


def weeded(*lines: Signatory | str, leads: tuple[Lead, ...] = (), **settings: Any) -> list[Finding]:
    """The findings about a list; a mere name is an organisation's."""
    all_ = [line(one) if isinstance(one, str) else one for one in lines]
    organisations = tuple(one for one in all_ if one.kind == "organisation")
    individuals = tuple(one for one in all_ if one.kind == "individual")
    listing = Listing(organisations, individuals, None)
    return weeding.findings(listing, letter(**settings), leads)


def kinds(*lines: Signatory | str, **settings: Any) -> list[str]:
    return [finding.kind for finding in weeded(*lines, **settings)]


def only(*lines: Signatory | str, **settings: Any) -> Finding:
    (finding,) = weeded(*lines, **settings)
    return finding


def real(file: str) -> list[str]:
    with open(shared(f"organisations/{file}"), encoding="utf-8", newline="") as rows:
        return [row["name"] for row in csv.DictReader(rows)]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("MUELLNERS FOUNDATION", "Muellners Foundation"),
        ("OPEN GENOVA APS", "Open Genova APS"),
        ("UNIVERSIDAD CATÓLICA DE ÁVILA", "Universidad Católica de Ávila"),
        ("HUMAN RIGHTS NETWORK (HRN)", "Human Rights Network (HRN)"),
        ("BCAM - BASQUE CENTER FOR MATHEMATICS", "BCAM - Basque Center for Mathematics"),
        ("LIGUE DES DROITS DE L’HOMME", "Ligue des Droits de l’Homme"),
        ("ЦЕНТР ПРАВ ЧЕЛОВЕКА", "Центр Прав Человека"),
    ],
)
def test_capitals_are_shouting(name: str, suggestion: str) -> None:
    found = [finding for finding in weeded(name) if finding.kind != "script"]
    assert [(one.kind, one.suggestion) for one in found] == [("capitals", suggestion)]


def test_turkish_and_azerbaijani_dots_are_kept() -> None:
    shouted = line("İNSAN HAKLARI DERNEĞİ", country="TR")
    assert only(shouted).suggestion == "İnsan Hakları Derneği"
    assert only(line("INSAN HAKLARI DERNEGI", country="NO")).suggestion == "Insan Haklari Dernegi"


@pytest.mark.parametrize(
    "name",
    [
        *("ILGA-Europe", "NGO Forum", "ARTICLE 19", "KU Leuven", "INESC TEC", "OW2 Consortium"),
        *("eXO – Associació", "openSUSE", "F-Droid", "CARE Danmark", "SPARC Europe"),
        *("(ISC)² Chapter", "Oxfam Magasins Du Monde (OMDM)", "Slovensko.Digital"),
    ],
)  # fmt: skip
def test_acronyms_in_names_are_no_shouting(name: str) -> None:
    assert kinds(name) == []


@pytest.mark.parametrize(
    "name", ["კიბერუსაფრთხოების ცენტრი", "مركز حرية الإعلام", "中国法律援助基金会"]
)
def test_scripts_without_capitals_neither_shout_nor_lack_them(name: str) -> None:
    assert kinds(name) == ["script"]


@pytest.mark.parametrize("name", ["NRC", "CERN", "IOGT-NTO", "KDE e.V.", "ADULLACT"])
def test_an_acronym_alone_tells_readers_little(name: str) -> None:
    assert kinds(name) == ["acronym"]


@pytest.mark.parametrize(
    ("name", "kind", "suggestion"),
    [
        ("mediale pfade", "small", "Mediale Pfade"),
        ("the Young Academy of Sweden", "small", "The Young Academy of Sweden"),
        ("HELPING HANDS of Ardal", "shouted", "Helping Hands of Ardal"),
    ],
)
def test_few_capitals_and_some_too_many(name: str, kind: str, suggestion: str) -> None:
    found = only(name)
    assert (found.kind, found.suggestion) == (kind, suggestion)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("ANNA BERG", "Anna Berg"),
        ("Anna BERG-HANSEN", "Anna Berg-Hansen"),
        ("JEAN DE LA TOUR", "Jean de la Tour"),
        ("SEÁN O’BRIEN", "Seán O’Brien"),
        ("daria orlova", "Daria Orlova"),
        ("anna van der Berg", "Anna van der Berg"),
    ],
)
def test_names_of_people_begin_with_one_capital(name: str, suggestion: str) -> None:
    found = only(person(name))
    assert found.kind in ("capitals", "small")
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    "name", ["Anna van der Berg", "J. R. Smith", "Anna Berg PHD", "John Hart III", "Sheikh bin Ali"]
)
def test_particles_initials_and_titles_are_names(name: str) -> None:
    assert kinds(person(name)) == []


def test_what_stands_beside_a_name_is_read_too() -> None:
    shouted = person("Anna Berg", role="HEAD OF PROGRAMMES", organisation="UNIVERSITY OF ARDAL")
    assert [finding.text for finding in weeded(shouted)] == [
        "UNIVERSITY OF ARDAL",
        "HEAD OF PROGRAMMES",
    ]
    assert kinds(person("Anna Berg", role="CEO", organisation="NUPI")) == []
    assert kinds(line("Aurora", name="ANNA BERG", role="Director ")) == ["capitals", "stray"]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        (" Aurora", "Aurora"),
        ("Aurora ", "Aurora"),
        ("Groupe  de reflexion", "Groupe de reflexion"),
        ("Rights , Law and Order", "Rights, Law and Order"),
        ("Rights ,  Law", "Rights, Law"),
        ("Network ( Ardal )", "Network (Ardal)"),
        ("Peace,Justice", "Peace, Justice"),
        ("Aurora(Norway)", "Aurora (Norway)"),
        ("ORPHEUS- Quality", "ORPHEUS – Quality"),
        ("GRIN -- GRuppo", "GRIN – GRuppo"),
        ("Droits de l´Homme", "Droits de l’Homme"),
        ("Voice of of Ardal", "Voice of Ardal"),
        ("- Aurora", "Aurora"),
        ("12. Aurora", "Aurora"),
        ("Aurora,", "Aurora"),
        ("Aurora Foundation.", "Aurora Foundation"),
        ('"Institute Rhea', "Institute Rhea"),
        ("Network (Ardal", "Network (Ardal)"),
        ("“Manshour-e Parseh", ""),
        ("Ardal) Network", ""),
        ('University "Innovation”', ""),
        ("Aurora,, Norway", ""),
    ],
)
def test_stray_marks(name: str, suggestion: str) -> None:
    found = weeded(name)
    assert {finding.kind for finding in found} == {"stray"}
    assert found[-1].suggestion == suggestion


@pytest.mark.parametrize(
    "name",
    [
        *(".NET Foundation", "/e/ Foundation", "+972 Magazine", "=Equality", "p≡p Foundation"),
        *("Jugend- und Kulturverein", "Schüler(innen)vertretung", "1,001 Nights Club", "8 mars"),
        *("Bridge Builders, Inc.", "Computertruhe e. V.", "Asia Centre Co., Ltd.", "St. Olav"),
        *("„Gender“ Verein", "« Les Amis »", "«Profamilia» Trust", "Amis du “Lac”", "Do-FOSS"),
        *("NABU|naturgucker", "Universitas (Ardal)", "Fundación Inocente, Inocente", "Bora Bora"),
        *('המכללה האקדמית ע"ש סמי', "L’Éternel a répondu", "Oʻzbekiston", "Wildlife: Now"),
    ],
)  # fmt: skip
def test_marks_that_belong_there(name: str) -> None:
    assert [kind for kind in kinds(name) if kind != "script"] == []


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Oxfam SolidaritÃ© Nord", "Oxfam Solidarité Nord"),
        ("Oxfam Solidarit√© Nord", "Oxfam Solidarité Nord"),
        ("Women â€“ Men", "Women – Men"),
        ("Soldiersâ€™ Mothers", "Soldiers’ Mothers"),
        ("Ð¦ÐµÐ½Ñ‚Ñ€", "Центр"),
        ("Р¦РµРЅС‚СЂ", "Центр"),
        ("Peace &amp; Justice", "Peace & Justice"),
        ("Soci?t? du Lac", ""),
        ("Soci\ufffdt\ufffd du Lac", ""),
    ],
)
def test_damaged_letters(name: str, suggestion: str) -> None:
    found = [finding for finding in weeded(name) if finding.kind == "garbled"]
    assert [finding.suggestion for finding in found] == [suggestion]


@pytest.mark.parametrize(
    "name", ["Centre d’études", "l’Éternel", "Çocuk Vakfı", "“CAFÉ”", "Фонд Єдність", "Women? Yes"]
)
def test_letters_that_only_seem_damaged(name: str) -> None:
    assert "garbled" not in kinds(name)


def test_addresses_are_no_names_but_some_organisations_are_called_like_hosts() -> None:
    for name in ("Aurora www.aurora.example", "anna@aurora.example", "https://aurora.example/x"):
        assert "link" in kinds(name)
    assert kinds("Parvati.org", "Freifunk.net", "Women@theTable") == []


def test_names_that_stand_twice() -> None:
    first, second = line("Aurora Media Watch"), line("Aurora Media Watch")
    found = only(first, second)
    assert (found.kind, found.line, found.other) == ("doubled", second, first)
    assert "twice" in found.sentence
    spelled = only("Avocats sans frontières", "Avocats Sans Frontieres")
    assert spelled.kind == "doubled"
    assert "“Avocats sans frontières”" in spelled.sentence
    assert only("Adelphi Research", "The Adelphi Research").kind == "alike"
    assert kinds(person("Anna Berg"), person("Berg, Anna")) == ["doubled"]
    # Two people may be called alike but for a letter, and a person like an organisation.
    assert kinds(person("Anna Hansen"), person("Anna Hanson"), line("Anna Hansen")) == []


def test_a_lead_organisation_that_is_not_listed() -> None:
    lead = Lead("Northern Forum", "Nordisk forum")
    missing = only("Aurora", leads=(lead,))
    assert (missing.kind, missing.line) == ("lead", None)
    assert "“Northern Forum”" in missing.sentence
    assert kinds("Aurora", "NORDISK forum", leads=(lead,)) == []
    # Under another spelling it would not be put first either.
    other = only("The Northern Forum, Inc.", leads=(lead,))
    assert (other.kind, other.suggestion) == ("alike", "Northern Forum")


def test_what_the_form_of_the_list_needs() -> None:
    nowhere, somewhere = line("Aurora", country=""), line("Boreas")
    ungrouped = line("Aurora", country="", group=OTHERS)
    assert kinds(nowhere, somewhere) == []
    assert kinds(nowhere, somewhere, list_form="table") == ["unplaced"]
    assert kinds(nowhere, somewhere, order="country") == ["unplaced"]
    assert kinds(ungrouped, somewhere, grouped_by="region", list_form="table") == ["unplaced"]
    far = line("Aurora", country="AQ", group=OTHERS)
    assert "Antarctica" in only(far, grouped_by="region").sentence
    assert "category" in only(line("Aurora", group=OTHERS), grouped_by="category").sentence
    assert kinds(person("Anna Berg", country=""), list_form="table") == []
    assert kinds(line("Aurora", logo="/logos/x.png"), "Boreas", logo_wall=True) == ["logo"]


def test_how_lines_came_to_be_listed() -> None:
    assert kinds(line("Aurora", reported=True), "Boreas") == ["reported"]
    earlier = only(line("Aurora", version=1), "Boreas")
    assert earlier.kind == "earlier"
    assert "“signed version 1”" in earlier.sentence
    with_role = [person(f"Anna {name}", role="Teacher") for name in ("Berg", "Dahl", "Eek")]
    assert kinds(*with_role, person("Anna Falk")) == ["role"]
    assert kinds(*with_role[:1], person("Anna Falk"), person("Anna Gran")) == []


def test_legal_forms_are_spelled_alike() -> None:
    found = weeded("Bridge Builders, Inc.", "Bridge Keepers, Inc.", "Harbour Watch Inc")
    assert [(one.kind, one.suggestion) for one in found] == [("legal form", "Harbour Watch, Inc.")]
    german = ["Anoxinon e.V.", "Liquid Democracy e.V.", "Open Source Ecology Germany e. V."]
    assert only(*german).suggestion == "Open Source Ecology Germany e.V."
    assert kinds("Bridge Builders, Inc.", "Computertruhe e. V.", "Public Software CIC") == []


def test_few_with_legal_form_among_many_without() -> None:
    many = [f"Number {number} for Peace" for number in range(12)]
    found = only(*many, "Computertruhe e. V.")
    assert (found.kind, found.suggestion) == ("some legal forms", "Computertruhe")
    assert found.sentence == "It has a legal form; only 1 name of 13 has one."
    most = [f"Number {number} for Peace, Inc." for number in range(12)]
    found = only(*most, "Computertruhe")
    assert found.sentence == "It has no legal form; 12 names of 13 have one."
    # Of three names nobody can say what most do.
    assert kinds("Aurora", "Boreas", "Computertruhe e. V.") == []


def test_typography_is_one_throughout() -> None:
    curled = "Women’s Voice – Ardal “Lake”"
    found = only(curled, 'Men\'s Voice - Ardal "Lake"')
    assert (found.kind, found.suggestion) == ("typography", "Men’s Voice – Ardal “Lake”")
    assert kinds("Men's Voice - Ardal", "Boys' Choir - Ardal") == []
    assert only("A – Ardal", "B – Ardal", "C — Ardal").suggestion == "C – Ardal"


def test_names_that_do_not_fit() -> None:
    assert kinds("Peace " * 13 + "in") == []
    assert only("Peace " * 13 + "Now").kind == "long"
    assert only("Informationstechnologiegesellschaft").kind == "long"
    assert kinds("Informations-Technologie-Gesellschaft") == []
    # A Chinese letter is as wide as two, and lines break behind any.
    assert kinds("中" * 40) == ["script"]
    assert kinds("中" * 41) == ["long", "script"]


def test_names_in_another_script_than_the_letter() -> None:
    assert only("Центр Свободы").kind == "script"
    assert "Cyrillic" in only("Центр Свободы").sentence
    assert kinds("Центр Свободы (Freedom Centre)") == []
    assert kinds("Центр Свободы", language="ru") == []
    assert kinds("Freedom Centre", language="ru") == ["script"]
    assert kinds("明るい社会", language="ja") == []
    assert kinds("中國法律基金會", language="zh-TW") == []
    assert kinds("+41", "1 4 9") == []


def test_letters_that_deceive() -> None:
    found = only("Academic Mobility Сenter")  # with a Cyrillic С
    assert found.kind == "lookalike"
    assert "mixes letters of different scripts" in found.sentence


def test_articles_are_told_once_where_they_sort() -> None:
    names = ("The Tor Project", "The Document Foundation", "The Calyx Institute", "Aurora")
    found = only(*names)
    assert (found.kind, found.line) == ("article", None)
    assert "3 names" in found.sentence
    assert kinds(*names, articles="skip") == []
    assert kinds(*names, order="time") == []
    assert kinds(*names[:2]) == []


def test_characters_that_no_font_has_are_told_with_whose_they_are() -> None:
    private = "Aurora \ue000 Watch"
    found = [one for one in weeded("Boreas", private) if one.kind == "unprintable"]
    assert [one.text for one in found] == [private]
    assert "U+E000" in found[0].sentence
    assert private in found[0].sentence
    # The second time it is remembered.
    assert glyphs.missing(private) == ["\ue000"]


def test_what_is_taken_for_printed_is_printed() -> None:
    assert fonts.missing(" ".join(sorted(glyphs.PRINTED))) == []


def test_the_worst_stands_first() -> None:
    found = kinds("NRC", "MUELLNERS FOUNDATION", "Oxfam Solidarit√© Nord", "NRC")
    assert found == ["garbled", "doubled", "capitals", "acronym", "acronym"]
    assert [one.severity for one in weeded("NRC", "Aurora,")] == ["wrong", "look"]
    assert weeded() == []


def test_every_kind_has_a_heading() -> None:
    headings = [weeding.heading(kind) for kind in weeding.KINDS]
    assert len(set(headings)) == len(headings)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("pmpc.csv", {"capitals": 2, "stray": 1, "legal form": 3, "doubled": 0, "alike": 0}),
        ("coara.csv", {"capitals": 5, "stray": 5, "shouted": 1, "doubled": 0, "alike": 0}),
        ("keepandroidopen.csv", {"capitals": 0, "stray": 0, "doubled": 0, "acronym": 4}),
        ("ecosoc.csv", {"doubled": 13, "lookalike": 1, "stray": 4, "garbled": 0, "capitals": 0}),
    ],
)
def test_real_lists_have_few_faults(file: str, expected: dict[str, int]) -> None:
    """Each of these was read: all are faults."""
    found = Counter(kinds(*real(file)))
    assert {kind: found[kind] for kind in expected} == expected


def test_the_shouting_of_a_real_list_is_found() -> None:
    shouted = {one.text for one in weeded(*real("coara.csv")) if one.kind == "capitals"}
    assert {"JOANNEUM RESEARCH", "VELUX FONDEN", "YEDITEPE UNIVERSITY"} <= shouted
