"""How a letter's list looks on another site, and the code that puts it there."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from markupsafe import Markup

from app.i18n import _, language, speaking
from app.letter.letters import Letter
from app.settings import Settings

THEMES = ("auto", "light", "dark")
LAYOUTS = ("list", "columns", "logos")
LINES = 100
MOST_LINES = 1_000
# Pixels. The frame can't know how high its content is: its site may listen for that.
WIDTH, HEIGHT = 600, 480


@dataclass(frozen=True)
class Look:
    """`limit` is the most lines shown; `lang` is "" for the reader's own language."""

    theme: str = "auto"
    layout: str = "list"
    limit: int = LINES
    lang: str = ""

    @classmethod
    def of(cls, theme: str = "", layout: str = "", limit: str = "", lang: str = "") -> Self:
        """What somebody wrote into an address; what can't be is as if it weren't there."""
        return cls(
            theme=theme if theme in THEMES else "auto",
            layout=layout if layout in LAYOUTS else "list",
            limit=min(int(limit[:9]), MOST_LINES) if limit.isdecimal() else LINES,
            lang=lang,
        )

    @property
    def wishes(self) -> dict[str, str]:
        """What differs from how it looks by itself."""
        usual = Look()
        pairs = ((name, getattr(self, name)) for name in ("theme", "layout", "limit", "lang"))
        return {name: str(value) for name, value in pairs if value != getattr(usual, name)}

    @property
    def query(self) -> str:
        return f"?{urlencode(self.wishes)}" if self.wishes else ""


def frame_code(
    settings: Settings, letter: Letter, look: Look, width: int | str = "100%", height: int = HEIGHT
) -> str:
    # Without styles: sites with a strict policy allow none in attributes.
    code = Markup(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" frameborder="0">'
        "</iframe>"
    )
    with speaking(look.lang or language()):  # as the frame itself does
        name = _("Signatories of “%(title)s”") % {"title": title(letter, look)}
    return _filled(
        code,
        settings.url(f"{letter.path}/embed{look.query}"),
        name,
        width,
        height,
    )


def element_code(settings: Settings, letter: Letter, look: Look) -> str:
    """The script and the element, with a link in it for where the list can't be had."""
    wishes = Markup("").join(
        Markup(' {}="{}"').format(name, value) for name, value in look.wishes.items()
    )
    url = settings.url(letter.path)
    code = Markup(
        '<script type="module" src="{}"></script>\n'
        '<undersigned-signatories letter="{}"{}>\n  <a href="{}">{}</a>\n</undersigned-signatories>'
    )
    return _filled(code, settings.url("/embed.js"), url, wishes, url, title(letter, look))


def _filled(code: Markup, *values: object) -> str:
    """The code to be shown: as text it is escaped once more."""
    return str(code.format(*values))


def title(letter: Letter, look: Look) -> str:
    return letter.title_in(letter.readable_in(look.lang))
