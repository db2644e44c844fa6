"""What of missions is a person's own, taken out where she is erased."""

from __future__ import annotations

import uuid

from homeby.logbook.actions import Page
from homeby.missions.models import FirstReport, PartyMember


def forget_person(page: Page, person_id: uuid.UUID) -> None:
    """Blank, as part of an entry, how she looked, what she answered and what she reported."""
    rows = PartyMember.objects.select_for_update().filter(person_id=person_id)
    for member in rows.order_by("pk"):
        page.change(member, description="", acceptance_note="")
    reports = FirstReport.objects.select_for_update().filter(person_id=person_id)
    for report in reports.order_by("pk"):
        page.change(report, urgent="", still_out="", kit_missing="", danger="")
