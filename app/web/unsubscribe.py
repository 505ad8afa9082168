"""No more messages about a letter: the page behind the link in each, and the button of mail
programs, which posts to the same address without opening it (RFC 8058)."""

from fastapi import APIRouter
from starlette.responses import Response

from app import links
from app.errors import NotFound
from app.message import message_mails
from app.web import mailed
from app.web.pages import page
from app.web.site import Serving
from app.web.views import signer_view

router = APIRouter()


@router.get("/unsubscribe/{token}")
def unsubscribe_page(token: str, site: Serving) -> Response:
    try:
        with site.database.read() as db, mailed.opened(db, links.MESSAGES, token) as signer:
            _link, endorsement, letter = signer
            view = signer_view(letter, endorsement, db.now)
            return page("confirm/unsubscribe.html", letter=view, token=token, is_done=False)
    except NotFound as unknown:
        return mailed.unknown(unknown)


@router.post("/unsubscribe/{token}")
def unsubscribe(token: str, site: Serving) -> Response:
    """The page itself and no redirect: programs that post here follow none."""
    try:
        with site.database.write() as db, mailed.opened(db, links.MESSAGES, token) as signer:
            _link, endorsement, letter = signer
            message_mails.unsubscribe(db, endorsement, letter)
            view = signer_view(letter, endorsement, db.now)
            return page("confirm/unsubscribe.html", letter=view, token=token, is_done=True)
    except NotFound as unknown:
        return mailed.unknown(unknown)
