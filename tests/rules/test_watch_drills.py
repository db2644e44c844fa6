"""A drill: whom it tells, how long it lasts, what stops it, and how it went."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from homeby.watch.rules import (
    AlarmKind,
    Anchor,
    ChannelReached,
    DrillFigures,
    PersonReached,
    Phase,
    Target,
    drill_plan,
    drill_times,
    figures,
    forbids_drill,
    problem_with_drill,
    stops_exercise,
)
from tests.rules.watch_samples import DUE, LEADERS, PARTY, minutes, plan, step, times

SECOND = dt.timedelta(seconds=1)


# --- what it follows -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("within", "grace", "call_out"),
    [
        (60, 10, 10),  # the usual grace, where it fits
        (60, 20, 20),
        (60, 90, 20),  # else after a third of the drill
        (5, 60, 1),
        (240, 60, 60),
        (60, 0, 0),
    ],
)
def test_in_a_drill_help_is_called_soon_enough_for_the_steps_behind_it(
    within: int, grace: int, call_out: int
) -> None:
    found = drill_times(began_at=DUE, within_minutes=within, grace_minutes=grace)
    assert (found.due_at, found.call_out_at) == (DUE, minutes(call_out))


def test_a_drill_tells_the_watch_and_nobody_of_a_party_that_does_not_exist() -> None:
    followed, left_out = drill_plan(plan(), times(), steps=None)
    assert [one.targets for one in followed.steps] == [
        (Target.DUTY_OFFICER,),
        (Target.DUTY_OFFICER,),
        (Target.DEPUTY,),
        (Target.EVERY_LEADER,),
    ]
    assert left_out == (Target.PARTY, Target.LEADER, Target.KIN)


def test_steps_of_a_drill_come_at_the_hours_of_the_real_ones() -> None:
    real = plan()
    followed, _ = drill_plan(real, times(), steps=None)
    assert [(one.anchor, one.offset_minutes, one.wait_minutes) for one in followed.steps] == [
        (Anchor.DUE, 5, 5),
        (Anchor.CALL_OUT, 0, 5),
        (Anchor.CALL_OUT, 10, 5),
        (Anchor.CALL_OUT, 20, 5),
    ]
    assert (followed.id, followed.repeat_minutes) == (real.id, real.repeat_minutes)


def test_a_drill_may_be_of_the_first_steps_alone() -> None:
    followed, left_out = drill_plan(plan(), times(), steps=2)
    assert [one.offset_minutes for one in followed.steps] == [5, 0]
    assert left_out == (Target.PARTY, Target.LEADER, Target.KIN)  # of the whole plan
    everything, _ = drill_plan(plan(), times(), steps=99)
    assert len(everything.steps) == 4


def test_a_plan_that_tells_only_the_party_leaves_a_drill_without_steps() -> None:
    nobody = step(Anchor.DUE, 10, Target.KIN, Target.TEAM_LEADERS, Target.LEADER)
    followed, left_out = drill_plan(plan(PARTY, nobody, PARTY), times(), steps=3)
    assert followed.steps == ()
    assert left_out == (Target.PARTY, Target.KIN, Target.TEAM_LEADERS, Target.LEADER)


def test_people_named_in_the_plan_are_told_in_a_drill_too() -> None:
    named = step(Anchor.DUE, 0, Target.NAMED, Target.PARTY)
    followed, left_out = drill_plan(plan(named, LEADERS), times(), steps=1)
    assert [one.targets for one in followed.steps] == [(Target.NAMED,)]
    assert left_out == (Target.PARTY,)


@pytest.mark.parametrize(("steps", "within"), [(None, 60), (1, 5), (50, 240)])
def test_such_a_drill_may_be_held(steps: int | None, within: int) -> None:
    assert problem_with_drill(steps=steps, within_minutes=within) == {}


def test_what_is_wrong_with_the_wishes_for_a_drill_is_said() -> None:
    too_few = {"steps": "Run at least one step."}
    out_of_bounds = {"within": "A drill takes 5 to 240 minutes."}
    assert problem_with_drill(steps=0, within_minutes=60) == too_few
    assert problem_with_drill(steps=None, within_minutes=4) == out_of_bounds
    assert problem_with_drill(steps=None, within_minutes=241) == out_of_bounds
    assert problem_with_drill(steps=-1, within_minutes=0) == too_few | out_of_bounds


# --- alarms in earnest come first ----------------------------------------------------------------

EARNEST = [
    AlarmKind.OVERDUE,
    AlarmKind.MISSED_CHECK_IN,
    AlarmKind.HELP,
    AlarmKind.NOT_JUDGED,
    AlarmKind.PARTNER,
    AlarmKind.DURESS,
    AlarmKind.DUTY,
    AlarmKind.CARE,
]
OWN = [AlarmKind.CANARY, AlarmKind.EXERCISE, AlarmKind.TEST]


def test_every_kind_of_alarm_is_in_earnest_or_the_stations_own() -> None:
    assert set(EARNEST) | set(OWN) == set(AlarmKind)


@pytest.mark.parametrize("kind", EARNEST)
def test_no_drill_begins_while_help_is_called_for_somebody(kind: AlarmKind) -> None:
    assert forbids_drill(Phase.ALERT, kind)
    assert forbids_drill(Phase.DISTRESS, kind)
    assert not forbids_drill(Phase.UNCERTAINTY, kind)


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("phase", Phase)
def test_what_is_about_nobody_neither_forbids_a_drill_nor_stops_it(
    kind: AlarmKind, phase: Phase
) -> None:
    assert not forbids_drill(phase, kind)
    assert not stops_exercise(phase, kind, minutes(5), began_at=DUE)


@pytest.mark.parametrize("kind", EARNEST)
def test_a_drill_stops_for_an_alarm_that_opens_and_for_one_that_grows(kind: AlarmKind) -> None:
    def stops(phase: Phase, opened_at: dt.datetime) -> bool:
        return stops_exercise(phase, kind, opened_at, began_at=DUE)

    assert stops(Phase.UNCERTAINTY, DUE)
    assert stops(Phase.UNCERTAINTY, minutes(1))
    assert not stops(Phase.UNCERTAINTY, DUE - SECOND)  # it was open before: the drill goes on
    assert stops(Phase.ALERT, DUE - SECOND)
    assert stops(Phase.DISTRESS, DUE - SECOND)


# --- how it went ---------------------------------------------------------------------------------


def on(channel: str, handed: float | None, received: float | None = None) -> ChannelReached:
    return ChannelReached(channel=channel, handed_seconds=handed, received_seconds=received)


def person(*channels: ChannelReached, taken: float | None = None) -> PersonReached:
    values: dict[str, Any] = {"name": "Ada", "asked_at": DUE, "messages": 1}
    return PersonReached(person_id=uuid.uuid4(), channels=channels, taken_seconds=taken, **values)


def test_somebody_is_reached_as_fast_as_by_her_fastest_channel() -> None:
    ada = person(on("EMAIL", 4.0, 90.0), on("SMS", 2.5, 12.0), on("NTFY", None))
    assert (ada.handed_seconds, ada.received_seconds) == (2.5, 12.0)


def test_somebody_on_whose_channels_nothing_has_come_is_not_reached() -> None:
    for one in (person(), person(on("EMAIL", None))):
        assert (one.handed_seconds, one.received_seconds) == (None, None)


def test_a_drill_in_figures_says_how_many_and_how_fast() -> None:
    people = [
        person(on("SMS", 2.0), taken=60.0),
        person(on("EMAIL", 4.0), on("SMS", 30.0), taken=300.0),
        person(on("SMS", 9.0)),
        person(on("SMS", None)),
    ]
    assert figures(people) == DrillFigures(
        asked=4,
        reached=3,
        taken=2,
        handed_median_seconds=4.0,
        handed_slowest_seconds=9.0,
        taken_median_seconds=180.0,
        taken_slowest_seconds=300.0,
    )


def test_a_drill_that_reached_nobody_has_no_times() -> None:
    for people in ([], [person(on("SMS", None))]):
        assert figures(people) == DrillFigures(
            asked=len(people),
            reached=0,
            taken=0,
            handed_median_seconds=None,
            handed_slowest_seconds=None,
            taken_median_seconds=None,
            taken_slowest_seconds=None,
        )


def test_what_came_at_once_counts_as_reached() -> None:
    found = figures([person(on("NTFY", 0.0), taken=0.0)])
    assert (found.reached, found.taken) == (1, 1)
    assert (found.handed_median_seconds, found.taken_slowest_seconds) == (0.0, 0.0)
