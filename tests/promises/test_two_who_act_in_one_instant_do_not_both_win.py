"""Two people do at once what only one of them can: one of them does, the other reads a sentence, as
if she had come later; nobody waits for ever, and what was done is what the logbook says."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.actions import plan as planning
from homeby.missions.models import PartyMember
from homeby.missions.rules import PlanTimes
from homeby.readiness.actions import (
    duties,
    duty_asking,
    duty_crew,
    duty_swaps,
    examinations,
    kit,
    task_books,
)
from homeby.readiness.models import Duty, Examination, KitItem, SignOff
from homeby.readiness.rules.duty_planning import NotPicked, StoodDown
from tests.promises.carrying import add_kit
from tests.promises.learning import hold, join, open_book, read, sign
from tests.promises.planning_duties import ask, in_team, move, offer, on, pick, planned, say, take
from tests.promises.racing import guarded_again, on_postgresql, race, village
from tests.promises.repeating_path import ask as ask_examination
from tests.world import ZONE, World

__all__ = ["guarded_again", "village"]
pytestmark = on_postgresql


def signs_up(world: World, duty: Duty, who: str) -> str:
    return duty_asking.sign_up(
        duty_id=duty.pk, by=world.as_(who), now=world.now, tap=new_tap()
    )  # fmt: skip


def test_two_leaders_fill_the_last_seat(village: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_team(village, "agent", "mate")
    duty = planned(village, seats="1")
    ask(village, duty, "agent", "mate")
    for who in ("agent", "mate"):
        say(village, duty, who)
    why = NotPicked.SEATS_FULL
    first, second = race(
        monkeypatch, duty_crew, "put_on",
        lambda: pick(village, duty, "agent", reason=why),
        lambda: pick(village, duty, "mate", reason=why, by="deputy"),
    )  # fmt: skip
    assert first.startswith("Kept: 1")
    assert second.startswith("refused: Owl: this is not possible")
    assert on(village, duty) == {"agent"}


def test_two_sign_up_for_the_last_seat(village: World, monkeypatch: pytest.MonkeyPatch) -> None:
    in_team(village, "agent", "mate")
    duty = planned(village, seats="1", is_open=True)
    first, second = race(
        monkeypatch, duty_asking, "put_on",
        lambda: signs_up(village, duty, "agent"), lambda: signs_up(village, duty, "mate"),
    )  # fmt: skip
    assert first.startswith("You are on it")
    assert "No seat here is open" in second
    assert on(village, duty) == {"agent"}


@pytest.mark.parametrize("way", ["answers", "signs up", "is picked"])
def test_one_person_says_yes_to_two_duties_at_one_time(
    village: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    in_team(village, "agent")
    more: dict[str, Any] = {"seats": "2", "is_open": True} if way != "answers" else {}
    one, other = planned(village, **more), planned(village, hours=26, **more)
    for duty in (one, other):
        ask(village, duty, "agent")
        if way == "is picked":
            say(village, duty, "agent")
    acts: dict[str, tuple[Any, Callable[[Duty, str], str]]] = {
        "answers": (duty_asking, lambda duty, _by: say(village, duty, "agent")),
        "signs up": (duty_asking, lambda duty, _by: signs_up(village, duty, "agent")),
        "is picked": (duty_crew, lambda duty, by: pick(village, duty, "agent", by=by)),
    }
    module, act = acts[way]
    first, second = race(
        monkeypatch, module, "put_on", lambda: act(one, "head"), lambda: act(other, "deputy")
    )
    assert not first.startswith("refused")
    assert second.startswith("refused") == (way != "answers"), second
    assert on(village, one) == {"agent"}
    assert on(village, other) == set()


def test_two_duties_are_moved_onto_each_other(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_team(village, "agent")
    one, other = planned(village, hours=24), planned(village, hours=72)
    for duty in (one, other):
        ask(village, duty, "agent")
        say(village, duty, "agent")

    def moves(duty: Duty, by: str, hours: int) -> str:
        return move(village, duty, hours=hours, by=by)

    first, second = race(
        monkeypatch,
        duties,
        "rested",
        lambda: moves(one, "head", 24),
        lambda: moves(other, "deputy", -22),
    )
    assert first.startswith("The time is changed")
    assert second.startswith("refused: Fox: ")


def test_a_swap_is_taken_while_the_giver_is_taken_off(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_team(village, "agent", "mate")
    for module, name, swap_first in ((duty_swaps, "_pass", True), (duty_crew, "row_of", False)):
        duty = planned(village, hours=24 + 72 * swap_first)
        ask(village, duty, "agent")
        say(village, duty, "agent")
        swap = offer(village, duty, "agent", "mate")

        def takes(swap: uuid.UUID = swap) -> str:
            return take(village, swap, "mate")

        def off(duty: Duty = duty) -> str:
            return duty_crew.stand_down(
                duty_id=duty.pk, person_id=village.people["agent"],
                why=StoodDown.OTHER, by=village.as_("head"), now=village.now, tap=new_tap(),
            )  # fmt: skip

        acts = (takes, off) if swap_first else (off, takes)
        first, second = race(monkeypatch, module, name, *acts)
        assert not first.startswith("refused"), first
        assert second.startswith("refused: "), second
        assert on(village, duty) == ({"mate"} if swap_first else set())


def test_two_swaps_that_cross_wait_for_each_other_in_one_order(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_team(village, "agent", "mate")
    one, other = planned(village, hours=24), planned(village, hours=96)
    for duty, who in ((one, "agent"), (other, "mate")):
        ask(village, duty, who)
        say(village, duty, who)
    there = offer(village, one, "agent", "mate", for_duty_id=other.pk)
    back = offer(village, other, "mate", "agent", for_duty_id=one.pk)
    first, second = race(
        monkeypatch, duty_swaps, "_pass",
        lambda: take(village, there, "mate"), lambda: take(village, back, "agent"),
    )  # fmt: skip
    assert first.startswith("It is yours")
    assert second.startswith("refused: "), second
    assert (on(village, one), on(village, other)) == ({"mate"}, {"agent"})


def test_two_take_the_same_kit(village: World, monkeypatch: pytest.MonkeyPatch) -> None:
    item = add_kit(village)

    def takes(who: str) -> str:
        return kit.take(item_id=item, by=village.as_(who), now=village.now, tap=new_tap())

    first, second = race(
        monkeypatch, kit, "_check_mission", lambda: takes("agent"), lambda: takes("mate")
    )
    assert (first.split(" have ")[0], second.split(" have ")[0]) == ("You", "You")
    assert KitItem.objects.get(pk=item).held_by_id == village.people["mate"]
    village.look()
    heard = [one.outgoing.subject for one in village.phone("agent")]
    assert any("You no longer have" in one for one in heard), "the later one took it over"
    again, twice = race(
        monkeypatch, kit, "_check_mission", lambda: takes("agent"), lambda: takes("agent")
    )
    assert not again.startswith("refused")
    assert "You have it already" in twice


def test_a_task_is_signed_twice_at_once(village: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read(village)
    join(village, "agent", "mate", "outsider")
    for who in ("mate", "outsider"):
        hold(village, who, "SCOUT")
    book = open_book(village, "agent", "SCOUT")
    mission = village.send_out("mate", "agent", "outsider")
    village.sign_in("mate", "agent", "outsider", heads=3)
    signed = SignOff.objects.count()
    first, second = race(
        monkeypatch, task_books, "_judged",
        lambda: sign(village, book, "mate", 1, mission.pk),
        lambda: sign(village, book, "outsider", 1, mission.pk),
    )  # fmt: skip
    assert first.startswith("Signed")
    assert "This is signed already" in second
    assert SignOff.objects.count() == signed + 1


def test_an_examination_is_approved_and_refused_at_once(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = ask_examination(village)
    told: dict[str, Any] = {"examination_id": key, "by": village.as_("deputy"), "now": village.now}
    first, second = race(
        monkeypatch, examinations, "_still_decides",
        lambda: examinations.approve(spoken=True, why="Ready.", tap=new_tap(), **told),
        lambda: examinations.refuse(why="Not yet.", spoken=True, tap=new_tap(), **told),
    )  # fmt: skip
    assert first.startswith("Approved")
    assert "it is done already" in second
    assert Examination.objects.get(pk=key).state == "APPROVED"


def test_two_plan_the_same_person_for_missions_at_one_time(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plans(by: str) -> str:
        who = (village.people["agent"],)
        times = PlanTimes(due_at=planned_for)
        fields = planning.PlanFields(
            party=who, leader_id=who[0], what="Search", place="Woods", zone=ZONE, times=times,
            device="radio",
        )  # fmt: skip
        return planning.plan(fields=fields, by=village.as_(by), now=village.now, tap=new_tap())

    planned_for = planned(village, team_id=None).starts_at
    first, second = race(
        monkeypatch, planning, "add_mission", lambda: plans("head"), lambda: plans("deputy")
    )
    assert not first.startswith("refused"), first
    assert not second.startswith("refused"), "planning bars nobody"
    assert PartyMember.objects.filter(person_id=village.people["agent"]).count() == 2
