"""`python -m bench.catch_up_station URL PARTIES HOURS`: fill an empty station by the real actions.

A watchkeeper that starts now finds in it what was missed in so many hours without one."""

from __future__ import annotations

import datetime as dt
import sys
import uuid
from typing import TYPE_CHECKING

from bench.catch_up import due_minutes_ago

if TYPE_CHECKING:
    from homeby.people.rules import PersonKind, Role, Viewer
    from homeby.watch.rules import Watch


def build(url: str, parties: int, hours: float) -> None:
    """Whoever holds the watch, an administrator, and so many units out, each reached by webhook."""
    from homeby import clock
    from homeby.people.queries import viewer_for
    from homeby.people.rules import PersonKind, Role
    from homeby.settings import current
    from homeby.station import initialise, start
    from homeby.watch.actions.awake import looked
    from homeby.watch.rules import Watch

    start.prepare(settings=current())
    now = clock.now()
    then = now - dt.timedelta(hours=hours)
    initialise.basics(name="Catch-up", zone="UTC", now=then)
    gates = initialise.site_with_gates(name="Site", zone="UTC", gates=("Gate",), now=then)
    officer = _person("Officer", url, then, Role.DUTY_OFFICER)
    deputy = _person("Deputy", url, then, Role.LEADER)
    _person("Office", url, then, Role.ADMINISTRATOR)
    _hold(Watch(person_id=officer, deputy_id=deputy, from_at=then), then)
    viewer = viewer_for(officer, now=then)
    for number, due in enumerate(due_minutes_ago(parties, hours)):
        unit = _person(f"U{number:04d}", url, then, kind=PersonKind.UNIT)
        _send_out(unit, gates[0], viewer, then, due_at=now - dt.timedelta(minutes=due))
    looked(name="before the outage", real_now=then, machine="before the outage")


def _person(
    name: str, url: str, at: dt.datetime, *roles: Role, kind: PersonKind | None = None
) -> uuid.UUID:
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import contacts, persons, teams
    from homeby.people.rules import STATION, ChannelName, PersonKind

    tap = new_tap()
    persons.add_person(
        name=name, callsign=name, kind=kind or PersonKind.HUMAN, by=STATION, now=at, tap=tap
    )
    for role in roles:
        teams.give_role(person_id=tap.entry_id, role=role, by=STATION, now=at, tap=new_tap())
    contacts.add_contact(
        person_id=tap.entry_id,
        channel=ChannelName.WEBHOOK,
        address=f"{url}?who={name}",
        verified=True,
        by=STATION,
        now=at,
        tap=new_tap(),
    )
    return tap.entry_id


def _hold(watch: Watch, at: dt.datetime) -> None:
    from homeby.logbook.rules import new_tap
    from homeby.people.rules import STATION
    from homeby.watch.actions import bill

    bill.plan_watch(watch=watch, by=STATION, now=at, tap=new_tap())


def _send_out(
    unit: uuid.UUID, gate_id: uuid.UUID, viewer: Viewer, at: dt.datetime, *, due_at: dt.datetime
) -> None:
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions import gate, plan
    from homeby.missions.rules import PlanTimes

    tap = new_tap()
    outing = plan.PlanFields(
        party=(unit,), leader_id=unit, what="Round", zone="UTC", times=PlanTimes(due_at=due_at)
    )
    plan.plan(fields=outing, by=viewer, now=at, tap=tap)
    gate.sign_out(
        mission_id=tap.entry_id,
        person_ids=[unit],
        at=gate.AtGate(gate_id=gate_id),
        by=viewer,
        now=at,
        tap=new_tap(),
    )


if __name__ == "__main__":
    import django

    django.setup()
    build(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
