"""Who can go: people by fit to what a mission needs, with the count funnel and reasons. Pure.

No figure of a person leaves here: people come in an order, counts are of the crowd. A private
reason (health, kept apart, leave) takes somebody off and is said as "not available" or "not
before". Whoever is taken off can still be sent, by somebody's name and reason: this advises.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from homeby import instants
from homeby.missions.rules import Conditions
from homeby.readiness.rules import currency, rest_said
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.qualifications import Qualifications
from homeby.readiness.rules.rest import Block
from homeby.readiness.rules.sleep import Span
from homeby.sentences import gettext as _


class Sieve(StrEnum):
    """The stages of the funnel, in their order: where somebody is taken off."""

    HOLD = "HOLD"
    VALID = "VALID"
    FREE = "FREE"
    RESTED = "RESTED"
    ALLOWED = "ALLOWED"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The mission: what it needs (each a qualification), from when until when, in which zone;
    `home_zone` is the organisation's, in which the days of a certificate end ("": the same); by its
    kind and conditions minors are judged."""

    mission_id: uuid.UUID
    needs: tuple[str, ...]
    begins: dt.datetime
    ends: dt.datetime
    zone: str
    home_zone: str = ""
    kind: str = ""
    conditions: Conditions = Conditions.NORMAL

    @cached_property
    def last_day(self) -> dt.date:
        """The day of the organisation on which it ends, to whose end papers must hold."""
        return self.ends.astimezone(instants.zone_info(self.home_zone or self.zone)).date()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One person, as these rules need her. `validity` by qualification, on the first day of the
    mission; `busy` are her duties; `blocks` what the rule packs say; `not_before` a medic's or her
    own word; `kept_off` any private reason; `said` what is said of a minor; `last_asked_at` None:
    never asked."""

    person_id: uuid.UUID
    validity: Mapping[str, Validity]
    busy: tuple[Span, ...] = ()
    blocks: tuple[Block, ...] = ()
    not_before: dt.datetime | None = None
    kept_off: bool = False
    said: tuple[str, ...] = ()
    last_asked_at: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One person: for which of the needs she could go now, or where she is taken off and why."""

    person_id: uuid.UUID
    covers: tuple[str, ...]
    taken_off: Sieve | None
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """How many pass each sieve for one need; each count is of those who passed the one before."""

    key: str
    hold: int
    valid: int
    free: int
    rested: int
    allowed: int

    def said(self, known: Qualifications) -> str:
        """The counts in a sentence."""
        name = known[self.key].name if self.key in known else self.key
        return _(
            "{name}: {hold} hold it, {valid} of them validly, {free} are free, {rested} rested, "
            "{allowed} allowed."
        ).format(
            name=name,
            hold=self.hold,
            valid=self.valid,
            free=self.free,
            rested=self.rested,
            allowed=self.allowed,
        )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Everybody in the order of fit, whoever can go first, and a funnel for each need."""

    outcomes: tuple[Outcome, ...]
    funnels: tuple[Funnel, ...]


def who_can_go(
    asked: Asked, candidates: Sequence[Candidate], known: Qualifications, *, now: dt.datetime
) -> Answer:
    """Judge everybody. Fit: whoever covers more of the needs; of equals, whoever was asked longest
    ago; of these, an order that is another for every mission, so that nobody is always last."""
    judged = [_judged(one, asked, known, now=now) for one in candidates]
    funnels = tuple(_funnel(key, judged) for key in dict.fromkeys(asked.needs))
    judged.sort(key=lambda found: _fit(found[0], found[1], asked))
    return Answer(outcomes=tuple(outcome for _one, outcome, _sets in judged), funnels=funnels)


def passes_to_rest(validity: Mapping[str, Validity], busy: Sequence[Span], asked: Asked) -> bool:
    """Whether her rest is asked for at all: of whoever holds nothing of it validly, or has
    something else then, that is said and nothing more."""
    if _clashes(busy, asked):
        return False
    last_day = asked.last_day
    needed = (validity[key] for key in asked.needs if key in validity)
    return not asked.needs or any(one.current_on(last_day) for one in needed)


def _clashes(busy: Sequence[Span], asked: Asked) -> list[Span]:
    return [span for span in busy if span[0] < asked.ends and asked.begins < span[1]]


#: How far somebody came who was taken off there; None: through all of them.
_PLACES: dict[Sieve | None, int] = {
    **{sieve: place for place, sieve in enumerate(Sieve)},
    None: len(Sieve),
}
#: A person, what was found, and for every need the sieves she passed.
_Judged = tuple[Candidate, Outcome, Mapping[str, int]]


def _judged(one: Candidate, asked: Asked, known: Qualifications, *, now: dt.datetime) -> _Judged:
    last_day = asked.last_day
    held = [key for key in asked.needs if _holds(one, key)]
    valid = [key for key in held if one.validity[key].current_on(last_day)]
    sieve, said = _person(one, asked, now=now)
    passed = {key: 1 + (key in valid) for key in held}
    stage = _PLACES[sieve]
    for key in valid:
        passed[key] = stage
    if not valid:
        sieve = Sieve.VALID if held else Sieve.HOLD
        said = _lacking(one, asked, known)
    covers = tuple(dict.fromkeys(valid)) if sieve is None else ()
    outcome = Outcome(person_id=one.person_id, covers=covers, taken_off=sieve, sentences=said)
    return one, outcome, passed


def _holds(one: Candidate, key: str) -> bool:
    found = one.validity.get(key)
    return found is not None and found.standing is not Standing.NOT_HELD


def _lacking(one: Candidate, asked: Asked, known: Qualifications) -> tuple[str, ...]:
    found, last_day = [], asked.last_day
    for key in dict.fromkeys(asked.needs):
        name = known[key].name if key in known else key
        state = one.validity.get(key, Validity(standing=Standing.NOT_HELD))
        if not state.current_on(last_day):
            found.append(currency.said(name, state, day=last_day))
    return tuple(found)


def _person(
    one: Candidate, asked: Asked, *, now: dt.datetime
) -> tuple[Sieve | None, tuple[str, ...]]:
    """The first sieve after the qualifications that takes her off, with every sentence of it."""
    if clash := _clashes(one.busy, asked):
        said = _("On another duty until {until}.").format(
            until=instants.wall(max(span[1] for span in clash), asked.zone, now)
        )
        return Sieve.FREE, (said,)
    if blocks := [block for block in one.blocks if block.told is None]:
        return Sieve.RESTED, tuple(rest_said.sentences(blocks, zone=asked.zone, now=now))
    waits = one.not_before if one.not_before and one.not_before > asked.begins else None
    if one.blocks or waits is not None:  # which of them it is, is not the reader's to know
        why = rest_said.sentences(one.blocks, zone=asked.zone, now=now, not_before_at=waits)
        return Sieve.ALLOWED, tuple(why)
    if one.kept_off:
        return Sieve.ALLOWED, (_("Not available for this mission."),)
    return (Sieve.ALLOWED, one.said) if one.said else (None, ())


def _funnel(key: str, judged: Sequence[_Judged]) -> Funnel:
    passed = [found[2].get(key, 0) for found in judged]
    hold, valid, free, rested, allowed = (
        sum(1 for one in passed if one >= stage) for stage in range(1, len(Sieve) + 1)
    )
    return Funnel(key=key, hold=hold, valid=valid, free=free, rested=rested, allowed=allowed)


def _fit(one: Candidate, outcome: Outcome, asked: Asked) -> tuple[int, int, dt.datetime, bytes]:
    """Whoever comes first: can go at all (of the others, whoever came furthest), covers most,
    waited longest, and then by a draw that the mission decides."""
    stage = _PLACES[outcome.taken_off]
    waited = one.last_asked_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    draw = hashlib.sha256(asked.mission_id.bytes + one.person_id.bytes).digest()
    return -stage, -len(outcome.covers), waited, draw


def can_i_go(outcome: Outcome) -> str:
    """The answer to "can I go?", with its reasons."""
    if outcome.taken_off is None:
        return _("You can go.")
    return _("Only if somebody overrides this by name: {reasons}").format(
        reasons=" ".join(outcome.sentences)
    )


def can_i_go_without(one: Candidate, asked: Asked, *, now: dt.datetime) -> str:
    """The answer to "can I go?" of somebody who holds nothing: that, and what else speaks against
    it."""
    _sieve, said = _person(one, asked, now=now)
    return " ".join((_("You hold nothing yet that a mission may ask for."), *said))
