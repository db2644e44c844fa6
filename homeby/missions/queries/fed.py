"""A person's own missions as her calendar shows them elsewhere: when, and not what or where. Of the
others of her party it tells nothing: from her own return on nothing of it changes by theirs."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from homeby.logbook.revisions import Revision, revisions
from homeby.missions.models import PartyMember, ref_of
from homeby.missions.queries.done import PLANNED_LENGTH, planned_begin
from homeby.missions.rules import (
    EXTENSION_DECIDED,
    MISSION_CANCELLED,
    MISSION_CHANGED,
    MISSION_CONFIRMED,
    MISSION_MOVED,
    MISSION_PLANNED,
    MISSION_SIGNED_OUT,
    SIGN_IN_TAKEN_BACK,
    MemberState,
    MissionState,
)

#: What may change when she is out, or whether she goes.
_TIMED = (
    MISSION_PLANNED, MISSION_CHANGED, MISSION_MOVED, MISSION_CANCELLED, MISSION_SIGNED_OUT,
    EXTENSION_DECIDED, MISSION_CONFIRMED,
)  # fmt: skip
#: More changes of one mission are not counted apart: each return, and each return that is taken
#: back, begins a new count above it.
_AT_MOST = 9_999
FED_MAX = 500


@dataclass(frozen=True, kw_only=True)
class FedOuting:
    """A mission of hers; `sequence` never falls."""

    mission_id: uuid.UUID
    begins: dt.datetime
    ends: dt.datetime
    is_on: bool
    changed_at: dt.datetime
    sequence: int


def fed_outings(person_id: uuid.UUID, *, begins: dt.datetime, ends: dt.datetime) -> list[FedOuting]:
    """The missions that somebody is planned for, is out on, or is back from, within a time, and
    those of them that were called off. No viewer: as for duties, the secret of the address is the
    permission. Two queries."""
    rows = PartyMember.objects.filter(
        Q(back_at__isnull=True) | Q(back_at__gt=begins),
        Q(mission__due_at__gt=begins) | Q(out_at__isnull=False),
        Q(mission__due_at__lt=ends + PLANNED_LENGTH)
        | Q(mission__sets_out_at__lt=ends)
        | Q(out_at__lt=ends),
        person_id=person_id,
        mission__state__in=[one for one in MissionState if one != MissionState.UNCONFIRMED],
    ).exclude(~Q(mission__state=MissionState.CANCELLED), state=MemberState.STAYED)
    found = list(rows.select_related("mission").order_by("mission__due_at", "pk")[:FED_MAX])
    refs = [row.mission.ref for row in found]
    changed = revisions(refs, kinds=_TIMED, person_id=person_id)
    return [_outing(row, changed.get(ref_of(row.mission_id), [])) for row in found]


def _outing(row: PartyMember, changed: Sequence[Revision]) -> FedOuting:
    due, is_back = row.mission.due_at, row.state == MemberState.BACK
    known = [one for one in changed if one.is_own] if is_back else changed
    taken_back = sum(one.is_own and one.kind == SIGN_IN_TAKEN_BACK for one in changed)
    begins = row.out_at or (due and planned_begin(row.mission.sets_out_at, due))
    ends = row.back_at or due or begins
    assert begins is not None, "a mission without a return is one that somebody left on"
    assert ends is not None, "it ends when it begins, at least"
    return FedOuting(
        mission_id=row.mission_id,
        begins=begins.astimezone(dt.UTC),
        ends=ends.astimezone(dt.UTC),
        is_on=row.mission.state != MissionState.CANCELLED,
        changed_at=max((one.at for one in known), default=row.back_at or begins),
        sequence=(2 * taken_back + is_back) * (_AT_MOST + 1) + min(len(known), _AT_MOST),
    )
