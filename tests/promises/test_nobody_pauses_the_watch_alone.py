"""Promise P17: the whole watch is paused by two people, or by one with a day's notice; everybody
who is out hears of it, and it ends by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate
from homeby.watch.models import Alarm, Deadline, Pause
from homeby.watch.rules import DeadlineState, PauseState
from tests.promises.acts import not_fit, plan_watch, stand_down, take
from tests.promises.pauses import agree, ask, end, pause
from tests.world import START, World


def heads(world: World, who: str) -> list[str]:
    """What this phone received, by the first lines."""
    return [one.outgoing.subject for one in world.phone(who)]


def test_one_person_cannot_pause_the_watch(world: World) -> None:
    world.send_out("agent", due_minutes=30)
    asked = ask(world, "head", minutes=180)
    with pytest.raises(Refused, match="a second person"):
        agree(world, "head", asked)
    world.fast_forward(minutes=31)
    assert world.alarm().due_at == START + dt.timedelta(minutes=30)


@pytest.mark.parametrize("who", ["agent", "guard"])
def test_only_those_who_answer_for_the_watch_ask_or_agree(world: World, who: str) -> None:
    asked = ask(world, "head", minutes=60)
    for act in (lambda: ask(world, who, minutes=60), lambda: agree(world, who, asked)):
        with pytest.raises(Refused, match="Only a duty officer"):
            act()
    assert Pause.objects.get().state == PauseState.ASKED


def test_a_paused_watch_misses_nobody_and_judges_at_once_when_it_goes_on(world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=30)
    pause(world, "head", "deputy", minutes=120)
    world.fast_forward(minutes=31)
    world.now = START + dt.timedelta(minutes=119)
    world.look()
    assert not Alarm.objects.exists()
    waiting = Deadline.objects.get(subject__ref=mission.ref)
    assert (waiting.state, waiting.due_at) == (DeadlineState.OPEN, START + dt.timedelta(minutes=30))
    assert not [head for head in heads(world, "agent") if "expected" in head]  # no reminder either
    world.fast_forward(minutes=1)
    assert world.alarm().phase == "ALERT"
    assert [h for h in heads(world, "head") if h.startswith("ALERT")]


def test_everybody_hears_of_it_at_its_beginning_and_at_its_end(world: World) -> None:
    world.send_out("agent", "mate", due_minutes=300)
    pause(world, "head", "deputy", minutes=60)
    world.look()
    for who in ("agent", "mate", "head", "deputy", "admin"):
        (told,) = [m for m in world.phone(who) if "is paused until" in m.outgoing.subject]
        assert "Head and Deputy" in told.outgoing.text
        assert "Exercise in the north woods" in told.outgoing.text
        assert "HELP goes out" in told.outgoing.text
    assert not world.phone("outsider")
    world.now += dt.timedelta(minutes=60)
    world.look()
    for who in ("agent", "mate", "head", "deputy", "admin"):
        assert heads(world, who)[-1] == "The watch goes on: the pause is over"
    assert verify().difference is None


def test_help_and_whatever_a_person_does_goes_out_in_a_pause(world: World) -> None:
    mission = world.send_out("agent", due_minutes=30)
    pause(world, "head", "deputy", minutes=300)
    world.now += dt.timedelta(minutes=60)
    gate.ask_for_help(mission_id=mission.pk, by=world.as_("agent"), now=world.now, tap=new_tap())
    world.fast_forward(minutes=1)
    assert [h for h in heads(world, "head") if h.startswith("DISTRESS")]
    before = len(heads(world, "deputy"))
    world.fast_forward(minutes=30)  # nobody takes it: its steps go on
    assert len(heads(world, "deputy")) > before
    take(world, "head")
    stand_down(world, "head")
    world.look()
    assert [h for h in heads(world, "deputy") if h.startswith("Stood down")]


def test_the_watch_is_not_paused_over_an_open_alarm(world: World) -> None:
    asked = ask(world, "head", minutes=300)
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    with pytest.raises(Refused, match="is open"):
        agree(world, "deputy", asked)
    end(world, "head", asked)
    with pytest.raises(Refused, match="is open"):
        ask(world, "head", minutes=60)


def test_one_person_alone_gives_a_day_of_notice(world: World) -> None:
    world.send_out("agent", due_minutes=25 * 60)
    asked = ask(world, "head", minutes=27 * 60, with_notice=True)
    world.look()
    assert [h for h in heads(world, "agent") if "will be paused from" in h]
    with pytest.raises(Refused, match="not before"):
        agree(world, "deputy", asked)
    world.now += dt.timedelta(hours=23, minutes=59)
    world.look()
    assert Pause.objects.get().state == PauseState.NOTICE
    world.fast_forward(minutes=1)
    assert Pause.objects.get().state == PauseState.PAUSED
    assert heads(world, "agent")[-1].startswith("The watch is paused until")
    world.now += dt.timedelta(minutes=179)
    world.look()
    assert not Alarm.objects.exists()
    world.fast_forward(minutes=1)
    assert world.alarm().phase == "ALERT"
    assert verify().difference is None


def test_a_notice_waits_while_somebody_is_missed_and_lapses_at_its_end(world: World) -> None:
    world.send_out("agent", due_minutes=23 * 60)
    ask(world, "head", minutes=26 * 60, with_notice=True)
    world.now += dt.timedelta(hours=23, minutes=30)
    world.look()
    world.now = START + dt.timedelta(hours=25)
    world.look()
    assert Pause.objects.get().state == PauseState.NOTICE
    world.now = START + dt.timedelta(hours=26)
    world.look()
    over = Pause.objects.get()
    assert (over.state, over.ended_by_id) == (PauseState.OVER, None)
    assert heads(world, "admin")[-1] == "The watch is not paused: nothing changes"


@pytest.mark.parametrize("who", ["head", "deputy", "admin"])
def test_any_one_of_them_ends_a_pause_at_once(world: World, who: str) -> None:
    world.send_out("agent", due_minutes=30)
    asked = pause(world, "head", "deputy", minutes=300)
    world.now += dt.timedelta(minutes=100)
    end(world, who, asked)
    world.look()
    assert world.alarm().phase == "ALERT"
    assert "The watch goes on: the pause is over" in heads(world, "agent")


def test_whoever_has_the_watch_by_the_bill_ends_it_without_a_role(world: World) -> None:
    asked = pause(world, "head", "deputy", minutes=300)
    world.add("night")
    plan_watch(world, "night", "head")
    end(world, "night", asked)
    assert Pause.objects.get().state == PauseState.OVER


def test_a_pause_ends_though_nobody_writes_it_down(world: World) -> None:
    """The row still says PAUSED: its end has come, and the next look judges."""
    world.send_out("agent", due_minutes=30)
    pause(world, "head", "deputy", minutes=60)
    world.now += dt.timedelta(minutes=61)
    assert Pause.objects.get().state == PauseState.PAUSED
    world.look()
    assert world.alarm().due_at == START + dt.timedelta(minutes=30)


def test_a_row_that_one_person_wrote_pauses_nothing(world: World) -> None:
    """Whoever reaches the table and not a second person has paused nothing."""
    world.send_out("agent", due_minutes=30)
    Pause.objects.create(
        state=PauseState.PAUSED,
        reason="By hand",
        asked_by_id=world.people["head"],
        asked_at=world.now,
        with_notice=True,
        from_at=world.now,
        until_at=world.now + dt.timedelta(hours=9),
    )
    world.fast_forward(minutes=31)
    assert world.alarm().due_at == START + dt.timedelta(minutes=30)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"minutes": 13 * 60}, "until"),
        ({"minutes": -5}, "until"),
        ({"minutes": 20 * 60, "with_notice": True}, "until"),
        ({"minutes": 37 * 60, "with_notice": True}, "until"),
        ({"minutes": 60, "reason": "  "}, "reason"),
        ({"minutes": 60, "reason": "x" * 301}, "reason"),
    ],
)
def test_a_pause_has_a_reason_and_an_end(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        ask(world, "head", **values)
    assert list(refused.value.problems) == [field]
    assert not Pause.objects.exists()


def test_one_pause_at_a_time(world: World) -> None:
    ask(world, "head", minutes=60)
    with pytest.raises(Refused, match="already"):
        ask(world, "deputy", minutes=60)


def test_a_second_person_may_not_agree_once_the_end_has_come(world: World) -> None:
    asked = ask(world, "head", minutes=60)
    world.now += dt.timedelta(minutes=60)
    with pytest.raises(Refused, match="end has come"):
        agree(world, "deputy", asked)
    world.look()
    assert Pause.objects.get().state == PauseState.OVER


def test_whoever_signs_out_in_a_pause_is_told_and_hears_of_its_end(world: World) -> None:
    asked = pause(world, "head", "deputy", minutes=60)
    mission = world.plan("agent", due_minutes=300)
    assert "The watch is paused until" in world.sign_out(mission, "agent")
    end(world, "deputy", asked)
    world.look()
    assert "The watch goes on: the pause is over" in heads(world, "agent")


def test_not_fit_still_passes_the_watch_on_in_a_pause(world: World) -> None:
    pause(world, "head", "deputy", minutes=60)
    not_fit(world, "head")
    world.look()
    assert "You have the watch now" in heads(world, "deputy")


def test_the_logbook_says_who_paused_it_and_who_ended_it(world: World) -> None:
    asked = pause(world, "head", "deputy", minutes=60)
    end(world, "admin", asked)
    found = Entry.objects.filter(subject="pause").order_by("number")
    said = [(one.kind, one.actor_id) for one in found]
    assert said == [
        ("PAUSE_ASKED", world.people["head"]),
        ("PAUSE_AGREED", world.people["deputy"]),
        ("PAUSE_ENDED", world.people["admin"]),
    ]
