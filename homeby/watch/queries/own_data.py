"""When the viewer herself had the watch, for her archive."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from homeby.logbook.rules import plain
from homeby.people.rules import Viewer
from homeby.watch.models import BillRow, DutyPhone


def own_data(viewer: Viewer | None) -> dict[str, Any]:
    """Her watches and what her duty phone has proven. What was done by a duress PIN is not here:
    whoever forces her may ask for her archive too. Two queries."""
    if viewer is None or viewer.person_id is None:
        return {}
    bill = BillRow.objects.filter(Q(person_id=viewer.person_id) | Q(deputy_id=viewer.person_id))
    phones = DutyPhone.objects.filter(person_id=viewer.person_id)
    columns = ("person_id", "deputy_id", "from_at", "to_at", "aside_at", "deputy_aside_at")
    return {
        "watch_bill": [plain(row) for row in bill.order_by("from_at", "pk").values(*columns)],
        "duty_phone": [plain(row) for row in phones.values("since_at", "hour", "proven_at")],
    }
