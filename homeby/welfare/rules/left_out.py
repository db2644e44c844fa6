"""Whether a team's decisions go against one of its members: what is known after each, and when that
is enough to say so. Pure; a function of the records alone, in whatever order they come in.

Source: `LEFTOUT.md` 3.
"""

from __future__ import annotations

import copy
import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from homeby.welfare.rules import evidence as rules
from homeby.welfare.rules.activities import (
    Begun,
    CaseClosed,
    ClosedActivity,
    Together,
    Who,
    decisions,
)
from homeby.welfare.rules.evidence import (
    LESS_THAN_BEFORE,
    QUESTIONS,
    SIGNAL_FROM,
    Channel,
    Flags,
    Numbers,
    Question,
)
from homeby.welfare.rules.facts import Fact, Facts, facts_of
from homeby.welfare.rules.memory import Memory

Happened = Together | CaseClosed | Begun
YEAR = dt.timedelta(days=365.25)


@dataclass(frozen=True, order=True)
class Signal:
    """It is enough to say so: of whom, when, by which activity and question."""

    at: dt.datetime
    key: str
    who: Who
    question: str


@dataclass
class Member:
    """What is kept of one member of a team: a weight for each component of each question, when the
    last fact of her came, and since when she is in the team."""

    states: dict[str, Numbers]
    last_at: dt.datetime | None
    since: dt.datetime | None


class Team:
    """One team, decision by decision in the order in which they closed. `promise`: at most so many
    false signals for each year of one member."""

    def __init__(self, *, promise: float) -> None:
        assert 0.0 < promise < SIGNAL_FROM, "a promise is a part of a signal a year"
        self.promise = promise
        self.memory = Memory()
        self.members: dict[Who, Member] = {}
        #: What the last decision said of each, by its activities.
        self.told: list[Facts] = []

    @property
    def _budget(self) -> float:
        return self.promise / len(QUESTIONS)

    def meet(self, happened: Happened) -> list[Signal]:
        """Take in whatever happened next; says who has a signal by it."""
        if isinstance(happened, Together):
            return self.take(happened)
        if isinstance(happened, CaseClosed):
            self.close_case(happened)
        else:
            self.begin(happened)
        return []

    def begin(self, begun: Begun) -> None:
        """From now on with this promise; and where nobody was looked after until now, everybody
        begins with nothing."""
        self.promise = begun.promise
        if begun.is_anew:
            for member in self.members.values():
                member.states, member.last_at = _at_rest(), begun.at

    def take(self, decided: Together) -> list[Signal]:
        """Take one decision in; says who has a signal by it."""
        at, key = decided.order
        self._let_in(decided)
        told = [facts_of(one, self.memory, at=at) for one in decided.activities]
        who = sorted({one for facts in told for one in facts})
        signals = self._judge(who, told, at=at, key=key) if who else []
        self.told = told
        for one in decided.activities:
            if one.frames:
                self.memory.remember_frame(one.kind, one.frames[-1])
            crew = frozenset(each.who for each in one.candidates if each.left)
            self.memory.remember_together(crew, at=one.begins)
            if one.choice is not None:
                self.memory.last_crew = crew
        return signals

    def close_case(self, case: CaseClosed) -> None:
        """A person closed the case about a member: she begins with nothing."""
        member = self.members.get(case.who)
        if member is not None:
            member.states = _at_rest()
        if case.is_lasting:
            self.memory.begin_anew(case.who, at=case.at)

    def _let_in(self, decided: Together) -> None:
        """Whoever is new to the team, or new again, begins with nothing."""
        for activity in decided.activities:
            for one in activity.candidates:
                known = self.members.get(one.who)
                if not one.is_member or (known is not None and known.since == one.since):
                    continue
                self.memory.forget(one.who)
                self.members[one.who] = Member(
                    states=_at_rest(), last_at=one.since, since=one.since
                )

    def _judge(
        self, who: list[Who], told: list[Facts], *, at: dt.datetime, key: str
    ) -> list[Signal]:
        members = [self.members[one] for one in who]
        years = np.array([_years(one.last_at, at) for one in members])
        doubted = {
            one: float(member.states[LESS_THAN_BEFORE.name].sum()) > self._budget
            for one, member in zip(who, members, strict=True)
        }
        found = []
        for question in QUESTIONS:
            state = np.stack([one.states[question.name] for one in members])
            after, _reached, signal = question.after(
                state, mean_evidence(question, who, told), years=years, promise=self._budget
            )
            for member, row in zip(members, after, strict=True):
                member.states[question.name] = row.copy()
            found += _signals(question, who, signal, at=at, key=key)
        for member in members:
            member.last_at = at
        self._remember_picks(told, doubted, at=at)
        return found

    def _remember_picks(
        self, told: list[Facts], doubted: Mapping[Who, bool], *, at: dt.datetime
    ) -> None:
        """One decision, one fact: of a group the mean of what it was to her."""
        for who, is_doubted in doubted.items():
            picks = [
                (one.well, one.even)
                for facts in told
                for one in facts.get(who, ())
                if one.channel is Channel.PICKED
            ]
            if len(told) > 1 and picks:
                wells, evens = zip(*picks, strict=True)
                picks = [(sum(wells) / len(picks), sum(evens) / len(picks))]
            for well, even in picks:
                self.memory.remember_pick(who, at=at, well=well, fair=even, is_doubted=is_doubted)


def _at_rest() -> dict[str, Numbers]:
    return {question.name: question.at_rest(1)[0] for question in QUESTIONS}


def _years(last_at: dt.datetime | None, at: dt.datetime) -> float:
    """Since her last fact, or since she joined; where neither is known nothing is earned yet."""
    return 0.0 if last_at is None else max(dt.timedelta(0), at - last_at) / YEAR


def _signals(
    question: Question, who: list[Who], signal: Flags, *, at: dt.datetime, key: str
) -> list[Signal]:
    return [
        Signal(at=at, key=key, who=one, question=question.name)
        for one, is_signal in zip(who, signal, strict=True)
        if is_signal
    ]


def mean_evidence(question: Question, who: list[Who], told: list[Facts]) -> Numbers:
    """What the facts of a decision multiply each component by, a row for each of `who`: of a group
    the mean over its activities, of which one that says nothing of her counts as 1."""
    found = question.at_rest(len(who))
    for facts in told:
        layers = _layers(question, [facts.get(one, []) for one in who])
        found += question.evidence(layers) if layers else 1.0
    return found / len(told)


def _layers(question: Question, rows: list[list[Fact]]) -> list[rules.Facts]:
    """The facts of several members side by side: the first of each channel, then the second."""
    layers = []
    for channel in Channel:
        mine = [[one for one in row if one.channel is channel] for row in rows]
        for number in range(max(map(len, mine), default=0)):
            side = [_told(question, row[number]) if number < len(row) else None for row in mine]
            layers.append(rules.Facts.of(channel, side))
    return layers


def _told(question: Question, fact: Fact) -> tuple[bool, float]:
    return fact.well, fact.usual if question is LESS_THAN_BEFORE else fact.fair


@dataclass
class Record:
    """One team as its records come in, late ones and corrected ones too. What is found is what one
    run over all of them in order finds, to the last bit; a late record is replayed from the last
    snapshot before it, of which there is one a month. What was said once stays said (`raised`)."""

    promise: float
    activities: dict[str, ClosedActivity] = field(default_factory=dict)
    found: list[Signal] = field(default_factory=list)
    raised: set[Signal] = field(default_factory=set)
    snapshots: list[Snapshot] = field(default_factory=list)
    team: Team = field(init=False)
    until: tuple[dt.datetime, str] | None = None
    _cases: dict[str, CaseClosed] = field(default_factory=dict)
    _decided: list[Happened] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.team = Team(promise=self.promise)

    def arrive(
        self, activities: Iterable[ClosedActivity], cases: Iterable[CaseClosed] = ()
    ) -> None:
        """Some records more. One that is known already changes nothing."""
        self._cases |= {one.key: one for one in cases}
        for one in activities:
            known = self.activities.get(one.key)
            if known is None or known.version < one.version:
                self.activities[one.key] = one
        before, several = self._decided, [*decisions(self.activities.values())]
        self._decided = sorted([*several, *self._cases.values()], key=lambda one: one.order)
        first = _first_that_differs(before, self._decided)
        if first is None:
            return
        if self.until is not None and first <= self.until:
            self._back_to(first)
        for decided in self._decided:
            if self.until is None or decided.order > self.until:
                self._keep_snapshot(decided)
                self.found += self.team.meet(decided)
                self.until = decided.order
        self.raised.update(self.found)

    def _back_to(self, first: tuple[dt.datetime, str]) -> None:
        while self.snapshots and self.snapshots[-1].until >= first:
            self.snapshots.pop()
        last = self.snapshots[-1] if self.snapshots else None
        self.team = copy.deepcopy(last.team) if last else Team(promise=self.promise)
        self.until = last.until if last else None
        self.found = [
            one for one in self.found if self.until is not None and (one.at, one.key) <= self.until
        ]

    def _keep_snapshot(self, coming: Happened) -> None:
        """Before the first decision of a month."""
        month, until = coming.order[0], self.until
        if until is None or (until[0].year, until[0].month) == (month.year, month.month):
            return
        if not self.snapshots or self.snapshots[-1].until < until:
            self.snapshots.append(Snapshot(until=until, team=copy.deepcopy(self.team)))


def _first_that_differs(
    before: list[Happened], after: list[Happened]
) -> tuple[dt.datetime, str] | None:
    """Where two lists of decisions part; None where they are the same."""
    for one, other in itertools.zip_longest(before, after):
        if one != other:
            return min(each.order for each in (one, other) if each is not None)
    return None


@dataclass(frozen=True)
class Snapshot:
    """A team as it stood after a decision."""

    until: tuple[dt.datetime, str]
    team: Team
