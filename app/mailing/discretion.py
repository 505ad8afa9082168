"""What a locked screen shows of a mail about a confidential signature: not which letter it is, and
not that anything was signed. The mail itself says all of it."""

from app.i18n import _

# Mail programs fill the line beside the subject with whatever follows, some with 512 signs of the
# text part. These have hardly a width, and no program takes them for blanks to be joined.
FILLER = "\u034f\u200c\u00a0" * 180


def subject(name: str) -> str:
    """The subject of the mail `name`, which says what to do where something is to be done."""
    match name:
        case "confirm":
            return _("Review and confirm")
        case "reported":
            return _("Confirm, correct or refuse")
        case "question":
            return _("A question about an open letter")
        case _other:
            return _("News about an open letter")


def beginning() -> str:
    """What the mail begins with, for programs that show its first lines."""
    return _(
        "This mail is about an open letter. What it says stands further down, so that a locked"
        " screen does not show it."
    )
