"""What an activity says of each member, by hand (`LEFTOUT.md` 2): the Tuesday trainings of a team,
and who goes on its missions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from homeby.welfare.rules.activities import (
    Candidate,
    Choice,
    ClosedActivity,
    FrameSet,
    Seat,
    Taken,
    Who,
)
from homeby.welfare.rules.chances import Share
from homeby.welfare.rules.evidence import Channel
from homeby.welfare.rules.facts import facts_of
from homeby.welfare.rules.memory import Memory, OwnPast

ZONE = "Europe/Berlin"
#: A Tuesday, 18:00 there, two weeks before the clocks change.
TUESDAY = dt.datetime(2026, 3, 17, 17, tzinfo=dt.UTC)
HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(weeks=1)
THURSDAY = TUESDAY + 2 * DAY


def frame(begins: dt.datetime, **more: Any) -> FrameSet:
    at: dict[str, Any] = {"set_at": begins - 2 * WEEK, "begins": begins, "ends": begins + 2 * HOUR}
    return FrameSet(**(at | {"zone": ZONE} | more))


def people(*who: str, **more: Any) -> tuple[Candidate, ...]:
    return tuple(Candidate(who=one, **more) for one in who)


def training(begins: dt.datetime, *several: Candidate, **more: Any) -> ClosedActivity:
    at: dict[str, Any] = {
        "key": f"duty:{begins:%F}",
        "begins": begins,
        "closed_at": begins + 4 * DAY,
    }
    return ClosedActivity(kind="TRAINING", candidates=several, **(at | more))


def told(
    activity: ClosedActivity, channel: Channel, memory: Memory | None = None
) -> dict[Who, list[Any]]:
    found = facts_of(activity, memory or Memory(), at=activity.closed_at)
    kept = {who: [one for one in facts if one.channel is channel] for who, facts in found.items()}
    return {who: [(one.well, one.fair) for one in facts] for who, facts in kept.items() if facts}


def used_to(*begins: dt.datetime, **more: Any) -> Memory:
    memory = Memory()
    for one in begins:
        memory.remember_frame("TRAINING", frame(one, **more))
    return memory


TUESDAYS = [TUESDAY - n * WEEK for n in range(15, 3, -1)]
OF_HERS = Taken(
    who="sakura",
    begins=THURSDAY - HOUR,
    ends=THURSDAY + 8 * HOUR,
    known_at=TUESDAY - 3 * WEEK,
)


def on_thursday(**more: Any) -> ClosedActivity:
    several = people("sakura", "ino", "kiba")
    return training(THURSDAY, *several, frames=(frame(THURSDAY, **({"taken": [OF_HERS]} | more)),))


def test_a_time_set_against_her_shift() -> None:
    facts = told(on_thursday(), Channel.FRAME, used_to(*TUESDAYS))
    assert facts == {who: [(who != "sakura", pytest.approx(0.9))] for who in facts}
    assert len(facts) == 3


def test_a_team_that_always_trains_then_sets_nothing_against_her() -> None:
    thursdays = [one + 2 * DAY for one in TUESDAYS[:6]]
    facts = told(on_thursday(), Channel.FRAME, used_to(*sorted([*TUESDAYS[6:], *thursdays])))
    assert facts["sakura"] == [(False, pytest.approx(1 - 7 / 13))]
    assert facts["ino"] == [(True, pytest.approx(0.9))]


def test_what_was_not_known_then_is_no_clash() -> None:
    late = replace(OF_HERS, known_at=THURSDAY - 13 * DAY)
    facts = told(on_thursday(taken=[late]), Channel.FRAME, used_to(*TUESDAYS))
    assert facts["sakura"] == [(True, pytest.approx(0.9))]


def test_what_is_asked_counts_like_a_bad_hour() -> None:
    asked = on_thursday(taken=[], rank_place=5, ranks={"ino": 3, "kiba": 5, "sakura": 7})
    assert told(asked, Channel.FRAME, used_to(*TUESDAYS))["sakura"] == [(False, pytest.approx(0.9))]
    asked = on_thursday(taken=[], needs=("ROPE",), holds={"ROPE": frozenset({"ino", "kiba"})})
    usual = used_to(*TUESDAYS, needs=("ROPE",))
    assert told(asked, Channel.FRAME, usual)["sakura"] == [(False, 0.0)]  # it always did


def test_an_hour_is_that_of_the_clock_there() -> None:
    summer = TUESDAY + 6 * WEEK - HOUR  # 18:00 again
    hers = replace(OF_HERS, begins=summer, ends=summer + HOUR)
    one = training(summer, *people("sakura", "ino", "kiba"), frames=(frame(summer, taken=[hers]),))
    facts = told(one, Channel.FRAME, used_to(*(TUESDAY - n * WEEK for n in range(13, -1, -1))))
    assert facts["sakura"] == [(False, 0.0)]


@pytest.mark.parametrize(
    "activity",
    [
        on_thursday(taken=[replace(OF_HERS, who=who) for who in ("sakura", "ino", "kiba")]),
        replace(on_thursday(), candidates=people("sakura")),
        replace(on_thursday(), candidates=()),
        replace(on_thursday(), frames=()),
        replace(on_thursday(), kind="SHIFT"),
        replace(on_thursday(), mentees=frozenset({"sakura"})),
    ],
    ids=["nobody can", "a team of one", "nobody", "no free choice", "another kind", "one-to-one"],
)
def test_no_frame_of_the_team_no_fact(activity: ClosedActivity) -> None:
    assert told(activity, Channel.FRAME, used_to(*TUESDAYS)) == {}


def test_what_was_accepted_as_lasting_is_compared_with_what_came_after() -> None:
    memory = used_to(*TUESDAYS)
    memory.begin_anew("sakura", at=TUESDAYS[1])
    assert told(on_thursday(), Channel.FRAME, memory).keys() == {"ino", "kiba"}


def test_leave_is_no_clash() -> None:
    one = on_thursday()
    away = replace(one, candidates=(*one.candidates[1:], Candidate(who="sakura", away=True)))
    assert told(away, Channel.FRAME, used_to(*TUESDAYS)).keys() == {"ino", "kiba"}


def test_who_is_invited() -> None:
    at = TUESDAY - 3 * DAY
    several = (
        *people("ino", "kiba", invited_at=at),
        Candidate(who="late", invited_at=TUESDAY + HOUR),
        Candidate(who="sakura"),
        Candidate(who="shino", invited_at=at, refused=True),
        Candidate(who="busy", has_else=True),
        Candidate(who="hurt", away=True),
        Candidate(who="planner"),
        Candidate(who="signed up", left=True),
        Candidate(who="guest", is_member=False, invited_at=at),
    )
    one = training(TUESDAY, *several, planned_by=frozenset({"planner"}))
    assert told(one, Channel.INVITED) == {
        "ino": [(True, 0.5)],
        "kiba": [(True, 0.5)],
        "late": [(False, 0.5)],
        "sakura": [(False, 0.5)],
    }


def test_who_is_told_in_time() -> None:
    several = (
        *people("ino", "kiba", invited_at=TUESDAY - 2 * DAY),
        Candidate(who="sakura", invited_at=TUESDAY - HOUR),
        Candidate(who="reserve", invited_at=TUESDAY - HOUR, is_reserve=True),
    )
    assert told(training(TUESDAY, *several), Channel.IN_TIME) == {
        "ino": [(True, pytest.approx(2 / 3))],
        "kiba": [(True, pytest.approx(2 / 3))],
        "sakura": [(False, pytest.approx(2 / 3))],
    }


def mission(*several: Candidate, choice: Choice | None = None, **more: Any) -> ClosedActivity:
    at: dict[str, Any] = {"key": "mission:1", "begins": TUESDAY, "closed_at": TUESDAY + 4 * DAY}
    choice = choice or Choice(not_drawn=frozenset({"kakashi"}))
    values: dict[str, Any] = {"kind": "MISSION", "candidates": several, "choice": choice}
    return ClosedActivity(**(at | values | more))


GOES = people("kakashi", "ino", available=True, left=True)


def test_only_who_was_there_to_be_chosen_is_in_the_pool() -> None:
    could: dict[str, Any] = {"available": True}
    several = (
        *GOES,
        *people("sakura", "kiba", **could),
        Candidate(who="unknown"),
        Candidate(who="busy", available=False),
        Candidate(who="hurt", away=True, **could),
        Candidate(who="no", refused=True, **could),
        Candidate(who="ill", excused=True, **could),
        Candidate(who="young", fits=False, **could),
    )
    third = pytest.approx(1 / 3)
    assert told(mission(*several), Channel.PICKED) == {
        "ino": [(True, third)],
        "sakura": [(False, third)],
        "kiba": [(False, third)],
    }


def test_whoever_goes_and_was_in_no_pool_takes_her_seat_with_her() -> None:
    several = (*GOES, *people("sakura", available=True), Candidate(who="stray", left=True))
    half = [(True, 0.5)]
    assert told(mission(*several), Channel.PICKED) == {"ino": half, "sakura": [(False, 0.5)]}
    strays = people("kakashi", "stray", left=True)
    assert told(mission(*strays, *people("sakura", available=True)), Channel.PICKED) == {}


def test_a_guest_is_in_the_pool_and_is_not_watched() -> None:
    guest = Candidate(who="guest", is_member=False, available=True)
    found = told(mission(*GOES, *people("sakura", available=True), guest), Channel.PICKED)
    assert found == {
        "ino": [(True, pytest.approx(1 / 3))],
        "sakura": [(False, pytest.approx(1 / 3))],
    }


def test_a_seat_that_needs_more_is_a_lottery_of_its_own() -> None:
    medics = frozenset({"sakura", "ino"})
    seats = (Seat(), Seat(needs="MEDR", eligible=medics), Seat())
    went = people("ino", "kiba", "shino", available=True, left=True)
    stays = people("sakura", "hinata", available=True)
    found = told(mission(*went, *stays, choice=Choice(seats=seats)), Channel.PICKED)
    assert found["ino"] == [(True, 0.5)]
    assert found["sakura"] == [(False, 0.5), (False, 0.5)]
    assert found["kiba"] == found["shino"] == [(True, 0.5)]
    assert found["hinata"] == [(False, 0.5)]


def test_one_to_one() -> None:
    both = people("ino", available=True, left=True) + people("sakura", "kiba", available=True)
    one = mission(*both, mentees=frozenset({"ino", "sakura"}))
    assert told(one, Channel.PICKED) == {"ino": [(True, 0.5)], "sakura": [(False, 0.5)]}
    assert told(replace(one, mentees=frozenset({"ino"})), Channel.PICKED) == {}


def test_who_always_goes_stands_beside_the_lottery() -> None:
    went = people("ino", "kiba", available=True, left=True)
    several = (*went, *people("sakura", "shino", available=True))
    memory = Memory(shares={"ino": Share(well=20, fair=10, count=20)})
    found = told(mission(*several), Channel.PICKED, memory)
    assert found["ino"] == [(True, 0.5)]
    assert found["kiba"] == [(True, pytest.approx(1 / 3))]
    assert found["sakura"] == found["shino"] == [(False, pytest.approx(1 / 3))]
    several = (*went, *people("sakura", available=True))  # one seat, two people: as it stands
    memory.shares["kiba"] = memory.shares["ino"]
    assert told(mission(*several), Channel.PICKED, memory)["sakura"] == [
        (False, pytest.approx(2 / 3))
    ]


def test_own_past_then_habit() -> None:
    memory = Memory(last_crew=frozenset({"ino"}))
    long_ago = TUESDAY - 20 * WEEK
    for n in range(40):  # the same six in a row, then the other six
        for who in ("ino", "sakura"):
            went = (n // 3 % 2 == 0) is (who == "ino")
            memory.remember_pick(
                who, at=long_ago + n * DAY, well=went, fair=0.5, is_doubted=who == "ino"
            )
    memory.pasts["sakura"] = OwnPast(share=Share(well=4.0, fair=15.0, count=30.0))
    activity = mission(*GOES, *people("sakura", available=True))
    rho = memory.habit(at=activity.closed_at)
    assert 0.1 < rho <= 0.5
    found = facts_of(activity, memory, at=activity.closed_at)
    (ino,), (sakura,) = found["ino"], found["sakura"]
    assert ino.even == sakura.even == 0.5
    assert ino.fair == ino.usual == pytest.approx(rho + (1 - rho) / 2)
    assert sakura.fair == pytest.approx((1 - rho) / 2)
    odds = (5 / 27) / (16 / 16)
    assert sakura.usual == pytest.approx((1 - rho) * odds / (1 + odds))
