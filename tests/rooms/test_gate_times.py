"""When it happened: what is entered afterwards counts for the moment it was so, for each alone."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from homeby.logbook.rules import Tap
from homeby.missions.models import Extension, Mission, PartyMember
from homeby.missions.rules import PlanTimes
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import decide, expected
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


def happened(world: World, minutes_ago: float) -> Tap:
    """A tap of something that happened a while ago."""
    at = world.now - dt.timedelta(minutes=minutes_ago)
    return Tap(entry_id=uuid.uuid4(), happened_at=at)


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


def test_more_time_heard_earlier_counts_as_heard_then(world: World, head: Client) -> None:
    """Heard 08:40 (UTC), entered 09:40: the next check-in is due two hours after the first."""
    mission = with_check_ins(world)
    world.fast_forward(minutes=100)
    address = reverse("mission-extend", args=[mission.pk])
    form = sent(expected_back="20:00", link="RADIO", happened="09:40")
    assert "The old time" in followed(head, head.post(address, form))
    asked = Extension.objects.get()
    assert world.minutes(asked.asked_at) == 40
    decide(world, asked, "head")
    assert next_check_in(world, mission) == 160


def test_nobody_is_back_before_they_left(world: World, pages: Pages) -> None:
    mission = world.plan("agent", "mate")
    world.sign_out(mission, "agent")
    world.fast_forward(minutes=60)
    world.sign_out(mission, "mate")
    world.fast_forward(minutes=20)
    guard = pages.as_("guard")
    form = sent(person=str(world.people["mate"]), how="TOLD", happened="09:30")
    said = followed(
        guard, guard.post(reverse("gate-party", args=[world.gate_id, mission.pk]), form)
    )
    assert "Owl left only at 10:00, so that time counts" in said
    assert member(world, mission, "mate").back_at == member(world, mission, "mate").out_at


def test_a_mission_is_back_when_the_last_of_them_is(world: World) -> None:
    """Whoever is entered last is not for that the last one home."""
    mission = world.send_out("agent", "mate")
    world.fast_forward(minutes=50)
    world.sign_in("mate", tap=happened(world, 20))
    world.sign_in("agent", tap=happened(world, 40))
    mission.refresh_from_db()
    assert mission.back_at is not None
    assert world.minutes(mission.back_at) == 30
    assert mission.back_at == member(world, mission, "mate").back_at


def test_what_was_noted_is_said_with_its_time(world: World) -> None:
    world.send_out("agent")
    world.fast_forward(minutes=50)
    answer = world.sign_in("agent", tap=happened(world, 20))
    assert answer == "Welcome back, Fox. It is noted for 09:30."


def test_a_sign_out_of_years_ago_is_a_slip(world: World, pages: Pages) -> None:
    mission = world.plan("agent", due_minutes=300)
    guard = pages.as_("guard")
    address = reverse("gate-confirm", args=[world.gate_id, "out", mission.pk])
    page = guard.post(address, sent(how="SEEN", happened="20.11.2020 08:00"))
    assert "more than 7 days ago; check the date" in text_of(page)
    assert member(world, mission, "agent").state == "PLANNED"
    assert "Signed out" in followed(guard, guard.post(address, sent(how="SEEN", happened="08:30")))
    out_at = member(world, mission, "agent").out_at
    assert out_at is not None
    assert world.minutes(out_at) == -30
