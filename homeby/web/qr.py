"""Squares that a camera reads in place of an address that nobody would type."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe

#: A quarter of it may be dirty, torn or under snow.
_ERROR_LEVEL = "q"
#: The white edge without which no camera finds it, in squares.
_EDGE = 4


def square(address: str) -> SafeString:
    """A QR code of an address as SVG, dark on white in every light."""
    made = segno.make_qr(address, error=_ERROR_LEVEL)
    drawn = made.svg_inline(border=_EDGE, light="#fff", omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 - drawn by us; the address is squares in it, no text
