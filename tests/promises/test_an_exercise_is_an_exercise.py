"""A drill rings the real people by the real steps, is marked before anything else, and never comes
before, beside or in place of an alarm in earnest."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms import queries as comms
from homeby.comms.actions import parcels
from homeby.comms.actions.deliver import deliver
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import DeliveryState, MessageKind, is_never_held, limits_of
from homeby.logbook.models import Entry
from homeby.logbook.rules import STATION_KEY_ID, Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions import queries as missions
from homeby.people.rules import STATION, Role
from homeby.watch import queries as watch
from homeby.watch.actions import alarms, drills
from homeby.watch.actions.drills import Wish
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Deadline, Drill
from homeby.watch.queries import exercises
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineState, Ending, Phase
from tests.world import World


def drill(world: World, *, by: str = "head", **wish: object) -> str:
    return drills.begin(
        wish=Wish(**wish),  # type: ignore[arg-type]
        by=world.as_(by),
        now=world.now,
        tap=new_tap(),
    )


def exercise() -> Alarm:
    return Alarm.objects.select_related("subject").get(kind=AlarmKind.EXERCISE)


def take(world: World, who: str) -> str:
    """By the code of the newest message on a phone, as an alarm is taken."""
    mine = Message.objects.filter(person_id=world.people[who]).exclude(code="")
    message = mine.order_by("-created_at").first()
    assert message is not None
    return alarms.acknowledge_by_code(
        token=message.token, code=message.code, now=world.now, tap=new_tap()
    )


def test_it_goes_by_the_real_steps_to_the_real_people_and_says_exercise_first(
    world: World,
) -> None:
    world.give_kin("agent", "home")
    assert drill(world).startswith("EXERCISE: the drill begins")
    world.fast_forward(minutes=45)
    heard = {one.person for one in world.received}
    assert heard == {"head", "deputy"}, "no party, no kin, nobody off the bill"
    assert [world.minutes(one.at) for one in world.phone("deputy")][:1] == [30.0]
    assert world.minutes(world.phone("head")[0].at) == 5.0
    for one in world.received:
        assert one.outgoing.subject.startswith("EXERCISE: "), one.outgoing.subject
        assert one.outgoing.text.startswith("EXERCISE. This is an exercise: nobody is missing.")
    assert "X-1: Exercise party" in world.phone("head")[0].outgoing.subject
    assert "Exercise party is not back" in world.phone("head")[0].outgoing.text


def test_it_is_taken_lapses_and_ends_like_any_other(world: World) -> None:
    drill(world, within_minutes=120)
    world.fast_forward(minutes=6)
    assert take(world, "head").startswith("EXERCISE: X-1 is yours until")
    world.fast_forward(minutes=15)
    assert len(world.phone("head")) == 1, "whoever has it is left alone"
    world.fast_forward(minutes=6)
    assert "comes back to you" in world.phone("head")[-1].outgoing.subject
    take(world, "head")
    alarm = exercise()
    answer = alarms.stand_down(
        alarm_id=alarm.pk,
        reason="all did well",
        by=world.as_("head"),
        now=world.now,
        tap=new_tap(),
    )
    world.look()
    assert answer.startswith("EXERCISE: X-1 is over")
    last = world.phone("head")[-1].outgoing
    assert last.subject.startswith("EXERCISE: Stood down: X-1")
    assert exercise().ending == Ending.STOOD_DOWN
    assert not Deadline.objects.filter(state=DeadlineState.OPEN).exists()


def test_it_ends_by_itself_at_the_end_of_its_time(world: World) -> None:
    drill(world, within_minutes=30)
    world.fast_forward(minutes=31)
    ended = exercise()
    assert (ended.state, ended.ended_by_id) == (AlarmState.ENDED, STATION_KEY_ID)
    assert world.phone("head")[-1].outgoing.subject == "EXERCISE: X-1 is over"
    before = len(world.received)
    world.fast_forward(minutes=60)
    assert len(world.received) == before
    assert verify().difference is None


def test_at_most_so_many_steps_run_and_the_last_is_repeated(world: World) -> None:
    drill(world, steps=1, within_minutes=60)
    world.fast_forward(minutes=55)
    assert {one.person for one in world.received} == {"head"}
    assert len(world.received) >= 3


def test_it_stands_on_no_board_and_in_no_figure(world: World) -> None:
    before = watch.status_figures(STATION), watch.alarm_counts(), comms.messages_made()
    drill(world)
    world.fast_forward(minutes=25)
    head = world.as_("head")
    assert watch.open_alarms(head) == watch.open_alarms(STATION) == []
    assert missions.board(head, now=world.now) == []
    assert watch.next_due_at(STATION) is None
    take(world, "head")
    assert watch.open_alarms(head) == [], "nor because she has it"
    now = watch.status_figures(STATION), watch.alarm_counts(), comms.messages_made()
    assert now == before
    assert [plan.plan.name for plan in watch.plan_sheets(head)] == ["Check-in", "Return"]
    assert [one.subject.ref for one in exercises.open_exercises(head)] == ["exercise:drill"]


def test_numbers_of_alarms_in_earnest_have_no_gap_by_it(world: World) -> None:
    drill(world)
    world.fast_forward(minutes=1)
    world.send_out("agent", due_minutes=1)
    world.fast_forward(minutes=3)
    assert world.alarm().number == 1000


def test_an_alarm_in_earnest_stops_it_and_says_that_what_comes_now_is_none(world: World) -> None:
    world.send_out("agent", due_minutes=8)
    drill(world)
    world.fast_forward(minutes=6)
    assert exercise().state == AlarmState.OPEN
    world.fast_forward(minutes=3)
    ended = exercise()
    assert ended.state == AlarmState.ENDED
    assert world.minutes(ended.ended_at or world.now) == 8.0
    assert "What comes now is no exercise" in world.phone("head")[-1].outgoing.text
    world.fast_forward(minutes=6)
    assert "UNCERTAINTY A-1000" in world.phone("head")[-1].outgoing.subject


def waits_again(kind: MessageKind, *, now: dt.datetime) -> int:
    """As if no channel had taken these messages yet."""
    return Delivery.objects.filter(message__kind=kind).update(
        state=DeliveryState.QUEUED, next_try_at=now, handed_at=None, lease_until=None, tries=0
    )


def test_what_is_in_earnest_is_sent_first_and_in_no_list_with_it(world: World) -> None:
    """A batch takes sixteen; of a drill to more the last ones wait for the next, as does none of
    the alarm that came last."""
    for number in range(20):
        world.add(f"leader {number}", Role.LEADER)
    world.send_out("agent", due_minutes=42)
    drill(world, within_minutes=60)
    world.fast_forward(minutes=41)
    world.now += dt.timedelta(minutes=1)
    tick(now=world.now)
    alarms_waiting = waits_again(MessageKind.ALARM, now=world.now)
    earlier = world.now - dt.timedelta(minutes=1)
    exercises_waiting = waits_again(MessageKind.EXERCISE, now=earlier)
    assert (alarms_waiting, exercises_waiting > 20) == (1, True)
    world.received.clear()
    deliver(now=world.now, send=world._send)
    kinds = [one.outgoing.sent_as for one in world.received]
    assert kinds == ["ALARM"] + ["EXERCISE"] * 15
    assert not any("for you" in one.outgoing.subject for one in world.received), "no list"


def test_it_counts_against_no_limit(world: World) -> None:
    """Three of an exercise within five minutes leave room for whatever else there is to say."""
    limits = limits_of(["CONSOLE 3/5"])
    drill(world, within_minutes=60)
    world.fast_forward(minutes=41)
    phone = Delivery.objects.filter(person_id=world.people["head"])
    assert phone.update(handed_at=world.now) >= 3
    row = phone.select_related("message")[0]
    sent = parcels._sent_lately([parcels.Parcel(rows=(row,))], limits, world.now)
    assert sent == {}
    assert is_never_held(MessageKind.EXERCISE, is_first=False)


@pytest.mark.parametrize("phase", [Phase.ALERT, Phase.DISTRESS])
def test_none_begins_while_help_is_called_for_somebody(world: World, phase: Phase) -> None:
    world.send_out("agent", due_minutes=1)
    world.fast_forward(minutes=2)
    if phase is Phase.DISTRESS:
        alarms.raise_to_distress(
            alarm_id=world.alarm().pk,
            why="seen falling",
            by=world.as_("head"),
            now=world.now,
            tap=new_tap(),
        )
    else:
        world.fast_forward(minutes=60)
    with pytest.raises(Refused, match=f"A-1000 is open in {phase}: no drill"):
        drill(world)
    assert not Drill.objects.exists()


def test_one_that_is_overtaken_before_it_begins_does_not_begin(world: World) -> None:
    world.send_out("agent", due_minutes=1)
    drill(world)
    alarms_before = Alarm.objects.count()
    world.now = world.now.replace(minute=world.now.minute + 1)
    Deadline.objects.filter(kind="EXERCISE").update(act_at=world.now.replace(second=30))
    world.look()
    world.now = world.now.replace(second=30)
    world.look()
    assert Alarm.objects.count() == alarms_before + 1
    assert not Alarm.objects.filter(kind=AlarmKind.EXERCISE).exists()
    (report,) = exercises.drill_reports(STATION)
    assert report.ended_how == "Not begun: an alarm in earnest came first, or its end."
    assert report.is_over


@pytest.mark.parametrize(
    ("wish", "by", "says"),
    [
        ({"plan": "Nonsense"}, "head", "There is no plan of that name. There are: Check-in, Ret"),
        ({"steps": 0}, "head", "Run at least one step."),
        ({"within_minutes": 4}, "head", "A drill takes 5 to 240 minutes."),
        ({"within_minutes": 241}, "head", "A drill takes 5 to 240 minutes."),
        ({}, "deputy", "DUTY_OFFICER"),
        ({}, "agent", "DUTY_OFFICER"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    world: World, wish: dict[str, object], by: str, says: str
) -> None:
    with pytest.raises(Refused) as refused:
        drill(world, by=by, **wish)
    assert says in str(refused.value)
    assert not Drill.objects.exists()


def test_one_at_a_time_and_a_repeated_tap_begins_none(world: World) -> None:
    tap = new_tap()
    for _ in range(2):
        drills.begin(wish=Wish(), by=world.as_("head"), now=world.now, tap=tap)
    assert Drill.objects.count() == 1
    for minutes in (0, 2):
        world.fast_forward(minutes=minutes)
        with pytest.raises(Refused, match="A drill is on already"):
            drill(world, by="admin")
    assert Entry.objects.filter(kind="DRILL_BEGAN").count() == 1


def test_the_others_know_beforehand_only_where_that_was_chosen(world: World) -> None:
    world.add("second", Role.DUTY_OFFICER)
    drill(world, announced=True)
    world.look()
    (told,) = world.received
    assert (told.person, told.outgoing.subject) == ("second", "EXERCISE: a drill begins")
    assert "Head begins a drill by the plan Return." in told.outgoing.text


def test_the_report_says_who_was_reached_how_and_how_fast(world: World) -> None:
    world.breaks("deputy")
    drill(world)
    world.fast_forward(minutes=7)
    take(world, "head")
    world.fast_forward(minutes=54)
    (report,) = exercises.drill_reports(world.as_("admin"))
    by_name = {one.name: one for one in report.people}
    head, deputy = by_name["Head"], by_name["Deputy"]
    assert (head.handed_seconds, head.taken_seconds) == (0.0, 120.0)
    assert deputy.handed_seconds is None
    assert deputy.why_not == "The line is dead."
    figures = report.figures
    assert set(by_name) == {"Head", "Deputy", "Office"}, "a step in vain is followed by everybody"
    assert (figures.asked, figures.reached, figures.taken) == (3, 2, 1)
    assert (report.began_by, report.plan, report.is_over) == ("Head", "Return", True)
    assert exercises.drill_reports(world.as_("agent")) == []
