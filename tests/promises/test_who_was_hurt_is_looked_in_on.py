"""After an injury or a long overdue she is asked after sleeping; where she does not say that she is
well, a medic hears, and then of her kin whom she allowed, and nobody else (`STORY.md` 58)."""

from __future__ import annotations

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import kin
from homeby.people.rules import MayKnow, Role
from homeby.readiness.actions import resting
from homeby.watch import texts_acts
from homeby.watch.actions.kin_news import about
from homeby.watch.models import KinNews, Subject
from tests.promises.acts import pass_time
from tests.promises.rested import hurt, look_again
from tests.world import World

LOOK_IN, LOOKED_IN = texts_acts.look_in()[1], texts_acts.looked_in()[1]


def told(world: World, who: str) -> list[str]:
    return [one.outgoing.text for one in world.phone(who)]


def asleep(world: World) -> None:
    """Hurt, with three at home of whom one may be asked to look in; her sleep begins."""
    world.add("medic", Role.MEDIC, callsign="Doc")
    world.give_kin("agent", "flatmate", looks_in=True)
    world.give_kin("agent", "mother", MayKnow.UNIT)
    world.give_kin("mate", "other", looks_in=True)
    hurt(world, movement="HURTS")
    look_again(world, clears=False, again_hours=24)


def test_she_first_then_a_medic_then_the_contact_whom_she_allowed(world: World) -> None:
    asleep(world)
    pass_time(world, minutes=8 * 60 - 10)
    assert "how they are after sleeping" in world.phone("agent")[-1].outgoing.subject
    assert not told(world, "flatmate")
    pass_time(world, minutes=12)
    assert "how they are after sleeping" in "".join(told(world, "medic"))
    assert not told(world, "flatmate"), "a medic has half an hour"
    pass_time(world, minutes=40)
    assert told(world, "flatmate") == [LOOK_IN], "once, and without a word of why"
    pass_time(world, minutes=6 * 60)
    assert told(world, "flatmate") == [LOOK_IN], "they hear no repetition"
    assert not KinNews.objects.exists(), "and are promised no hour for a next word"
    resting.say_awake(by=world.as_("agent"), now=world.now, tap=new_tap())
    world.look()
    assert told(world, "flatmate") == [LOOK_IN, LOOKED_IN]
    assert not told(world, "mother") + told(world, "other"), "nobody whom she did not allow"
    assert not Message.objects.filter(about=about(Subject.objects.latest("pk"))).exists()
    assert verify().difference is None


def test_whoever_says_that_she_is_well_brings_nobody_to_her_door(world: World) -> None:
    asleep(world)
    pass_time(world, minutes=8 * 60 + 10)
    resting.say_awake(by=world.as_("agent"), now=world.now, tap=new_tap())
    pass_time(world, minutes=120)
    assert not told(world, "flatmate")


def test_a_medic_who_is_late_brings_no_contact_to_her_door(world: World) -> None:
    asleep(world)
    resting.say_awake(by=world.as_("agent"), now=world.now, tap=new_tap())
    pass_time(world, minutes=26 * 60)
    assert "look after" in "".join(told(world, "medic"))
    assert not told(world, "flatmate"), "a medic's look is no business of hers"


def test_whoever_is_told_nothing_is_not_asked_either(world: World) -> None:
    fields = kin.KinFields(name="Flatmate", may_know=MayKnow.NOTHING, looks_in=True)
    with pytest.raises(Refused) as refused:
        kin.name_kin(
            person_id=world.people["agent"],
            kin=fields,
            by=world.as_("agent"),
            now=world.now,
            tap=new_tap(),
        )
    assert "cannot be asked" in refused.value.problems["looks_in"]
