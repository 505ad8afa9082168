"""What a form posted, read by us: FastAPI's own form models answer before the handler could show
the form again."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from app import i18n

MOST_FIELDS = 12_000
MOST_FILES = 40  # a letterhead has a field for the logo of each lead organisation
# Longer than anything that is asked for; what is longer is refused by the field's own rule.
LONGEST_VALUE = 5_000
# The fields that hold a letter's text, or a list that was pasted or is shown before it is taken in.
LONG_FIELDS = ("body", "pasted", "rows")
LONGEST_TEXT = 1_000_000


@dataclass(frozen=True)
class Posted:
    """`values` has the last text typed in each field, `lists` all of them, `files` the bytes of
    each file and `file_names` what it is called, without folders."""

    values: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    file_names: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.values.get(name, "")


async def read_form(request: Request) -> Posted:
    posted = Posted()
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                posted.files[name] = await value.read()
                posted.file_names[name] = _text(re.split(r"[/\\]", value.filename or "")[-1])
            else:
                text = _text(value, LONGEST_TEXT if name in LONG_FIELDS else LONGEST_VALUE)
                posted.values[name] = text
                posted.lists.setdefault(name, []).append(text)
    return posted


def _text(value: str, longest: int = LONGEST_VALUE) -> str:
    """A lone surrogate or NUL can neither be stored nor shown."""
    return value[:longest].replace("\x00", "").encode("utf-8", "replace").decode()


def spoken(form: Posted) -> str:
    """What the page spoke on which the form stood: somebody agreed to its words."""
    return i18n.nearest(form.get("spoken")) or i18n.language()


def key_of(typed: str) -> UUID | None:
    """The key that an address holds; None for none, and for what can't be one."""
    try:
        return UUID(typed) if typed else None
    except ValueError:
        return None


def day_of(typed: str) -> date | None:
    """The day that a field holds; None for none, and for what can't be one."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


Form = Annotated[Posted, Depends(read_form)]
