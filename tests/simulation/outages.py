"""P7, judged by what the provider took: after an outage the blind period is said, each party named
once to a person, and nobody gets more than three messages of it in five minutes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from homeby.watch.models import Outage
from tests.simulation.provider import Receipt

if TYPE_CHECKING:
    from tests.simulation.outings import Outing
    from tests.simulation.world_simulator import Simulation

SHORTEST_OUTAGE = dt.timedelta(minutes=2)
CATCH_UP = dt.timedelta(minutes=5)
LEASE = dt.timedelta(seconds=35)
DOORS = dt.timedelta(seconds=60)
SAID = "The watch was blind"
MOST_MESSAGES = 3


def after_an_outage(world: Simulation, began: dt.datetime, ended: dt.datetime) -> Iterator[str]:
    """What is wrong, in sentences. Who was killed or refused meanwhile is left to P1."""
    noted = Outage.objects.filter(to_at__gte=ended - world.skew * 2, from_at__lte=ended)
    undisturbed = not any(ended <= at <= world.now for at, _seconds in world.disturbances)
    undisturbed &= not any(ended - CATCH_UP <= at <= world.now for at in world.provider.changes)
    if not undisturbed or any(mode != "works" for mode in world.provider.modes.values()):
        return
    if not noted.exists():
        yield f"nobody noted that the watch was blind since {began:%d %H:%M:%S}."
    late = [one for one in world.provider.receipts if one.at >= ended and SAID in one.outgoing.text]
    count = Counter(address for address, _key in {(one.address, one.key) for one in late})
    for address, messages in count.items():
        if messages > MOST_MESSAGES:
            yield f"{address} got {messages} messages after the outage."
    for outing in world.outings:
        if outing.is_out and _was_missed(outing, began, ended):
            yield from _was_told(world, outing, ended)


def _was_missed(outing: Outing, began: dt.datetime, ended: dt.datetime) -> bool:
    """Whether help was to be called in the outage, and nobody acted about it before."""
    quiet = outing.taken_at is None and outing.held_at is None and not outing.person_ended_at
    return quiet and any(began < one.due_at and one.call_out_at < ended for one in outing.active())


def _was_told(world: Simulation, outing: Outing, ended: dt.datetime) -> Iterator[str]:
    told: list[Receipt] = world.provider.told.get(outing.alarm or "", [])
    since = [one for one in told if one.at >= ended]
    if not since:
        yield f"nobody was told of {outing.name} after the outage."
    elif SAID not in since[0].outgoing.text:
        yield f"{since[0].address} was told of {outing.name} and not that the watch was blind."
    elif since[0].at > ended + dt.timedelta(seconds=60) + world.skew:
        yield f"{outing.name} was past its call-out time and told at {since[0].at:%H:%M:%S} only."
    said = {(one.address, one.key) for one in since if SAID in one.outgoing.text}
    again = Counter(address for address, _key in said)  # a repetition has the same key
    for address, times in again.items():
        if times > 1:
            yield f"{address} was told {times} times of {outing.name} after the outage."


def seen_until(world: Simulation, at: dt.datetime) -> dt.datetime:
    """Until when the watch has seen what happened before then: it may have been blind, and the
    doors have their minute before it goes on."""
    seen = at - DOORS - world.skew
    blind = [began for began, ended in world.unwatched if ended is None or ended >= seen]
    return min([at, *blind])


def comes_again(world: Simulation, receipt: Receipt) -> bool:
    """Whether it was handed before by a watchkeeper that was killed before noting it; the next one
    hands it again when the lease of the first is over."""
    told = world.provider.told.get(receipt.alarm, [])
    handed = [one.at for one in told if (one.key, one.address) == (receipt.key, receipt.address)]
    killed = [at for at, _seconds in world.disturbances if at >= receipt.at - 2 * LEASE]
    return len(handed) > 1 and any(handed[0] <= at + world.skew for at in killed)
