"""Each page of whoever keeps the watch asks for the glasses of which a party is not told yet: those
few are found by themselves, however many were broken in years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection

from homeby.missions.queries.glass import untold_refs
from tests.world import World


def test_those_that_are_not_told_are_found_by_themselves(world: World) -> None:
    head = world.as_("head")
    asked: list[tuple[str, Any]] = []

    def keep(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return run(sql, params, many, context)

    with connection.execute_wrapper(keep):
        assert untold_refs(head) == []
    (query,) = asked
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # else it reads an empty table as it stands
            cursor.execute("SET LOCAL enable_seqscan = off")
        how = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{how} {query[0]}", query[1])
        plan = str(cursor.fetchall())
    assert "glass_untold" in plan
