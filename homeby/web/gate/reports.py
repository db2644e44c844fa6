"""The first report: whose it is, whether a reason for a delay is asked, handing it in."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404

from homeby.logbook.rules import Refused
from homeby.missions.actions import report
from homeby.missions.actions.report import ReportFields
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import Hurt
from homeby.web.door import Door, show, tap_of
from homeby.web.gate.acts import renamed
from homeby.web.gate.forms import ReportForm


def form_for(door: Door, sheet: Sheet, person_id: uuid.UUID) -> ReportForm:
    """The form of one person of the party; anybody else has none."""
    back_at = {row.person_id: row.back_at for row in sheet.party}
    if person_id not in back_at:
        raise Http404
    due_at, own_at = sheet.mission.due_at, back_at[person_id]
    late = own_at is not None and due_at is not None and own_at > due_at
    data = door.request.POST if door.request.method == "POST" else None
    return ReportForm(data, viewer=door.viewer, late=late)


def name_of(sheet: Sheet, person_id: uuid.UUID) -> str:
    """The callsign of one of the party."""
    return next(row.person.shown_as for row in sheet.party if row.person_id == person_id)


def give(door: Door, sheet: Sheet, person_id: uuid.UUID, form: ReportForm) -> bool:
    """Hand the report in; False when the form has something to mend."""
    if not form.is_valid():
        return False
    said = form.cleaned_data
    reason = str(said.get("delay_reason", ""))
    fields = ReportFields(
        hurt=Hurt(said["hurt"]),
        urgent=said["urgent"],
        still_out=said["still_out"],
        kit_missing=said["kit_missing"],
        danger=said["danger"],
        reason_id=uuid.UUID(reason) if reason else None,
    )
    try:
        answer = report.first_report(
            mission_id=sheet.mission.pk,
            person_id=person_id,
            fields=fields,
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )
    except Refused as refused:
        show(form, renamed(refused, {"reason": "delay_reason"}))
        return False
    messages.success(door.request, answer)
    return True
