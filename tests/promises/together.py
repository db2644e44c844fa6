"""Several copies of one tap in the same instant, and people who act while messages go out: real
transactions on a database of its own. `python -m tests.promises.together` prints what came of it.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.world import World

COPIES = 4
SENT_AGAIN = 5
PARTIES = 12


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    """What several calls give that begin in the same instant; a failure as its text."""
    from django.db import connection

    calls, given = list(calls), []
    barrier = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            given.append(call())
        except Exception as trouble:  # noqa: BLE001 - its text is what we are after
            given.append(repr(trouble))
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def copies(world: World) -> dict[str, Any]:
    """Each act of a short mission, four times at once under one id."""
    from homeby.logbook.models import Entry
    from homeby.logbook.rules import Tap, new_tap
    from homeby.missions.actions import gate
    from homeby.people.rules import STATION
    from homeby.watch import queries
    from homeby.watch.actions import alarms
    from tests.promises.acts import pass_time

    mission = world.plan("agent", due_minutes=60)
    guard, head, agent = world.as_("guard"), world.as_("head"), [world.people["agent"]]
    at, answers, entries = gate.AtGate(gate_id=world.gate_id), {}, {}

    def out(tap: Tap) -> str:
        return gate.sign_out(
            mission_id=mission.pk, person_ids=agent, at=at, by=guard, now=world.now, tap=tap
        )

    def check(tap: Tap) -> str:
        return gate.check_in(mission_id=mission.pk, by=guard, now=world.now, tap=tap)

    def take(tap: Tap) -> str:
        return alarms.acknowledge(alarm_id=alarms_open[0], by=head, now=world.now, tap=tap)

    def back(tap: Tap) -> str:
        return gate.sign_in(person_ids=agent, at=at, by=guard, now=world.now, tap=tap)

    acts = {"sign out": out, "check in": check, "take": take, "sign in": back}
    for name, act in acts.items():
        pass_time(world, minutes=122 if name == "take" else 1)
        alarms_open = [alarm.pk for alarm in queries.open_alarms(STATION)]
        tap = new_tap()
        answers[name] = at_once([lambda act=act, tap=tap: act(tap)] * COPIES)  # type: ignore[misc]
        entries[name] = Entry.objects.filter(entry_id=tap.entry_id).count()
    return {"answers": answers, "entries": entries}


def door(world: World) -> dict[str, Any]:
    """What a phone and an unknown device say, four times at once under the same ids and in either
    order: how each copy was taken, and how many entries there are of it."""
    from homeby.logbook.models import Entry
    from homeby.missions.actions.intake import Batch, Trouble, take
    from homeby.people.rules import Act, hash_of
    from tests.promises.acts import pass_time
    from tests.rooms.devices import claim, phone_of

    def sent(order: list[Batch]) -> list[Any]:
        """As devices do: what the database had no time for is sent again."""
        for _ in range(SENT_AGAIN):
            results = take(order)
            if not any(isinstance(one, Trouble) for one in results):
                break
        return results

    mission, key, found = world.plan("agent", due_minutes=600), phone_of(world, "agent").key, {}
    unknown = Entry.objects.filter(device="unknown")
    for act in (Act.SIGN_OUT, Act.CHECK_IN, Act.HELP, Act.SIGN_IN):
        pass_time(world, minutes=1)
        ours, other, before = claim(act, mission_id=mission.pk), claim(act), unknown.count()
        both = [
            Batch(claims=(one,), key_hash=hash_of(by), language="en", now=world.now)
            for one, by in ((ours, key), (other, "no key"))
        ]
        orders = [both, both[::-1]] * (COPIES // 2)
        results = at_once([partial(sent, order) for order in orders])
        found[act.value] = {
            "trouble": [one for one in results if isinstance(one, str)],
            "answers": [
                _counts(batch) for one in results if isinstance(one, list) for batch in one
            ],
            "entries": [
                Entry.objects.filter(entry_id=ours.entry_id).count(),
                unknown.count() - before,
            ],
        }
    return found


def _counts(result: Any) -> str:
    """How the one entry of a batch counts in the end, whether it was the first copy or not."""
    (answer,) = result
    return str((answer.first or answer.taken).value)


def overdue_parties(world: World) -> list[Any]:
    """Twelve people who went out, and the alarms of all of them."""
    from homeby.people.rules import STATION
    from homeby.watch import queries
    from homeby.watch.actions.tick import tick

    for number in range(PARTIES):
        world.add(f"walker{number}", reachable=False)
        world.send_out(f"walker{number}", due_minutes=30)
    world.now += dt.timedelta(minutes=60)
    tick(now=world.now)
    world.now += dt.timedelta(minutes=60)
    return [alarm.pk for alarm in queries.open_alarms(STATION)]


def watch_on(world: World) -> None:
    """The watch judges and the outbox tries in vain, for ten minutes."""
    from homeby.comms import channels
    from homeby.comms.actions.deliver import deliver
    from homeby.watch.actions.tick import tick

    def busy(_channel: str, _outgoing: channels.Outgoing) -> channels.Result:
        return channels.Refused(sentence="Busy.", permanent=False)

    for minutes in range(10):
        now = world.now + dt.timedelta(minutes=minutes)
        tick(now=now)
        deliver(now=now, send=busy)


def people_and_outbox(world: World) -> list[str]:
    """Alarms are taken and people come home while the watch judges and the outbox delivers; what
    went wrong, as text."""
    from homeby.logbook.rules import new_tap
    from homeby.watch.actions import alarms

    open_ones = overdue_parties(world)
    head = world.as_("head")

    def takes() -> None:
        for key in open_ones:
            alarms.acknowledge(alarm_id=key, by=head, now=world.now, tap=new_tap())

    def comes_home() -> None:
        for number in range(0, PARTIES, 2):
            world.sign_in(f"walker{number}")

    given = at_once([lambda: watch_on(world), takes, comes_home])
    over = "is over already"  # whoever came home first
    return [str(one) for one in given if one is not None and over not in str(one)]


def main() -> None:
    """Build the village by real commits, do everything, print it."""
    from homeby.logbook.verification import verify
    from homeby.settings import current
    from homeby.station import start
    from tests.world import World

    start.prepare(settings=current())
    found = copies(World().build())
    found["door"] = door(_again(World(now=dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC))))
    world = World(now=dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC))
    found["trouble"] = people_and_outbox(_again(world))
    json.dump(found | {"difference": verify().difference}, sys.stdout)


def _again(world: World) -> World:
    """The village as it stands already, a day later."""
    from homeby.missions.models import Gate
    from homeby.people.models import Person

    for person in Person.objects.all():
        world.people[person.name.removesuffix(" by name")] = person.pk
    world.gate_id = Gate.objects.get().pk
    return world


if __name__ == "__main__":
    import django

    django.setup()
    main()
