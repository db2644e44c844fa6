"""Missions: the list, one mission's page with its live part, its route."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render

from homeby.logbook.reading import ReadKind, opened
from homeby.missions.queries import sheets as found_sheets
from homeby.web.door import Door, page
from homeby.web.gate.here import sheet_or_404
from homeby.web.phone import lists, sheets

PAGE_ROWS = 50


@page()
def missions(door: Door) -> HttpResponse:
    """The missions a viewer may see, by state, found by callsign or place."""
    asked = door.request.GET
    text = asked.get("q", "").strip()[:60]
    tab = lists.tab_of(asked.get("show", ""))
    rows = found_sheets.listed(door.viewer, now=door.now, states=tab.states, text=text)
    paged = Paginator(rows, PAGE_ROWS).get_page(asked.get("page"))
    found = found_sheets.summaries(door.viewer, paged.object_list, now=door.now)
    context = {
        "tabs": lists.tabs(found_sheets.counts(door.viewer), tab, text=text),
        "q": text,
        "page": paged,
        "rows": [lists.row(one, now=door.now) for one in found],
        "query": lists.query(tab, text),
        "show": tab.key,
    }
    return render(door.request, "missions/list.html", context)


@page()
def mission(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """One mission: its times, its party, what may be done, its lines from the logbook."""
    sheet = sheet_or_404(door, mission_id)
    return render(door.request, "missions/mission.html", sheets.context(door, sheet))


@page()
def mission_rows(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """The live part of a mission's page."""
    sheet = sheet_or_404(door, mission_id)
    return render(door.request, "missions/_mission.html", sheets.context(door, sheet))


@page()
def route(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """The planned route as a GPX file, for whoever may read where they are, as long as it has not
    faded."""
    sheet = sheet_or_404(door, mission_id)
    gpx = sheet.where.route_gpx
    if not gpx:
        raise Http404
    party = [row.person_id for row in sheet.party]
    opened(ReadKind.PLACE, what=sheet.mission.ref, party=party)
    response = HttpResponse(gpx, content_type="application/gpx+xml")
    response.headers["Content-Disposition"] = f'attachment; filename="route-{mission_id}.gpx"'
    return response
