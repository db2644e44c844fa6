"""The process side of the kill test: `python -m tests.promises.killing build|keep …`.

`build URL COUNT` fills an empty station: COUNT missions, half of them overdue for a minute, the
others one after the other from now on, and one duty officer reached by webhook at URL. `keep SEED
SECONDS` starts a watchkeeper again and again, kills it with SIGKILL after 20 ms to 1 s, for so many
seconds; then it lets one live until it is told to stop by the end of its standard input. Each
watchkeeper is forked, so none loses time starting.
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


def build(url: str, count: int) -> None:
    """Fill the station by the real actions, two hours ago by their clock."""
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions import gate, plan
    from homeby.missions.rules import PlanTimes
    from homeby.people.actions import contacts, persons, teams
    from homeby.people.queries import viewer_for
    from homeby.people.rules import STATION, ChannelName, PersonKind, Role
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
    contacts.add_contact(
        person_id=officer,
        channel=ChannelName.WEBHOOK,
        address=url,
        verified=True,
        by=STATION,
        now=now,
        tap=new_tap(),
    )
    watch = Watch(person_id=officer, deputy_id=deputy, from_at=now)
    bill.plan_watch(watch=watch, by=STATION, now=now, tap=new_tap())
    viewer = viewer_for(officer, now=now)
    overdue_at = clock.now() - dt.timedelta(minutes=1)
    for number in range(count):
        due_at = overdue_at + _later(number - count // 2)
        unit = person(f"U{number:03d}", kind=PersonKind.UNIT)
        tap = new_tap()
        fields = plan.PlanFields(
            party=(unit,),
            leader_id=unit,
            what=f"Round {number}",
            zone="UTC",
            times=PlanTimes(due_at=due_at),
        )
        plan.plan(fields=fields, by=viewer, now=now, tap=tap)
        gate.sign_out(
            mission_id=tap.entry_id,
            person_ids=[unit],
            at=gate.AtGate(gate_id=gates[0]),
            by=viewer,
            now=now,
            tap=new_tap(),
        )


def _later(number: int) -> dt.timedelta:
    """Half of them at once, the others one after the other."""
    return dt.timedelta(minutes=1, seconds=number * 0.2) if number > 0 else dt.timedelta()


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
