"""The village of the story (`STORY.md`): gate guard, head and deputy, mentors, the agent, her
flatmate as kin, her old team, the hospital. The agent is out alone, due soon, and will not come.

Everything is done by the real actions at their own instants; nothing exists only here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from homeby.comms.actions.tell import cancel_queued
from homeby.logbook import actions as logbook
from homeby.logbook.rules import new_tap
from homeby.missions.actions import assignment, gate, plan, report
from homeby.missions.rules import Conditions, How, Hurt, Link, PlanTimes
from homeby.people.actions import accounts, contacts, kin, persons, teams
from homeby.people.queries import viewer_for
from homeby.people.rules import STATION, ChannelName, MayKnow, PersonKind, Role, Viewer
from homeby.station import initialise
from homeby.station.demonstration import calendar, kit_room, path, skills
from homeby.watch.actions import bill
from homeby.watch.rules import Watch

ZONE = "Asia/Tokyo"
PASSWORD = "leaves-in-the-wind"  # noqa: S105 - printed at each start, of a demonstration only
DUE_MINUTES = 8
GRACE_MINUTES = 12
ACCOUNTS = (
    ("tsunade", "Head of the village: leader, duty officer, office"),
    ("shizune", "Her deputy: takes over when the head is silent"),
    ("izumo", "Gate keeper at the big green gates"),
    ("sakura", "The agent, out alone, callsign Fox"),
    ("kakashi", "Leader of Team 7"),
    ("naruto", "A member of Team 7"),
)

#: login or name -> callsign, roles
PEOPLE: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    (
        "tsunade",
        "Tsunade Senju",
        "Head",
        (Role.LEADER, Role.DUTY_OFFICER, Role.ADMINISTRATOR),
    ),
    ("shizune", "Shizune Kato", "Needle", (Role.LEADER, Role.DUTY_OFFICER)),
    ("izumo", "Izumo Kamizuki", "Gate 1", (Role.GATE_KEEPER,)),
    ("sakura", "Sakura Haruno", "Fox", ()),
    ("kakashi", "Kakashi Hatake", "Hound", (Role.LEADER,)),
    ("naruto", "Naruto Uzumaki", "Toad", ()),
    ("sasuke", "Sasuke Uchiha", "Hawk", ()),
    ("neji", "Neji Hyuga", "Owl", ()),
    ("kurenai", "Kurenai Yuhi", "Mirage", ()),
    ("gai", "Gai Maito", "Turtle", ()),
)
TEAMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Team 7", "Seven", ("kakashi", "naruto", "sasuke")),
    ("Night squad", "Masks", ("sakura", "neji")),
    ("Hospital", "Ward", ("shizune", "sakura")),
)


@dataclass
class Village:
    """The village being built; `people` by log-in name."""

    now: dt.datetime
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    teams: dict[str, uuid.UUID] = field(default_factory=dict)
    gates: list[uuid.UUID] = field(default_factory=list)

    def as_(self, login: str) -> Viewer:
        """The viewer of a log-in name at the village's present instant."""
        return viewer_for(self.people[login], now=self.now)

    def at_gate(self) -> gate.AtGate:
        """The big green gates, seen by the guard."""
        return gate.AtGate(gate_id=self.gates[0], how=How.SEEN)


def fill(*, now: dt.datetime) -> None:
    """Fill an empty station; its history begins three days before `now`."""
    begin = now - dt.timedelta(days=3)
    here = Village(now=begin)
    initialise.basics(name="The village", zone=ZONE, now=begin)
    here.gates = initialise.site_with_gates(
        name="Village", zone=ZONE, gates=("Big green gates", "River gate"), now=begin
    )
    _people(here)
    _teams(here)
    bill.plan_watch(
        watch=Watch(
            person_id=here.people["tsunade"], deputy_id=here.people["shizune"], from_at=begin
        ),
        by=STATION,
        now=begin,
        tap=new_tap(),
    )
    path.fill(here.as_, seven=here.teams["Team 7"], hospital=here.teams["Hospital"], now=begin)
    skills.fill(here.people, tsunade=here.as_("tsunade"), sakura=here.as_("sakura"), now=here.now)
    _yesterday(here, now=now - dt.timedelta(days=1, hours=6))
    _today(here, now=now)
    _duties(here, now=now)


def _people(here: Village) -> None:
    for login, name, callsign, roles in PEOPLE:
        here.people[login] = _person(here, name, callsign, roles)
        _phone(here, login, callsign)
        accounts.open_account(
            person_id=here.people[login],
            login=login,
            password=PASSWORD if login in dict(ACCOUNTS) else None,
            by=STATION,
            now=here.now,
            tap=new_tap(),
        )
    here.people["ward 2"] = _person(here, "Ward cart 2", "Ward 2", (), PersonKind.UNIT)
    kin.name_kin(
        person_id=here.people["sakura"],
        kin=kin.KinFields(
            name="Ino Yamanaka",
            relation="flatmate",
            channel=ChannelName.CONSOLE,
            address="Ino (flatmate)",
            may_know=MayKnow.OUT_AND_DUE,
        ),
        by=STATION,
        now=here.now,
        tap=new_tap(),
    )


def _person(
    here: Village,
    name: str,
    callsign: str,
    roles: tuple[Role, ...],
    kind: PersonKind = PersonKind.HUMAN,
) -> uuid.UUID:
    tap = new_tap()
    persons.add_person(name=name, callsign=callsign, kind=kind, by=STATION, now=here.now, tap=tap)
    for role in roles:
        teams.give_role(person_id=tap.entry_id, role=role, by=STATION, now=here.now, tap=new_tap())
    return tap.entry_id


def _phone(here: Village, login: str, callsign: str) -> None:
    contacts.add_contact(
        person_id=here.people[login],
        channel=ChannelName.CONSOLE,
        address=callsign,
        verified=True,
        by=STATION,
        now=here.now,
        tap=new_tap(),
    )


def _teams(here: Village) -> None:
    for name, callsign, members in TEAMS:
        tap = new_tap()
        teams.add_team(name=name, callsign=callsign, by=STATION, now=here.now, tap=tap)
        here.teams[name] = tap.entry_id
        for login in members:
            teams.join_team(
                person_id=here.people[login],
                team_id=tap.entry_id,
                by=STATION,
                now=here.now,
                tap=new_tap(),
            )


def _send_out(here: Village, fields: plan.PlanFields, *, approve: bool = False) -> uuid.UUID:
    tap = new_tap()
    plan.plan(fields=fields, by=here.as_("kakashi"), now=here.now, tap=tap)
    if fields.assigned_by_id is not None:
        for person_id in fields.party:
            assignment.answer(
                mission_id=tap.entry_id,
                accept=True,
                by=viewer_for(person_id, now=here.now),
                now=here.now,
                tap=new_tap(),
            )
    if approve:
        plan.approve(mission_id=tap.entry_id, by=here.as_("tsunade"), now=here.now, tap=new_tap())
    with logbook.writing(now=here.now, by=None) as book:  # they read it then, and leave
        cancel_queued(book, about=f"mission:{tap.entry_id}", why="read")
    gate.sign_out(
        mission_id=tap.entry_id,
        person_ids=list(fields.party),
        at=here.at_gate(),
        by=here.as_("izumo"),
        now=here.now,
        tap=new_tap(),
    )
    return tap.entry_id


def _yesterday(here: Village, *, now: dt.datetime) -> None:
    """A mission that went well, so that the lists are not empty."""
    here.now = now
    party = tuple(here.people[login] for login in ("neji", "kurenai"))
    mission_id = _send_out(
        here,
        plan.PlanFields(
            party=party,
            leader_id=party[0],
            what="Escort to the tea house",
            place="East road",
            zone=ZONE,
            times=PlanTimes(due_at=now + dt.timedelta(hours=5)),
            team_id=here.teams["Night squad"],
        ),
    )
    here.now = now + dt.timedelta(hours=2)
    gate.check_in(
        mission_id=mission_id,
        link=Link.RADIO,
        note="tea house reached",
        by=here.as_("izumo"),
        now=here.now,
        tap=new_tap(),
    )
    here.now = now + dt.timedelta(hours=4, minutes=40)
    gate.sign_in(
        person_ids=list(party),
        heads=2,
        at=here.at_gate(),
        by=here.as_("izumo"),
        now=here.now,
        tap=new_tap(),
    )
    for person_id in party:
        report.first_report(
            mission_id=mission_id,
            person_id=person_id,
            fields=report.ReportFields(hurt=Hurt.NO),
            by=here.as_("izumo"),
            now=here.now,
            tap=new_tap(),
        )


def _duties(here: Village, *, now: dt.datetime) -> None:
    here.now = now - dt.timedelta(hours=1)
    calendar.fill(
        head=here.as_("tsunade"),
        fox=here.as_("sakura"),
        neji=here.as_("neji"),
        zone=ZONE,
        now=here.now,
    )


def _today(here: Village, *, now: dt.datetime) -> None:
    """A party of three on time, a cart of the hospital, and the agent who will be missed."""
    here.now = now - dt.timedelta(hours=2)
    seven = tuple(here.people[login] for login in ("kakashi", "naruto", "sasuke"))
    _send_out(
        here,
        plan.PlanFields(
            party=seven,
            leader_id=seven[0],
            what="Training in the north woods",
            place="North woods, third clearing",
            zone=ZONE,
            times=PlanTimes(due_at=now + dt.timedelta(hours=6)),
            team_id=here.teams["Team 7"],
            communications="Radio channel 3",
        ),
    )
    here.now = now - dt.timedelta(minutes=100)
    fox = here.people["sakura"]
    due_at = now + dt.timedelta(minutes=DUE_MINUTES)
    alone = _send_out(
        here,
        plan.PlanFields(
            party=(fox,),
            leader_id=fox,
            what="Courier, alone",
            place="Woods west of the river",
            zone=ZONE,
            times=PlanTimes(
                due_at=due_at, call_out_at=due_at + dt.timedelta(minutes=GRACE_MINUTES)
            ),
            team_id=here.teams["Night squad"],
            is_solo=True,
            conditions=Conditions.NORMAL,
            device="Radio 4",
            descriptions={fox: "Fox mask, red scarf, travelling cloak"},
            assigned_by_id=here.people["tsunade"],
        ),
        approve=True,
    )
    kit_room.fill(mission_id=alone, fox=here.as_("sakura"), neji=here.as_("neji"), now=here.now)
    here.now = now - dt.timedelta(hours=1)
    cart = here.people["ward 2"]
    _send_out(
        here,
        plan.PlanFields(
            party=(cart,),
            leader_id=cart,
            what="Medicine to the border post",
            place="South border post",
            zone=ZONE,
            times=PlanTimes(due_at=now + dt.timedelta(hours=3)),
            team_id=here.teams["Hospital"],
            vehicle="Cart 2",
        ),
    )
