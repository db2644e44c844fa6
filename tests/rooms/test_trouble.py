"""The trouble flag: told, listed until somebody looks into it, raised anew by a later report."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from homeby.comms.models import Delivery, Message
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import places, report
from homeby.missions.models import Mission
from homeby.missions.queries.trouble import open_troubles
from homeby.missions.rules import Hurt
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def injury(world: World) -> uuid.UUID:
    tap = new_tap()
    places.add_reason(
        code="injury", label="Injury", is_trouble=True, by=STATION, now=world.now, tap=tap
    )
    return tap.entry_id


@pytest.fixture
def back(world: World) -> Mission:
    """Fox and Owl are back."""
    mission = world.send_out("agent", "mate")
    world.sign_in("agent", "mate", heads=2)
    world.look()
    world.received.clear()
    return mission


def give(world: World, mission: Mission, who: str, **values: Any) -> None:
    fields = report.ReportFields(**({"hurt": Hurt.NO} | values))
    report.first_report(
        mission_id=mission.pk,
        person_id=world.people[who],
        fields=fields,
        by=world.as_(who),
        now=world.now,
        tap=new_tap(),
    )


def clear(world: World, mission: Mission) -> None:
    report.clear_trouble(
        mission_id=mission.pk, note="Bandaged.", by=world.as_("head"), now=world.now, tap=new_tap()
    )


def shown(world: World) -> list[tuple[str, str]]:
    return [(one.title, one.reason) for one in open_troubles(world.as_("head"))]


def test_trouble_of_a_second_person_raises_a_cleared_flag_anew(
    world: World, back: Mission, injury: uuid.UUID
) -> None:
    give(world, back, "agent", reason_id=injury)
    assert shown(world) == [("Fox, Owl", "Injury")]
    clear(world, back)
    assert shown(world) == []
    give(world, back, "mate", reason_id=injury)
    assert shown(world) == [("Fox, Owl", "Injury")]
    clear(world, back)
    give(world, back, "agent", reason_id=injury, kit_missing="A glove")  # what she adds counts, too
    assert shown(world) == [("Fox, Owl", "Injury")]
    assert verify().difference is None


def test_a_harmless_reason_leaves_a_cleared_flag_cleared(
    world: World, back: Mission, injury: uuid.UUID
) -> None:
    tap = new_tap()
    places.add_reason(
        code="snow", label="Snow", is_trouble=False, by=STATION, now=world.now, tap=tap
    )
    give(world, back, "agent", reason_id=injury)
    clear(world, back)
    world.look()
    world.received.clear()
    give(world, back, "mate", reason_id=tap.entry_id)
    world.look()
    assert shown(world) == []
    assert not world.phone("head")


def test_whoever_decides_hears_of_trouble_once_and_of_what_is_urgent_at_any_hour(
    world: World, back: Mission, injury: uuid.UUID
) -> None:
    opens = (world.now + dt.timedelta(hours=3)).time()
    closes = (world.now + dt.timedelta(hours=5)).time()
    ContactPoint.objects.filter(person_id=world.people["head"]).update(
        from_time=opens, to_time=closes, zone="UTC"
    )
    give(world, back, "agent", reason_id=injury)
    world.look()
    assert not world.phone("head"), "trouble that is over waits for the hours"
    said = Message.objects.get(subject="First report of Fox")
    assert "trouble: Injury. Somebody not of the party looks into it" in said.text
    assert Delivery.objects.filter(message=said, next_try_at__gt=world.now).exists()
    give(world, back, "mate", reason_id=injury, hurt=Hurt.YES)
    world.look()
    (now,) = world.phone("head")
    assert "a medic is to look after them now" in now.outgoing.text
    assert "trouble: Injury" in now.outgoing.text


def test_open_trouble_stands_on_the_board_and_in_the_list_until_it_is_cleared(
    world: World, back: Mission, injury: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Pages(world, monkeypatch).as_("head")
    sentence = "Trouble of Fox, Owl: Injury. Nobody has looked into it yet."
    mark = "trouble, not looked into yet"
    give(world, back, "agent", reason_id=injury)
    assert sentence in text_of(head.get("/board/"))
    assert mark in text_of(head.get("/missions/?show=back"))
    clear(world, back)
    assert sentence not in text_of(head.get("/board/rows/"))
    assert mark not in text_of(head.get("/missions/?show=back"))


def test_no_stranger_sees_open_trouble(world: World, back: Mission, injury: uuid.UUID) -> None:
    give(world, back, "agent", reason_id=injury)
    assert open_troubles(None) == []
    assert open_troubles(world.as_("outsider")) == []
