"""New time zone data moves a time that was typed only when a person confirms it."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby import clock
from homeby.findings import Level
from homeby.instants import reread
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions.rezone import move_by_zones
from homeby.missions.models import Mission
from homeby.missions.queries.zones import zone_changes
from homeby.missions.rules import PlanTimes
from homeby.people.rules import NOBODY, STATION
from homeby.station import doctor, zones
from homeby.watch.models import Deadline
from tests.world import World

HOUR = dt.timedelta(hours=1)
RIGHT = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)  # 18:30 in Zurich


@pytest.mark.parametrize("off", [-90, -60, 0, 30, 60])
@pytest.mark.parametrize(
    ("typed", "depends"),
    [
        ("2026-11-20T18:30", True),
        ("20.11. 18:30", True),
        ("18:30", True),
        ("6:30 pm", True),
        ("+7h30", False),
        ("90 min", False),
        ("2026-11-20T17:30Z", False),
        ("when the moon is up", False),
        ("31.2. 18:30", False),
    ],
)
def test_what_was_typed_is_read_again_beside_the_instant_kept(
    typed: str, depends: bool, off: int
) -> None:
    kept = RIGHT + dt.timedelta(minutes=off)
    assert reread(typed, "Europe/Zurich", kept) == (RIGHT if depends else None)
    assert reread(typed, "Mars/Base", kept) is None


def typed_before_the_rules_changed(world: World, *party: str) -> Mission:
    """A plan whose instant is that of older zone data, an hour later than today's."""
    due_at = RIGHT + HOUR
    times = PlanTimes(due_at=due_at, call_out_at=due_at + HOUR)
    return world.plan(*party, due_typed="20.11. 18:30", times=times)


def test_nothing_moves_before_a_person_confirms_and_then_everybody_is_told(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = typed_before_the_rules_changed(world, "agent", "mate")
    world.sign_out(mission, "agent", "mate")
    world.plan("guard", due_typed="+2h")
    world.look()
    [change] = zone_changes(STATION, now=world.now)
    assert (change.title, change.shift) == ("Fox, Owl", -HOUR)
    assert zone_changes(NOBODY, now=world.now) == []
    assert zones.run(confirmed=False, now=world.now, say=print) == 1
    assert "was 2026-11-20 18:30Z, would be 2026-11-20 17:30Z (-60 min)" in capsys.readouterr().out
    mission.refresh_from_db()
    assert mission.due_at == RIGHT + HOUR
    assert zones.run(confirmed=True, now=world.now, say=print) == 0
    mission.refresh_from_db()
    assert (mission.due_at, mission.call_out_at) == (RIGHT, RIGHT + HOUR)
    deadline = Deadline.objects.get(state="OPEN", kind="RETURN", subject__ref=mission.ref)
    assert (deadline.due_at, deadline.call_out_at) == (RIGHT, RIGHT + HOUR)
    world.look()
    for who in ("agent", "mate", "head"):
        assert ["expected back" in one.subject for one in world.phone(who)] == [True]
    assert world.phone("guard") == []
    assert zones.run(confirmed=True, now=world.now, say=print) == 0
    assert verify().difference is None


def test_a_plan_that_nobody_left_on_moves_too_and_gets_no_deadline(world: World) -> None:
    mission = typed_before_the_rules_changed(world, "agent")
    assert zones.run(confirmed=True, now=world.now, say=print) == 0
    mission.refresh_from_db()
    assert mission.due_at == RIGHT
    assert not Deadline.objects.exists()


def test_what_is_over_or_was_not_seen_is_not_moved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.now)
    mission = typed_before_the_rules_changed(world, "agent")

    def move(new_due_at: dt.datetime, who: str = "admin") -> str:
        return move_by_zones(
            mission_id=mission.pk,
            new_due_at=new_due_at,
            by=world.as_(who),
            now=world.now,
            tap=new_tap(),
        )

    with pytest.raises(Refused, match="look at the list again"):
        move(RIGHT - HOUR)
    with pytest.raises(Refused, match="duty officer or administrator"):
        move(RIGHT, who="agent")
    assert doctor._moved_by_zones().level is Level.AMBER
    assert "Expected back" in move(RIGHT)
    assert doctor._moved_by_zones().level is Level.GREEN
    with pytest.raises(Refused, match="look at the list again"):
        move(RIGHT)
