"""A phone as a small witness: it remembers the newest checkpoint that it saw, and is shown that the
newest one is that one, grown (my-witness.js)."""

from __future__ import annotations

import base64

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from homeby import settings
from homeby.keys import KeyProblem
from homeby.logbook import keeping
from homeby.logbook.growing import proof
from homeby.logbook.queries import visible_checkpoints
from homeby.web.door import Door, page

_DIGITS_MAX = 15


@require_GET
@page()
def my_checkpoint(door: Door) -> HttpResponse:
    """The newest kept checkpoint, and how it grew from that of the size that the phone remembers
    (`from`). Hashes alone: nobody is looked at. Answers JSON: `note`, "" before the first is kept;
    `proof`, base64, null where it has not grown from there; `key`, by which it is signed."""
    typed = door.request.GET.get("from", "")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS_MAX
    kept = visible_checkpoints(door.viewer).order_by("-size").first()
    steps = proof(int(typed), kept) if kept is not None and is_number else None
    shown = None if steps is None else [base64.b64encode(one).decode() for one in steps]
    note = kept.note if kept is not None else ""
    answer = JsonResponse({"note": note, "proof": shown, "key": _key()})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _key() -> str:
    try:
        key = keeping.key_of_station(settings.log_key())
    except KeyProblem:
        return ""
    return str(key.public) if key is not None else ""
