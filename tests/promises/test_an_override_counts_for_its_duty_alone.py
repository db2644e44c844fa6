"""By name and with a reason somebody takes on a duty against a rest: that duty and what spoke
against it, and no other (issue 6, sections 3 and 5)."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.rules import Role
from homeby.readiness.actions import resting
from homeby.readiness.models import Duty, RestOverride
from homeby.readiness.queries import releases
from homeby.readiness.queries import rest as queries
from tests.promises.acts import pass_time
from tests.promises.planning_duties import ask, in_team, move, on, pick, planned, say
from tests.promises.rested import hurt, look_again, release
from tests.rooms.pages import Pages, followed, sent
from tests.world import World

HOUR = dt.timedelta(hours=1)


def shift(world: World, *, hours: float, lasts: float = 8) -> Duty:
    duty = planned(world, hours=hours, lasts=lasts, seats="1")
    ask(world, duty, "agent")
    say(world, duty, "agent")
    return duty


def seen(world: World) -> queries.ForPlanners:
    found = queries.for_planners(world.as_("head"), [world.people["agent"]], now=world.now)
    return found[world.people["agent"]]


def who_can(world: World, *, hours: float, lasts: float = 2) -> bool:
    begins = world.now + hours * HOUR
    going = queries.Going(begins, begins + lasts * HOUR)
    return not queries.against([world.people["agent"]], going, now=world.now)


def rests(world: World) -> None:
    mission = world.send_out("agent", due_minutes=240)
    pass_time(world, minutes=180)
    world.sign_in("agent")
    release(world, mission)


def test_the_word_for_one_shift_breaks_no_rest_before_it(world: World) -> None:
    in_team(world, "agent", "mate")
    rests(world)
    near, first, far = (
        shift(world, hours=0.5, lasts=3), shift(world, hours=28), shift(world, hours=40)
    )  # fmt: skip
    pick(world, first, "agent")
    with pytest.raises(Refused, match="Rest until"):
        pick(world, far, "agent")
    pick(world, far, "agent", override="The relief is snowed in")
    assert on(world, far) == {"agent"}
    with pytest.raises(Refused, match=r"Fox: Rest until .* by name and with a reason"):
        pick(world, near, "agent")
    assert not who_can(world, hours=0.5), "who can go says the same"
    now = seen(world)
    assert not now.is_free
    assert "Overridden by Head at " in now.sentences[-1]
    assert " alone: The relief is snowed in" in now.sentences[-1], "it says for which duty"
    pick(world, near, "agent", override="The boat is leaking")
    assert on(world, near) == {"agent"}
    assert RestOverride.objects.count() == 2
    world.now = near.starts_at + HOUR
    assert seen(world).is_free, "the duty for which it was said goes on"
    assert not who_can(world, hours=2, lasts=3), "what is longer than that duty was never meant"
    assert verify().difference is None


def test_no_word_about_a_rest_puts_her_on_two_duties_at_one_time(world: World) -> None:
    in_team(world, "agent", "mate")
    rests(world)
    night, other, third = (shift(world, hours=2) for _each in range(3))
    pick(world, night, "agent", override="The boat is leaking")
    assert not who_can(world, hours=2, lasts=8), "she is on the night"
    for one in (other, third):
        with pytest.raises(Refused, match="nobody is on two at one time"):
            pick(world, one, "agent")
    freely = planned(world, hours=2, lasts=8)
    ask(world, freely, "agent")
    say(world, freely, "agent")
    assert "agent" not in on(world, freely)
    pick(world, other, "agent", override="Both at one hut")
    assert on(world, other) == on(world, night) == {"agent"}, "seen, and taken on by name"
    with pytest.raises(Refused, match="nobody is on two at one time"):
        pick(world, third, "agent")


def test_a_shift_that_was_taken_on_is_moved_within_its_time_alone(world: World) -> None:
    in_team(world, "agent", "mate")
    rests(world)
    duty = shift(world, hours=4, lasts=4)
    pick(world, duty, "agent", override="The boat is leaking")
    with pytest.raises(Refused, match="Fox: Rest until"):
        move(world, duty, hours=-2)
    move(world, duty, hours=-2, override="The water rises")
    assert on(world, duty) == {"agent"}


def test_no_word_about_a_rest_lifts_what_a_medic_said_nor_the_other_way(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    in_team(world, "agent", "mate")
    first, second = shift(world, hours=48), shift(world, hours=60)
    pick(world, first, "agent")
    pick(world, second, "agent", override="The relief is snowed in")
    # Beside the order in which it happened: what a medic said was known when the word was given.
    RestOverride.objects.update(at=world.now + HOUR)
    hurt(world)
    look_again(world, not_before_at=world.now + 80 * HOUR)
    world.now += 2 * HOUR
    assert not who_can(world, hours=3), "the medic's word stands"
    going = queries.Going(second.starts_at, second.ends_at)
    found = queries.against([world.people["agent"]], going, now=world.now, but=second.pk)
    (one,) = found.values()
    assert (one.blocks, one.not_before_at is not None) == ((), True), "within its own span, too"
    resting.override(person_id=world.people["agent"], reason="Flood, nobody else", now=world.now,
                     by=world.as_("head"), tap=new_tap())  # fmt: skip
    word = RestOverride.objects.latest("at")
    assert (word.begins_at, word.lifts_rest, word.lifts_health) == (None, False, True)
    assert who_can(world, hours=3), "the word said of her and of no duty counts for any"


def said_of_her(world: World) -> RestOverride:
    resting.override(person_id=world.people["agent"], reason="Flood, nobody else", now=world.now,
                     by=world.as_("head"), tap=new_tap())  # fmt: skip
    return RestOverride.objects.latest("at")


def test_the_word_said_of_her_is_used_up_by_the_first_duty_that_needs_it(world: World) -> None:
    in_team(world, "agent", "mate")
    rests(world)
    near, next_one, later = (shift(world, hours=hours, lasts=1) for hours in (1, 3, 90))
    word = said_of_her(world)
    pick(world, later, "agent")
    word.refresh_from_db()
    assert word.begins_at is None, "nothing spoke against that one: the word is there still"
    assert who_can(world, hours=3, lasts=1)
    pick(world, near, "agent")
    used = RestOverride.objects.get(pk=word.pk)
    assert (used.begins_at, used.ends_at) == (near.starts_at, near.ends_at)
    assert not who_can(world, hours=3, lasts=1)
    with pytest.raises(Refused, match="Fox: Rest until"):
        pick(world, next_one, "agent")
    assert " alone: Flood" in seen(world).sentences[-1], "it says for which duty it was used"
    assert verify().difference is None


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_a_mission_uses_up_the_word_said_of_her(world: World, pages: Pages) -> None:
    in_team(world, "agent", "mate")
    rests(world)
    word, head = said_of_her(world), pages.as_("head")
    party = {"leader": str(world.people["agent"]), "members": str(world.people["mate"])}
    typed = sent(**party, where="North", expected_back="+2h")
    assert "Planned." in followed(head, head.post("/plan/", typed)), "nothing more is asked"
    word.refresh_from_db()
    assert word.ends_at == world.now + 2 * HOUR
    with pytest.raises(Refused, match="Fox: Rest until"):
        pick(world, shift(world, hours=3, lasts=2), "agent")


def test_the_word_for_a_mission_counts_for_that_mission(world: World, pages: Pages) -> None:
    in_team(world, "agent", "mate")
    rests(world)
    head = pages.as_("head")
    party = {"leader": str(world.people["agent"]), "members": str(world.people["mate"])}
    typed = sent(**party, where="North", expected_back="+2h", why="Nobody else knows the pass.")
    assert "Planned." in followed(head, head.post("/plan/", typed))
    (word,) = releases.overrides_of(world.as_("head"), world.people["agent"])
    assert word.ends_at == world.now + 2 * HOUR
    with pytest.raises(Refused, match="Fox: Rest until"):
        pick(world, shift(world, hours=3, lasts=2), "agent")
