"""What is known of people beside their qualifications when it is judged who can go: whether they
are free, rested, allowed. One function for each fact. No viewer: what comes out is judged; of what
is not for whoever reads the answer (`to`), it says no more than of leave or of her health.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping

from homeby.missions.queries.done import busy_with_missions
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Viewer
from homeby.readiness.queries import days, duty_pool, minors, rest, times_taken
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.queries.times_read import closed_refs
from homeby.readiness.rules.duty_planning import Against
from homeby.readiness.rules.rest import of_a_mission
from homeby.readiness.rules.sleep import Span
from homeby.readiness.rules.who_can_go import Asked, Candidate, passes_to_rest


def busy(
    person_ids: Collection[uuid.UUID], asked: Asked, *, to: Viewer
) -> tuple[Mapping[uuid.UUID, tuple[Span, ...]], set[uuid.UUID]]:
    """When these people have something else within the time that is asked for: another mission they
    are out on or planned for, a duty, an outside duty. And who is on leave then, or on something
    that is not for the reader, which is not said as a duty, but as `kept_off`. Seven queries,
    besides those that ask what she sees."""
    begins, ends = asked.begins, asked.ends
    taken = [
        times_taken.of_mission(one)
        for one in busy_with_missions(person_ids, begins=begins, ends=ends, but=asked.mission_id)
    ]
    beside = times_taken.taken_beside_missions(person_ids, begins=begins, ends=ends)
    taken += [one for several in beside.values() for one in several]
    closed = closed_refs(to, (one for one in taken if one.person_id != to.person_id))
    spans: dict[uuid.UUID, list[Span]] = {}
    away = set()
    for one in taken:
        is_closed = one.ref in closed and one.person_id != to.person_id
        if is_closed or one.what is Against.LEAVE:
            away.add(one.person_id)
        else:
            spans.setdefault(one.person_id, []).append((one.begins, one.ends))
    return {key: tuple(found) for key, found in spans.items()}, away


def kept_off(
    person_ids: Collection[uuid.UUID], party: Collection[uuid.UUID], on_leave: set[uuid.UUID]
) -> set[uuid.UUID]:
    """Who is on leave, or is not crewed with this party, for whichever private reason; it is said
    of all in the same words. One query."""
    crew = set(party)
    return on_leave | {key for key, away in apart_from(person_ids).items() if away & crew}


def candidates(
    person_ids: Collection[uuid.UUID],
    asked: Asked,
    *,
    party: Collection[uuid.UUID],
    to: Viewer,
    now: dt.datetime,
) -> list[Candidate]:
    """These people with all that is known of them, for a mission with this party. No viewer: the
    caller has asked who they may be; `to` reads the answer. A fixed number of queries."""
    first_day = asked.begins.astimezone(days.here()).date()
    held = queries.standings(person_ids, asked.needs, day=first_day)
    duties, on_leave = busy(person_ids, asked, to=to)
    able = [
        key for key in person_ids if passes_to_rest(held.get(key, {}), duties.get(key, ()), asked)
    ]
    going = rest.Going(asked.begins, asked.ends, of_a_mission)
    against = rest.against(able, going, now=now, to=to)
    asked_at = duty_pool.last_asked(person_ids)
    off = kept_off(person_ids, party, on_leave)
    said = minors.against_going(person_ids, asked, party)
    return [
        Candidate(
            person_id=key,
            validity=held.get(key, {}),
            busy=duties.get(key, ()),
            blocks=against[key].blocks if key in against else (),
            not_before=against[key].not_before_at if key in against else None,
            kept_off=key in off,
            said=said.get(key, ()),
            last_asked_at=asked_at.get(key),
        )
        for key in person_ids
    ]
