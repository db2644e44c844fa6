"""`homeby replay`: real records through the real actions, watch and outbox, by a simulated clock.

It runs on a database of its own that is thrown away, so a replay never touches a station. Many taps
share a commit, each in its own savepoint. No grace (call-out = due), one alarm a mission, nobody
acknowledges; after the last record the clock runs on until nothing but repeats is due.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from django.db import transaction

from homeby import clock
from homeby.comms import queries as comms
from homeby.comms.actions.deliver import BATCH as DELIVERY_BATCH
from homeby.comms.actions.deliver import deliver
from homeby.comms.channels import Handed, Outgoing, Result
from homeby.logbook import queries as logbook
from homeby.logbook.rules import Tap, new_tap
from homeby.missions.actions import gate, plan
from homeby.missions.rules import How, PlanTimes
from homeby.people.actions import contacts, persons, teams
from homeby.people.queries import viewer_for
from homeby.people.rules import STATION, ChannelName, PersonKind, Role, Viewer
from homeby.station import initialise
from homeby.station.importing.records import MissionRecord
from homeby.station.replay.figures import Figures, Passing, Way, figures, in_order
from homeby.watch import queries as watch
from homeby.watch import rules
from homeby.watch.actions import bill
from homeby.watch.actions.tick import tick
from homeby.watch.rules import DeadlineKind, Watch

TAPS_A_COMMIT = 200
SAY_EVERY_SECONDS = 2.0
_NAMES = uuid.UUID("6d1f6a52-7a41-4d7e-9c3e-5b2f0e6a9a10")

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a replay found: the records' own figures, and what the real watch made of them."""

    figures: Figures
    alarms: int
    alarms_ended_by_return: int
    messages: int
    rejected: int

    def as_dict(self) -> dict[str, object]:
        """The report's JSON."""
        return asdict(self.figures) | {
            "alarms": self.alarms,
            "alarms_ended_by_return": self.alarms_ended_by_return,
            "messages": self.messages,
            "rejected": self.rejected,
        }

    @property
    def contradiction(self) -> str | None:
        """A sentence when watch and records disagree, which would be a fault of ours."""
        if self.alarms == self.figures.overdue:
            return None
        return (
            f"The records hold {self.figures.overdue} overdue missions, but the watch raised "
            f"{self.alarms} alarms. Please report this with the file."
        )


#: Records tell of returns and of no check-ins, so one alone is asked for none either.
NO_CHECK_INS = replace(initialise.LIMITS, check_in_minutes_solo=1000 * 24 * 60)


@dataclass
class Rehearsal:
    """A throw-away station in which records are replayed."""

    due_after: dt.timedelta
    zone: str
    say: Say
    now: dt.datetime
    keeper: Viewer = field(default_factory=Viewer)
    gate_id: uuid.UUID = field(default_factory=uuid.uuid4)
    next_act: dt.datetime | None = None
    plan: rules.Plan | None = None
    people: dict[str, uuid.UUID] = field(default_factory=dict)

    def build(self) -> None:
        """Organisation, gate, keeper, duty officer and deputy, whose phones take everything."""
        initialise.basics(name="Replay", zone=self.zone, now=self.now, limits=NO_CHECK_INS)
        gates = initialise.site_with_gates(
            name="Replay", zone=self.zone, gates=("Gate",), now=self.now
        )
        self.gate_id = gates[0]
        officer, deputy, keeper = (
            self._watcher(name, role)
            for name, role in (
                ("Duty officer", Role.DUTY_OFFICER),
                ("Deputy", Role.LEADER),
                ("Gate keeper", Role.GATE_KEEPER),
            )
        )
        bill.plan_watch(
            watch=Watch(person_id=officer, deputy_id=deputy, from_at=self.now),
            by=STATION,
            now=self.now,
            tap=new_tap(),
        )
        self.keeper = viewer_for(keeper, now=self.now)

    def _watcher(self, name: str, role: Role) -> uuid.UUID:
        tap = new_tap()
        persons.add_person(name=name, by=STATION, now=self.now, tap=tap)
        teams.give_role(person_id=tap.entry_id, role=role, by=STATION, now=self.now, tap=new_tap())
        contacts.add_contact(
            person_id=tap.entry_id,
            channel=ChannelName.CONSOLE,
            address=name,
            verified=True,
            by=STATION,
            now=self.now,
            tap=new_tap(),
        )
        return tap.entry_id

    def person(self, name: str, kind: PersonKind) -> uuid.UUID:
        """The person or unit of this name, made when first seen."""
        if name not in self.people:
            tap = new_tap()
            is_unit = kind is PersonKind.UNIT
            persons.add_person(
                name=name[:200],
                callsign=name[:60] if is_unit else "",
                kind=kind,
                by=STATION,
                now=self.now,
                tap=tap,
            )
            self.people[name] = tap.entry_id
        return self.people[name]

    def pass_gate(self, passing: Passing) -> None:
        """One departure or return, by the real actions, at its own instant."""
        record = passing.record
        self.now = passing.at
        mission_id = uuid.uuid5(_NAMES, record.key)
        party = [self.person(name, record.subject_kind) for name in record.subjects]
        at = gate.AtGate(gate_id=self.gate_id, how=How.TOLD)
        if passing.way is Way.BACK:
            gate.sign_in(
                person_ids=party,
                mission_id=mission_id,
                heads=len(party),
                at=at,
                by=self.keeper,
                now=self.now,
                tap=new_tap(),
            )
            return
        due_at = record.out_at + self.due_after
        fields = plan.PlanFields(
            party=tuple(party),
            leader_id=party[0],
            what=(record.what or "Mission")[:300],
            place=record.where[:300],
            zone=record.zone,
            times=PlanTimes(due_at=due_at, call_out_at=due_at),
            due_typed=record.due_typed[:100],
            device="as recorded",
        )
        plan.plan(fields=fields, by=self.keeper, now=self.now, tap=Tap(entry_id=mission_id))
        gate.sign_out(
            mission_id=mission_id,
            person_ids=party,
            at=at,
            anyway=True,
            by=self.keeper,
            now=self.now,
            tap=new_tap(),
        )
        self.next_act = min(self.next_act or due_at, self._first_act(due_at))

    def _first_act(self, due_at: dt.datetime) -> dt.datetime:
        times = rules.Times(due_at=due_at, call_out_at=due_at)
        return rules.first_act(self.return_plan(), times, now=self.now)[1]

    def watch_until(self, end: dt.datetime) -> None:
        """Let the watch act on everything due before `end`, each thing at its own instant."""
        while self.next_act is not None and self.next_act < end:
            self.look(self.next_act)

    def look(self, at: dt.datetime) -> None:
        """One look of the watch at an instant, deliveries included."""
        self.now = max(self.now, at)
        for _ in range(50):
            done = tick(now=self.now)
            sent = deliver(now=self.now, send=_take)
            if not (done.more or sent.tried == DELIVERY_BATCH):
                break
        self.next_act = watch.next_act_at()

    def only_repeats_are_left(self) -> bool:
        """Whether nothing is due any more but the last steps of alarms that nobody takes."""
        return watch.only_repeats_are_left(self.return_plan())

    def return_plan(self) -> rules.Plan:
        """The plan by which this replay tells people."""
        if self.plan is None:
            self.plan = watch.default_plan(DeadlineKind.RETURN)
        assert self.plan is not None, "the replay has a plan"
        return self.plan


def _take(channel: str, outgoing: Outgoing) -> Result:
    """The phones of a replay take everything at once."""
    return Handed(provider_ref="replay")


@contextmanager
def _shared_commits() -> Iterator[None]:
    with transaction.atomic():
        yield


def run(
    records: list[MissionRecord], *, due_after: dt.timedelta, rejected: int, say: Say
) -> Report:
    """Replay these records; the database must be an empty one that may be thrown away."""
    passings = in_order(records)
    zone = records[0].zone if records else "UTC"
    start = passings[0].at if passings else dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    rehearsal = Rehearsal(due_after=due_after, zone=zone, say=say, now=start)
    with _shared_commits():
        rehearsal.build()
    _go_through(rehearsal, passings)
    while not rehearsal.only_repeats_are_left():
        with _shared_commits():
            for _ in range(TAPS_A_COMMIT):
                if rehearsal.next_act is None or rehearsal.only_repeats_are_left():
                    break
                rehearsal.look(rehearsal.next_act)
    alarms, ended = watch.alarm_counts()
    return Report(
        figures=figures(records, due_after=due_after),
        alarms=alarms,
        alarms_ended_by_return=ended,
        messages=_messages(),
        rejected=rejected,
    )


def _go_through(rehearsal: Rehearsal, passings: list[Passing]) -> None:
    told = clock.real_now()
    for first in range(0, len(passings), TAPS_A_COMMIT):
        with _shared_commits():
            for passing in passings[first : first + TAPS_A_COMMIT]:
                rehearsal.watch_until(passing.at)
                rehearsal.pass_gate(passing)
        if (clock.real_now() - told).total_seconds() >= SAY_EVERY_SECONDS:
            told = clock.real_now()
            done = min(first + TAPS_A_COMMIT, len(passings))
            shown = passings[done - 1].at.date().isoformat()
            rehearsal.say(f"{done} of {len(passings)} departures and returns, at {shown}")


def _messages() -> int:
    """Messages that could go out, without those of repetitions of a last step."""
    repeats = sum(
        int(step["reached"])
        for facts in logbook.facts_of(rules.ALARM_STEPPED)
        for step in facts.get("steps", [])
        if step["repeat"] > 0
    )
    return comms.messages_made() - repeats
