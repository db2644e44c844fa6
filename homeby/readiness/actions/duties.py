"""Duties are planned, moved, called off. What each decision saw is kept with it, and costs whoever
plans no tap (`STORY.md` 82; `LEFTOUT.md` 2: what the later detector needs is recorded here)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.actions.decision_groups import moved_in_group, taken_in
from homeby.readiness.actions.duty_acts import at_duty, keep_decision, may_be_on, one_by_one, put_on
from homeby.readiness.actions.duty_minors import adults_first
from homeby.readiness.actions.duty_refusals import why_not_fixed
from homeby.readiness.actions.duty_rest import rested
from homeby.readiness.actions.duty_starts import await_start, wait_no_more
from homeby.readiness.actions.duty_words import tell_moved, tell_off, tell_on
from homeby.readiness.actions.units_handed import hand_down_first
from homeby.readiness.models import Duty, DutyPerson, DutySeat
from homeby.readiness.queries import standing
from homeby.readiness.queries.duty_access import may_plan
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules import duty_seats
from homeby.readiness.rules.decision_groups import BY_ITSELF, Together
from homeby.readiness.rules.duty_planning import DutyType
from homeby.readiness.rules.duty_seats import SeatPlan
from homeby.readiness.rules.whose import Whose

WEEK = dt.timedelta(days=7)


def positions() -> dict[str, str]:
    """The names of the positions and other qualifications that a seat may need, by key: those of
    the organisation's catalogue."""
    return {key: one.name for key, one in standing.known().items()}


@dataclass(frozen=True, kw_only=True)
class DutyFields:
    """A duty to plan. `seats` as people write them (`duty_seats`); `weeks` how many weeks in
    a row it takes place; `leader_id` and `fixed` (role and person) have fixed seats; `position` and
    `also` (`duty_seats.parse_needs`) are what all of them hold."""

    kind: DutyType
    what: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    place: str = ""
    team_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None
    seats: str = ""
    position: str = ""
    also: str = ""
    fixed: tuple[tuple[str, uuid.UUID], ...] = ()
    rank_place: int | None = None
    time_is_free: bool = True
    is_open: bool = False
    weeks: int = 1
    leader_id: uuid.UUID | None = None
    mentor_id: uuid.UUID | None = None
    together: Together = BY_ITSELF


@logbook.once
def plan(*, fields: DutyFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Plan a duty, or one for each of some weeks in a row; the id of the first is the tap's. Raises
    Refused with a sentence beside each field."""
    whose = Whose(fields.team_id, fields.unit_id)
    if not may_plan(by, whose):
        raise Refused(_("A leader or a duty officer plans duties, a leader of a team those of it."))
    seats = _checked(fields, by, now)
    hand_down_first(fields.unit_id, by=by, now=now)
    answer = _("Planned. Ask people now, or let them sign up.")
    with logbook.writing(now=now, by=by.person_id) as book:
        one_by_one(_fixed(fields))
        starts = [begins for begins, _ends in _weekly(fields)]
        group = taken_in(book, fields.together, whose=whose, begins=starts, by=by) or tap.entry_id
        for number, (begins, ends) in enumerate(_weekly(fields)):
            key = uuid.uuid5(tap.entry_id, f"week {number}") if number else tap.entry_id
            page = book.entry(
                rules.DUTY_PLANNED,
                subject=f"duty:{key}",
                facts={"weeks": fields.weeks, "week": number + 1},
                tap=None if number else tap,
                answer=None if number else answer,
            )
            one = replace(fields, starts_at=begins, ends_at=ends)
            _add(page, key, one, seats, group=group, by=by)
    return answer


def _checked(fields: DutyFields, by: Viewer, now: dt.datetime) -> list[SeatPlan]:
    problems = _problems(fields, now)
    known = positions()
    seats = duty_seats.parse_seats(fields.seats, positions=known)
    if isinstance(seats, str):
        problems["seats"] = seats
    if isinstance(said := duty_seats.parse_needs(fields.also, positions=known), str):
        problems["also"] = said
    if any(people.person(by, key) is None for _role, key in fields.fixed):
        problems["fixed"] = _("There is no such person.")
    if fields.position and fields.position not in known:
        problems["position"] = _("This is no position of the catalogue.")
    for name, key in (("leader", fields.leader_id), ("mentor", fields.mentor_id)):
        if key is not None and people.person(by, key) is None:
            problems[name] = _("There is no such person.")
    if problems or isinstance(seats, str):
        raise Refused(**problems)
    return seats


def _problems(fields: DutyFields, now: dt.datetime) -> dict[str, str]:
    """What is wrong with its name and times, by field."""
    found: dict[str, str] = {}
    if not fields.what.strip():
        found["what"] = _("Say what it is, such as night shift or rope training.")
    if fields.team_id is not None and fields.unit_id is not None:
        found["unit"] = _("It is for a team or for a special unit; leave one of them out.")
    found |= _problems_with_times(fields.starts_at, fields.ends_at, now)
    if not 1 <= fields.weeks <= rules.WEEKS_MAX:
        found["weeks"] = _("From 1 to %d weeks.") % rules.WEEKS_MAX
    elif "starts" not in found and fields.weeks > 1:
        last = _weekly(fields)[-1][0]
        if last - now > rules.AHEAD_MAX:
            found["weeks"] = _("The last of them lies more than a year ahead; plan fewer weeks.")
    return found


def _problems_with_times(
    begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> dict[str, str]:
    """What is wrong with a time that a duty is to have, by field."""
    found: dict[str, str] = {}
    if sentence := rules.problem_with_time(begins, ends):
        found["ends"] = sentence
    if begins - now > rules.AHEAD_MAX:
        found["starts"] = _("Plan at most a year ahead.")
    return found


def _weekly(fields: DutyFields) -> list[tuple[dt.datetime, dt.datetime]]:
    """The same local times, week by week: what begins at 18:00 does so after a change of clocks."""

    def moved(at: dt.datetime, week: int, *, later: bool) -> dt.datetime:
        if week == 0:
            return at
        local = at.astimezone(instants.zone_info(fields.zone)).replace(tzinfo=None, fold=0)
        return instants.resolve(local + week * WEEK, fields.zone, later=later).instant

    return [
        (moved(fields.starts_at, week, later=False), moved(fields.ends_at, week, later=True))
        for week in range(fields.weeks)
    ]


def _add(
    page: Page,
    key: uuid.UUID,
    fields: DutyFields,
    seats: Sequence[SeatPlan],
    *,
    group: uuid.UUID,
    by: Viewer,
) -> None:
    duty = Duty(
        id=key,
        kind=fields.kind,
        what=fields.what.strip()[: rules.WHAT_MAX],
        place=fields.place.strip()[: rules.WHAT_MAX],
        team_id=fields.team_id,
        unit_id=fields.unit_id,
        zone=fields.zone,
        starts_at=fields.starts_at,
        ends_at=fields.ends_at,
        time_is_free=fields.time_is_free,
        position=fields.position,
        also=list(duty_seats.parse_needs(fields.also, positions=positions())),
        rank_place=fields.rank_place,
        group_id=group,
        is_series=fields.weeks > 1,
        planned_by_id=page.book.by,
        mentor_id=fields.mentor_id,
        is_open=fields.is_open,
    )
    page.add(duty)
    fixed = _fixed(fields)
    rows = [
        DutySeat(
            id=uuid.uuid4(),
            duty=duty,
            number=number,
            position=seat.needs[0] if seat.needs else "",
            also=list(seat.needs[1:]),
            role=seat.role,
            is_fixed=number <= len(fixed),
        )
        for number, seat in enumerate([*fixed.values(), *seats], start=1)
    ]
    for row in rows:
        page.add(row)
    keep_decision(page, duty, "FRAME", facts={"series": fields.weeks > 1})
    seat_of = dict(zip(fixed, rows, strict=False))
    for key in adults_first(list(fixed), duty):  # a minor is judged beside all who go
        if not may_be_on(duty, key, seat=seat_of[key], now=page.book.now):
            field = "leader" if key == fields.leader_id else "fixed"
            raise Refused(**{field: why_not_fixed(duty, key, by, page.book.now)})
        put_on(page, duty, key, seat=seat_of[key], said=None)
    tell_on(page, duty, list(fixed))


def _fixed(fields: DutyFields) -> dict[uuid.UUID, SeatPlan]:
    """The fixed seats by who has them, the leader's first; a leader who is there as something else,
    too, has one seat."""
    roles = {key: SeatPlan(role=role) for role, key in fields.fixed}
    if fields.leader_id is None:
        return roles
    return {fields.leader_id: roles.get(fields.leader_id, SeatPlan()), **roles}


@dataclass(frozen=True, kw_only=True)
class FrameFields:
    """A new time, and why it is another one. Where the rest or the health of somebody who is on it
    speaks against it: the reason for which it is overridden, or that she is taken off it."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    why: str = ""
    override: str = ""
    stands_down: bool = False


@logbook.once
def move(*, duty_id: uuid.UUID, fields: FrameFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Give a duty another time: a new decision, and everybody who was asked hears of it and says
    anew whether she comes. Nobody is moved into her rest, no minor past a limit. Raises Refused."""
    if problems := _problems_with_times(fields.starts_at, fields.ends_at, now):
        raise Refused(**problems)
    answer = _("The time is changed, and everybody who was asked is told.")
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        if (duty.starts_at, duty.ends_at) == (fields.starts_at, fields.ends_at):
            raise Refused(starts=_("This is the time it has already."))
        before = (duty.starts_at, duty.ends_at)
        rows = list(DutyPerson.objects.filter(duty=duty, stood_down_at__isnull=True))
        one_by_one(row.person_id for row in rows)
        page = book.entry(
            rules.DUTY_MOVED,
            subject=duty.ref,
            facts={"why": fields.why.strip()[: rules.NOTE_MAX]},
            tap=tap,
            answer=answer,
        )
        moved_in_group(page, duty, fields.starts_at)
        page.change(duty, starts_at=fields.starts_at, ends_at=fields.ends_at, frame=duty.frame + 1)
        keep_decision(page, duty, "FRAME", facts={"series": False, "moved": True})
        rows = rested(
            page, duty, rows, override=fields.override, stands_down=fields.stands_down, by=by
        )
        for row in rows:
            page.change(row, told_frame=duty.frame, told_at=now)
            if row.is_on:
                await_start(page, duty, row)
        told = [row.person_id for row in rows if row.person_id != by.person_id]
        tell_moved(page, duty, told, before=before, why=fields.why.strip())
    return answer


@logbook.once
def call_off(*, duty_id: uuid.UUID, why: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Call a duty off; everybody who was asked hears of it. Raises Refused."""
    answer = _("Called off, and everybody who was asked is told.")
    if not why.strip():
        raise Refused(why=_("Say why: they have kept the time free."))
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        page = book.entry(rules.DUTY_CANCELLED, subject=duty.ref, tap=tap, answer=answer)
        page.change(duty, cancelled_at=now, cancelled_why=why.strip()[: rules.NOTE_MAX])
        rows = list(DutyPerson.objects.filter(duty=duty, stood_down_at__isnull=True))
        for row in rows:
            if row.is_on:
                wait_no_more(page, row)
        to = [row.person_id for row in rows if row.person_id != by.person_id]
        tell_off(page, duty, to, why=why.strip())
    return answer
