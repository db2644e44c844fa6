"""The promise of a sign-out in words: who will be told what, at which hour (`STORY.md` 63)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.missions import queries as missions
from homeby.missions.queries import PromiseStep
from homeby.watch import rules as watch_rules
from homeby.watch.rules import DeadlineKind, Plan
from homeby.web import reach, words


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times of a mission that a promise is made of; instants are aware UTC."""

    due_at: dt.datetime
    call_out_at: dt.datetime
    zone: str
    out_at: dt.datetime | None = None  # None: nobody has left yet
    check_in: watch_rules.Times | None = None  # the next one, and when help is called without it


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of `_promise.html`."""

    at: dt.datetime
    kind: str
    sentence: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class Promise:
    """The promise as a list along the time and as a few sentences."""

    lines: list[Line]
    sentences: list[str]


def promise(times: Times, *, now: dt.datetime) -> Promise:
    """What happens if nobody signs in, by the plan as it stands. At most ten queries."""
    steps = missions.promise(_of_return(times))
    asked: list[PromiseStep] = []
    if times.check_in is not None:
        asked = missions.promise(times.check_in, DeadlineKind.CHECK_IN)
    lines = sorted([*_lines(times, steps, now), *_check_in_lines(times, asked, now)], key=_order)
    sentences = _sentences(times, steps, asked, now)
    if steps and (unheard := reach.said_to_party(now=now)):
        sentences.append(unheard)
    return Promise(lines=lines, sentences=sentences)


def _of_return(times: Times) -> watch_rules.Times:
    return watch_rules.Times(due_at=times.due_at, call_out_at=times.call_out_at)


def _order(line: Line) -> dt.datetime:
    return line.at


def lines_of(plan: Plan, times: Times, *, now: dt.datetime) -> list[Line]:
    """What happens by a certain plan, for an example."""
    return _lines(times, missions.promise_of(plan, _of_return(times)), now)


def _lines(times: Times, steps: Sequence[PromiseStep], now: dt.datetime) -> list[Line]:
    found = [
        (times.due_at, 1, "expected_back", _("Expected back.")),
        (times.call_out_at, 3, "call_out", _("Call-out time: help is called.")),
    ]
    if times.out_at is not None:
        found.append((times.out_at, 0, "out", _("Signed out.")))
    elif now < times.due_at:
        found.append((now, 0, "out", _("If they sign out now.")))
    for step in steps:
        kind, rank, sentence = _STEPS[step.phase]
        said = str(sentence) % words.targets(step.targets)
        found.append((step.at, rank, kind, said[0].upper() + said[1:]))
    found.sort(key=lambda one: one[:2])
    return [
        Line(at=at, kind=kind, sentence=sentence, passed=at < now)
        for at, _rank, kind, sentence in found
    ]


#: Phase of a step -> its kind on the rail, its rank among things at one instant, what is said.
_STEPS = {
    "REMINDER": ("reminder", 0, gettext_lazy("%s: a reminder.")),
    "UNCERTAINTY": ("step", 2, gettext_lazy("%s: told and asked.")),
    "ALERT": ("step", 4, gettext_lazy("%s: told to act.")),
    "REPEAT": ("repeat", 5, gettext_lazy("%s: told again and again, until a person takes it.")),
}


def _check_in_lines(times: Times, steps: Sequence[PromiseStep], now: dt.datetime) -> list[Line]:
    """The next check-in, and whom its silence tells; its last step is repeated like any other."""
    if times.check_in is None:
        return []
    found = [
        (times.check_in.due_at, "check_in", _("The next check-in.")),
        (times.check_in.call_out_at, "step", _("Still no check-in: help is called.")),
    ]
    for step in steps:
        if step.phase in _WITHOUT_CHECK_IN:
            kind, sentence = _WITHOUT_CHECK_IN[step.phase]
            found.append((step.at, kind, str(sentence) % words.targets(step.targets)))
    return [
        Line(at=at, kind=kind, sentence=sentence, passed=at < now) for at, kind, sentence in found
    ]


#: The same for a check-in that does not come: phase -> kind on the rail, what is said.
_WITHOUT_CHECK_IN = {
    "REMINDER": ("reminder", gettext_lazy("Before the check-in, %s: a reminder.")),
    "UNCERTAINTY": ("step", gettext_lazy("No check-in, %s: told and asked.")),
    "ALERT": ("step", gettext_lazy("No check-in, %s: told to act.")),
}


def _check_in_sentences(times: Times, steps: Sequence[PromiseStep], now: dt.datetime) -> list[str]:
    check_in = times.check_in
    if check_in is None:
        return []
    day = check_in.due_at
    said = [
        _("Check in by %(due)s, %(span)s: one tap, “we are fine”.")
        % {
            "due": instants.wall(check_in.due_at, times.zone, now),
            "span": instants.relative(check_in.due_at, now),
        }
    ]
    asked = [step for step in steps if step.phase == "UNCERTAINTY"]
    called = [step for step in steps if step.phase == "ALERT"]
    if asked:
        said.append(_("If we hear nothing, we tell: %s.") % _told(asked, times, day=day))
    if called:
        said.append(
            _("Without a word help is called at %(at)s. We tell: %(told)s.")
            % {
                "at": _clock(check_in.call_out_at, times, day=day),
                "told": _told(called, times, day=day),
            }
        )
    return said


def _sentences(
    times: Times,
    steps: Sequence[PromiseStep],
    check_in_steps: Sequence[PromiseStep],
    now: dt.datetime,
) -> list[str]:
    due = instants.wall(times.due_at, times.zone, now)
    said = [
        _("You are expected back %(due)s, %(span)s.")
        % {"due": due, "span": instants.relative(times.due_at, now)},
        *_check_in_sentences(times, check_in_steps, now),
    ]
    asked = [step for step in steps if step.phase == "UNCERTAINTY"]
    called = [step for step in steps if step.phase == "ALERT"]
    if asked:
        said.append(_("If you are not back, we tell: %s.") % _told(asked, times, day=times.due_at))
    if called:
        said.append(
            _("At %(at)s help is called. We tell: %(told)s.")
            % {
                "at": _clock(times.call_out_at, times, day=times.due_at),
                "told": _told(called, times, day=times.due_at),
            }
        )
        said.append(_("We go on until a person takes it. Your sign-in ends it."))
    if not steps:
        said.append(_("There is no escalation plan yet, so nobody would be told. Set one first."))
    return said


def _told(steps: Sequence[PromiseStep], times: Times, *, day: dt.datetime) -> str:
    return "; ".join(
        f"{_clock(step.at, times, day=day)} {words.targets(step.targets)}" for step in steps
    )


def _clock(at: dt.datetime, times: Times, *, day: dt.datetime) -> str:
    """The wall time of what follows an instant whose day was told already."""
    return instants.wall(at, times.zone, day)
