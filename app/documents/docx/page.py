"""The page, and the sections it is cut into. Lengths are in twips, 1/20 of a point."""

from markupsafe import Markup

from app.documents.docx.wordml import Property, properties

WIDTH, HEIGHT = 11_906, 16_838  # A4
MARGIN = {"top": 1_247, "right": 1_417, "bottom": 1_531, "left": 1_417}  # 22, 25, 27 and 25 mm
FOOTER = 680  # from the paper's edge
TEXT_WIDTH = WIDTH - MARGIN["left"] - MARGIN["right"]
GUTTER = 340  # between columns
PER_MM = 1_440 / 25.4
FOOTER_ID = "footer"


def section(columns: int, direction: str) -> Markup:
    """The properties of a section; each follows the one before on the same page."""
    columned: Property = {"num": columns, "space": GUTTER} if columns > 1 else {"space": GUTTER}
    return properties(
        "sectPr",
        {
            "footerReference": {"type": "default", "r:id": FOOTER_ID},
            "type": "continuous",
            "pgSz": {"w": WIDTH, "h": HEIGHT},
            "pgMar": {**MARGIN, "header": FOOTER, "footer": FOOTER, "gutter": 0},
            "cols": columned,
            "bidi": True if direction == "rtl" else None,
        },
    )
