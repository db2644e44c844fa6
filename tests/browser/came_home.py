"""`python -m tests.browser.came_home`: at a station of the browser tests, a party that came home
and a welfare officer outside it, each with a log-in of her own. Prints the mission's id."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from tests.browser import cast
from tests.browser.cast import Member

AUTHOR = Member(login="hinata", name="Hinata Hyuga", callsign="Lynx")
READER = Member(login="kurenai", name="Kurenai Yuhi", callsign="Heron", roles=("WELFARE_OFFICER",))
FOLLOWER = Member(
    login="asuma", name="Asuma Sarutobi", callsign="Stork", roles=("WELFARE_OFFICER",)
)
WITH_HER = Member(login="shino", name="Shino Aburame", callsign="Moth")


def main() -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        print(_mission())


def _mission() -> Any:
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.missions import queries
    from homeby.missions.actions import gate, plan
    from homeby.missions.rules import PlanTimes
    from homeby.people.models import Account
    from homeby.people.queries import viewer_for
    from homeby.people.rules import STATION

    now = clock.now()
    people = [_person(one, now) for one in (AUTHOR, WITH_HER, READER, FOLLOWER)]
    office = viewer_for(Account.objects.get(login=cast.OFFICE.login).person_id, now=now)
    mission = new_tap()
    fields = plan.PlanFields(
        party=tuple(people[:2]),
        leader_id=people[1],
        what="Herons at the border",
        place="Border post",
        zone=cast.ZONE,
        times=PlanTimes(due_at=now + dt.timedelta(hours=3)),
    )
    plan.plan(fields=fields, by=office, now=now, tap=mission)
    at = gate.AtGate(gate_id=queries.gates(STATION)[0].pk)
    act: dict[str, Any] = {"person_ids": people[:2], "at": at, "by": office, "now": now}
    gate.sign_out(mission_id=mission.entry_id, **act, tap=new_tap())
    gate.sign_in(heads=2, **act, tap=new_tap())
    return mission.entry_id


def _person(member: Member, now: Any) -> Any:
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import accounts, persons, teams
    from homeby.people.rules import STATION, Role

    tap = new_tap()
    persons.add_person(name=member.name, callsign=member.callsign, by=STATION, now=now, tap=tap)
    who: dict[str, Any] = {"person_id": tap.entry_id, "by": STATION, "now": now}
    for role in member.roles:
        teams.give_role(role=Role(role), **who, tap=new_tap())
    accounts.open_account(login=member.login, password=cast.PASSWORD, **who, tap=new_tap())
    return tap.entry_id


if __name__ == "__main__":
    main()
