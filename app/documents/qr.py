"""The code on a letter that leads a phone to the address where it can be checked."""

import io

import segno


def svg(address: str) -> str:
    """A QR code as SVG without a margin of its own; the same address gives the same bytes."""
    drawn = io.BytesIO()
    _code(address).save(drawn, kind="svg", border=0, svgns=True, xmldecl=False)
    return drawn.getvalue().decode()


def png(address: str) -> bytes:
    """The same as a picture of eight pixels to a module."""
    drawn = io.BytesIO()
    _code(address).save(drawn, kind="png", border=0, scale=8)
    return drawn.getvalue()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error="m")
