"""Promises 3 and 8: an alarm that rings whoever is kept away, because nobody else is left, shows
him the mission that it is about, and only that, and only while it is open."""

from __future__ import annotations

import pytest

from homeby.people.rules import STATION
from homeby.watch import queries as watch
from tests.promises.acts import pass_time, stand_down
from tests.promises.apart import keep_away
from tests.promises.test_no_message_reaches_who_is_kept_away import mute
from tests.rooms.pages import Pages, text_of
from tests.world import World


def test_of_last_resort_he_sees_that_mission_while_its_alarm_is_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages(world, monkeypatch)
    earlier = world.send_out("agent", due_minutes=30)
    pass_time(world, minutes=60)
    assert world.phone("head"), "of this he was told before anybody was kept away"
    mute(world, "deputy", "admin")
    keep_away(world, "agent", "head")
    client = pages.as_("head")
    assert client.get(f"/missions/{earlier.pk}/").status_code == 404
    stand_down(world, "deputy")
    world.sign_in("agent")
    mission = world.send_out("agent", "mate", due_minutes=30)
    addresses = (f"/missions/{mission.pk}/", f"/missions/{mission.pk}/rows/", "/board/rows/")
    seen = [client.get(one) for one in addresses]
    assert [one.status_code for one in seen[:2]] == [404, 404]
    assert "Fox" not in text_of(seen[2])
    pass_time(world, minutes=120)
    (alarm,) = [one for one in watch.open_alarms(STATION) if one.subject.ref == mission.ref]
    for one in (*addresses, f"/alarms/{alarm.pk}/"):
        assert "Fox" in text_of(client.get(one)), one
    closed = (f"/missions/{earlier.pk}/", f"/break-glass/{mission.pk}/",
              f"/office/people/{world.people['agent']}/")  # fmt: skip
    assert [client.get(one).status_code for one in closed] == [404, 404, 404]
    assert "Break-glass" not in text_of(client.get(addresses[0])), "no way there that is shut"
    assert "Fox" not in text_of(client.get("/office/people/"))
    world.sign_in("agent", "mate", heads=2)
    assert [client.get(one).status_code for one in addresses[:2]] == [404, 404]
    assert "Fox" not in text_of(client.get("/board/rows/"))
    assert client.get(f"/alarms/{alarm.pk}/").status_code == 404
