"""Who could have had each seat is kept as it was when a crew was picked: a paper that is entered
later changes nothing of it (`LEFTOUT.md` 2, seats)."""

from __future__ import annotations

import datetime as dt

from homeby.people.rules import STATION
from homeby.readiness.models import DutyDecision
from homeby.readiness.queries.decisions import ClosedDuty, closed_duties
from tests.promises.learning import hold, read
from tests.promises.planning_duties import ask, in_team, pick, planned, say
from tests.world import World


def closed(world: World) -> ClosedDuty:
    world.now += dt.timedelta(days=6)
    (one,) = closed_duties(STATION, now=world.now)
    return one


def test_who_holds_what_a_seat_needs_is_kept_with_the_pick(world: World) -> None:
    read(world)
    in_team(world, "agent", "mate", "outsider")
    hold(world, "agent", "AID")
    hold(world, "agent", "SCOUT")
    hold(world, "outsider", "AID")
    seats = "Medic: 1 AID + SCOUT\n1 AID\n1"
    duty = planned(world, seats=seats, leader_id=world.people["deputy"])
    ask(world, duty, "agent", "mate", "outsider")
    say(world, duty, "agent")
    pick(world, duty, "agent")
    hold(world, "mate", "AID", since=30)  # it came late, and was not known
    world.now += dt.timedelta(minutes=1)
    say(world, duty, "outsider")
    pick(world, duty, "outsider")
    one, key = closed(world), world.people
    assert [(seat.position, seat.also, seat.role) for seat in one.seats] == [
        ("", (), ""), ("AID", ("SCOUT",), "Medic"), ("AID", (), ""), ("", (), ""),
    ]  # fmt: skip
    first, second = (each for each in one.decisions if each.kind == "CREW")
    assert [seat.number for seat in first.seats] == [1, 2, 3, 4]
    assert [seat.fits for seat in first.seats] == [
        None, frozenset([key["agent"]]), frozenset([key["agent"], key["outsider"]]), None,
    ]  # fmt: skip
    assert [seat.is_open for seat in first.seats] == [False, True, True, True]
    assert sum(seat.is_open for seat in second.seats) == 2
    assert second.seats[2].fits == frozenset([key["agent"], key["outsider"], key["mate"]])


def test_what_all_of_them_must_hold_is_handed_on(world: World) -> None:
    read(world)
    in_team(world, "agent")
    for needed in ("AID", "SCOUT"):
        hold(world, "agent", needed)
    duty = planned(world, position="AID", also="SCOUT")
    ask(world, duty, "agent")
    pick(world, duty, "agent")
    before = DutyDecision.objects.get(duty=duty, kind="CREW")
    assert [each.also for each in closed(world).decisions] == [("SCOUT",)] * 3
    # what was kept before this was: nobody is ruled out by it
    seat = {"position": "AID", "also": [], "role": "", "is_fixed": False}
    DutyDecision.objects.filter(pk=before.pk).update(facts=before.facts | {"seats": [seat]})
    (kept,) = closed(world).decisions[-1].seats
    assert (kept.number, kept.fits, kept.is_open) == (1, None, True)
