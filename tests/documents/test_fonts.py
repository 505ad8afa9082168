import pytest

from app.documents.fonts import MissingGlyph, families, missing, package


def test_every_script_a_name_may_be_in_is_covered() -> None:
    assert not missing("Mərkəz ƏĞIİÖÜŞÇ · Ελληνική · Мемориал · המוקד · مركز حماية · საქართველო")
    assert not missing(
        "Հայաստան · मानव अधिकार · 国际特赦组织 · アムネスティ · 국제앰네스티 · สิทธิ · የሰብአዊ"
    )


def test_what_no_font_has_is_named_once_and_in_order() -> None:
    assert missing("a\ue000 b\u0378 c\ue000") == ["\ue000", "\u0378"]


def test_combining_marks_stay_with_their_letter() -> None:
    assert missing("x\u0351\u0325 y") == []


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("中", "fonts-noto-cjk"),
        ("한", "fonts-noto-cjk"),
        ("🦄", "fonts-noto-color-emoji"),
        ("\ue000", None),
        ("\u0378", None),
    ],
)
def test_the_package_that_helps(character: str, name: str | None) -> None:
    assert package(character) == name


def test_the_sentence_names_the_character_its_place_and_the_package() -> None:
    sentence = MissingGlyph("字", "Amnesty 字").sentence
    assert "字 (U+5B57)" in sentence
    assert "“Amnesty 字”" in sentence
    assert "fonts-noto-cjk" in sentence
    assert "private use" in MissingGlyph("\ue000", "A\ue000").sentence


def test_a_font_is_asked_for_only_where_its_script_occurs() -> None:
    assert "Noto Serif Georgian" not in [family["name"] for family in families("en", "Freedom")]
    assert "Noto Serif Georgian" in [family["name"] for family in families("en", "საქართველო")]


@pytest.mark.parametrize(
    ("language", "family"),
    [("zh", "SC"), ("zh-TW", "TC"), ("zh-Hant", "TC"), ("zh_HK", "HK"), ("ja", "JP"), ("fr", "SC")],
)
def test_chinese_characters_look_as_in_their_country(language: str, family: str) -> None:
    assert families(language, "")[-1]["name"] == f"Noto Serif CJK {family}"
