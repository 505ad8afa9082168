"""Logos in HTML: inside the file, with their sizes in pixels."""

import base64
import io
from collections.abc import Sequence
from typing import Any

from app.documents import logo_sizes
from app.documents.document import Lead

WALL_AREA, LARGEST_ON_WALL = 210, (32, 16)  # mm² and mm


def letterhead(leads: Sequence[Lead]) -> list[list[dict[str, Any]]]:
    """The rows of leads."""
    area = logo_sizes.area(len(leads))
    return [
        [_shown(lead, area, logo_sizes.LARGEST) for lead in row] for row in logo_sizes.rows(leads)
    ]


def wall(leads: Sequence[Lead]) -> list[dict[str, Any]]:
    return [_shown(lead, WALL_AREA, LARGEST_ON_WALL) for lead in leads]


def data_url(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def _shown(lead: Lead, area: int, largest: tuple[int, int]) -> dict[str, Any]:
    facts = {"name": lead.name, "local_name": lead.local_name, "logo": None}
    return facts if lead.logo is None else facts | {"logo": _logo(lead.logo, area, largest)}


def _logo(content: bytes, area: int, largest: tuple[int, int]) -> dict[str, Any]:
    from PIL import Image  # takes 50 ms, and the public page needs the body only

    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
        size, kind = image.size, image.get_format_mimetype() or ""
    width, height = logo_sizes.pixels(logo_sizes.fitted(size, area, largest))
    return {"url": data_url(content, kind), "width": width, "height": height}
