"""Lists: one definition of bullets and one of numbers, each with nine levels."""

from markupsafe import Markup

from app.documents.docx.languages import SERIF
from app.documents.docx.styles import INDENT
from app.documents.docx.wordml import Properties, element, part, properties

LEVELS = 9  # as many as Word has
HIGHEST = 32_767  # Word counts no higher
# Else a bullet between Chinese characters would be one of theirs, and hardly be seen.
SIGN_FONT = {"hint": "default", **dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), SERIF)}
BULLETS, NUMBERS = 1, 2  # the lists of the styles, for what editors add


class Lists:
    """The letter's numbered lists: each counts by itself, from its own start."""

    def __init__(self) -> None:
        self._starts: list[tuple[int, int]] = []  # level and first number of each

    def numbered(self, level: int, start: int) -> int:
        """The number under which Word knows a new list."""
        self._starts.append((level, min(start, HIGHEST)))
        return NUMBERS + len(self._starts)

    def xml(self) -> bytes:
        """The numbering part."""
        begun = (
            _list(num_id, NUMBERS, _start(level, start))
            for num_id, (level, start) in enumerate(self._starts, NUMBERS + 1)
        )
        lists = (_list(BULLETS, BULLETS), _list(NUMBERS, NUMBERS), *begun)
        return part("numbering", {}, *_DEFINITIONS, *lists)


def _list(num_id: int, definition: int, *overrides: Markup) -> Markup:
    defined = element("abstractNumId", {"val": definition})
    return element("num", {"numId": num_id}, defined, *overrides)


def _start(level: int, start: int) -> Markup:
    return element("lvlOverride", {"ilvl": level}, element("startOverride", {"val": start}))


def _definition(number: int, style: str, kind: str, *signs: str) -> Markup:
    levels = [_level(n, style, kind, signs[n % len(signs)]) for n in range(LEVELS)]
    return element(
        "abstractNum",
        {"abstractNumId": number},
        element("nsid", {"val": f"5E6D00{number:02X}"}),
        element("multiLevelType", {"val": "multilevel"}),
        *levels,
    )


def _level(level: int, style: str, kind: str, sign: str) -> Markup:
    indent = {"left": INDENT * (level + 1), "hanging": INDENT}
    given: Properties = {
        "start": 1,
        "numFmt": kind,
        "pStyle": style if level == 0 else None,
        "lvlText": sign.replace("%", f"%{level + 1}"),
        "lvlJc": "left",
        "pPr": properties("pPr", {"ind": indent}),
        "rPr": properties("rPr", {"rFonts": SIGN_FONT}) if kind == "bullet" else None,
    }
    return properties("lvl", given, {"ilvl": level})


_DEFINITIONS = (
    _definition(BULLETS, "ListBullet", "bullet", "•", "–"),
    _definition(NUMBERS, "ListNumber", "decimal", "%."),
)
