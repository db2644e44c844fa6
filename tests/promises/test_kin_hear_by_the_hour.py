"""Kin who were told that somebody is late hear again by the hour that every message names, even if
nothing is new: a row that the watch judges, whatever was killed meanwhile. Back ends it."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions.take_back import take_back_sign_in
from homeby.missions.models import Mission
from homeby.people.models import Kin
from homeby.watch.actions import reaching
from homeby.watch.actions.tick import tick
from homeby.watch.models import Deadline, KinNews
from homeby.watch.rules import DeadlineKind, DeadlineState, Outage
from homeby.watch.rules.kin import SearchStep
from tests.promises.acts import ask_more_time, decide, pass_time, stand_down, take
from tests.promises.kin_pages import (
    flatmate_id,
    hour_of,
    local,
    named_hour,
    say_step,
    told,
    wait_at_home,
)
from tests.promises.pauses import pause
from tests.world import World


@pytest.fixture
def late(world: World) -> World:
    """Fox and Owl are late, and the flatmate of Fox was told so."""
    wait_at_home(world)
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=131)
    assert len(told(world)) == 1
    return world


def next_word(world: World) -> str:
    """Go to the hour that the last message named: the word is there before it is over, and not
    ten minutes before."""
    count, at = len(told(world)), hour_of(told(world)[-1], world.now)
    for early in (10, 0):
        world.now = at - dt.timedelta(minutes=early)
        world.look()
        assert len(told(world)) == count + (early == 0), f"at {local(world.now)}"
    return told(world)[-1]


def test_a_word_comes_by_every_hour_that_was_named_though_nothing_is_new(late: World) -> None:
    take(late, "head")
    for _ in range(8):
        assert "still not back" in next_word(late)
    assert verify().difference is None


def test_the_promise_is_a_row_and_needs_nobody_who_remembers_it(late: World) -> None:
    row = Deadline.objects.get(kind=DeadlineKind.KIN)
    assert row.state == DeadlineState.OPEN
    assert local(row.due_at) < named_hour(told(late)[-1])
    before = len(told(late))
    late.now = late.now.replace(hour=15)  # nobody looked for hours; a fresh look finds the row
    late.look()
    assert len(told(late)) == before + 1, "one word, by how it stands now"


def test_a_stand_down_names_the_hour_too_and_it_comes(late: World) -> None:
    stand_down(late)
    late.look()
    assert "not back yet" in told(late)[-1]
    assert "late" in next_word(late)


def test_a_search_step_is_said_at_once_and_moves_no_promise(late: World) -> None:
    mission = Mission.objects.get()
    hour = named_hour(told(late)[-1])
    say_step(late, mission, SearchStep.GOING)
    late.look()
    assert told(late)[-1].startswith("People of ours are on their way to meet them.")
    assert named_hour(told(late)[-1]) == hour
    assert "People of ours are on their way" in next_word(late), "and said again"


def test_back_is_said_at_once_also_while_others_are_still_out(late: World) -> None:
    late.sign_in("agent")
    late.look()
    assert told(late)[-1] == "The person who named you is back."
    assert not KinNews.objects.filter(ended_at__isnull=True).exists()
    count = len(told(late))
    late.sign_in("mate")
    pass_time(late, minutes=5)
    late.now += dt.timedelta(hours=5)
    late.look()
    assert len(told(late)) == count, "and nothing after it"
    assert not Deadline.objects.filter(kind=DeadlineKind.KIN, state=DeadlineState.OPEN).exists()


def test_a_back_that_was_a_mistake_is_put_right(late: World) -> None:
    mission = Mission.objects.get()
    late.sign_in("agent", "mate", heads=2)
    late.look()
    take_back_sign_in(
        mission_id=mission.pk,
        person_id=late.people["agent"],
        by=late.as_("guard"),
        now=late.now,
        tap=new_tap(),
    )
    pass_time(late, minutes=10)
    (word,) = [text for text in told(late) if "mistake" in text]
    assert named_hour(word)
    assert verify().difference is None


def test_removed_kin_hear_nothing_more_not_even_what_waited(late: World) -> None:
    late.breaks("flatmate")
    pass_time(late, minutes=60)
    late.refusing.clear()
    count = len(told(late))
    reaching.remove_kin(kin_id=flatmate_id(), by=late.as_("agent"), now=late.now, tap=new_tap())
    late.sign_in("mate")
    pass_time(late, minutes=5)
    late.now += dt.timedelta(hours=3)
    late.look()
    assert not Kin.objects.exists()
    assert len(told(late)) == count
    assert verify().difference is None


def test_given_more_time_the_next_word_waits_for_the_new_hour(late: World) -> None:
    mission = Mission.objects.get()
    asked = ask_more_time(late, mission, minutes=360)
    decide(late, asked, "head")
    decide(late, asked, "deputy")
    late.look()
    word = next_word(late)
    assert "It is not yet the hour at which they are expected back." in word
    assert "Expected back: 17:11." in word
    assert named_hour(word) == "18:15"


def test_after_an_outage_the_word_comes_and_says_why_it_is_late(late: World) -> None:
    began, late.now = late.now, late.now + dt.timedelta(hours=3)
    count = len(told(late))
    doors = late.now + dt.timedelta(minutes=1)
    blind = Outage(id=None, from_at=began, to_at=late.now, doors_until_at=doors)
    tick(now=late.now, outage=blind)
    late.look()
    (word,) = told(late)[count:]
    assert "The watch was blind from 11:11 to 14:11, so this comes late." in word
    assert named_hour(word) > local(late.now)
    assert verify().difference is None


def test_a_pause_of_the_watch_breaks_no_promise(late: World) -> None:
    stand_down(late)
    late.look()
    pause(late, "head", "deputy", minutes=240)
    assert "not back" in next_word(late)
