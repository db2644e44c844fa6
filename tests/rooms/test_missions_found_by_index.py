"""Issue 5: what a member or leader may see among very many missions is found by indexes, each way
of hers (`bench.visible` measures it; here the plan of SQLite is read, as many would have it)."""

from __future__ import annotations

import pytest
from django.db import connection

from homeby.missions import queries as missions
from homeby.people.rules import Role
from tests.world import World


def _as_with_many() -> None:
    """Have SQLite plan as with 200,000 missions, nearly all of no unit."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'missions_mission'")
        for index, stat in (
            ("missions_mission_leader_id%", "200000 1"),
            ("missions_mission_buddy_id%", "200000 1"),
            ("missions_mission_team_id%", "200000 40"),
            ("missions_mission_unit_id%", "200000 200000"),
            ("mission_planned_by", "200000 1"),
            ("mission_assigned_by", "200000 1"),
            ("mission_by_due", "200000 1 1"),
            ("sqlite_autoindex_missions_mission_1", "200000 1"),
        ):
            cursor.execute(
                "INSERT INTO sqlite_stat1 SELECT tbl_name, name, %s FROM sqlite_master"
                " WHERE type = 'index' AND name LIKE %s",
                [stat, index],
            )
        cursor.execute("ANALYZE sqlite_schema")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="it reads a plan of SQLite")
@pytest.mark.parametrize("who", ["agent", "chief"])
def test_no_way_looks_through_every_mission(world: World, who: str) -> None:
    world.send_out("agent", "mate")
    if who == "chief":
        world.add("chief", Role.LEADER)
    _as_with_many()
    seen = missions.visible_missions(world.as_(who)).order_by("due_at", "pk")[:50]
    plan = seen.explain().splitlines()
    scans = [line for line in plan if "SCAN" in line and "missions_mission_1" in line]
    assert len(plan) > 10, "it is a plan"
    assert not scans, "\n".join(plan)
