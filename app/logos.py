"""Logos: pictures from strangers, made into small plain PNG files under names of our own."""

import hashlib
import os
import re
import secrets
import struct
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import Refused, Unavailable
from app.i18n import _

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 1_000_000
MOST_PIXELS = 4_000_000
SIZE = (800, 400)

_FORMATS = ("PNG", "JPEG", "WEBP")
# Of a progressive JPEG: programs write about ten. Each costs a pass over all pixels, and 1 MB
# holds 100,000.
_MOST_SCANS = 100
_NAME = re.compile(r"[0-9a-f]{32}\.png")


def accept(upload: bytes) -> bytes:
    """A PNG of at most `SIZE` pixels holding the picture and nothing else of the upload.

    Takes PNG, JPEG and WebP by content, of an animation the first picture; the camera's rotation
    is applied. Raises Refused for other types, broken files and too many bytes or pixels, these
    counted before anything is decoded.
    """
    if len(upload) > MOST_BYTES:
        raise Refused(_("The logo is too big: please choose a file of at most 1 MB."))
    picture = _small(_opened(upload))
    picture.info.clear()  # profiles, comments and places would be written too
    png = BytesIO()
    picture.save(png, "PNG", optimize=True)
    return png.getvalue()


def _opened(upload: bytes) -> "Image":
    from PIL import Image, UnidentifiedImageError  # takes 50 ms, and few requests carry a logo

    if upload.count(b"\xff\xda") > _MOST_SCANS and upload.startswith(b"\xff\xd8"):
        raise _broken()
    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        picture = Image.open(BytesIO(upload), formats=_FORMATS)
    except UnidentifiedImageError:
        raise Refused(_("The logo must be a PNG, JPEG or WebP picture.")) from None
    except bombs:
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError):
        raise _broken() from None
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_many_pixels()
    return picture


def _small(picture: "Image") -> "Image":
    from PIL import ImageOps

    try:
        picture.load()
        upright = ImageOps.exif_transpose(_in_colour(picture))
    except (OSError, ValueError, SyntaxError, EOFError, struct.error):
        raise _broken() from None
    upright.thumbnail(SIZE)
    return upright


def _in_colour(picture: "Image") -> "Image":
    if picture.mode.startswith("I"):  # 16 bits, which conversion would clip rather than scale
        picture = picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _too_many_pixels() -> Refused:
    return Refused(_("The logo has too many pixels: please choose one of at most 4 megapixels."))


def _broken() -> Refused:
    return Refused(_("The logo's file is damaged. Please save it again and send that."))


def keep(folder: Path, png: bytes) -> str:
    """Writes what `accept` made into `folder`, whole or not at all, and returns its name."""
    name = f"{secrets.token_hex(16)}.png"
    aside = folder / f"{name}.part"
    try:
        folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as file:
            file.write(png)
            file.flush()
            os.fsync(file.fileno())
        aside.rename(folder / name)
        _sync(folder)
    except OSError as full:
        aside.unlink(missing_ok=True)
        raise Unavailable.to_save() from full
    return name


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def digest(folder: Path, name: str) -> str:
    """The SHA-256 of the logo of that name; "" if there is none."""
    file = path(folder, name)
    return hashlib.sha256(file.read_bytes()).hexdigest() if file else ""


@lru_cache(maxsize=1_000)
def size(folder: Path, name: str) -> tuple[int, int] | None:
    """Width and height of the logo of that name, in pixels; None if there is none."""
    file = path(folder, name)
    if file is None:
        return None
    with file.open("rb") as png:
        header = png.read(24)  # its signature, and the chunk that begins with both
    return struct.unpack(">II", header[16:]) if len(header) == 24 else None


def path(folder: Path, name: str) -> Path | None:
    """The logo of that name, if it is a name `keep` gave and the file is there."""
    if not _NAME.fullmatch(name):
        return None
    file = folder / name
    return file if file.is_file() else None
