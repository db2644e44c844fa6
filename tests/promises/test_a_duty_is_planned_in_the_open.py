"""Who was asked when, answered what, was picked or not and why; a new time reaches everybody, and
what each decision saw stays with it (`STORY.md` 82; `LEFTOUT.md` 2)."""

from __future__ import annotations

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.people.rules import STATION
from homeby.readiness.actions import duty_asking, duty_crew
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries.decisions import closed_duties
from homeby.readiness.rules.duty_planning import Attended, DutyAnswer, NotPicked, StoodDown
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
    with pytest.raises(Refused, match="no open seat fits"):
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
