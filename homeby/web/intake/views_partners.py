"""What partner stations bring: the card of one that was given our pairing code, and the signed
message of each minute. What nobody we know has signed is answered and written down nowhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from homeby import clock
from homeby.logbook.rules import Refused
from homeby.watch.actions.partners import hearing, pairing

MOST_BYTES = 32 * 1024


@csrf_exempt
@require_POST
def pair(request: HttpRequest) -> HttpResponse:
    """A station that knows our pairing code brings its card, and gets ours."""
    return _answered(request, lambda values: pairing.answer_request(values, now=clock.now()))


@csrf_exempt
@require_POST
def message(request: HttpRequest) -> HttpResponse:
    """A partner station brings its signed message."""
    return _answered(request, lambda values: hearing.take(values, now=clock.now()))


def _answered(
    request: HttpRequest, act: Callable[[dict[str, Any]], dict[str, Any]]
) -> HttpResponse:
    values = _values(request)
    if values is None:
        return JsonResponse({"sentence": _("Send one JSON object of at most 32 kB.")}, status=413)
    try:
        return JsonResponse(act(values))
    except Refused as refused:
        return JsonResponse({"sentence": str(refused)}, status=403)


def _values(request: HttpRequest) -> dict[str, Any] | None:
    try:
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            return None
        body = request.body
        found = json.loads(body) if len(body) <= MOST_BYTES else None
    except (ValueError, RecursionError, RawPostDataException):
        return None
    return found if isinstance(found, dict) else None
