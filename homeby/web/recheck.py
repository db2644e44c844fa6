"""Proving again who sits there, before an act that opens doors: `needed(door)` in its view."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from homeby import clock
from homeby.web.door import Door

VALID = dt.timedelta(minutes=10)
_KEY = "proved_at"


def prove(request: HttpRequest) -> None:
    """Note in the session that she has proved herself just now."""
    request.session[_KEY] = clock.real_now().isoformat()


def needed(door: Door) -> HttpResponse | None:
    """The way to the page that asks, from which she comes back to where she was; None while the
    last proof is fresh."""
    noted = door.request.session.get(_KEY)
    if noted:
        age = clock.real_now() - dt.datetime.fromisoformat(noted)
        if dt.timedelta() <= age < VALID:
            return None
    return redirect(f"{reverse('again')}?{urlencode({'next': door.request.get_full_path()})}")
