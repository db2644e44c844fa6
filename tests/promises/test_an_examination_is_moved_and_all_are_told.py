"""An examination that is set gets another day or board, with a reason: candidate and board are told
and say that they have read it, their calendars elsewhere follow, what speaks against the day is
said, and what it was before stays (`STORY.md` 68, 82)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.test import Client

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.rules import hash_of
from homeby.readiness.actions import own_times, unread
from homeby.readiness.models import Examination, ExaminationMove
from homeby.readiness.queries.times_taken import taken
from homeby.readiness.rules.duty_planning import Against
from tests.promises.planning_duties import ask, in_team, planned, say
from tests.promises.repeating_path import board_set
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def linked(world: World, *who: str) -> None:
    for one in who:
        own_times.set_link(key_hash=hash_of(one), shows_all=True, by=world.as_(one), now=world.now,
                           tap=new_tap())  # fmt: skip


def fed(who: str, held: Examination) -> Any:
    text = Client().get(f"/calendar/feed/{who}/duties.ics").content
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return {str(event["UID"]): event for event in found}.get(f"{held.pk}@homeby")


def told(world: World, who: str) -> int:
    return Message.objects.filter(person_id=world.people[who]).count()


def test_it_is_moved_and_everybody_of_it_knows(world: World, pages: Pages) -> None:
    held = Examination.objects.get(pk=board_set(world))
    linked(world, "agent", "guard", "mate", "head")
    at, day = f"/examinations/{held.pk}/", world.now.date() + dt.timedelta(days=6)
    deputy, agent = pages.as_("deputy"), pages.as_("agent")
    numbers = {who: int(fed(who, held)["SEQUENCE"]) for who in ("agent", "guard", "mate")}
    assert fed("head", held) is None, "she has no part in it"
    for who in ("agent", "guard", "mate"):
        page = pages.as_(who)
        assert "you have read it" in followed(page, page.post(at, sent(act="seen")))
    assert "Not read yet" not in text_of(deputy.get(at))

    in_team(world, "agent")
    shift = planned(world, hours=6 * 24, what="Ward")
    ask(world, shift, "agent")
    say(world, shift, "agent")
    new = {"act": "move", "held_date": day.isoformat(), "moved_why": "", "why": "The first.",
           "examiners": [world.people[one] for one in ("guard", "head")]}  # fmt: skip
    assert deputy.post(at, sent(**new)).status_code == 422, "a reason is asked for"
    answer = text_of(deputy.post(at, sent(**new | {"moved_why": "The hall."})))
    assert f"these have something else: {world.callsign('agent')}." in answer
    assert "differently" in followed(agent, agent.post(at, sent(**new))), "she moves nothing"
    before = {who: told(world, who) for who in ("agent", "guard", "mate", "head")}
    new |= {"moved_why": "The hall is flooded.", "despite": "on"}
    assert "Moved." in followed(deputy, deputy.post(at, sent(**new)))
    assert {who: told(world, who) - count for who, count in before.items()} == {
        "agent": 1, "guard": 1, "mate": 1, "head": 1,
    }  # fmt: skip
    for who, number in numbers.items():
        event = fed(who, held)
        assert int(event["SEQUENCE"]) > number, "a change that a program would not take"
        assert event["STATUS"] == ("CANCELLED" if who == "mate" else "CONFIRMED")
        assert event.decoded("DTSTART") == day
    assert fed("head", held)["STATUS"] == "CONFIRMED"
    assert Entry.objects.filter(kind="EXAMINATION_MOVED").count() == 1
    assert pages.as_("mate").get(at).status_code == 404
    read = text_of(agent.get(at))
    assert "The hall is flooded." in read
    unread = sorted(world.callsign(one) for one in ("agent", "guard", "head"))
    assert f"Not read yet by {', '.join(unread)}" in read
    assert ExaminationMove.objects.get().before_date == held.held_date
    again = deputy.post(at, sent(**new))
    assert "So it stands already" in text_of(again)


def test_parts_are_changed_and_whoever_has_not_read_it_is_asked_once_more(
    world: World, pages: Pages
) -> None:
    held = Examination.objects.get(pk=board_set(world))
    at, deputy = f"/examinations/{held.pk}/", pages.as_("deputy")
    assert held.held_date is not None
    before = list(held.parts.order_by("line").values_list("name", flat=True))
    new = {"act": "move", "held_date": held.held_date.isoformat(), "why": "The first.",
           "examiners": [world.people[one] for one in ("guard", "mate")],
           "moved_why": "Snow: no wall.", "parts": "\n".join(before)}  # fmt: skip
    assert "So it stands already" in text_of(deputy.post(at, sent(**new)))
    assert "stands there twice" in text_of(deputy.post(at, sent(**new | {"parts": "Rope\nRope"})))
    new |= {"parts": "Knots indoors\nFirst aid\nRadio",
            "held_date": (world.now.date() + dt.timedelta(days=6)).isoformat()}  # fmt: skip
    assert "Moved." in followed(deputy, deputy.post(at, sent(**new)))
    assert list(held.parts.order_by("line").values_list("name", flat=True)) == [
        "Knots indoors", "First aid", "Radio",
    ]  # fmt: skip
    agent = pages.as_("agent")
    agent.post(at, sent(act="seen"))
    counts = {who: told(world, who) for who in ("agent", "guard", "mate", "deputy")}
    world.now += dt.timedelta(hours=23)
    assert unread.remind(now=world.now) == 0, "a day to read it"
    world.now += dt.timedelta(hours=1)
    assert [unread.remind(now=world.now) for _ in range(2)] == [1, 0], "once, whoever repeats it"
    assert {who: told(world, who) - count for who, count in counts.items()} == {
        "agent": 0, "guard": 1, "mate": 1, "deputy": 1,
    }, "who has not read it, and whoever set it"  # fmt: skip
    unread_by = sorted(world.callsign(one) for one in ("guard", "mate"))
    assert f"Not read yet by {', '.join(unread_by)}" in text_of(agent.get(at)), "she who asked sees"
    assert verify().difference is None


def test_the_day_is_taken_for_whoever_plans_something_else(world: World) -> None:
    board_set(world)
    keys = [world.people[one] for one in ("agent", "guard", "mate", "head")]
    begins = world.now
    found = taken(keys, begins=begins, ends=begins + dt.timedelta(hours=1))
    who = {key for key, times in found.items() if times[0].what is Against.EXAMINATION}
    assert who == set(keys[:3]), "the candidate and her board, and nobody else"
