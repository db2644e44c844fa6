"""Stay-away (promise 8): a message names whoever did something to each reader as pages do. Whoever
is kept away from the actor, either way round, reads a stand-in as for one without a callsign; all
the others read the callsign, and nobody is told less than he was before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import glass, plan
from homeby.missions.actions.assignment import answer
from homeby.missions.rules import PlanTimes
from homeby.people.models import ContactPoint
from homeby.people.queries import organisation
from homeby.people.rules import Role
from homeby.people.rules_callsigns import stand_in
from homeby.people.rules_log_ins import Proof
from homeby.watch.actions import plans, reaching
from homeby.watch.models import EscalationPlan
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import not_fit, pass_time, plan_watch, stand_down, take
from tests.promises.apart import keep_away
from tests.promises.kin_pages import end_hold, hold
from tests.promises.test_an_act_that_is_due_reaches_somebody import do, wait_for
from tests.promises.test_an_exercise_is_an_exercise import drill
from tests.promises.two import two_must
from tests.world import RETURN_STEPS, ZONE, World

#: Who files it: whoever did it, or whoever reads of it.
WAYS = pytest.mark.parametrize("filed_by", ["actor", "reader"])


def apart(world: World, actor: str, reader: str, filed_by: str) -> None:
    """They are kept away from each other."""
    pair = (actor, reader) if filed_by == "actor" else (reader, actor)
    keep_away(world, *pair)


def written_to(world: World, who: str) -> str:
    """All that was written to somebody, in one text."""
    rows = Message.objects.filter(person_id=world.people[who], kin_of=None)
    return "\n".join(f"{row.subject} {row.text}" for row in rows)


def named(world: World, actor: str, *, to: str, but: str, said: str) -> None:
    """`said` was written to both readers; `to` reads the callsign of the actor, `but` a stand-in
    and nowhere the callsign."""
    world.look()
    callsign, other = world.callsign(actor), stand_in(world.people[actor])
    open_, kept = written_to(world, to), written_to(world, but)
    assert said % callsign in open_, open_
    assert other not in open_
    assert said % other in kept, kept
    assert callsign not in kept, kept
    assert verify().difference is None


@pytest.fixture
def chief(world: World) -> str:
    """Whoever does all of it."""
    roles = (Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR)
    world.add("chief", *roles, callsign="Zqchief")
    world.add("second", Role.LEADER, Role.DUTY_OFFICER, callsign="Second")
    return "chief"


@WAYS
def test_who_has_it_alone_of_two(world: World, chief: str, filed_by: str) -> None:
    two_must(world)
    apart(world, chief, "deputy", filed_by)
    world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=96)
    take(world, chief)
    pass_time(world, minutes=16)
    named(world, chief, to="second", but="deputy", said="Taken by %s;")


@WAYS
def test_who_took_it_and_who_ended_it(world: World, chief: str, filed_by: str) -> None:
    apart(world, chief, "deputy", filed_by)
    world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=101)
    take(world, "deputy")
    take(world, chief)
    assert f"{stand_in(world.people[chief])} has taken" in written_to(world, "deputy")
    stand_down(world, chief)
    named(world, chief, to="head", but="deputy", said="%s ended this alarm")


@WAYS
def test_who_ended_it_while_they_are_out(world: World, chief: str, filed_by: str) -> None:
    """The chief may have been asked about another of the party before it was filed."""
    world.send_out("agent", "mate", due_minutes=30)
    pass_time(world, minutes=101)
    apart(world, chief, "head", filed_by)
    stand_down(world, chief)
    named(world, chief, to="agent", but="head", said="%s ended A-")


@WAYS
def test_who_did_what_was_due(world: World, chief: str, filed_by: str) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    wait_for(world)
    pass_time(world, minutes=101)
    apart(world, chief, "mate", filed_by)
    do(world, by=chief)
    named(world, chief, to="medic", but="mate", said="%s: Looked at, all well.")


@WAYS
def test_who_changed_the_plan_and_the_limits(world: World, chief: str, filed_by: str) -> None:
    world.send_out("agent", "mate", due_minutes=300)
    apart(world, chief, "agent", filed_by)
    apart(world, chief, "head", filed_by)
    plan_watch(world, "head", "second")
    plan_watch(world, "deputy", "second")
    fields = plans.PlanFields(
        name="Return", kind=DeadlineKind.RETURN, steps=RETURN_STEPS, is_default=True
    )
    plan_id = EscalationPlan.objects.get(name="Return").pk
    by, now = world.as_(chief), world.now
    plans.set_plan(plan_id=plan_id, fields=fields, by=by, now=now, tap=new_tap())
    named(world, chief, to="mate", but="agent", said="By %s. It says who is told when")
    named(world, chief, to="deputy", but="head", said="By %s. 1 who are out now")
    facts = organisation()
    assert facts is not None
    limits = replace(facts, grace_minutes=50)
    reaching.set_organisation(values=limits, by=by, now=now, tap=new_tap())
    named(world, chief, to="deputy", but="head", said="By %s: grace")


@WAYS
def test_who_changed_how_she_is_reached(world: World, chief: str, filed_by: str) -> None:
    for one in ("agent", "mate"):
        world.give_phone(one)
    apart(world, chief, "agent", filed_by)
    by = world.as_(chief)
    for one in ("agent", "mate"):
        point = ContactPoint.objects.filter(person_id=world.people[one]).latest("pk")
        reaching.remove_contact(contact_id=point.pk, by=by, now=world.now, tap=new_tap())
    named(world, chief, to="mate", but="agent", said="By %s. If this is wrong")


@WAYS
def test_who_broke_a_glass(world: World, chief: str, filed_by: str) -> None:
    plan_watch(world, "head", "deputy")
    plan_watch(world, "deputy", "second")
    mission = world.send_out("agent", due_minutes=300)
    apart(world, chief, "head", filed_by)
    glass.break_glass(mission_id=mission.pk, reason="She does not answer, and it is dark.",
                      proved=(Proof.PASSWORD,), by=world.as_(chief), now=world.now,
                      tap=new_tap())  # fmt: skip
    named(world, chief, to="deputy", but="head", said="Break-glass: %s opened")


@WAYS
def test_who_speaks_for_the_watch(world: World, chief: str, filed_by: str) -> None:
    """Kin put on hold, a drill, a watch that is passed on with its alarms."""
    plan_watch(world, "head", "deputy")
    plan_watch(world, "deputy", "second")
    world.give_kin("agent", "Mum")
    apart(world, chief, "head", filed_by)
    mission = world.send_out("agent", due_minutes=300)
    hold(world, mission, who=chief)
    named(world, chief, to="deputy", but="head", said="By %s. No message goes to kin")
    end_hold(world, mission, who=chief)
    named(world, chief, to="deputy", but="head", said="By %s; until now")
    drill(world, by=chief, announced=True)
    named(world, chief, to="second", but="head", said="%s begins a drill")


@WAYS
def test_who_passes_the_watch_on(world: World, chief: str, filed_by: str) -> None:
    world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=40)
    plan_watch(world, chief, "deputy")
    apart(world, chief, "deputy", filed_by)
    take(world, chief)
    not_fit(world, chief)
    kept = written_to(world, "deputy")
    assert f"{stand_in(world.people[chief])} hands you A-" in kept
    assert "Zqchief" not in kept.replace("Zqchief from", "")


def test_whoever_is_kept_away_hears_nothing_of_where_she_goes(world: World, chief: str) -> None:
    """She was planned, and files it then: her answer goes to somebody else who decides."""
    agent = world.people["agent"]
    fields = plan.PlanFields(
        party=(agent,), leader_id=agent, what="Patrol", place="North woods", zone=ZONE,
        times=PlanTimes(due_at=world.now.replace(hour=20)), device="radio",
        assigned_by_id=world.people[chief],
    )  # fmt: skip
    tap = new_tap()
    plan.plan(fields=fields, by=world.as_(chief), now=world.now, tap=tap)
    apart(world, "agent", chief, "actor")
    said = {"accept": False, "note": "", "by": world.as_("agent"), "now": world.now}
    answer(mission_id=tap.entry_id, tap=new_tap(), **said)  # type: ignore[arg-type]
    assert "refuses: Patrol" not in written_to(world, chief)
    assert "Fox refuses: Patrol" in written_to(world, "head")
