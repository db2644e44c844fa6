"""A request for more time stands where the alarm is looked at, not on the mission's page alone."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.missions.actions import extend
from homeby.missions.models import Mission
from tests.rooms.pages import Pages, text_of
from tests.world import World

ASKED = "They ask for more time, until 11:00"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def request_id(world: World) -> uuid.UUID:
    """Fox, expected at 09:30, asks at 09:40 for 11:00; nobody has decided."""
    mission = world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    wanted = extend.Wanted(due_at=world.now + dt.timedelta(minutes=80), why="Deep snow.")
    tap = new_tap()
    extend.ask(mission_id=mission.pk, wanted=wanted, by=world.as_("agent"), now=world.now, tap=tap)
    world.look()
    return tap.entry_id


def addresses(world: World) -> list[str]:
    """Where whoever looks after an alarm looks."""
    message = Message.objects.get(person_id=world.people["head"], kind="ALARM")
    alarm_id = world.alarm().pk
    return [
        "/alarms/",
        f"/alarms/{alarm_id}/",
        f"/alarms/{alarm_id}/rows/",
        f"/m/{message.token}",
        f"/m/{message.token}/state/",
    ]


def test_a_request_is_said_wherever_the_alarm_is_shown(
    pages: Pages, world: World, request_id: uuid.UUID
) -> None:
    head = pages.as_("head")
    for address in addresses(world):
        assert ASKED in text_of(head.get(address)), address
    assert "asks for 11:00" in text_of(head.get("/board/rows/"))
    page = text_of(head.get(f"/alarms/{world.alarm().pk}/"))
    assert "Decide on the mission's page" in page
    assert "Last heard now" in page


@pytest.mark.parametrize("grant", [True, False])
def test_once_decided_it_is_gone(
    pages: Pages, world: World, request_id: uuid.UUID, grant: bool
) -> None:
    where = addresses(world)
    extend.decide(
        extension_id=request_id, grant=grant, by=world.as_("head"), now=world.now, tap=new_tap()
    )
    head = pages.as_("head")
    for address in [*where, "/board/rows/"]:
        said = text_of(head.get(address))
        assert "more time, until" not in said, address
        assert "asks for" not in said, address


def test_the_message_about_it_leads_to_where_it_is_decided(
    pages: Pages, world: World, request_id: uuid.UUID
) -> None:
    mission = Mission.objects.get()
    notice = Message.objects.get(person_id=world.people["head"], kind="NOTICE")
    to_mission = f'href="/missions/{mission.pk}/"'
    for client, said in (
        (pages.as_("head"), "To the mission"),
        (pages.nobody(), "Log in: to the mission"),
    ):
        page = client.get(f"/m/{notice.token}")
        assert said in text_of(page)
        assert to_mission in page.content.decode()
    page = pages.as_("outsider").get(f"/m/{notice.token}")  # who may not open the mission
    assert to_mission not in page.content.decode()


def test_kin_are_led_to_no_mission(pages: Pages, world: World) -> None:
    world.give_kin("agent", "ino")
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=140)
    message = Message.objects.filter(kin_of=world.people["agent"]).first()
    assert message is not None
    page = pages.nobody().get(f"/m/{message.token}").content.decode()
    assert "/missions/" not in page
