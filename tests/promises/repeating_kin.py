"""One way to do each act about kin, for the tests that do it twice."""

from __future__ import annotations

from collections.abc import Callable

from homeby.missions.actions.kin import confirm_kin
from homeby.people.actions import kin_links
from homeby.people.actions.kin import KinFields
from homeby.watch.actions import kin_care, kin_worry, reaching
from homeby.watch.models import KinWorry
from homeby.watch.rules.kin import SearchStep
from tests.promises.acts import pass_time
from tests.promises.kin_pages import hold, wait_at_home, worry
from tests.promises.repeating_people import Act, call
from tests.world import World


def _late(world: World) -> str:
    """The reference of a mission whose kin were told."""
    wait_at_home(world)
    mission = world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=131)
    return mission.ref


def _held(world: World) -> str:
    wait_at_home(world)
    mission = world.send_out("agent", "mate", due_minutes=60)
    hold(world, mission)
    return mission.ref


def _worry(world: World) -> Act:
    word = kin_worry.Worry(kin_id=wait_at_home(world), person_id=world.people["agent"])
    return lambda tap: kin_worry.worried(worry=word, now=world.now, tap=tap)


def _answer(world: World) -> Act:
    wait_at_home(world)
    worry(world, None)
    return call(world, kin_worry.answer, by="head", worry_id=KinWorry.objects.get().pk)


def _call(world: World, act: Callable[..., str]) -> Act:
    key = world.people["agent"]
    word = kin_worry.Worry(kin_id=kin_worry.by_phone(key), person_id=key, said="Her brother.")
    return call(world, act, by="head", worry=word)


KIN: dict[str, Callable[[World], Act]] = {
    "people.kin_links.renew_link": lambda w: call(
        w, kin_links.renew_link, by="agent", kin_id=wait_at_home(w)
    ),
    "people.kin_links.withdraw_link": lambda w: call(
        w, kin_links.withdraw_link, by="agent", kin_id=wait_at_home(w)
    ),
    "watch.reaching.change_kin": lambda w: call(
        w,
        reaching.change_kin,
        by="agent",
        kin_id=wait_at_home(w),
        values=KinFields(name="Ino Y."),
    ),
    "missions.kin.confirm_kin": lambda w: call(
        w, confirm_kin, by="agent", mission_id=w.plan("agent", "mate").pk
    ),
    "watch.kin_care.say_step": lambda w: call(
        w, kin_care.say_step, by="head", ref=_late(w), step=SearchStep.GOING
    ),
    "watch.kin_care.hold": lambda w: call(
        w, kin_care.hold, by="head", ref=_late(w), speaker="Anna Keller"
    ),
    "watch.kin_care.end_hold": lambda w: call(w, kin_care.end_hold, by="head", ref=_held(w)),
    "watch.kin_worry.worried": _worry,
    "watch.kin_worry.answer": _answer,
    "watch.kin_worry.telephoned": lambda w: _call(w, kin_worry.telephoned),
    "watch.kin_worry.spoken_with": lambda w: _call(w, kin_worry.spoken_with),
}
