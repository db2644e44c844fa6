"""A duty that begins without her makes somebody look, within minutes: a check of the watch with an
owner, passed on where nobody takes it, ended by whoever found her; it is care, and no penalty."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import kept
from homeby.people.rules import Role
from homeby.people.rules_private import Kept
from homeby.readiness.actions import duties, duty_crew
from homeby.readiness.models import Duty, DutyPerson, Injury
from homeby.readiness.rules.duty_planning import Attended, StoodDown
from homeby.station.hourly import _care as hourly_care
from homeby.watch.actions import alarms
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmState
from homeby.welfare.actions import check_starts, checks
from homeby.welfare.models import Concern, ConcernNote, FollowUp, WelfareCheck
from homeby.welfare.queries import checks as queries
from homeby.welfare.queries.concerns import visible_concerns
from homeby.welfare.rules.checks import Found, ref_of
from homeby.welfare.rules.concerns import HowFound, NoteKind, Outcome
from tests.promises.caring import with_officers
from tests.promises.planning_duties import ask, attend, in_team, move, planned, say
from tests.world import World

NEXT = dt.timedelta(weeks=2)


@pytest.fixture
def shift(world: World) -> Duty:
    """A shift of `agent` that begins in an hour."""
    with_officers(world)
    duty = planned(world, hours=1)
    ask(world, duty, "agent")
    say(world, duty, "agent")
    world.look()
    world.received.clear()
    return duty


def seat(world: World, duty: Duty) -> uuid.UUID:
    return DutyPerson.objects.get(duty=duty, person_id=world.people["agent"]).pk


def heads(world: World, who: str) -> list[str]:
    """What this phone was told about the check, without the times."""
    return [one.outgoing.text for one in world.phone(who) if "call her" in one.outgoing.text]


def check_alarm(world: World, duty: Duty) -> Alarm:
    return Alarm.objects.get(subject__ref=ref_of(seat(world, duty)))


def take(world: World, duty: Duty, who: str) -> None:
    alarm = check_alarm(world, duty)
    alarms.acknowledge(alarm_id=alarm.pk, by=world.as_(who), now=world.now, tap=new_tap())


def found(world: World, **more: object) -> Found:
    values: dict[str, object] = {
        "at": world.now, "where": "At the old training ground", "how": HowFound.NOT_WELL,
        "agreed": "Her flatmate stays with her tonight", "outcome": Outcome.TALKED,
        "next_at": world.now + NEXT,
    }  # fmt: skip
    return Found(**(values | more))  # type: ignore[arg-type]


def find(world: World, duty: Duty, who: str, **more: object) -> str:
    return checks.find(
        seat_id=seat(world, duty), found=found(world, **more), by=world.as_(who), now=world.now,
        tap=new_tap(),
    )  # fmt: skip


def test_a_welfare_officer_outside_the_team_hears_within_minutes_of_her_grace(
    world: World, shift: Duty
) -> None:
    world.fast_forward(minutes=89)
    assert not heads(world, "carer")
    world.fast_forward(minutes=2)
    assert heads(world, "carer")
    assert not heads(world, "mate")
    assert check_starts.open_missed(now=world.now) == 1
    assert check_starts.open_missed(now=world.now) == 0
    concern = Concern.objects.get()
    assert (concern.kind, concern.person_id) == ("MISSED_DUTY", world.people["agent"])
    for who in ("mate", "deputy", "admin", "head"):
        assert not visible_concerns(world.as_(who)).exists(), who


def test_it_is_passed_on_to_whoever_holds_the_watch_and_her_taking_lapses(
    world: World, shift: Duty
) -> None:
    world.fast_forward(minutes=92)
    take(world, shift, "carer")
    before = len(heads(world, "head"))
    world.fast_forward(minutes=15)
    assert len(heads(world, "head")) == before
    world.fast_forward(minutes=40)
    assert len(heads(world, "head")) > before


def test_whoever_plans_does_not_end_it(world: World, shift: Duty) -> None:
    """Neither by taking her off it, nor by another time, nor by calling it off: nobody has found
    her by that."""
    world.fast_forward(minutes=92)
    move(world, shift, hours=3)
    duty_crew.stand_down(
        duty_id=shift.pk, person_id=world.people["agent"], why=StoodDown.OTHER,
        by=world.as_("head"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    duties.call_off(
        duty_id=shift.pk, why="Rain", by=world.as_("head"), now=world.now, tap=new_tap()
    )
    alarm = Alarm.objects.get(subject__ref__startswith="check:")
    assert alarm.state == AlarmState.OPEN
    find(world, shift, "carer")
    alarm.refresh_from_db()
    assert alarm.state != AlarmState.OPEN
    assert verify().difference is None


def test_whoever_comes_is_looked_for_by_nobody(world: World, shift: Duty) -> None:
    world.fast_forward(minutes=65)
    attend(world, shift, "agent")
    world.fast_forward(minutes=120)
    assert not heads(world, "carer")
    assert not Concern.objects.exists()


def test_that_nobody_sees_her_ends_no_check(world: World, shift: Duty) -> None:
    world.fast_forward(minutes=92)
    attend(world, shift, "agent", Attended.NOT_THERE, by="head")
    assert check_alarm(world, shift).state == "OPEN"


def test_her_own_grace_counts(world: World) -> None:
    with_officers(world)
    agent = world.as_("agent")
    check_starts.set_grace(minutes=5, by=agent, now=world.now, tap=new_tap())
    duty = planned(world, hours=1)
    ask(world, duty, "agent")
    say(world, duty, "agent")
    world.fast_forward(minutes=66)
    assert heads(world, "carer")


def test_where_she_would_be_is_opened_by_whoever_took_it_and_she_reads_that(
    world: World, shift: Duty
) -> None:
    kept.write_down(kept=Kept.WHERE, values={"note": "Third ground"}, by=world.as_("agent"),
                    now=world.now, tap=new_tap())  # fmt: skip
    world.fast_forward(minutes=92)
    key, carer = seat(world, shift), world.as_("carer")
    with pytest.raises(Refused):
        checks.open_where(seat_id=key, by=carer, now=world.now, tap=new_tap())
    take(world, shift, "carer")
    checks.open_where(seat_id=key, by=carer, now=world.now, tap=new_tap())
    with pytest.raises(Refused):
        checks.open_where(seat_id=key, by=world.as_("mate"), now=world.now, tap=new_tap())


def test_who_finds_her_says_how_she_was_and_somebody_asks_again(world: World, shift: Duty) -> None:
    world.fast_forward(minutes=92)
    take(world, shift, "carer")
    for step in (NoteKind.CALLED_HER, NoteKind.CALLED_CONTACT, NoteKind.WENT):
        checks.make_step(seat_id=seat(world, shift), step=step, words="No answer",
                         by=world.as_("carer"), now=world.now, tap=new_tap())  # fmt: skip
    for wrong in ({"where": ""}, {"agreed": ""}, {"next_at": None},
                  {"at": world.now + NEXT}, {"next_at": world.now}):  # fmt: skip
        with pytest.raises(Refused):
            find(world, shift, "carer", **wrong)
    find(world, shift, "carer")
    assert check_alarm(world, shift).state != "OPEN"
    row, concern = WelfareCheck.objects.get(), Concern.objects.get()
    assert (row.how, row.found_by_id) == ("NOT_WELL", world.people["carer"])
    assert (concern.state, concern.outcome) == ("ENDED", "TALKED")
    assert FollowUp.objects.get().owner_id == world.people["carer"]
    kinds = {one.kind for one in ConcernNote.objects.all()}
    assert kinds == {"CALLED_HER", "CALLED_CONTACT", "WENT", "FOUND"}
    facts = queries.check(world.as_("carer"), seat(world, shift))
    assert facts is not None
    assert not facts.is_open
    assert verify().difference is None


def test_hurt_a_medic_hears_and_she_may_say_no_to_more(world: World, shift: Duty) -> None:
    world.fast_forward(minutes=92)
    take(world, shift, "head")
    find(world, shift, "head", how=HowFound.HURT, next_at=None, she_says_no=True)
    assert Injury.objects.get().person_id == world.people["agent"]
    assert not FollowUp.objects.exists()


def test_no_column_of_a_check_could_be_held_against_her() -> None:
    names = {one.name for one in WelfareCheck._meta.fields}
    assert not [name for name in names if "penalt" in name or "reason" in name or "fault" in name]


def stand_down(world: World, duty: Duty, why: StoodDown, *, by: str) -> None:
    duty_crew.stand_down(
        duty_id=duty.pk, person_id=world.people["agent"], why=why, by=world.as_(by), now=world.now,
        tap=new_tap(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("by", "why", "is_looked_for"),
    [
        ("head", StoodDown.TOO_EASY, True),  # who planned it
        ("lead", StoodDown.OTHER, True),  # who says no reason
        ("lead", StoodDown.NOT_BEFORE, False),
    ],
)
def test_between_the_start_and_her_grace_whoever_plans_does_not_end_it_either(
    world: World, shift: Duty, by: str, why: StoodDown, is_looked_for: bool
) -> None:
    world.add("lead", Role.LEADER)
    world.fast_forward(minutes=70)
    if by == "head":
        move(world, shift, hours=3)
    stand_down(world, shift, why, by=by)
    world.fast_forward(minutes=25)
    assert bool(heads(world, "carer")) is is_looked_for
    assert verify().difference is None


def test_before_it_begins_whoever_plans_may_take_her_off(world: World, shift: Duty) -> None:
    world.fast_forward(minutes=50)
    stand_down(world, shift, StoodDown.OTHER, by="head")
    world.fast_forward(minutes=60)
    assert not heads(world, "carer")


def test_who_is_rung_is_who_is_an_officer_outside_the_team_by_then(
    world: World, shift: Duty
) -> None:
    """One has joined the team since she was put on the shift, another one is new."""
    world.add("fresh", Role.WELFARE_OFFICER)
    in_team(world, "carer")
    world.fast_forward(minutes=70)
    assert hourly_care(now=world.now)
    assert check_starts.settle_officers(now=world.now) == 0, "once is enough"
    world.fast_forward(minutes=25)
    assert heads(world, "fresh")
    assert not heads(world, "carer")
    assert verify().difference is None
