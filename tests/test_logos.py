import random
import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from app import logos
from app.errors import Refused

RED, GREEN = (255, 0, 0, 255), (0, 128, 0, 128)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def accepted(upload: bytes) -> Image.Image:
    picture = Image.open(BytesIO(logos.accept(upload)))
    assert picture.format == "PNG"
    return picture


def chunks(png: bytes) -> list[bytes]:
    found, place = [], 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        found.append(png[place + 4 : place + 8])
        place += length + 12
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_kinds_become_png(kind: str) -> None:
    picture = accepted(encoded(Image.new("RGB", (60, 40), RED[:3]), kind))
    assert picture.size == (60, 40)
    red, green, blue = picture.getpixel((5, 5))  # type: ignore[misc]
    assert red > 250
    assert max(green, blue) < 5


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_stays_with_its_transparency(kind: str) -> None:
    first, second = Image.new("RGBA", (60, 40), GREEN), Image.new("RGBA", (60, 40), RED)
    upload = encoded(first, kind, save_all=True, append_images=[second], lossless=True)
    picture = accepted(upload)
    assert picture.getpixel((5, 5)) == GREEN
    assert getattr(picture, "n_frames", 1) == 1


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("1", 1, (255, 255, 255)),
        ("L", 100, (100, 100, 100)),
        ("LA", (100, 50), (100, 100, 100, 50)),
        ("I;16", 100 * 256, (100, 100, 100)),
        ("RGBA", (1, 2, 3, 0), (1, 2, 3, 0)),
    ],
)
def test_every_way_of_storing_colours_is_understood(mode: str, colour: Any, seen: Any) -> None:
    assert accepted(encoded(Image.new(mode, (9, 9), colour), "PNG")).getpixel((4, 4)) == seen


def test_a_palette_with_a_transparent_colour_keeps_it() -> None:
    palette = Image.new("P", (9, 9), 3)
    palette.putpalette([0, 0, 0] * 3 + [200, 0, 0])
    picture = accepted(encoded(palette, "PNG", transparency=3))
    assert picture.getpixel((4, 4)) == (200, 0, 0, 0)


def test_a_print_jpeg_becomes_screen_colours() -> None:
    picture = accepted(encoded(Image.new("CMYK", (9, 9), (0, 255, 255, 0)), "JPEG"))
    assert picture.getpixel((4, 4)) == (255, 0, 0)


def test_a_big_picture_is_made_small_in_proportion() -> None:
    assert accepted(encoded(Image.new("RGB", (2000, 500)), "PNG")).size == (800, 200)
    assert accepted(encoded(Image.new("RGB", (1000, 2000)), "PNG")).size == (200, 400)


def test_the_cameras_rotation_is_applied_and_nothing_else_kept() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right by 90 degrees
    exif[0x010E] = "taken at home"
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Anna")
    photo = Image.new("RGB", (60, 40))
    upright = logos.accept(encoded(photo, "JPEG", exif=exif, comment=b"Anna"))
    plain = logos.accept(
        encoded(photo, "PNG", pnginfo=text, exif=exif, dpi=(72, 72), icc_profile=b"profile")
    )
    for png in (upright, plain):
        assert Image.open(BytesIO(png)).size == (40, 60)
        assert set(chunks(png)) == {b"IHDR", b"IDAT", b"IEND"}


@pytest.mark.parametrize(
    "upload",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"https://example.org/logo.png",
        encoded(Image.new("RGB", (9, 9)), "GIF"),
        encoded(Image.new("RGB", (9, 9)), "BMP"),
        encoded(Image.new("RGB", (9, 9)), "TIFF"),
    ],
)
def test_other_kinds_are_refused(upload: bytes) -> None:
    with pytest.raises(Refused, match="PNG, JPEG or WebP"):
        logos.accept(upload)


def test_more_than_a_megabyte_is_refused() -> None:
    with pytest.raises(Refused, match="1 MB"):
        logos.accept(encoded(Image.new("RGB", (9, 9)), "PNG") + bytes(1_000_000))


@pytest.mark.parametrize("size", [(4001, 1000), (20_000, 10_000), (100_000, 100_000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size: tuple[int, int]) -> None:
    header = struct.pack(">II5B", *size, 8, 6, 0, 0, 0)
    upload = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(99))), (b"IEND", b"")]
    )
    with pytest.raises(Refused, match="4 megapixels"):
        logos.accept(upload)


def test_a_jpeg_of_countless_passes_is_refused_at_once() -> None:
    upload = encoded(Image.new("L", (2000, 2000)), "JPEG", progressive=True)
    last_scan = upload[upload.rfind(b"\xff\xda") : -2]
    began = perf_counter()
    with pytest.raises(Refused, match="damaged"):
        logos.accept(upload[:-2] + last_scan * 60_000 + b"\xff\xd9")
    assert perf_counter() - began < 1  # decoding takes minutes


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_file_is_refused(kind: str) -> None:
    noise = Image.effect_noise((200, 200), 90).convert("RGB")
    upload = encoded(noise, kind)
    with pytest.raises(Refused, match=r"damaged|must be"):
        logos.accept(upload[: len(upload) // 2])


@pytest.mark.filterwarnings("ignore")
def test_no_damage_whatever_gets_past_or_crashes() -> None:
    chance = random.Random(20)
    picture = Image.new("RGBA", (60, 40), GREEN)
    wholes = [
        encoded(picture, "PNG"),
        encoded(picture.convert("P"), "PNG", transparency=3),
        encoded(picture, "WEBP", save_all=True, append_images=[picture.rotate(90)]),
        encoded(picture.convert("RGB"), "JPEG", progressive=True),
    ]
    for _time in range(1_500):
        upload = bytearray(chance.choice(wholes))
        for _damage in range(chance.randint(1, 5)):
            upload[chance.randrange(len(upload))] = chance.randrange(256)
        with suppress(Refused):
            accepted(bytes(upload))


def test_a_kept_logo_is_found_again_under_a_name_of_our_own(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "logos"
    png = logos.accept(encoded(Image.new("RGB", (9, 9)), "PNG"))
    name = logos.keep(folder, png)
    file = logos.path(folder, name)
    assert file is not None
    assert file.read_bytes() == png
    assert file.stat().st_mode & 0o777 & ~0o640 == 0
    assert list(folder.iterdir()) == [file]
    assert logos.keep(folder, png) != name


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../secret.png", "logo.png", "A" * 32 + ".png", "a" * 32, "a" * 32 + ".png\n"],
)
def test_no_other_name_leads_to_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").touch()
    (tmp_path / "logos").mkdir()
    (tmp_path / "logos" / "logo.png").touch()
    assert logos.path(tmp_path / "logos", name) is None


def test_a_logo_that_is_gone_is_none(tmp_path: Path) -> None:
    assert logos.path(tmp_path, "a" * 32 + ".png") is None
