"""The page of the tablet at a gate, and the two calls that its key opens beside the entries: what
it shows at rest, and the exchange of the key it was opened with for one of its own.

No log-in, no session, no cookie: the page is the same for everybody and holds nobody's name, and
whoever has a kiosk's key learns by it the gate, the time, and whether the watch is awake.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from homeby import clock
from homeby.keys import KeyProblem
from homeby.logbook.rules import Refused, new_tap
from homeby.missions import queries as missions
from homeby.people.actions.devices import take_key
from homeby.people.queries.devices import devices_of_keys
from homeby.people.rules import STATION, Act, DeviceFacts, DeviceKind, hash_of
from homeby.watch import queries as watch
from homeby.web import live
from homeby.web.intake import sealed
from homeby.web.kiosk import offline, texts
from homeby.web.middleware import SAFE_HEADERS

logger = logging.getLogger(__name__)

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
#: The tablet's camera reads badges; no other page of ours may use one.
WITH_CAMERA = SAFE_HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")
_KEY_MAX = 200


@require_safe
def kiosk(request: HttpRequest) -> HttpResponse:
    """The page; what it says for a gate comes with its key."""
    context = {"language": translation.get_language(), "said": texts.said()}
    page = render_to_string("kiosk/kiosk.html", context)
    return HttpResponse(page, headers=HEADERS | {"Permissions-Policy": WITH_CAMERA})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script that lets the page start while the station is not heard."""
    return HttpResponse(offline.worker(), content_type="text/javascript", headers=HEADERS)


@require_safe
def state(request: HttpRequest) -> JsonResponse:
    """What the tablet shows at rest, and to which key it seals. Names nobody and counts nobody."""
    device = _device(_key_of(request))
    if device is None:
        return _not_known()
    try:
        seal = sealed.public_key()
    except KeyProblem as problem:
        logger.error("kiosks cannot seal: %s", problem)
        return _said(_("The station has no key to seal to. Tell whoever runs it."), status=503)
    return JsonResponse(_at_rest(device) | {"seal": seal}, headers=HEADERS)


@csrf_exempt  # the key in the header is the permission; another site cannot know it
@require_POST
def key(request: HttpRequest) -> JsonResponse:
    """The tablet's own key takes the place of the one in the link, which opens nothing any more.
    Whoever opened the link there is logged out: a tablet at a gate is nobody's."""
    try:
        sent: Any = json.loads(request.body[:1000])
        own_hash = str(sent["key_hash"])
    except (ValueError, TypeError, KeyError, RecursionError, RawPostDataException):
        return _said(_("Send the hash of the new key."), status=400)
    try:
        answer = take_key(
            key_hash=hash_of(_key_of(request)), own_hash=own_hash, now=clock.now(), tap=new_tap()
        )
    except Refused as refused:
        return _said(str(refused), status=401)
    if django_settings.SESSION_COOKIE_NAME in request.COOKIES:
        logout(request)
    return _said(answer, status=200)


def _at_rest(device: DeviceFacts) -> dict[str, Any]:
    gates = missions.gates(STATION, ended=True)
    gate = next((one for one in gates if one.pk == device.gate_id), None)
    seen = live.snapshot()
    return {
        "gate": gate.name if gate else "",
        "site": gate.site.name if gate else "",
        "zone": gate.site.zone if gate else "UTC",
        "now": clock.now().isoformat(),
        "speed": clock.speed(),
        "watching": watch.is_fresh(seen.watch_age_seconds) and _watches(seen.bars),
        "acts": [str(act).lower() for act in Act if act in device.acts],
    }


def _watches(bars: tuple[str, ...]) -> bool:
    """Whether somebody who leaves is watched over: no pause, and no copy of a station."""
    return not {live.PAUSE_BAR, live.COPY_BAR} & set(bars)


def _key_of(request: HttpRequest) -> str:
    kind, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip()[:_KEY_MAX] if kind.lower() == "bearer" else ""


def _device(key: str) -> DeviceFacts | None:
    key_hash = hash_of(key)
    device = devices_of_keys([key_hash]).get(key_hash)
    works = device is not None and device.works and device.kind is DeviceKind.KIOSK
    return device if works else None


def _not_known() -> JsonResponse:
    return _said(_("This key opens no kiosk: it was used already, or revoked."), status=401)


def _said(sentence: str, *, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status, headers=HEADERS)
