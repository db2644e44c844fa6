"""Counts of those who are out, for whoever operates the station: numbers, nobody's name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Viewer


@dataclass(frozen=True, kw_only=True)
class OutFigures:
    """How many parties and people are out now, how many of the parties are overdue, and for how
    many of those the call-out time has passed."""

    parties: int
    people: int
    overdue: int
    past_call_out: int


def out_figures(viewer: Viewer | None, *, now: dt.datetime) -> OutFigures:
    """The counts at `now`, in the station's time; for the station alone, others find none. Two
    queries, by the indexes of what is out."""
    out = Mission.objects.filter(state=MissionState.OUT)
    people = PartyMember.objects.filter(state=MemberState.OUT)
    if viewer is None or not viewer.is_station:
        out, people = out.none(), people.none()
    counted = out.aggregate(
        parties=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        past_call_out=Count("pk", filter=Q(call_out_at__lt=now)),
    )
    return OutFigures(people=people.count(), **counted)
