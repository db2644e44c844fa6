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
from homeby.watch.rules import Plan
from homeby.web import reach, words


@dataclass(frozen=True, kw_only=True)
class Times:
    """The times of a mission that a promise is made of; instants are aware UTC."""

    due_at: dt.datetime
    call_out_at: dt.datetime
    zone: str
    out_at: dt.datetime | None = None  # None: nobody has left yet
    check_in_at: dt.datetime | None = None


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
    """What happens if nobody signs in, by the organisation's plan as it stands. Eight queries."""
    steps = missions.promise(times.due_at, times.call_out_at)
    sentences = _sentences(times, steps, now)
    if steps and (unheard := reach.said_to_party(now=now)):
        sentences.append(unheard)
    return Promise(lines=_lines(times, steps, now), sentences=sentences)


def lines_of(plan: Plan, times: Times, *, now: dt.datetime) -> list[Line]:
    """What happens by a certain plan, for an example."""
    by = watch_rules.Times(due_at=times.due_at, call_out_at=times.call_out_at)
    return _lines(times, missions.promise_of(plan, by), now)


def _lines(times: Times, steps: Sequence[PromiseStep], now: dt.datetime) -> list[Line]:
    found = [
        (times.due_at, 1, "expected_back", _("Expected back.")),
        (times.call_out_at, 3, "call_out", _("Call-out time: help is called.")),
    ]
    if times.out_at is not None:
        found.append((times.out_at, 0, "out", _("Signed out.")))
    elif now < times.due_at:
        found.append((now, 0, "out", _("If they sign out now.")))
    if times.check_in_at is not None:
        found.append((times.check_in_at, 0, "check_in", _("The next check-in.")))
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


def _sentences(times: Times, steps: Sequence[PromiseStep], now: dt.datetime) -> list[str]:
    due = instants.wall(times.due_at, times.zone, now)
    said = [
        _("You are expected back %(due)s, %(span)s.")
        % {"due": due, "span": instants.relative(times.due_at, now)}
    ]
    asked = [step for step in steps if step.phase == "UNCERTAINTY"]
    called = [step for step in steps if step.phase == "ALERT"]
    if asked:
        said.append(_("If you are not back, we tell: %s.") % _told(asked, times))
    if called:
        said.append(
            _("At %(at)s help is called. We tell: %(told)s.")
            % {"at": _clock(times.call_out_at, times), "told": _told(called, times)}
        )
        said.append(_("We go on until a person takes it. Your sign-in ends it."))
    if not steps:
        said.append(_("There is no escalation plan yet, so nobody would be told. Set one first."))
    return said


def _told(steps: Sequence[PromiseStep], times: Times) -> str:
    return "; ".join(f"{_clock(step.at, times)} {words.targets(step.targets)}" for step in steps)


def _clock(at: dt.datetime, times: Times) -> str:
    """The wall time of what follows the expected return, seen from it: its day is told already."""
    return instants.wall(at, times.zone, times.due_at)
