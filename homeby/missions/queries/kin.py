"""What a kin page may know of whom kin wait for: in or out, and two hours. Nothing else leaves."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.missions.models import PartyMember
from homeby.missions.rules import MemberState


@dataclass(frozen=True, kw_only=True)
class Outing:
    """Where a person's outing stands, by its reference."""

    ref: str
    zone: str
    is_out: bool
    due_at: dt.datetime | None
    call_out_at: dt.datetime | None
    back_at: dt.datetime | None


def outing_of(person_id: uuid.UUID) -> Outing | None:
    """The outing a person is on, the one that is due first if there are several; else the last one
    she came back from. For her kin, whose secret link is the permission. At most two queries."""
    rows = PartyMember.objects.filter(person_id=person_id).select_related("mission")
    row = rows.filter(state=MemberState.OUT).order_by("mission__due_at", "pk").first()
    row = row or rows.filter(state=MemberState.BACK).order_by("-back_at").first()
    if row is None:
        return None
    return Outing(
        ref=row.mission.ref,
        zone=row.mission.zone,
        is_out=row.state == MemberState.OUT,
        due_at=row.mission.due_at,
        call_out_at=row.mission.call_out_at,
        back_at=row.back_at,
    )
