"""Letters to make documents of."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app import letter_files
from app.documents.document import Document, Lead, Line
from app.documents.markdown import parse
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
    text = letter_files.read(shared("letters/azerbaijan-iaj.md"), logos).text
    with open(shared("letters/azerbaijan-iaj.signatories.csv"), encoding="utf-8") as rows:
        lines = [(row["kind"], Line(row["name"])) for row in csv.DictReader(rows)]
    return letter(
        title=text.title,
        letterhead=tuple(Lead(lead.name, lead.local_name) for lead in text.letterhead),
        place_and_date=text.place_and_date,
        addressees=text.addressees,
        subject_label=text.subject_label,
        subject=text.subject,
        salutation=text.salutation,
        body=text.body,
        organisations=tuple(line for kind, line in lines if kind == "organisation"),
        individuals=tuple(line for kind, line in lines if kind == "individual"),
    )


def organisations(count: int) -> tuple[Line, ...]:
    return tuple(Line(f"Organisation {n:05d} for the Rule of Law") for n in range(count))
