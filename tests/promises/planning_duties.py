"""Duties for tests: planned, asked for, answered."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from homeby.logbook.rules import new_tap
from homeby.people.actions import teams
from homeby.people.rules import STATION
from homeby.readiness.actions import duties, duty_asking, duty_crew, duty_swaps, own_times
from homeby.readiness.actions.duties import DutyFields, FrameFields
from homeby.readiness.actions.duty_asking import Said
from homeby.readiness.actions.duty_crew import PickFields
from homeby.readiness.actions.duty_swaps import OfferFields
from homeby.readiness.models import Duty, DutyPerson
from homeby.readiness.rules.duty_planning import Attended, DutyAnswer, DutyType, NotPicked
from homeby.readiness.rules.own_times import OwnTimeKind
from tests.world import ZONE, World

HOUR = dt.timedelta(hours=1)


def in_team(world: World, *who: str) -> None:
    """Let people be in the team of the world."""
    for one in who:
        teams.join_team(
            person_id=world.people[one], team_id=world.team_id, by=STATION, now=world.now,
            tap=new_tap(),
        )  # fmt: skip


def planned(
    world: World, *, hours: float = 24, lasts: float = 8, by: str = "head", **more: Any
) -> Duty:
    """A duty of the team that begins in so many hours."""
    tap = new_tap()
    begins = world.now + dt.timedelta(hours=hours)
    values: dict[str, Any] = {
        "kind": DutyType.SHIFT, "what": "Night shift", "starts_at": begins,
        "ends_at": begins + dt.timedelta(hours=lasts), "zone": ZONE, "team_id": world.team_id,
    }  # fmt: skip
    fields = DutyFields(**(values | more))
    duties.plan(fields=fields, by=world.as_(by), now=world.now, tap=tap)
    return Duty.objects.get(pk=tap.entry_id)


def ask(world: World, duty: Duty, *who: str, by: str = "head") -> str:
    return duty_asking.ask(
        duty_id=duty.pk, person_ids=[world.people[one] for one in who], by=world.as_(by),
        now=world.now, tap=new_tap(),
    )  # fmt: skip


def say(world: World, duty: Duty, who: str, said: DutyAnswer = DutyAnswer.YES, by: str = "") -> str:
    return duty_asking.answer(
        duty_id=duty.pk, said=Said(answer=said), person_id=world.people[who],
        by=world.as_(by or who), now=world.now, tap=new_tap(),
    )  # fmt: skip


def pick(
    world: World, duty: Duty, *who: str, reason: NotPicked | None = None, by: str = "head",
    override: str = "",
) -> str:  # fmt: skip
    fields = PickFields(
        person_ids=[world.people[one] for one in who], not_picked=reason, override=override
    )
    return duty_crew.pick(
        duty_id=duty.pk, fields=fields, by=world.as_(by), now=world.now, tap=new_tap()
    )


def move(world: World, duty: Duty, *, hours: float, by: str = "head", **more: Any) -> str:
    duty.refresh_from_db()
    by_hours = dt.timedelta(hours=hours)
    begins, ends = duty.starts_at + by_hours, duty.ends_at + by_hours
    fields = FrameFields(starts_at=begins, ends_at=ends, **more)
    answer = duties.move(
        duty_id=duty.pk, fields=fields, by=world.as_(by), now=world.now, tap=new_tap()
    )
    duty.refresh_from_db()
    return answer


def attend(world: World, duty: Duty, who: str, how: Attended = Attended.CAME, by: str = "") -> str:
    return duty_crew.attend(
        duty_id=duty.pk, how=how, person_id=world.people[who], by=world.as_(by or who),
        now=world.now, tap=new_tap(),
    )  # fmt: skip


def offer(world: World, duty: Duty, who: str, to: str, **more: Any) -> uuid.UUID:
    tap = new_tap()
    fields = OfferFields(to_id=world.people[to], **more)
    duty_swaps.offer(duty_id=duty.pk, fields=fields, by=world.as_(who), now=world.now, tap=tap)
    return tap.entry_id


def take(world: World, swap: uuid.UUID, who: str, takes: bool = True) -> str:
    return duty_swaps.settle(
        swap_id=swap, takes=takes, by=world.as_(who), now=world.now, tap=new_tap()
    )


def away(
    world: World, who: str, *, hours: float, lasts: float, kind: OwnTimeKind = OwnTimeKind.LEAVE
) -> str:
    begins = world.now + dt.timedelta(hours=hours)
    return own_times.enter_time(
        kind=kind, starts_at=begins, ends_at=begins + dt.timedelta(hours=lasts),
        by=world.as_(who), now=world.now, tap=new_tap(),
    )  # fmt: skip


def row(world: World, duty: Duty, who: str) -> DutyPerson:
    return DutyPerson.objects.get(duty=duty, person_id=world.people[who])


def on(world: World, duty: Duty) -> set[str]:
    """Who is on it, by the names tests have for them."""
    rows = DutyPerson.objects.filter(duty=duty)
    names = {key: name for name, key in world.people.items()}
    return {names[one.person_id] for one in rows if one.is_on}


def a_shift_of(world: World, who: str, **more: Any) -> uuid.UUID:
    """A shift of everybody's that she is on."""
    duty = planned(world, team_id=None, seats="2", **more)
    ask(world, duty, who)
    say(world, duty, who)
    pick(world, duty, who)
    return duty.pk
