"""What is remarked about a text or a line before printing, and how bad it is."""

from typing import Literal, NamedTuple

from app.i18n import _
from app.signatory.signatories import Signatory

Severity = Literal["wrong", "look"]

# The worst first, which is the order they are shown in.
KINDS: dict[str, Severity] = {
    "unprintable": "wrong",
    "garbled": "wrong",
    "doubled": "wrong",
    "lookalike": "wrong",
    "capitals": "wrong",
    "stray": "wrong",
    "link": "wrong",
    "lead": "wrong",
    "unplaced": "wrong",
    "alike": "look",
    "earlier": "look",
    "reported": "look",
    "legal form": "look",
    "typography": "look",
    "small": "look",
    "shouted": "look",
    "long": "look",
    "script": "look",
    "acronym": "look",
    "role": "look",
    "logo": "look",
    "some legal forms": "look",
    "article": "look",
}


class Remark(NamedTuple):
    """About one text. `suggestion` is the text as it might stand, where that is obvious."""

    kind: str
    sentence: str
    suggestion: str = ""


class Finding(NamedTuple):
    """A remark, and where: the `text` of a `line`, or without a line the list as a whole.

    `other` is the line that this one is like.
    """

    kind: str
    sentence: str
    suggestion: str = ""
    line: Signatory | None = None
    text: str = ""
    other: Signatory | None = None

    @property
    def severity(self) -> Severity:
        return KINDS[self.kind]


def heading(kind: str) -> str:
    """What findings of a kind have in common, in the language being spoken."""
    headings = {
        "unprintable": _("Characters that can't be printed"),
        "garbled": _("Damaged characters"),
        "doubled": _("Listed twice"),
        "lookalike": _("Letters that deceive"),
        "capitals": _("All in capitals"),
        "stray": _("Stray spaces, quotes and marks"),
        "link": _("Web and e-mail addresses"),
        "lead": _("Lead organisations that are not listed"),
        "unplaced": _("No country, region or category"),
        "alike": _("Perhaps the same organisation"),
        "earlier": _("Signed an earlier version"),
        "reported": _("Reported, not confirmed"),
        "legal form": _("Legal forms spelled in different ways"),
        "typography": _("Quotation marks and dashes of different kinds"),
        "small": _("Without capitals"),
        "shouted": _("Partly in capitals"),
        "long": _("Too long for a column"),
        "script": _("In another script than the letter"),
        "acronym": _("An acronym alone"),
        "role": _("Individuals without role or affiliation"),
        "logo": _("No logo for the wall of logos"),
        "some legal forms": _("Some with legal form, some without"),
        "article": _("Sorted by an article"),
    }
    return headings[kind]
