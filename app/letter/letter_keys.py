"""The keys of a letter file's front matter, each with the check of its value.

A check gives the value as the letter keeps it, or raises ValueError with what it must be.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app import i18n
from app.letter import letters
from app.letter.clean_text import clean_block, clean_line
from app.signatory import list_settings


def line(value: Any) -> str:
    if not isinstance(value, str | int | float):
        raise ValueError("must be one line of text")
    return clean_line(str(value))


def block(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return clean_block(value)


def blocks(value: Any) -> tuple[str, ...]:
    return tuple(block(one) for one in (value if isinstance(value, list) else [value]))


def checked_language(value: Any) -> str:
    code = str(value).replace("_", "-")
    if not i18n.known(code):
        raise ValueError(f"“{value}” is not a language code such as en, fr or pt-BR")
    language, *others = code.split("-")
    # As RFC 5646 would have it written: pt-BR, zh-Hant.
    return "-".join([language.lower(), *map(_subtag, others)])


def _subtag(part: str) -> str:
    return part.title() if len(part) == 4 else part.upper()


def _moment(value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        moment.astimezone(UTC)  # overflows at the ends of time
    except (ValueError, OverflowError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError("must be a time with its offset, such as 2026-06-12T17:00:00+02:00")
    if moment.year > letters.LATEST_YEAR:
        raise ValueError("is too far away; without it the letter has no deadline")
    return moment


def _choice(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"“{value}” is not one of {', '.join(choices)}")
        return str(value)

    return check


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _columns(value: Any) -> int:
    if value == "auto":
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 3:
        raise ValueError("must be 1, 2, 3 or auto")
    return value


def _days(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 3650:
        raise ValueError("must be a number of days from 1 to 3650")
    return value


def _names(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("must be a list of names")
    return [line(name) for name in value]


HEADING = "signatories_heading"
FRAME = (
    "letterhead",
    "place_and_date",
    "addressees",
    "cc",
    "subject",
    "salutation",
    "closing",
)
TEXT_KEYS = (
    "title",
    "language",
    "letterhead",
    "place_and_date",
    "addressees",
    "cc",
    "subject",
    "subject_label",
    "salutation",
    "closing",
    "signatories_heading",
)
SETTINGS: dict[str, Callable[[Any], Any]] = {
    "deadline": _moment,
    "soft_deadline": _moment,
    "order": _choice(*list_settings.ORDERS),
    "signatories": _names,
    "articles": _choice(*list_settings.ARTICLES),
    "leads_first": _yes_or_no,
    "grouped_by": _choice(*list_settings.GROUPINGS),
    "list_form": _choice(*list_settings.LIST_FORMS),
    "list_columns": _columns,
    "logo_wall": _yes_or_no,
    "individuals": _yes_or_no,
    "show_representatives": _yes_or_no,
    "withheld_count": _yes_or_no,
    "public_proof": _yes_or_no,
    "two_person": _yes_or_no,
    "retention_days": _days,
}
