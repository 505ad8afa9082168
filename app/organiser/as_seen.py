"""What people had before their eyes when they pressed, as digests.

So nobody decides on, or confirms, something else than they saw.
"""

import hashlib
from typing import Any

import orjson

from app.db import Db
from app.endorsement.endorsement_states import overtaken
from app.endorsement.endorsements import Endorsement, locked
from app.errors import Conflict
from app.i18n import _


def shown(version_sha256: str, signer: Any) -> str:
    """A digest of what a signer is shown and confirms: the version, in the language they read it
    in, and their own line.

    `signer` is anything with an endorsement's fields.
    """
    line = ("kind", "organisation", "name", "role", "country", "website", "visibility", "logo")
    fields = (*line, "language")
    parts = [version_sha256, *(getattr(signer, field) for field in fields)]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def seen(endorsement: Endorsement) -> str:
    """What an organiser sees and decides on: the status, a digest of the signer's line, and what it
    was merged into, if it was."""
    line = f"{endorsement.status}.{shown('', endorsement)}"
    return f"{line}.{endorsement.merged_into}" if endorsement.merged_into else line


def must_be_as_seen(db: Db, endorsement: Endorsement, seen_before: str) -> None:
    """Raises Conflict if a page that was open shows another status or line; "" says nothing."""
    locked(db, endorsement)
    if not seen_before or seen_before == seen(endorsement):
        return
    status, _dot, line = seen_before.partition(".")
    if status != endorsement.status:
        raise overtaken(endorsement)
    if line.partition(".")[2] != str(endorsement.merged_into or ""):
        raise Conflict(
            _(
                "This endorsement was merged into another line since you opened the page, or is no "
                "longer. Please look at it again."
            )
        )
    raise Conflict(
        _("The signer has changed this line since you opened the page. Please look at it again.")
    )
