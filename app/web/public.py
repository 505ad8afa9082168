"""Public pages: the letters open for signature, a letter, and signing it."""

from datetime import UTC, datetime
from email.utils import parseaddr
from types import SimpleNamespace
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from app import i18n, throttle
from app.documents.card import SIZE
from app.errors import Conflict, DomainError
from app.letter import letters
from app.letter.letters import Letter
from app.name import countries
from app.rendering import render
from app.signatory import cards
from app.signer import submissions
from app.signer.consent import wording
from app.signer.signing import SignOn
from app.signer.submissions import SubmissionRefused
from app.web import headers, oembed
from app.web.described import described
from app.web.encoded import Body
from app.web.forms import Posted, read_form, spoken
from app.web.pages import page
from app.web.share import share_view
from app.web.shelf import Page, query_of
from app.web.site import Serving, Site, site_of
from app.web.views import form_view, letter_view, listing_view, query, text_view

router = APIRouter()

FIRST_LINES = 100
EMPTY_FORM = {"kind": "organisation", "visibility": "public"}


@router.get("/letters/{slug}")
def letter_page(request: Request, slug: str, site: Serving, lang: str = "") -> Response:
    def make(shown: Page) -> Body:
        html = render("public/letter.html", **_letter_context(shown, site))
        return Body(html.encode(), "text/html; charset=utf-8")

    known = query_of(request, lang=lang)
    return site.shelf.answer(
        request, slug, make, headers.page(site.settings), query=known, asked=lang
    )


async def sign(request: Request) -> Response:
    """A plain route: finding out what a handler of FastAPI wants takes as long as entering it."""
    slug, site = request.path_params["slug"], site_of(request)
    form = await read_form(request)
    asked = request.query_params.get("lang", "")
    try:
        letter = await _sign(request, slug, form, site)
    except SubmissionRefused as refused:
        return await run_in_threadpool(
            _form_again, site, slug, asked, form, refused, refused.errors
        )
    except Conflict as conflict:
        return await run_in_threadpool(_form_again, site, slug, asked, form, conflict, {})
    site.wake_worker()
    following = query(letter, _asked(letter, asked, form))
    return RedirectResponse(f"/letters/{slug}/check-your-inbox{following}", status_code=303)


@router.get("/letters/{slug}/endorsements")
def form_page(request: Request, slug: str) -> Response:
    """A reopened tab or a copied address of a form that was refused, also in another language: the
    form is on the letter."""
    asked = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/letters/{quote(slug)}{asked}#sign", status_code=303)


@router.get("/letters/{slug}/check-your-inbox")
def check_your_inbox(slug: str, site: Serving, lang: str = "", invited: str = "") -> Response:
    """`invited` are those who came by a personal link: their address was known."""
    with site.database.read() as db:
        letter = letters.public(db, slug)
        view = letter_view(letter, db.now, lang)
        _name, sender = parseaddr(site.settings.mail_from)
        was_invited = invited == "yes"
        return page(
            "public/check_your_inbox.html", letter=view, was_invited=was_invited, sender=sender
        )


@router.get("/")
def home(site: Serving, lang: str = "") -> Response:
    with site.database.read() as db:
        found, shown = letters.open_for_signature(db), []
        numbers = site.tallies.of(db, found)
        for letter in found:
            view = letter_view(letter, db.now, lang)
            view.count_total = numbers[letter.id]
            shown.append(view)
        return page("public/home.html", letters=shown)


@router.get("/privacy")
def privacy(site: Serving) -> Response:
    return page("public/privacy.html", controller=site.settings.controller or None)


async def _sign(request: Request, slug: str, form: Posted, site: Site) -> Letter:
    letter = await site.letter(slug)
    letter.must_be_signable(datetime.now(UTC))
    submissions.must_be_current(letter, form.get("version"))
    submission = submissions.checked(form.values, letter, allow_special=site.settings.is_loopback)
    sign_on = SignOn(
        submission,
        letter.sha256,
        # A language that the letter hasn't can't be what was read, and no signer typed it: they
        # are shown the original before they confirm.
        letter.readable_in(form.get("language")),
        wording(spoken(form)),
        network=throttle.network(request.scope["visitor"]),
        logo=await run_in_threadpool(_kept_logo, form, site) if form.files else "",
        spoken=spoken(form),
    )
    if not await site.signing.enter(slug, sign_on):
        # Since it was read above: closed, which says so itself, or written anew.
        site.letters.pop(slug, None)
        (await site.letter(slug)).must_be_signable(datetime.now(UTC))
        raise submissions.text_changed()
    return letter


def _asked(letter: Letter, asked: str, form: Posted) -> str:
    """The language to go on in: what was asked for, as far as the letter was read in it."""
    read = letter.readable_in(form.get("language") or asked)
    return asked if letter.readable_in(asked) == read else read


def _kept_logo(form: Posted, site: Site) -> str:
    upload = form.files.get("logo")
    if not upload or form.get("kind") == "individual":
        return ""
    return submissions.kept_logo(site.settings.logos_dir, upload)


def _form_again(
    site: Site, slug: str, asked: str, form: Posted, refusal: DomainError, errors: dict[str, str]
) -> Response:
    """The page with what was typed, a sentence at each field, and the refusal's status."""
    with site.database.read() as db:
        letter = letters.public(db, slug)
        shown = site.shelf.page(db, letter, _asked(letter, asked, form))
        context = _letter_context(shown, site)
        context["form"] = form_view({**EMPTY_FORM, **form.values}, errors)
        context["notice"] = None if errors else refusal.sentence
        return page("public/letter.html", code=refusal.status, **context)


def _letter_context(shown: Page, site: Site) -> dict[str, object]:
    letter, listing = shown.letter, shown.listing
    view = letter_view(letter, shown.db.now, shown.asked)
    text, card = text_view(shown.db, letter, shown.asked), _card(shown, site)
    to_programs = described(site.settings, letter, view, text, card)
    return {
        "letter": view,
        "text": text,
        "described": to_programs,
        "share": share_view(view.title, to_programs.url),
        "home": site.settings.url(letter.path),
        "feed_url": f"{letter.path}/signatories.atom{query(letter, shown.asked)}",
        "oembed_urls": {
            format_: oembed.address(site.settings, letter, format_, shown.asked)
            for format_ in oembed.FORMATS
        },
        "listing": listing_view(listing, listing.all[:FIRST_LINES], revision=shown.revision),
        "form": form_view(EMPTY_FORM),
        "consent": wording(i18n.language()),
        "countries": countries.choices(i18n.language()),
        "live_url": f"{letter.path}/live",
        "card": card,
        "notice": None,
    }


def _card(shown: Page, site: Site) -> SimpleNamespace:
    """The share image: its address names its content, so that networks fetch it anew."""
    letter = shown.letter
    card = cards.of(shown.db, letter, shown.listing, shown.asked)
    is_translation = card.language != letter.language
    named = {"lang": card.language} if is_translation else {}
    query = urlencode({**named, "v": card.digest})
    width, height = SIZE
    return SimpleNamespace(
        url=site.settings.url(f"{letter.path}/card.png?{query}"),
        width=width,
        height=height,
        alt=" · ".join(filter(None, (card.title, card.tally))),
    )
