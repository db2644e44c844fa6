"""Who is to be released, from a mission or from a shift, one's own last release, and by whose word
a rest was broken."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import plain
from homeby.missions.queries.duties import back_since, outings_of
from homeby.people.rules import STATION, PersonKind, Viewer
from homeby.readiness.models import DutyPerson, DutySwap, Release, RestOverride, SleepTold
from homeby.readiness.queries.duties import visible_duty_people
from homeby.readiness.queries.rest import RELEASERS, visible_overrides
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.duty_planning import Attended, DutyType

#: So long after somebody was back she may still be released.
RELEASED_WITHIN = dt.timedelta(hours=48)
#: So long after the end of a shift: it lasts until the release, and whoever has gone home for
#: longer was no longer on it.
OF_SHIFT_WITHIN = dt.timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class ToRelease:
    """Somebody who is back and was not released from this mission, or whose shift is over, or
    handed over, and who was not released from it; `what` is that mission's or shift's, `back_at`
    when she was back, or the shift ended for her. `goes_on`: she is on that shift, and may be
    released from it where she goes early."""

    person_id: uuid.UUID
    mission_id: uuid.UUID | None
    duty_id: uuid.UUID | None
    callsign: str
    what: str
    out_at: dt.datetime
    back_at: dt.datetime
    is_hard: bool
    goes_on: bool = False

    @property
    def from_id(self) -> uuid.UUID:
        """What she is released from."""
        found = self.mission_id or self.duty_id
        assert found is not None, "she is released from something"
        return found


def to_release(
    viewer: Viewer | None, *, now: dt.datetime, mission_id: uuid.UUID | None = None
) -> list[ToRelease]:
    """Who came in within the last two days, or whose shift ended within twelve hours or was handed
    over, and was not released, for whoever may release her; of one mission alone, if so asked; the
    longest back first. Four queries, for one mission two at most."""
    found = _from_missions(viewer, now=now, mission_id=mission_id)
    if mission_id is not None:
        return _waiting(found)
    found += _from_shifts(viewer, now=now)
    return [one for one in _waiting(found) if not one.goes_on]


def may_be_released(viewer: Viewer | None, *, now: dt.datetime) -> list[ToRelease]:
    """The same, and after them whoever has come to a shift that goes on. Four queries."""
    return _waiting([*_from_missions(viewer, now=now), *_from_shifts(viewer, now=now)])


def _waiting(found: list[ToRelease]) -> list[ToRelease]:
    """Those who were not released from it."""
    if not found:
        return []
    of_these = Q(mission_id__in={one.mission_id for one in found if one.mission_id})
    of_these |= Q(duty_id__in={one.duty_id for one in found if one.duty_id})
    rows = Release.objects.filter(of_these, person_id__in={one.person_id for one in found})
    done = set(rows.values_list("person_id", "mission_id", "duty_id"))
    waiting = [one for one in found if (one.person_id, one.mission_id, one.duty_id) not in done]
    return sorted(waiting, key=lambda one: (one.goes_on, one.back_at, str(one.person_id)))


def _from_missions(
    viewer: Viewer | None, *, now: dt.datetime, mission_id: uuid.UUID | None = None
) -> list[ToRelease]:
    since = now - RELEASED_WITHIN
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
        for one in back_since(viewer, RELEASERS, since=since, mission_id=mission_id)
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
        duty__ends_at__gte=now - OF_SHIFT_WITHIN,
    )
    rows = rows.filter(
        Q(duty__ends_at__lte=now) | Q(duty__starts_at__lte=now, attended=Attended.CAME)
    )
    rows = rows.exclude(attended__in=(Attended.EXCUSED, Attended.NOT_THERE))
    if not viewer.has(*RELEASERS):
        rows = rows.filter(Q(duty__team_id__in=viewer.teams(*RELEASERS)))
    there = list(rows.select_related("person", "duty").distinct())
    handed = _handed_over([row.duty_id for row in there], now=now)
    return [_from_shift(row, handed.get((row.duty_id, row.person_id)), now=now) for row in there]


def _handed_over(
    duty_ids: list[uuid.UUID], *, now: dt.datetime
) -> dict[tuple[uuid.UUID, uuid.UUID], dt.datetime]:
    """When a shift was taken from whoever was on it, by shift and person."""
    rows = DutySwap.objects.filter(
        duty_id__in=duty_ids, is_hand_over=True, is_taken=True, ended_at__lte=now
    )
    found = rows.values_list("duty_id", "from_person_id", "ended_at")
    return {(one, who): at for one, who, at in found if at is not None}


def _from_shift(row: DutyPerson, handed_at: dt.datetime | None, *, now: dt.datetime) -> ToRelease:
    over_at = min(row.duty.ends_at, handed_at or row.duty.ends_at)
    return ToRelease(
        person_id=row.person_id,
        mission_id=None,
        duty_id=row.duty_id,
        callsign=row.person.shown_as,
        what=row.duty.what,
        out_at=row.duty.starts_at,
        back_at=over_at,
        is_hard=False,
        goes_on=over_at > now,
    )


def own_release(viewer: Viewer, *, now: dt.datetime) -> Release | None:
    """The viewer's newest release. One query."""
    if viewer.person_id is None:
        return None
    rows = Release.objects.filter(person_id=viewer.person_id, released_at__lte=now)
    return rows.order_by("-released_at").first()


def wake_after(
    ref: str, party: list[uuid.UUID], *, first: dt.datetime, now: dt.datetime
) -> dict[uuid.UUID, dt.datetime]:
    """When each of these people is asked how she is, who were on this hard mission: after her first
    sleep (`first`), and after her rest where she was released; nobody who has said it since she was
    back. No viewer: it decides who is asked. Three queries."""
    back = {
        one.person_id: one.back_at
        for one in outings_of(party, since=now - RELEASED_WITHIN * 2)
        if f"mission:{one.mission_id}" == ref and one.back_at is not None
    }
    rows = visible_entries(STATION).filter(kind=kinds.AWAKE_SAID, person_id__in=back)
    said = dict(rows.order_by("number").values_list("person_id", "happened_at"))
    released = Release.objects.filter(person_id__in=back, rest_until_at__isnull=False)
    rests = dict(released.order_by("released_at").values_list("person_id", "rest_until_at"))
    return {
        key: max(first, rests.get(key) or first)
        for key, at in back.items()
        if key not in said or said[key] < at
    }


def overrides_of(viewer: Viewer | None, person_id: uuid.UUID) -> list[RestOverride]:
    """By whose word a rest of this person was broken, the newest first; shown in her history. One
    query."""
    rows = visible_overrides(viewer).filter(person_id=person_id)
    return list(rows.order_by("-at")[:20])


def own_data(viewer: Viewer | None) -> dict[str, list[dict[str, Any]]]:
    """The viewer's own releases, broken rests and sleeps, for her archive. Three queries."""
    if viewer is None or viewer.person_id is None:
        return {}
    columns: dict[str, tuple[Any, tuple[str, ...]]] = {
        "releases": (Release, ("began_at", "released_at", "is_fit", "refused_hurt", "stands",
                               "rest_until_at", "rule", "debrief_at")),
        "broken_rests": (RestOverride, ("at", "reason", "begins_at", "ends_at")),
        "sleeps": (SleepTold, ("from_at", "to_at", "slept", "told_at")),
    }  # fmt: skip
    return {
        name: [plain(row) for row in model._default_manager.filter(person_id=viewer.person_id)
               .order_by("pk").values(*names)]
        for name, (model, names) in columns.items()
    }  # fmt: skip
