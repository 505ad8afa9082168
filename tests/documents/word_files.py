"""Word files made by hand, part by part, as small as can be."""

from io import BytesIO
from itertools import zip_longest
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OOXML = "application/vnd.openxmlformats"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{OOXML}-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    f'"{OOXML}-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
STYLES = {
    "Title": "Title",
    "Date": "Date",
    "InsideAddress": "Inside Address",
    "Salutation": "Salutation",
    "Closing": "Closing",
    "Heading1": "heading 1",
    "Heading2": "heading 2",
    "Quote": "Quote",
    "TOC1": "toc 1",
}


def word_file(body: str, *, links: dict[str, str] | None = None, **parts: str) -> bytes:
    """A .docx whose body is `body`; `links` are addresses by id, `parts` other parts by kind, such
    as comments="<w:comment …/>"."""
    inner = {kind: f"{kind}.xml" for kind in ("styles", *parts) if kind != "core"}
    relations = "".join(
        f'<Relationship Id="p{kind}" Type="{OFFICE}/{kind.rstrip("123")}" Target="{target}"/>'
        for kind, target in inner.items()
    ) + "".join(
        f'<Relationship Id="{id_}" Type="{OFFICE}/hyperlink" Target="{url}" TargetMode="External"/>'
        for id_, url in (links or {}).items()
    )
    return archive(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": _relationships(
                f'<Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
                f'<Relationship Id="r2" Type="{OFFICE}/core-properties" Target="core.xml"/>'
            ),
            "word/document.xml": root("document", f"<w:body>{body}</w:body>"),
            "word/_rels/document.xml.rels": _relationships(relations),
            "word/styles.xml": root("styles", parts.pop("styles", _styles())),
            "core.xml": f"<core {NAMESPACES}>{parts.pop('core', '')}</core>",
            **{f"word/{kind}.xml": root(kind.rstrip("123"), xml) for kind, xml in parts.items()},
        }
    )


def archive(entries: dict[str, Any]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            # A date of its own would be another at each call, and nothing should be.
            packed.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return file.getvalue()


def root(kind: str, content: str) -> str:
    tag = {"header": "hdr", "footer": "ftr"}.get(kind, kind)
    return f"<w:{tag} {NAMESPACES}>{content}</w:{tag}>"


def p(*runs: str, style: str = "", properties: str = "") -> str:
    """A paragraph of runs; plain text makes a run of its own."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inside = "".join(one if one.startswith("<") else r(one) for one in runs)
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{inside}</w:p>"


def r(text: str, properties: str = "", *, tag: str = "t") -> str:
    kept = f'<w:{tag} xml:space="preserve">{text}</w:{tag}>'
    return f"<w:r><w:rPr>{properties}</w:rPr>{kept}</w:r>"


def change(kind: str, content: str) -> str:
    """ins, del, moveFrom or moveTo around it."""
    return f'<w:{kind} w:id="1" w:author="Anna">{content}</w:{kind}>'


def table(*rows: list[str], properties: tuple[str, ...] = ()) -> str:
    """Rows of cells, each given as its content or, to set properties, as a whole <w:tc>;
    `properties` are those of the rows."""
    lines = ""
    for row, own in zip_longest(rows, properties, fillvalue=""):
        cells = (c if c.startswith("<w:tc>") else f"<w:tc>{c}</w:tc>" for c in row)
        lines += f"<w:tr><w:trPr>{own}</w:trPr>{''.join(cells)}</w:tr>"
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{lines}</w:tbl>"


def text_box(content: str) -> str:
    return (
        "<w:r><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>"
        f"{content}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        "</w:drawing></w:r>"
    )


def picture(alternative: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alternative}"/><a:blip/>'
        "</wp:inline></w:drawing></w:r>"
    )


def field(instruction: str, shown: str) -> str:
    marks = {kind: f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "separate", "end")}
    return (
        f"<w:r>{marks['begin']}</w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f"<w:r>{marks['separate']}</w:r>{shown}<w:r>{marks['end']}</w:r>"
    )


def _relationships(content: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{content}</Relationships>'


def _styles() -> str:
    return "".join(
        f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/></w:style>'
        for id_, name in STYLES.items()
    )
