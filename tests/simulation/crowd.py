"""The people of a world: they plan, leave, check in, ask for time or help, forget, come home."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import TYPE_CHECKING

from homeby.logbook.rules import Tap
from homeby.missions.actions import gate, plan
from homeby.missions.rules import PlanTimes
from tests.simulation.database import WALKERS
from tests.simulation.devices import Devices, minutes
from tests.simulation.outings import HOLD, Outing
from tests.simulation.requests import Requests
from tests.world import ZONE

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation


class Crowd:
    """Everybody who goes out in one world."""

    def __init__(self, world: Simulation, devices: Devices) -> None:
        self._world, self._devices = world, devices
        self._requests = Requests(world, devices)
        self._chance = world.chance
        self._at = gate.AtGate(gate_id=world.village.gate_id)

    # --- going out ------------------------------------------------------------------------------

    def begins(self) -> None:
        """The first outing is planned."""
        self._devices.later(self._world.now, self._somebody_plans)

    def _somebody_plans(self) -> None:
        world = self._world
        busy = {who for outing in world.outings if not outing.is_finished for who in outing.party}
        free = [who for who in WALKERS if who not in busy]
        if free and world.now < world.ends_at:
            self._plans(tuple(free[: self._chance.randint(1, min(3, len(free)))]))
        self._devices.later(
            world.now + dt.timedelta(hours=self._chance.expovariate(1 / world.hours_apart)),
            self._somebody_plans,
        )

    def _plans(self, party: tuple[str, ...]) -> None:
        world, chance = self._world, self._chance
        out_at = world.now + minutes(chance.uniform(1, 30))
        due_at = out_at + minutes(
            chance.choice((30, 90, 240, 600, 2000)) * chance.uniform(0.5, 1.5)
        )
        interval = chance.choice((None, None, 30, 60, 120))
        grace = minutes(chance.choice((0, 5, 30, 60)))
        times = PlanTimes(due_at=due_at, call_out_at=due_at + grace, check_in_minutes=interval)
        people = world.village.people
        fields = plan.PlanFields(
            party=tuple(people[who] for who in party),
            leader_id=people[party[0]],
            what="Round",
            place="North",
            zone=ZONE,
            times=times,
        )
        outing = Outing(
            number=len(world.outings) + 1,
            mission_id=uuid.UUID(int=0),
            party=party,
            due_at=due_at,
            grace=grace,
            check_in_minutes=interval,
            two_must_take=world.two_must_take,
        )

        def act(tap: Tap) -> None:
            outing.mission_id = tap.entry_id
            plan.plan(fields=fields, by=self._devices.viewer("head"), now=world.now, tap=tap)

        def stored(_now: dt.datetime, _: uuid.UUID) -> None:
            world.outings.append(outing)
            world.by_ref[outing.ref] = outing
            self._devices.later(out_at, lambda: self._leaves(outing))

        self._devices.tap(
            f"{outing.name} is planned, due {due_at:%d %H:%M:%S} + {grace}", act, stored
        )

    def _leaves(self, outing: Outing) -> None:
        world = self._world
        if world.is_over:  # the last evening: whoever is at home stays there
            return
        going = [world.village.people[who] for who in outing.party]

        def act(tap: Tap) -> None:
            gate.sign_out(
                mission_id=outing.mission_id,
                person_ids=going,
                at=self._at,
                by=self._devices.viewer("guard"),
                now=world.now,
                tap=tap,
            )

        def stored(now: dt.datetime, _: uuid.UUID) -> None:
            world.checkers.expect(
                outing, outing.signed_out(list(outing.party), happened_at=now, now=now)
            )
            self._lives(outing)

        self._devices.tap(f"{outing.name} signs out", act, stored)

    def _lives(self, outing: Outing) -> None:
        """What will become of them, drawn at the gate."""
        chance, now = self._chance, self._world.now
        length = (outing.due_at - now).total_seconds() / 60
        fate = chance.random()
        if fate < 0.6:
            back_at = now + minutes(max(1.0, length * chance.uniform(0.3, 1.0)))
        elif fate < 0.85:
            back_at = outing.due_at + minutes(chance.uniform(-1, 120))
        else:
            back_at = outing.due_at + minutes(chance.uniform(60, 1500))
        every = outing.check_in_minutes or (length if chance.random() < 0.3 else 0)
        at = now
        while every and len(outing.planned_check_ins) < 20:
            at += minutes(every * chance.uniform(0.5, 1.15))
            if at >= back_at:
                break
            outing.planned_check_ins.append(at)
            self._devices.later(at, lambda: self._checks_in(outing))
        if back_at > outing.due_at and self._devices.maybe(0.3):
            asks_at = outing.due_at + minutes(chance.uniform(-60, 90))
            self._devices.later(asks_at, lambda: self._requests.more_time(outing))
        if self._devices.maybe(0.04):
            self._devices.later(
                now + minutes(length * chance.random()), lambda: self._requests.help(outing)
            )
        self._come_back(outing, back_at)

    def _come_back(self, outing: Outing, back_at: dt.datetime) -> None:
        if len(outing.party) == 1 or self._devices.maybe(0.5):
            self._devices.later(back_at, lambda: self._signs_in(outing, list(outing.party)))
            return
        for who in outing.party:
            at = back_at + minutes(self._chance.uniform(0, 90))
            self._devices.later(at, partial(self._signs_in, outing, [who]))

    # --- out there ------------------------------------------------------------------------------

    def _checks_in(self, outing: Outing) -> None:
        world, made_at = self._world, self._world.now
        claims = self._devices.claims()
        if self._devices.maybe(
            0.15
        ):  # no signal there: it arrives much later, perhaps after newer ones
            claims = made_at
            arrives_at = made_at + minutes(self._chance.expovariate(1 / 60))
        else:
            arrives_at = made_at
        who = self._chance.choice(outing.party)

        def act(tap: Tap) -> None:
            gate.check_in(
                mission_id=outing.mission_id, by=self._devices.viewer(who), now=world.now, tap=tap
            )

        def stored(now: dt.datetime, _: uuid.UUID) -> None:
            new = outing.checked_in(
                happened_at=claims or now,
                now=now,
                event=world.event,
                a_step_since=self._a_step_since_held(outing),
            )
            world.checkers.expect(outing, new)

        label = f"{outing.name} checks in (made {made_at:%H:%M:%S}, claims {claims})"
        self._devices.later(
            arrives_at, lambda: self._devices.tap(label, act, stored, claims=claims)
        )

    def _a_step_since_held(self, outing: Outing) -> bool:
        """Whether a step may have run since "heard" last held one: each is held once. Of a step
        whose messages somebody was quick to take back, only the taking is known; of one that no
        provider took, only that its hold was over."""
        held_at, now = outing.held_at, self._world.now
        if held_at is None or (outing.taken_at is not None and outing.taken_at >= held_at):
            return True
        if now >= held_at + HOLD - self._world.skew:
            return True
        told = self._world.provider.told.get(outing.alarm or "", [])
        return any(receipt.at >= held_at for receipt in told)

    # --- coming home ----------------------------------------------------------------------------

    def _signs_in(self, outing: Outing, people: list[str]) -> None:
        world, village = self._world, self._world.village
        coming = [who for who in people if who in outing.out]
        if not coming:
            return
        if len(coming) > 1 and self._devices.maybe(0.1):
            heads = len(coming) - 1
            self._signs(outing, coming, heads, f"{outing.name}: {heads} heads, {coming} ticked")
        heads = len(coming)
        claims = self._devices.claims()
        self._signs(outing, coming, heads, f"{outing.name}: {', '.join(coming)} sign in", claims)
        if self._devices.maybe(0.05):
            stranger = [village.people["outsider"]]
            self._devices.tap(
                "a stranger signs in",
                lambda tap: gate.sign_in(
                    person_ids=stranger,
                    at=self._at,
                    by=self._devices.viewer("guard"),
                    now=world.now,
                    tap=tap,
                ),
                lambda _now, _key: None,
            )

    def _signs(
        self,
        outing: Outing,
        people: list[str],
        heads: int,
        label: str,
        claims: dt.datetime | None = None,
    ) -> None:
        world = self._world
        ids = [world.village.people[who] for who in people]

        def act(tap: Tap) -> None:
            gate.sign_in(
                person_ids=ids,
                at=self._at,
                heads=heads,
                by=self._devices.viewer("guard"),
                now=world.now,
                tap=tap,
            )

        def stored(now: dt.datetime, _: uuid.UUID) -> None:
            outing.signed_in(people, happened_at=claims or now, now=now, event=world.event)

        self._devices.tap(label, act, stored, claims=claims)

    def comes_home(self) -> None:
        """Everybody who is still out signs in now."""
        for outing in self._world.outings:
            for who in sorted(outing.out):
                self._signs(outing, [who], 1, f"{outing.name}: {who} signs in at last")
