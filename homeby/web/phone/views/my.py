"""My mission on a phone: the page, its live part, the key, and what makes it installable."""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from homeby.logbook.rules import Refused, Tap
from homeby.people.actions.devices import NAME_MAX, DeviceFields, add_device
from homeby.people.queries.devices import devices_of_keys
from homeby.people.rules import Act, DeviceKind, hash_of
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views_devices import and_told
from homeby.web.phone import my as facts
from homeby.web.phone.signing import here
from homeby.web.phone.views.push import push_key

#: The script beside the page that answers when no line does. It stands under the page's own address
#: because that is how far its power reaches.
_SCRIPTS = Path(__file__).resolve().parents[2] / "static/homeby/js"
_WORKER = ("sending.js", "my-worker.js")
_KEY_MAX = 200


class KeyForm(forms.Form):
    """A phone gives itself a key, keeps it, and brings the key's hash; and the public half of the
    one by which it signs, where its browser makes such keys."""

    name = forms.CharField(max_length=NAME_MAX)
    key_hash = forms.RegexField(r"^[0-9a-f]{64}$")
    sign_key = forms.CharField(required=False)


@page()
def my(door: Door) -> HttpResponse:
    """The viewer's own mission with one big button."""
    found = facts.context(door)
    context = found | {"push_key": push_key(), "at_gate": here(door, found["data"]["gates"])}
    return render(door.request, "my/my.html", context)


@page()
def my_rows(door: Door) -> HttpResponse:
    """The live part of that page."""
    return render(door.request, "my/_mission.html", facts.context(door))


@require_POST
@page()
def my_key(door: Door) -> HttpResponse:
    """Let this phone in by the key that it made. Asked twice, it is let in once; the device's id is
    the entry's. Answers JSON: `device`, or `sentence` where it cannot be."""
    assert door.viewer.person_id is not None, "the page needs a log-in"
    form = KeyForm(door.request.POST)
    if not form.is_valid():
        return JsonResponse({"sentence": _("Name the phone, in 1 to 100 characters.")}, status=422)
    fields = DeviceFields(
        kind=DeviceKind.PHONE,
        name=form.cleaned_data["name"],
        acts=tuple(Act),
        person_id=door.viewer.person_id,
        sign_key=form.cleaned_data["sign_key"],
    )
    key_hash, tap = form.cleaned_data["key_hash"], tap_of(door.request)
    known = devices_of_keys([key_hash]).get(key_hash)
    try:
        if known is None:
            # No proof is asked for: a phone gets its key while its person is out, too. She is told.
            and_told(door, door.viewer.person_id, lambda: _let_in(door, fields, key_hash, tap), tap)
            known = devices_of_keys([key_hash]).get(key_hash)
    except Refused as refused:
        return JsonResponse({"sentence": str(refused)}, status=422)
    if known is None or known.person_id != door.viewer.person_id or not known.works:
        return JsonResponse({"sentence": _("This key cannot be used; make a new one.")}, status=409)
    return JsonResponse({"device": str(known.id)})


def _let_in(door: Door, fields: DeviceFields, key_hash: str, tap: Tap) -> str:
    return add_device(fields=fields, key_hash=key_hash, by=door.viewer, now=door.now, tap=tap)


@require_safe
def key_works(request: HttpRequest) -> HttpResponse:
    """Whether the key in the header opens anything. The phone asks before it shows the page that it
    keeps to whoever is not logged in. Names nobody. Answers JSON: `works`."""
    kind, _space, key = request.headers.get("Authorization", "").partition(" ")
    key_hash = hash_of(key.strip()[:_KEY_MAX]) if kind.lower() == "bearer" else ""
    found = devices_of_keys([key_hash]).get(key_hash)
    works = found is not None and found.works and found.kind is DeviceKind.PHONE
    answer = JsonResponse({"works": works})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker of the page, with what it shares with the page's own script; the same for
    everybody."""
    text = b"".join((_SCRIPTS / name).read_bytes() for name in _WORKER)
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@require_GET
def manifest(_request: HttpRequest) -> HttpResponse:
    """What a phone shows of the page once it is installed."""
    mark = [
        (static("homeby/img/favicon.svg"), "any", "image/svg+xml", "any"),
        (static("homeby/img/icon-192.png"), "192x192", "image/png", "any"),
        (static("homeby/img/icon-512.png"), "512x512", "image/png", "any"),
        (static("homeby/img/icon-whole-512.png"), "512x512", "image/png", "maskable"),
    ]
    content = {
        "id": "/my/",
        "name": _("Homeby: my mission"),
        "short_name": "Homeby",
        "start_url": "/my/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f1eb",
        "theme_color": "#15302a",
        "icons": [
            {"src": src, "sizes": sizes, "type": kind, "purpose": purpose}
            for src, sizes, kind, purpose in mark
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")
