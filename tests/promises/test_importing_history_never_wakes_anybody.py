"""Importing history never wakes anybody: no deadline, no alarm, no message comes out of it."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.missions import queries
from homeby.missions.models import Mission
from homeby.people.rules import STATION
from homeby.watch.models import Alarm, Deadline, Subject
from tests import imports
from tests.world import ZONE, World

pytestmark = pytest.mark.django_db

DAY_MINUTES = 24 * 60


@pytest.fixture
def world() -> World:
    return World().build()


def assert_silence(world: World) -> None:
    """A whole day passes, and no phone rings; then one that must ring does."""
    assert (Deadline.objects.count(), Subject.objects.count(), Message.objects.count()) == (0, 0, 0)

    world.fast_forward(minutes=DAY_MINUTES)
    assert world.received == []
    assert (Alarm.objects.count(), Message.objects.count()) == (0, 0)
    assert not Entry.objects.filter(kind__startswith="ALARM_").exists()
    imports.assert_replayable()
    world.send_out("agent", "mate", due_minutes=30)
    world.fast_forward(minutes=120)
    assert world.phone("head")
    assert Alarm.objects.count() == 1


@pytest.mark.once  # as all real records
def test_the_whole_real_file(world: World, real_records: Path) -> None:
    path = real_records / "missions" / "sf-fire" / "calls_2016-12.csv.gz"
    told = imports.run(path, "sf-fire", now=world.now)
    assert (told.code, told.table) == (0, (7704, 7704, 0, 0))
    assert queries.status_figures(STATION)["missions_unconfirmed"] == 5
    assert_silence(world)


def test_people_on_the_watch_who_were_never_back(world: World, tmp_path: Path) -> None:
    """The file names those who are known here, duty officers too, some due in the hour to come."""
    moment = world.now.astimezone(zoneinfo.ZoneInfo(ZONE))
    rows = []
    for minutes in range(0, 3 * DAY_MINUTES, 20):
        out = moment - dt.timedelta(minutes=minutes)
        due = out + dt.timedelta(minutes=45)
        who = ("Fox, Owl", "Head, Deputy", "Fox", "Stranger / Nobody known")[minutes // 20 % 4]
        rows.append(f"{out:%d.%m.%Y;%H:%M};;{who};Pass;Patrol;{due:%H:%M};")
    path = tmp_path / "log.csv"
    header = "Date;Out;Back;Who;Where;What;Due;Remarks"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    told = imports.run(path, "missions-example", now=world.now)
    assert (told.code, told.table) == (0, (len(rows), len(rows), 0, 0))
    assert Mission.objects.filter(due_at__gt=world.now).exists()
    assert len(queries.unconfirmed(STATION)) == len(rows)
    assert_silence(world)


def test_a_list_of_people_with_addresses(world: World, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text(
        "Number,Name,Callsign,E-mail,Push,Team,Role,Language,Time zone\n"
        "1,Ada Example,Heron,ada@example.org,ntfy://example.org/ada,Team 7,duty officer,en,\n",
        encoding="utf-8",
    )
    assert imports.run(path, "people-example", now=world.now).code == 0
    assert_silence(world)
