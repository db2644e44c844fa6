"""A time is judged to its end: a paper through the last day of a duty, a day of examination until
midnight on the day when the clocks change, offers that touch as one; and a mission on which she had
two positions is one mission (issue 6, sections 1 to 3)."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.readiness.models import Examination, Holding, PartyPosition, Qualification, RulePack
from homeby.readiness.queries import days, duty_pool, packs, times_taken
from homeby.readiness.queries import qualifications as recorded
from homeby.readiness.rules.examinations import ExaminationState
from homeby.readiness.rules.kinds_of_rest import PackUse
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.readiness.rules.prerequisites import Lack, missing_for
from homeby.readiness.rules.qualifications import Needs, QualificationKind
from homeby.readiness.rules.qualifications import Qualification as Asked
from tests.promises.learning import hold, read
from tests.promises.planning_duties import ask, away, in_team, on, pick, planned, say
from tests.world import ZONE, World

HOUR = dt.timedelta(hours=1)


def test_a_paper_that_ends_in_the_night_seats_nobody_for_all_of_it(world: World) -> None:
    read(world)
    in_team(world, "agent", "mate")
    for who in ("agent", "mate"):
        hold(world, who, "SCOUT")
    tonight = dt.datetime.combine(world.now.astimezone(days.here()).date(), dt.time(20))
    begins = tonight.replace(tzinfo=days.here())
    Holding.objects.filter(person_id=world.people["agent"]).update(
        expires_date=begins.date(), through_date=begins.date()
    )
    hours = (begins - world.now) / HOUR
    night = planned(world, hours=hours, lasts=8, seats="1 x SCOUT")
    ask(world, night, "agent")
    say(world, night, "agent")
    pool = {one.person_id: one.fits for one in duty_pool.pool_of(night)}
    assert pool[world.people["mate"]]
    with pytest.raises(Refused, match="this is not possible"):
        pick(world, night, "agent")
    assert "agent" not in on(world, night)
    everybody = planned(world, hours=hours, lasts=8, position="SCOUT")
    fits = {one.person_id for one in duty_pool.pool_of(everybody) if one.fits}
    assert world.people["mate"] in fits
    assert world.people["agent"] not in fits
    until_midnight = planned(world, hours=hours, lasts=4, position="SCOUT")
    fits = {one.person_id for one in duty_pool.pool_of(until_midnight) if one.fits}
    assert world.people["agent"] in fits, "it is valid through the end of that day"


def test_the_day_on_which_the_clocks_go_back_is_a_day_to_its_end(world: World) -> None:
    here = ZoneInfo(ZONE)
    Examination.objects.create(
        id=new_tap().entry_id, person_id=world.people["agent"], what="SCOUT",
        asked_id=world.people["head"], asked_at=world.now, state=ExaminationState.SET,
        held_date=dt.date(2026, 10, 25),
    )  # fmt: skip

    def has(begins: dt.datetime, ends: dt.datetime) -> bool:
        return bool(times_taken.taken([world.people["agent"]], begins=begins, ends=ends))

    day = dt.datetime(2026, 10, 25, tzinfo=here)
    late = day.replace(hour=23, minute=15)
    assert has(late, late.replace(minute=45))
    after = dt.datetime(2026, 10, 26, 0, 15, tzinfo=here)
    assert not has(after, after.replace(minute=45))
    assert has(day, day.replace(minute=30))


def test_offers_that_touch_are_one_offer(world: World) -> None:
    for hours, lasts in ((1, 4), (5, 4), (12, 2)):
        away(world, "agent", hours=hours, lasts=lasts, kind=OwnTimeKind.AVAILABLE)
    key = world.people["agent"]

    def offers(first: float, last: float) -> bool:
        times = {"begins": world.now + first * HOUR, "ends": world.now + last * HOUR}
        return duty_pool.offered([key], **times) == {key}

    assert offers(2, 8), "across both"
    assert offers(1, 9)
    assert not offers(2, 10)
    assert not offers(8, 13), "between them she said nothing"


def test_two_positions_on_one_mission_are_one_mission(world: World) -> None:
    read(world)
    mission, rows = uuid.uuid4(), Qualification.objects.order_by("key")[:2]
    for row in rows:
        PartyPosition.objects.create(
            id=uuid.uuid4(), mission_id=mission, person_id=world.people["agent"],
            qualification=row, done_date=world.now.date(), hours=10,
        )  # fmt: skip
    lead = Asked(key="L", name="Lead", kind=QualificationKind.POSITION,
                 needs=Needs(hours=(("", 20.0),)))  # fmt: skip
    record = recorded.record(world.people["agent"])
    (one,) = missing_for("L", record, {"L": lead}, day=world.now.date())
    assert (one.lack, one.sentence) == (Lack.HOURS, "10 of 20 h on missions.")


def test_rules_that_are_in_use_hold_on_where_less_is_accepted_now(world: World) -> None:
    text = """
[pack]
key = "own"
name = "Own"
source = "Our own"
dated = 2026-11-01

[[rule]]
key = "young"
kind = "MINOR_LONGEST"
name = "Young"
below_age = 21
hours = 6
"""
    RulePack.objects.create(id=uuid.uuid4(), use=PackUse.MINORS, key="own", text=text)
    assert packs.pack_in_use(PackUse.MINORS).key == "own", "no other pack takes its place unseen"
