"""Share images: the picture of a letter as networks show it, drawn once for each of its contents.

Whoever asks waits for a drawing without holding anything else up: one thread draws, one card after
the other, in the process with limits that documents are made in.
"""

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from urllib.parse import urlsplit

from app import logos
from app.db import Db
from app.documents.card import MOST_LEADS, Card
from app.documents.document import Lead
from app.documents.press import Press
from app.letter.letters import Letter
from app.letter.versions import Version
from app.settings import Settings
from app.signatory.signatories import Listing

MOST_KEPT = 100  # 150 kB each at most


def of(db: Db, letter: Letter, listing: Listing, asked: str = "") -> Card:
    """The letter's card for readers of a language: in the nearest that it can be read in."""
    language = letter.readable_in(asked)
    leads = db.get_one(Version, letter.version_id).text(language).letterhead[:MOST_LEADS]
    return Card(
        language=language,
        title=letter.title_in(language),
        signatories=listing.count["total"],
        site=urlsplit(db.settings.base_url).netloc,
        leads=tuple(Lead(lead.name, logo=_logo(db.settings, lead.logo)) for lead in leads),
    )


class Cards:
    """Those this process has drawn, and the thread that draws them."""

    def __init__(self) -> None:
        self._press = Press()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cards")
        self._known: OrderedDict[str, Future[bytes]] = OrderedDict()
        self._changing = threading.Lock()

    def drawn(self, card: Card) -> Future[bytes]:
        """The card as PNG; who asks for the same meanwhile waits for the same drawing."""
        with self._changing:
            known = self._known.get(card.digest)
            if known and not (known.done() and known.exception()):
                self._known.move_to_end(card.digest)
                return known
            drawing = self._known[card.digest] = self._thread.submit(self._press.draw, card)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return drawing

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._press.stop()


def _logo(settings: Settings, name: str) -> bytes | None:
    path = logos.path(settings.logos_dir, name) if name else None
    return path.read_bytes() if path else None
