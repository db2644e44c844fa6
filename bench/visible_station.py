"""Somebody who sees little, and whoever is kept away from somebody, among many missions.

What is timed is the question of the missions' page: the visibility filter with order and limit, and
the rows as objects. The crowd comes from `bench.board_station`.
"""

from __future__ import annotations

import time
import uuid
from typing import Any

from bench import seed
from homeby import clock
from homeby.logbook.rules import new_tap
from homeby.missions import queries as missions
from homeby.missions.models import Mission
from homeby.missions.queries.who import viewer_for
from homeby.people.actions import apart, persons, teams
from homeby.people.models import Person
from homeby.people.rules import STATION, Role

PAGE = 50
OF_A_TEAM = 40


def looked_at(*, rounds: int) -> dict[str, Any]:
    """The time of each look in ms, and how many rows it gave, by who looks."""
    now, team, large = clock.now(), new_tap(), new_tap()
    teams.add_team(name="Ridge team", by=STATION, now=now, tap=team)
    teams.add_team(name="Valley team", by=STATION, now=now, tap=large)
    some = list(Mission.objects.order_by("due_at").values_list("pk", "leader_id")[:OF_A_TEAM])
    Mission.objects.filter(place__endswith="7, north woods").update(team_id=large.entry_id)
    Mission.objects.filter(pk__in=[key for key, _leader in some]).update(team_id=team.entry_id)
    seed.settle()
    member = some[0][1]
    away = Person.objects.get(pk=some[1][1])
    leader = _somebody("Leader", teams.Term(team_id=team.entry_id), Role.LEADER)
    chief = _somebody("Chief", teams.Term(team_id=large.entry_id), Role.LEADER)
    officer = _somebody("Officer", teams.FROM_NOW_ON, Role.DUTY_OFFICER)
    kept = _somebody("Kept away", teams.FROM_NOW_ON, Role.DUTY_OFFICER)
    apart.file_stay_away(
        person_id=kept, callsign=away.callsign, by=viewer_for(kept, now=now), now=now, tap=new_tap()
    )
    found: dict[str, Any] = {"ms": {}, "rows": {}}
    for who, key in (
        ("a member", member),
        ("a leader of one team", leader),
        ("a leader of a tenth", chief),
        ("a duty officer", officer),
        ("a duty officer who is kept away from somebody", kept),
    ):
        taken, rows = _look(key, rounds)
        found["ms"][who], found["rows"][who] = taken, rows
    return found


def _somebody(callsign: str, term: teams.Term, role: Role) -> uuid.UUID:
    now, tap = clock.now(), new_tap()
    persons.add_person(name=callsign, callsign=callsign, by=STATION, now=now, tap=tap)
    teams.give_role(
        person_id=tap.entry_id, role=role, term=term, by=STATION, now=now, tap=new_tap()
    )
    return tap.entry_id


def _look(key: uuid.UUID, rounds: int) -> tuple[list[float], int]:
    taken, rows = [], 0
    for _ in range(rounds + 1):
        viewer = viewer_for(key, now=clock.now())
        began = time.perf_counter()
        rows = len(missions.visible_missions(viewer).order_by("due_at", "pk")[:PAGE])
        taken.append(1000 * (time.perf_counter() - began))
    return taken[1:], rows  # the first one makes plans and fills caches
