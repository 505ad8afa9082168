"""Pages opened from mails: they speak what the mail spoke, and not the browser's language.

Links in mails end at the token, so the record behind it says the language. A reader who asks for
another by `?lang=` keeps it on the way from one such page to the next.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from starlette.responses import RedirectResponse, Response

from app import i18n
from app.db import Db
from app.endorsement import endorsements
from app.endorsement.endorsements import Endorsement
from app.errors import NotFound
from app.letter.letters import Letter
from app.links import Link
from app.mailing import suppressions
from app.web import asked
from app.web.pages import page
from app.web.views import signer_view


def speaking(language: str) -> AbstractContextManager[None]:
    """Everything inside speaks `language` ("" is unknown), or what the address asks for instead."""
    return i18n.speaking(asked.language() or language or i18n.language())


@contextmanager
def opened(db: Db, purpose: str, token: str) -> Iterator[tuple[Link, Endorsement, Letter]]:
    """What a signer's link is about, in the language of the mail; raises NotFound."""
    link, endorsement, letter = endorsements.by_link(db, purpose, token)
    with speaking(endorsements.mail_language(endorsement)):
        yield link, endorsement, letter


def to(path: str) -> Response:
    """The way on to another page behind the same link."""
    return RedirectResponse(path + asked.query(), status_code=303)


def withdrawn(db: Db, endorsement: Endorsement, letter: Letter, code: int = 200) -> Response:
    """The page of a signature that was withdrawn, or of a request that was refused: nothing is left
    to be done, and it shows no personal data."""
    is_refused = suppressions.covers(db, [endorsement.mailbox], letter.id)
    template = "confirm/refused.html" if is_refused else "manage/withdrawn.html"
    view = signer_view(letter, endorsement, db.now)
    return page(template, code=code, letter=view, visibility=endorsement.visibility)


def unknown(refusal: NotFound) -> Response:
    """Nothing says whose link it was meant to be: the browser's language counts."""
    return page("confirm/unknown.html", code=404, letter=None, reason=refusal.sentence)
