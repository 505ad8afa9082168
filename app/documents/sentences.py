"""The words a final letter adds of its own, alike in every output.

They are in the letter's language, or in English where words/ doesn't have it: call them inside
`words.writing(document.language)`.
"""

from app.documents import words
from app.documents.document import Document, Line
from app.i18n import _, format_moment, format_number, ngettext, primary

_COMMAS = {"ar": "، ", "ckb": "، ", "fa": "، ", "ps": "، ", "ur": "، ", "ja": "、", "zh": "，"}


def spoken(language: str) -> str:
    """The language these words are in: the letter's, or English where they aren't known in it."""
    return words.spoken(language)


def copies() -> str:
    """What stands before those who get a copy of the letter."""
    return _("Cc:")


def subject_label() -> str:
    return _("Re.:")


def signatories_heading() -> str:
    return _("The signatories:")


def proof() -> str:
    """The mark of a letter that isn't final yet."""
    return _("Proof")


def others() -> str:
    """The heading of those whose group isn't known."""
    return _("Others")


def table() -> str:
    """The name of a table that is wider than a telephone."""
    return _("Table")


def footnotes() -> str:
    """The name of the part that holds the footnotes."""
    return _("Footnotes")


def back_to_note(number: int) -> str:
    """The name of a footnote's link back to the text."""
    return _("Back to where note %(number)s is referred to") % {"number": format_number(number)}


def individuals_heading(document: Document) -> str:
    """Empty where the list holds one kind only and needs no telling apart."""
    return _("Individuals") if document.organisations and document.individuals else ""


def beside(line: Line, language: str) -> str:
    """What follows a signatory's name in its line."""
    role = "" if line.representative else line.role
    return _listed((role, line.affiliation, line.country, earlier(line)), language)


def earlier(line: Line) -> str:
    """Says which version was signed, if it was another than this one."""
    if line.signed_version is None:
        return ""
    return _("signed version %(number)s") % {"number": format_number(line.signed_version)}


def beneath(line: Line, language: str) -> str:
    """Who signed for an organisation, in a line of its own."""
    return _listed((line.representative, line.role), language) if line.representative else ""


def table_head(document: Document) -> tuple[str, ...]:
    """The heads of a table of organisations; the last column is there only if it has entries."""
    head = (_("Organisation"), _("Country"))
    return (*head, _("Representative")) if document.shows_representatives else head


def table_cells(line: Line, document: Document) -> tuple[str, ...]:
    """The cells of a line after its name; `earlier` and the mark of a reported line stand with
    the name."""
    cells = (line.country,)
    if not document.shows_representatives:
        return cells
    return (*cells, beneath(line, document.language))


def comma(language: str) -> str:
    return _COMMAS.get(primary(language), ", ")


def reported_note(document: Document) -> str:
    """What the mark † says; empty where no line carries it."""
    if not any(line.reported for line in (*document.organisations, *document.individuals)):
        return ""
    return _("† Reported by the organisers; not yet confirmed by the signatory.")


def withheld_note(document: Document) -> str:
    if not document.withheld:
        return ""
    return ngettext(
        "and %(number)s organisation or individual whose name is withheld for safety",
        "and %(number)s organisations and individuals whose names are withheld for their safety",
        document.withheld,
    ) % {"number": format_number(document.withheld)}


def count(document: Document) -> str:
    """How many names are listed, and when that was."""
    number = len(document.organisations) + len(document.individuals)
    return ngettext(
        "%(number)s listed signatory as of %(moment)s",
        "%(number)s listed signatories as of %(moment)s",
        number,
    ) % {"number": format_number(number), "moment": format_moment(document.as_of)}


def tally(number: int) -> str:
    """How many have signed, on the picture that links to the letter are shown with."""
    return ngettext("%(number)s signatory", "%(number)s signatories", number) % {
        "number": format_number(number)
    }


def version(document: Document) -> str:
    return _("Version %(number)s of the letter") % {"number": format_number(document.version)}


def checking() -> str:
    """What stands before the address where the document can be checked."""
    return _("Check this document at")


def check_code(document: Document) -> str:
    """The alternative text of the code that leads to the address."""
    return _("QR code that leads to %(address)s") % {"address": document.check_url}


def provenance(document: Document) -> str:
    """The foot of every page: which text this is, and of when."""
    return _("Version %(number)s · SHA-256 %(hash)s · as of %(moment)s") % {
        "number": format_number(document.version),
        "hash": f"{grouped(document.sha256[:16])}…",
        "moment": format_moment(document.as_of),
    }


def grouped(digits: str) -> str:
    """Hexadecimal digits in fours, as people compare them."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def _listed(parts: tuple[str, ...], language: str) -> str:
    return comma(language).join(part for part in parts if part)
