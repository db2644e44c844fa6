"""Who is to be released, from a mission or from a shift, one's own last release, and by whose word
a rest was broken."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q

from homeby.missions.queries.duties import back_since
from homeby.people.rules import PersonKind, Viewer
from homeby.readiness.models import Release, RestOverride
from homeby.readiness.queries.duties import visible_duty_people
from homeby.readiness.queries.rest import RELEASERS, visible_overrides
from homeby.readiness.rules.duty_planning import Attended, DutyType

#: So long after somebody was back she may still be released.
RELEASED_WITHIN = dt.timedelta(hours=48)
#: So long after the end of a shift: it lasts until the release, and whoever has gone home for
#: longer was no longer on it.
OF_SHIFT_WITHIN = dt.timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class ToRelease:
    """Somebody who is back and was not released from this mission, or whose shift is over and who
    was not released from it; `what` is that mission's or shift's, `back_at` when she was back, or
    the shift ended."""

    person_id: uuid.UUID
    mission_id: uuid.UUID | None
    duty_id: uuid.UUID | None
    callsign: str
    what: str
    out_at: dt.datetime
    back_at: dt.datetime
    is_hard: bool

    @property
    def from_id(self) -> uuid.UUID:
        """What she is released from."""
        found = self.mission_id or self.duty_id
        assert found is not None, "she is released from something"
        return found


def to_release(viewer: Viewer | None, *, now: dt.datetime) -> list[ToRelease]:
    """Who came in within the last two days, or whose shift ended within twelve hours, and was not
    released, for whoever may release her; the longest back first. Three queries."""
    found = [*_from_missions(viewer, now=now), *_from_shifts(viewer, now=now)]
    rows = Release.objects.filter(person_id__in=[one.person_id for one in found])
    done = set(rows.values_list("person_id", "mission_id", "duty_id"))
    waiting = [one for one in found if (one.person_id, one.mission_id, one.duty_id) not in done]
    return sorted(waiting, key=lambda one: (one.back_at, str(one.person_id)))


def _from_missions(viewer: Viewer | None, *, now: dt.datetime) -> list[ToRelease]:
    return [
        ToRelease(
            person_id=one.person_id,
            mission_id=one.mission_id,
            duty_id=None,
            callsign=one.callsign,
            what=one.what,
            out_at=one.out_at,
            back_at=one.back_at,
            is_hard=one.is_hard,
        )
        for one in back_since(viewer, RELEASERS, since=now - RELEASED_WITHIN)
    ]


def _from_shifts(viewer: Viewer | None, *, now: dt.datetime) -> list[ToRelease]:
    if viewer is None or viewer.person_id is None:
        return []
    rows = visible_duty_people(viewer).filter(
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        person__kind=PersonKind.HUMAN,
        person__is_active=True,
        duty__kind=DutyType.SHIFT,
        duty__cancelled_at__isnull=True,
        duty__ends_at__range=(now - OF_SHIFT_WITHIN, now),
    )
    rows = rows.exclude(attended__in=(Attended.EXCUSED, Attended.NOT_THERE))
    if not viewer.has(*RELEASERS):
        rows = rows.filter(Q(duty__team_id__in=viewer.teams(*RELEASERS)))
    return [
        ToRelease(
            person_id=row.person_id,
            mission_id=None,
            duty_id=row.duty_id,
            callsign=row.person.shown_as,
            what=row.duty.what,
            out_at=row.duty.starts_at,
            back_at=row.duty.ends_at,
            is_hard=False,
        )
        for row in rows.select_related("person", "duty").distinct()
    ]


def own_release(viewer: Viewer, *, now: dt.datetime) -> Release | None:
    """The viewer's newest release. One query."""
    if viewer.person_id is None:
        return None
    rows = Release.objects.filter(person_id=viewer.person_id, released_at__lte=now)
    return rows.order_by("-released_at").first()


def overrides_of(viewer: Viewer | None, person_id: uuid.UUID) -> list[RestOverride]:
    """By whose word a rest of this person was broken, the newest first; shown in her history. One
    query."""
    rows = visible_overrides(viewer).filter(person_id=person_id)
    return list(rows.order_by("-at")[:20])
