"""Texts that come in: a gateway for SMS or satellite messengers hands one over. Without the secret
nothing is read. What is read is answered 2xx only after the commit, so that a gateway which keeps
what it could not hand over loses nothing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from homeby import settings
from homeby.missions.actions import texted
from homeby.missions.actions.texted import Texted
from homeby.people.numbers import holders_of
from homeby.web.door import at_door
from homeby.web.intake import proving
from homeby.web.intake.proof import knows, signed_seconds
from homeby.web.intake.views_receipts import fields_of, said, sent_body

NUMBER_MAX = 60
ID_MAX = 200
#: A count of seconds that is more than this is one of milliseconds.
_SECONDS_MOST = 10**11
_COUNT = re.compile(r"[0-9]+(?:\.[0-9]+)?")
#: So long after it was signed a text that gives no time is one of now.
_FRESH = dt.timedelta(minutes=10)


@csrf_exempt
@require_POST
def texts(request: HttpRequest) -> HttpResponse:
    """One text, as JSON or as a form."""
    secret, body = settings.current().text_secret.get_secret_value(), sent_body(request)
    if body is None:
        return said(_("Send the text as JSON or as a plain form, at most 64 kB."), 413)
    if not knows(request, secret=secret, body=body):
        return said(_("The secret is missing or wrong; nothing was read."), 401)
    now = at_door(request).now
    found = _texted(fields_of(request, body), now=now)
    if found is None:
        return said(_("Send the sender's number and the text."), 422)
    try:
        taken, sentence = _taken(_as_signed(found, signed_seconds(request), now=now), now=now)
    except texted.Overfull:
        return said(_("Too much of unknown numbers is waiting. Keep it and send it again."), 503)
    return said(sentence, 200, taken=taken)


def _taken(found: Texted, *, now: dt.datetime) -> tuple[str, str]:
    heard = texted.hear(found, holders_of(found.number), now=now)
    if heard.sender is not None:
        heard = heard.judged(proving.proven(heard.claim, heard.sender))
    taken, sentence = texted.take(heard, now=now)
    return taken.value, sentence


def _as_signed(found: Texted, seconds: str, *, now: dt.datetime) -> Texted:
    """A signature stands for the time of a text that gives none: the same once more is one text, so
    that nobody sends a captured one again, and one of long ago is of a time that nobody knows."""
    if not seconds or found.sent_at is not None:
        return found
    at = _instant(seconds)
    is_fresh = at is not None and abs(now - at) <= _FRESH
    return replace(
        found,
        signed=seconds,
        received_at=at or now,
        time_is_clear=found.time_is_clear and is_fresh,
    )


def _texted(fields: Mapping[str, object], *, now: dt.datetime) -> Texted | None:
    """The text of a posting; None where it names no number or holds no text."""
    station = settings.current()
    number = _first(fields, station.text_from_fields)
    text = _first(fields, station.text_text_fields)
    if not number or not text:
        return None
    time = _first(fields, station.text_time_fields)
    sent_at = _instant(time)
    has_time = any(name in fields for name in station.text_time_fields)
    return Texted(
        number=number[:NUMBER_MAX],
        text=text,
        received_at=now,
        sent_id=_first(fields, station.text_id_fields)[:ID_MAX],
        sent_at=sent_at,
        time_is_clear=sent_at is not None or not has_time,
    )


def _first(fields: Mapping[str, object], names: tuple[str, ...]) -> str:
    """The first of these that says something; half characters and NUL are left out."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            text = str(value).replace("\x00", " ").encode("utf-8", "ignore").decode().strip()
            if text:
                return text
    return ""


def _instant(text: str) -> dt.datetime | None:
    """A time with its zone, or a count of seconds or milliseconds; None for anything else."""
    try:
        if _COUNT.fullmatch(text):
            count = float(text)
            return dt.datetime.fromtimestamp(count / (1000 if count > _SECONDS_MOST else 1), dt.UTC)
        found = dt.datetime.fromisoformat(text)
        return found.astimezone(dt.UTC) if found.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None
