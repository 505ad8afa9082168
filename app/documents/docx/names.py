"""The list of signatories: names in columns or a table, under their headings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.documents import sentences
from app.documents.document import FEW, Document, Line, groups
from app.documents.docx.flow import Flow, Paragraph
from app.documents.docx.page import TEXT_WIDTH
from app.documents.docx.tables import cell, row, table
from app.documents.docx.text import Voice, paragraph
from app.documents.docx.wordml import Property
from app.documents.typography import first_direction

STYLES = {1: "Signatory", 2: "SignatoryIn2Columns", 3: "SignatoryIn3Columns"}
IN_TABLE = "SignatoryInTable"
DETAIL = "SignatoryDetail"
SHARES = {2: (62, 38), 3: (44, 20, 36)}  # of a table's columns, in hundredths of its width


@dataclass(frozen=True)
class Names:
    document: Document
    voice: Voice  # the letter's
    own: Voice  # of the words the service adds

    def write(self, flow: Flow) -> None:
        """All of the list; what follows may stand in as many columns as its end."""
        letter = self.document
        if not (letter.organisations or letter.individuals or letter.withheld):
            return
        first = self.organisation_columns() if letter.organisations else self.individual_columns()
        if letter.signatories_heading:
            flow.add(self.heading(first))
        if letter.organisations:
            flow.turn(first)
            flow.add(*self.organisations(first))
        if letter.individuals:
            flow.turn(self.individual_columns(), apart=bool(letter.organisations))
            flow.add(*self.individuals())

    def organisation_columns(self) -> int:
        letter = self.document
        return 1 if letter.form == "table" else letter.columns_for(letter.organisations)

    def individual_columns(self) -> int:
        return self.document.columns_for(self.document.individuals)

    def heading(self, columns: int) -> Paragraph:
        """Nothing keeps a heading with the columns of the next section: there it begins a page."""
        said = self.voice.runs(self.document.signatories_heading)
        return Paragraph("SignatoriesHeading", said, {"pageBreakBefore": columns > 1 or None})

    def organisations(self, columns: int) -> Sequence[Markup | Paragraph]:
        if self.document.form == "table":
            return [self.table(), Paragraph("AfterTable", given={"keepNext": True})]
        return self.names(self.document.organisations, columns)

    def individuals(self) -> list[Paragraph]:
        heading = sentences.individuals_heading(self.document)
        names = self.names(self.document.individuals, self.individual_columns())
        if not heading:
            return names
        given = {**self.own.set_in(self.voice), **self.level()}
        return [Paragraph("IndividualsHeading", self.own.runs(heading), given), *names]

    def level(self) -> dict[str, Property]:
        """What its lists are headed with is no deeper than the list's own heading allows."""
        return {} if self.document.signatories_heading else {"outlineLvl": 1}

    def names(self, lines: Sequence[Line], columns: int) -> list[Paragraph]:
        listed = []
        for heading, under in groups(lines):
            if heading:
                listed.append(Paragraph("GroupHeading", self.voice.name(heading), self.level()))
            listed += [Paragraph(STYLES[columns], self.line(line)) for line in under]
        if columns > 1:
            return listed
        kept = _kept(len(listed))
        return [
            name.told(keepNext=keep) if keep else name
            for name, keep in zip(listed, kept, strict=True)
        ]

    def line(self, line: Line) -> Markup:
        beneath = sentences.beneath(line, self.document.language)
        said = self.name(line, sentences.beside(line, self.document.language))
        return said + self.voice.runs("\n" + beneath, rStyle=DETAIL) if beneath else said

    def name(self, line: Line, beside: str) -> Markup:
        said = self.voice.name(line.name)
        if line.reported:
            said += self.voice.runs("†", rStyle="ReportedMark")
        if not beside:
            return said
        comma = sentences.comma(self.document.language)
        if first_direction(line.name) != self.voice.direction:
            comma = self.voice.mark + comma
        return said + self.voice.runs(comma + beside, rStyle=DETAIL)

    def table(self) -> Markup:
        heads = sentences.table_head(self.document)
        columns = [TEXT_WIDTH * share // 100 for share in SHARES[len(heads)]]
        rows = [self.head(columns, heads)]
        kept = _kept(len(self.document.organisations))
        for heading, under in groups(self.document.organisations):
            if heading:
                said = paragraph("GroupHeading", self.voice.name(heading), **self.level())
                rows.append(row(cell(sum(columns), said, gridSpan=len(columns))))
            rows += [self.row(columns, line, keep) for line, keep in zip(under, kept, strict=False)]
        fixed = {"type": "fixed"}  # Word needs long to measure ten thousand rows
        return table("LetterTable", columns, rows, self.voice.direction, tblLayout=fixed)

    def head(self, columns: Sequence[int], heads: Sequence[str]) -> Markup:
        set_in = self.own.set_in(self.voice)
        said = [paragraph("TableHead", self.own.runs(head), **set_in) for head in heads]
        return row(*map(cell, columns, said), is_head=True)

    def row(self, columns: Sequence[int], line: Line, keep: bool | None) -> Markup:
        cells = sentences.table_cells(line, self.document)
        said = [self.name(line, sentences.earlier(line)), *map(self.voice.runs, cells)]
        lines = [paragraph(IN_TABLE, content, keepNext=keep) for content in said]
        return row(*map(cell, columns, lines))


def _kept(count: int) -> Iterator[bool | None]:
    """Which of so many names stay with the next: no heading is without some names below it, and no
    end of the letter without some above it."""
    for place in range(count):
        yield True if count <= FEW or place < 2 or place >= count - 4 else None
