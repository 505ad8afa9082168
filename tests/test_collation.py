import random

import pytest

from app.name.collation import Collator

ICJ = "The International Commission of Jurists"


def ordered(language: str, *names: str, articles: str = "keep") -> list[str]:
    """The names in order; they are given shuffled."""
    shuffled = random.Random(1).sample(names, len(names))
    return sorted(shuffled, key=Collator(language, articles).key)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("de", ["Arzt", "Ärzte", "Azur", "Zurich", "Zürich", "Zypern"]),
        ("de", ["Strasse", "Straße", "Strassf"]),
        ("sv", ["Arv", "Vera", "Vwa", "Wien", "Zebra", "Åland", "Ärna", "Öst"]),
        ("da", ["Zoo", "Ærø", "Østfold", "Aarhus"]),  # Aa is an old way to write Å
        ("en", ["Aland", "Åland", "Arv", "Öst", "Zebra"]),
        ("az", ["Ceyran", "Çay", "Elm", "Əliyev", "Həsən", "Xalq", "İnsan", "Zeynal"]),
        ("az", ["Ev", "Gəncə", "Hüquq", "Xəbər", "Iğdır", "İnsan", "Kino", "Qanun", "Watch"]),
        ("tr", ["Gzt", "Ğ", "Hak", "Irmak", "İzmir", "Jale", "Oz", "Öz", "Sz", "Şen"]),
        ("es", ["Chile", "Cuba", "Llama", "Luz", "Nube", "Ñandú", "Oso"]),
        ("cs", ["Cibule", "Čáp", "Hora", "Chata", "Ivan", "Rz", "Řeka"]),
        ("fr", ["cote", "coté", "côte", "côté"]),
        ("ru", ["Елена", "Ёлка", "Ель", "Жизнь", "Amnesty"]),
        ("uk", ["Ганна", "Гурт", "Ґанок", "Ера", "Єва", "Ира", "Іван", "Їжак", "Йод"]),
        ("ka", ["ამნესტი", "ზუგდიდი", "თბილისი", "ჰელსინკი"]),
        ("hy", ["Արմեն", "Եվրոպա", "Հայաստան", "Ֆոնդ"]),
        ("ar", ["آفاق", "اتحاد", "الحق", "أمل", "إنسان", "بيت", "مركز"]),
        ("he", ["בצלם", "גישה", "המוקד", "יש דין"]),
        ("fa", ["بیت", "پژوهش", "چشم", "ژاله", "کانون", "گروه"]),
        (
            "zh",
            ["北京", "重庆", "人权", "上海", "中国"],
        ),  # by pinyin: Bei, Chong, Ren, Shang, Zhong
        ("zh-TW", ["一", "人權", "中華", "台灣", "民主"]),  # by strokes: 1, 2, 4, 5, 5
        ("ja", ["あおぞら", "アムネスティ", "いのち", "ハーグ", "バーグ", "国際", "日本"]),
        ("pt-BR", ["Ação", "Árvore", "Zebra"]),
        ("pt_BR", ["Ação", "Árvore", "Zebra"]),
        ("tlh", ["Amnesty", "Zebra"]),  # no rules of its own: the root's
        ("no such language!", ["Amnesty", "Zebra"]),
    ],
    ids=str,
)
def test_names_sort_as_readers_of_the_language_expect(language: str, names: list[str]) -> None:
    assert ordered(language, *names) == names


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("en", "Amnesty"),
        ("az", "Amnesty"),
        ("sr-Latn", "Amnesty"),
        ("ja", "Amnesty"),  # as Japanese indexes have it
        ("el", "Ειρήνη"),
        ("ru", "Яна"),
        ("sr", "Яна"),
        ("ka", "ამნესტი"),
        ("hy", "Արմեն"),
        ("he", "עמותה"),
        ("ar", "مركز"),
        ("ckb", "مركز"),  # CLDR has no order for Sorani
        ("ti", "አማኑኤል"),
        ("hi", "हिन्दी"),
        ("ko", "가나"),
        ("zh", "人权"),
    ],
)
def test_the_letters_own_script_comes_first_and_the_others_as_in_cldr(
    language: str, first: str
) -> None:
    others = ["Amnesty", "Ειρήνη", "Яна", "ამნესტი", "Արմեն", "עמותה", "مركز", "አማኑኤል", "हिन्दी"]
    others += ["가나", "あおぞら", "人权"]
    expected = [first, *(name for name in others if name != first)]
    if language == "ja":
        expected = ["Amnesty", "あおぞら", "人权", *others[1:-2]]
    if language in ("az", "sr-Latn"):  # written in Cyrillic too
        expected = ["Amnesty", "Яна", *(name for name in others[1:] if name != "Яна")]
    if language == "ko":  # Chinese characters are its own script too
        expected = ["가나", "人权", *(name for name in others if name not in ("가나", "人权"))]
    assert ordered(language, *others) == expected


def test_marks_and_case_do_not_count_but_words_do() -> None:
    names = ["de Luca", "de Zoo", "Deluca", "Médecins d'Afrique", '"Memorial"', "Mensch"]
    assert ordered("en", *names) == names


def test_digits_come_first_and_sort_as_characters() -> None:
    names = ["10 Voices", "9 Voices", "+972 Magazine", "ARTICLE 19"]
    assert ordered("en", *names) == names
    assert ordered("he", *names, "עמותה") == [*names[:3], "עמותה", names[3]]


def test_signs_at_the_head_of_a_name_are_passed_over() -> None:
    names = ["@home", "«Memorial»", "Memory", "#MeToo", "(Un)seen", "“Vesna”"]
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
        ("mt", "Il-Kunsill", "Kunsill"),
        ("el", "Οι Φίλοι", "Φίλοι"),
        ("ar", "المركز السوري", "مركز السوري"),
        ("ar", "الحق", "حق"),
        ("ar", "«الحق»", "حق"),
        ("ar", "الله معنا", "الله معنا"),
        ("ar", "ألمانيا", "ألمانيا"),
        ("fa", "المركز", "المركز"),
        ("he", "המוקד", "המוקד"),  # can't be told from a first letter of the word
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
