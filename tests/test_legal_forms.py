import pytest

from app.name import legal_forms


@pytest.mark.parametrize(
    ("name", "form", "spelling", "without"),
    [
        ("Computertruhe e. V.", "e.V.", " e. V.", "Computertruhe"),
        ("linuxmuster.net e.V", "e.V.", " e.V", "linuxmuster.net"),
        ("God Bless the Child, eV", "e.V.", ", eV", "God Bless the Child"),
        ("Bridge Builders, Inc.", "Inc.", ", Inc.", "Bridge Builders"),
        ("OneMama Incorporated", "Inc.", " Incorporated", "OneMama"),
        ("TMG Research, gGmbH", "gGmbH", ", gGmbH", "TMG Research"),
        ("Human Rights for All, Pty Limited", "Pty Ltd", ", Pty Limited", "Human Rights for All"),
        ("Asia Centre Co., Ltd.", "Co., Ltd.", " Co., Ltd.", "Asia Centre"),
        ("Help, Incorporated (MESCH)", "Inc.", ", Incorporated", "Help (MESCH)"),
        ("LOAD e.V. - Verein für Netzpolitik", "e.V.", " e.V.", "LOAD - Verein für Netzpolitik"),
        ("Alianza México, AC", "AC", ", AC", "Alianza México"),
        ("Frënn vun der Ënn A.S.B.L.", "ASBL", " A.S.B.L.", "Frënn vun der Ënn"),
    ],
)
def test_legal_forms_are_known_however_spelled(
    name: str, form: str, spelling: str, without: str
) -> None:
    found = legal_forms.find(name)
    assert found
    assert (found.form, found.spelling) == (form, spelling)
    assert name[found.start : found.end] == spelling
    assert legal_forms.without(name) == without


@pytest.mark.parametrize(
    "name",
    ["Incorporated Society", "ActionAid SA", "Unlimited", "AC Ardal", "Inc.", "AG Frieden"],
)
def test_words_that_only_look_like_one_stay(name: str) -> None:
    assert legal_forms.find(name) is None
    assert legal_forms.without(name) == name
