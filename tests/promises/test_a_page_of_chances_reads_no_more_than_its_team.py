"""What a page of chances costs goes by the team and the time that it shows, and by nothing of what
the rest of the organisation did."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from homeby.logbook.rules import new_tap
from homeby.people.actions import teams
from homeby.people.rules import STATION, Role
from homeby.readiness.models import Duty
from homeby.readiness.queries.decisions import CLOSES_AFTER
from homeby.readiness.rules.duty_planning import DutyType, NotPicked
from homeby.welfare.actions import searching
from homeby.welfare.actions.searching import Looked
from homeby.welfare.actions.switching import set_search
from homeby.welfare.queries.chances import own_chances
from homeby.welfare.queries.closed import closed_activities
from homeby.welfare.queries.mirror import ahead, mirror
from homeby.welfare.queries.search import happened
from homeby.welfare.queries.taking_part import taking_part
from tests.promises.caring import with_officers
from tests.promises.lived import held
from tests.promises.planning_duties import ask, in_team, pick, planned, say
from tests.world import World

YEAR = dt.timedelta(days=365)
CREW = ("agent", "mate", "outsider")


def another_team(world: World, *who: str) -> uuid.UUID:
    """The rest of the organisation."""
    tap = new_tap()
    teams.add_team(name="Others", by=STATION, now=world.now, tap=tap)
    for one in who:
        world.add(one)
        teams.join_team(
            person_id=world.people[one], team_id=tap.entry_id, by=STATION, now=world.now,
            tap=new_tap(),
        )  # fmt: skip
    return tap.entry_id


def chosen(world: World, *crew: str, by: str = "head", **more: Any) -> Duty:
    """A duty with a seat for one of the crew; it has closed."""
    duty = planned(world, kind=DutyType.TRAINING, seats="1", by=by, **more)
    ask(world, duty, *crew, by=by)
    for one in crew:
        say(world, duty, one)
    pick(world, duty, crew[-1], reason=NotPicked.SEATS_FULL, by=by)
    world.now = duty.ends_at + CLOSES_AFTER
    return duty


class Costs:
    """How many questions to the database, and how many rows of which tables it made up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._rows: Counter[str] = Counter()
        plainly: Any = models.Model.__dict__["from_db"].__func__

        def counted(cls: type, *values: Any, **more: Any) -> Any:
            self._rows[cls.__name__] += 1
            return plainly(cls, *values, **more)

        monkeypatch.setattr(models.Model, "from_db", classmethod(counted))

    def of(self, read: Callable[[], object]) -> tuple[int, Counter[str]]:
        self._rows.clear()
        with CaptureQueriesContext(connection) as asked:
            read()
        return len(asked), self._rows.copy()


def test_what_others_did_and_what_was_long_ago_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = Costs(monkeypatch)
    with_officers(world)
    in_team(world, "outsider")
    world.add("planner", Role.LEADER)
    others = another_team(world, "one", "two")
    chosen(world, *CREW)
    world.now += 4 * YEAR
    for _each in range(2):
        chosen(world, *CREW)
    head, agent, now = world.as_("head"), world.as_("agent"), world.now
    reads: dict[str, Callable[[], object]] = {
        "my chances": lambda: own_chances(agent, now=now),
        "taking part": lambda: taking_part(head, world.team_id, now=now),
        "the mirror": lambda: (mirror(head, now=now), ahead(head, now=now)),
        "evidence": lambda: happened([], now=now, since=None, only=[world.team_id]),
    }
    before = {name: costs.of(read) for name, read in reads.items()}
    for name, (_asked, rows) in before.items():
        assert rows["Duty"] == (3 if name == "evidence" else 2), name
    world.now = world.now - YEAR / 2
    for _each in range(3):
        chosen(world, "one", "two", by="planner", team_id=others)
    assert world.now <= now
    assert {name: costs.of(read) for name, read in reads.items()} == before
    everything = closed_activities(STATION, now=now)
    assert [len(everything[key]) for key in (world.team_id, others)] == [3, 3]
    lately = closed_activities(STATION, now=now, since=now - YEAR)
    assert [len(lately[key]) for key in (world.team_id, others)] == [2, 3]
    assert lately[world.team_id] == everything[world.team_id][1:], "nothing else is said of them"


def test_an_hour_reads_the_teams_of_which_something_closed_and_finds_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_officers(world)
    in_team(world, "outsider")
    others = another_team(world, "one", "two")
    world.now = (world.now + dt.timedelta(days=1)).replace(hour=0, minute=30)
    set_search(is_on=True, one_in_years=100, by=world.as_("admin"), now=world.now, tap=new_tap())
    world.add("planner", Role.LEADER)
    first = [
        planned(world, kind=DutyType.TRAINING, hours=24),
        planned(world, kind=DutyType.TRAINING, hours=24, by="planner", team_id=others),
    ]
    later = planned(world, kind=DutyType.TRAINING, hours=26, by="planner", team_id=others)
    world.now = first[0].ends_at + CLOSES_AFTER
    costs = Costs(monkeypatch)

    def look() -> Looked:
        return searching.look(now=world.now, rest=lambda: None)

    found: list[Looked] = []
    assert costs.of(lambda: found.append(look()))[1]["Duty"] >= 2
    assert found[0].decisions == 4, "one of each team, and that it began"
    world.now += dt.timedelta(hours=1)
    assert costs.of(lambda: found.append(look()))[1]["Duty"] == 0, "nothing has closed"
    world.now = later.ends_at + CLOSES_AFTER
    rows = costs.of(lambda: found.append(look()))[1]
    assert (found[-1].decisions, rows["Duty"]) == (1, 2), "those of the one team alone"
    stood = held()
    everything = searching.recompute(
        now=world.now, rest=lambda: None, progress=lambda _done, _all: None
    )
    assert (everything.changed, held()) == (0, stood)
