"""The pages say when the watch was blind: the board, an alarm's page, "Is the watch awake?"."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.findings import Level
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch import wakefulness
from tests.promises.outages import Station
from tests.promises.outages import station as station
from tests.rooms.pages import Pages, text_of

BLIND = "The watch was blind"


@pytest.fixture
def after_an_outage(station: Station) -> Station:
    station.world.send_out("agent", due_minutes=60)
    station.passes(hours=3)
    station.watch(minutes=0.5)
    return station


@pytest.mark.parametrize("path", ["/board/", "/office/watch/", "/alarms/{}/"])
def test_the_page_says_it(
    after_an_outage: Station, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (alarm,) = watch.open_alarms(STATION)
    page = Pages(after_an_outage.world, monkeypatch).as_("head").get(path.format(alarm.pk))
    assert page.status_code == 200
    assert BLIND in text_of(page)


def test_the_board_does_not_say_it_for_ever(
    after_an_outage: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_an_outage.world.now += dt.timedelta(hours=25)
    page = Pages(after_an_outage.world, monkeypatch).as_("head").get("/board/")
    assert BLIND not in text_of(page)


def test_a_deadline_that_waits_for_the_doors_is_not_red(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    station.passes(hours=1.5)
    station.watch(minutes=0.5)
    found = wakefulness.findings(STATION, now=world.now, real_now=world.now, pace=1.0)
    levels = {one.what: one.level for one in found}
    assert levels["next deadline"] == Level.GREEN
    assert levels["blind period"] == Level.AMBER
