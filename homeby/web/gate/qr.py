"""The square to hang at a gate: a phone that looks at it opens "My mission", and says there which
gate that is."""

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
    """A page to print. It holds an address and no secret: whoever opens it logs in. That somebody
    was at a gate is what her phone says, as ever; by its id in the address it knows which."""
    here = gate_or_404(door.viewer, key)
    address = f"{settings.current().public_url}{reverse('my')}?gate={here.key}"
    context = {"gate": here, "zone": here.zone, "address": address, "square": square(address)}
    return render(door.request, "gate/qr.html", context)
