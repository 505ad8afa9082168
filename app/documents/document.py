"""Everything an output of a letter needs, decided before any output is made.

HTML, PDF and what else may come are emitters of the same Document, so they cannot disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Literal

from app.documents.markdown import Tree

FEW = 24  # names that are kept together on a page


@dataclass(frozen=True)
class Lead:
    """A lead organisation of the letterhead; its name is set in type where it has no logo."""

    name: str
    local_name: str = ""
    logo: bytes | None = None  # a picture, checked and made PNG when it was uploaded


@dataclass(frozen=True)
class Line:
    """One listed signatory. What is not to be shown is empty."""

    name: str
    affiliation: str = ""
    representative: str = ""
    role: str = ""  # the representative's, or the individual's own
    country: str = ""  # its name in the letter's language
    reported: bool = False
    signed_version: int | None = None  # where they signed an earlier text than this one
    group: str = ""  # the heading it stands under, where the list is grouped


@dataclass(frozen=True)
class Document:
    language: str  # a tag such as "en" or "zh-TW"
    direction: Literal["ltr", "rtl"]
    title: str
    body: Tree
    version: int
    sha256: str  # 64 hexadecimal digits, of the version's text
    as_of: datetime  # aware UTC: the instant of the list, and the date of the file
    check_url: str
    letterhead: tuple[Lead, ...] = ()
    place_and_date: str = ""
    addressees: tuple[str, ...] = ()  # blocks of one or more lines
    cc: tuple[str, ...] = ()
    subject_label: str = ""
    subject: str = ""
    salutation: str = ""
    closing: str = ""
    signatories_heading: str = ""
    organisations: tuple[Line, ...] = ()
    individuals: tuple[Line, ...] = ()
    form: Literal["names", "table"] = "names"  # of the organisations' list
    columns: int = 0  # of names: 1 to 3, or 0 for as many as their number asks for
    wall: tuple[Lead, ...] = ()  # signatories' logos, shown together below the list
    withheld: int | None = None  # how many names are withheld; None where the letter keeps silent
    mark: str | None = None  # such as "Proof", on every page

    @cached_property
    def shows_representatives(self) -> bool:
        """Whether any organisation names who signed for it."""
        return any(line.representative for line in self.organisations)

    def columns_for(self, lines: Sequence[Line]) -> int:
        """In how many columns these names stand."""
        return self.columns or (3 if len(lines) > 300 else 2 if len(lines) > 40 else 1)


def groups(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under their headings, in their order; one group without a heading if none has."""
    return [(heading, list(under)) for heading, under in groupby(lines, lambda line: line.group)]
