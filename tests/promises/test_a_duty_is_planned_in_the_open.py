"""Who was asked when, answered what, was picked or not and why; a new time reaches everybody, and
what each decision saw stays with it (`STORY.md` 82; `LEFTOUT.md` 2)."""

from __future__ import annotations

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.people.rules import STATION
from homeby.readiness.actions import duty_asking, duty_crew
from homeby.readiness.models import Duty
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries.decisions import closed_duties
from homeby.readiness.rules.duty_planning import Attended, DutyAnswer, NotPicked, StoodDown
from homeby.watch.models import Deadline
from tests.promises.planning_duties import (
    ask,
    attend,
    away,
    in_team,
    move,
    on,
    pick,
    planned,
    row,
    say,
)
from tests.world import World

NO = DutyAnswer.NO


def test_from_a_plan_to_who_came_with_a_receipt_for_each_step(world: World) -> None:
    world.add("third", callsign="Third")
    in_team(world, "agent", "mate", "third", "deputy")
    duty = planned(world, seats="1")
    with pytest.raises(Refused, match="A leader or a duty officer"):
        planned(world, by="agent")
    ask(world, duty)
    world.look()
    assert [one.subject for one in world.phone("agent")] == ["Can you come? Night shift"]
    say(world, duty, "agent")
    say(world, duty, "mate")
    say(world, duty, "third", NO, by="head")
    assert row(world, duty, "third").answered_by_id == world.people["head"]
    with pytest.raises(Refused, match="Only she herself answers"):
        say(world, duty, "mate", NO, by="agent")
    with pytest.raises(Refused, match="one tap") as refused:
        pick(world, duty, "agent")
    assert "not_picked" in refused.value.problems
    assert on(world, duty) == set()
    pick(world, duty, "agent", reason=NotPicked.TURN_OF_OTHERS)
    world.look()
    assert world.phone("mate")[-1].subject == "Others go this time: Night shift"
    assert "It is the turn of others." in world.phone("mate")[-1].outgoing.text
    with pytest.raises(Refused, match="this is not possible"):
        pick(world, duty, "third")

    # a new time: an answer to the old one no longer holds, and she is still on it
    move(world, duty, hours=2)
    world.look()
    for who in ("agent", "mate", "third", "deputy"):
        assert world.phone(who)[-1].subject == "New time: Night shift", who
    (line,) = queries.own_lines(world.as_("agent"), now=world.now)
    assert (line.asks_me, row(world, duty, "agent").seen_frame) == (True, 1)
    say(world, duty, "agent")
    assert row(world, duty, "agent").seen_frame == 2
    assert on(world, duty) == {"agent"}

    with pytest.raises(Refused, match="too early"):
        attend(world, duty, "agent")
    world.now = duty.starts_at
    assert "you are here" in attend(world, duty, "agent")
    kinds = set(Entry.objects.filter(subject=duty.ref).values_list("kind", flat=True))
    assert kinds == {
        "DUTY_PLANNED", "DUTY_ASKED", "DUTY_ANSWERED", "DUTY_PICKED", "DUTY_MOVED", "DUTY_ATTENDED",
        "MESSAGE_HANDED",
    }  # fmt: skip


def test_what_each_decision_saw_feeds_the_search_for_who_is_left_out(world: World) -> None:
    for number in range(2):
        world.add(f"new-{number}")
    in_team(world, "agent", "mate", "new-0", "new-1")
    away(world, "new-1", hours=20, lasts=48)
    shift = planned(world, hours=24, seats="1")
    ask(world, shift, "mate")
    say(world, shift, "mate")
    pick(world, shift, "mate")
    # set over the shift of one of them; another who is away later was free when it was set
    training = planned(world, hours=26, lasts=2, what="Rope training", seats="1\n1 FAID",
                       leader_id=world.people["deputy"], position="", rank_place=None)  # fmt: skip
    away(world, "new-0", hours=26, lasts=2)
    ask(world, training, "agent", "new-0")
    say(world, training, "agent")
    say(world, training, "new-0", NO, by="deputy")
    pick(world, training, "agent")
    ask(world, training, "mate")
    duty_crew.stand_down(
        duty_id=training.pk, person_id=world.people["agent"], why=StoodDown.NOT_NEEDED,
        by=world.as_("head"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.now = training.ends_at
    assert list(closed_duties(STATION, now=world.now)) == []
    world.now = shift.ends_at.replace(day=shift.ends_at.day + 4)
    assert list(closed_duties(world.as_("head"), now=world.now)) == []
    found = {one.duty_id: one for one in closed_duties(STATION, now=world.now)}
    assert list(found) == [training.pk, shift.pk]
    one = found[training.pk]
    keys = world.people
    assert [decision.kind for decision in one.decisions] == ["FRAME", "ASKED", "CREW", "ASKED"]
    frame, asked, crew, _later = one.decisions

    # A frame: who of the pool could come, on what was known when it was set
    able = {each.person_id: not each.against for each in frame.pool if each.against != "LEAVE"}
    assert able == {keys["agent"]: True, keys["mate"]: False, keys["new-0"]: True}
    clash = next(each for each in frame.pool if each.person_id == keys["mate"])
    assert (clash.against, clash.against_ref) == ("DUTY", shift.ref)
    assert clash.known_at is not None
    assert clash.known_at <= frame.at
    assert (frame.by, frame.time_is_free, frame.at) == (keys["head"], True, asked.at)
    # T invited: k of m who could come
    assert asked.named == {keys["agent"], keys["new-0"]}
    # L told in time
    reserves = {each.person_id for each in one.people if each.is_reserve}
    assert reserves == {keys["mate"]}
    lead = {each.person_id: one.starts_at - each.asked_at for each in one.people if each.asked_at}
    assert set(lead) == {keys["agent"], keys["new-0"], keys["mate"]}
    # M picked: available, fits an open seat; fixed seats, own refusals, stand-downs told apart
    assert crew.named == {keys["agent"]}
    pool = {each.person_id: each.available for each in crew.pool if each.fits}
    assert (pool[keys["agent"]], pool[keys["mate"]], pool[keys["new-0"]]) == (True, False, False)
    assert [(seat.position, seat.is_fixed) for seat in one.seats] == [
        ("", True), ("", False), ("FAID", False),
    ]  # fmt: skip
    became = {each.person_id: each for each in one.people}
    assert became[keys["new-0"]].answered_by == keys["deputy"]
    assert became[keys["agent"]].stood_down == StoodDown.NOT_NEEDED
    assert became[keys["deputy"]].seat == 1
    assert (one.group_id, one.mentor_id, one.is_series) == (training.pk, None, False)


def test_a_series_is_one_decision_and_keeps_its_local_hour(world: World) -> None:
    in_team(world, "agent")
    duty = planned(world, hours=24, weeks=22, is_open=True, seats="1 x MEDR\n2", lasts=2)
    lines = queries.open_lines(world.as_("agent"), now=world.now)
    assert len(lines) == 22
    assert {line.duty.group_id for line in lines} == {duty.pk}
    hours = {line.duty.starts_at.hour for line in lines}
    assert len(hours) == 2, "the clocks change within these weeks"
    assert lines[0].free == 3
    told = duty_asking.sign_up(duty_id=duty.pk, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert "You are on it" in told
    assert len(queries.open_lines(world.as_("agent"), now=world.now)) == 21
    with pytest.raises(Refused, match="no position of the catalogue") as refused:
        planned(world, seats="2 x juggler", weeks=0, lasts=-1)
    assert set(refused.value.problems) == {"seats", "weeks", "ends"}
    with pytest.raises(Refused, match="not begun"):
        attend(world, duty, "agent", Attended.CAME)


def test_a_series_and_a_new_time_end_within_the_year(world: World) -> None:
    in_team(world, "agent")
    with pytest.raises(Refused) as refused:
        planned(world, hours=360 * 24, weeks=52)
    assert set(refused.value.problems) == {"weeks"}
    duty = planned(world, hours=24, weeks=52)
    assert Duty.objects.filter(group_id=duty.pk).count() == 52
    with pytest.raises(Refused) as moved:
        move(world, duty, hours=367 * 24)
    assert set(moved.value.problems) == {"starts"}


def test_a_shift_that_nobody_begins_is_told_to_whoever_plans_it(world: World) -> None:
    in_team(world, "agent", "mate")
    missed, begun = planned(world, hours=1), planned(world, hours=1, what="Day shift")
    for duty, who in ((missed, "agent"), (begun, "mate")):
        ask(world, duty, who)
        say(world, duty, who)
    move(world, begun, hours=-1)
    waits = Deadline.objects.filter(subject__title="Owl", state="OPEN")
    assert not waits.exists(), "what lies behind is waited for no more"
    move(world, begun, hours=1.5)
    assert waits.exists()
    world.fast_forward(minutes=45)
    attend(world, begun, "mate")
    world.received.clear()
    world.fast_forward(minutes=80)
    told = [one.outgoing.text + one.subject for one in world.phone("head")]
    assert any("Fox begins a shift" in one for one in told)
    assert not [one for one in told if "Owl" in one]
    attend(world, missed, "agent", by="head")
    world.received.clear()
    world.fast_forward(minutes=90)
    assert {one.subject[:5] for one in world.received} == {"Done:"}
