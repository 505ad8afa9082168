"""Lists page by page: each page's last key is where the next one begins."""

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query

from app.web.api.access import Caller

After = Annotated[UUID | None, Query(description="Where the page begins; follow “next” instead.")]
Limit = Annotated[int, Query(description="How many at most.", ge=1, le=1_000)]


def next_page(
    caller: Caller, path: str, found: Sequence[Any], limit: int, **query: str
) -> str | None:
    """`found` has one more than `limit` where there is a next page."""
    if len(found) <= limit:
        return None
    following = {**query, "after": str(found[limit - 1].id), "limit": limit}
    return caller.site.settings.url(f"{path}?{urlencode(following)}")
