"""10,000 entries in order, and shuffled and doubled: the same state.

`python -m tests.simulation.any_order --entries 10000 --seed 1 [--database postgresql]`. The same
plan stands in a fresh station twice. Once what the devices said arrives in order, one entry at a
time; once by another seed in any order, everything twice, in batches of any size, many of them at
the same time, and a part of the answers lost. Both go by the real door (`Intake`, its desk, its
commits). The form of a few hundred is a test.

Equal must be of each mission: its state, when it left and came back, its times, each of its party,
when it was last heard, each check-in once, what the watch waits for, its open alarms, what fits
nothing, what is unverified. The order of arrival decides where nobody could know better:

- HELP rings whenever it comes. After the return it opens an alarm that a person ends; before it,
  the return has ended it. So there may be more alarms of missions that asked for HELP, never fewer.
- A request for more time asks people about somebody who is out. Before the sign-out, after the
  return it is refused, with a sentence; it never moves a time.
- Somebody went out twice, and a tablet says "back" or "fine" of them with no mission: it is of the
  outing that is known by then. Nobody may be out in order and not out otherwise, and no time moves.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeby.web.intake.entries import Intake
    from tests.simulation.arrivals import Arrivals, Teller

LOST_SHARE = 0.05
AT_ONCE_MOST = 30


class Line:
    """The line to one intake: batches go in, and what was answered is counted."""

    def __init__(self, world: Arrivals) -> None:
        from django.db import connection

        from homeby import clock
        from homeby.web.intake.desk import desk_for
        from homeby.web.intake.entries import Intake

        clock.now = lambda: world.heard_at
        self._at = world.heard_at
        self.desk = desk_for(vendor=connection.vendor)
        self.intake: Intake = Intake(desk=self.desk)
        self.taken: Counter[str] = Counter()
        self.sent = 0
        self.lost = 0

    async def send(self, teller: Teller, entries: list[dict[str, Any]], *, lost: bool) -> None:
        """One batch; where its answer is `lost`, the device sends it again."""
        from tests.rooms.asgi_client import Call
        from tests.simulation.arrivals import MINUTE

        shown = self._at + teller.wrong_minutes * MINUTE
        body = json.dumps({"sent_at": shown.isoformat(), "entries": entries}).encode()
        headers = [(b"content-type", b"application/json")]
        if teller.key:
            headers.append((b"authorization", f"Bearer {teller.key}".encode()))
        self.sent += len(entries)
        about: dict[str, Any] = {"method": "POST", "headers": headers, "body": [body]}
        if lost:
            self.lost += 1
            with contextlib.suppress(OSError):
                await Call("/intake/v1/entries", fails_after=0, **about).to(self.intake)
            await self.send(teller, entries, lost=False)
            return
        call = await Call("/intake/v1/entries", **about).to(self.intake)
        assert call.status == 200, (call.status, call.text)
        self.taken.update(line["taken"] for line in call.json["answers"])

    def close(self) -> None:
        """Nothing waits any more, and no thread holds the database."""
        self.intake.close()
        for thread in self.desk._threads:
            thread.join(30)


def arrive(world: Arrivals, chance: random.Random | None) -> Line:
    """Everything arrives: in order, or by `chance` in any order."""
    from tests.simulation.arrivals import in_order, shuffled

    line = Line(world)

    async def all_of_it() -> None:
        if chance is None:
            for teller, entries in in_order(world.told):
                await line.send(teller, entries, lost=False)
            return
        batches = list(shuffled(world.told, chance))
        while batches:
            size = chance.randrange(1, AT_ONCE_MOST)
            group, batches = batches[:size], batches[size:]
            sent = [line.send(*one, lost=chance.random() < LOST_SHARE) for one in group]
            await asyncio.gather(*sent)

    asyncio.run(all_of_it())
    line.close()
    return line


# --- the state ------------------------------------------------------------------------------------


def state() -> dict[str, dict[str, Any]]:
    """What is true of each mission, by its name."""
    from homeby.logbook.models import Entry
    from homeby.missions.models import Mission, PartyMember, Unmatched
    from homeby.watch.models import Alarm, Deadline

    fine: dict[str, list[Any]] = {}
    for subject, at in Entry.objects.filter(kind="MISSION_CHECKED_IN").values_list(
        "subject", "happened_at"
    ):
        fine.setdefault(subject, []).append(at)
    helps = Counter(
        Entry.objects.filter(kind="MISSION_ASKED_FOR_HELP").values_list("subject", flat=True)
    )
    found = {}
    for one in Mission.objects.order_by("pk"):
        party = PartyMember.objects.filter(mission=one)
        about = {"subject__ref": one.ref}
        waiting = Unmatched.objects.filter(settled_at=None)
        people = list(party.values_list("person_id", flat=True))
        found[one.what] = {
            "mission": (one.state, one.out_at, one.back_at),
            "times": (one.due_at, one.call_out_at),
            "heard": one.heard_at if one.state == "OUT" else None,
            "party": sorted(party.values_list("person_id", "state", "out_at", "back_at")),
            "check-ins": sorted(fine.get(one.ref, [])),
            "HELP": helps[one.ref],
            "deadlines": _of(Deadline, ("kind", "due_at", "call_out_at"), state="OPEN", **about),
            "alarms": _of(Alarm, ("kind", "phase"), **about, ended_at=None),
            "unmatched": _rows(waiting.filter(is_unverified=False, person_id__in=people)),
            "unverified": _rows(waiting.filter(is_unverified=True, mission_id=one.pk)),
            "requests": list(one.extensions.values_list("due_at", flat=True)),
        }
    found["strangers"] = {
        "unverified": _rows(Unmatched.objects.filter(is_unverified=True, settled_at=None)),
    }
    return found


def _of(model: Any, columns: tuple[str, ...], **about: Any) -> list[Any]:
    return sorted(model.objects.filter(**about).values_list(*columns))


def _rows(rows: Any) -> list[Any]:
    return sorted(rows.values_list("kind", "happened_at", "is_early"))


def differences(first: dict[str, Any], second: dict[str, Any], twice: set[str]) -> Iterator[str]:
    """A line for each thing that must be equal and is not. `first` is in order."""
    for name, what in first.items():
        other = second[name]
        if name in twice:
            parts = {"times", "HELP", "unverified"}
            gone = _out(what) - _out(other)
            if gone:
                yield f"{name}: out, and nobody knows: {gone}"
        else:
            parts = set(what) - {"requests", *({"alarms"} if what.get("HELP") else ())}
        for part in sorted(parts & set(what)):
            if what[part] != other[part]:
                yield f"{name}: {part}: {what[part]} became {other[part]}"
        if lost := [one for one in what.get("alarms", ()) if one not in other["alarms"]]:
            yield f"{name}: alarms that are lost: {lost}"
        if made := [one for one in other.get("requests", ()) if one not in what["requests"]]:
            yield f"{name}: requests nobody made: {made}"


def _out(what: dict[str, Any]) -> set[Any]:
    return {row[0] for row in what["party"] if row[1] == "OUT"}


def main() -> int:
    """The long form."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.any_order")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--out", type=Path, help="write what was found to this JSON file")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.here:
        return _here(words)
    from tests.simulation.apart import run_apart

    return run_apart("tests.simulation.any_order", *sys.argv[1:], database=words.database)


def _here(words: argparse.Namespace) -> int:
    import django

    django.setup()
    from homeby.logbook.verification import verify
    from tests.simulation.arrivals import OF_A_PARTY, Arrivals
    from tests.simulation.database import FreshStation

    begun = time.monotonic()
    world = Arrivals(parties=max(1, round(words.entries / OF_A_PARTY)), seed=words.seed)
    station = FreshStation(village=world)
    station.build()
    lines, states, logbooks = [], [], []
    for chance in (None, random.Random(words.seed + 1)):
        station.renew()
        lines.append(arrive(world, chance))
        states.append(state())
        logbooks.append(verify().difference)
    differ = list(differences(states[0], states[1], world.twice))
    found = {
        "seed": words.seed,
        "database": words.database,
        "missions": len(states[0]) - 1,
        "still_out": sum(len(_out(one)) > 0 for one in states[0].values() if "party" in one),
        "entries": lines[0].sent,
        "sent_shuffled": lines[1].sent,
        "answers_lost": lines[1].lost,
        "in_order": dict(lines[0].taken),
        "shuffled": dict(lines[1].taken),
        "differences": differ[:50],
        "logbooks": logbooks,
        "seconds": round(time.monotonic() - begun, 1),
    }
    print(json.dumps(found, default=str))
    if words.out:
        words.out.write_text(json.dumps(found, default=str))
    return 1 if differ or any(logbooks) else 0


if __name__ == "__main__":
    sys.exit(main())
