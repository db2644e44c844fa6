"""P16: two phones of one person, and a phone that was reset. What both say counts once, whichever
comes first, and nothing of it ends an outing that began since."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.logbook.verification import verify
from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.missions.rules import PlanTimes
from homeby.missions.rules.intake import Claim, Taken
from homeby.people.rules import Act
from homeby.watch.models import Alarm, Deadline
from tests.rooms.devices import claim, phone_of
from tests.world import World

MINUTE = dt.timedelta(minutes=1)


def _said(mission: Mission, start: dt.datetime, late: int) -> list[Claim]:
    """Out, fine and back of one phone, tapped so many minutes after the other's."""
    return [
        claim(act, mission_id=mission.pk, happened_at=start + (at + late) * MINUTE, sequence=number)
        for number, (act, at) in enumerate(
            [(Act.SIGN_OUT, 1), (Act.CHECK_IN, 20), (Act.SIGN_IN, 40)], start=1
        )
    ]


def _row(mission: Mission) -> tuple[Any, ...]:
    fields = ("state", "out_at", "back_at", "heard_at", "due_at")
    return Mission.objects.values_list(*fields).get(pk=mission.pk)


@pytest.mark.parametrize("first", [0, 1])
def test_what_two_phones_say_counts_once(world: World, first: int) -> None:
    """Each says all of it by ids of its own. The second's comes backwards and doubled, once when
    the first's is told, and again when she is out on another mission."""
    times = PlanTimes(due_at=world.now + 180 * MINUTE, check_in_minutes=60)
    mission, start = world.plan("agent", times=times), world.now
    phones = [phone_of(world, "agent"), phone_of(world, "agent")]
    queues = [_said(mission, start, late=0), _said(mission, start, late=1)]
    one, other = (phones[first], queues[first]), (phones[1 - first], queues[1 - first])
    world.now = start + 45 * MINUTE
    for said in one[1]:
        assert one[0].send(said)[0].taken == Taken.COUNTED
    before = _row(mission)
    assert before[0] == "BACK"
    second = world.send_out("agent", due_minutes=60)
    went = _row(second)
    for said in [*reversed(other[1]), *other[1]]:
        other[0].send(said)
    assert _row(second) == went, "nothing of the first outing ends or moves the second"
    (found,) = PartyMember.objects.filter(mission=mission)
    assert (found.state, _row(mission)[4]) == ("BACK", before[4])
    assert not Deadline.objects.filter(subject__ref=mission.ref, state="OPEN").exists()
    unnamed = claim(Act.SIGN_IN, happened_at=start + 41 * MINUTE)
    other[0].send(unnamed)
    assert _row(second) == went, "nor does a word that names no mission and is older"
    world.fast_forward(minutes=61)
    assert Alarm.objects.get().subject.ref == second.ref
    for said in other[1]:
        other[0].send(said)
    assert Alarm.objects.get().state == "OPEN"
    assert verify().difference is None


def test_a_phone_that_was_reset_counts_from_one_again(world: World) -> None:
    """Its new key beside the old queue of a revoked one: the same numbers, other ids. The old
    queue changes nothing by the old key; by the new one it counts for when it was so."""
    mission, start = world.plan("agent", due_minutes=180), world.now
    old = phone_of(world, "agent")
    kept = _said(mission, start, late=0)
    old.revoke(by="agent")
    world.now = start + 45 * MINUTE
    assert {answer.taken for answer in old.send(*kept)} == {Taken.UNVERIFIED}
    assert _row(mission)[0] == "PLANNED"
    assert Unmatched.objects.filter(is_unverified=True).count() == len(kept)
    new = phone_of(world, "agent")
    fresh = _said(mission, start, late=2)
    assert [one.sequence for one in fresh] == [one.sequence for one in kept]
    assert [new.send(said)[0].taken for said in fresh[:2]] == [Taken.COUNTED] * 2
    assert {answer.taken for answer in old.send(*kept)} == {Taken.AGAIN}
    assert _row(mission)[0] == "OUT", "the old key's “back” closes nothing"
    assert new.send(fresh[2])[0].taken == Taken.COUNTED
    after = _row(mission)
    assert after[0] == "BACK"
    second = world.send_out("agent", due_minutes=60)
    went = _row(second)
    for said in kept:
        new.send(said)
    assert _row(second) == went
    assert _row(mission)[0] == "BACK"
    assert verify().difference is None
