"""The square to hang at a gate: a phone that looks at it opens "My mission"."""

from __future__ import annotations

import uuid

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from homeby import settings
from homeby.web.door import Door, page
from homeby.web.gate.here import gate_or_404
from homeby.web.gate.views import KEEPERS

#: A quarter of it may be dirty, torn or under snow.
_ERROR_LEVEL = "q"
#: The white edge without which no camera finds it, in squares.
_EDGE = 4


@page(*KEEPERS)
def gate_qr(door: Door, key: uuid.UUID) -> HttpResponse:
    """A page to print. It holds an address and no secret: whoever opens it logs in."""
    here = gate_or_404(door.viewer, key)
    address = f"{settings.current().public_url}{reverse('my')}"
    context = {"gate": here, "zone": here.zone, "address": address, "square": square(address)}
    return render(door.request, "gate/qr.html", context)


def square(address: str) -> SafeString:
    """A QR code of an address as SVG, dark on white in every light."""
    made = segno.make_qr(address, error=_ERROR_LEVEL)
    drawn = made.svg_inline(border=_EDGE, light="#fff", omitsize=True, svgclass="qr")
    return mark_safe(drawn)  # noqa: S308 - drawn by us; the address is squares in it, no text
