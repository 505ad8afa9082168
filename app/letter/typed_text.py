"""A text of a letter as it is typed into a form: numbered rows where there may be several.

Rows are named by their part and a number: `addressee_1`, `copy_1`, and for a lead organisation
`lead_name_1`, `lead_local_name_1`, `lead_logo_1` (a kept picture), `lead_place_1`.
"""

import re
from collections.abc import Callable, Mapping

from app.documents import markdown, targets
from app.errors import DomainError, Refused
from app.i18n import _, format_number
from app.letter import writing
from app.letter.clean_text import clean, clean_block, clean_line
from app.letter.versions import Lead, Text
from app.signatory import positions

LINES = ("title", "place_and_date", "subject_label", "subject", "salutation", "signatories_heading")
# What can have several rows, by the field that each of them has.
ROWS = {"lead": "lead_name", "addressee": "addressee", "copy": "copy"}
MOST_ROWS = 30
LONGEST_LINE = 300  # characters
LONGEST_BLOCK = 2_000

Values = Mapping[str, str]


class TextRefused(DomainError):
    """Some fields can't be taken; `errors` has a sentence for each."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some fields need another look."))
        self.errors = errors


def values(text: Text) -> dict[str, str]:
    """What the form's fields hold for a text, with an empty row after those there are."""
    typed = {name: getattr(text, name) for name in (*LINES, "closing", "body")}
    typed |= _numbered("addressee", text.addressees)
    typed |= _numbered("copy", text.cc)
    typed |= _numbered("lead_name", [lead.name for lead in text.letterhead])
    for number, lead in enumerate(text.letterhead, start=1):
        typed[f"lead_local_name_{number}"] = lead.local_name
        typed[f"lead_logo_{number}"] = lead.logo
    return typed


def rows(typed: Values, part: str) -> list[int]:
    """The numbers of the rows that a part has."""
    found = re.findall(rf"(?:^|\n){ROWS[part]}_(\d{{1,3}})(?=\n|$)", "\n".join(typed))
    return list(range(1, min(max(map(int, found), default=1), MOST_ROWS) + 1))


def read(typed: Values, language: str, sha256_of: Callable[[str], str]) -> Text:
    """The text as it stands, wrong or unfinished as it may be; `sha256_of` gives the digest of a
    kept logo, "" if there is none of that name."""
    lines = {name: clean_line(typed.get(name, "")) for name in LINES}
    label, heading = writing.standing(language)
    return Text(
        language=language,
        body=clean(typed.get("body", "")).strip("\n").rstrip() + "\n",
        letterhead=_leads(typed, sha256_of),
        addressees=_blocks(typed, "addressee"),
        cc=_blocks(typed, "copy"),
        closing=clean_block(typed.get("closing", "")),
        **{
            **lines,
            "subject_label": lines["subject_label"] or label,
            "signatories_heading": lines["signatories_heading"] or heading,
        },
    )


def checked(typed: Values, text: Text) -> Text:
    """The text that was read of what was typed, or TextRefused with every error at once."""
    if errors := {**_missing(text), **_nameless(typed), **_too_long(typed), **_unreadable(text)}:
        raise TextRefused(errors)
    return text


def doubts(text: Text) -> list[str]:
    """Sentences about what readers may not see as it was meant."""
    lost: list[str] = []
    return targets.doubts(markdown.parse(text.body, lost=lost), lost)


def _numbered(field: str, lines: tuple[str, ...] | list[str]) -> dict[str, str]:
    return {f"{field}_{n}": line for n, line in enumerate((*lines, ""), start=1)}


def _blocks(typed: Values, part: str) -> tuple[str, ...]:
    blocks = (clean_block(typed.get(f"{part}_{number}", "")) for number in rows(typed, part))
    return tuple(filter(None, blocks))


def _leads(typed: Values, sha256_of: Callable[[str], str]) -> tuple[Lead, ...]:
    numbers = rows(typed, "lead")
    order = positions.as_typed([typed.get(f"lead_place_{number}", "") for number in numbers])
    found = (_lead(typed, numbers[index], sha256_of) for index in order)
    return tuple(lead for lead in found if lead.name)


def _lead(typed: Values, number: int, sha256_of: Callable[[str], str]) -> Lead:
    logo = "" if typed.get(f"lead_no_logo_{number}") else typed.get(f"lead_logo_{number}", "")
    sha256 = sha256_of(logo) if logo else ""
    return Lead(
        name=clean_line(typed.get(f"lead_name_{number}", "")),
        local_name=clean_line(typed.get(f"lead_local_name_{number}", "")),
        logo=logo if sha256 else "",
        logo_sha256=sha256,
    )


def _missing(text: Text) -> dict[str, str]:
    errors = {}
    try:
        writing.must_be_mailable(text.title)
    except Refused as refused:
        errors["title"] = refused.sentence
    if not text.title:
        errors["title"] = _("Give the letter a title.")
    if not text.body.strip():
        errors["body"] = _("The letter has no text yet.")
    return errors


def _nameless(typed: Values) -> dict[str, str]:
    return {
        f"lead_name_{number}": _("Name the organisation: not everybody sees the logo.")
        for number in rows(typed, "lead")
        if not typed.get(f"lead_name_{number}", "").strip()
        and (typed.get(f"lead_local_name_{number}", "").strip() or typed.get(f"lead_logo_{number}"))
    }


def _too_long(typed: Values) -> dict[str, str]:
    return {
        field: _("At most %(number)s characters, please.") % {"number": format_number(longest)}
        for field, text in typed.items()
        if (longest := _longest(field)) and len(text.strip()) > longest
    }


def _longest(field: str) -> int:
    if field in LINES or field.startswith(("lead_name_", "lead_local_name_")):
        return LONGEST_LINE
    return LONGEST_BLOCK if field == "closing" or field.startswith(("addressee_", "copy_")) else 0


def _unreadable(text: Text) -> dict[str, str]:
    try:
        markdown.parse(text.body)
    except Refused as refused:
        return {"body": refused.sentence}
    return {}
