"""Fills a station with everything that people do: every act that is repeated in the promises, done
once, in a process of its own (`python -m tests.filled`, with the station's own variables)."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from typing import TYPE_CHECKING

import django
from django.db import Error, transaction

if TYPE_CHECKING:
    from tests.world import World

#: Pauses need a station without alarms; what takes a role from somebody comes last.
ORDER = ("watch.pausing.", "missions.", "watch.", "comms.")
OFFICE = "office"  # the log-in name of an administrator of a filled station


def fill() -> None:
    """The acts in the village of the tests; at the end two are out, and do not come."""
    from homeby import clock
    from homeby.database import versions
    from homeby.logbook.rules import Refused, new_tap
    from homeby.people.actions import accounts, teams
    from homeby.people.rules import STATION, Role
    from homeby.settings import current
    from homeby.station import live
    from tests.promises.acts import pass_time

    versions.bring_up_to_date(home=current().home)
    live.look(home=current().home, now=clock.now())
    world = acts()
    by_the_station(world)
    with contextlib.suppress(Refused):  # one of the acts may have taken it from her
        teams.give_role(
            person_id=world.people["admin"],
            role=Role.ADMINISTRATOR,
            by=STATION,
            now=world.now,
            tap=new_tap(),
        )
    accounts.open_account(
        person_id=world.people["admin"],
        login=OFFICE,
        password=None,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=62)


def acts() -> World:
    """Every act that can be done after the others; each in its own cast where it needs one."""
    from homeby.logbook.rules import Refused, new_tap
    from tests.promises.repeating import ACTS
    from tests.world import World

    world = World().build()
    last = len(ORDER)
    # A partner station comes by a pairing with another one; its row alone is none.
    names = [name for name in ACTS if "partner" not in name]
    ranks = {name: next((n for n, of in enumerate(ORDER) if of in name), last) for name in names}
    for count, name in enumerate(sorted(names, key=lambda name: (ranks[name], name))):
        # What needs a world of its own is left out: a row that must be the only one, a name.
        left_out = contextlib.suppress(Refused, Error, ValueError, LookupError, _several())
        with left_out, transaction.atomic():
            ACTS[name](world)(new_tap())
        _everybody_home(world)
        world.now += dt.timedelta(minutes=5)
        for who in ("agent", "mate", "outsider"):
            world.add(who, callsign=f"{who} {count}") if count % 16 == 15 else None
    return world


def by_the_station(world: World) -> None:
    """What nobody taps: a body that was erased, the canary, weekly tests, being called a copy."""
    from homeby.logbook import actions as logbook
    from homeby.logbook.models import Entry
    from homeby.watch.actions import canary, live_tests
    from tests.promises.acts import pass_time

    old = Entry.objects.filter(kind="MISSION_CHECKED_IN").order_by("number")[0]
    logbook.erase(number=old.number, reason="She asked.", by=world.people["admin"], now=world.now)
    canary.set_out(now=world.now)
    live_tests.set_out(now=world.now)
    pass_time(world, minutes=12)
    logbook.quarantine(why="It lay elsewhere.", here="there", now=world.now)
    logbook.confirm_live(here="here", by=None, now=world.now)


def _several() -> type[Exception]:
    from django.core.exceptions import MultipleObjectsReturned

    return MultipleObjectsReturned


def _everybody_home(world: World) -> None:
    """Nobody is out, and no alarm is open, so that the next act finds what it needs."""
    from homeby.logbook.rules import Refused, new_tap
    from homeby.missions.actions import gate
    from homeby.missions.models import PartyMember
    from homeby.missions.rules import MemberState
    from homeby.people.rules import STATION
    from homeby.watch import queries as watch
    from homeby.watch.actions import alarms

    out = PartyMember.objects.filter(state=MemberState.OUT).values_list("person_id", flat=True)
    if ids := list(out.distinct()):
        at = gate.AtGate(gate_id=world.gate_id)
        gate.sign_in(
            person_ids=ids,
            at=at,
            heads=len(ids),
            by=world.as_("guard"),
            now=world.now,
            tap=new_tap(),
        )
    for alarm in watch.open_alarms(STATION):
        with contextlib.suppress(Refused):  # one that asks for two, or for whoever holds it
            alarms.stand_down(
                alarm_id=alarm.pk,
                reason="Seen at the gate.",
                by=world.as_("head"),
                now=world.now,
                tap=new_tap(),
            )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    django.setup()
    fill()
