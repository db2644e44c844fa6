"""Whose return a viewer may read of: whoever answers for a mission that of everybody, one of its
party her own. Whether somebody else has come home is not hers to know (`STORY.md` 12)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef

from homeby.logbook.rules import Line
from homeby.missions import rules
from homeby.missions.models import FirstReport, Mission, PartyMember
from homeby.missions.queries import home
from homeby.missions.queries.visible import answers_for, visible_missions, visible_party
from homeby.missions.rules import How, MemberState
from homeby.people.rules import Viewer
from homeby.watch.rules import DEADLINE_MET

#: Whoever came home by a device is shown at the gate so long, or until the first report is given.
SHOWN_FOR = dt.timedelta(hours=12)

#: Whoever passed a gate by a device is named to whoever keeps it so long.
PASSED_FOR = dt.timedelta(hours=2)
_PASSED_MAX = 12

#: The lines that say who came home, or said something of it afterwards.
_OF_RETURNS = frozenset(
    {rules.MISSION_SIGNED_IN, rules.SIGN_IN_TAKEN_BACK, rules.MISSION_BACK, rules.DEBRIEF_GIVEN}
    | {rules.FIRST_REPORT_GIVEN, rules.FIRST_REPORT_AMENDED, DEADLINE_MET}
    | {rules.LESSON_OFFERED, rules.LESSON_DECIDED}
)


def answered_for(viewer: Viewer | None, mission_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these missions, those for which the viewer answers. One query, none for whoever keeps the
    watch of everybody."""
    wanted = set(mission_ids)
    if viewer is None or viewer.keeps_watch:
        return wanted
    rows = visible_missions(viewer).filter(answers_for(viewer), pk__in=wanted)
    return set(rows.values_list("pk", flat=True))


def lines_for(viewer: Viewer | None, mission: Mission, lines: Sequence[Line]) -> list[Line]:
    """The lines of a mission without those of somebody else's return, where that is not the
    viewer's to know; once she is home none of what others did or said since. Up to four queries."""
    if answered_for(viewer, [mission.pk]):
        return list(lines)
    own = viewer.person_id if viewer is not None else None
    left = home.own_returns(viewer, [mission.pk]).get(mission.pk)
    last = _came_with(lines, left) if left is not None else None
    return [
        one
        for one in lines
        if own in _people_in(one)
        or (one.kind not in _OF_RETURNS and (last is None or one.number <= last))
    ]


def _came_with(lines: Iterable[Line], left: PartyMember) -> int:
    """The number of the line by which she came home; where it says so no longer, of the last one
    before that hour."""
    signed_in = [one for one in lines if one.kind == rules.MISSION_SIGNED_IN]
    own = [one.number for one in signed_in if left.person_id in _people_in(one)]
    at = left.back_at
    before = (one.number for one in lines if at is not None and one.recorded_at <= at)
    return max(own, default=max(before, default=0))


def _people_in(line: Line) -> set[uuid.UUID | None]:
    named = {uuid.UUID(str(key)) for key in line.facts.get("people", [])}
    return {line.person_id, line.actor_id, *named}


def hidden_members(
    viewer: Viewer | None, party: Iterable[PartyMember], *, answers: bool
) -> list[PartyMember]:
    """Those of the party of a visible mission who are not the viewer's to see, as `visible_party`
    has it: whoever is kept away from her; and whoever is back, where she does not answer for it."""
    own = viewer.person_id if viewer is not None else None
    apart = viewer.apart if viewer is not None else frozenset()
    return [
        row
        for row in party
        if row.person_id in apart
        or (not answers and row.state == MemberState.BACK and row.person_id != own)
    ]


def debrief_due_for(mission: Mission, back_at: dt.datetime | None) -> dt.datetime | None:
    """When her debrief falls due by the return that she may know of: rest runs from there."""
    due_at = mission.debrief_due_at
    if due_at is None or mission.back_at is None or back_at is None:
        return due_at
    return due_at - (mission.back_at - back_at)


def heard_for(mission: Mission, hidden: Iterable[PartyMember]) -> dt.datetime | None:
    """When the party was last heard; None where it was by a return that is not to be known."""
    back = {row.back_at for row in hidden}
    return None if mission.heard_at in back else mission.heard_at


def home_by_device(viewer: Viewer | None, *, now: dt.datetime) -> list[tuple[uuid.UUID, str]]:
    """Who came home by phone or kiosk, so that nobody at the gate has spoken with them yet: id and
    callsign, the last first. Until their first report is given, at most `SHOWN_FOR`. One query."""
    rows = visible_party(viewer).filter(
        state=MemberState.BACK, back_how=How.DEVICE, back_at__gt=now - SHOWN_FOR
    )
    given = FirstReport.objects.filter(mission=OuterRef("mission"), person=OuterRef("person"))
    rows = rows.filter(~Exists(given)).select_related("person").order_by("-back_at", "pk")
    return list({row.person_id: row.person.shown_as for row in rows}.items())


def passed_by_device(
    viewer: Viewer | None, gate_id: uuid.UUID, *, home: bool, now: dt.datetime
) -> list[tuple[str, dt.datetime]]:
    """Who signed in (or out) at this gate by phone or kiosk, past whoever keeps it: callsign and
    when, the last first, of the last `PASSED_FOR`. One query."""
    way = "back" if home else "out"
    rows = visible_party(viewer).filter(
        **{f"{way}_gate_id": gate_id, f"{way}_how": How.DEVICE, f"{way}_at__gt": now - PASSED_FOR}
    )
    found = rows.select_related("person").order_by(f"-{way}_at", "pk")[:_PASSED_MAX]
    return [(row.person.shown_as, getattr(row, f"{way}_at")) for row in found]
