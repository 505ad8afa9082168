import random

import pytest

from app.collation import Collator

ICJ = "The International Commission of Jurists"


def ordered(language: str, *names: str, articles: str = "keep") -> list[str]:
    """The names in order; they are given shuffled."""
    shuffled = random.Random(1).sample(names, len(names))
    return sorted(shuffled, key=Collator(language, articles).key)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", ["Arzt", "Ärzte", "Azur", "Zurich", "Zürich", "Zypern"]),
        ("sv", ["Arv", "Zebra", "Åland", "Ärna", "Öst"]),
        ("en", ["Aland", "Åland", "Arv", "Öst", "Zebra"]),
        ("az", ["Ceyran", "Çay", "Elm", "Əliyev", "Həsən", "Xalq", "İnsan", "Zeynal"]),
        ("es", ["Nube", "Ñandú", "Oso"]),
        ("fr", ["cote", "coté", "côte", "côté"]),
        ("ru", ["Елена", "Ёлка", "Ель", "Жизнь", "Amnesty"]),
        ("en", ["Amnesty", "Ельцин", "مركز"]),
        ("ar", ["مركز", "Amnesty"]),
        ("pt-BR", ["Ação", "Árvore", "Zebra"]),
        ("pt_BR", ["Ação", "Árvore", "Zebra"]),
        ("tlh", ["Amnesty", "Zebra"]),  # no rules of its own: the root's
        ("no such language!", ["Amnesty", "Zebra"]),
    ],
)
def test_names_sort_as_readers_of_the_language_expect(language: str, names: list[str]) -> None:
    assert ordered(language, *names) == names


def test_marks_and_case_do_not_count_but_words_do() -> None:
    names = ["de Luca", "de Zoo", "Deluca", "Médecins d'Afrique", '"Memorial"', "Mensch"]
    assert ordered("en", *names) == names


def test_digits_come_first_and_sort_as_characters() -> None:
    names = ["10 Voices", "9 Voices", "+972 Magazine", "ARTICLE 19"]
    assert ordered("en", *names) == names


@pytest.mark.parametrize(
    ("articles", "names"),
    [
        ("keep", ["Human Rights Watch", "Jurists", "Sudan", ICJ, "Uganda"]),
        ("skip", ["Human Rights Watch", ICJ, "Jurists", "Sudan", "Uganda"]),
    ],
)
def test_the_article_rule_moves_the_jurists_from_t_to_i(articles: str, names: list[str]) -> None:
    assert ordered("en", *names, articles=articles) == names


@pytest.mark.parametrize(
    ("language", "name", "place"),
    [
        ("en", "The Gambia Bar", "Gambia Bar"),
        ("en", "Les Amis", "Les Amis"),
        ("en", "Theatre", "Theatre"),
        ("en", "The", "The"),
        ("en", "A Rocha", "A Rocha"),
        ("fr", "Les Amis", "Amis"),
        ("fr", "LES AMIS", "AMIS"),
        ("fr", "L'Été", "Été"),
        ("fr", "L’Été", "Été"),
        ("fr", "« Les Amis »", "Amis"),
        ("fr", "The Gambia Bar", "The Gambia Bar"),
        ("fr-CA", "La Voûte nubienne", "Voûte nubienne"),
        ("de", "Die Brücke e. V.", "Brücke e. V."),
        ("de", "DAS Institut", "DAS Institut"),  # an acronym
        ("es", "LA Rights Watch", "LA Rights Watch"),
        ("it", "L'Altro Diritto", "Altro Diritto"),
        ("it", "Gli Amici", "Amici"),
        ("nl", "Het Rode Kruis", "Rode Kruis"),
        ("nl", "’t Hart", "Hart"),
        ("pt_BR", "O Povo", "Povo"),
        ("ru", "The Gambia Bar", "The Gambia Bar"),
    ],
)
def test_only_an_article_of_the_letters_language_is_skipped(
    language: str, name: str, place: str
) -> None:
    collator = Collator(language, "skip")
    bare = Collator(language, "keep")
    assert collator.key(name).startswith(bare.key(place).split(b"\0")[0] + b"\0")


def test_a_sort_key_of_ones_own_overrides_everything() -> None:
    collator = Collator("de", "skip")
    bridge = "Die Brücke e. V."
    assert collator.key("Caritas") > collator.key(bridge)
    assert collator.key("Caritas") < collator.key(bridge, "Die Brücke") < collator.key("Emmaus")


def test_no_two_names_share_a_key() -> None:
    collator = Collator("en", "skip")
    alike = ["Amnesty", "amnesty", "“Amnesty”", "The Amnesty", "Amnesty.", "+", "-"]
    assert len({collator.key(name) for name in alike}) == len(alike)


def test_it_says_which_names_begin_with_an_article_that_does_not_count() -> None:
    skipping = Collator("en", "skip")
    assert skipping.passes_over_article("The Gambia Bar")
    assert not skipping.passes_over_article("Les Amis")
    assert not Collator("en").passes_over_article("The Gambia Bar")
