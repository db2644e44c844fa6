"""Promise 4: a step that reaches nobody (off duty, unverified contact, every channel failing)
escalates at once and says so."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.actions.deliver import deliver
from homeby.comms.models import Message
from homeby.comms.rules import MessageState
from homeby.keys import KeyProblem
from homeby.logbook.rules import new_tap
from homeby.people import private
from homeby.people.actions import contacts
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION, MayKnow, Role
from homeby.watch.actions import plans
from homeby.watch.actions import tick as ticking
from homeby.watch.actions.tick import Ticked, tick
from homeby.watch.rules import Anchor, DeadlineKind, Target
from tests.promises.acts import pass_time, plan_watch, recorded, small_batches, take, times_told
from tests.world import RETURN_STEPS, World, step


def without_phone(world: World, who: str) -> None:
    """Nothing reaches them any more."""
    for point in ContactPoint.objects.filter(person_id=world.people[who]):
        contacts.remove_contact(contact_id=point.pk, by=STATION, now=world.now, tap=new_tap())


def return_plan(world: World, *steps: object) -> None:
    """The organisation's plan for returns is this one."""
    fields = plans.PlanFields(
        name="Short",
        kind=DeadlineKind.RETURN,
        steps=steps,  # type: ignore[arg-type]
        is_default=True,
    )
    plans.set_plan(plan_id=None, fields=fields, by=STATION, now=world.now, tap=new_tap())


def missed(world: World, minutes: float = 65) -> None:
    """The agent is out and does not come back."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=minutes)


def test_a_party_without_a_phone_is_not_waited_for(world: World) -> None:
    without_phone(world, "agent")
    missed(world, 60)
    (first,) = world.phone("head")
    assert world.minutes(first.at) == 60
    assert "step before this one reached nobody" in first.outgoing.text


@pytest.mark.parametrize("how", ["unverified", "none at all"])
def test_an_officer_whom_nothing_reaches_is_followed_at_once(world: World, how: str) -> None:
    without_phone(world, "head")
    if how == "unverified":
        world.give_phone("head", verified=False)
    missed(world)
    assert not world.phone("head")
    assert times_told(world, "deputy") == [65]
    assert "reached nobody" in world.phone("deputy")[-1].outgoing.text


def test_when_every_channel_fails_the_next_step_comes_within_the_same_look(world: World) -> None:
    world.give_phone("head")
    world.breaks("head")
    missed(world)
    assert times_told(world, "deputy") == [65]
    assert "reached nobody" in world.phone("deputy")[-1].outgoing.text


def test_killed_before_anybody_knew_that_it_failed_the_next_step_comes_all_the_same(
    world: World,
) -> None:
    """It is written that the line is dead; then the process dies, and another one looks."""
    world.breaks("head", permanent=True)
    missed(world, 60)
    world.now += dt.timedelta(minutes=5)
    tick(now=world.now)
    deliver(now=world.now, send=world._send)
    world.look()
    assert times_told(world, "deputy") == [65]


def test_a_look_that_fails_forgets_no_step_that_reached_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.breaks("head")
    missed(world, 60)
    world.now += dt.timedelta(minutes=5)
    tick(now=world.now)
    deliver(now=world.now, send=world._send)
    with monkeypatch.context() as locked:
        locked.setattr(ticking, "scene_for", lambda *_, **__: 1 / 0)
        locked.setattr(
            ticking, "_last_resort", lambda *_: Ticked(judged=0, opened=0, stepped=0, more=False)
        )
        tick(now=world.now)
    world.look()
    assert times_told(world, "deputy") == [65]


def test_more_of_them_at_once_than_a_look_judges_are_all_followed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_batches(monkeypatch, 2)
    world.breaks("head", permanent=True)
    for who in ("agent", "mate", "outsider"):
        world.send_out(who, due_minutes=60)
    pass_time(world, minutes=66)
    told = {one.subject.rsplit(": ", 1)[-1] for one in world.phone("deputy")}
    assert told == {"Fox", "Owl", "Stranger"}
    assert {world.minutes(one.at) for one in world.phone("deputy")} == {65}


def test_who_has_taken_it_or_was_heard_is_not_passed_over(world: World) -> None:
    """A message to the officer who holds it fails later; the alarm stays hers until it lapses."""
    world.breaks("head")
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=60)
    world.now += dt.timedelta(minutes=5)
    tick(now=world.now)
    take(world, "head")
    pass_time(world, minutes=15)
    assert not world.phone("deputy")


def test_one_channel_that_works_is_enough(world: World) -> None:
    tap = new_tap()
    contacts.add_contact(
        person_id=world.people["head"],
        channel="WEBHOOK",  # type: ignore[arg-type]
        address="second",
        verified=True,
        by=STATION,
        now=world.now,
        tap=tap,
    )
    world.breaks("head")
    missed(world)
    assert times_told(world, "second") == [65]
    assert not world.phone("deputy")


def test_a_refusal_for_good_counts_as_well(world: World) -> None:
    world.breaks("head", permanent=True)
    missed(world)
    states = Message.objects.filter(person_id=world.people["head"]).values_list("state", flat=True)
    assert set(states) == {MessageState.UNREACHABLE}
    assert times_told(world, "deputy") == [65]


def test_when_the_key_of_all_addresses_is_gone_the_steps_go_on_and_the_messages_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise KeyProblem("The key people.key is missing.")

    with monkeypatch.context() as lost:
        lost.setattr(private, "_station", gone)
        missed(world)
    assert world.alarm().next_step == len(RETURN_STEPS) - 1  # as if every line were dead
    waiting = Message.objects.filter(person_id=world.people["deputy"]).exclude(code="")
    assert set(waiting.values_list("state", flat=True)) <= {
        MessageState.TROUBLE,
        MessageState.CANCELLED,
    }
    pass_time(world, minutes=3)
    assert world.phone("deputy")


def test_off_duty_means_somebody_else_is_asked(world: World) -> None:
    world.add("night", Role.DUTY_OFFICER)
    plan_watch(world, "night", "deputy")
    missed(world)
    assert times_told(world, "night") == [65]
    assert not world.phone("head")


def test_kin_or_the_party_who_heard_do_not_make_up_for_an_officer_who_did_not(
    world: World,
) -> None:
    world.give_kin("agent", "mother", MayKnow.OUT_AND_DUE)
    return_plan(
        world,
        step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER, Target.PARTY, Target.KIN),
        step(Anchor.CALL_OUT, 30, Target.DEPUTY),
    )
    world.breaks("head")
    missed(world, 120)
    assert world.phone("mother")
    assert times_told(world, "deputy") == [120]


@pytest.mark.parametrize("how", ["no phone", "dead line"])
def test_when_the_last_step_reaches_nobody_everybody_with_a_role_is_told(
    world: World, how: str
) -> None:
    return_plan(world, step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER))
    if how == "no phone":
        without_phone(world, "head")
    world.breaks("head")
    missed(world, 120)
    assert times_told(world, "deputy") == [120]
    assert times_told(world, "admin") == [120]
    told = [entry.content.body or "" for entry in recorded("ALARM_STEPPED")]
    assert any(str(world.people["admin"]) in body for body in told)


def test_a_repetition_that_reaches_nobody_is_followed_by_everybody_at_once(world: World) -> None:
    """They heard of it before, but whose turn it is again cannot be reached: their silence would
    last two pauses."""
    return_plan(world, step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER))
    world.breaks("head", permanent=True)
    missed(world, 120 + 16)
    assert times_told(world, "deputy") == [120, 135]
    assert times_told(world, "admin") == [120, 135]


def test_nobody_can_be_reached_at_all_and_it_goes_on_until_somebody_can(world: World) -> None:
    for who in ("head", "deputy", "admin"):
        world.breaks(who)
    missed(world, 5 * 60)
    assert not any(world.phone(who) for who in ("head", "deputy", "admin"))
    world.refusing.clear()
    pass_time(world, minutes=3)
    for who in ("head", "deputy", "admin"):
        assert world.phone(who), who


def test_a_step_that_reaches_nobody_while_somebody_has_it_breaks_nothing(world: World) -> None:
    """The call-out comes while an officer without a phone has taken the alarm from the page."""
    world.add("walker", Role.DUTY_OFFICER, reachable=False)
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=110)
    take(world, "walker")
    for who in ("head", "deputy"):
        without_phone(world, who)
    pass_time(world, minutes=10)
    assert world.alarm().phase == "ALERT"
    assert world.phone("admin")
    assert not any("could not be judged" in one.outgoing.text for one in world.received)


def test_what_reached_nobody_stands_where_everybody_looks(world: World) -> None:
    without_phone(world, "head")
    missed(world)
    told = Message.objects.filter(person_id=world.people["head"]).exclude(code="")
    assert set(told.values_list("state", flat=True)) == {MessageState.UNREACHABLE}
    assert all(message.failed_at for message in told)
