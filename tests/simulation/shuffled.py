"""Entries of devices that were offline, in order, and shuffled and doubled: the same state.

`python -m tests.simulation.shuffled --entries 10000 --seed 1 [--database postgresql]`: the long
form, on a database of its own. The form of a few hundred is a test.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeby.missions.actions.intake import Batch
    from tests.world import World

MINUTE = dt.timedelta(minutes=1)
OFFLINE = 360
#: What one party of two sends: out, ten check-ins, and back one by one, seven times of ten. A
#: request for more time is left out: it asks a person, and is refused where nobody is out.
OF_A_PARTY = 12.4
GROUP_MOST = 24


@dataclass
class Side:
    """The same parties with the same story, once for each order of arrival."""

    name: str
    world: World
    sent: list[Batch]

    def live(self, parties: int, seed: int) -> Side:
        """Plan the missions, and have the devices keep what they would say."""
        chance = random.Random(seed)
        start = self.world.now
        for number in range(parties):
            self.sent += self._party(number, chance, start)
        return self

    def _party(self, number: int, chance: random.Random, start: dt.datetime) -> Iterator[Batch]:
        from homeby.people.rules import Act
        from tests.rooms.devices import phone_of

        world, who = self.world, (f"{self.name}{number}a", f"{self.name}{number}b")
        for one in who:
            world.add(one, reachable=False)
        due_minutes = OFFLINE + chance.randrange(60, 300)
        mission = world.plan(*who, due_minutes=due_minutes, what=f"{self.name} {number}")
        keys = [phone_of(world, one).key for one in who]
        ids = tuple(world.people[one] for one in who)
        out = chance.randrange(1, 30)

        def said(key: str, act: Act, minute: int, **more: Any) -> Batch:
            at = start + minute * MINUTE
            return _batch(key, act, at=at, now=world.now, mission_id=mission.pk, **more)

        yield said(keys[0], Act.SIGN_OUT, out, person_ids=ids)
        minutes = sorted(chance.sample(range(out + 1, OFFLINE - 60), 10))
        for minute in minutes:
            yield said(chance.choice(keys), Act.CHECK_IN, minute)
        back = chance.sample(range(OFFLINE - 59, OFFLINE), 2)
        for key, minute in zip(keys, back, strict=True):
            if chance.random() < 0.7:
                yield said(key, Act.SIGN_IN, minute)

    def arrive(self, now: dt.datetime, chance: random.Random | None = None) -> int:
        """Everything arrives now: in order, or by `chance` shuffled and doubled, in groups that
        share a commit. Gives how many were sent."""
        from dataclasses import replace

        from homeby.missions.actions.intake import take

        sent = [replace(one, now=now) for one in self.sent]
        if chance is not None:
            sent = [*sent, *sent]
            chance.shuffle(sent)
        done = 0
        while done < len(sent):
            size = chance.randrange(1, GROUP_MOST) if chance else 1
            for result in take(sent[done : done + size]):
                assert isinstance(result, list), result
            done += size
        return len(sent)

    def state(self) -> dict[str, Any]:
        """What is true now of these parties, without ids. When a party was last heard matters only
        while it is out; of one that is back, it says which of two was quicker at the gate."""
        from homeby.missions.models import Mission, PartyMember, Unmatched
        from homeby.watch.models import Alarm, Deadline

        found: dict[str, Any] = {}
        for one in Mission.objects.filter(what__startswith=f"{self.name} "):
            party = PartyMember.objects.filter(mission=one).select_related("person")
            about = {"subject__ref": one.ref}
            found[one.what.partition(" ")[2]] = [
                (one.state, one.out_at, one.back_at, one.due_at, one.call_out_at),
                one.heard_at if one.state == "OUT" else None,
                sorted((m.person.name[-9:], m.state, m.out_at, m.back_at) for m in party),
                sorted(
                    Deadline.objects.filter(state="OPEN", **about).values_list("kind", "due_at")
                ),
                sorted(Alarm.objects.filter(**about).values_list("state", "phase")),
                Unmatched.objects.filter(mission_id=one.pk, settled_at=None).count(),
            ]
        return found


def _batch(key: str, act: Any, *, at: dt.datetime, now: dt.datetime, **more: Any) -> Batch:
    from homeby.missions.actions.intake import Batch
    from homeby.missions.rules.intake import Claim
    from homeby.people.rules import hash_of

    claim = Claim(entry_id=uuid.uuid4(), act=act, happened_at=at, **more)
    return Batch(claims=(claim,), key_hash=hash_of(key), language="en", now=now)


def both_orders(world: World, *, parties: int, seed: int) -> tuple[Any, Any, int]:
    """The state after the entries in order, the state after them shuffled and doubled, and how
    many the second side sent."""
    sides = [Side(name, world, []).live(parties, seed) for name in ("A", "B")]
    now = world.now + OFFLINE * MINUTE
    sides[0].arrive(now)
    sent = sides[1].arrive(now, random.Random(seed))
    return sides[0].state(), sides[1].state(), sent


def main() -> None:
    """The long form."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.shuffled")
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.here:
        _here(words)
        return
    from tests.simulation.apart import run_apart

    sys.exit(run_apart("tests.simulation.shuffled", *sys.argv[1:], database=words.database))


def _here(words: argparse.Namespace) -> None:
    import django

    django.setup()
    from homeby.logbook.verification import verify
    from homeby.settings import current
    from homeby.station import start
    from tests.world import World

    start.prepare(settings=current())
    begun = time.monotonic()
    parties = max(1, round(words.entries / OF_A_PARTY))
    first, second, sent = both_orders(World().build(), parties=parties, seed=words.seed)
    differ = [key for key in first if first[key] != second[key]]
    for key in differ[:3]:
        print(key, first[key], second[key], sep="\n  ")
    difference = verify().difference
    print(
        f"{len(first)} parties, {sent // 2} entries, sent twice and shuffled (seed {words.seed}): "
        f"{len(differ)} parties differ; the logbook "
        + ("agrees" if difference is None else f"differs: {difference}")
        + f"; {time.monotonic() - begun:.0f} s"
    )
    sys.exit(1 if differ or difference else 0)


if __name__ == "__main__":
    main()
