"""Sealing again, for whoever follows a reader: which places there are, and what the page's script
fetches and gives in. The browser opens and seals; the station takes files of age alone."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeby.logbook.reading import ReadKind, handed_over, opened
from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions.archive_openings import hand_over
from homeby.missions.actions.sealed_again import Change, Resealed, seal_again
from homeby.missions.queries import sealed as queries
from homeby.missions.queries import sealed_again as again_queries
from homeby.missions.queries.sealed_again import Place
from homeby.missions.rules import openings as rules
from homeby.missions.rules import sealed
from homeby.web.door import Door, page, tap_of
from homeby.web.sealed.views import unlocking

#: A batch as it arrives: its files in base64, and the words about each.
_BODY_MOST = 2 * (rules.BATCH_BYTES_MOST + sealed.MOST_BYTES)


@page()
def again(door: Door) -> HttpResponse:
    """Whose place can be taken in what the viewer's keys open, by whom; with both chosen, the
    button that seals all of it again."""
    found = again_queries.places(door.viewer, now=door.now)
    context: dict[str, Any] = {"places": found, "has_archive": queries.archive_key(door.viewer)}
    chosen = _chosen(door.request, found)
    if chosen is not None:
        context |= to_run(door, *chosen) | unlocking(door, chosen[0].by)
    return render(door.request, "sealed/again.html", context)


def _chosen(
    request: HttpRequest, places: Sequence[Place]
) -> tuple[Place, again_queries.Follower] | None:
    """The place and who takes it, as the address names them; None where it names neither."""
    asked = request.GET
    if not asked.get("new"):
        return None
    for place in places:
        by = str(place.by.pk) if place.by else ""
        if (str(place.key.pk), by) == (asked.get("old"), asked.get("by", "")):
            for one in place.followers:
                if str(one.key.pk) == asked.get("new"):
                    return place, one
    raise Http404


def to_run(
    door: Door,
    place: Place,
    follower: again_queries.Follower,
    opening: Any = None,
) -> dict[str, Any]:
    """What the page's script needs, and what stands beside its button."""
    found = again_queries.to_seal_again(
        door.viewer, opening, place=place, follower=follower, now=door.now
    )
    archive = queries.archive_key(door.viewer)
    readers = {key.public: key for keys in found.keys.values() for key in keys}
    told = {
        "items": {str(one): [key.public for key in keys] for one, keys in found.keys.items()},
        "readers": [{"key": one.public, "reader": str(one.person_id)} for one in readers.values()],
        "archive": archive.public if archive else "",
        "old": str(place.key.pk),
        "new": str(follower.key.pk),
        "opening": str(opening.pk) if opening is not None else "",
    }
    shown = [
        {"name": found.names.get(one.person_id, "?"), "sign": sealed.fingerprint(one.public)}
        for one in readers.values()
    ]
    return {
        "place": place,
        "follower": follower,
        "run": json.dumps(told) if archive else "",
        "readers": shown,
        "archive_sign": sealed.fingerprint(archive.public) if archive else "",
        "count": len(found.keys),
    }


@require_POST
@page()
def texts(door: Door) -> HttpResponse:
    """The sealed files of some of them, as many as one request takes."""
    try:
        asked = _asked(door.request, 100_000)
        wanted, opening = [uuid.UUID(one) for one in asked["ids"]], asked["opening"]
        at: dict[str, Any] = {"by": door.viewer, "now": door.now}
        if opening:
            found = hand_over(wanted=wanted, opening_id=uuid.UUID(opening), **at)
        else:
            found = again_queries.texts(door.viewer, wanted, None)
            for one in found:
                opened(ReadKind.CONCERN, what=one.debrief.ref, whose=one.debrief.author_id)
    except Refused as refused:
        return JsonResponse({"sentence": str(refused)}, status=422)
    except (ValueError, KeyError, TypeError, AttributeError):
        return _nonsense()
    handed_over()
    items = [
        {
            "id": str(one.debrief_id),
            "sha256": one.debrief.sha256,
            "content": base64.b64encode(bytes(one.content)).decode(),
        }
        for one in found
    ]
    return JsonResponse({"items": items})


@require_POST
@page()
def give(door: Door) -> HttpResponse:
    """A batch that was sealed again arrives."""
    try:
        sent = _asked(door.request, _BODY_MOST)
        tap = tap_of(door.request)
        said = seal_again(
            items=[
                Resealed(
                    debrief_id=uuid.UUID(one["id"]),
                    was=str(one["was"]),
                    content=base64.b64decode(one["content"], validate=True),
                )
                for one in sent["items"]
            ],
            change=Change(
                old_id=uuid.UUID(sent["old"]),
                new_id=uuid.UUID(sent["new"]),
                archive=str(sent["archive"]),
                opening_id=uuid.UUID(sent["opening"]) if sent["opening"] else None,
            ),
            by=door.viewer,
            now=door.now,
            tap=Tap(entry_id=uuid.UUID(sent["entry_id"]), device=tap.device, happened_at=None),
        )
    except Refused as refused:
        return JsonResponse({"sentence": str(refused)}, status=422)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return _nonsense()
    return JsonResponse({"sentence": said})


def _asked(request: HttpRequest, most: int) -> Any:
    """The JSON that was sent: its length is looked at before a byte of it is read."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > most:
        raise Refused(_("This is more than one batch may hold. Load the page anew."))
    return json.loads(request.read(most + 1))


def _nonsense() -> HttpResponse:
    said = _("This is no batch of sealed debriefs. Load the page anew.")
    return JsonResponse({"sentence": said}, status=422)
