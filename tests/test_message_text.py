"""What a message may say: paragraphs, and links to https."""

import pytest

from app.errors import Refused
from app.message import message_text
from app.message.message_text import Piece, paragraphs


def test_paragraphs_lines_and_links_are_read_and_nothing_else() -> None:
    body = "Dear *all*,\nthe [minutes](https://a.example/m) are out.\n\n# No heading\n- nor a list"
    assert paragraphs(body) == [
        [
            Piece("Dear *all*,"),
            Piece("\n"),
            Piece("the "),
            Piece("minutes", "https://a.example/m"),
            Piece(" are out."),
        ],
        [Piece("# No heading"), Piece("\n"), Piece("- nor a list")],
    ]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("See https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/x)", "https://a.example/x"),
        ("https://a.example/?a=1&b=2, and", "https://a.example/?a=1&b=2"),
    ],
)
def test_a_bare_address_is_a_link_without_what_stands_around_it(typed: str, url: str) -> None:
    (found,) = (piece for (paragraph) in paragraphs(typed) for piece in paragraph if piece.url)
    assert found == Piece(url, url)


def test_an_address_with_other_letters_is_written_as_browsers_need_it() -> None:
    (paragraph,) = paragraphs("«https://a.example/é»")
    assert Piece("https://a.example/é", "https://a.example/%C3%A9") in paragraph


@pytest.mark.parametrize(
    "body",
    [
        "http://a.example",
        "[x](http://a.example)",
        "[x](javascript:alert(1))",
        "[x](mailto:a@a.example)",
        "[x](/desk)",
        "[x]()",
        "[x](https://user@a.example)",
        "https://" + "a" * 3_000 + ".example",
    ],
)
def test_a_link_that_leads_elsewhere_is_refused_by_name(body: str) -> None:
    with pytest.raises(Refused) as refused:
        message_text.checked_body(body)
    assert refused.value.field == "body"
    assert "https addresses only" in refused.value.sentence


def test_a_link_that_says_another_host_is_doubted() -> None:
    (sentence,) = message_text.doubts("[www.amnesty.org](https://evil.example/)")
    assert "leads to another site: evil.example" in sentence
    assert message_text.doubts("[the minutes](https://a.example/)") == []


def test_in_plain_text_addresses_stand_at_the_end() -> None:
    body = "Read [this](https://a.example/1), [that](https://a.example/2).\n\nhttps://a.example/1"
    assert message_text.plain(paragraphs(body)) == (
        "Read this [1], that [2].\n\n[1]\n\n[1] https://a.example/1\n[2] https://a.example/2"
    )


def test_empty_and_endless_texts_are_refused() -> None:
    for body in ("", " \n", "x" * 20_001, "https://a.example " * 51):
        with pytest.raises(Refused):
            message_text.checked_body(body)
    for subject in ("", " ", "x" * 151):
        with pytest.raises(Refused):
            message_text.checked_subject(subject)
    assert message_text.checked_subject(" A\r\nBcc: x ") == "A Bcc: x"


def test_hostile_brackets_are_read_in_time() -> None:
    for hostile in ("[" * 20_000, "[x](" * 5_000, "\\[" * 10_000, "]" * 20_000):
        assert paragraphs(hostile)
