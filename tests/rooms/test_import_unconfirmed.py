"""The list "out, unconfirmed": a person confirms, ends, or takes back what a file left open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, Tap, new_tap
from homeby.missions import queries
from homeby.missions.actions import history, plan
from homeby.missions.models import Mission
from homeby.missions.rules import How, MemberState, MissionState
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.models import Deadline
from tests import imports
from tests.world import World

pytestmark = pytest.mark.django_db

LOG = "Date;Out;Back;Who;Where;What;Due;Remarks\n"


@pytest.fixture
def world() -> World:
    return World().build()


@pytest.fixture
def mission(world: World, tmp_path: Path) -> Mission:
    """Fox and Owl went out yesterday; the file knows no return."""
    path = tmp_path / "log.csv"
    path.write_text(LOG + "19.11.2026;07:30;;Fox, Owl;North face;Patrol;18:00;\n", encoding="utf-8")
    assert imports.run(path, "missions-example", now=world.now).table == (1, 1, 0, 0)
    [found] = queries.unconfirmed(STATION)
    return found


def confirm(world: World, mission: Mission, *, by: str = "head", minutes: int = 120) -> str:
    return history.confirm(
        mission_id=mission.pk,
        due_at=world.now + dt.timedelta(minutes=minutes),
        call_out_at=None,
        by=world.as_(by),
        now=world.now,
        tap=new_tap(),
    )


def close(
    world: World,
    mission: Mission,
    *,
    by: str = "head",
    hours_ago: float = 1,
    tap: Tap | None = None,
) -> str:
    return history.close(
        mission_id=mission.pk,
        back_at=world.now - dt.timedelta(hours=hours_ago),
        by=world.as_(by),
        now=world.now,
        tap=tap or new_tap(),
    )


def test_nobody_is_watched_before_a_person_confirms(world: World, mission: Mission) -> None:
    world.fast_forward(minutes=24 * 60)
    assert world.received == []
    assert not Deadline.objects.exists()
    assert mission.due_at is not None  # what the file says, as history


def test_confirmed_they_are_out_and_missed_in_time(world: World, mission: Mission) -> None:
    assert confirm(world, mission).startswith("Confirmed: out, expected back 11:00")
    mission.refresh_from_db()
    assert mission.state == MissionState.OUT
    members = list(mission.party.all())
    assert {one.state for one in members} == {MemberState.OUT}
    assert {one.out_by_id for one in members} == {world.people["head"]}
    [row] = queries.board(STATION, now=world.now)
    assert (row.out_count, row.out_at) == (2, mission.out_at)
    world.fast_forward(minutes=119)
    assert watch.open_alarms(STATION) == []
    world.fast_forward(minutes=70)
    assert world.alarm().subject.ref == mission.ref
    assert world.phone("head")
    world.sign_in("agent", "mate", heads=2)
    mission.refresh_from_db()
    assert mission.state == MissionState.BACK
    assert watch.open_alarms(STATION) == []
    imports.assert_replayable()


def test_somebody_alone_gets_the_shorter_grace(world: World, tmp_path: Path) -> None:
    world.strict_alone()
    path = tmp_path / "log.csv"
    path.write_text(LOG + "19.11.2026;07:30;;Fox;Pass;Patrol;;\n", encoding="utf-8")
    imports.run(path, "missions-example", now=world.now)
    [alone] = queries.unconfirmed(STATION)
    confirm(world, alone, by="agent")
    alone.refresh_from_db()
    assert alone.is_solo
    assert alone.due_at is not None
    assert alone.call_out_at == alone.due_at + dt.timedelta(minutes=30)


def test_a_time_already_past_is_refused(world: World, mission: Mission) -> None:
    with pytest.raises(Refused, match="lies in the past"):
        confirm(world, mission, minutes=-1)
    assert not Deadline.objects.exists()


def test_said_to_be_home(world: World, mission: Mission) -> None:
    answer = close(world, mission)
    assert answer.startswith("Recorded: back since 08:00")
    mission.refresh_from_db()
    assert mission.state == MissionState.BACK
    members = list(mission.party.all())
    assert {(one.state, one.back_at, one.back_how) for one in members} == {
        (MemberState.BACK, world.now - dt.timedelta(hours=1), How.TOLD)
    }
    entry = Entry.objects.get(kind="MISSION_SIGNED_IN")
    assert entry.happened_at == mission.back_at
    world.fast_forward(minutes=60)
    assert world.received == []
    imports.assert_replayable()


@pytest.mark.parametrize(("hours_ago", "says"), [(-1, "lies in the future"), (99, "before they")])
def test_a_return_that_cannot_be_is_refused(
    world: World, mission: Mission, hours_ago: float, says: str
) -> None:
    with pytest.raises(Refused, match=says):
        close(world, mission, hours_ago=hours_ago)


def test_a_repeated_tap_gets_the_same_answer_and_a_second_person_a_sentence(
    world: World, mission: Mission
) -> None:
    tap = new_tap()
    answer = close(world, mission, tap=tap)
    assert close(world, mission, tap=tap) == answer
    with pytest.raises(Refused, match="said already where they are"):
        confirm(world, mission)
    assert Entry.objects.filter(kind="MISSION_SIGNED_IN").count() == 1


@pytest.mark.parametrize("act", [confirm, close])
def test_only_the_party_or_the_watch_says_so(world: World, mission: Mission, act) -> None:
    with pytest.raises(Refused, match="Only the party or whoever keeps the watch"):
        act(world, mission, by="outsider")
    assert act(world, mission, by="mate")


def test_it_can_be_taken_back(world: World, mission: Mission) -> None:
    plan.cancel(mission_id=mission.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    assert queries.unconfirmed(STATION) == []
    imports.assert_replayable()


def test_a_later_file_that_knows_the_return_says_what_to_do(
    world: World, mission: Mission, tmp_path: Path
) -> None:
    path = tmp_path / "later.csv"
    path.write_text(
        LOG + "19.11.2026;07:30;16:05;Fox, Owl;North face;Patrol;18:00;\n", encoding="utf-8"
    )
    told = imports.run(path, "missions-example", now=world.now)
    assert "line 2: it is here already without a return" in told.printed
    back_at = dt.datetime(2026, 11, 19, 15, 5, tzinfo=dt.UTC)
    hours = (world.now - back_at).total_seconds() / 3600
    close(world, mission, hours_ago=hours)
    assert imports.run(path, "missions-example", now=world.now).table == (1, 0, 1, 0)
