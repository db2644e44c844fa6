"""The story told through the real actions, with the clock passed: what was done, and who was told
what in which week, read from what the station then shows and sent."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from homeby.readiness.models import DutyPerson
from homeby.station import searching
from homeby.watch.actions import alarms
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm
from homeby.welfare.actions import checks, concerns, follow_ups, steps, switching
from homeby.welfare.actions.concerns import Ending
from homeby.welfare.actions.steps import Said, Writing
from homeby.welfare.models import Concern, FollowUp
from homeby.welfare.rules.checks import Found, ref_of
from homeby.welfare.rules.concerns import (
    ConcernKind,
    HowFound,
    NextStep,
    NoteKind,
    Outcome,
)
from tests.told_again import story
from tests.told_again.reading import NOT_TOLD, WAITED, Reading
from tests.told_again.story import DAY, HER, HOUR, MATES, OFFICER, Happened, Week
from tests.told_again.village import Village

ONE_IN_YEARS = 100
MINUTE = dt.timedelta(minutes=1)


def no_rest() -> None:
    """Nobody else writes."""


@dataclass
class Telling:
    """The story as it goes. `happened`: what was done, by week; `reading`: who was told what;
    `knew`: by week, who saw that there is a concern."""

    here: Village
    reading: Reading
    happened: dict[int, list[Happened]] = field(default_factory=dict)
    knew: dict[int, set[str]] = field(default_factory=dict)
    number: int = 0

    @classmethod
    def anew(cls, *, password: str = "") -> Telling:
        """The story before its beginning, at a station that holds nothing yet. `password`:
        everybody gets a log-in with it."""
        here = Village(now=story.BEGIN - 8 * DAY, password=password).build()
        return cls(here, Reading(here))

    def tell(self) -> None:
        """All of it."""
        self.tell_until_missed()
        self._found()
        self._heard()
        self._asked_again()

    def tell_until_missed(self) -> None:
        """Until the shift that she misses: an alarm is open, and nobody has found her."""
        self._switch_on()
        for week in story.weeks():
            self._week(week)
        self._missed()

    def _switch_on(self) -> None:
        switching.set_search(is_on=True, one_in_years=ONE_IN_YEARS, **self.here.by(story.OFFICE))
        self.number = 1 - story.ORDINARY
        searching.go_round(now=self.here.now, rest=no_rest)
        self.reading.of_messages(self.number)

    def as_file(self) -> dict[str, Any]:
        """What the page of the demonstration shows: by week what was done, and who was told what;
        and her chances beside an even share."""
        told = self.reading.told
        numbers = sorted({one["week"] for one in told} | self.happened.keys())
        return {
            "weeks": [
                {
                    "week": number,
                    "happened": self.happened.get(number, []),
                    "told": [
                        {key: one[key] for key in ("to", "where", "said")}
                        for one in told
                        if one["week"] == number
                    ],
                }
                for number in numbers
            ],
            "chances": self.reading.chances(),
        }

    def note(self, *what: Happened) -> None:
        """This happened in the week."""
        self.happened.setdefault(self.number, []).extend(what)

    def at(self, moment: dt.datetime) -> None:
        """It is later."""
        assert moment >= self.here.now, "time goes forward"
        self.here.now = moment

    def _week(self, week: Week) -> None:
        here, begins = self.here, story.monday(week.number)
        self.number = week.number
        self.at(begins - 62 * HOUR)
        if (week.number + story.ORDINARY - 1) % 4 == 0:
            here.roster(week.number, weeks=4)
        self.at(begins - 60 * HOUR)
        if week.number > 0:
            self.reading.of_planning(week)
        training = here.training(week)
        self.at(begins - 59 * HOUR)
        here.ask(training, *self._asked(week))
        if week.number > 0:
            self.reading.of_mirror(week.number, only=NOT_TOLD)
        self.at(begins - 58 * HOUR)
        mission, asked = here.mission(week)
        if story.WITHOUT_HER & set(week.happened):
            self.reading.of_mirror(week.number, only=WAITED)
        here.pick(mission, week, asked)
        if week.happened:
            self.note(*week.happened)
        self._days(week, training)

    @staticmethod
    def _asked(week: Week) -> tuple[str, ...]:
        is_without = {Happened.NOT_ASKED, Happened.TOLD_LATE} & set(week.happened)
        return MATES if is_without else (HER, *MATES)

    def _days(self, week: Week, training: uuid.UUID) -> None:
        """Her shift, what she is told late, and the round that looks for who is left out."""
        here, begins = self.here, story.monday(week.number)
        late = begins + week.training * DAY + 15 * HOUR
        shift = begins + story.WEDNESDAY * DAY + 14 * HOUR
        is_late = Happened.TOLD_LATE in week.happened
        for at in sorted([shift, late] if is_late else [shift]):
            self.at(at)
            if at == shift:
                here.came(here.shifts[week.number])
            else:
                here.ask(training, HER)
        self.at(begins + 3 * DAY + 22 * HOUR)
        if week.number > 0:
            self.round()

    def round(self) -> None:
        """What the station does by itself, and what somebody then reads."""
        here, number = self.here, self.number
        known = {one.pk for one in Concern.objects.all()}
        searching.go_round(now=here.now, rest=no_rest)
        self.reading.of_messages(number)
        if number % 8 == 0:
            self.reading.of_chances(number)
        for one in Concern.objects.exclude(pk__in=known):
            self.reading.of_desk(number)
            if one.kind == ConcernKind.SIGNAL:
                self.reading.of_evidence(number, one.pk)
                self._asks_her(one)
            else:
                concerns.take(concern_id=one.pk, **here.by(OFFICER))
        self.knew.setdefault(number, self.reading.knows())

    def _asks_her(self, concern: Concern) -> None:
        """The welfare officer takes it and asks her first; she says that it is nothing."""
        here = self.here
        self.at(here.now + HOUR)
        concerns.take(concern_id=concern.pk, **here.by(OFFICER))
        asked = Writing(kind=NoteKind.ASKED, words="How is it with your team?")
        steps.write(concern_id=concern.pk, writing=asked, **here.by(OFFICER))
        self.at(here.now + 9 * HOUR)
        said = Said(words="It is nothing. They have much to do.")
        steps.say(concern_id=concern.pk, said=said, **here.by(HER))
        self.note(Happened.SHRUGGED)
        due_at = story.monday(story.LAST)
        follow_ups.set_follow_up(concern_id=concern.pk, due_at=due_at, **here.by(OFFICER))
        self.reading.of_messages(self.number)

    def _missed(self) -> None:
        """Her shift begins without her; the watch looks minute by minute."""
        here, begins = self.here, story.monday(story.MISSED)
        self.number = story.MISSED
        self.at(begins - 62 * HOUR)
        here.roster(self.number, weeks=2)
        self.at(begins + story.WEDNESDAY * DAY + 14 * HOUR)
        self.note(Happened.MISSED_SHIFT)
        for _minute in range(45):
            self.at(here.now + MINUTE)
            if tick(now=here.now).judged:
                self.reading.of_messages(self.number)
        self.reading.of_checks(self.number, OFFICER)
        self.reading.of_checks(self.number, story.HEAD)

    def _found(self) -> None:
        """The welfare officer cannot be reached; the head takes it, calls, and goes."""
        here = self.here
        seat_id = DutyPerson.objects.get(
            duty_id=here.shifts[self.number], person_id=here.people[HER]
        ).pk
        alarm = Alarm.objects.get(subject__ref=ref_of(seat_id))
        alarms.acknowledge(alarm_id=alarm.pk, **here.by(story.HEAD))
        self.reading.of_checks(self.number, story.HEAD)
        for kind in (NoteKind.CALLED_HER, NoteKind.CALLED_CONTACT):
            checks.make_step(seat_id=seat_id, step=kind, words="", **here.by(story.HEAD))
        checks.open_where(seat_id=seat_id, **here.by(story.HEAD))
        self.at(here.now + HOUR)
        found = Found(
            at=here.now,
            where="At the old training ground",
            how=HowFound.NOT_WELL,
            agreed="Her flatmate stays with her tonight; she speaks to the welfare officer.",
            outcome=Outcome.TALKED,
            next_at=here.now + 14 * DAY,
        )
        checks.find(seat_id=seat_id, found=found, **here.by(story.HEAD))
        self.note(Happened.FOUND)
        self.reading.of_messages(self.number)
        self.reading.of_desk(self.number)

    def _heard(self) -> None:
        """She says how it is; whoever leads the team is asked with her leave; she moves, and what
        changes for the team is written down before it ends."""
        here, concern = self.here, Concern.objects.get(kind=ConcernKind.SIGNAL)
        self.at(here.now + DAY)
        said = Said(words="They go without me, and nobody asks me any more.", may_ask=True)
        steps.say(concern_id=concern.pk, said=said, **here.by(HER))
        self.note(Happened.SAYS_SO)
        self.number = story.MISSED + 1
        self.at(story.monday(self.number) + 9 * HOUR)
        self._write(concern, NoteKind.ORGANISER_ASKED, "How do you choose the days of training?")
        self._write(concern, NoteKind.ORGANISER_SAID, "Wednesday was free. I did not look.")
        self.note(Happened.TEAM_ASKED)
        wish = Said(words="I want to go to another team.", may_ask=True, step=NextStep.TEAM_CHANGE)
        steps.say(concern_id=concern.pk, said=wish, **here.by(HER))
        self._write(concern, NoteKind.TEAM, "They train on Wednesdays no more, and ask everybody.")
        ending = Ending(
            outcome=Outcome.CHANGED, words="She moves; the team changes its days.",
            next_at=story.monday(story.LAST),
        )  # fmt: skip
        concerns.end(concern_id=concern.pk, ending=ending, **here.by(OFFICER))
        self.note(Happened.MOVES)
        self.reading.of_messages(self.number)

    def _write(self, concern: Concern, kind: NoteKind, words: str) -> None:
        writing = Writing(kind=kind, words=words)
        steps.write(concern_id=concern.pk, writing=writing, **self.here.by(OFFICER))

    def _asked_again(self) -> None:
        """Weeks later the station asks, and somebody asks her."""
        here = self.here
        self.number = story.LAST
        self.at(story.monday(self.number) + 9 * HOUR)
        follow_ups.ask_due(now=here.now)
        self.reading.of_messages(self.number)
        for one in FollowUp.objects.filter(done_at__isnull=True, due_at__lte=here.now):
            follow_ups.do_follow_up(
                follow_up_id=one.pk, words="She likes it there.", she_says_no=False,
                **here.by(OFFICER),
            )  # fmt: skip
        self.note(Happened.ASKED_AGAIN)
