"""What speaks against a time, and how it stands with each of those who could be asked: for whoever
plans a duty, about people whom she may see, and never why somebody is away."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from homeby.logbook.reading import ReadKind, opened
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.models import Duty
from homeby.readiness.queries.duty_pool import could_not_come, offered
from homeby.readiness.queries.rest import Going
from homeby.readiness.queries.rest import against as rest_against
from homeby.readiness.queries.special_units import people_of
from homeby.readiness.queries.times_read import taken_for
from homeby.readiness.queries.times_taken import taken
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.duty_planning import Against, DutyType
from homeby.readiness.rules.whose import Whose
from homeby.sentences import gettext as _

Times = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, kw_only=True)
class CouldBeAsked:
    """Somebody who could be asked: what she has at that time already (None: nothing is known), and
    whether she has offered it."""

    person_id: uuid.UUID
    name: str
    against: Against | None
    has_offered: bool


def could_be_asked(
    viewer: Viewer, whose: Whose, times: Times, *, but: str = ""
) -> list[CouldBeAsked]:
    """The people of a team or special unit whom the viewer may see, those first who have offered
    the time, then those who have nothing else. Each of whom it says something was looked at.
    Eleven queries, besides those that ask what the viewer sees."""
    keys = people_of(viewer, whose)
    names = people.names(keys)
    busy = taken_for(viewer, keys, begins=times[0], ends=times[1])
    free = offered(keys, begins=times[0], ends=times[1])
    found = []
    for key in keys:
        clash = rules.clash_of(busy.get(key, ()), begins=times[0], ends=times[1], but=but)
        found.append(
            CouldBeAsked(
                person_id=key,
                name=names.get(key, "?"),
                against=clash.what if clash else None,
                has_offered=key in free,
            )
        )
    _looked_at(one.person_id for one in found if one.against is not None or one.has_offered)
    return sorted(
        found, key=lambda one: (one.against is not None, not one.has_offered, one.name.casefold())
    )


def _looked_at(person_ids: Iterable[uuid.UUID]) -> None:
    for key in person_ids:
        opened(ReadKind.STATUS, what=f"person:{key}", whose=key)


def against(
    viewer: Viewer,
    kind: DutyType,
    whose: Whose,
    times: Times,
    *,
    now: dt.datetime,
    but: str = "",
) -> list[str]:
    """What speaks against a time, in sentences; empty where nothing does."""
    there = could_be_asked(viewer, whose, times, but=but)
    clashes = {one.person_id: one.against for one in there if one.against is not None}
    earlier = could_not_come(Duty(kind=kind, starts_at=times[0], **whose._asdict()))
    found = rules.against_time(clashes, earlier)
    names = {one.person_id: one.name for one in there}
    return [*rules.said_against(found, names=names), *_resting(viewer, names, times, now=now)]


def _resting(
    viewer: Viewer, names: dict[uuid.UUID, str], times: Times, *, now: dt.datetime
) -> list[str]:
    """How many rest then, or are not asked before it, for their health: by whichever of the two,
    nobody learns."""
    found = rest_against(list(names), Going(*times), now=now)
    _looked_at(found)
    said = _("Rest then, or are not asked before it: {count}.").format(count=len(found))
    return [said] if found else []


def own_clash(viewer: Viewer, duty: Duty) -> Against | None:
    """What the viewer herself has at the time of a duty, for her own page."""
    if viewer.person_id is None:
        return None
    mine = taken([viewer.person_id], begins=duty.starts_at, ends=duty.ends_at)
    clash = rules.clash_of(
        mine.get(viewer.person_id, ()),
        begins=duty.starts_at,
        ends=duty.ends_at,
        but=duty.ref,
    )
    return clash.what if clash else None
