"""One cast and one clock for all tests: the village, its people, its watch, and phones that ring.

`World.fast_forward` moves the clock minute by minute and lets the real watch and the real outbox
run; a message ends in the `phone` of whoever it was for. Nothing sleeps.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from homeby.comms import channels
from homeby.comms.actions.deliver import deliver
from homeby.comms.actions.tell import cancel_queued
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Tap, new_tap
from homeby.missions.actions import gate, places, plan
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.actions import contacts, kin, organisation, persons, teams
from homeby.people.models import Person
from homeby.people.queries import OrganisationFacts, viewer_for
from homeby.people.queries import organisation as people_facts
from homeby.people.rules import STATION, ChannelName, MayKnow, Role, Viewer
from homeby.watch import queries as watch
from homeby.watch.actions import bill, plans
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm
from homeby.watch.rules import Anchor, DeadlineKind, Target, Watch
from tests.phones import Received as Received
from tests.phones import step as step

START = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)
ZONE = "Europe/Zurich"


RETURN_STEPS = (
    step(Anchor.DUE, -15, Target.PARTY),
    step(Anchor.DUE, 0, Target.PARTY),
    step(Anchor.DUE, 5, Target.DUTY_OFFICER),
    step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER, Target.LEADER),
    step(Anchor.CALL_OUT, 10, Target.DEPUTY, Target.KIN),
    step(Anchor.CALL_OUT, 20, Target.EVERY_LEADER, Target.DUTY_OFFICER),
)
CHECK_IN_STEPS = (
    step(Anchor.DUE, 0, Target.PARTY),
    step(Anchor.DUE, 5, Target.DUTY_OFFICER),
    step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER, Target.DEPUTY),
)


@dataclass
class World:
    """The village. People by the name tests call them: `agent`, `guard`, `head`, `deputy`,
    `mate` (another of the party), `outsider` (must see nothing)."""

    now: dt.datetime = START
    received: list[Received] = field(default_factory=list)
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    kin_ids: dict[uuid.UUID, str] = field(default_factory=dict)
    refusing: dict[str, channels.Result] = field(default_factory=dict)
    gate_id: uuid.UUID = field(default_factory=uuid.uuid4)
    team_id: uuid.UUID = field(default_factory=uuid.uuid4)

    def build(self) -> World:
        """Fill the database with the village."""
        organisation.set_organisation(
            values=OrganisationFacts(
                name="The village",
                zone=ZONE,
                grace_minutes=60,
                grace_minutes_solo=60,  # as for a party, so that tests need not care;
                grace_minutes_max=240,
                check_in_minutes_solo=24 * 60,  # those of one alone call `strict_alone`
                acknowledge_minutes=20,
                rest_hours=11,
            ),
            by=STATION,
            now=self.now,
            tap=new_tap(),
        )
        self.add("agent", callsign="Fox")
        self.add("mate", callsign="Owl")
        self.add("guard", Role.GATE_KEEPER, callsign="Gate 1")
        self.add("head", Role.LEADER, Role.DUTY_OFFICER, callsign="Head")
        self.add("deputy", Role.LEADER, callsign="Deputy")
        self.add("admin", Role.ADMINISTRATOR, callsign="Office")
        self.add("outsider", callsign="Stranger")
        self._places_and_plans()
        bill.plan_watch(
            watch=Watch(
                person_id=self.people["head"], deputy_id=self.people["deputy"], from_at=self.now
            ),
            by=STATION,
            now=self.now,
            tap=new_tap(),
        )
        return self

    def strict_alone(self) -> None:
        """From now on one alone has half an hour of grace and checks in every two hours."""
        facts = people_facts()
        assert facts is not None
        values = replace(facts, grace_minutes_solo=30, check_in_minutes_solo=120)
        organisation.set_organisation(values=values, by=STATION, now=self.now, tap=new_tap())

    def _places_and_plans(self) -> None:
        site, door, team = new_tap(), new_tap(), new_tap()
        places.add_site(name="Village", zone=ZONE, by=STATION, now=self.now, tap=site)
        places.add_gate(
            site_id=site.entry_id, name="Green gate", by=STATION, now=self.now, tap=door
        )
        teams.add_team(name="Team 7", by=STATION, now=self.now, tap=team)
        self.gate_id, self.team_id = door.entry_id, team.entry_id
        for name, kind, steps in (
            ("Return", DeadlineKind.RETURN, RETURN_STEPS),
            ("Check-in", DeadlineKind.CHECK_IN, CHECK_IN_STEPS),
        ):
            fields = plans.PlanFields(name=name, kind=kind, steps=steps, is_default=True)
            plans.set_plan(plan_id=None, fields=fields, by=STATION, now=self.now, tap=new_tap())

    def add(self, who: str, *roles: Role, callsign: str = "", reachable: bool = True) -> uuid.UUID:
        """A person with roles and a verified phone."""
        tap = new_tap()
        persons.add_person(
            name=f"{who} by name", callsign=callsign or who, by=STATION, now=self.now, tap=tap
        )
        self.people[who] = tap.entry_id
        for role in roles:
            teams.give_role(
                person_id=tap.entry_id, role=role, by=STATION, now=self.now, tap=new_tap()
            )
        if reachable:
            self.give_phone(who)
        return tap.entry_id

    def give_phone(self, who: str, *, verified: bool = True) -> uuid.UUID:
        """One more contact point; its address is the name tests call the person."""
        tap = new_tap()
        contacts.add_contact(
            person_id=self.people[who],
            channel=ChannelName.CONSOLE,
            address=who,
            verified=verified,
            by=STATION,
            now=self.now,
            tap=tap,
        )
        return tap.entry_id

    def give_kin(
        self,
        who: str,
        name: str,
        may_know: MayKnow = MayKnow.BACK_OR_LATE,
        *,
        looks_in: bool = False,
    ) -> uuid.UUID:
        """Somebody who waits at home; their phone is called `name`."""
        tap = new_tap()
        told: Any = {"may_know": may_know, "looks_in": looks_in}
        kin.name_kin(
            person_id=self.people[who],
            kin=kin.KinFields(name=name, channel=ChannelName.CONSOLE, address=name, **told),
            by=STATION,
            now=self.now,
            tap=tap,
        )
        return tap.entry_id

    def as_(self, who: str) -> Viewer:
        """The viewer a person is now."""
        return viewer_for(self.people[who], now=self.now)

    def callsign(self, who: str) -> str:
        """What boards call them."""
        return Person.objects.get(pk=self.people[who]).shown_as

    # --- acts -----------------------------------------------------------------------------------

    def plan(
        self, *party: str, due_minutes: int = 120, tap: Tap | None = None, **more: object
    ) -> Mission:
        """Plan a mission for these people, the first leading, expected back in so many minutes.
        Nobody hears of the plan. One alone carries a radio and is approved; a test that says
        `is_solo` itself sees to the approval."""
        tap = tap or new_tap()
        due_at = self.now + dt.timedelta(minutes=due_minutes)
        values: dict[str, object] = {
            "party": tuple(self.people[who] for who in party),
            "leader_id": self.people[party[0]],
            "what": "Patrol",
            "place": "North woods",
            "zone": ZONE,
            "times": PlanTimes(due_at=due_at),
        }
        if len(party) == 1:
            values["device"] = "radio"
        fields = plan.PlanFields(**(values | more))  # type: ignore[arg-type]
        plan.plan(fields=fields, by=self.as_("head"), now=self.now, tap=tap)
        mission = Mission.objects.get(pk=tap.entry_id)
        if mission.is_solo and "is_solo" not in more:
            self.approve(mission)
            mission.refresh_from_db()
        self.silence(mission)
        return mission

    def approve(self, mission: Mission) -> str:
        """The deputy, or where she goes herself another leader, approves one who goes alone."""
        party = set(mission.party.values_list("person_id", flat=True))
        second = self.as_("deputy")
        if self.people["deputy"] in party:
            second = replace(self.as_("admin"), roles=frozenset({Role.LEADER}))
        return plan.approve(mission_id=mission.pk, by=second, now=self.now, tap=new_tap())

    def silence(self, mission: Mission) -> None:
        """Take back what nobody has received of a mission yet."""
        with logbook.writing(now=self.now, by=None) as book:
            for about in (mission.ref, f"{mission.ref}/approval"):
                cancel_queued(book, about=about, why="a test")

    def sign_out(self, mission: Mission, *who: str, tap: Tap | None = None) -> str:
        """Sign people out at the gate, by the guard."""
        return gate.sign_out(
            mission_id=mission.pk,
            person_ids=[self.people[one] for one in who],
            at=gate.AtGate(gate_id=self.gate_id),
            by=self.as_("guard"),
            now=self.now,
            tap=tap or new_tap(),
        )

    def send_out(self, *party: str, due_minutes: int = 120, **more: object) -> Mission:
        """Plan and sign out in one go."""
        mission = self.plan(*party, due_minutes=due_minutes, **more)  # type: ignore[arg-type]
        self.sign_out(mission, *party)
        mission.refresh_from_db()
        return mission

    def sign_in(self, *who: str, heads: int | None = None, tap: Tap | None = None) -> str:
        """Sign people in at the gate, by the guard."""
        return gate.sign_in(
            person_ids=[self.people[one] for one in who],
            at=gate.AtGate(gate_id=self.gate_id),
            heads=heads,
            by=self.as_("guard"),
            now=self.now,
            tap=tap or new_tap(),
        )

    def check_in(self, mission: Mission, *, by: str = "agent", tap: Tap | None = None) -> str:
        """ "We are fine"."""
        return gate.check_in(
            mission_id=mission.pk, by=self.as_(by), now=self.now, tap=tap or new_tap()
        )

    def alarm(self) -> Alarm:
        """The one open alarm."""
        (found,) = watch.open_alarms(STATION)
        return found

    # --- time -----------------------------------------------------------------------------------

    def look(self) -> None:
        """Let the watch judge and the outbox send until nothing is due at this instant."""
        for _ in range(100):
            ticked = tick(now=self.now)
            delivered = deliver(now=self.now, send=self._send)
            if not (ticked.judged or delivered.tried):
                return
        raise AssertionError("the watch never comes to rest at one instant")

    def fast_forward(self, *, minutes: float) -> None:
        """Let time pass, a minute at a time."""
        end = self.now + dt.timedelta(minutes=minutes)
        while self.now < end:
            self.now = min(self.now + dt.timedelta(minutes=1), end)
            self.look()

    def _send(self, channel: str, outgoing: channels.Outgoing) -> channels.Result:
        refusal = self.refusing.get(outgoing.to_address)
        if refusal is not None:
            return refusal
        self.received.append(Received(at=self.now, person=outgoing.to_address, outgoing=outgoing))
        return channels.Handed(provider_ref="phone")

    def phone(self, who: str) -> list[Received]:
        """What this phone received, oldest first."""
        return [one for one in self.received if one.person == who]

    def breaks(self, who: str, *, permanent: bool = False) -> None:
        """From now on the channel to this phone refuses."""
        self.refusing[who] = channels.Refused(sentence="The line is dead.", permanent=permanent)

    def minutes(self, at: dt.datetime) -> float:
        """Minutes since the world began, to compare instants by."""
        return (at - START).total_seconds() / 60
