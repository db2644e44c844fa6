"""When a worry begins, who is told next, and when to look again. Pure.

Keeps promises 1-5: overdue from `due_at` even if nobody ever checked in; steps go on until a human
takes the alarm; an acknowledgement lapses; an empty step waits for nothing; the last step repeats
for ever, slower. Sources: `DESIGN.md` 6 (Overdue, Ending an alarm), `FIELD.md` 4 rules 1-12,
phases from ICAO Annex 12.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare


class Phase(StrEnum):
    """How worried we are (ICAO Annex 12)."""

    UNCERTAINTY = "UNCERTAINTY"  # overdue
    ALERT = "ALERT"  # the call-out time has passed
    DISTRESS = "DISTRESS"  # SOS, HELP, or a person says so


class Anchor(StrEnum):
    """What a step's offset counts from."""

    DUE = "DUE"
    CALL_OUT = "CALL_OUT"


class Target(StrEnum):
    """Whom a step tells; resolved when the step runs, never before."""

    PARTY = "PARTY"
    LEADER = "LEADER"
    DUTY_OFFICER = "DUTY_OFFICER"
    DEPUTY = "DEPUTY"
    TEAM_LEADERS = "TEAM_LEADERS"
    EVERY_LEADER = "EVERY_LEADER"
    KIN = "KIN"
    NAMED = "NAMED"


class DeadlineKind(StrEnum):
    """What we wait to hear."""

    RETURN = "RETURN"
    CHECK_IN = "CHECK_IN"


class DeadlineState(StrEnum):
    """OPEN deadlines have an `act_at`; the others never act again."""

    OPEN = "OPEN"
    MET = "MET"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


class AlarmKind(StrEnum):
    """Why an alarm was opened."""

    OVERDUE = "OVERDUE"
    MISSED_CHECK_IN = "MISSED_CHECK_IN"
    HELP = "HELP"
    NOT_JUDGED = "NOT_JUDGED"


class AlarmState(StrEnum):
    """An open alarm always has a next act; only people end it."""

    OPEN = "OPEN"
    ENDED = "ENDED"


class Ending(StrEnum):
    """The two ways an alarm ends, both by a human."""

    SIGNED_IN = "SIGNED_IN"
    STOOD_DOWN = "STOOD_DOWN"


HOLD_MINUTES = 20  # how long "heard" holds the next step
HOLDER_WAIT_MINUTES = 5  # how long a lapsed holder has before the steps go on
REPEAT_FACTOR = 1.5  # the last step repeats, slower each time
PROMPTLY = dt.timedelta(seconds=5)  # handed within this counts as handed when the step ran
STEPS_MAX = 50
EXPIRY_MINUTES_MIN, EXPIRY_MINUTES_MAX = 5, 120


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of an escalation plan: at `offset_minutes` from its anchor, tell `targets`; the next
    step waits at least `wait_minutes` from when this one was handed or found impossible."""

    anchor: Anchor
    offset_minutes: int
    targets: tuple[Target, ...]
    wait_minutes: int = 5
    people: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An escalation plan. The last step repeats every `repeat_minutes`, slower up to a maximum."""

    id: uuid.UUID
    name: str
    steps: tuple[Step, ...]
    repeat_minutes: int = 10
    repeat_minutes_max: int = 60


@dataclass(frozen=True, kw_only=True)
class Times:
    """Expected back and call-out time of one deadline or alarm."""

    due_at: dt.datetime
    call_out_at: dt.datetime


def step_at(step: Step, times: Times) -> dt.datetime:
    """The instant of a step's offset. A step of the call-out never comes before the due time: with
    a short grace it would turn into a reminder, and be missing when help is called."""
    offset = dt.timedelta(minutes=step.offset_minutes)
    if step.anchor is Anchor.DUE:
        return times.due_at + offset
    return max(times.call_out_at + offset, times.due_at)


def in_order(plan: Plan, times: Times) -> tuple[Step, ...]:
    """The steps in the order of their instants; a short grace may bring call-out steps forward."""
    return tuple(sorted(plan.steps, key=lambda step: step_at(step, times)))


def reminders(plan: Plan, times: Times) -> tuple[Step, ...]:
    """Steps before the due time: they remind and open no alarm."""
    return tuple(s for s in in_order(plan, times) if step_at(s, times) < times.due_at)


def ladder(plan: Plan, times: Times) -> tuple[Step, ...]:
    """Steps from the due time on: what an alarm runs through."""
    return tuple(s for s in in_order(plan, times) if step_at(s, times) >= times.due_at)


def carry_on(plan: Plan, next_step: int, *, was: Times, now: Times) -> int:
    """Where a ladder goes on when the times move under it: the first step that has not run yet. A
    step may come twice, never not at all."""
    if was == now:
        return next_step
    ran = ladder(plan, was)[:next_step]
    for index, step in enumerate(ladder(plan, now)):
        if step not in ran:
            return index
    return len(ladder(plan, now))


def _problems_with_step(number: int, step: Step) -> list[str]:
    problems = []
    if not step.targets:
        problems.append(f"Step {number} tells nobody; choose at least one.")
    if Target.NAMED in step.targets and not step.people:
        problems.append(f"Step {number} tells named people, but names none.")
    if not 0 <= step.wait_minutes <= 240:
        problems.append(f"Step {number}: the wait must be 0 to 240 minutes.")
    if abs(step.offset_minutes) > 7 * 24 * 60:
        problems.append(f"Step {number}: the offset must be within a week.")
    return problems


def problems_with_plan(steps: Sequence[Step]) -> list[str]:
    """Sentences about what makes a plan unsafe; empty when it may be used."""
    if not steps:
        return ["A plan needs at least one step."]
    problems = []
    if len(steps) > STEPS_MAX:
        problems.append(f"A plan has at most {STEPS_MAX} steps; this one has {len(steps)}.")
    for number, step in enumerate(steps, start=1):
        problems += _problems_with_step(number, step)
    watchers = {Target.DUTY_OFFICER, Target.EVERY_LEADER}
    prompt = [
        s
        for s in steps
        if s.offset_minutes <= 0 and s.anchor is Anchor.CALL_OUT and watchers & set(s.targets)
    ]
    if not prompt:
        problems.append(
            "At the call-out time itself a step must tell the duty officer or every leader."
        )
    return problems


# --- a deadline that is still open ---------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DeadlineFacts:
    """An open deadline as the watch judges it; `next_step` counts its reminders."""

    times: Times
    plan: Plan
    next_step: int


@dataclass(frozen=True, kw_only=True)
class Remind:
    """Tell the reminder's targets, look again at `act_at`."""

    step: Step
    next_step: int
    act_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Open:
    """The due time has passed: open an alarm (or join the one that is open)."""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """Nothing to do before `act_at`."""

    act_at: dt.datetime


def first_act(plan: Plan, times: Times, *, now: dt.datetime) -> tuple[int, dt.datetime]:
    """Where a new deadline begins: reminders already past are skipped, not sent late."""
    before = reminders(plan, times)
    for index, step in enumerate(before):
        at = step_at(step, times)
        if at >= now:
            return index, at
    return len(before), times.due_at


def decide_deadline(facts: DeadlineFacts, *, now: dt.datetime) -> Remind | Open | Wait:
    """What an open deadline asks for now."""
    if now >= facts.times.due_at:
        return Open()
    before = reminders(facts.plan, facts.times)
    if facts.next_step >= len(before):
        return Wait(act_at=facts.times.due_at)
    at = step_at(before[facts.next_step], facts.times)
    if now < at:
        return Wait(act_at=at)
    index, act_at = facts.next_step + 1, facts.times.due_at
    if index < len(before):
        act_at = min(act_at, step_at(before[index], facts.times))
    return Remind(step=before[facts.next_step], next_step=index, act_at=act_at)


# --- an open alarm -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AlarmFacts:
    """An open alarm as the watch judges it.

    `next_step` indexes the ladder; `ran_at` is when the last step ran, `handed_at` when its first
    message was handed, `impossible` whether all its messages have failed on every channel.
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
    holder_id: uuid.UUID | None = None
    expires_at: dt.datetime | None = None
    hold_until: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """Run a step: tell `targets`. `index` is its place in the ladder, `skipped` how many earlier
    steps it takes along, `repeat` the how-manyth repetition of the last step."""

    index: int
    phase: Phase
    targets: tuple[Target, ...]
    people: tuple[uuid.UUID, ...]
    wait_minutes: int
    repeat: int = 0
    skipped: int = 0
    previous_reached_nobody: bool = False


@dataclass(frozen=True, kw_only=True)
class Lapse:
    """The acknowledgement has expired: ask the holder again, then go on above."""

    phase: Phase
    act_at: dt.datetime


def phase_at(facts: AlarmFacts, *, now: dt.datetime) -> Phase:
    """The phase now; it never falls, and only a person sets DISTRESS."""
    if facts.phase is Phase.UNCERTAINTY and now >= facts.times.call_out_at:
        return Phase.ALERT
    return facts.phase


def decide_alarm(facts: AlarmFacts, *, now: dt.datetime) -> Run | Lapse | Wait:
    """What an open alarm asks for now. Biggest question first: has the phase risen?

    Passing the call-out time breaks an acknowledgement given before it: whoever took an uncertainty
    has not taken an alert (P1 counts from `call_out_at`).
    """
    phase = phase_at(facts, now=now)
    if facts.hold_until is not None and now < facts.hold_until:
        return Wait(act_at=facts.hold_until)
    rose = phase is not facts.phase
    if facts.expires_at is not None and not rose:
        if now < facts.expires_at:
            return Wait(act_at=_held_until(facts, phase))
        wait = dt.timedelta(minutes=HOLDER_WAIT_MINUTES)
        return Lapse(phase=phase, act_at=_before_call_out(now + wait, facts, phase, now))
    if not rose:
        earliest = _earliest_next(facts, now=now)
        if now < earliest:
            return Wait(act_at=_before_call_out(earliest, facts, phase, now))
    return _next_run(facts, phase, now=now)


def _held_until(facts: AlarmFacts, phase: Phase) -> dt.datetime:
    assert facts.expires_at is not None, "a held alarm has an expiry"
    if phase is Phase.UNCERTAINTY:
        return min(facts.expires_at, facts.times.call_out_at)
    return facts.expires_at


def _before_call_out(
    at: dt.datetime, facts: AlarmFacts, phase: Phase, now: dt.datetime
) -> dt.datetime:
    """No wait reaches over the call-out time."""
    if phase is Phase.UNCERTAINTY and facts.times.call_out_at > now:
        return min(at, facts.times.call_out_at)
    return at


def _earliest_next(facts: AlarmFacts, *, now: dt.datetime) -> dt.datetime:
    """When the next step may run: at its offset, but not before the wait since the last was handed
    or found impossible. A step that could not be handed at all waits for nothing."""
    steps = ladder(facts.plan, facts.times)
    repeating = facts.next_step >= len(steps)
    offset = now if repeating else step_at(steps[facts.next_step], facts.times)
    if facts.phase is Phase.DISTRESS:
        offset = now
    if facts.impossible and not (repeating and facts.repeats):
        return now  # the last step too is followed at once, by its first repetition
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
    reached_nobody = facts.ran_at is not None and facts.impossible
    if facts.next_step > last:
        step = steps[last]
        return Run(
            index=last,
            phase=phase,
            targets=step.targets,
            people=step.people,
            wait_minutes=step.wait_minutes,
            repeat=facts.repeats + 1,
            previous_reached_nobody=reached_nobody,
        )
    index = _present_step(steps, facts, phase)
    taken_along = steps[facts.next_step : index + 1]
    targets = tuple(dict.fromkeys(t for step in taken_along for t in step.targets))
    return Run(
        index=index,
        phase=phase,
        targets=targets,
        people=tuple(dict.fromkeys(p for step in taken_along for p in step.people)),
        wait_minutes=steps[index].wait_minutes,
        skipped=index - facts.next_step,
        previous_reached_nobody=reached_nobody,
    )


def _present_step(steps: Sequence[Step], facts: AlarmFacts, phase: Phase) -> int:
    """The step to run: the next one, or the first of the call-out when that time has come first.
    People of the steps left out are taken along."""
    if phase is Phase.UNCERTAINTY:
        return facts.next_step
    for index in range(facts.next_step, len(steps)):
        if steps[index].anchor is Anchor.CALL_OUT:
            return index if phase is not facts.phase or phase is Phase.DISTRESS else facts.next_step
    return facts.next_step


def next_look(run: Run, facts: AlarmFacts, *, now: dt.datetime) -> dt.datetime:
    """When to look at an alarm again after a step ran `now`."""
    steps = ladder(facts.plan, facts.times)
    if run.index + 1 < len(steps):
        pause: float = run.wait_minutes
        offset = step_at(steps[run.index + 1], facts.times)
    else:
        pause, offset = repeat_pause(facts.plan, run.repeat), now
    if run.phase is Phase.DISTRESS:
        offset = now
    at = max(offset, now + dt.timedelta(minutes=pause))
    return _before_call_out(at, facts, run.phase, now)


# --- people's acts -------------------------------------------------------------------------------


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


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One row of the watch bill. `to_at` None marks a standing watch, which counts when no other
    covers the instant. `aside_at` is when the person said "not fit to watch", `deputy_aside_at`
    when the deputy did, who had the watch then."""

    person_id: uuid.UUID
    deputy_id: uuid.UUID | None
    from_at: dt.datetime
    to_at: dt.datetime | None = None
    aside_at: dt.datetime | None = None
    deputy_aside_at: dt.datetime | None = None

    @property
    def holder_id(self) -> uuid.UUID | None:
        """Who holds this watch; None when neither the person nor the deputy is fit."""
        if self.aside_at is None:
            return self.person_id
        return self.deputy_id if self.deputy_aside_at is None else None


def _on_watch(rows: Sequence[Watch], *, now: dt.datetime) -> list[Watch]:
    here = [r for r in rows if r.from_at <= now and (r.to_at is None or now < r.to_at)]
    fixed = [r for r in here if r.to_at is not None]
    for group in (fixed, [r for r in here if r.to_at is None]):
        if any(r.holder_id is not None for r in group):
            return group
    return []


def officers(rows: Sequence[Watch], *, now: dt.datetime) -> list[uuid.UUID]:
    """Who holds the watch now. Somebody not fit is replaced by the deputy at once."""
    found = [r.holder_id for r in _on_watch(rows, now=now)]
    return list(dict.fromkeys(key for key in found if key is not None))


def deputies(rows: Sequence[Watch], *, now: dt.datetime) -> list[uuid.UUID]:
    """The deputies of the present watch, without those who hold it already."""
    holding = set(officers(rows, now=now))
    found = [r.deputy_id for r in _on_watch(rows, now=now) if r.deputy_aside_at is None]
    return list(dict.fromkeys(key for key in found if key is not None and key not in holding))


def _watch(name: str, label: str, *, erase: Erasure = Erasure.NOTHING_PERSONAL) -> str:
    return declare(name, label, seen_by=Audience.WATCH, erase=erase)


def _mission(name: str, label: str, *, erase: Erasure = Erasure.ERASE_BODY) -> str:
    return declare(name, label, seen_by=Audience.MISSION, erase=erase)


DEADLINE_MET = _mission("DEADLINE_MET", "Heard in time; the deadline is met")
ALARM_OPENED = _mission("ALARM_OPENED", "An alarm was opened")
ALARM_STEPPED = _mission("ALARM_STEPPED", "A step of the escalation plan ran")
ALARM_JOINED = _mission("ALARM_JOINED", "A further missed deadline joined the open alarm")
ALARM_ACKNOWLEDGED = _mission("ALARM_ACKNOWLEDGED", "Somebody took the alarm")
ALARM_RENEWED = _mission("ALARM_RENEWED", "The acknowledgement was renewed")
ALARM_OFFERED = _mission("ALARM_OFFERED", "The alarm was offered to somebody else")
ALARM_LAPSED = _mission("ALARM_LAPSED", "The acknowledgement lapsed")
ALARM_HEARD = _mission("ALARM_HEARD", "The party was heard from; the next step waits")
ALARM_RAISED = _mission("ALARM_RAISED", "A person raised the alarm to DISTRESS")
ALARM_ENDED = _mission("ALARM_ENDED", "The alarm ended")
ALARM_WAITS = _mission("ALARM_WAITS", "The next step was given another time")
REMINDER_SENT = _mission("REMINDER_SENT", "A reminder was sent")
CODE_REFUSED = _watch("CODE_REFUSED", "A wrong code was typed on an alarm page")
PLAN_SET = _watch("PLAN_SET", "An escalation plan was set")
WATCH_PLANNED = _watch("WATCH_PLANNED", "A watch was entered in the watch bill")
WATCH_REMOVED = _watch("WATCH_REMOVED", "A watch was taken from the watch bill")
WATCH_PASSED_ON = _watch("WATCH_PASSED_ON", "The watch was passed to the deputy")
