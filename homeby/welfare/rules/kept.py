"""A team's state as it is put away and taken out again, to the last bit; what a decision was, in a
few bytes, to notice that a record of it is another one now; and which months are kept. Pure.

A number is written as the shortest text that reads back as the same number.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import zlib
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from homeby.welfare.rules.activities import Together
from homeby.welfare.rules.chances import Share
from homeby.welfare.rules.evidence import QUESTIONS
from homeby.welfare.rules.left_out import Happened, Member, Team
from homeby.welfare.rules.memory import OLDEST, OwnPast, Slot

#: A state of another form is not read but made again from the records.
FORM = 1
_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
DIGEST_BYTES = 16


def _number(at: dt.datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _at(at: dt.datetime | None) -> int | None:
    return None if at is None else _number(at)


def _instant(number: int | None) -> dt.datetime | None:
    return None if number is None else _EPOCH + number * _MICROSECOND


def _sure(number: int) -> dt.datetime:
    return _EPOCH + number * _MICROSECOND


def packed(team: Team) -> bytes:
    """Everything that is kept of a team; the order of its members, too: sums depend on it."""
    memory = team.memory
    times = sorted({_number(at) for known in memory.differences.values() for at, _one in known})
    place = {at: number for number, at in enumerate(times)}
    plain = {
        "form": FORM,
        "promise": team.promise,
        "members": [
            [who, _at(one.last_at), _at(one.since), *(_numbers(one, q.name) for q in QUESTIONS)]
            for who, one in team.members.items()
        ],
        "frames": [
            [kind, [[_at(at), *_slot(slot)] for at, slot in known]]
            for kind, known in memory.frames.items()
        ],
        "shares": [[who, *_share(one)] for who, one in memory.shares.items()],
        "pasts": [
            [who, *_share(one.share), [[_at(at), well, fair] for at, well, fair in one.waiting]]
            for who, one in memory.pasts.items()
        ],
        "times": times,
        "differences": [
            [who, [place[_number(at)] for at, _one in known], [one for _at, one in known]]
            for who, known in memory.differences.items()
        ],
        "last_crew": sorted(memory.last_crew),
        "usual_from": [[who, _at(at)] for who, at in memory.usual_from.items()],
        "met": [[who, _at(at)] for who, at in memory.met.items()],
        "gaps": list(memory.gaps),
        "did_at": _at(memory.did_at),
    }
    return zlib.compress(json.dumps(plain, separators=(",", ":")).encode(), 9)


def _numbers(member: Member, question: str) -> list[float]:
    """At rest is the commonest, and takes no place."""
    state = member.states[question]
    return [float(one) for one in state] if state.any() else []


def _share(one: Share) -> tuple[float, float, float]:
    return one.well, one.fair, one.count


def _slot(slot: Slot) -> list[Any]:
    begins, ends = slot.begins // _MICROSECOND, slot.ends // _MICROSECOND
    return [begins, ends, list(slot.needs), slot.rank_place]


def unpacked(body: bytes) -> Team | None:
    """The team that was put away; None where it has another form, or cannot be read."""
    try:
        plain = json.loads(zlib.decompress(body))
        return _team(plain) if plain["form"] == FORM else None
    except (ValueError, KeyError, TypeError, IndexError, zlib.error):
        return None


def _team(plain: Mapping[str, Any]) -> Team:
    team = Team(promise=plain["promise"])
    memory = team.memory
    for who, last_at, since, *states in plain["members"]:
        team.members[who] = Member(
            states={
                one.name: np.array(numbers) if numbers else one.at_rest(1)[0]
                for one, numbers in zip(QUESTIONS, states, strict=True)
            },
            last_at=_instant(last_at),
            since=_instant(since),
        )
    for kind, known in plain["frames"]:
        memory.frames[kind] = deque((_sure(at), _slot_of(*slot)) for at, *slot in known)
    memory.shares = {who: Share(*share) for who, *share in plain["shares"]}
    for who, *share, waiting in plain["pasts"]:
        kept = deque((_sure(at), well, fair) for at, well, fair in waiting)
        memory.pasts[who] = OwnPast(share=Share(*share), waiting=kept)
    times = plain["times"]
    for who, places, several in plain["differences"]:
        memory.differences[who] = deque(
            (_sure(times[place]), one) for place, one in zip(places, several, strict=True)
        )
    memory.last_crew = frozenset(plain["last_crew"])
    memory.usual_from = {who: _sure(at) for who, at in plain["usual_from"]}
    memory.met = {who: _sure(at) for who, at in plain["met"]}
    memory.gaps.extend(plain["gaps"])
    memory.did_at = _instant(plain["did_at"])
    return team


def _slot_of(begins: int, ends: int, needs: list[str], rank_place: int | None) -> Slot:
    return Slot(
        begins=begins * _MICROSECOND,
        ends=ends * _MICROSECOND,
        needs=tuple(needs),
        rank_place=rank_place,
    )


def digest(happened: Happened) -> bytes:
    """What happened, in a few bytes: another record of it has others."""
    said = [type(happened).__name__]
    if isinstance(happened, Together):
        _spell([happened.order, happened.activities], said)
    else:
        _spell(happened, said)
    return hashlib.sha256("\n".join(said).encode()).digest()[:DIGEST_BYTES]


def _spell(value: Any, said: list[str]) -> None:
    """One spelling of a record, whatever order its sets are held in."""
    if isinstance(value, frozenset):
        said.append(f"{{{len(value)}")
        said.extend(sorted(map(str, value)))
    elif dataclasses.is_dataclass(value):
        _spell([getattr(value, name) for name in value.__dataclass_fields__], said)
    elif isinstance(value, Mapping):
        _spell([part for key in sorted(value) for part in (key, value[key])], said)
    elif isinstance(value, tuple | list):
        said.append(f"[{len(value)}")
        for one in value:
            _spell(one, said)
    elif isinstance(value, dt.datetime):
        said.append(str(_at(value)))
    else:
        said.append(f"{type(value).__name__} {value}")


def is_kept(month: int, *, newest: int) -> bool:
    """Whether a month (counted through) keeps its state: the newer, the denser. Of ten years there
    are some ten; whatever is kept was kept all the time before."""
    age = newest - month
    return age < 2 or month % (1 << (age.bit_length() - 1)) == 0


#: What a decision saw is kept for three years at most; then a team is made again from how it stood
#: at the turn of a month (`base_at`). What a decision is measured by, and what was decided together
#: with it, is kept as much longer than that month lies back.
KEPT_MOST, TOGETHER_MOST = dt.timedelta(days=3 * 365), dt.timedelta(days=125)
_MONTH = dt.timedelta(days=31)


def base_at(now: dt.datetime) -> dt.datetime:
    """The turn of a month from which on everything is made again."""
    at = (now - KEPT_MOST + OLDEST + TOGETHER_MOST + _MONTH).astimezone(dt.UTC)
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def erased_before(now: dt.datetime) -> dt.datetime:
    """What ended before then has nothing to say to what is made again."""
    return base_at(now) - OLDEST - TOGETHER_MOST


def month_of(at: dt.datetime) -> int:
    """The month of an instant, counted through."""
    return 12 * at.year + at.month - 1
