"""The rota keeps to the rules of rest and to health: nobody is picked, moved or swapped into a duty
that they speak against, unless somebody takes it on by name (issue 6, section 3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions.teams import Term, give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import resting
from homeby.readiness.models import Duty, DutyPerson, RestOverride
from homeby.readiness.queries import duty_rest, releases
from homeby.readiness.queries import rest as queries
from homeby.readiness.rules.duty_planning import Attended, StoodDown
from homeby.watch.models import Alarm, Deadline
from tests.promises.planning_duties import (
    ask,
    attend,
    in_team,
    move,
    offer,
    on,
    pick,
    planned,
    row,
    say,
    take,
)
from tests.promises.rested import hurt, release
from tests.world import World


def shift(world: World, who: str, *, hours: float, lasts: float = 8, **more: Any) -> Duty:
    """A shift with a seat for one, for which she is asked and says yes."""
    duty = planned(world, hours=hours, lasts=lasts, seats="1", **more)
    ask(world, duty, who)
    say(world, duty, who)
    return duty


def of_team(world: World, who: str = "chief") -> None:
    """A leader of the one team, and of nothing else."""
    world.add(who, callsign="Chief")
    in_team(world, who)
    give_role(
        person_id=world.people[who], role=Role.LEADER, term=Term(team_id=world.team_id),
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip


def test_who_is_hurt_goes_on_no_shift_until_she_is_cleared_or_somebody_takes_it_on(
    world: World,
) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    of_team(world)
    in_team(world, "agent", "mate")
    duty, hers = shift(world, "agent", hours=0.5), shift(world, "mate", hours=0.6)
    pick(world, hers, "mate")
    hurt(world, bleeding="SHINES_THROUGH")
    with pytest.raises(Refused, match=r"Fox: Not before .* by name and with a reason") as refused:
        pick(world, duty, "agent")
    assert "hurt" not in str(refused.value)
    swap = offer(world, hers, "mate", "agent")
    with pytest.raises(Refused, match="This is not possible"):
        take(world, swap, "agent")
    assert (on(world, duty), on(world, hers)) == (set(), {"mate"})
    with pytest.raises(Refused) as unnamed:
        pick(world, duty, "agent", by="chief", override="no")
    assert "override" in unnamed.value.problems
    pick(world, duty, "agent", by="chief", override="Nobody else drives the boat")
    assert on(world, duty) == {"agent"}
    kept = RestOverride.objects.get()
    assert (kept.by_id, kept.person_id) == (world.people["chief"], world.people["agent"])
    found = queries.for_planners(world.as_("head"), [kept.person_id], now=world.now)
    assert found[kept.person_id].sentences[-1].startswith("Overridden by Chief at ")
    (told,) = Message.objects.filter(about="rest")
    assert (told.person_id, told.subject) == (kept.person_id, "Your rest was broken")


def test_what_the_rules_say_of_the_next_shift_too_binds_the_rota(world: World) -> None:
    in_team(world, "agent", "mate")
    first, second = shift(world, "agent", hours=24, lasts=12), shift(world, "agent", hours=37)
    pick(world, first, "agent")
    said = duty_rest.said_of(world.as_("head"), second, now=world.now)
    assert [one.startswith("Rest until") for one in said[world.people["agent"]]] == [True]
    with pytest.raises(Refused, match=r"Fox: Rest until .*Volunteers"):
        pick(world, second, "agent")
    with pytest.raises(Refused, match="somebody else takes it"):
        pick(
            world,
            shift(world, "head", hours=1, lasts=20, team_id=None),
            "head",
            override="Me, I do",
        )
    before = shift(world, "agent", hours=20, lasts=3)
    with pytest.raises(Refused, match="For the next duty at"):
        pick(world, before, "agent")
    assert not duty_rest.said_of(world.as_("agent"), second, now=world.now).keys() - {
        world.people["agent"]
    }, "only those who release read it of others"
    pick(world, second, "agent", override="The relief is snowed in")
    assert on(world, second) == {"agent"}


def test_a_duty_is_moved_into_no_rest_unless_somebody_takes_it_on_or_she_is_off_it(
    world: World,
) -> None:
    in_team(world, "agent", "mate")
    mission = world.send_out("agent", due_minutes=240)
    duty, later = shift(world, "agent", hours=40), shift(world, "agent", hours=80)
    for one in (duty, later):
        pick(world, one, "agent")
    world.now += dt.timedelta(minutes=200)
    world.sign_in("agent")
    release(world, mission)
    with pytest.raises(Refused, match="Fox: Rest until") as refused:
        move(world, duty, hours=-34)
    assert set(refused.value.problems) == {"override"}
    duty.refresh_from_db()
    assert duty.frame == 1, "nothing is changed by halves"
    move(world, duty, hours=-34, stands_down=True)
    assert row(world, duty, "agent").stood_down_why == StoodDown.NOT_BEFORE
    assert not Deadline.objects.filter(subject__ref=f"duty:{row(world, duty, 'agent').pk}",
                                       state="OPEN").exists()  # fmt: skip
    world.look()
    move(world, later, hours=-74, override="The flood is at the door")
    assert on(world, later) == {"agent"}
    assert RestOverride.objects.get().reason == "The flood is at the door"


def test_no_fellow_ends_the_wait_for_who_has_not_come(world: World) -> None:
    in_team(world, "agent", "mate")
    duty = planned(world, hours=1.5)
    ask(world, duty, "agent", "mate")
    for who in ("agent", "mate"):
        say(world, duty, who)
    waits = Alarm.objects.filter(subject__ref=f"duty:{row(world, duty, 'agent').pk}",
                                 state="OPEN")  # fmt: skip
    with pytest.raises(Refused, match="has not begun"):
        attend(world, duty, "agent", Attended.NOT_THERE, by="mate")
    with pytest.raises(Refused, match="plans the duty"):
        attend(world, duty, "agent", Attended.EXCUSED, by="mate")
    world.fast_forward(minutes=95)
    world.received.clear()
    attend(world, duty, "agent", Attended.NOT_THERE, by="mate")
    assert waits.exists(), "that she is not there is no sign of her"
    world.look()
    assert "Look at who comes: Night shift" in [one.subject for one in world.phone("head")]
    world.fast_forward(minutes=125)
    assert any("Fox" in one.subject + one.outgoing.text for one in world.phone("head")[1:])
    attend(world, duty, "agent", Attended.EXCUSED, by="head")
    assert not waits.exists()


def test_nobody_talks_away_her_own_shift_nor_a_fellow_what_she_has_said(world: World) -> None:
    in_team(world, "agent", "mate")
    duty = planned(world, hours=1, lasts=12)
    in_team(world, "head")
    ask(world, duty, "agent", "mate", "head")
    for who in ("agent", "mate", "head"):
        say(world, duty, who)
    world.now = duty.starts_at
    assert attend(world, duty, "agent") == "Kept: you are here."
    world.now = duty.ends_at
    for who in ("agent", "head"):  # whoever plans it, neither
        for how in (Attended.EXCUSED, Attended.NOT_THERE):
            with pytest.raises(Refused) as refused:
                attend(world, duty, who, how)
            assert set(refused.value.problems) == {"how"}
    with pytest.raises(Refused, match="plans the duty"):
        attend(world, duty, "agent", Attended.NOT_THERE, by="mate")
    known = queries.for_planners(world.as_("head"), [world.people["agent"]], now=world.now)
    assert not known[world.people["agent"]].is_free, "twelve hours of duty are followed by rest"
    attend(world, duty, "agent", Attended.NOT_THERE, by="head")
    assert DutyPerson.objects.get(duty=duty, person_id=world.people["agent"]).attended


def test_a_leader_of_her_team_overrides_a_rest_and_of_no_other(world: World) -> None:
    of_team(world)
    in_team(world, "agent")
    for who in ("agent", "mate"):
        hurt(world, who, by=who)

    def override(who: str, by: str = "chief") -> None:
        resting.override(person_id=world.people[who], reason="Flood, nobody else",
                         by=world.as_(by), now=world.now, tap=new_tap())  # fmt: skip

    with pytest.raises(Refused, match="no such person"):
        override("mate")
    with pytest.raises(Refused, match="Only a leader or a duty officer"):
        override("agent", by="mate")
    override("agent")
    (kept,) = releases.overrides_of(world.as_("chief"), world.people["agent"])
    assert kept.by_id == world.people["chief"]
    assert not releases.overrides_of(world.as_("mate"), world.people["agent"])


def test_a_swap_judges_both_and_nothing_of_the_pick_is_lost(world: World) -> None:
    in_team(world, "agent", "mate")
    hers, his = shift(world, "agent", hours=24), shift(world, "mate", hours=33)
    near = shift(world, "mate", hours=44)
    pick(world, hers, "agent")
    pick(world, his, "mate")
    with pytest.raises(Refused, match="Owl: Rest until"):
        pick(world, near, "mate")
    swap = offer(world, hers, "agent", "mate", for_duty_id=his.pk)
    take(world, swap, "mate")
    assert (on(world, hers), on(world, his)) == ({"mate"}, {"agent"})
    pick(world, near, "mate")
    with pytest.raises(Refused, match="This is not possible"):
        take(world, offer(world, his, "agent", "mate"), "mate")
