"""How large logos stand, in mm, and how many side by side: alike in every output."""

from collections.abc import Sequence
from math import ceil, sqrt

from app.documents.document import Lead

LARGEST = (62, 24)  # width and height, in the letterhead
MOST_IN_ROW = 6
MOST_WITH_NAMES = 4  # names set in type are wider


def rows(leads: Sequence[Lead]) -> list[Sequence[Lead]]:
    """The rows of a letterhead, in its order, none much shorter than another."""
    if not leads:
        return []
    most = MOST_IN_ROW if all(lead.logo for lead in leads) else MOST_WITH_NAMES
    length = ceil(len(leads) / ceil(len(leads) / most))
    return [leads[at : at + length] for at in range(0, len(leads), length)]


def area(count: int) -> int:
    """Square millimetres of each of so many logos: what covers the same area weighs alike."""
    return 600 if count == 1 else 480 if count <= 4 else 300


def fitted(
    size: tuple[int, int], area: float, largest: tuple[int, int] = LARGEST
) -> tuple[float, float]:
    """Width and height of a picture at that area; very wide and very high ones are held back."""
    width, height = size
    scale = min(sqrt(area / (width * height)), largest[0] / width, largest[1] / height)
    return width * scale, height * scale


PER_MM = 96 / 25.4  # pixels of CSS


def pixels(size: tuple[float, float]) -> tuple[int, int]:
    """A width and height in mm as whole pixels of a page."""
    width, height = size
    return max(1, round(width * PER_MM)), max(1, round(height * PER_MM))
