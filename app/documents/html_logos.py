"""Logos in HTML: inside the file, and of a size at which they weigh alike to the eye."""

import base64
import io
from collections.abc import Sequence
from math import ceil, sqrt
from typing import Any

from app.documents.document import Lead

MOST_IN_ROW = 6  # logos; names set in type are wider
MOST_WITH_NAMES = 4
LARGEST = (235, 90)  # pixels, of a logo in the letterhead
WALL_AREA, LARGEST_ON_WALL = 3_000, (120, 60)


def letterhead(leads: Sequence[Lead]) -> list[list[dict[str, Any]]]:
    """Rows of leads in their order, none much shorter than another."""
    if not leads:
        return []
    most = MOST_IN_ROW if all(lead.logo for lead in leads) else MOST_WITH_NAMES
    length = ceil(len(leads) / ceil(len(leads) / most))
    shown = [_shown(lead, _area(len(leads)), LARGEST) for lead in leads]
    return [shown[at : at + length] for at in range(0, len(shown), length)]


def wall(leads: Sequence[Lead]) -> list[dict[str, Any]]:
    return [_shown(lead, WALL_AREA, LARGEST_ON_WALL) for lead in leads]


def data_url(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _area(count: int) -> int:
    """Square pixels of each logo: they weigh alike when they cover the same area."""
    return 8_500 if count == 1 else 6_500 if count <= 4 else 4_200


def _shown(lead: Lead, area: int, largest: tuple[int, int]) -> dict[str, Any]:
    facts = {"name": lead.name, "local_name": lead.local_name, "logo": None}
    return facts if lead.logo is None else facts | {"logo": _logo(lead.logo, area, largest)}


def _logo(content: bytes, area: int, largest: tuple[int, int]) -> dict[str, Any]:
    from PIL import Image  # takes 50 ms, and the public page needs the body only

    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
        (width, height), kind = image.size, image.get_format_mimetype() or ""
    # Very wide and very high ones are held back.
    scale = min(sqrt(area / (width * height)), largest[0] / width, largest[1] / height)
    return {
        "url": data_url(content, kind),
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }
