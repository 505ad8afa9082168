"""The API for organisers' programs: its routes, and the page that describes them."""

from fastapi.exceptions import RequestValidationError

from app.web.api import docs, endorsements, invitations, letters

ROUTERS = (letters, endorsements, invitations, docs)


def sentence(error: RequestValidationError) -> str:
    """What of a call can't be taken; the values sent are not echoed."""
    return " ".join(
        f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}." for one in error.errors()
    )
