"""A duty may ask several things of everybody, a seat several of one, roles may be fixed: whoever
lacks one of them has no seat that needs it; a fixed role is nobody's choice but its planner's."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import Refused
from homeby.logbook.verification import verify
from homeby.people.rules import STATION
from homeby.readiness.actions import duties
from homeby.readiness.models import DutyDecision, DutySeat
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.welfare.queries.closed import closed_activities
from tests.promises.learning import hold, read
from tests.promises.planning_duties import ask, in_team, on, pick, planned, row, say
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

BOTH = {"AID": "First aid", "SCOUT": "Scout", "LEAD": "Lead scout"}


@pytest.fixture
def skilled(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Fox holds both, Owl one of them."""
    monkeypatch.setattr(duties, "positions", lambda: BOTH)
    read(world)
    in_team(world, "agent", "mate", "outsider")
    for who, key in (("agent", "AID"), ("agent", "SCOUT"), ("mate", "AID"), ("outsider", "SCOUT")):
        hold(world, who, key)
    return world


def test_a_seat_that_needs_two_things_is_for_whoever_holds_both(skilled: World) -> None:
    duty = planned(skilled, seats="Guide: 1 AID + SCOUT\n1 AID\n1")
    asked = ("agent", "mate", "outsider")
    ask(skilled, duty, *asked)
    for one in asked:
        say(skilled, duty, one)
    pick(skilled, duty, "mate", "agent", "outsider")
    seats = {one: row(skilled, duty, one).seat for one in asked}
    assert seats["agent"] is not None
    assert (seats["agent"].needs, seats["agent"].role) == (("AID", "SCOUT"), "Guide")
    assert seats["mate"] is not None
    assert seats["mate"].needs == ("AID",)
    assert seats["outsider"] is not None
    assert seats["outsider"].needs == ()
    kept = DutyDecision.objects.get(duty=duty, kind="CREW").facts["seats"]
    said = {"position": "AID", "also": ["SCOUT"], "role": "Guide", "is_fixed": False}
    assert said.items() <= kept[0].items()
    only = planned(skilled, seats="1 SCOUT, AID", hours=60)
    ask(skilled, only, "mate")
    say(skilled, only, "mate")
    with pytest.raises(Refused):
        pick(skilled, only, "mate")
    assert verify().difference is None


def test_what_everybody_must_hold_may_be_several_things(skilled: World) -> None:
    duty = planned(skilled, position="AID", also="Scout")
    ask(skilled, duty, "agent", "mate", "outsider")
    for one in ("agent", "mate", "outsider"):
        say(skilled, duty, one)
    assert on(skilled, duty) == {"agent"}
    frame = DutyDecision.objects.filter(duty=duty, kind="FRAME").get()
    assert (frame.facts["position"], frame.facts["also"]) == ("AID", ["SCOUT"])
    fits = {one["person"] for one in frame.pool if one["fits"]}
    assert fits == {str(skilled.people["agent"])}
    with pytest.raises(Refused) as refused:
        planned(skilled, also="Scout, Juggling", seats="1 AID + Juggling")
    assert "Juggling is no position" in refused.value.problems["also"]
    assert "Line 1: Juggling is no position" in refused.value.problems["seats"]


def test_whoever_lacks_the_second_thing_is_no_less_of_the_team_for_it(skilled: World) -> None:
    duty = planned(skilled, also="Scout")
    ask(skilled, duty, "outsider")
    skilled.now = duty.ends_at + CLOSES_AFTER
    (one,) = closed_activities(STATION, now=skilled.now)[skilled.team_id]
    (mate,) = (each for each in one.candidates if each.who == str(skilled.people["mate"]))
    assert (mate.fits, mate.away) == (False, False), "she was able to be there, had it not asked"


def test_fixed_roles_are_taken_and_nobody_is_picked_into_them(skilled: World) -> None:
    fixed = (("Deputy", skilled.people["mate"]),)
    duty = planned(skilled, leader_id=skilled.people["agent"], fixed=fixed, seats="1")
    assert on(skilled, duty) == {"agent", "mate"}
    seats = DutySeat.objects.filter(duty=duty).order_by("number")
    assert [(one.role, one.is_fixed) for one in seats] == [
        ("", True),
        ("Deputy", True),
        ("", False),
    ]
    ask(skilled, duty, "outsider", "guard")
    for one in ("outsider", "guard"):
        say(skilled, duty, one)
    with pytest.raises(Refused):
        pick(skilled, duty, "outsider", "guard")


def test_the_page_takes_roles_by_callsign(skilled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    head = Pages(skilled, monkeypatch).as_("head")
    typed = {
        "kind": "SHIFT", "what": "Watch", "starts": "tomorrow 08:00", "ends": "+4h",
        "weeks": "1", "also": "", "seats": "1 AID + SCOUT", "fixed": "Deputy: Nobody",
    }  # fmt: skip
    wrong = text_of(head.post("/calendar/new/", sent(**typed)))
    assert "Line 1: nobody here is called Nobody." in wrong
    shown = followed(head, head.post("/calendar/new/", sent(**(typed | {"fixed": "Deputy: owl"}))))
    assert "Owl Deputy" in shown
