"""Duties are planned, moved, called off. What each decision saw is kept with it, and costs whoever
plans no tap (`STORY.md` 82; `LEFTOUT.md` 2: what the later detector needs is recorded here)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.actions.duty_rest import rest_against, rested
from homeby.readiness.actions.duty_starts import await_start, wait_no_more
from homeby.readiness.actions.duty_words import tell_moved, tell_off, tell_on
from homeby.readiness.models import Duty, DutyDecision, DutyPerson, DutySeat
from homeby.readiness.queries import standing
from homeby.readiness.queries.duties import may_plan, visible_duties
from homeby.readiness.queries.duty_pool import (
    as_facts,
    barred,
    fitting,
    frame_of,
    holders_of_all,
    pool_of,
)
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules import duty_seats
from homeby.readiness.rules.duty_planning import DutyAnswer, DutyType
from homeby.readiness.rules.duty_seats import SeatPlan

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


@contextmanager
def at_duty(
    duty_id: uuid.UUID,
    by: Viewer,
    now: dt.datetime,
    *,
    plans: bool,
    also: Sequence[uuid.UUID] = (),
) -> Iterator[tuple[Book, Duty]]:
    """A duty that is not called off, locked, together with others (`also`) in the order of their
    keys; a sentence where there is none for this viewer, or where she does not plan it and that is
    asked for."""
    if by.person_id is None and not by.is_station:
        raise Refused(_("Log in first."))
    with logbook.writing(now=now, by=by.person_id) as book:
        row = visible_duties(by).filter(pk=duty_id).first()
        if row is None:
            raise Refused(_("There is no such duty."))
        both = Duty.objects.select_for_update().filter(pk__in=[row.pk, *also]).order_by("pk")
        row = {one.pk: one for one in both}[row.pk]
        if row.cancelled_at is not None:
            raise Refused(_("This duty was called off."))
        if plans and not plans_it(by, row):
            raise Refused(_("Whoever plans this duty does that: a leader or a duty officer."))
        yield book, row


def plans_it(by: Viewer, duty: Duty) -> bool:
    """Whether this viewer decides about the duty."""
    return may_plan(by, duty.team_id)


@logbook.once
def plan(*, fields: DutyFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Plan a duty, or one for each of some weeks in a row; the id of the first is the tap's. Raises
    Refused with a sentence beside each field."""
    if not may_plan(by, fields.team_id):
        raise Refused(_("A leader or a duty officer plans duties, a leader of a team those of it."))
    seats = _checked(fields, by, now)
    answer = _("Planned. Ask people now, or let them sign up.")
    with logbook.writing(now=now, by=by.person_id) as book:
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
            _add(page, key, one, seats, group=tap.entry_id)
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
    page: Page, key: uuid.UUID, fields: DutyFields, seats: Sequence[SeatPlan], *, group: uuid.UUID
) -> None:
    duty = Duty(
        id=key,
        kind=fields.kind,
        what=fields.what.strip()[: rules.WHAT_MAX],
        place=fields.place.strip()[: rules.WHAT_MAX],
        team_id=fields.team_id,
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
    leads = [("", fields.leader_id)] if fields.leader_id is not None else []
    fixed = [(SeatPlan(role=role), key) for role, key in (*leads, *fields.fixed)]
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
        for number, seat in enumerate([*(seat for seat, _key in fixed), *seats], start=1)
    ]
    for row in rows:
        page.add(row)
    keep_decision(page, duty, "FRAME", facts={"series": fields.weeks > 1})
    for row, (_seat, key) in zip(rows, fixed, strict=False):
        field = "leader" if key == fields.leader_id else "fixed"
        if not may_be_on(duty, key, seat=row, now=page.book.now):
            raise Refused(**{field: str(not_possible())})
        put_on(page, duty, key, seat=row, said=None)
    tell_on(page, duty, [key for _seat, key in fixed])


def keep_decision(page: Page, duty: Duty, kind: str, *, facts: dict[str, Any]) -> None:
    """Keep what a decision sees, before it is carried out: everybody whom it could concern."""
    page.add(
        DutyDecision(
            id=uuid.uuid4(),
            duty=duty,
            number=DutyDecision.objects.filter(duty=duty).count() + 1,
            kind=kind,
            frame=duty.frame,
            at=page.book.now,
            by_id=page.book.by,
            facts={**frame_of(duty), **facts},
            pool=as_facts(pool_of(duty)),
        )
    )


def put_on(
    page: Page,
    duty: Duty,
    person_id: uuid.UUID,
    *,
    seat: DutySeat | None,
    said: DutyAnswer | None,
) -> DutyPerson:
    """Let somebody be on a duty from now on, whether she was asked for it or not; `said` is what
    she answers with the same tap. Raises Refused where anything stands against it."""
    now = page.book.now
    if not may_be_on(duty, person_id, seat=seat, now=now):
        raise not_possible()
    values: dict[str, Any] = {
        "picked_at": now,
        "picked_by_id": page.book.by,
        "not_picked": "",
        "seat_id": seat.pk if seat else None,
        "stood_down_at": None,
        "stood_down_by_id": None,
        "stood_down_why": "",
    }
    if said is not None:
        values |= {
            "answer": said,
            "answered_at": now,
            "answered_frame": duty.frame,
            "answered_by_id": page.book.by,
            "seen_frame": duty.frame,
            "seen_at": now,
        }
    row = DutyPerson.objects.filter(duty=duty, person_id=person_id).first()
    if row is None:
        row = DutyPerson(
            id=uuid.uuid4(),
            duty=duty,
            person_id=person_id,
            told_frame=duty.frame,
            told_at=now,
            **values,
        )
        page.add(row)
    else:
        page.change(row, **values)
    await_start(page, duty, row)
    return row


def row_of(duty: Duty, person_id: uuid.UUID | None) -> DutyPerson | None:
    """How it stands with somebody on a duty, locked; None for whoever was never asked."""
    if person_id is None:
        return None
    return DutyPerson.objects.select_for_update().filter(duty=duty, person_id=person_id).first()


def not_possible() -> Refused:
    """The one sentence for every reason for which somebody is not put on a duty: full, not fitting,
    or that she is kept away from another. Nobody learns which."""
    return Refused(_("This is not possible: ask whoever plans it."))


def may_be_on(duty: Duty, person_id: uuid.UUID, *, seat: DutySeat | None, now: dt.datetime) -> bool:
    """Whether she has the rank and the positions that the duty and this seat ask for, nobody on it
    is kept away from her, and it breaks no rest of hers and no limit of a minor."""
    needs = seat.needs if seat is not None else ()
    known = holders_of_all(needs, [person_id], at=duty.starts_at)
    fits = person_id in fitting(duty, [person_id]) and (known is None or person_id in known)
    if not fits or person_id in barred(duty, [person_id]):
        return False
    if against_duty(duty, [person_id], with_others=True):
        return False
    return not rest_against(duty, person_id, now=now)


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
        page = book.entry(
            rules.DUTY_MOVED,
            subject=duty.ref,
            facts={"why": fields.why.strip()[: rules.NOTE_MAX]},
            tap=tap,
            answer=answer,
        )
        page.change(duty, starts_at=fields.starts_at, ends_at=fields.ends_at, frame=duty.frame + 1)
        keep_decision(page, duty, "FRAME", facts={"series": False, "moved": True})
        rows = list(DutyPerson.objects.filter(duty=duty, stood_down_at__isnull=True))
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
