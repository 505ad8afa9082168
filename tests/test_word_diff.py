"""The difference between two texts, word by word, as readers read it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.letter import word_diff
from app.letter.versions import Lead, Text

TEXT = Text(
    title="Free the press",
    language="en",
    body="We ask you to suspend the decision now.\n\n1. Suspend it.\n2. Hear the station.\n",
    salutation="Dear Ms Varga,",
)


def told(old: Text, new: Text) -> list[str]:
    """The paragraphs that changed, with [-removed-] and {+added+} words."""
    marks = {"same": "%s", "removed": "[-%s-]", "added": "{+%s+}"}
    return [
        "".join(marks[run.kind] % run.text for run in paragraph.runs)
        for paragraph in word_diff.compare(old, new)
        if not paragraph.is_same
    ]


def body(text: str) -> Text:
    return replace(TEXT, body=text)


def test_the_same_text_has_no_difference() -> None:
    assert told(TEXT, TEXT) == []
    assert len(word_diff.compare(TEXT, TEXT)) == 5


def test_words_changed_within_a_paragraph() -> None:
    new = body("We urge you to suspend this decision.\n\n1. Suspend it.\n2. Hear the station.\n")
    assert told(TEXT, new) == [
        "We [-ask-]{+urge+} you to suspend [-the-]{+this+} decision[- now-]."
    ]


def test_two_words_changed_beside_each_other_are_one_change() -> None:
    assert told(
        body("Give it back at once, please."), body("Give it back without delay, please.")
    ) == ["Give it back [-at once-]{+without delay+}, please."]


def test_paragraphs_that_came_and_went() -> None:
    old = body("The first.\n\nSomething else entirely, of some length.\n\nThe last.")
    new = body("The first.\n\nThe last.\n\n> Wholly new words stand here, quoted.")
    assert told(old, new) == [
        "[-Something else entirely, of some length.-]",
        "{+Wholly new words stand here, quoted.+}",
    ]


def test_the_frame_counts_and_so_does_where_a_link_leads() -> None:
    new = replace(
        TEXT, addressees=("Ms Ilse Varga\nChair",), letterhead=(Lead("Lead", "Localname"),)
    )
    assert told(TEXT, new) == ["{+Lead · Localname+}", "{+Ms Ilse Varga\nChair+}"]
    before, after = (
        body("See [the law](https://a.example/)."),
        body("See [the law](https://b.example/)."),
    )
    assert told(before, after) == ["See the law (https://[-a-]{+b+}.example/)."]


def test_footnotes_lists_and_tables_are_read_too() -> None:
    old = body("A.[^1]\n\n- one\n  - deep\n\n| a | b |\n|---|---|\n| c | d |\n\n[^1]: A note.")
    new = body(
        "A.[^1]\n\n- one\n  - deeper\n\n| a | b |\n|---|---|\n| c | e |\n\n[^1]: A longer note."
    )
    assert told(old, new) == [
        "• [-deep-]{+deeper+}",
        "c | [-d-]{+e+}",
        "[1] A {+longer +}note.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("我们请求暂停决定", "我们要求立即暂停决定", "我们[-请-]{+要+}求{+立即+}暂停决定"),
        ("نطلب تعليق القرار", "نطلب إلغاء القرار", "نطلب [-تعليق-]{+إلغاء+} القرار"),
        ("L’État doit agir", "L’État pourra agir", "L’État [-doit-]{+pourra+} agir"),
    ],
)
def test_scripts_of_every_kind(old: str, new: str, difference: str) -> None:
    assert told(body(old), body(new)) == [difference]


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_is_lost_and_nothing_made_up(old: str, new: str) -> None:
    compared = word_diff.compare(body(old), body(new))
    for kind, text in (("added", old), ("removed", new)):
        found = [
            "".join(run.text for run in paragraph.runs if run.kind != kind)
            for paragraph in compared
        ]
        assert [one for one in found if one] == word_diff.reading.paragraphs(body(text))


def test_texts_too_long_to_be_compared_word_by_word_are_shown_whole() -> None:
    """Organisers write what visitors' pages compare: none may stop the site."""
    old, new = ("\n\n".join(f"{kind} {n}" for n in range(200)) for kind in ("alt", "novum"))
    assert kinds(old, new) == ["removed"] * 200 + ["added"] * 200
    long = "停" * 4_000
    assert kinds(long + "甲", long + "乙") == ["removed", "added"]


def kinds(old: str, new: str) -> list[str]:
    """Of what differs, in reading order."""
    compared = word_diff.compare(body(old), body(new))
    runs = [run for paragraph in compared for run in paragraph.runs]
    return [run.kind for run in runs if run.kind != "same"]
