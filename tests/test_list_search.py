"""What a reader types finds the names of the list, in whatever script either is written."""

import pytest

from app.signatory.list_search import MOST_WORDS, found, key

FOUND = [
    ("Ədalət Hüquq Mərkəzi", ["Adalet", "edalet", "ədalət", "merkezi", "HÜQUQ adalet"]),
    ("Straße der Freiheit", ["Strasse", "straße", "STRASSE"]),
    ("Łódź Forum", ["Lodz", "łódź"]),
    ("İstanbul Barosu", ["Istanbul", "ISTANBUL", "istanbul", "ıstanbul"]),
    ("IĞDIR Derneği", ["igdir", "ığdır"]),
    ("Ärzte in München", ["arzte", "aerzte", "Muenchen", "munchen"]),
    ("Muenchen hilft", ["München"]),
    ("Мемориал", ["Memorial", "мемориал"]),
    ("Memorial", ["Мемориал"]),
    ("Харків", ["Kharkiv", "Harkiv", "харків"]),
    ("Журнал и область", ["zhurnal", "oblast"]),
    ("Երևան", ["Yerevan", "Erevan", "երևան"]),
    ("თბილისი", ["Tbilisi"]),
    ("Tbilisi", ["თბილისი"]),
    ("Ελληνική Ένωση", ["elliniki", "ellenike", "ενωση", "ΕΝΩΣΗ"]),
    ("مركز حرية الإعلام", ["الاعلام", "حريه", "مركــز", "markaz", "al-i'lam", "hurriyah"]),
    ("حقوق الإنسان في فلسطين", ["huquq", "insan", "al-insan", "Filastin", "Falasteen"]),
    ("صحيفة الخليج", ["sahifa", "khalij"]),
    ("שלום ירושלים", ["shalom", "Yerushalayim"]),
    ("أَحْمَد", ["احمد", "أحمد"]),
    ("حقوقی", ["حقوقي", "حقوقى"]),
    ("עֲדָלָה תַל־אָבִיב", ["עדלה", "תל אביב", "תל־אביב"]),
    ("人權觀察", ["人权", "人權", "renquan"]),
    ("人权", ["人權"]),
    ("ＡＢＣ Media", ["abc", "ａｂｃ"]),
    ("ひと", ["ヒト", "hito"]),
    ("Oʻzbekiston", ["O'zbekiston", "O‘zbekiston", "Ozbekiston"]),
    ("L’Aquila “Arche”", ["l'aquila", "laquila", "arche", '"arche"']),
    ("Anti-Corruption Now", ["anticorruption", "anti corruption", "now anti-corruption"]),
    ("Anticorruption", ["anti-corruption"]),
    ("+972 Magazine", ["972", "+972"]),
]


@pytest.mark.parametrize(("name", "typed"), FOUND)
def test_a_name_is_found_however_it_is_typed(name: str, typed: list[str]) -> None:
    keys = [key(["Somebody Else"]), key([name])]
    for words in typed:
        assert list(found(keys, words)) == [1], words


def test_words_stand_in_any_order_and_all_have_to_be_there() -> None:
    keys = [key(["Aurora Media Watch", "", "Director"]), key(["Media Forum", "Anna Berg"])]
    assert list(found(keys, "watch aurora")) == [0]
    assert list(found(keys, "director media")) == [0]
    assert list(found(keys, "media")) == [0, 1]
    assert list(found(keys, "media watch anna")) == []


def test_an_a_is_no_e_where_no_azerbaijani_is_written() -> None:
    assert list(found([key(["Peer Review"])], "paar")) == []


def test_latin_words_are_not_found_by_their_consonants_nor_by_two_of_them() -> None:
    keys = [key(["Markaz Centre"]), key(["مركز حرية"]), key(["Харків"])]
    assert list(found(keys, "murkuz")) == [1]
    assert list(found(keys, "mrk")) == [1]
    assert list(found(keys, "meter")) == []
    assert list(found(keys, "rakaz")) == []
    assert list(found(keys, "hore")) == []


def test_signs_alone_look_for_nothing_and_long_texts_for_their_beginning() -> None:
    keys = [key(["Aurora"]), key(["Boreas"])]
    assert list(found(keys, " – “” ! ")) == [0, 1]
    assert list(found(keys, "aurora " * 200_000)) == [0]
    assert list(found(keys, "aurora " * MOST_WORDS + "boreas")) == [0]
