"""One's own badge to print: a QR code that says at a kiosk who stands there, and no more."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from homeby.logbook.rules import Refused
from homeby.people.actions import proofs
from homeby.people.queries.proofs import holder_of_badge, pin_set_at, printed_badge
from homeby.web.door import Door, page, tap_of
from homeby.web.qr import square


@page()
def own_badge(door: Door) -> HttpResponse:
    """Make one, a new one, or end it, by one tap each. Only what is printed now knows the code: it
    is shown once, and kept as a hash."""
    assert door.viewer.person_id is not None, "the page needs a log-in"
    person_id, code = door.viewer.person_id, ""
    if door.request.POST.get("act") == "remove":
        return _removed(door)
    if door.request.method == "POST":
        code = _made(door)
    context = {
        "badge": printed_badge(door.viewer, person_id=person_id),
        "has_pin": pin_set_at(door.viewer, person_id=person_id) is not None,
        "square": square(code) if code else "",
        "again": door.request.method == "POST" and not code,
    }
    return render(door.request, "account/badge.html", context)


def _made(door: Door) -> str:
    """The code of the new badge; "" where the page was sent twice: it was shown once already."""
    code = proofs.new_printed_code()
    hashed = proofs.badge_hash(code)
    proofs.print_badge(hashed=hashed, by=door.viewer, now=door.now, tap=tap_of(door.request))
    return code if holder_of_badge(hashed) else ""


def _removed(door: Door) -> HttpResponse:
    assert door.viewer.person_id is not None, "the page needs a log-in"
    found = printed_badge(door.viewer, person_id=door.viewer.person_id)
    try:
        if found is not None:
            proofs.remove_badge(
                badge_id=found.id, by=door.viewer, now=door.now, tap=tap_of(door.request)
            )
    except Refused:  # somebody who keeps the watch was quicker
        pass
    return redirect("account-badge")
