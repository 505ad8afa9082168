"""Letters to make documents of."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from app import i18n
from app.documents.document import Document, Lead, Line
from app.documents.markdown import Node, Tree, parse, strings
from app.letter import letter_files
from tests.harness.shared import shared

AS_OF = datetime(2025, 9, 29, 16, 0, tzinfo=UTC)


def letter(**facts: Any) -> Document:
    """A short letter in English, but for the facts given; a body may be given as Markdown."""
    if isinstance(facts.get("body"), str):
        facts["body"] = parse(facts["body"])
    plain = Document(
        language="en",
        direction="ltr",
        title="On the freedom of lawyers",
        subject="Freedom of lawyers",
        body=parse("We write to you about lawyers."),
        signatories_heading="The signatories:",
        version=1,
        sha256="0123456789abcdef" * 4,
        as_of=AS_OF,
        check_url="https://letters.example.org/letters/lawyers",
    )
    return replace(plain, **facts)


def reference_letter(logos: Path) -> Document:
    """The reference letter with its eleven signatories; skips the test where it isn't there."""
    with open(shared("letters/azerbaijan-iaj.signatories.csv"), encoding="utf-8") as rows:
        lines = [(row["kind"], Line(row["name"])) for row in csv.DictReader(rows)]
    return replace(
        real_letter("azerbaijan-iaj", logos),
        organisations=tuple(line for kind, line in lines if kind == "organisation"),
        individuals=tuple(line for kind, line in lines if kind == "individual"),
    )


def real_letter(name: str, logos: Path) -> Document:
    """A letter of ../shared/data/letters, in the language its name tells where it says none."""
    text = letter_files.read(shared(f"letters/{name}.md"), logos).text
    told = i18n.known(name.partition(".")[2] or "en")
    language = str(told).replace("_", "-") if text.language == "en" and told else text.language
    return letter(
        language=language,
        direction=i18n.direction(language),
        title=text.title,
        letterhead=tuple(Lead(lead.name, lead.local_name) for lead in text.letterhead),
        place_and_date=text.place_and_date,
        addressees=text.addressees,
        cc=text.cc,
        subject_label=text.subject_label,
        subject=text.subject,
        salutation=text.salutation,
        body=text.body,
        closing=text.closing,
        signatories_heading=text.signatories_heading,
    )


def organisations(count: int) -> tuple[Line, ...]:
    return tuple(Line(f"Organisation {n:05d} for the Rule of Law") for n in range(count))


def grouped(count: int, per: int) -> tuple[Line, ...]:
    """So many organisations, so many to a group; names of one to three lines."""
    lengths = (" and so on" * (n % 7) for n in range(count))
    return tuple(
        Line(f"Organisation {n:05d}{length}", group=f"Group {n // per:03d}")
        for n, length in enumerate(lengths)
    )


EVERYTHING = """# The facts

We write about **lawyers**[^a] and *judges*[^b], of whom 1,204 were disbarred[^a].

> The independence of lawyers is no privilege.

| Year | Lawyers | Judges |
|:-----|--------:|:------:|
| 2023 |     812 |   14   |
| 2024 |   1,204 |  9[^c] |

## What we ask

7. Release those in prison:
   - at once, and
   - without conditions.
8. Amend the law.

```
code
```

See [the report](https://source.example/report), `code` and ~~struck~~ text.

---

[^a]: A note with [a link](https://source.example/note).
[^b]: Short.
[^c]: In a table.
"""


def full_letter(**facts: Any) -> Document:
    """A letter in which everything occurs that a letter may hold."""
    lines = (
        Line("Freedom Now", representative="Jane Doe", role="Director", country="Norway"),
        Line("Open Azerbaijan", reported=True),
        Line("People in Need", signed_version=2),
    )
    everything = {
        "letterhead": (Lead("European Exchange", "Europäischer Austausch"), Lead("Norwegian")),
        "place_and_date": "Baku and Geneva, 29 September 2025",
        "addressees": ("To the President\nMikael Sjöberg", "Minister of Justice"),
        "cc": ("Court of Human Rights",),
        "subject_label": "Re.:",
        "salutation": "Dear Mr. President,",
        "body": EVERYTHING,
        "closing": "Yours sincerely,\nThe undersigned",
        "organisations": lines,
        "individuals": (Line("Samed Rahimli", role="lawyer", affiliation="Bar Association"),),
        "withheld": 5,
        "mark": "Proof",
    }
    return letter(**everything | facts)


def urls(tree: Tree) -> list[str]:
    """The addresses a body links to, in order."""
    return re.findall(r"'url': '([^']+)'", str(tree))


def in_order(document: Document) -> list[str]:
    """What the PDF of the reference letter says, from its head to its last name."""
    names = [line.name for line in document.organisations]
    leads = [text for lead in document.letterhead for text in (lead.name, lead.local_name)]
    return [
        *leads,
        document.place_and_date,
        *document.addressees,
        document.subject_label,
        document.subject,
        document.salutation,
        *(_said(block) for block in document.body["blocks"]),
        document.signatories_heading,
        *names,
        "Individuals",
        *(line.name for line in document.individuals),
    ]


def _said(block: Node) -> str:
    if block["type"] == "list":
        return "".join("•" + "".join(map(_said, blocks)) for blocks in block["items"])
    return "".join(strings({"blocks": [block], "footnotes": []}))


def picture(kind: str, size: tuple[int, int] = (40, 20)) -> bytes:
    """A logo of that kind, such as "PNG", and so many pixels."""
    drawn = BytesIO()
    Image.new("RGB", size, "navy").save(drawn, kind)
    return drawn.getvalue()
