"""The fair chance of each decision, fixed before its outcome: what evidence is held against. Pure.

Each function gives, for one member, whether a decision went well for her and how likely that was
under an even hand; or nothing, where there was nothing to choose. Source: `LEFTOUT.md` 2.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Who = TypeVar("Who", bound=Hashable)

#: Whether it went well for her, and the fair chance of that.
Told = tuple[bool, float]

#: Fewer frames to compare with say nothing; older ones than these are not looked at.
FRAMES_LEAST, FRAMES_MOST = 12, 56
#: A clash is never held to be rarer than this, however rare it was so far.
RAREST_CLASH = 0.1
#: Late is what comes so far behind the others of the same activity, and with less than half their
#: time.
LATE_HOURS = 6.0
#: Older facts fade by this with each new one: about the last hundred count.
FADING = 0.99
#: Who practically always goes has a seat of her own, as a leader has.
REGULAR_SHARE, REGULAR_COUNT = 0.9, 8.0
#: A habit explains half of what happens at most: the more it may, the blinder it makes.
HABIT_MOST = 0.5
#: Own facts before they say what is usual for her.
OWN_PAST_LEAST = 12.0


def leaning(chance: float, odds: float) -> float:
    """The chance that is left when its odds are multiplied by `odds`."""
    return odds * chance / (1.0 - chance + odds * chance)


def even_share(*, taken: int, pool: int) -> float:
    """The chance of each of `pool` people where `taken` of them are chosen by an even hand."""
    assert 0 <= taken <= pool, "nobody is chosen twice"
    assert pool > 0, "an empty pool is no choice"
    return taken / pool


@dataclass(frozen=True)
class Frame:
    """A time and what is required, laid over the week of the decision: how many of the other
    members it leaves free, of how many, and whether it leaves her able to come."""

    others_free: int
    others: int
    leaves_her: bool

    @property
    def is_of_the_team(self) -> bool:
        """Whether at least half of the others can come."""
        return self.others > 0 and 2 * self.others_free >= self.others


def frame(*, real: Frame, usual: Sequence[Frame]) -> Told | None:
    """Whether the chosen frame left her able to come, against the frames this team chose lately for
    the same kind. If all of them are alike, the chance of a clash is at most what is said here."""
    usual = usual[-FRAMES_MOST:]
    kept = [one for one in usual if one.is_of_the_team]
    clashes = sum(not one.leaves_her for one in kept)
    return frame_of(real=real, looked_at=len(usual), kept=len(kept), clashes=clashes)


def frame_of(*, real: Frame, looked_at: int, kept: int, clashes: int) -> Told | None:
    """The same of frames that are counted already: `kept` of those looked at are of the team, and
    `clashes` of them would not have left her able to come."""
    assert 0 <= clashes <= kept <= looked_at <= FRAMES_MOST, "counted among the frames looked at"
    if looked_at < FRAMES_LEAST or not real.is_of_the_team:
        return None
    clash = min(1.0, max(RAREST_CLASH, (1 + clashes) / (1 + kept)))
    return real.leaves_her, 1.0 - clash


def told_in_time(lead_hours: Mapping[Who, float]) -> dict[Who, Told]:
    """Who was told in time, of those told before the start: `lead_hours` between the telling and
    the start. Nothing where all fared alike. Whom one called later as a reserve is left out
    before."""
    leads = {who: hours for who, hours in lead_hours.items() if hours > 0.0}
    if len(leads) < 2:
        return {}
    middle = statistics.median(leads.values())
    late = {
        who for who, hours in leads.items() if hours < middle / 2 and middle - hours >= LATE_HOURS
    }
    if not late:
        return {}
    fair = 1.0 - len(late) / len(leads)
    return {who: (who not in late, fair) for who in leads}


@dataclass(frozen=True)
class Seats:
    """Seats of one requirement: how many there are, and who of the pool meets it."""

    count: int
    eligible: frozenset[Hashable]


@dataclass(frozen=True)
class Lottery:
    """A draw of some people from a pool, for seats that need the same."""

    pool: frozenset[Hashable]
    taken: frozenset[Hashable]

    @property
    def is_choice(self) -> bool:
        """Whether it could have gone otherwise."""
        return 0 < len(self.taken) < len(self.pool)


def lotteries(*, seats: Sequence[Seats], crew: Collection[Who]) -> list[Lottery]:
    """The lotteries that a choice of people was: for each requirement one, the scarcest first, over
    those who meet it and have no seat yet. Whoever of the crew meets no requirement has a seat
    that nobody else could have had, and is no part of it."""
    groups = sorted(seats, key=lambda one: (len(one.eligible), one.count))
    seated = _seated(groups, crew)
    drawn: list[Lottery] = []
    gone: set[Hashable] = set()
    for number, group in enumerate(groups):
        here = frozenset(who for who, place in seated.items() if place == number)
        drawn.append(Lottery(pool=group.eligible - gone, taken=here))
        gone |= here
    return drawn


def picked(*, seats: Sequence[Seats], crew: Collection[Who]) -> dict[Who, list[Told]]:
    """What those lotteries were for each who was in them: nothing where all or nobody was taken."""
    told: dict[Who, list[Told]] = {}
    for one in lotteries(seats=seats, crew=crew):
        if one.is_choice:
            fair = even_share(taken=len(one.taken), pool=len(one.pool))
            for who in one.pool:
                told.setdefault(who, []).append((who in one.taken, fair))  # type: ignore[arg-type]
    return told


def drawn_apart(drawn: Lottery, regulars: Collection[Who]) -> dict[Hashable, Told]:
    """One lottery where some practically always go: those stand beside it with their seats, where
    a seat and two people remain without them and they are at most half of the pool. What each of
    them had is held against the whole pool: one who goes no more is not taken for one who goes."""
    if not drawn.is_choice:
        return {}
    fair = even_share(taken=len(drawn.taken), pool=len(drawn.pool))
    apart = drawn.pool & frozenset(regulars)
    pool, taken = drawn.pool - apart, drawn.taken - apart
    if not apart or not taken or len(pool) < 2 or 2 * len(apart) > len(drawn.pool):
        return {who: (who in drawn.taken, fair) for who in drawn.pool}
    told: dict[Hashable, Told] = {who: (who in drawn.taken, fair) for who in apart}
    if len(taken) < len(pool):
        even = even_share(taken=len(taken), pool=len(pool))
        told |= {who: (who in taken, even) for who in pool}
    return told


def _seated(groups: Sequence[Seats], crew: Collection[Who]) -> dict[Who, int]:
    """Who of the crew has a seat of which group: as many as possible, the scarcest seats filled
    first (augmenting paths, Kuhn 1955)."""
    at: dict[Who, int] = {}

    def find(place: int, tried: set[Who]) -> bool:
        """Fill one more seat of a group, if need be by moving somebody to another."""
        for who in sorted((one for one in crew if one in groups[place].eligible), key=repr):
            if who in tried or at.get(who) == place:
                continue
            tried.add(who)
            before = at.get(who)
            if before is None or find(before, tried):
                at[who] = place
                return True
        return False

    for place, group in enumerate(groups):
        for _seat in range(group.count):
            if not find(place, set()):
                break
    return at


@dataclass(frozen=True)
class Share:
    """How often it went well, of how much an even hand would have given, in how many facts; older
    ones fade."""

    well: float = 0.0
    fair: float = 0.0
    count: float = 0.0

    def with_fact(self, told: tuple[float, float]) -> Share:
        """One fact later: how well it went (0 to 1), of how much an even hand would have given."""
        went_well, chance = told
        return Share(
            well=FADING * self.well + went_well,
            fair=FADING * self.fair + chance,
            count=FADING * self.count + 1.0,
        )

    @property
    def is_regular(self) -> bool:
        """Whether she practically always goes."""
        return self.count > REGULAR_COUNT and self.well > REGULAR_SHARE * self.count

    def usual(self, chance: float) -> float:
        """A fair chance as her own past makes it usual: never above an even hand."""
        if self.count < OWN_PAST_LEAST:
            return chance
        had = (self.well + 1.0) / (self.count - self.well + 1.0)
        due = (self.fair + 1.0) / (self.count - self.fair + 1.0)
        return leaning(chance, min(1.0, had / due))


def after_habit(chance: float, *, habit: float, was_in_last_crew: bool) -> float:
    """A fair chance where crews repeat: `habit` is the share of choices that only repeat."""
    assert 0.0 <= habit <= HABIT_MOST, "a habit explains half of what happens at most"
    return (habit if was_in_last_crew else 0.0) + (1.0 - habit) * chance


def habit(runs: Sequence[Sequence[float]]) -> float:
    """How far crews repeat: the correlation of neighbours in each member's (went well - chance),
    each about her own mean, so that one who is steadily left out does not look like a habit."""
    products = squares = 0.0
    pairs = facts = 0
    for run in runs:
        if not run:
            continue
        mean = math.fsum(run) / len(run)
        centred = [one - mean for one in run]
        products += math.fsum(a * b for a, b in zip(centred[1:], centred, strict=False))
        squares += math.fsum(one * one for one in centred)
        pairs += len(run) - 1
        facts += len(run)
    if not pairs or squares <= 0.0:
        return 0.0
    return min(HABIT_MOST, max(0.0, (products / pairs) / (squares / facts)))
