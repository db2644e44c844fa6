"""Writing a debrief and sealing it. The page brings keys; what comes back is sealed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions.sealing import Sealing, give_sealed
from homeby.missions.queries import sealed as queries
from homeby.missions.queries.debrief_items import debrief_items
from homeby.missions.rules import sealed as rules
from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.web import words as common
from homeby.web.door import Door, page, tap_of
from homeby.web.gate import reports
from homeby.web.gate.here import sheet_or_404
from homeby.web.sealed import words


@page()
def write(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """The page on which one of the party writes. Who can read it, and who cannot yet, stands
    there before she begins; and what others must know now is asked first, outside the seal, unless
    her first report has answered it."""
    sheet, archive = sheet_or_404(door, mission_id), queries.archive_key(door.viewer)
    if not any(str(one.mission_id) == str(mission_id) for one in queries.to_seal(door.viewer)):
        raise Http404
    mine = _mine(door)
    asked = None if mine in sheet.reported else reports.form_for(door, sheet, mine)
    if asked is not None and asked.is_bound and reports.give(door, sheet, mine, asked):
        return redirect("sealed-write", mission_id)
    author = people.person(door.viewer, mine)
    found = queries.readers(door.viewer, sheet.mission, now=door.now)
    context = {
        "mission": sheet.mission,
        "author": author,
        "report_form": asked,
        "archive": archive,
        "archive_sign": rules.fingerprint(archive.public) if archive else "",
        "is_administrator": door.viewer.has(Role.ADMINISTRATOR),
        "readers": [
            {"one": one, "role": common.word(words.ROLES, one.role)} for one in found if one.key
        ],
        "without": [one.name for one in found if one.key is None],
        "items": [one.text for one in debrief_items(door.viewer)] or words.ITEMS,
        "most": rules.MOST_BYTES,
    }
    code = 422 if asked is not None and asked.errors else 200
    return render(door.request, "sealed/write.html", context, status=code)


def _mine(door: Door) -> uuid.UUID:
    assert door.viewer.person_id is not None, "a page of a member"
    return door.viewer.person_id


@require_POST
@page()
def give(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """A sealed file arrives, as it is; whatever else arrives is answered by a sentence."""
    try:
        sealing = _sealing(door.request)
        said = give_sealed(
            mission_id=mission_id,
            sealing=sealing,
            by=door.viewer,
            now=door.now,
            tap=_tap(door.request),
        )
    except Refused as refused:
        return JsonResponse({"sentence": str(refused)}, status=422)
    messages.success(door.request, said)
    return JsonResponse({"next": reverse("sealed")})


def _sealing(request: HttpRequest) -> Sealing:
    """What was sent: its length is looked at before a byte of it is read."""
    sent = request.headers.get("Content-Length", "")
    if sent.isdecimal() and int(sent) > rules.MOST_BYTES:
        raise Refused(_("This is larger than a sealed debrief may be; leave out a photograph."))
    if request.content_type != "application/octet-stream":
        raise Refused(_("This is not sealed. Nothing of it was kept: seal it first."))
    return Sealing(
        content=request.read(rules.MOST_BYTES + 1),
        readers=request.GET.getlist("reader"),
        archive=request.GET.get("archive", ""),
        signer=request.GET.get("signer", ""),
    )


def _tap(request: HttpRequest) -> Tap:
    found = tap_of(request)
    try:
        entry_id = uuid.UUID(request.GET.get("entry_id", ""))
    except ValueError:
        return found
    return Tap(entry_id=entry_id, device=found.device, happened_at=None)
