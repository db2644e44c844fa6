"""The people of the story, at a station that holds nothing else, and what a week of theirs is made
of: every step is a real action, at an instant of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from homeby.logbook.rules import new_tap
from homeby.people.actions import accounts, contacts, kept, kin, persons, teams
from homeby.people.queries import viewer_for
from homeby.people.rules import STATION, ChannelName, MayKnow, Role, Viewer
from homeby.people.rules_private import Kept
from homeby.readiness.actions import duties, duty_asking, duty_crew
from homeby.readiness.actions.duties import DutyFields
from homeby.readiness.actions.duty_asking import Said
from homeby.readiness.actions.duty_crew import PickFields
from homeby.readiness.models import Duty
from homeby.readiness.rules.duty_planning import (
    Attended,
    DutyAnswer,
    DutyType,
    NotPicked,
    StoodDown,
)
from homeby.station import initialise
from homeby.watch.actions import bill
from homeby.watch.rules import Watch
from tests.told_again import story

YES = Said(answer=DutyAnswer.YES)


@dataclass
class Village:
    """The story's people by log-in; `now` is the one clock there is. `password`: everybody gets a
    log-in with it; `shifts`: hers, by week."""

    now: dt.datetime
    password: str = ""
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    team_id: uuid.UUID = field(default_factory=uuid.uuid4)
    shifts: dict[int, uuid.UUID] = field(default_factory=dict)

    def build(self) -> Village:
        """Fill the station."""
        initialise.basics(name="The village", zone=story.ZONE, now=self.now)
        for login, name, callsign in story.PEOPLE:
            self._person(login, name, callsign)
        tap = new_tap()
        teams.add_team(name="Team 7", callsign="Seven", by=STATION, now=self.now, tap=tap)
        self.team_id = tap.entry_id
        for login in (story.LEADER, story.HER, *story.MATES):
            teams.join_team(
                person_id=self.people[login], team_id=self.team_id, by=STATION, now=self.now,
                tap=new_tap(),
            )  # fmt: skip
        self._role(story.HEAD, Role.LEADER)
        self._role(story.HEAD, Role.DUTY_OFFICER)
        self._role(story.OFFICE, Role.ADMINISTRATOR)
        self._role(story.OFFICE, Role.DUTY_OFFICER)
        self._role(story.OFFICER, Role.WELFARE_OFFICER)
        self._role(story.LEADER, Role.LEADER, self.team_id)
        head, deputy = self.people[story.HEAD], self.people[story.OFFICE]
        watch = Watch(person_id=head, deputy_id=deputy, from_at=self.now)
        bill.plan_watch(watch=watch, by=STATION, now=self.now, tap=new_tap())
        self._hers()
        return self

    def _person(self, login: str, name: str, callsign: str) -> None:
        tap = new_tap()
        at: dict[str, Any] = {"by": STATION, "now": self.now}
        persons.add_person(name=name, callsign=callsign, tap=tap, **at)
        self.people[login] = tap.entry_id
        contacts.add_contact(
            person_id=tap.entry_id, channel=ChannelName.CONSOLE, address=callsign, verified=True,
            tap=new_tap(), **at,
        )  # fmt: skip
        if self.password:
            accounts.open_account(
                person_id=tap.entry_id, login=login, password=self.password, tap=new_tap(), **at
            )

    def _role(self, login: str, role: Role, team_id: uuid.UUID | None = None) -> None:
        teams.give_role(
            person_id=self.people[login], role=role, term=teams.Term(team_id=team_id), by=STATION,
            now=self.now, tap=new_tap(),
        )  # fmt: skip

    def _hers(self) -> None:
        """Whom she named, and where she would be."""
        named = kin.KinFields(
            name="Ino Yamanaka", relation="flatmate", channel=ChannelName.CONSOLE,
            address="Ino (flatmate)", may_know=MayKnow.OUT_AND_DUE,
        )  # fmt: skip
        kin.name_kin(
            person_id=self.people[story.HER], kin=named, by=STATION, now=self.now, tap=new_tap()
        )
        kept.write_down(
            kept=Kept.WHERE, values={"note": "At the old training ground, by the river."},
            **self.by(story.HER),
        )  # fmt: skip

    def as_(self, login: str) -> Viewer:
        """The viewer somebody is at this instant."""
        return viewer_for(self.people[login], now=self.now)

    def by(self, login: str) -> dict[str, Any]:
        """Who acts, when, by a tap of their own."""
        return {"by": self.as_(login), "now": self.now, "tap": new_tap()}

    def keys(self, *logins: str) -> list[uuid.UUID]:
        """The keys of some people."""
        return [self.people[login] for login in logins]

    def plan(self, login: str, **fields: Any) -> uuid.UUID:
        """Plan a duty; gives its key."""
        tap = new_tap()
        duties.plan(
            fields=DutyFields(zone=story.ZONE, **fields), by=self.as_(login), now=self.now, tap=tap
        )
        return tap.entry_id

    def ask(self, duty: uuid.UUID, *logins: str) -> None:
        """Whoever leads the team asks some people to come."""
        keys = self.keys(*logins)
        duty_asking.ask(duty_id=duty, person_ids=keys, **self.by(story.LEADER))

    def roster(self, number: int, *, weeks: int) -> None:
        """Her shifts at the hospital of some weeks, as they are published."""
        begins = story.monday(number) + story.WEDNESDAY * story.DAY + 14 * story.HOUR
        first = self.plan(
            story.HEAD, kind=DutyType.SHIFT, what="Ward, late shift", starts_at=begins,
            ends_at=begins + 8 * story.HOUR, leader_id=self.people[story.HER], weeks=weeks,
        )  # fmt: skip
        group = Duty.objects.get(pk=first).group_id
        for row in Duty.objects.filter(group_id=group).order_by("starts_at"):
            week = (row.starts_at - story.BEGIN) // story.WEEK + 1 - story.ORDINARY
            self.shifts[week] = row.pk

    def training(self, week: story.Week) -> uuid.UUID:
        """The training of a week, which whoever leads the team leads."""
        evening = story.monday(week.number) + week.training * story.DAY + 17 * story.HOUR
        return self.plan(
            story.LEADER, kind=DutyType.TRAINING, what="Team training", starts_at=evening,
            ends_at=evening + 3 * story.HOUR, team_id=self.team_id,
            leader_id=self.people[story.LEADER],
        )  # fmt: skip

    def mission(self, week: story.Week) -> tuple[uuid.UUID, list[str]]:
        """The mission of a week, for two and whoever leads it; those who are asked say yes. She is
        not asked where she needs take no time off."""
        morning = story.monday(week.number) + 4 * story.DAY + 8 * story.HOUR
        duty = self.plan(
            story.LEADER, kind=DutyType.ACTIVITY, what="Mission to the border", starts_at=morning,
            ends_at=morning + 8 * story.HOUR, team_id=self.team_id, seats="2", time_is_free=False,
            leader_id=self.people[story.LEADER],
        )  # fmt: skip
        asked = [story.HER, *story.MATES]
        if story.Happened.NO_TIME_OFF in week.happened:
            asked.remove(story.HER)
        self.ask(duty, *asked)
        for login in asked:
            duty_asking.answer(duty_id=duty, said=YES, **self.by(login))
        return duty, asked

    def pick(self, duty: uuid.UUID, week: story.Week, asked: list[str]) -> None:
        """Who goes, and why the third does not."""
        goes, reason = week.goes, NotPicked.TURN_OF_OTHERS
        if story.Happened.NO_MEDIC in week.happened:
            reason = NotPicked.NOT_NEEDED
        is_stood_down = story.Happened.TOO_EASY in week.happened
        if is_stood_down:
            goes = (story.HER, week.goes[0])
        fields = PickFields(
            person_ids=self.keys(*goes), not_picked=reason if len(asked) > len(goes) else None
        )
        duty_crew.pick(duty_id=duty, fields=fields, **self.by(story.LEADER))
        if is_stood_down:
            self.now += story.HOUR
            duty_crew.stand_down(
                duty_id=duty, person_id=self.people[story.HER], why=StoodDown.TOO_EASY,
                **self.by(story.LEADER),
            )  # fmt: skip
            again = PickFields(person_ids=self.keys(week.goes[1]))
            duty_crew.pick(duty_id=duty, fields=again, **self.by(story.LEADER))

    def came(self, duty: uuid.UUID) -> None:
        """She says that she is there."""
        duty_crew.attend(duty_id=duty, how=Attended.CAME, **self.by(story.HER))
