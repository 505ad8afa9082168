"""Pictures in the text: logos of balanced weight, and the code that leads to the letter."""

import io
from dataclasses import dataclass, replace

from markupsafe import Markup
from PIL import Image

from app.documents import logo_sizes
from app.documents.document import Lead
from app.documents.docx.relations import Relations
from app.documents.docx.wordml import Attributes, element

EMU = 36_000  # Word's measure of pictures, in a millimetre


@dataclass(frozen=True)
class Picture:
    content: bytes  # PNG or JPEG
    width: float  # mm
    height: float
    alternative: str

    def scaled(self, scale: float) -> "Picture":
        return replace(self, width=self.width * scale, height=self.height * scale)

    def run(self, relations: Relations) -> Markup:
        """The picture as a character of the text."""
        number = relations.next_picture()
        extent = {"cx": round(self.width * EMU), "cy": round(self.height * EMU)}
        described: Attributes = {
            "id": number,
            "name": f"Picture {number}",
            "descr": self.alternative,
        }
        locks = element("a:graphicFrameLocks", {"noChangeAspect": 1})
        drawn = element(
            "wp:inline",
            {"distT": 0, "distB": 0, "distL": 0, "distR": 0},
            element("wp:extent", extent),
            element("wp:docPr", described),
            element("wp:cNvGraphicFramePr", None, locks),
            _graphic(relations.picture(self.content), extent, described),
        )
        return element("r", None, element("drawing", None, drawn))


def logo(lead: Lead, area: float) -> Picture:
    """The logo at so many square millimetres."""
    content = lead.logo or b""
    with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
        size = image.size
        if image.format not in ("PNG", "JPEG"):
            content = _as_png(image)
    return Picture(content, *logo_sizes.fitted(size, area), lead.name)


def _as_png(image: Image.Image) -> bytes:
    """Word doesn't know every kind."""
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


def _graphic(relation: str, extent: Attributes, described: Attributes) -> Markup:
    shown = element("a:blip", {"r:embed": relation})
    stretched = element("a:stretch", None, element("a:fillRect"))
    frame = element("a:xfrm", None, element("a:off", {"x": 0, "y": 0}), element("a:ext", extent))
    shape = element("a:prstGeom", {"prst": "rect"}, element("a:avLst"))
    picture = element(
        "pic:pic",
        None,
        element("pic:nvPicPr", None, element("pic:cNvPr", described), element("pic:cNvPicPr")),
        element("pic:blipFill", None, shown, stretched),
        element("pic:spPr", None, frame, shape),
    )
    uri = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    return element("a:graphic", None, element("a:graphicData", {"uri": uri}, picture))
