"""What of missions is still in use, so that no rule of retention erases it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.db.models import Q

from homeby.missions.models import BrokenGlass, Mission, PartyMember, Unmatched
from homeby.missions.models.sealed import SealedText
from homeby.missions.rules import MissionState


def in_use(*, since: dt.datetime) -> set[str]:
    """Ids of missions that are out, planned for later than `since`, unconfirmed, or with trouble
    that nobody has cleared, and of entries that fit nothing and wait for somebody. Two queries."""
    over = (MissionState.BACK, MissionState.CANCELLED)
    running = ~Q(state__in=(*over, MissionState.PLANNED))
    ahead = Q(state=MissionState.PLANNED, due_at__gte=since)
    troubled = Q(is_trouble=True, trouble_cleared_at__isnull=True)
    missions = Mission.objects.filter(running | ahead | troubled).values_list("pk", flat=True)
    waiting = Unmatched.objects.filter(settled_at__isnull=True).values_list("pk", flat=True)
    return {str(key) for key in (*missions, *waiting)}


def not_reviewed() -> set[str]:
    """Ids of the missions and people over whom a glass was broken that nobody has reviewed: what
    its holder looked at is part of the review. One query."""
    rows = BrokenGlass.objects.filter(reviewed_at__isnull=True).values_list("mission_id", "party")
    return {str(key) for mission_id, party in rows for key in (mission_id, *party)}


def is_on_mission(person_id: uuid.UUID) -> bool:
    """Whether somebody is of the party of a mission that is planned or not over. One query."""
    rows = PartyMember.objects.filter(person_id=person_id)
    over = (MissionState.BACK, MissionState.CANCELLED)
    return rows.exclude(mission__state__in=over).exists()


def missions_of(person_id: uuid.UUID) -> list[str]:
    """What the missions are called on whose party somebody ever was. One query."""
    rows = PartyMember.objects.filter(person_id=person_id).order_by("mission_id")
    return [f"mission:{key}" for key in rows.values_list("mission_id", flat=True)]


def came_back(
    mission_ids: Iterable[uuid.UUID], *, now: dt.datetime
) -> dict[uuid.UUID, dt.datetime | None]:
    """When the party of each of these missions that is over was back; of one that nobody has left
    on, and that would be over by its plan, when that was; None where it was called off. One
    query."""
    never_left = Q(state=MissionState.PLANNED, due_at__lte=now)
    over = Q(state__in=(MissionState.BACK, MissionState.CANCELLED))
    rows = Mission.objects.filter(over | never_left, pk__in=set(mission_ids))
    return {
        key: due if state == MissionState.PLANNED else back
        for key, state, back, due in rows.values_list("pk", "state", "back_at", "due_at")
    }


def old_sealed(*, before: dt.datetime, spared: Collection[str]) -> list[uuid.UUID]:
    """Ids of sealed debriefs from before then whose text is here, but for those about missions that
    are spared, and those that a reader is still to be asked for. One query."""
    rows = SealedText.objects.filter(debrief__sealed_at__lt=before).exclude(content=b"")
    rows = rows.exclude(debrief__readers__ask_at__isnull=False)
    found = rows.order_by("pk").values_list("debrief_id", "debrief__mission_id")
    return [key for key, mission_id in found if str(mission_id) not in spared]
