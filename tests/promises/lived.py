"""Teams with a past for the search for people who are left out: what they decided is made up, who
they are is real."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import replace
from typing import Any

import pytest

from homeby.logbook.rules import new_tap
from homeby.people.rules import Role
from homeby.station import searching as hourly
from homeby.welfare.actions import searching, switching
from homeby.welfare.models import LeftOutSignal, TakenIn, TeamState
from homeby.welfare.queries import search
from homeby.welfare.rules.activities import Candidate, Choice, ClosedActivity
from tests.promises.caring import give
from tests.promises.planning_duties import in_team
from tests.world import World

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
#: How often a team does something.
EVERY = WEEK / 2


def no_rest() -> None:
    """Nobody else writes."""


class Lived:
    """A team of four, led by the head, and a welfare officer outside it. `log` is what it did; what
    is put there later is a late record."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.log, self.reads = world, list[ClosedActivity](), 0
        self.started = world.now
        monkeypatch.setattr(search, "closed_activities", self._closed)
        in_team(world, "agent", "mate", "outsider", "head")
        world.add("carer", Role.WELFARE_OFFICER)
        give(world, "mate", Role.WELFARE_OFFICER)

    def _closed(self, _viewer: object, *, now: dt.datetime, **_more: Any) -> dict[Any, Any]:
        self.reads += 1
        closed = [one for one in self.log if one.closed_at <= now]
        return {self.world.team_id: closed} if closed else {}

    def on(self, one_in_years: int = 100) -> None:
        switching.set_search(
            is_on=True, one_in_years=one_in_years, by=self.world.as_("admin"), now=self.world.now,
            tap=new_tap(),
        )  # fmt: skip

    def off(self) -> None:
        switching.set_search(
            is_on=False, one_in_years=0, by=self.world.as_("admin"), now=self.world.now,
            tap=new_tap(),
        )  # fmt: skip

    def mission(self, number: int, *went: str, **more: Any) -> ClosedActivity:
        """One at which all but the head were there to be chosen."""
        begins = self.started + (number + 1) * EVERY
        several = tuple(
            Candidate(who=str(self.world.people[who]), available=True, left=who in went,
                      since=self.started)
            for who in ("agent", "mate", "outsider")
        )  # fmt: skip
        chose = Choice(not_drawn=frozenset({str(self.world.people["head"])}))
        values: dict[str, Any] = {
            "key": f"mission:{uuid.UUID(int=number)}", "kind": "MISSION", "begins": begins,
            "closed_at": begins + 3 * DAY, "candidates": several, "choice": chose,
        }  # fmt: skip
        return ClosedActivity(**(values | more))

    def without_her(self, first: int, last: int) -> None:
        """Missions to which the two others went."""
        self.log += [self.mission(number, "mate", "outsider") for number in range(first, last)]

    def until(self, number: int) -> None:
        """So many are over, and have closed."""
        self.world.now = self.started + (number + 1) * EVERY + 3 * DAY

    def look(self) -> searching.Looked:
        return searching.look(now=self.world.now, rest=no_rest)

    def go_round(self) -> searching.Looked:
        return hourly.go_round(now=self.world.now, rest=no_rest)

    def recompute(self) -> searching.Looked:
        return searching.recompute(now=self.world.now, rest=no_rest, progress=lambda _n, _m: None)

    def some_year(self, seed: int) -> list[ClosedActivity]:
        """What may happen in a year, she being left out of most of it."""
        lot = random.Random(seed)
        found = []
        for number in range(90):
            went = ["mate", "outsider"] if lot.random() < 0.95 else ["agent", "mate"]
            group = "expedition" if 30 < number < 34 else ""
            found.append(self.mission(number, *went, group=group))
        closes = max(one.closed_at for one in found if one.group)
        return [replace(one, group_closes_at=closes) if one.group else one for one in found]


def held() -> list[Any]:
    """All that is held of any team, its numbers as they are put away."""
    states = TeamState.objects.order_by("team_id", "month")
    rows = states.values_list("team_id", "month", "until_at", "until_key", "body")
    taken = TakenIn.objects.order_by("team_id", "at", "key").values_list("at", "key", "digest")
    return [*[(*row[:4], bytes(row[4])) for row in rows],
            *[(*row[:2], bytes(row[2])) for row in taken]]  # fmt: skip


def signals() -> list[tuple[uuid.UUID, dt.datetime, bool]]:
    """Of whom, when, and whether it is still found."""
    rows = LeftOutSignal.objects.order_by("at", "question")
    return [(one.person_id, one.at, one.not_found_at is None) for one in rows]
