"""When it happened: what is entered afterwards counts for the moment it was so, for each alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import PlanTimes
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import expected
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def head(pages: Pages) -> Client:
    return pages.as_("head")


def with_check_ins(world: World, *, minutes: int = 120) -> Mission:
    due_at = world.now + dt.timedelta(minutes=600)
    times = PlanTimes(due_at=due_at, check_in_minutes=minutes)
    return world.send_out("agent", "mate", times=times)


def next_check_in(world: World, mission: Mission) -> float:
    (deadline,) = expected(mission, DeadlineKind.CHECK_IN)
    return world.minutes(deadline.due_at)


def member(world: World, mission: Mission, who: str) -> PartyMember:
    return PartyMember.objects.get(mission=mission, person_id=world.people[who])


@pytest.mark.parametrize(
    ("typed", "answer", "heard", "again"),
    [
        ("30 min", "Noted: fine at 10:10", 70, 190),
        ("1 h", "Noted: fine at 09:40", 40, 160),
        ("10:25", "Noted: fine at 10:25", 85, 205),
        ("10:25 am", "Noted: fine at 10:25", 85, 205),
    ],
)
def test_a_check_in_heard_a_while_ago_counts_from_then(
    world: World, head: Client, typed: str, answer: str, heard: float, again: float
) -> None:
    mission = with_check_ins(world)
    world.fast_forward(minutes=100)
    form = sent(link="RADIO", happened=typed)
    said = followed(head, head.post(reverse("mission-check-in", args=[mission.pk]), form))
    assert answer in said
    mission.refresh_from_db()
    assert mission.heard_at is not None
    assert (world.minutes(mission.heard_at), next_check_in(world, mission)) == (heard, again)


def test_a_time_that_lies_ahead_is_no_time_at_which_it_happened(world: World, head: Client) -> None:
    mission = with_check_ins(world)
    form = sent(link="RADIO", happened="in 20 min")
    said = text_of(head.post(reverse("mission-check-in", args=[mission.pk]), form))
    assert "This time lies ahead" in said
    assert next_check_in(world, mission) == 120
