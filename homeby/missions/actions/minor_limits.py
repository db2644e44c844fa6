"""The limits of minors, handed down from the rules that the organisation chose, as part of that
entry."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from homeby.logbook.actions import Page
from homeby.missions.models import MinorLimit
from homeby.missions.rules.minors import Limit


def hand_down(page: Page, limits: Sequence[Limit]) -> None:
    """From now on these limits hold for every minor, beside those that are set for each."""
    for row in MinorLimit.objects.select_for_update().order_by("rank"):
        page.remove(row)
    for rank, limit in enumerate(limits):
        page.add(
            MinorLimit(
                id=uuid.uuid4(),
                rank=rank,
                name=limit.name[:300],
                below_age=limit.below_age,
                begins=limit.begins,
                ends=limit.ends,
                hours=limit.hours,
                adults=limit.adults,
                kinds=list(limit.kinds),
            )
        )
