"""Cells that a spreadsheet shows as they are, whatever they begin with."""

from datetime import date

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: str | int | bool | date) -> str:
    """The value as text; one that would be a formula gets an apostrophe before it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return "'" + text if text.startswith(_FORMULA) else text
