"""What stands behind a signal, to be counted again by anybody: since when, which decisions, how
many went well for her and how many by an even hand would have. Counts and dates, no state. Pure.

Source: `LEFTOUT.md` 5.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from homeby.welfare.rules.activities import (
    Begun,
    CaseClosed,
    ClosedActivity,
    Together,
    Who,
    decisions,
)
from homeby.welfare.rules.evidence import Channel, Question
from homeby.welfare.rules.facts import Fact
from homeby.welfare.rules.left_out import Happened, Team, mean_evidence


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one decision said of a member: the facts of each of its activities, by key, none where
    an activity said nothing of her."""

    at: dt.datetime
    facts: tuple[tuple[str, tuple[Fact, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Decisions of one kind in a stretch: how many, how many went well, how many by an even hand
    would have, and the activities they are counted from."""

    channel: Channel
    decisions: int
    well: int
    even: float
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Since when decisions have gone against her, until when, what they were, and which kinds of
    them (`spoke`) it was raised by."""

    since: dt.datetime
    until: dt.datetime
    counted: tuple[Counted, ...]
    spoke: frozenset[Channel]


def said_of(
    who: Who,
    activities: Iterable[ClosedActivity],
    *,
    promise: float,
    until: dt.datetime,
    also: Iterable[CaseClosed | Begun] = (),
) -> list[Said]:
    """What each decision of her team until an instant said of her, in their order. `also`: what
    else counted; what was said before her case was closed, or the search began, speaks no more."""
    team, found = Team(promise=promise), list[Said]()
    happened: list[Happened] = [*decisions(activities), *also]
    for one in sorted(happened, key=lambda one: one.order):
        if one.order[0] > until:
            break
        team.meet(one)
        if isinstance(one, Together):
            found += _said(who, one, team)
        elif one.who == who if isinstance(one, CaseClosed) else one.is_anew:
            found.clear()
    return found


def _said(who: Who, decided: Together, team: Team) -> Iterator[Said]:
    facts = tuple(
        (one.key, tuple(told.get(who, ())))
        for one, told in zip(decided.activities, team.told, strict=True)
    )
    if any(told for _key, told in facts):
        yield Said(at=decided.order[0], facts=facts)


def stretch_of(question: Question, said: Sequence[Said]) -> Stretch | None:
    """The stretch up to the last decision that speaks loudest: for each component the best one that
    ends there (Kadane, one pass), of these the best. None where nothing speaks."""
    score, begins = np.zeros(question.components), np.zeros(question.components, dtype=int)
    for number, one in enumerate(said):
        told = [{"her": list(facts)} if facts else {} for _key, facts in one.facts]
        with np.errstate(divide="ignore"):
            step = np.log(mean_evidence(question, ["her"], told)[0])
        begins = np.where(score > 0.0, begins, number)
        score = np.maximum(score, 0.0) + step
    loudest = int(score.argmax())
    if not score[loudest] > 0.0:
        return None
    kept = said[int(begins[loudest]) :]
    return Stretch(
        since=kept[0].at,
        until=kept[-1].at,
        counted=counted(kept),
        spoke=question.channels[loudest // len(question.strengths)],
    )


def counted(said: Sequence[Said]) -> tuple[Counted, ...]:
    """Decisions counted by what was decided, in the order in which that is decided."""
    found = []
    for channel in Channel:
        facts = [
            (key, one)
            for each in said
            for key, several in each.facts
            for one in several
            if one.channel is channel
        ]
        if facts:
            found.append(
                Counted(
                    channel=channel,
                    decisions=len(facts),
                    well=sum(one.well for _key, one in facts),
                    even=math.fsum(one.even for _key, one in facts),
                    keys=tuple(dict.fromkeys(key for key, _one in facts)),
                )
            )
    return tuple(found)
