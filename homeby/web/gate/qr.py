"""The square to hang at a gate: a phone that looks at it opens "My mission"."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from homeby import settings
from homeby.people.rules import WATCHERS
from homeby.web.door import Door, page
from homeby.web.gate.here import gate_or_404
from homeby.web.qr import square


@page(*WATCHERS)
def gate_qr(door: Door, key: uuid.UUID) -> HttpResponse:
    """A page to print. It holds an address and no secret: whoever opens it logs in."""
    here = gate_or_404(door.viewer, key)
    address = f"{settings.current().public_url}{reverse('my')}"
    context = {"gate": here, "zone": here.zone, "address": address, "square": square(address)}
    return render(door.request, "gate/qr.html", context)
