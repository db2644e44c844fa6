"""Stay-away (promise 8): no message about her reaches whoever is kept away from her, as long as
anybody else is left who can be rung and takes it. An alarm that is lost is worse than one he hears.
"""

from __future__ import annotations

import datetime as dt

from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import glass, plan
from homeby.missions.rules import PlanTimes
from homeby.people.models import ContactPoint
from homeby.people.rules import Role
from homeby.people.rules_log_ins import Proof
from homeby.watch.actions import reaching
from tests.promises.acts import pass_time, stand_down, take
from tests.promises.apart import keep_away
from tests.promises.kin_pages import hold
from tests.world import START, ZONE, World


def said_to(world: World, who: str) -> str:
    """All that this phone received, in one text."""
    world.look()
    return "\n".join(f"{one.outgoing.subject} {one.outgoing.text}" for one in world.phone(who))


def mute(world: World, *who: str) -> None:
    """They have no telephone any more."""
    for one in who:
        ContactPoint.objects.filter(person_id=world.people[one]).update(verified_at=None)


def wait_for_approval(world: World) -> None:
    """Fox plans to go alone; somebody else has to approve it."""
    agent = world.people["agent"]
    fields = plan.PlanFields(
        party=(agent,), leader_id=agent, what="Patrol", place="North woods", zone=ZONE,
        times=PlanTimes(due_at=START + dt.timedelta(hours=5)), device="radio",
    )  # fmt: skip
    plan.plan(fields=fields, by=world.as_("agent"), now=world.now, tap=new_tap())


def test_a_plan_that_waits_is_told_to_somebody_who_may_open_it(world: World) -> None:
    keep_away(world, "agent", "head")
    wait_for_approval(world)
    assert "Fox, alone" in said_to(world, "deputy")
    assert "Fox" not in said_to(world, "head")


def test_but_it_does_not_wait_in_silence_where_nobody_else_is_reached(world: World) -> None:
    keep_away(world, "agent", "head")
    mute(world, "deputy")
    wait_for_approval(world)
    assert "Fox, alone" in said_to(world, "head")


def test_what_names_her_goes_to_the_officers_who_may_know(world: World) -> None:
    """An alarm stood down, a broken glass, her kin, her telephone."""
    world.add("second", Role.DUTY_OFFICER, callsign="Second")
    world.give_kin("agent", "Mum")
    keep_away(world, "agent", "head")
    mission = world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=45)
    contact = ContactPoint.objects.filter(person_id=world.people["agent"]).latest("pk")
    hold(world, mission, who="second")
    glass.break_glass(mission_id=mission.pk, reason="Her telephone lies at the gate.",
                      proved=(Proof.PASSKEY,), by=world.as_("guard"),
                      now=world.now, tap=new_tap())  # fmt: skip
    by = world.as_("admin")
    reaching.remove_contact(contact_id=contact.pk, by=by, now=world.now, tap=new_tap())
    stand_down(world, "second")
    heard = said_to(world, "deputy")
    for words in ("speaks with the kin", "Break-glass", "asks again", "Fox: "):
        assert words in heard, (words, heard)
    assert not world.phone("head")
    assert verify().difference is None


def test_where_nobody_else_is_left_he_hears_of_it(world: World) -> None:
    mission = world.send_out("agent", due_minutes=30)
    keep_away(world, "agent", "head")
    mute(world, "deputy", "admin")
    glass.break_glass(mission_id=mission.pk, reason="Her telephone lies at the gate.",
                      proved=(Proof.PASSKEY,), by=world.as_("guard"),
                      now=world.now, tap=new_tap())  # fmt: skip
    assert "Break-glass" in said_to(world, "head")


def test_whoever_was_told_before_it_was_filed_hears_not_that_she_is_back(world: World) -> None:
    world.send_out("agent", due_minutes=30, buddy_id=world.people["outsider"])
    world.look()
    heard = len(world.phone("outsider"))
    keep_away(world, "agent", "outsider")
    pass_time(world, minutes=101)
    assert "Fox" in said_to(world, "head")
    assert "Fox" in said_to(world, "deputy")
    assert len(world.phone("outsider")) == heard, "no buddy any more"
    keep_away(world, "agent", "head")
    before = len(world.phone("head"))
    pass_time(world, minutes=30)
    world.sign_in("agent")
    assert "back" in said_to(world, "deputy")
    assert not [one.outgoing.text for one in world.phone("head")[before:]]
    assert verify().difference is None


def test_an_alarm_that_nobody_takes_goes_round_nobody_for_ever(world: World) -> None:
    """All the others can be rung, but none of them answers: they sleep."""
    keep_away(world, "agent", "head")
    world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=150)
    assert not world.phone("head"), "two repetitions may go unanswered"
    pass_time(world, minutes=10)
    assert "Fox" in said_to(world, "head")
    world.sign_in("agent")
    assert "back" in said_to(world, "head"), "else he would search on"
    assert verify().difference is None


def test_but_round_him_as_long_as_somebody_has_it(world: World) -> None:
    keep_away(world, "agent", "head")
    world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=140)
    take(world, "deputy")
    for _ in range(4):
        pass_time(world, minutes=15)
        take(world, "deputy")
    assert not world.phone("head")
