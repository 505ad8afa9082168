"""The letter's documents at the desk: which are ready, which are being made, and making them."""

from types import SimpleNamespace

from fastapi import APIRouter
from starlette.responses import JSONResponse, RedirectResponse, Response

from app import i18n
from app.documents.press import OUTPUTS, Output
from app.i18n import _
from app.letter import versions
from app.letter.letters import Letter
from app.organiser import organisers, roles
from app.signatory.renditions import Rendition, Renditions, Wanted
from app.web.desk.access import AtDesk
from app.web.forms import Form
from app.web.views import letter_view

router = APIRouter()

DOCUMENTS = "/desk/letters/{slug}/documents"


@router.get(DOCUMENTS)
def documents_page(slug: str, desk: AtDesk) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        return desk.page(
            "desk/documents.html",
            db,
            organiser,
            letter=letter_view(letter, db.now),
            documents=_views(letter, desk.site.renditions),
            outdated=versions.outdated(db, letter.id),
            states_url=f"/desk/letters/{slug}/documents/states",
        )


@router.get(DOCUMENTS + "/states")
def documents_states(slug: str, desk: AtDesk) -> Response:
    """The same for the page's script, which asks until everything is made."""
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
    views = _views(letter, desk.site.renditions)
    facts = {view.key: {"state": view.state, "sentence": view.sentence} for view in views}
    return JSONResponse(facts, headers={"cache-control": "no-store"})


@router.post(DOCUMENTS)
def make_documents(slug: str, form: Form, desk: AtDesk) -> Response:
    with desk.writing(form) as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug, roles.EDIT)
    for language in letter.languages:
        for output in OUTPUTS:
            desk.site.renditions.ask(_wanted(letter, language, output), again=True)
    return RedirectResponse(f"/desk/letters/{slug}/documents", status_code=303)


def _wanted(letter: Letter, language: str, output: Output) -> Wanted:
    return Wanted(letter.id, letter.revision, language, output)


def _views(letter: Letter, renditions: Renditions) -> list[SimpleNamespace]:
    return [
        _view(letter, language, output, renditions.known(_wanted(letter, language, output)))
        for language in letter.languages
        for output in OUTPUTS
    ]


def _view(
    letter: Letter, language: str, output: Output, rendition: Rendition | None
) -> SimpleNamespace:
    names = {"pdf": _("PDF, to print and to send"), "docx": _("Word"), "html": _("Web page")}
    return SimpleNamespace(
        key=f"{language}.{output}",
        language=language,
        language_name=i18n.language_name(language),
        name=names[output],
        url=f"{letter.path}/letter.{output}?lang={language}",
        state=rendition.state if rendition else "none",
        sentence=_sentence(rendition),
    )


def _sentence(rendition: Rendition | None) -> str:
    if rendition is None:
        return _("Not made yet for the list as it stands.")
    if rendition.state == "ready":
        size = i18n.format_number(-(-rendition.size // 1000))
        return _("Ready (%(size)s kB).") % {"size": size}
    if rendition.refusal:
        return rendition.refusal.sentence
    if rendition.state == "making":
        return _("Being made …")
    return _("Waits for its turn …")
