"""Receipts: a provider posts what became of a message. Without the secret nothing is read; what is
bad or fits no message gets a sentence and changes nothing."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from homeby import settings
from homeby.comms.actions.receipts import take_receipt
from homeby.comms.rules import Receipt, ReceiptWords, read_receipt
from homeby.logbook.rules import Refused
from homeby.people.rules import ChannelName
from homeby.web.door import Door, at_door
from homeby.web.intake.proof import knows

MOST_BYTES = 64 * 1024


@csrf_exempt
@require_POST
def receipts(request: HttpRequest, channel: str) -> HttpResponse:
    """One receipt, as JSON or as a form."""
    name, secret = channel.upper(), settings.current().receipt_secret.get_secret_value()
    body = _body(request)
    if body is None:
        return _say(_("Send the receipt as JSON or as a plain form, at most 64 kB."), 413)
    if not knows(request, secret=secret, body=body):
        return _say(_("The secret is missing or wrong; nothing was read."), 401)
    if name not in {one.value for one in ChannelName}:
        return _say(_("There is no channel of this name."), 404)
    found = read_receipt(_fields(request, body), _words())
    if isinstance(found, str):
        return _say(found, 422)
    return _taken(at_door(request), name, found)


def _taken(door: Door, channel: str, receipt: Receipt) -> HttpResponse:
    try:
        taken = take_receipt(channel=channel, receipt=receipt, now=door.now)
    except Refused as refused:
        return _say(str(refused), 404)
    return _say(taken.sentence, 200)


def _say(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def _body(request: HttpRequest) -> bytes | None:
    try:
        body = request.body
    except RawPostDataException:  # a form with files
        return None
    return body if len(body) <= MOST_BYTES else None


def _fields(request: HttpRequest, body: bytes) -> dict[str, object]:
    if request.content_type == "application/x-www-form-urlencoded":
        return dict(request.POST.items())
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _words() -> ReceiptWords:
    station = settings.current()
    return ReceiptWords(
        ref_fields=station.receipt_ref_fields,
        state_fields=station.receipt_state_fields,
        received=station.receipt_received_words,
        failed=station.receipt_failed_words,
    )
