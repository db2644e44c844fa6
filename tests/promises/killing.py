"""The process side of the kill test: `python -m tests.promises.killing build|keep …`.

`build URL COUNT` fills an empty station: COUNT missions overdue since a minute ago, each party
reached by webhook at URL, and one duty officer, whom a list tells of many. `keep SEED SECONDS`
starts a watchkeeper again and again, kills it with SIGKILL after 20 ms to 1 s, for so many seconds;
then it lets one live until it is told to stop by the end of its standard input. Each watchkeeper is
forked, so none loses time starting.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
import threading
import time
import uuid
from typing import Any


def build(
    url: str, count: int, *, first_due_in_seconds: float = -60, apart_seconds: float = 0
) -> list[dict[str, str]]:
    """Fill the station by the real actions, two hours ago by their clock. Gives each mission with
    who is out on it and when it is due."""
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import persons, teams
    from homeby.people.queries import viewer_for
    from homeby.people.rules import STATION, PersonKind, Role
    from homeby.settings import current
    from homeby.station import initialise, start
    from homeby.watch.actions import bill
    from homeby.watch.rules import Watch

    start.prepare(settings=current())
    now = clock.now() - dt.timedelta(hours=2)
    initialise.basics(name="Kill loop", zone="UTC", now=now)
    gates = initialise.site_with_gates(name="Site", zone="UTC", gates=("Gate",), now=now)

    def person(name: str, *roles: Role, kind: PersonKind = PersonKind.HUMAN) -> uuid.UUID:
        tap = new_tap()
        persons.add_person(name=name, callsign=name, kind=kind, by=STATION, now=now, tap=tap)
        for role in roles:
            teams.give_role(person_id=tap.entry_id, role=role, by=STATION, now=now, tap=new_tap())
        return tap.entry_id

    officer, deputy = person("Officer", Role.DUTY_OFFICER), person("Deputy", Role.LEADER)

    _reached(officer, url, now)
    watch = Watch(person_id=officer, deputy_id=deputy, from_at=now)
    bill.plan_watch(watch=watch, by=STATION, now=now, tap=new_tap())
    _tell_both_at_once(now)
    viewer = viewer_for(officer, now=now)
    first_due_at = clock.now() + dt.timedelta(seconds=first_due_in_seconds)
    made = []
    for number in range(count):
        unit = person(f"U{number:03d}", kind=PersonKind.UNIT)
        _reached(unit, f"{url}?unit={number}", now)
        due_at = first_due_at + dt.timedelta(seconds=apart_seconds * number)
        mission_id = _send_out(unit, due_at, gates[0], by=viewer, now=now)
        mission = {"mission": str(mission_id), "unit": str(unit), "due_at": due_at.isoformat()}
        mission["name"] = f"U{number:03d}"
        made.append(mission | {"gate": str(gates[0]), "officer": str(officer)})
    return made


def _send_out(
    unit: uuid.UUID, due_at: dt.datetime, gate_id: uuid.UUID, *, by: Any, now: dt.datetime
) -> uuid.UUID:
    """A unit goes out."""
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions import gate, plan
    from homeby.missions.rules import PlanTimes

    tap = new_tap()
    fields = plan.PlanFields(
        party=(unit,),
        leader_id=unit,
        what="Round",
        zone="UTC",
        times=PlanTimes(due_at=due_at),
    )
    plan.plan(fields=fields, by=by, now=now, tap=tap)
    at = gate.AtGate(gate_id=gate_id)
    gate.sign_out(mission_id=tap.entry_id, person_ids=[unit], at=at, by=by, now=now, tap=new_tap())
    return tap.entry_id


def _reached(person_id: uuid.UUID, address: str, now: dt.datetime) -> None:
    """Somebody has a webhook from now on."""
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import contacts
    from homeby.people.rules import STATION, ChannelName

    contacts.add_contact(
        person_id=person_id,
        channel=ChannelName.WEBHOOK,
        address=address,
        verified=True,
        by=STATION,
        now=now,
        tap=new_tap(),
    )


def _tell_both_at_once(now: dt.datetime) -> None:
    """The plan: the party and the duty officer in the same step."""
    from homeby.logbook.rules import new_tap
    from homeby.people.rules import STATION
    from homeby.watch.actions import plans
    from homeby.watch.rules import Anchor, DeadlineKind, Step, Target

    first = Step(anchor=Anchor.DUE, offset_minutes=0, targets=(Target.PARTY, Target.DUTY_OFFICER))
    help_ = Step(anchor=Anchor.CALL_OUT, offset_minutes=0, targets=(Target.DUTY_OFFICER,))
    fields = plans.PlanFields(
        name="At once", kind=DeadlineKind.RETURN, steps=(first, help_), is_default=True
    )
    plans.set_plan(plan_id=None, fields=fields, by=STATION, now=now, tap=new_tap())


def _fork_watchkeeper() -> int:
    from django.db import connections

    from homeby.watch import watchkeeper

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            watchkeeper.run(watchkeeper.Keeper(name="killed"))
        finally:
            os._exit(1)
    return child


def keep(seed: int, seconds: float) -> None:
    """Kill, start again, and at last let one live."""
    chance = random.Random(seed)
    kills = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        child = _fork_watchkeeper()
        threading.Event().wait(chance.uniform(0.02, 1.0))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
    sys.stdout.write(f"{kills}\n")
    sys.stdout.flush()
    child = _fork_watchkeeper()
    sys.stdin.read()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


if __name__ == "__main__":
    import django

    django.setup()
    words = sys.argv[1:]
    if words[0] == "build":
        build(words[1], int(words[2]))
    else:
        keep(int(words[1]), float(words[2]))
