"""The lines of a text part: short ones, which programs that know how join and break to their own
width again (RFC 3676, `format=flowed`). Addresses stay whole on their line."""

import re
from collections.abc import Iterator
from textwrap import TextWrapper

# RFC 3676, 4.2: shorter than 79, with the sign that says that a line goes on.
WIDTH = 72
SIGNATURE = "-- "
QUOTED = "> "
# A line that begins so would be read as quoted, or as another mail's start: a space before it is
# taken away again.
_STUFFED = re.compile(r" |>|From ")


def flow(text: str) -> str:
    """What people are quoted with begins with QUOTED, each line of it."""
    return "\n".join(line for one in text.split("\n") for line in _lines(one))


def unflow(text: str) -> str:
    """What was flowed, a paragraph a line; its lines may end as they do on the way (CRLF)."""
    joined: list[str] = []
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        words = line.removeprefix(" ")
        if goes_on:
            joined[-1] += words if line.startswith(" ") else line.removeprefix(QUOTED)
        else:
            joined.append(words)
        goes_on = line.endswith(" ") and line != SIGNATURE
    return "\n".join(joined)


def _lines(line: str) -> Iterator[str]:
    if line in (SIGNATURE, QUOTED.rstrip()):
        yield line
        return
    mark = QUOTED if line.startswith(QUOTED) else ""
    wrapper = TextWrapper(WIDTH - len(mark), break_long_words=False, break_on_hyphens=False)
    wrapper.expand_tabs = wrapper.replace_whitespace = False
    parts = wrapper.wrap(line.removeprefix(mark)) or [""]
    for number, part in enumerate(parts, start=1):
        stuffing = mark or (" " if _STUFFED.match(part) else "")
        yield stuffing + part + (" " if number < len(parts) else "")
