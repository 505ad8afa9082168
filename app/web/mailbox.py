"""The local mailbox: mails that would have left, for trying things out on one's own machine."""

import re
from datetime import UTC
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from app.errors import NotFound
from app.i18n import _
from app.mailing import flowed
from app.settings import LOOPBACK_NAMES
from app.web.pages import page
from app.web.site import Serving, Site

router = APIRouter()

MOST_SHOWN = 200
NAME = re.compile(r"[0-9a-f]{32}")
LINK = re.compile(r"(https?://\S+)")


@router.get("/mailbox")
def mailbox(request: Request, site: Serving) -> Response:
    folder = _folder(request, site)
    # Names begin with the time (UUIDv7), so the newest are the last.
    names = sorted((path.stem for path in folder.glob("[0-9a-f]*.eml")), reverse=True)
    mails = [_view(folder, name) for name in names[:MOST_SHOWN]]
    return page("mailbox/mailbox.html", mails=mails)


@router.get("/mailbox/{name}")
def mail(request: Request, name: str, site: Serving) -> Response:
    return page("mailbox/mail.html", mail=_view(_folder(request, site), name))


@router.get("/mailbox/{name}/html")
def mail_html(request: Request, name: str, site: Serving) -> Response:
    html = _read(_folder(request, site), name).get_body(("html",))
    if html is None:
        raise NotFound(_("There is no such mail."))
    # A mail brings its own style and must not do anything else.
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"
    headers = {"content-security-policy": policy, "cache-control": "no-store"}
    return HTMLResponse(html.get_content(), headers=headers)


def _folder(request: Request, site: Site) -> Path:
    """The mailbox is for this machine alone, and not there behind a proxy."""
    is_here = request.scope["visitor"] in LOOPBACK_NAMES and not request.scope["forwarded"]
    if site.settings.smtp_url != "mailbox:" or not is_here:
        raise NotFound(_("There is nothing at this address."))
    return site.settings.mailbox_dir


def _view(folder: Path, name: str) -> SimpleNamespace:
    message = _read(folder, name)
    text = message.get_body(("plain",))
    words = flowed.unflow(text.get_content()) if text else ""
    return SimpleNamespace(
        id=name,
        to=str(message["To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        sent_at=message["Date"].datetime.astimezone(UTC),
        text_parts=[(part, bool(LINK.fullmatch(part))) for part in LINK.split(words) if part],
        has_html=message.get_body(("html",)) is not None,
        html_url=f"/mailbox/{name}/html",
    )


def _read(folder: Path, name: str) -> EmailMessage:
    path = folder / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound(_("There is no such mail."))
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message
