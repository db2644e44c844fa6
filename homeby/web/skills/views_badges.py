"""Open Badges: one's own to take away, and what the station publishes so that others can check."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from homeby.keys import KeyProblem
from homeby.logbook.rules import Refused
from homeby.readiness.actions.open_badges import take_badge
from homeby.readiness.queries import open_badges as queries
from homeby.web.door import Door, at_door, page, tap_of

#: A verifier may run in a page of somebody else; what stands here is public.
HEADERS = {"Access-Control-Allow-Origin": "*"}
TOKEN = "application/vc+jwt"  # noqa: S105 - a media type


@require_POST
@page()
def my_badge(door: Door, holding_id: uuid.UUID) -> HttpResponse:
    """A signed Open Badge of what the viewer herself holds, as a file."""
    try:
        take_badge(holding_id=holding_id, by=door.viewer, now=door.now, tap=tap_of(door.request))
        badge = queries.signed_badge(door.viewer, holding_id, now=door.now)
    except (Refused, KeyProblem) as problem:
        messages.error(door.request, str(problem))
        return redirect("my-qualifications")
    assert badge is not None, "it was given its place just now"
    name = f'attachment; filename="{badge.file_name}"'
    return HttpResponse(
        badge.token,
        content_type=TOKEN,
        headers={"Content-Disposition": name, "Cache-Control": "no-store"},
    )


@require_GET
def issuer(request: HttpRequest) -> JsonResponse:
    """Who signs: the organisation, by name and address."""
    return JsonResponse(queries.published(), headers=HEADERS)


@require_GET
def key(request: HttpRequest) -> JsonResponse:
    """The public key of the station, by which anybody checks an Open Badge."""
    try:
        return JsonResponse(
            queries.public_key(), headers=HEADERS, content_type="application/jwk+json"
        )
    except KeyProblem as problem:
        return JsonResponse({"sentence": str(problem)}, status=503)


@require_GET
def withdrawn(request: HttpRequest) -> HttpResponse:
    """The signed list of Open Badges that were withdrawn: a bit for each, and no name."""
    try:
        token = queries.withdrawn_list(now=at_door(request).now)
    except KeyProblem as problem:
        return JsonResponse({"sentence": str(problem)}, status=503)
    return HttpResponse(token, content_type=TOKEN, headers=HEADERS)
