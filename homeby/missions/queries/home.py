"""What one of a party who is home herself sees of her mission: how it stands with her own outing.

Whether the others have come home is not hers to know (`RELIABILITY.md` 11), and so nothing that she
can read may change by it: the mission is back for her from her own return on, whatever it is for
those who answer for it, and the party stands there without states. An open alarm that came to her,
or by which she called for help herself, comes first: while it is open she reads how it stands.
"""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from homeby.logbook import queries as logbook
from homeby.missions.models import Mission, PartyMember, ref_of
from homeby.missions.queries.visible import came_home, visible_party
from homeby.missions.rules import MISSION_ASKED_FOR_HELP, MemberState, MissionState
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.watch import queries as watch
from homeby.watch.queries.told import came_to
from homeby.watch.rules.duress import about_of, silent_ref

#: How one of the party stands of whom that is not to be known.
UNSAID = ""


def own_returns(
    viewer: Viewer | None, missions: Iterable[uuid.UUID]
) -> dict[uuid.UUID, PartyMember]:
    """Of these missions those that are as she left them, each with her own part in it. One query,
    none for whoever keeps the watch; one more where there are any, three while an alarm is open."""
    if viewer is None or viewer.keeps_watch:
        return {}
    return _unless_alarmed(viewer, came_home(viewer).filter(mission__in=set(missions)))


def goes_on_without(viewer: Viewer | None) -> set[uuid.UUID]:
    """Those of them that are not over: she is back, and others are out. As `own_returns`."""
    if viewer is None or viewer.keeps_watch:
        return set()
    rows = came_home(viewer).exclude(mission__state=MissionState.BACK)
    return set(_unless_alarmed(viewer, rows))


def _unless_alarmed(viewer: Viewer, rows: QuerySet[PartyMember]) -> dict[uuid.UUID, PartyMember]:
    found = {row.mission_id: row for row in rows}
    refs = {ref_of(key): key for key in found}
    if not watch.open_alarms_of([*refs, *map(silent_ref, refs)]):
        return found
    told = {about_of(ref) for ref, _at in came_to(viewer).values()}
    called = {
        line.subject
        for line in logbook.mission_lines(subjects=list(refs))
        if line.kind == MISSION_ASKED_FOR_HELP and line.actor_id == viewer.person_id
    }
    return {refs[ref]: found[refs[ref]] for ref in refs if ref not in told | called}


def in_states(
    viewer: Viewer | None, rows: QuerySet[Mission], states: Sequence[str]
) -> QuerySet[Mission]:
    """Those of these missions that are in one of these states, as the viewer may know it."""
    apart = goes_on_without(viewer)
    if not apart:
        return rows.filter(state__in=states)
    as_they_are = Q(state__in=states) & ~Q(pk__in=apart)
    return rows.filter(as_they_are | Q(pk__in=apart if MissionState.BACK in states else ()))


def counted(viewer: Viewer | None, found: dict[str, int]) -> dict[str, int]:
    """Visible missions by their state, each counted where the viewer finds it."""
    counts = Counter(found)
    apart = goes_on_without(viewer)
    really = Mission.objects.filter(pk__in=apart).values_list("state", flat=True)
    counts.subtract(really if apart else ())
    counts[MissionState.BACK] += len(apart)
    return {state: number for state, number in counts.items() if number}


def as_left(row: Mission, own: PartyMember) -> Mission:
    """A mission as whoever came home from it may know it: a copy to be shown, never to be kept. The
    terms of one who is alone out there, what others said of a delay, and when the others were heard
    are not of it. At most one query."""
    seen = copy.copy(row)
    seen.state = MissionState.BACK
    seen.back_at = seen.heard_at = own.back_at
    seen.delay_reason, seen.is_trouble = None, False
    if row.alone_at is not None:
        seen.is_solo, seen.alone_at = False, None
        seen.call_out_at = row.party_call_out_at or row.call_out_at
        seen.check_in_minutes = row.party_check_in_minutes
    seen.debrief_due_at = own.back_at + _rest() if own.back_at is not None else None
    return seen


def _rest() -> dt.timedelta:
    organisation = people.organisation()
    return dt.timedelta(hours=organisation.rest_hours if organisation else 11)


def party_of(
    viewer: Viewer | None, row: Mission, left: Mapping[uuid.UUID, PartyMember]
) -> list[PartyMember]:
    """The party of a mission whose people are at hand; `left` are the viewer's `own_returns`."""
    own, everybody = left.get(row.pk), list(row.party.all())
    return everybody if own is None else fellows(viewer, everybody, own)


def with_fellows(viewer: Viewer | None, mission_id: uuid.UUID) -> list[PartyMember]:
    """The party of a visible mission as the viewer may know it. One query, up to six for one of it
    who is home."""
    everybody = PartyMember.objects.select_related("person", "out_gate", "back_gate", "mission")
    everybody = everybody.filter(mission_id=mission_id)
    rows = list(everybody.filter(pk__in=visible_party(viewer).values("pk")))
    own = _home(viewer, rows)
    if viewer is None or own is None or not came_home(viewer).filter(pk=own.pk).exists():
        return rows
    if own_returns(viewer, [mission_id]):
        return fellows(viewer, everybody, own)
    apart = frozenset() if mission_id in viewer.last_resort else viewer.apart
    out = everybody.exclude(state=MemberState.BACK).exclude(person_id__in=apart)
    return [own, *out]  # an alarm about them came to her


def _home(viewer: Viewer | None, rows: Iterable[PartyMember]) -> PartyMember | None:
    if viewer is None or viewer.keeps_watch:
        return None
    own = (row for row in rows if row.person_id == viewer.person_id)
    return next((row for row in own if row.state == MemberState.BACK), None)


def fellows(
    viewer: Viewer | None, members: Iterable[PartyMember], own: PartyMember
) -> list[PartyMember]:
    """Who went with her, and herself: the others without a state, whatever became of them. Copies
    to be shown, never to be kept."""
    apart = viewer.apart if viewer is not None else frozenset()
    return [
        row if row.person_id == own.person_id else _unsaid(row)
        for row in members
        if row.person_id == own.person_id or (row.person_id not in apart and _went_with(row, own))
    ]


def _went_with(row: PartyMember, own: PartyMember) -> bool:
    return row.out_at is not None and own.back_at is not None and row.out_at <= own.back_at


def _unsaid(row: PartyMember) -> PartyMember:
    seen = copy.copy(row)
    seen.state = UNSAID
    seen.back_at = seen.back_gate = seen.back_by_id = None
    seen.back_how = ""
    seen.debriefed_at = seen.debriefed_by_id = None
    return seen
