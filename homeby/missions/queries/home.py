"""What one of a party sees of the others: who went with her, and not who of them is home.
Once she is home herself her mission stands as it stands with her own outing.

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
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from homeby.logbook import queries as logbook
from homeby.logbook.earlier import before_change, last_held
from homeby.missions.models import Mission, PartyMember, ref_of
from homeby.missions.queries.visible import came_home, own_parts, visible_party
from homeby.missions.rules import (
    MISSION_ASKED_FOR_HELP,
    MISSION_SIGNED_IN,
    MemberState,
    MissionState,
)
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
    found = parts(viewer, missions)
    return {key: own for key, own in found.items() if own.state == MemberState.BACK}


def parts(viewer: Viewer | None, missions: Iterable[uuid.UUID]) -> dict[uuid.UUID, PartyMember]:
    """Her own part in those of these missions where she may not know who is home; as
    `own_returns`."""
    if viewer is None or viewer.keeps_watch:
        return {}
    return _unless_alarmed(viewer, own_parts(viewer).filter(mission__in=set(missions)))


def as_known(row: Mission, own: PartyMember | None) -> Mission:
    """A mission as the viewer may know it, `own` being her part of `parts`: once she is home as she
    left it; before that it was not heard by the return of another. At most two queries."""
    if own is None or row.state not in (MissionState.OUT, MissionState.BACK):
        return row
    if own.state == MemberState.BACK:
        return as_left(row, own)
    seen = copy.copy(row)
    seen.heard_at = last_held(row, "heard_at", subject=row.ref, but=MISSION_SIGNED_IN)
    return seen


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
    terms of one who is alone out there, what others said of a delay, when the others were heard and
    what was changed for them since, as more time, are not of it. At most two queries."""
    seen = copy.copy(row)
    if row.state != MissionState.BACK or row.back_at != own.back_at:  # others came home later
        then = before_change(row, subject=row.ref, to=own, state=MemberState.BACK)
        for name, value in then.items():
            setattr(seen, name, value)
    seen.state = MissionState.BACK
    seen.back_at = seen.heard_at = own.back_at
    seen.delay_reason, seen.is_trouble = None, False
    if seen.alone_at is not None:
        seen.is_solo, seen.alone_at = False, None
        seen.call_out_at = seen.party_call_out_at or seen.call_out_at
        seen.check_in_minutes = seen.party_check_in_minutes
    seen.debrief_due_at = own.back_at + _rest() if own.back_at is not None else None
    return seen


def _rest() -> dt.timedelta:
    organisation = people.organisation()
    return dt.timedelta(hours=organisation.rest_hours if organisation else 11)


def party_of(
    viewer: Viewer | None, row: Mission, known: Mapping[uuid.UUID, PartyMember]
) -> list[PartyMember]:
    """The party of a mission whose people are at hand; `known` are the viewer's `parts` in all."""
    own, everybody = known.get(row.pk), list(row.party.all())
    return everybody if own is None else fellows(viewer, everybody, own)


def with_fellows(viewer: Viewer | None, mission_id: uuid.UUID) -> list[PartyMember]:
    """The party of a visible mission as the viewer may know it. One query, up to six for one of
    it."""
    everybody = PartyMember.objects.select_related("person", "out_gate", "back_gate", "mission")
    everybody = everybody.filter(mission_id=mission_id)
    rows = list(everybody.filter(pk__in=visible_party(viewer).values("pk")))
    own = _own(viewer, rows)
    if viewer is None or own is None or not own_parts(viewer).filter(pk=own.pk).exists():
        return rows
    if parts(viewer, [mission_id]):
        return fellows(viewer, everybody, own)
    apart = frozenset() if mission_id in viewer.last_resort else viewer.apart
    out = everybody.exclude(state=MemberState.BACK).exclude(person_id__in=apart)
    return [own, *out]  # an alarm about them came to her


def known_with(
    viewer: Viewer | None, missions: Collection[uuid.UUID]
) -> set[tuple[uuid.UUID, uuid.UUID]]:
    """Who is on these missions, or went with the viewer, as far as she reads of it, each with the
    mission: whoever comes home stays among them. Two queries, up to five for one of a party."""
    party = visible_party(viewer).filter(mission__in=missions)
    found = set(party.values_list("mission_id", "person_id"))
    known = {
        key: own for key, own in parts(viewer, missions).items() if (key, own.person_id) in found
    }
    if viewer is None or not known:
        return found
    rows = PartyMember.objects.filter(mission__in=known).exclude(person_id__in=viewer.apart)
    with_her = (row for row in rows if _went_with(row, known[row.mission_id]))
    return found | {(row.mission_id, row.person_id) for row in with_her}


def seen_out(viewer: Viewer | None, person_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these people of whom the viewer may know that they are out: of whom she went with
    as little as on the mission's page. One query, up to five for one of a party."""
    rows = visible_party(viewer).filter(person_id__in=set(person_ids), state=MemberState.OUT)
    out = set(rows.values_list("mission_id", "person_id"))
    own = parts(viewer, {mission for mission, _who in out})
    return {who for mission, who in out if mission not in own or who == own[mission].person_id}


def _own(viewer: Viewer | None, rows: Iterable[PartyMember]) -> PartyMember | None:
    if viewer is None or viewer.keeps_watch:
        return None
    return next((row for row in rows if row.person_id == viewer.person_id), None)


def fellows(
    viewer: Viewer | None, members: Iterable[PartyMember], own: PartyMember
) -> list[PartyMember]:
    """Who goes or went with her, and herself: those who left without a state, whatever became of
    them. Copies to be shown, never to be kept."""
    apart = viewer.apart if viewer is not None else frozenset()
    return [
        row if row.person_id == own.person_id else _unsaid(row, own)
        for row in members
        if row.person_id == own.person_id or (row.person_id not in apart and _went_with(row, own))
    ]


def _went_with(row: PartyMember, own: PartyMember) -> bool:
    if own.state != MemberState.BACK:
        return True
    return row.out_at is not None and own.back_at is not None and row.out_at <= own.back_at


def _unsaid(row: PartyMember, own: PartyMember) -> PartyMember:
    if own.state != MemberState.BACK and row.state not in (MemberState.OUT, MemberState.BACK):
        return row  # who has not left
    seen = copy.copy(row)
    seen.state = UNSAID
    seen.back_at = seen.back_gate = seen.back_by_id = None
    seen.back_how = ""
    seen.debriefed_at = seen.debriefed_by_id = None
    return seen
