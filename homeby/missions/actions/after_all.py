"""A sign-out that arrives after what followed it: then the check-ins and the sign-in that fitted
nothing, because nobody was out yet, count after all. So the order in which entries of several
devices arrive changes nothing (P16).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Tap, bounded_happened_at
from homeby.missions import rules
from homeby.missions.actions import gate, twice
from homeby.missions.actions.gate import AtGate
from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.missions.rules import How, Link, MemberState
from homeby.people.rules import Role, Viewer

#: A limit on what one sign-out may take up again.
MOST = 200


def count(mission_id: uuid.UUID, who: Collection[uuid.UUID], *, tap: Tap, now: dt.datetime) -> None:
    """Count what these people did on this mission after the moment of this sign-out, in the order
    in which it happened. What fitted nothing for any other reason (nobody knows its source, it was
    not proven, heads and names did not agree) stays with whoever looks into it, and so does what
    would do nothing now."""
    if tap.happened_at is None:
        return
    since = bounded_happened_at(tap.happened_at, now=now)
    rows = Unmatched.objects.select_for_update().filter(
        Q(mission_id=mission_id, person_id=None)
        | Q(mission_id=mission_id, person_id__in=list(who))
        | Q(mission_id=None, person_id__in=list(who)),
        kind__in=(rules.MISSION_CHECKED_IN, rules.MISSION_SIGNED_IN),
        is_early=True,
        is_unverified=False,
        settled_at=None,
        happened_at__gte=since,
        happened_at__lte=now,
    )
    for row in rows.order_by("happened_at", "pk")[:MOST]:
        if _does_something(row, mission_id, now=now):
            _count_one(row, mission_id, next(iter(who)), tap=tap, now=now)


def _does_something(row: Unmatched, mission_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Whether it fits this mission now: a check-in of while it was out, a sign-in of somebody who
    is out, or who just came back by another such entry."""
    if row.kind == rules.MISSION_CHECKED_IN:
        mission = Mission.objects.get(pk=mission_id)
        times = (mission.out_at, mission.back_at)
        return rules.was_out(mission.state, *times, at=row.happened_at)
    if row.person_id is None:
        return False
    out = PartyMember.objects.filter(mission_id=mission_id, state=MemberState.OUT)
    if out.filter(person_id=row.person_id).exists():
        return True
    return bool(twice.in_already([row.person_id], mission_id, now=now))


def _count_one(
    row: Unmatched, mission_id: uuid.UUID, anybody: uuid.UUID, *, tap: Tap, now: dt.datetime
) -> None:
    by = Viewer(person_id=row.person_id or anybody, roles=frozenset({Role.MEMBER}))
    own = Tap(
        entry_id=uuid.uuid5(tap.entry_id, str(row.pk)),
        device=tap.device,
        happened_at=row.happened_at,
    )
    if row.kind == rules.MISSION_CHECKED_IN:
        gate.check_in(mission_id=mission_id, link=Link.OWN_DEVICE, by=by, now=now, tap=own)
    else:
        assert row.person_id is not None, "a sign-in that does something is somebody's"
        gate.sign_in(
            person_ids=[row.person_id],
            at=AtGate(gate_id=None, how=How.DEVICE),
            mission_id=mission_id,
            by=by,
            now=now,
            tap=own,
        )
    how = _("It counts after all: the sign-out before it came later.")
    with logbook.writing(now=now, by=by.person_id, device=tap.device) as book:
        page = book.entry(
            rules.UNMATCHED_SETTLED, subject="gate", person=row.person_id, facts={"how": how}
        )
        page.change(row, settled_by_id=by.person_id, settled_at=now, settled_how=how)
