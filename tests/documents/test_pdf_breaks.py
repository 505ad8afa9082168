"""Where pages end: one long letter brings every kind of heading to every place on a page."""

from itertools import pairwise

import pytest

from app.documents import pdf
from app.documents.document import Document, Line
from tests.documents.letters import grouped, letter, organisations
from tests.documents.pdf_reading import Element, structure

WORDS = "Some words that fill the line. "
FOLLOWED_BY = {
    "a paragraph": WORDS * 6,
    "a list": "- one\n- two\n- three",
    "a long point": f"1. {WORDS * 6}\n2. two",
    "a table": "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "a quotation": f"> {WORDS * 6}",
    "code": "```\nx\ny\nz\n```",
    "a heading": f"### Below\n\n{WORDS * 6}",
    "a rule": f"---\n\n{WORDS * 6}",
    "a paragraph with a note": f"With a note[^{{n}}]. {WORDS * 4}",
}


@pytest.mark.parametrize("kind", FOLLOWED_BY)
def test_no_heading_is_the_last_on_a_page(kind: str) -> None:
    sections = (
        f"{WORDS * (1 + n * 7 % 11)}\n\n## Heading\n\n{FOLLOWED_BY[kind].replace('{n}', str(n))}"
        for n in range(100)
    )
    notes = (f"[^{n}]: A note. {WORDS * (n % 8)}" for n in range(100))
    told = structure(pdf.render(letter(body="\n\n".join([*sections, *notes]))))
    pairs = [pair for pair in pairwise(_blocks(told)) if pair[0].kind in ("H1", "H2", "H3", "H4")]
    assert len(pairs) > 100
    for heading, following in pairs:
        assert heading.page() == following.page()


@pytest.mark.parametrize(
    "document",
    [
        letter(organisations=organisations(3)),
        letter(organisations=organisations(30)),
        letter(organisations=organisations(60)),
        letter(organisations=grouped(20, 6), columns=2),
        letter(organisations=grouped(100, 6), columns=3),
        letter(organisations=organisations(12), individuals=(Line("Samed Rahimli"),) * 30),
    ],
    ids=["few", "a column", "two columns", "few in groups", "groups", "individuals"],
)
def test_neither_the_heading_nor_the_ending_stands_without_names(document: Document) -> None:
    for lines in range(18, 42, 3):
        told = structure(pdf.render(letter_of(document, "A line.\n\n" * lines)))
        names = [item.page() for item in told.every("LI")]
        for heading in told.every("H2", "H3"):
            following = _blocks(told)[_blocks(told).index(heading) + 1]
            assert heading.page() == following.page()
        [first] = [each.page() for each in told.every("H2") if "signatories" in each.text()]
        assert names.count(first) >= 3
        assert told.every("Figure")[-1].page() is None  # a picture has no text
        assert told.elements()[-1].page() == names[-1]


def letter_of(document: Document, body: str) -> Document:
    return letter(
        body=body,
        organisations=document.organisations,
        individuals=document.individuals,
        columns=document.columns,
    )


def _blocks(told: Element) -> list[Element]:
    return [
        part
        for part in told.elements()
        if part.kind in ("P", "L", "Table", "BlockQuote", "Code") or part.kind.startswith("H")
    ]
