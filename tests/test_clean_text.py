"""One rule for everything organisers type: nothing invisible turns, hides or breaks it."""

from pathlib import Path

import pytest

from app.documents.markdown import parse, strings
from app.letter import letter_files
from app.letter.clean_text import clean, clean_block, clean_line
from app.letter.versions import Content, Lead, Text

TRICKS = "\u202e\u2066\u2069\u200f\u061c\x00\x1b\x9b\ufeff\U000e0041"
LETTER = f"""---
title: "Free{TRICKS}dom"
letterhead:
  - name: "Free{TRICKS}dom"
    local_name: "Free{TRICKS}dom"
addressees: ["Free{TRICKS}dom\\nHouse"]
cc: ["Free{TRICKS}dom"]
subject: "Free{TRICKS}dom"
place_and_date: "Free{TRICKS}dom"
salutation: "Free{TRICKS}dom"
closing: "Free{TRICKS}dom"
signatories_heading: "Free{TRICKS}dom"
---
Free{TRICKS}dom
"""


@pytest.mark.parametrize("cleaned", [clean, clean_line, clean_block])
def test_what_nobody_sees_goes_and_what_scripts_need_stays(cleaned: object) -> None:
    assert callable(cleaned)
    assert cleaned(f"a{TRICKS}b") == "ab"
    for kept in ("می\u200cخواهم", "100\u00a0%", "hy\u00adphen", "क\u200dष", "❤\ufe0f"):
        assert cleaned(kept) == kept


def test_line_ends_of_all_kinds_are_one() -> None:
    assert clean("a\r\nb\rc\u2028d\u0085e") == "a\nb\nc\nd\ne"
    assert clean_line(" a \u2028  b\t c ") == "a b c"
    assert clean_block("\n a  b \r\n c\n") == "a b\nc"


def test_every_part_of_a_letter_from_a_file_is_clean(tmp_path: Path) -> None:
    file = tmp_path / "letter.md"
    # YAML itself takes no control characters but as escapes.
    file.write_text(LETTER.replace("\x00\x1b\x9b", ""), encoding="utf-8")
    assert words(letter_files.read(file, tmp_path).text) == {"Freedom", "Freedom\nHouse"}


def test_every_part_of_a_letter_from_elsewhere_is_clean() -> None:
    dirty = f"Free{TRICKS}dom"
    text = Text(
        title=dirty,
        language="en",
        body=dirty,
        letterhead=(Lead(dirty, dirty),),
        addressees=(f"{dirty}\nHouse",),
        cc=(dirty,),
        subject=dirty,
        subject_label=dirty,
        place_and_date=dirty,
        salutation=dirty,
        closing=dirty,
        signatories_heading=dirty,
    )
    [cleaned] = Content("en", {"en": text}).cleaned().texts.values()
    assert words(cleaned) == {"Freedom", "Freedom\nHouse"}


def words(text: Text) -> set[str]:
    leads = [said for lead in text.letterhead for said in (lead.name, lead.local_name)]
    lines = (text.title, text.subject, text.place_and_date, text.salutation, text.closing)
    blocks = (*text.addressees, *text.cc, text.signatories_heading)
    return {*leads, *lines, *blocks, "".join(strings(parse(text.body)))}
