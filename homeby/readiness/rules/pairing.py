"""Who went with whom, who likes to, and whose turn it is: for whoever picks a crew (`STORY.md` 80).
Pure. What is said is of times and of wishes, in sentences; no figure of a person, and no order but
who waited longest.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from homeby import instants
from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _

#: So far back it is said who went with whom.
HALF_YEAR = dt.timedelta(days=182)
#: From so many times on, and that being more than half of all her times, others may have a turn.
ROTATES_FROM = 3
WISHES_MOST = 10
#: So many pairs are named; those that went together most often.
NAMED_MOST = 12

PAIR_WISHED = declare(
    "PAIR_WISHED",
    "Somebody said with whom she likes to go",
    seen_by=Audience.PERSON,
    erase=Erasure.ERASE_BODY,
)
PAIR_WISH_ENDED = declare(
    "PAIR_WISH_ENDED",
    "Somebody took back with whom she likes to go",
    seen_by=Audience.PERSON,
    erase=Erasure.ERASE_BODY,
)


class Went(NamedTuple):
    """Somebody was on something (a mission or a duty, by its reference), which began then."""

    ref: str
    person_id: uuid.UUID
    at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two who went together: how often, when last; of how many times of the one who went less."""

    both: tuple[uuid.UUID, uuid.UUID]
    times: int
    last_at: dt.datetime
    of: int

    @property
    def rotates(self) -> bool:
        """Whether others may have a turn: they mostly go with each other."""
        return self.times >= ROTATES_FROM and self.times * 2 > self.of


def pairs(went: Iterable[Went]) -> list[Pair]:
    """Who went together how often, the most often first."""
    on: dict[str, dict[uuid.UUID, dt.datetime]] = {}
    for one in went:
        on.setdefault(one.ref, {})[one.person_id] = one.at
    times: Counter[tuple[uuid.UUID, uuid.UUID]] = Counter()
    own: Counter[uuid.UUID] = Counter()
    last: dict[tuple[uuid.UUID, uuid.UUID], dt.datetime] = {}
    for there in on.values():
        own.update(there.keys())
        for both in combinations(sorted(there, key=str), 2):
            times[both] += 1
            at = max(there[key] for key in both)
            last[both] = max(at, last.get(both, at))
    found = [
        Pair(both=both, times=count, last_at=last[both], of=min(own[both[0]], own[both[1]]))
        for both, count in times.items()
    ]
    return sorted(found, key=lambda one: (-one.times, one.both[0].int, one.both[1].int))


def last_out(went: Iterable[Went]) -> dict[uuid.UUID, dt.datetime]:
    """When each of them was on something last."""
    found: dict[uuid.UUID, dt.datetime] = {}
    for one in went:
        found[one.person_id] = max(one.at, found.get(one.person_id, one.at))
    return found


def by_turn(
    person_ids: Collection[uuid.UUID], last: Mapping[uuid.UUID, dt.datetime]
) -> list[uuid.UUID]:
    """Whoever waited longest comes first; of equals the order stays."""
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(person_ids, key=lambda key: last.get(key, never))


def said_of_pairs(found: Iterable[Pair], *, names: Mapping[uuid.UUID, str], zone: str) -> list[str]:
    """Who went together, in sentences, and where others may have a turn."""
    said = []
    for one in list(found)[:NAMED_MOST]:
        facts = {
            "one": names.get(one.both[0], "?"),
            "other": names.get(one.both[1], "?"),
            "times": one.times,
            "day": instants.day(one.last_at.astimezone(instants.zone_info(zone)).date()),
        }
        if one.rotates:
            text = _(
                "{one} and {other} went together {times} times in half a year, last on {day}, and "
                "mostly with each other: let others have a turn, too, where you can."
            )
        else:
            text = _("{one} and {other}: together {times}x in half a year, last on {day}.")
        said.append(text.format(**facts))
    return said


def said_of_wishes(
    wishes: Collection[tuple[uuid.UUID, uuid.UUID]], *, names: Mapping[uuid.UUID, str]
) -> list[str]:
    """Who likes to go with whom, in sentences: a wish, which binds nobody."""
    of: dict[uuid.UUID, list[str]] = {}
    for person, other in wishes:
        of.setdefault(person, []).append(names.get(other, "?"))
    said = [
        _("{who} likes to go with {others}.").format(
            who=names.get(person, "?"), others=", ".join(sorted(others, key=str.casefold))
        )
        for person, others in of.items()
    ]
    return sorted(said, key=str.casefold)
