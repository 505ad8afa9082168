"""The styles an editor finds in the letter: each of its paragraphs has one, by name."""

from markupsafe import Markup

from app.documents.document import Document
from app.documents.docx.languages import fonts, word_language
from app.documents.docx.page import TEXT_WIDTH
from app.documents.docx.wordml import Attributes, Properties, Property, element, part, properties
from app.documents.typography import is_east_asian

QUIET = "595959"
FAINT = "B3B3B3"
LINK = "1C4A7A"
MARK = "9C1C1C"
INDENT = 425  # of each level of a list, and of a quotation
NONE: Properties = {}


def styles(document: Document) -> bytes:
    """The styles part."""
    return part(
        "styles", {}, _defaults(document), _LATENT, _normal(document), _body_text(document), *_ALL
    )


def _defaults(document: Document) -> Markup:
    language = word_language(document.language)
    run: Properties = {
        "rFonts": fonts(language),
        "sz": 21,
        "lang": _spoken(language, document.direction),
    }
    in_runs = element("rPrDefault", None, properties("rPr", run))
    return element("docDefaults", None, in_runs, element("pPrDefault"))


def _spoken(language: str, direction: str) -> dict[str, str]:
    """Word has one language for each kind of script; what is Latin in another is called English."""
    if direction == "rtl":
        return {"val": "en-US", "bidi": language}
    if is_east_asian(language):
        return {"val": "en-US", "eastAsia": language}
    return {"val": language}


def style_id(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in name.split())


def _normal(document: Document) -> Markup:
    given: Properties = {
        "widowControl": True,
        "bidi": True if document.direction == "rtl" else None,
        "spacing": {"before": 0, "after": 0, "line": 264, "lineRule": "auto"},
    }
    kind: Attributes = {"type": "paragraph", "default": 1, "styleId": "Normal"}
    return properties("style", {"name": "Normal", "pPr": properties("pPr", given)}, kind)


def _body_text(document: Document) -> Markup:
    # From right to left, programs justify by stretching words.
    side = "both" if document.direction == "ltr" else "left"
    return _style("Body Text", "Normal", spacing=_space(0, 160), jc=side)


def _style(name: str, base: str, run: Properties = NONE, /, **paragraph: Property) -> Markup:
    """A paragraph style."""
    return properties(
        "style",
        {
            "name": name,
            "basedOn": style_id(base),
            "next": _NEXT.get(name.split()[-1 if base != "Normal" else 0]),
            "qFormat": True,
            "pPr": properties("pPr", paragraph) or None,
            "rPr": properties("rPr", run) or None,
        },
        {"type": "paragraph", "styleId": style_id(name), **_whose(name)},
    )


def _in_text(name: str, **run: Property) -> Markup:
    """A style of characters."""
    given: Properties = {"name": name, "qFormat": True, "rPr": properties("rPr", run)}
    attributes: Attributes = {"type": "character", "styleId": style_id(name), **_whose(name)}
    return properties("style", given, attributes)


_NEXT = {"heading": "BodyText", "Heading": "Signatory"}  # the style of what an editor types below
# Names that Word knows, and shows in the reader's language.
_BUILT_IN = {
    *(f"heading {level}" for level in range(1, 7)),
    *(
        "Body Text",
        "Salutation",
        "Closing",
        "Quote",
        "List Bullet",
        "List Number",
        "List Paragraph",
    ),
    *("footnote text", "footnote reference", "footer", "Hyperlink"),
}


def _whose(name: str) -> dict[str, int]:
    return {} if name in _BUILT_IN else {"customStyle": 1}


def _space(before: int, after: int) -> dict[str, int]:
    return {"before": before, "after": after}


def _line(**sides: int) -> dict[str, Property]:
    """Rules at these sides, in eighths of a point."""
    return {
        side: {"val": "single", "sz": size, "space": 4, "color": FAINT}
        for side, size in sides.items()
    }


def _margins(sides: int) -> Markup:
    """Of a table's cells."""
    wide: Properties = {side: {"w": sides, "type": "dxa"} for side in ("left", "right")}
    return properties("tblCellMar", wide)


def _numbered(num_id: int) -> Markup:
    return properties("numPr", {"numId": num_id})


# Word's own hundreds of styles stay out of the editor's way.
_LATENT = element(
    "latentStyles",
    {
        "defLockedState": 0,
        "defUIPriority": 99,
        "defSemiHidden": 1,
        "defUnhideWhenUsed": 1,
        "defQFormat": 0,
        "count": 376,
    },
)
_RAGGED: dict[str, Property] = {"suppressAutoHyphens": True, "jc": "left"}
_BOLD: dict[str, Property] = {"b": True}
_THIRD = TEXT_WIDTH * 3 // 8  # a rule in the text is a quarter of the width
_MONOSPACE = {"ascii": "Courier New", "hAnsi": "Courier New", "cs": "Courier New"}

_LETTER = (
    _style("Letterhead", "Normal", {"b": True, "noProof": True, "sz": 22}, **_RAGGED),
    _style("Letterhead Local Name", "Letterhead", {"b": False, "sz": 18, "color": QUIET}),
    _style(
        "Letterhead End",
        "Normal",
        {"sz": 8},
        pBdr=properties("pBdr", _line(bottom=4)),
        spacing=_space(0, 360),
    ),
    _style("Place and Date", "Normal", spacing=_space(0, 320), **{**_RAGGED, "jc": "right"}),
    _style("Addressee", "Normal", keepLines=True, spacing=_space(0, 240), **_RAGGED),
    _style(
        "Copy To",
        "Normal",
        spacing=_space(0, 240),
        ind={"left": 567, "hanging": 567},
        tabs=element("tabs", None, element("tab", {"val": "left", "pos": 567})),
        **_RAGGED,
    ),
    _style("Salutation", "Normal", spacing=_space(0, 160), **_RAGGED),
    _style("Closing", "Normal", keepLines=True, spacing=_space(240, 160), **_RAGGED),
)

_HEADING: dict[str, Property] = {"keepNext": True, "keepLines": True, **_RAGGED}


def _heading(level: int, run: Properties, before: int = 280, after: int = 140) -> Markup:
    spacing = _space(before, after)
    outline = level - 1
    return _style(
        f"heading {level}", "Normal", run, spacing=spacing, outlineLvl=outline, **_HEADING
    )


_HEADINGS = (
    _heading(1, _BOLD, before=320, after=240),
    _heading(2, _BOLD),
    _heading(3, {"i": True}),
    _heading(4, {"b": True, "sz": 20}, before=200),
    _heading(5, {"i": True, "sz": 20}, before=200),
    _heading(6, {"sz": 20, "color": QUIET}, before=200),
)

_BODY = (
    _style("List Bullet", "Body Text", spacing=_space(0, 120), numPr=_numbered(1)),
    _style("List Number", "Body Text", spacing=_space(0, 120), numPr=_numbered(2)),
    _style("List Paragraph", "Body Text", spacing=_space(0, 120)),
    _style("Quote", "Body Text", ind={"left": INDENT, "right": INDENT}),
    _style(
        "Source Code",
        "Normal",
        {"rFonts": _MONOSPACE, "sz": 18, "noProof": True},
        spacing=_space(0, 160),
        **_RAGGED,
    ),
    _style(
        "Rule",
        "Normal",
        {"sz": 12},
        pBdr=properties("pBdr", _line(bottom=4)),
        spacing=_space(120, 280),
        ind={"left": _THIRD, "right": _THIRD},
    ),
    _style("Table Text", "Normal", {"sz": 20}, spacing=_space(50, 50), **_RAGGED),
    _style("Table Head", "Table Text", _BOLD, keepNext=True),
    _style("After Table", "Normal", {"sz": 8}, spacing=_space(0, 120)),
    _style("footnote text", "Normal", {"sz": 18}, spacing=_space(0, 60)),
)

_HANGING = {"left": 227, "hanging": 227}
_LIST = (
    _style("Signatories Heading", "heading 2", spacing=_space(360, 160)),
    _style("Individuals Heading", "heading 3", {"b": True, "i": False}),
    _style(
        "Group Heading", "heading 3", {"b": True, "i": False, "sz": 20}, spacing=_space(200, 80)
    ),
    _style(
        "Signatory",
        "Normal",
        {"noProof": True, "sz": 20},
        keepLines=True,
        spacing={**_space(0, 70), "line": 250, "lineRule": "auto"},
        ind=_HANGING,
        **_RAGGED,
    ),
    _style("Signatory in 2 Columns", "Signatory", {"sz": 19}),
    _style("Signatory in 3 Columns", "Signatory", {"sz": 17}, spacing=_space(0, 50)),
    _style("Signatory in Table", "Table Text", {"noProof": True}),
    _style("Withheld", "Normal", {"i": True}, keepLines=True, spacing=_space(120, 120), **_RAGGED),
    _style("Logo Wall", "Normal", spacing=_space(160, 160), jc="center", textAlignment="center"),
    _style("Foot Line", "Normal", {"sz": 16, "color": QUIET}, spacing=_space(0, 60), **_RAGGED),
    _style(
        "footer",
        "Normal",
        {"sz": 15, "color": QUIET},
        tabs=element("tabs", None, element("tab", {"val": "right", "pos": TEXT_WIDTH})),
        **_RAGGED,
    ),
)

_IN_TEXT = (
    _in_text("Hyperlink", color=LINK, u="single"),
    _in_text("footnote reference", vertAlign="superscript"),
    _in_text("Verbatim Char", rFonts=_MONOSPACE, sz=19, noProof=True),
    _in_text("Signatory Detail", color=QUIET),
    _in_text("Reported Mark", vertAlign="superscript"),
    _in_text("Proof Mark", b=True, color=MARK),
)


def _table(name: str, attributes: Attributes, **given: Property) -> Markup:
    told: Properties = {"name": name, "basedOn": None if "default" in attributes else "TableNormal"}
    kind = {"type": "table", **attributes, "styleId": style_id(name)}
    return properties("style", {**told, **given}, kind)


_HEAD_ROW = properties("tcPr", {"tcBorders": properties("tcBorders", _line(bottom=4))})
_TABLES = (
    _table(
        "Table Normal", {"default": 1}, tblPr=properties("tblPr", {"tblCellMar": _margins(108)})
    ),
    _table("Layout", {"customStyle": 1}, tblPr=properties("tblPr", {"tblCellMar": _margins(0)})),
    _table(
        "Letter Table",
        {"customStyle": 1},
        tblPr=properties("tblPr", {"tblBorders": properties("tblBorders", _line(top=8, bottom=8))}),
        tblStylePr=properties("tblStylePr", {"tcPr": _HEAD_ROW}, {"type": "firstRow"}),
    ),
)
_ALL = (*_LETTER, *_HEADINGS, *_BODY, *_LIST, *_IN_TEXT, *_TABLES)
