"""Who can go? goes by all that is kept of people: a duty, leave, a rest, a medic's word, and a
promotion; and a duty goes by what somebody holds. Each part is told once, and asked everywhere."""

from __future__ import annotations

import datetime as dt

from homeby.logbook.rules import new_tap
from homeby.readiness.actions import resting
from homeby.readiness.queries import duty_pool, facts, matrix, own_skills, rest, standing
from homeby.readiness.queries import qualifications as recorded
from homeby.readiness.rules.who_can_go import Asked, Sieve, who_can_go
from tests.promises.apart import keep_away
from tests.promises.learning import hold, learned_by, read
from tests.promises.planning_duties import a_shift_of, away
from tests.promises.rested import hurt
from tests.world import ZONE, World

WHO = ("agent", "mate", "outsider", "deputy", "guard")


def taken_off(world: World, *, hours: float) -> dict[str, Sieve | None]:
    """At which sieve each of them is taken off, for four hours from so many hours on."""
    mission = world.plan("head")
    begins = world.now + dt.timedelta(hours=hours)
    asked = Asked(mission_id=mission.pk, needs=("AID",), begins=begins,
                  ends=begins + dt.timedelta(hours=4), zone=ZONE)  # fmt: skip
    people = [world.people[one] for one in WHO]
    judged = facts.candidates(people, asked, party=[], to=world.as_("head"), now=world.now)
    found = {
        one.person_id: one.taken_off
        for one in who_can_go(asked, judged, recorded.known(), now=world.now).outcomes
    }
    return {one: found[world.people[one]] for one in WHO}


def test_a_duty_leave_a_rest_and_a_hurt_take_somebody_off(world: World) -> None:
    read(world)
    for one in WHO:
        hold(world, one, "AID")
    assert taken_off(world, hours=1) == dict.fromkeys(WHO)
    a_shift_of(world, "agent")  # tomorrow
    away(world, "mate", hours=20, lasts=10)
    hurt(world, "outsider", by="outsider")
    world.send_out("deputy")
    world.now += dt.timedelta(minutes=30)
    world.sign_in("deputy")
    found = taken_off(world, hours=0.1)
    assert (found["outsider"], found["deputy"]) == (Sieve.ALLOWED, Sieve.RESTED)
    assert (found["agent"], found["mate"], found["guard"]) == (None, None, None)
    found = taken_off(world, hours=24)
    assert (found["agent"], found["guard"]) == (Sieve.FREE, None)
    assert found["mate"] is Sieve.ALLOWED, "leave is private, and no duty"
    assert found["outsider"] is Sieve.ALLOWED, "nobody has cleared her by then"
    assert taken_off(world, hours=17)["agent"] is Sieve.RESTED, "too near to the shift after it"
    assert taken_off(world, hours=33)["agent"] is Sieve.RESTED, "a shift tires as a mission does"
    world.now += dt.timedelta(hours=26)
    now = rest.for_planners(world.as_("head"), [world.people["agent"]], now=world.now)
    assert now[world.people["agent"]].tired.endswith("on duty for 2 h; the last sleep is assumed.")


def test_a_hurt_that_was_overridden_by_name_keeps_nobody_off(world: World) -> None:
    read(world)
    for one in WHO:
        hold(world, one, "AID")
    hurt(world, "outsider", by="outsider")
    assert taken_off(world, hours=1)["outsider"] is Sieve.ALLOWED
    assert "Not before" in own_skills.can_go(world.as_("outsider"), "AID", now=world.now)
    resting.override(person_id=world.people["outsider"], reason="Flood, nobody else",
                     by=world.as_("head"), now=world.now, tap=new_tap())  # fmt: skip
    assert taken_off(world, hours=1)["outsider"] is None
    assert own_skills.can_go(world.as_("outsider"), "AID", now=world.now) == "You can go."
    world.now += dt.timedelta(minutes=1)
    hurt(world, "outsider", by="outsider", bleeding="SHINES_THROUGH")
    assert taken_off(world, hours=1)["outsider"] is Sieve.ALLOWED, "it was told after the word"


def test_a_party_whom_the_planner_does_not_see_bars_all_the_same(world: World) -> None:
    read(world)
    hold(world, "agent", "AID")
    mission = world.plan("mate")
    keep_away(world, "mate", "agent")
    keep_away(world, "mate", "head")
    asked = Asked(mission_id=mission.pk, needs=("AID",), begins=world.now,
                  ends=world.now + dt.timedelta(hours=4), zone=ZONE)  # fmt: skip
    judged = matrix.who_can(world.as_("head"), asked, now=world.now).answer.outcomes
    (agent,) = [one for one in judged if one.person_id == world.people["agent"]]
    assert agent.sentences == ("Not available for this mission.",)


def test_what_is_held_counts_for_boards_and_for_seats(world: World) -> None:
    read(world)
    day, at = world.now.date(), world.now
    people = [world.people[one] for one in WHO]
    assert duty_pool.holders("SCOUT", people, at=at) is None, "nobody holds it here yet"
    hold(world, "mate", "SCOUT")
    assert duty_pool.holders("SCOUT", people, at=at) == frozenset([world.people["mate"]])
    assert standing.holders_of("SCOUT", day=day) == [world.people["mate"]]
    assert not standing.mentors_of(world.people["agent"])
    learned_by(world, "agent")
    assert standing.mentors_of(world.people["agent"]) == {world.people["deputy"]}
