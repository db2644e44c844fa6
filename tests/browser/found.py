"""`python -m tests.browser.found`: fills a station that `homeby init` has founded.

A process of its own, because browser tests hold no ORM: Playwright's loop runs in their thread.
With the word `carts` it also gives each of some vehicles a mission that waits at the gate.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import uuid
from typing import TYPE_CHECKING, Any

from tests.browser import cast

if TYPE_CHECKING:
    from homeby.missions.actions.plan import PlanFields


def _people(now: dt.datetime) -> None:
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import accounts, contacts, kin, persons, teams
    from homeby.people.rules import STATION, ChannelName, MayKnow, Role

    team = new_tap()
    teams.add_team(name="Night squad", by=STATION, now=now, tap=team)
    for member in cast.MEMBERS:
        tap = new_tap()
        persons.add_person(name=member.name, callsign=member.callsign, by=STATION, now=now, tap=tap)
        who: dict[str, Any] = {"person_id": tap.entry_id, "by": STATION, "now": now}
        for role in member.roles:
            teams.give_role(role=Role(role), **who, tap=new_tap())
        accounts.open_account(login=member.login, password=cast.PASSWORD, **who, tap=new_tap())
        contacts.add_contact(
            channel=ChannelName.EMAIL, address=member.email, verified=True, **who, tap=new_tap()
        )
        if member in (cast.FOX, cast.OWL):
            teams.join_team(team_id=team.entry_id, **who, tap=new_tap())
        if member is cast.FOX:
            fields = kin.KinFields(
                name="Ino Yamanaka", address=cast.KIN_EMAIL, may_know=MayKnow.OUT_AND_DUE
            )
            kin.name_kin(kin=fields, **who, tap=new_tap())


def _carts(now: dt.datetime) -> None:
    from homeby.logbook.rules import new_tap
    from homeby.missions.actions import plan
    from homeby.people.actions import persons
    from homeby.people.rules import STATION, PersonKind

    for number in range(1, cast.CARTS + 1):
        tap = new_tap()
        name = cast.cart(number)
        persons.add_person(
            name=name, callsign=name, kind=PersonKind.UNIT, by=STATION, now=now, tap=tap
        )
        plan.plan(fields=_errand(tap.entry_id, now), by=STATION, now=now, tap=new_tap())


def _errand(cart_id: uuid.UUID, now: dt.datetime) -> PlanFields:
    from homeby.missions.actions.plan import PlanFields
    from homeby.missions.rules import PlanTimes

    return PlanFields(
        party=(cart_id,),
        leader_id=cart_id,
        what="Errand",
        place="Border post",
        zone=cast.ZONE,
        times=PlanTimes(due_at=now + dt.timedelta(hours=6)),
    )


def main(words: list[str]) -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    from django.db import transaction

    from homeby import clock

    with transaction.atomic():
        now = clock.now()
        _people(now)
        if "carts" in words:
            _carts(now)


if __name__ == "__main__":
    main(sys.argv[1:])
