"""The embed builder: choices in a form, the code they make, and how it looks."""

from types import SimpleNamespace

from fastapi import APIRouter
from starlette.responses import Response

from app import i18n
from app.i18n import _, format_number
from app.letter.letters import Letter
from app.organiser import organisers
from app.settings import Settings
from app.web.desk.access import AtDesk
from app.web.looks import MOST_LINES, Look, element_code, frame_code
from app.web.views import form_view, letter_view, query

router = APIRouter()

SHOWN = ("frame", "element", "oembed")
KINDS = (*SHOWN, "json", "csv", "atom")


@router.get("/desk/letters/{slug}/embed")
def embed_page(
    slug: str,
    desk: AtDesk,
    kind: str = "",
    theme: str = "",
    layout: str = "",
    limit: str = "",
    language: str = "",
) -> Response:
    with desk.reading() as (db, organiser):
        letter = organisers.letter_of(db, organiser, slug)
        languages = _languages(letter)
        chosen = language if language in languages else ""
        kind, look = kind if kind in KINDS else KINDS[0], Look.of(theme, layout, limit, chosen)
        values = {"kind": kind, "theme": look.theme, "layout": look.layout, "language": chosen}
        wrong = _wrong(kind, limit.strip(), look)
        return desk.page(
            "desk/embed.html",
            db,
            organiser,
            code=422 if wrong else 200,
            letter=letter_view(letter, db.now),
            is_public=letter.is_public,
            form=form_view({**values, "limit": limit if wrong else str(look.limit)}, wrong),
            most_lines=MOST_LINES,
            languages=list(languages.items()),
            kind=kind,
            is_shown=kind in SHOWN,
            look=look,
            snippet=_code(desk.site.settings, letter, kind, look),
            policy=_policy(desk.site.settings, kind),
        )


def _wrong(kind: str, limit: str, look: Look) -> dict[str, str]:
    """A sentence for a number of names that can't be; lists for programs have no such number."""
    is_possible = limit.isdecimal() and int(limit[:9]) == look.limit
    if is_possible or not limit or kind not in SHOWN:
        return {}
    sentence = _("Give a whole number up to %(most)s. Until then the code is for %(number)s names.")
    facts = {"most": format_number(MOST_LINES), "number": format_number(look.limit)}
    return {"limit": sentence % facts}


def _languages(letter: Letter) -> dict[str, str]:
    """Those of the letter, and those that the words around the names can be in."""
    tags = dict.fromkeys((*letter.languages, *(tag.replace("_", "-") for tag in i18n.languages())))
    return {tag: i18n.language_name(tag) for tag in tags}


def _code(settings: Settings, letter: Letter, kind: str, look: Look) -> str:
    """What is pasted into the other site: code, or an address."""
    asked = query(letter, look.lang)
    if kind == "frame":
        return frame_code(settings, letter, look)
    if kind == "element":
        return element_code(settings, letter, look)
    if kind == "oembed":
        return settings.url(f"{letter.path}{look.query}")
    return settings.url(f"{letter.path}/signatories.{kind}{asked}")


def _policy(settings: Settings, kind: str) -> SimpleNamespace | None:
    """What a site with a content security policy has to allow."""
    ours = settings.base_url
    if kind in ("frame", "oembed"):
        return SimpleNamespace(code=f"frame-src {ours}", hint=_("It frames a page of this site."))
    if kind == "element":
        return SimpleNamespace(
            code=f"script-src {ours}; connect-src {ours}; img-src {ours}",
            hint=_(
                "It takes its script, the list and the logos from this site. No styles are needed."
            ),
        )
    return None
