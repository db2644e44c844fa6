"""The organisation chooses its rules: an impossible pack gets sentences and is not taken;
limits of minors are one, in plan, at the gate and for the safeguarding lead; and whoever asks "who
can go?" has one question with few queries, however many people."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby.logbook.rules import Refused, new_tap
from homeby.missions.queries.minors import limits, missions_with_minors
from homeby.missions.rules import Hurt
from homeby.people.actions import minors
from homeby.people.rules import Role
from homeby.readiness.actions import rule_packs
from homeby.readiness.queries.packs import pack_in_use
from homeby.readiness.queries.rest import for_planners
from homeby.readiness.rules.kinds_of_rest import PackUse
from tests.promises.apart import keep_away
from tests.promises.rested import hurt, release
from tests.world import World

OWN = """
[pack]
key = "own"
name = "Our own"
source = "The assembly of March"
dated = 2026-03-01

[[rule]]
key = "rest"
kind = "{kind}"
name = "A day of rest"
hours = {hours}
"""


def choose(world: World, use: PackUse, *, key: str = "", text: str = "", by: str = "admin") -> str:
    return rule_packs.choose_pack(
        use=use, key=key, text=text, by=world.as_(by), now=world.now, tap=new_tap()
    )


def test_a_pack_of_our_own_holds_and_an_impossible_one_gets_a_sentence(world: World) -> None:
    with pytest.raises(Refused):
        choose(world, PackUse.REST, key="eleven-hours", by="head")
    for text, says in (
        (OWN.format(kind="DAILY_REST", hours=30), "no more than 24 h"), ("[pack", "your text"),
                       ("x" * 100_001, "longer than")):  # fmt: skip
        with pytest.raises(Refused) as refused:
            choose(world, PackUse.REST, text=text)
        assert says in refused.value.problems["text"]
    assert pack_in_use(PackUse.REST).key == "volunteers", "nothing was taken of them"
    choose(world, PackUse.REST, text=OWN.format(kind="REST_AFTER", hours=20))
    mission = world.send_out("agent")
    world.now += dt.timedelta(hours=3)
    world.sign_in("agent")
    release(world, mission, hurt=Hurt.WILL_NOT_SAY)
    (said, *_rest) = for_planners(world.as_("head"), [world.people["agent"]], now=world.now)[
        world.people["agent"]
    ].sentences
    assert "A day of rest, Our own" in said
    assert "Rest until" in said


def test_limits_of_minors_are_handed_down_once_they_are_chosen(world: World) -> None:
    world.add("safe", Role.SAFEGUARDING_LEAD, callsign="Safe")
    minors.set_minor(
        person_id=world.people["mate"],
        fields=minors.MinorFields(born=dt.date(2011, 5, 3), guardian_id=world.people["agent"]),
        by=world.as_("safe"),
        now=world.now,
        tap=new_tap(),
    )
    world.plan("agent", "mate", due_minutes=9 * 60)
    (seen,) = missions_with_minors(world.as_("safe"), now=world.now)
    assert not seen.against, "the limits that were set for her are kept"
    assert not limits()
    choose(world, PackUse.MINORS, key="minors")
    (seen,) = missions_with_minors(world.as_("safe"), now=world.now)
    assert any("Two adults for everybody under 16, Minors" in one for one in seen.against)
    choose(world, PackUse.MINORS, key="minors")
    assert len(limits()) == 6, "chosen again it is handed down once"


def test_planners_ask_once_and_learn_nothing_of_health_or_of_who_is_kept_away(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    hurt(world)
    world.add("stray", callsign="Stray")
    keep_away(world, "stray", "head")
    wanted = list(world.people.values())
    with CaptureQueriesContext(
        connection,
    ) as few:
        two = [world.people["head"], world.people["agent"]]
        found = for_planners(world.as_("head"), two, now=world.now)
    with CaptureQueriesContext(connection) as many:
        found = for_planners(world.as_("head"), wanted, now=world.now)
    assert len(few) == len(many) <= 14
    assert world.people["stray"] not in found
    said = " ".join([*found[world.people["agent"]].sentences, found[world.people["agent"]].tired])
    assert "Not before" in said
    for word in ("hurt", "arm", "ARM", "injury", "medic"):
        assert word not in said
    assert list(for_planners(world.as_("mate"), wanted, now=world.now)) == [world.people["mate"]]
    assert not for_planners(None, wanted, now=world.now)
