"""What an open alarm asks for: the next step, the holder again, or nothing yet. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from homeby.watch.rules.deadlines import Wait
from homeby.watch.rules.outage import present_step
from homeby.watch.rules.plans import Plan, Step, Times, ladder, step_at
from homeby.watch.rules.words import (
    EXPIRY_MINUTES_MAX,
    HOLD_MINUTES,
    HOLDER_WAIT_MINUTES,
    PROMPTLY,
    REPEAT_FACTOR,
    SKEW,
    AlarmKind,
    Anchor,
    Phase,
    Target,
)

#: From this repetition on, untaken, it goes round nobody.
ROUNDS_UNTAKEN = 3
#: How far ahead the end of a hold, of an acknowledgement, of a lapsed holder's wait may lie.
HOLDS_WITHIN = dt.timedelta(minutes=HOLD_MINUTES)
EXPIRES_WITHIN = dt.timedelta(minutes=EXPIRY_MINUTES_MAX)
GOES_ON_WITHIN = dt.timedelta(minutes=HOLDER_WAIT_MINUTES)


@dataclass(frozen=True, kw_only=True)
class AlarmFacts:
    """An open alarm as the watch judges it.

    `next_step` indexes the ladder; `ran_at` is when the last step ran, `handed_at` when its first
    message was handed, `impossible` whether all its messages have failed on every channel,
    `last_resort` whether they went to everybody with a role,
    `lapsed` whether an acknowledgement has run out since: the next step then waits for no hour;
    `was_missed` whether its act fell into a time in which nobody watched; `is_gentle` whether it is
    about an act of care, and rises by a person only.
    Where two must take it, `co_holder_id` is the other of them; without a holder, the only one yet.
    """

    times: Times
    plan: Plan
    phase: Phase
    act_at: dt.datetime
    next_step: int = 0
    repeats: int = 0
    wait_minutes: int = 0
    ran_at: dt.datetime | None = None
    handed_at: dt.datetime | None = None
    impossible: bool = False
    last_resort: bool = False
    holder_id: uuid.UUID | None = None
    expires_at: dt.datetime | None = None
    hold_until: dt.datetime | None = None
    lapsed: bool = False
    co_holder_id: uuid.UUID | None = None
    co_expires_at: dt.datetime | None = None
    was_missed: bool = False
    is_gentle: bool = False

    @property
    def holds(self) -> dict[uuid.UUID, dt.datetime]:
        """Until when it is whose."""
        found = ((self.holder_id, self.expires_at), (self.co_holder_id, self.co_expires_at))
        return {who: until for who, until in found if who is not None and until is not None}


@dataclass(frozen=True, kw_only=True)
class Run:
    """Run a step: tell `targets`. `index` is its place in the ladder, `skipped` how many earlier
    steps it takes along, `repeat` the how-manyth repetition of the last step, `following` the place
    of the step that is next; a step run before its hour comes again at its hour if kin wait for
    it, who are promised the hour and not told before. `rises`: the last step again because the
    phase has risen; its repetitions begin anew. `spares`: who has taken it, alone of two."""

    index: int
    phase: Phase
    targets: tuple[Target, ...]
    people: tuple[uuid.UUID, ...]
    wait_minutes: int
    repeat: int = 0
    skipped: int = 0
    previous_reached_nobody: bool = False
    comes_again: bool = False
    rises: bool = False
    spares: uuid.UUID | None = None

    @property
    def is_first(self) -> bool:
        """Whether its targets hear it for the first time: the party and kin hear no repetition."""
        return not self.repeat and not self.rises

    @property
    def rings_all(self) -> bool:
        """Whether it rings those, too, whom it went round: nobody took it in all this time, and an
        alarm that is lost is worse."""
        untaken = self.repeat >= ROUNDS_UNTAKEN and self.spares is None
        return untaken and self.phase is not Phase.UNCERTAINTY

    @property
    def following(self) -> int:
        """The place in the ladder of the step after this one."""
        return self.index if self.comes_again else self.index + 1


@dataclass(frozen=True, kw_only=True)
class Lapse:
    """The acknowledgement of these people has expired: ask them again, then go on above."""

    phase: Phase
    act_at: dt.datetime
    people: tuple[uuid.UUID, ...]


def phase_at(facts: AlarmFacts, *, now: dt.datetime) -> Phase:
    """The phase now; it never falls, and only a person sets DISTRESS."""
    rises = facts.phase is Phase.UNCERTAINTY and not facts.is_gentle
    if rises and now >= facts.times.call_out_at:
        return Phase.ALERT
    return facts.phase


def believable(facts: AlarmFacts, *, now: dt.datetime) -> AlarmFacts:
    """The facts without instants that lie further ahead than they can: a clock wrote them that has
    been set back since, a moment ago as far as anybody knows. Nobody waits for such an instant (one
    look that is a day ahead would silence an alarm for a day)."""

    def at_most(at: dt.datetime | None, ahead: dt.timedelta) -> dt.datetime | None:
        return now + ahead if at is not None and at > now + ahead + SKEW else at

    lapsed = facts.ran_at is None and facts.holder_id is None
    latest = now + GOES_ON_WITHIN if facts.act_at > now + GOES_ON_WITHIN + SKEW else facts.act_at
    handed_ahead = facts.handed_at is not None and facts.handed_at > now + SKEW
    return replace(
        facts,
        act_at=latest if lapsed else facts.act_at,
        ran_at=at_most(facts.ran_at, dt.timedelta(0)),
        handed_at=None if handed_ahead else facts.handed_at,
        hold_until=at_most(facts.hold_until, HOLDS_WITHIN),
        expires_at=at_most(facts.expires_at, EXPIRES_WITHIN),
        co_expires_at=at_most(facts.co_expires_at, EXPIRES_WITHIN),
    )


def decide_alarm(facts: AlarmFacts, *, now: dt.datetime) -> Run | Lapse | Wait:
    """What an open alarm asks for now. Biggest question first: has the phase risen?

    Passing the call-out time breaks an acknowledgement given before it: whoever took an uncertainty
    has not taken an alert (P1 counts from `call_out_at`). Where two must take it, one alone holds
    up no step; each acknowledgement runs out on its own, and then the steps go on.
    """
    phase = phase_at(facts, now=now)
    if facts.hold_until is not None and now < facts.hold_until:
        return Wait(act_at=facts.hold_until)
    if phase is not facts.phase:
        return _next_run(facts, phase, now=now)
    if gone := {who: at for who, at in facts.holds.items() if at <= now}:
        return _after_silence(facts, phase, gone, now=now)
    if facts.expires_at is not None:
        return Wait(act_at=_before_call_out(facts.expires_at, facts, phase, now))
    earliest = _earliest_next(facts, now=now)
    if now < earliest:
        return Wait(act_at=_before_call_out(earliest, facts, phase, now))
    return replace(_next_run(facts, phase, now=now), spares=facts.co_holder_id)


def _after_silence(
    facts: AlarmFacts, phase: Phase, gone: dict[uuid.UUID, dt.datetime], *, now: dt.datetime
) -> Run | Lapse:
    """The acknowledgement of these has run out. They are asked again; if that should have been
    while nobody watched, and their few minutes are over too, the steps go on at once."""
    over = min(gone.values()) + dt.timedelta(minutes=HOLDER_WAIT_MINUTES) <= now
    if facts.was_missed and over:
        left = next((who for who in facts.holds if who not in gone), None)
        run = _next_run(replace(facts, lapsed=True), phase, now=now)  # and those who were silent
        return replace(run, spares=left)
    return Lapse(phase=phase, act_at=_after_lapse(facts, phase, now=now), people=tuple(gone))


def _after_lapse(facts: AlarmFacts, phase: Phase, *, now: dt.datetime) -> dt.datetime:
    """When the steps go on: whoever is asked again has a few minutes. One alone of two held up no
    step, and the next is not put off by asking."""
    at = now + dt.timedelta(minutes=HOLDER_WAIT_MINUTES)
    if facts.expires_at is None:
        at = max(now, min(at, _earliest_next(facts, now=now)))
    return _before_call_out(at, facts, phase, now)


def _before_call_out(
    at: dt.datetime, facts: AlarmFacts, phase: Phase, now: dt.datetime
) -> dt.datetime:
    """No wait reaches over the call-out time, nor over the end of an acknowledgement."""
    ends = [facts.expires_at, facts.co_expires_at]
    if phase is Phase.UNCERTAINTY:
        ends.append(facts.times.call_out_at)
    return min([at, *(end for end in ends if end is not None and end > now)])


def _earliest_next(facts: AlarmFacts, *, now: dt.datetime) -> dt.datetime:
    """When the next step may run: at its offset, but not before the wait since the last was handed
    or found impossible. A step that could not be handed at all waits for nothing."""
    steps = ladder(facts.plan, facts.times)
    repeating = facts.next_step >= len(steps)
    offset = now if repeating else step_at(steps[facts.next_step], facts.times)
    if facts.phase is Phase.DISTRESS:
        offset = now
    if facts.impossible and not (repeating and facts.last_resort):
        return now  # the last step too is followed at once, by everybody
    if facts.lapsed:
        return facts.act_at  # nobody has it: the next people need not wait for their hour
    if facts.ran_at is None:
        return max(offset, facts.act_at)
    pause = repeat_pause(facts.plan, facts.repeats) if repeating else facts.wait_minutes
    since = facts.ran_at
    if facts.handed_at is not None and facts.handed_at - since > PROMPTLY:
        since = facts.handed_at
    return max(offset, since + dt.timedelta(minutes=pause))


def repeat_pause(plan: Plan, repeats: int) -> float:
    """Minutes to the next repetition of the last step: half as long again each time, up to the
    plan's maximum, for ever."""
    grown = plan.repeat_minutes * REPEAT_FACTOR ** min(repeats, 20)
    return min(grown, max(plan.repeat_minutes, plan.repeat_minutes_max))


def _next_run(facts: AlarmFacts, phase: Phase, *, now: dt.datetime) -> Run:
    steps = ladder(facts.plan, facts.times)
    assert steps, "a usable plan has steps from the due time on"
    last = len(steps) - 1
    reached_nobody = facts.impossible  # also when it was the lapsed holder who was asked
    if facts.next_step > last:
        step = steps[last]
        return Run(
            index=last,
            phase=phase,
            targets=step.targets,
            people=step.people,
            wait_minutes=step.wait_minutes,
            repeat=0 if phase is not facts.phase else facts.repeats + 1,
            rises=phase is not facts.phase,
            previous_reached_nobody=reached_nobody,
        )
    index = _present_step(steps, facts, phase, now=now)
    if facts.was_missed:
        index = max(index, present_step(steps, facts.times, now=now))
    taken_along = steps[min(index, facts.next_step) : index + 1]
    before_its_hour = facts.lapsed and step_at(steps[index], facts.times) > now
    names_kin = any(Target.KIN in step.targets for step in taken_along)
    kin_wait = names_kin and (before_its_hour or index < facts.next_step)
    if kin_wait and not any(_but_kin(step) for step in taken_along):
        taken_along = (_nearest_but_kin(steps, index),)
    told = (_but_kin(step) if kin_wait else step.targets for step in taken_along)
    return Run(
        index=index,
        phase=phase,
        targets=tuple(dict.fromkeys(target for targets in told for target in targets)),
        people=tuple(dict.fromkeys(p for step in taken_along for p in step.people)),
        wait_minutes=steps[index].wait_minutes,
        skipped=max(0, index - facts.next_step),
        previous_reached_nobody=reached_nobody,
        comes_again=kin_wait and before_its_hour,
    )


def _but_kin(step: Step) -> tuple[Target, ...]:
    return tuple(target for target in step.targets if target is not Target.KIN)


def _nearest_but_kin(steps: Sequence[Step], index: int) -> Step:
    """In place of a step that tells kin alone, who must wait: the last step before it, else the
    first after it, that tells anybody else. A step that told nobody would be followed at once, and
    kin be called before the hour they were promised."""
    near = (*reversed(steps[:index]), *steps[index + 1 :])
    return next((step for step in near if _but_kin(step)), steps[index])


def _present_step(
    steps: Sequence[Step], facts: AlarmFacts, phase: Phase, *, now: dt.datetime
) -> int:
    """The step to run: the next one, or the first of the call-out when that time has come first.
    People of the steps left out are taken along. At the call-out time, with no step due before a
    later hour, the people of the step before hear that the time has passed."""
    following = range(facts.next_step, len(steps))
    call_outs = (index for index in following if steps[index].anchor is Anchor.CALL_OUT)
    first = next(call_outs, facts.next_step)
    if phase is Phase.DISTRESS:
        return first
    if phase is Phase.UNCERTAINTY or phase is facts.phase:
        return facts.next_step
    early = step_at(steps[first], facts.times) > now
    return facts.next_step - 1 if early and facts.next_step else first


def next_look(run: Run, facts: AlarmFacts, *, now: dt.datetime) -> dt.datetime:
    """When to look at an alarm again after a step ran `now`."""
    steps = ladder(facts.plan, facts.times)
    if run.following < len(steps):
        pause: float = run.wait_minutes
        offset = step_at(steps[run.following], facts.times)
    else:
        pause, offset = repeat_pause(facts.plan, run.repeat), now
    if run.phase is Phase.DISTRESS:
        offset = now
    at = max(offset, now + dt.timedelta(minutes=pause))
    return _before_call_out(at, facts, run.phase, now)


def taken_until(
    person_id: uuid.UUID,
    *,
    fresh_at: dt.datetime,
    holder_id: uuid.UUID | None,
    expires_at: dt.datetime | None,
    held_by: Sequence[str],
) -> dt.datetime:
    """Until when an alarm is whose who takes it now: `fresh_at`, but for somebody who gave it away
    and gets it back. Passed round in a ring it runs out as if it had stayed, and its steps go on:
    else two people who hand it to each other would silence it for ever."""
    goes_round = holder_id not in (None, person_id) and str(person_id) in held_by
    return min(fresh_at, expires_at) if goes_round and expires_at is not None else fresh_at


def hold_after_heard(facts: AlarmFacts, *, held_step: int, now: dt.datetime) -> dt.datetime | None:
    """Until when "heard" holds the next step: 20 min, once for each step (`DESIGN.md` 6)."""
    if held_step >= facts.next_step + facts.repeats or facts.phase is Phase.DISTRESS:
        return None
    return now + dt.timedelta(minutes=HOLD_MINUTES)


def most_urgent_first(
    phase: Phase, kind: AlarmKind, due_at: dt.datetime
) -> tuple[int, dt.datetime]:
    """Order of alarms: distress, then alert, then uncertainty; the longest overdue first."""
    rank = {Phase.DISTRESS: 0, Phase.ALERT: 1, Phase.UNCERTAINTY: 2}[phase]
    return (0 if kind is AlarmKind.HELP else rank, due_at)
