"""A shift is released from as a mission is; the rest after it is protected as long as it lasts; and
after a hard mission support is offered to all of its party alike."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.models import Message
from homeby.logbook import actions as logbook
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.rules import Hurt
from homeby.people.models import Rest
from homeby.people.rules import Role
from homeby.readiness.actions import rule_packs, support
from homeby.readiness.models import Duty, Injury, Release
from homeby.readiness.queries import releases
from homeby.readiness.queries import rest as queries
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.duty_planning import Attended
from homeby.readiness.rules.kinds_of_rest import PackUse
from homeby.station import hourly
from homeby.watch.actions.notices import notify
from tests.promises.acts import pass_time
from tests.promises.planning_duties import ask, attend, in_team, planned, say
from tests.promises.rested import release
from tests.world import World

HOUR = dt.timedelta(hours=1)


def waits(world: World, by: str = "head") -> set[str]:
    names = {key: name for name, key in world.people.items()}
    return {names[one.person_id] for one in releases.to_release(world.as_(by), now=world.now)}


def test_after_a_shift_somebody_asks_whether_she_is_hurt_and_she_rests(world: World) -> None:
    in_team(world, "agent", "mate", "deputy")
    duty = planned(world, hours=1, lasts=14)
    ask(world, duty, "agent", "mate", "deputy")
    for who in ("agent", "mate", "deputy"):
        say(world, duty, who)
    world.now = duty.starts_at + HOUR
    attend(world, duty, "mate", Attended.EXCUSED, by="head")
    attend(world, duty, "agent")
    assert waits(world) == set(), "it goes on"
    world.now = duty.ends_at + 2 * HOUR
    assert waits(world) == {"agent", "deputy"}, "whoever was excused was on no shift"
    assert waits(world, "mate") == set()
    with pytest.raises(Refused, match="Nobody of that name"):
        release(world, duty, "mate")
    with pytest.raises(Refused) as asked:
        release(world, duty, hurt=None)
    assert set(asked.value.problems) == {"hurt"}
    release(world, duty, hurt=Hurt.YES)
    row = Release.objects.get()
    assert (row.duty_id, row.mission_id, row.debrief_at) == (duty.pk, None, None)
    assert row.rest_until_at == world.now + 11 * HOUR, "relief came late: it counts from now"
    assert Rest.objects.get().until_at == row.rest_until_at
    assert Injury.objects.filter(person_id=world.people["agent"]).exists()
    known = queries.for_planners(world.as_("head"), [world.people["agent"]], now=world.now)
    assert "after a duty of 16 h" in known[world.people["agent"]].sentences[0]
    assert waits(world) == {"deputy"}
    with pytest.raises(Refused, match="Released already"):
        release(world, duty)
    _not_fit_is_heard_at_once(world, duty)
    world.now = duty.ends_at + 13 * HOUR
    assert waits(world) == set()
    assert verify().difference is None


def _not_fit_is_heard_at_once(world: World, duty: Duty) -> None:
    to_agent = Message.objects.filter(subject__contains="not fit for the way home")
    assert not to_agent.exists(), "whoever is fit is nobody's errand"
    world.add("medic", Role.MEDIC, callsign="Doc")
    said = release(world, duty, "deputy", is_fit=False)
    assert "Others are told that they are not fit" in said
    told = set(to_agent.values_list("person_id", flat=True))
    assert world.people["medic"] in told
    assert not told & {world.people["head"], world.people["deputy"]}


LONG = """
[pack]
key = "long"
name = "Days off"
source = "Our own"
dated = 2026-11-27

[[rule]]
key = "after"
kind = "REST_AFTER"
name = "After every duty"
hours = {hours}
"""


@pytest.mark.parametrize(("hours", "held"), [(60, 60), (240, 96)])
def test_a_rest_of_days_is_protected_for_days(world: World, hours: int, held: int) -> None:
    mission = world.send_out("agent", due_minutes=240)
    pass_time(world, minutes=60)
    world.sign_in("agent")
    rule_packs.choose_pack(
        use=PackUse.REST, key="", text=LONG.format(hours=hours), by=world.as_("admin"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    release(world, mission)
    assert Rest.objects.get().until_at == world.now + held * HOUR


def test_support_reaches_all_of_a_hard_mission_when_the_last_is_back(world: World) -> None:
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=200)
    world.sign_in("agent", heads=1)
    hourly.go_round(now=world.now)
    assert not Message.objects.filter(about="support").exists(), "one of them is still out"
    world.sign_in("mate", heads=1)
    assert support.offer_due(now=world.now) == 1
    told = Message.objects.filter(about="support")
    assert {one.person_id for one in told} == {world.people["agent"], world.people["mate"]}
    assert len({one.text for one in told}) == 1
    assert support.offer_due(now=world.now + HOUR) == 0
    assert told.count() == 2, "each once, released or not"


def test_who_had_it_from_an_earlier_version_keeps_nobody_from_it(world: World) -> None:
    """An earlier version offered it with each release, under the same keys."""
    first = world.send_out("agent", "mate", due_minutes=60)
    second = world.send_out("outsider", due_minutes=60)
    pass_time(world, minutes=200)
    for who in ("agent", "mate", "outsider"):
        world.sign_in(who, heads=1)
    agent = world.people["agent"]
    with logbook.writing(now=world.now, by=None, device="station") as book:
        page = book.entry(kinds.RELEASED, subject=first.ref, person=agent)
        notify(
            page, [agent], lambda: ("After a hard mission", "As it was said."),
            key=f"support:{first.pk}", about="support", in_danger=False,
        )  # fmt: skip
    assert support.offer_due(now=world.now) == 2
    told = Message.objects.filter(about="support").values_list("person_id", flat=True)
    assert sorted(told) == sorted(world.people[one] for one in ("agent", "mate", "outsider"))
    assert second.ref in Entry.objects.filter(kind="SUPPORT_OFFERED").values_list(
        "subject", flat=True
    )
