"""A swap needs both, a hand-over whoever takes over, and two who are kept apart are never on one
duty: it is said as anything else that stands against a seat (`STORY.md` 82; promise 8)."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions import apart
from homeby.readiness.actions import duty_asking
from homeby.readiness.models import Duty
from homeby.readiness.queries import duties as queries
from homeby.readiness.rules.duty_planning import Attended
from tests.promises.planning_duties import (
    ask,
    in_team,
    offer,
    on,
    pick,
    planned,
    row,
    say,
    take,
)
from tests.world import World


def test_a_swap_needs_the_word_of_both_and_a_hand_over_whoever_takes_over(world: World) -> None:
    in_team(world, "agent", "mate", "deputy")
    early, late = planned(world, seats="1"), planned(world, hours=32.5, seats="1")
    for duty, who in ((early, "agent"), (late, "mate")):
        ask(world, duty, who)
        say(world, duty, who)
        pick(world, duty, who)
    with pytest.raises(Refused, match="not on that duty"):
        offer(world, early, "agent", "deputy", for_duty_id=late.pk)
    swap = offer(world, early, "agent", "mate", for_duty_id=late.pk)
    assert (on(world, early), on(world, late)) == ({"agent"}, {"mate"}), "nothing before her word"
    with pytest.raises(Refused, match="Whoever it is offered to"):
        take(world, swap, "agent")
    with pytest.raises(Refused, match="no longer open"):
        take(world, swap, "deputy")
    take(world, swap, "mate")
    assert (on(world, early), on(world, late)) == ({"mate"}, {"agent"})
    assert row(world, early, "mate").seat is not None
    world.look()
    assert "It was taken: Night shift" in [one.subject for one in world.phone("agent")]
    assert "Look at who comes: Night shift" in [one.subject for one in world.phone("head")]
    assert not [one for one in world.phone("head") if "Owl" in one.outgoing.text]

    overlapping = planned(world, hours=26, seats="1", is_open=True)
    sign_up(world, overlapping, "deputy")
    again = offer(world, overlapping, "deputy", "mate")
    with pytest.raises(Refused, match="This is not possible"):
        take(world, again, "mate")
    take(world, again, "mate", takes=False)
    assert on(world, overlapping) == {"deputy"}

    world.now = early.ends_at
    with pytest.raises(Refused, match="over"):
        offer(world, early, "mate", "agent", is_hand_over=True)
    world.now = early.ends_at - (early.ends_at - early.starts_at) / 16
    handed = offer(world, early, "mate", "agent", is_hand_over=True, note="The radio is low.")
    (waiting,) = queries.swaps_of_mine(world.as_("agent"))
    assert waiting.note == "The radio is low."
    take(world, handed, "agent")
    assert row(world, early, "mate").attended == Attended.CAME
    assert row(world, late, "agent").attended == Attended.CAME, "on the shift of her own"
    assert on(world, early) == {"mate"}


def sign_up(world: World, duty: Duty, who: str) -> str:
    return duty_asking.sign_up(
        duty_id=duty.pk,
        by=world.as_(who),
        now=world.now,
        tap=new_tap(),
    )


def test_two_who_are_kept_apart_are_never_on_one_duty_and_nobody_learns_why(
    world: World,
) -> None:
    world.add("third")
    in_team(world, "agent", "mate", "third")
    apart.file_stay_away(
        person_id=world.people["agent"], callsign="Owl", by=world.as_("agent"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    full = planned(world, hours=96, seats="1", is_open=True)
    duty = planned(world, seats="3", is_open=True)
    trainings = planned(world, hours=60)
    sign_up(world, full, "agent")
    with pytest.raises(Refused) as ordinary:
        sign_up(world, full, "third")
    sign_up(world, duty, "agent")
    with pytest.raises(Refused) as hidden:
        sign_up(world, duty, "mate")
    assert str(hidden.value) == "There is no such duty.", "she does not see it"
    ask(world, duty, "mate", "third")
    with pytest.raises(Refused) as asked:
        sign_up(world, duty, "mate")
    assert str(asked.value) == str(ordinary.value), "asked for it she is told what all are told"
    say(world, duty, "mate")
    with pytest.raises(Refused) as refused:
        pick(world, duty, "mate")
    full_too = planned(world, seats="", rank_place=1)
    ask(world, full_too, "third")
    say(world, full_too, "third")
    assert on(world, full_too) == set(), "a yes gives nobody the rank that is asked for"
    with pytest.raises(Refused) as unfit:
        pick(world, full_too, "third")
    assert str(refused.value) == "Owl: this is not possible. Ask whoever plans it."
    assert str(unfit.value).endswith(": this is not possible. Ask whoever plans it.")
    with pytest.raises(Refused) as leads:
        planned(world, rank_place=1, leader_id=world.people["third"])
    assert set(leads.value.problems) == {"leader"}
    for line in queries.own_lines(world.as_("mate"), now=world.now):
        assert "Fox" not in line.on
    assert [one.name for one in queries.people_of(world.as_("mate"), duty)] == ["Owl"]
    with pytest.raises(Refused, match="Choose who should take it"):
        offer(world, duty, "agent", "mate")
    swap = offer(world, duty, "agent", "third")
    take(world, swap, "third")
    assert on(world, duty) == {"third"}
    pick(world, duty, "mate")
    with pytest.raises(Refused, match="This is not possible"):
        take(world, offer(world, duty, "third", "agent"), "agent")
    # where there are no seats whoever says yes comes, but for the second of the two
    ask(world, trainings)
    assert say(world, trainings, "agent") == say(world, trainings, "mate") == "Kept: you can come."
    assert on(world, trainings) == {"agent"}
