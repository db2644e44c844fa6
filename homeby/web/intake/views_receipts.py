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
    body = sent_body(request)
    if body is None:
        return said(_("Send the receipt as JSON or as a plain form, at most 64 kB."), 413)
    if not knows(request, secret=secret, body=body):
        return said(_("The secret is missing or wrong; nothing was read."), 401)
    if name not in {one.value for one in ChannelName}:
        return said(_("There is no channel of this name."), 404)
    found = read_receipt(fields_of(request, body), _words())
    if isinstance(found, str):
        return said(found, 422)
    return _taken(at_door(request), name, found)


def _taken(door: Door, channel: str, receipt: Receipt) -> HttpResponse:
    try:
        taken = take_receipt(channel=channel, receipt=receipt, now=door.now)
    except Refused as refused:
        return said(str(refused), 404)
    return said(taken.sentence, 200)


def said(sentence: str, status: int, **more: str) -> HttpResponse:
    """The answer to a machine: a sentence, and what else there is."""
    return JsonResponse({"sentence": sentence} | more, status=status)


def sent_body(request: HttpRequest) -> bytes | None:
    """What was posted; None where it is too much, or a form with files."""
    try:
        body = request.body
    except RawPostDataException:  # a form with files
        return None
    return body if len(body) <= MOST_BYTES else None


def fields_of(request: HttpRequest, body: bytes) -> dict[str, object]:
    """What was posted, by name; nothing where it is neither JSON nor a form."""
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
