"""What people do with an alarm and with their time, in one line each, as tests call it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.comms import queries as outbox
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, Tap, new_tap
from homeby.missions.actions import extend
from homeby.missions.models import Extension, Mission
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.actions import alarms, bill, due
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import DeadlineKind, DeadlineState, Watch
from tests.world import Received, World

GRACE = 60  # minutes from expected back to call-out in the village


def take(world: World, who: str, *, tap: Tap | None = None) -> str:
    """Take the open alarm with a signed-in device."""
    return alarms.acknowledge(
        alarm_id=world.alarm().pk, by=world.as_(who), now=world.now, tap=tap or new_tap()
    )


def take_by_code(
    world: World, message: Received, *, code: str | None = None, tap: Tap | None = None
) -> str:
    """Take an alarm with the link and the code of a message."""
    return alarms.acknowledge_by_code(
        token=message.outgoing.link.rsplit("/", 1)[-1],
        code=message.code if code is None else code,
        now=world.now,
        tap=tap or new_tap(),
    )


def hand_over(world: World, who: str, to: str, *, tap: Tap | None = None) -> str:
    """Offer the open alarm to somebody else."""
    return alarms.hand_over(
        alarm_id=world.alarm().pk,
        to=world.people[to],
        by=world.as_(who),
        now=world.now,
        tap=tap or new_tap(),
    )


def stand_down(
    world: World,
    who: str = "head",
    *,
    reason: str = "Seen from the helicopter, all well.",
    again_at: dt.datetime | None = None,
    tap: Tap | None = None,
) -> str:
    """End the open alarm with a reason."""
    return alarms.stand_down(
        alarm_id=world.alarm().pk,
        reason=reason,
        again_at=again_at,
        by=world.as_(who),
        now=world.now,
        tap=tap or new_tap(),
    )


def not_fit(world: World, who: str, *, tap: Tap | None = None) -> str:
    """Say "not fit to watch"."""
    return bill.not_fit(by=world.as_(who), now=world.now, tap=tap or new_tap())


def plan_watch(world: World, who: str, deputy: str, *, hours: float = 12) -> None:
    """Enter a watch from now on."""
    row = Watch(
        person_id=world.people[who],
        deputy_id=world.people[deputy],
        from_at=world.now,
        to_at=world.now + dt.timedelta(hours=hours),
    )
    bill.plan_watch(watch=row, by=STATION, now=world.now, tap=new_tap())


def ask_more_time(
    world: World, mission: Mission, *, minutes: float, by: str = "agent", tap: Tap | None = None
) -> Extension:
    """Ask for so many minutes from now."""
    tap = tap or new_tap()
    wanted = extend.Wanted(due_at=world.now + dt.timedelta(minutes=minutes), why="Slow snow.")
    extend.ask(mission_id=mission.pk, wanted=wanted, by=world.as_(by), now=world.now, tap=tap)
    return Extension.objects.get(pk=tap.entry_id)


def decide(
    world: World, extension: Extension, who: str, *, grant: bool = True, tap: Tap | None = None
) -> str:
    """Grant or refuse more time."""
    return extend.decide(
        extension_id=extension.pk,
        grant=grant,
        by=world.as_(who),
        now=world.now,
        tap=tap or new_tap(),
    )


def refused(refusal: Refused) -> str:
    """All sentences of a refusal."""
    return " ".join(refusal.problems.values())


def expected(mission: Mission, kind: DeadlineKind = DeadlineKind.RETURN) -> list[Deadline]:
    """The open deadlines of a mission."""
    return list(
        Deadline.objects.filter(subject__ref=mission.ref, kind=kind, state=DeadlineState.OPEN)
    )


def alarm_of(mission: Mission) -> Alarm:
    """The newest alarm of a mission, open or ended."""
    return Alarm.objects.filter(subject__ref=mission.ref).select_related("subject").latest("number")


def recorded(kind: str) -> list[Entry]:
    """The entries of a kind, oldest first."""
    return list(Entry.objects.filter(kind=kind).order_by("number"))


def times_told(world: World, who: str) -> list[float]:
    """The minutes at which somebody's phone rang with something to take."""
    return [world.minutes(one.at) for one in world.phone(who) if one.code]


def minutes_ahead(world: World, minutes: float) -> dt.datetime:
    """The instant so many minutes from now."""
    return world.now + dt.timedelta(minutes=minutes)


def some_id() -> uuid.UUID:
    """An id of nothing that exists."""
    return uuid.uuid4()


def pass_time(world: World, *, minutes: float) -> None:
    """Let time pass as the watchkeeper sees it, which looks whenever something is due."""
    end = world.now + dt.timedelta(minutes=minutes)
    for _ in range(5000):
        due = [at for at in (watch.next_act_at(), outbox.next_try_at()) if at is not None]
        world.now = min([end, *(max(at, world.now) for at in due)])
        world.look()
        if world.now == end:
            return
    raise AssertionError("so many looks in so short a time")


def small_batches(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """The watch takes no more than so many rows at once. The SQL that it keeps has the number in
    it, so it is made anew."""
    monkeypatch.setattr(due, "BATCH", count)
    for asked in (due._DUE_ALARMS, due._DUE_DEADLINES):
        monkeypatch.setattr(asked, "_made", {})
