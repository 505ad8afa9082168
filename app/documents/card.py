"""The picture that links to a letter are shown with: 1200 × 630 pixels, drawn by Typst.

The same card gives the same bytes with the same fonts.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.documents import sentences, typography, words
from app.documents.document import Lead
from app.i18n import direction

SIZE = (1200, 630)
MOST_LEADS = 6
# Networks leave larger pictures out, or show them late.
MOST_BYTES = 150_000
TEMPLATES = Path(__file__).parents[2] / "templates" / "document"


@dataclass(frozen=True)
class Card:
    """`site` is the host that the letter is read at; `signatories` are the listed ones."""

    language: str
    title: str
    signatories: int
    site: str
    leads: tuple[Lead, ...] = ()

    @property
    def digest(self) -> str:
        """Differs when what is drawn does."""
        logos = [hashlib.sha256(lead.logo or b"").hexdigest() for lead in self.leads]
        names = [lead.name for lead in self.leads]
        drawn = [self.language, self.title, self.signatories, self.site, names, logos]
        return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:12]

    @property
    def tally(self) -> str:
        """How many have signed, in the letter's language; empty while nobody has."""
        with words.writing(self.language):
            return sentences.tally(self.signatories) if self.signatories else ""


def render(card: Card) -> bytes:
    """The card as PNG. A logo that can't be drawn is left out, and the name set in type."""
    from app.documents.typesetting import Refusal  # brings Typst

    try:
        return _small(_drawn(card))
    except Refusal:
        sound = _with_sound_logos(card)
        if sound == card:
            raise
        return _small(_drawn(sound))


def _drawn(card: Card) -> bytes:
    from app.documents.typesetting import draw

    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "card.typ").write_bytes((TEMPLATES / "card.typ").read_bytes())
        facts = json.dumps(_facts(card, root), ensure_ascii=False)
        (root / "card.json").write_text(facts, encoding="utf-8")
        return draw(root)


def _facts(card: Card, root: Path) -> dict[str, Any]:
    """What templates/document/card.typ reads; the logos are put beside it."""
    from app.documents import fonts

    leads = card.leads[:MOST_LEADS]
    return {
        "language": card.language.replace("_", "-").partition("-")[0].lower(),
        "direction": direction(card.language),
        "families": fonts.families(card.language, "\n".join(_texts(card))),
        "leading": typography.leading(card.language),
        "title": card.title,
        "tally": card.tally,
        "spoken": direction(sentences.spoken(card.language)),
        "site": card.site,
        "leads": [_lead(lead, root / f"logo-{place}") for place, lead in enumerate(leads)],
    }


def _lead(lead: Lead, path: Path) -> dict[str, str]:
    if lead.logo is not None:
        path.write_bytes(lead.logo)
    return {"name": lead.name, "logo": f"/{path.name}" if lead.logo is not None else ""}


def _texts(card: Card) -> Iterator[str]:
    yield from (card.title, card.tally, card.site)
    yield from (lead.name for lead in card.leads)


def _with_sound_logos(card: Card) -> Card:
    from app.documents import pictures

    leads = tuple(
        lead if lead.logo is None or pictures.printable(lead.logo) else replace(lead, logo=None)
        for lead in card.leads
    )
    return replace(card, leads=leads)


def _small(drawn: bytes) -> bytes:
    """The same picture without transparency, and in 256 colours if it would weigh too much."""
    from PIL import Image

    with Image.open(BytesIO(drawn), formats=("PNG",)) as picture:
        plain = picture.convert("RGB")
    for image in (plain, plain.quantize(256)):
        png = BytesIO()
        image.save(png, "PNG", optimize=True)
        if png.tell() <= MOST_BYTES:
            break
    return png.getvalue()
