"""Which missions look different on the board after some entries: read from what the entries say
they changed, row by row, so that no kind of entry must be known here."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable

from homeby.logbook.queries import Recorded
from homeby.missions.models import Extension, PartyMember
from homeby.missions.rules import MemberState
from homeby.watch.queries.touched import refs_touched

MISSION_REF = "mission:"
#: The tables that a row of the board is made of.
ON_THE_BOARD = frozenset(
    {
        "missions.mission",
        "missions.partymember",
        "missions.extension",
        "watch.alarm",
        "watch.deadline",
        "people.person",
    }
)


def missions_touched(entries: Iterable[Recorded]) -> set[uuid.UUID] | None:
    """The missions whose row of the board these entries may have changed; None where one of them no
    longer says what it changed (its body was erased), or where a special unit has. At most four
    queries."""
    keys: dict[str, set[uuid.UUID]] = defaultdict(set)
    refs: set[str] = set()
    for entry in entries:
        if entry.body is None:
            return None
        body = json.loads(entry.body)
        refs.add(body["entry"]["subject"])
        for _change, table, key, _values in body["rows"]:
            if table == "missions.missionunit":
                return None  # whose missions are whose to see may be otherwise
            if table in ON_THE_BOARD:
                keys[table].add(uuid.UUID(key))
    refs |= refs_touched(
        alarm_ids=keys["watch.alarm"],
        deadline_ids=keys["watch.deadline"],
        person_ids=keys["people.person"],
    )
    # "mission:<id>", or "mission:<id>/approval" where an entry is about one matter of it
    named = {
        ref.partition("/")[0].removeprefix(MISSION_REF)
        for ref in refs
        if ref.startswith(MISSION_REF)
    }
    return keys["missions.mission"] | {uuid.UUID(key) for key in named} | _of_their_rows(keys)


def _of_their_rows(keys: dict[str, set[uuid.UUID]]) -> set[uuid.UUID]:
    found: set[uuid.UUID] = set()
    if members := keys["missions.partymember"]:
        rows = PartyMember.objects.filter(pk__in=members)
        found.update(rows.values_list("mission_id", flat=True))
    if asked := keys["missions.extension"]:
        extensions = Extension.objects.filter(pk__in=asked)
        found.update(extensions.values_list("mission_id", flat=True))
    if people := keys["people.person"]:
        out = PartyMember.objects.filter(person_id__in=people, state=MemberState.OUT)
        found.update(out.values_list("mission_id", flat=True))
    return found
