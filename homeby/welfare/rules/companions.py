"""Who has become quiet, and who is asked for far more than an even share: companions of the search,
each with a budget of its own. A concern, and no evidence against anybody (`LEFTOUT.md` 4). Pure.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from homeby.welfare.rules.activities import Begun, Candidate, CaseClosed, ClosedActivity, Together
from homeby.welfare.rules.evidence import MOST_OF_A_FACT, SHARED, SIGNAL_FROM, YEARS_MOST, Channel
from homeby.welfare.rules.facts import Fact, facts_of
from homeby.welfare.rules.left_out import YEAR, Happened, Team
from homeby.welfare.rules.switch import Unasked

#: Her own answers say what is usual for her: from the 40th before to the 164th, 20 at least.
USUAL_FROM, USUAL_TO, USUAL_LEAST = 40, 164, 20
#: Odds of having said yes against usual: the tolerance, and what is looked for.
QUIET, QUIETER = 0.5, (0.0, 0.05, 0.1, 0.25)
#: Odds of being picked against an even share.
MUCH, MORE = 1.25, (2.0, 4.0, 10.0, math.inf)


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """Enough to ask after somebody: of whom, which of the two, at which decision."""

    who: str
    said: Unasked
    at: dt.datetime


def likelihood(well: bool, fair: float, *, odds: float, tolerance: float) -> float:
    """How much likelier this is by odds `odds` times fair than by `tolerance` times, eight at most:
    its mean is 1 at most, whatever the chance on the near side of the tolerance."""
    if fair in (0.0, 1.0):
        return 1.0
    if math.isinf(odds):
        found = (1 - fair + tolerance * fair) / (tolerance * fair) if well else 0.0
    else:
        ratio = odds / tolerance if well else 1.0
        found = ratio * (1 - fair + tolerance * fair) / (1 - fair + odds * fair)
    return min(MOST_OF_A_FACT, found)


class Watched:
    """The states of one question about one member: what is kept of each of the odds."""

    def __init__(self, *, strengths: Sequence[float], tolerance: float, promise: float) -> None:
        self._strengths, self._tolerance, self._promise = strengths, tolerance, promise
        self._states = [0.0] * len(strengths)
        self._last_at: dt.datetime | None = None

    def meet(self, well: bool, fair: float, *, at: dt.datetime) -> bool:
        """One fact more; says whether it is enough by now, and then begins with nothing."""
        last, self._last_at = self._last_at, at
        years = 0.0 if last is None else min(YEARS_MOST, max(dt.timedelta(0), at - last) / YEAR)
        among = len(self._states)
        shared = (SHARED * math.fsum(self._states) + self._promise * years) / among
        self._states = [
            ((1 - SHARED) * one + shared)
            * likelihood(well, fair, odds=odds, tolerance=self._tolerance)
            for one, odds in zip(self._states, self._strengths, strict=True)
        ]
        if math.fsum(self._states) < SIGNAL_FROM:
            return False
        self._states = [0.0] * among
        return True


def usual_yes(answers: Sequence[bool]) -> float | None:
    """How likely she says yes, by her own earlier answers; None while too few are known. Errs on
    the safe side, as the frames do."""
    kept = answers[max(0, len(answers) - USUAL_TO) : max(0, len(answers) - USUAL_FROM + 1)]
    if len(kept) < USUAL_LEAST:
        return None
    return 1 - (1 + kept.count(False)) / (1 + len(kept))


def noticed(happened: Iterable[Happened], *, promise: float) -> list[Noticed]:
    """Whoever has become quiet, or is picked far more than an even share, in what a team decided,
    in the order in which it was enough. Each of the two has the whole promise for itself."""
    team, found = Team(promise=promise), list[Noticed]()
    answers: dict[str, list[bool]] = {}
    quiet: dict[str, Watched] = {}
    much: dict[str, Watched] = {}
    for one in happened:
        plain = replace(team.memory, shares={})  # whoever practically always goes is who is meant
        team.meet(one)
        if not isinstance(one, Together):
            for several in (quiet, much):
                _begin_anew(several, one)
            continue
        at = one.order[0]
        told = [facts_of(each, plain, at=at) for each in one.activities]
        for who, said_yes in _answers(one.activities):
            known = answers.setdefault(who, [])
            usual = usual_yes(known)
            known.append(said_yes)
            watched = quiet.setdefault(who, _quiet(promise))
            if usual is not None and watched.meet(said_yes, usual, at=at):
                found.append(Noticed(who=who, said=Unasked.WITHDRAWN, at=at))
        for who, fact in _picks(told):
            watched = much.setdefault(who, _much(promise))
            if watched.meet(fact.well, fact.fair, at=at):
                found.append(Noticed(who=who, said=Unasked.OVERUSED, at=at))
    return found


def _begin_anew(several: dict[str, Watched], one: CaseClosed | Begun) -> None:
    """Her case was closed, or the search begins: nothing of before counts."""
    if isinstance(one, CaseClosed):
        several.pop(one.who, None)
    elif one.is_anew:
        several.clear()


def _quiet(promise: float) -> Watched:
    return Watched(strengths=QUIETER, tolerance=QUIET, promise=promise)


def _much(promise: float) -> Watched:
    return Watched(strengths=MORE, tolerance=MUCH, promise=promise)


def _answers(activities: Iterable[ClosedActivity]) -> Iterator[tuple[str, bool]]:
    """What each who was asked said to each of them: yes where she can come, or went. Whoever was
    away, had something else or was taken off it said nothing by that; nor did a reserve."""
    for one in activities:
        for each in one.candidates:
            if _was_asked(one, each):
                yield each.who, each.left or (each.available is True and not each.refused)


def _was_asked(activity: ClosedActivity, one: Candidate) -> bool:
    in_time = one.invited_at is not None and one.invited_at < activity.begins
    kept_away = one.away or one.has_else or one.excused or one.is_reserve
    return one.is_member and in_time and not kept_away


def _picks(told: Iterable[Mapping[str, Sequence[Fact]]]) -> Iterator[tuple[str, Fact]]:
    """Of what was decided together one choice of people says something of her: the first."""
    first: dict[str, Fact] = {}
    for facts in told:
        for who, several in facts.items():
            for one in several:
                if one.channel is Channel.PICKED:
                    first.setdefault(who, one)
    yield from first.items()
