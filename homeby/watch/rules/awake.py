"""Is the watch awake? What is known of each part of it as sentences with a level. Pure.

Ages of processes are real seconds; everything else goes by the station's clock, whose `pace` is
that of life outside a demonstration.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from homeby import instants
from homeby.findings import Finding, amber, green, red
from homeby.sentences import gettext as _
from homeby.steady import so_far
from homeby.watch.rules.canary import CANARY_EVERY

FRESH_SECONDS = 60.0
AHEAD_SECONDS = -5.0  # two processes read the time one after the other
UNSENT = dt.timedelta(seconds=120)
_CANARY_SLACK = dt.timedelta(minutes=2)
_DEADLINE_SLACK = dt.timedelta(seconds=60)
_HEARTBEAT_LATE_SECONDS = 180.0
_HEARTBEAT_GONE_SECONDS = 300.0
_APART_SECONDS = 30.0

WATCHKEEPER = "watchkeeper"
AUDITOR = "auditor"
CANARY = "canary"
OUTSIDE = "outside heartbeat"
OUTBOX = "outbox"
DEADLINE = "next deadline"
PAUSE = "pause"
CHANNEL = "channel "  # and its name
PHONES = "duty phones"
LOGBOOK = "logbook"
_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class AuditorFacts:
    """The last look of the auditor that looked last; ages in real seconds."""

    age_seconds: float
    agrees: bool | None
    sentences: tuple[str, ...] = ()
    heartbeat_set: bool = False
    heartbeat_age_seconds: float | None = None
    heartbeat_answer: str = ""
    ahead_seconds: float = 0.0  # our time before that of the other side


@dataclass(frozen=True, kw_only=True)
class ChannelFacts:
    """A channel class on which the watch relies, or through which the canary flies at night."""

    name: str
    handed_at: dt.datetime | None
    has_canary: bool


@dataclass(frozen=True, kw_only=True)
class AwakeFacts:
    """All that is known of the watch."""

    now: dt.datetime
    looks: tuple[tuple[str, float], ...]  # name and age of each watchkeeper's last look
    auditor: AuditorFacts | None
    canary_ended_at: dt.datetime | None
    channels: tuple[ChannelFacts, ...]
    unproven_days: int
    untried_since: dt.datetime | None
    refused_since: dt.datetime | None
    next_due_at: dt.datetime | None
    pace: float = 1.0
    paused_until: dt.datetime | None = None
    doors_until_at: dt.datetime | None = None  # after an outage sign-ins come first
    unproven: tuple[tuple[str, dt.datetime], ...] = ()  # people of the bill, and since when
    on_bill: int = 0
    tests_are_on: bool = True


def awake(facts: AwakeFacts) -> list[Finding]:
    """A finding for each part of the watch, in the order in which an alarm passes them."""
    return [
        *_watchkeepers(facts),
        *_pause(facts),
        _deadline(facts),
        _outbox(facts),
        *_channels(facts),
        *_phones(facts),
        _canary(facts),
        _auditor(facts.auditor),
        _outside(facts.auditor, is_paused=facts.paused_until is not None),
    ]


def logbook(*, copy_why: str, confirmed_why: str, what_to_do: str) -> list[Finding]:
    """What is known of the logbook: that it is a copy, and why; or that a person has said lately
    that it is the live one, although entries are missing. Empty where nobody doubts it."""
    if copy_why:
        live = _("If this is the live station now, stop the other one: homeby live --confirm")
        sentence = _("This is a copy: it sends nothing.")
        return [red(LOGBOOK, f"{sentence} {copy_why}", f"{live}. {what_to_do}")]
    if confirmed_why:
        sentence = _("A person has said within a week that this is the live station, although:")
        return [amber(LOGBOOK, f"{sentence} {confirmed_why}", what_to_do)]
    return []


def _ago(seconds: float) -> str:
    return instants.span(max(1.0, seconds))


def _watchkeepers(facts: AwakeFacts) -> Iterator[Finding]:
    """Those who are awake, each; if nobody is, whoever was the last. One that was ended and started
    again has a new name, so a silent one beside others is no news."""
    start = _(
        "Start the station again (homeby run), and keep count of who is out by hand until then."
    )
    been = [(name, age) for name, age in facts.looks if age >= AHEAD_SECONDS]
    fresh = [(name, age) for name, age in been if age <= FRESH_SECONDS]
    for name, age in sorted(fresh):
        sentence = _("%(name)s looked %(ago)s ago.")
        yield green(WATCHKEEPER, sentence % {"name": name, "ago": _ago(age)})
    if not been:
        yield red(WATCHKEEPER, _("No watchkeeper has ever looked: nobody is watched."), start)
    elif not fresh:
        age = min(age for _name, age in been)
        sentence = _("No watchkeeper has looked for %s: nobody who is out will be missed in time.")
        yield red(WATCHKEEPER, sentence % _ago(age), start)


def _pause(facts: AwakeFacts) -> Iterator[Finding]:
    if facts.paused_until is not None:
        left = (facts.paused_until - facts.now).total_seconds()
        yield amber(
            PAUSE,
            _("The watch is paused for another %s: nobody is missed before.") % _ago(left),
            _("Any duty officer ends it in the office, under Pause the watch."),
        )


def _deadline(facts: AwakeFacts) -> Finding:
    due_at = facts.next_due_at
    if facts.paused_until is not None and due_at is not None and due_at <= facts.now:
        return amber(
            DEADLINE,
            _("A deadline was due %s ago; it is judged when the pause ends.")
            % _ago((facts.now - due_at).total_seconds()),
            _("Look at the board, and keep count of who is out by hand until then."),
        )
    if due_at is None:
        return green(DEADLINE, _("No deadline waits: nobody is out who has no open alarm."))
    if facts.now - max(due_at, facts.doors_until_at or due_at) > _DEADLINE_SLACK * facts.pace:
        return red(
            DEADLINE,
            _("A deadline was due %s ago, and no alarm has opened.")
            % _ago((facts.now - due_at).total_seconds()),
            _("Look at the board now, and call those who are overdue yourself."),
        )
    if due_at <= facts.now:
        return green(DEADLINE, _("The next deadline is due now."))
    return green(
        DEADLINE,
        _("The next deadline is due in %s.") % _ago((due_at - facts.now).total_seconds()),
    )


def _outbox(facts: AwakeFacts) -> Finding:
    untried, refused = facts.untried_since, facts.refused_since
    if untried is not None and facts.now - untried > UNSENT * facts.pace:
        return red(
            OUTBOX,
            _("A message waits for %s, and nobody has tried to send it.")
            % _ago((facts.now - untried).total_seconds()),
            _("Start the station again, and call by telephone whoever must know."),
        )
    if refused is not None and facts.now - refused > UNSENT * facts.pace:
        return amber(
            OUTBOX,
            _("The oldest unsent message was written %s ago; its channels refuse it so far.")
            % _ago((facts.now - refused).total_seconds()),
            _("See whose it is under What people received, and reach them another way."),
        )
    return green(OUTBOX, _("Every message has been handed to a channel."))


def _channels(facts: AwakeFacts) -> Iterator[Finding]:
    for one in facts.channels:
        what = CHANNEL + one.name
        if one.handed_at is not None:
            age = facts.now - one.handed_at
            sentence = _("It last took a message %s ago.") % _ago(age.total_seconds())
            if age <= dt.timedelta(days=facts.unproven_days):
                yield green(what, sentence)
                continue
            sentence = _("Unproven: it last took a message %s ago.") % _ago(age.total_seconds())
        else:
            sentence = _("Unproven: it never took a message.")
        yield amber(what, sentence, _channel_advice(one))


def _channel_advice(one: ChannelFacts) -> str:
    if one.has_canary:
        return _(
            "The canary tries it each night: look at its address and at the channel's settings."
        )
    return _(
        "Send yourself a test from My page, or name an address for the canary in the settings."
    )


def _phones(facts: AwakeFacts) -> Iterator[Finding]:
    """Those on the watch bill of whom nobody knows whether an alarm would reach them."""
    if facts.unproven:
        named = [
            _("%(name)s for %(time)s")
            % {"name": name, "time": _ago((facts.now - at).total_seconds())}
            for name, at in facts.unproven[:_NAMED]
        ]
        more = len(facts.unproven) - _NAMED
        said = "; ".join([*named, *([_("and %d more") % more] if more > 0 else [])])
        yield amber(
            PHONES,
            _("Unproven, for they took no alarm, drill or test that had reached them: %s.") % said,
            _("Call them, and have them look at their telephone and at My page."),
        )
    elif facts.on_bill:
        yield green(PHONES, _("Nobody on the watch bill is unproven."))
    if not facts.tests_are_on:
        yield amber(
            PHONES,
            _("The weekly tests are switched off."),
            _("Set weekly_tests to true, or hold a drill each week."),
        )


def _canary(facts: AwakeFacts) -> Finding:
    what_to_do = _("Start the station again; if it stays so, run homeby doctor.")
    ended_at = so_far(facts.canary_ended_at, facts.now)
    if ended_at is None:
        return red(CANARY, _("The canary has never come through."), what_to_do)
    age = facts.now - ended_at
    if age > CANARY_EVERY + _CANARY_SLACK * facts.pace:
        sentence = _("The canary last came through %s ago: alarms may not find their way either.")
        return red(CANARY, sentence % _ago(age.total_seconds()), what_to_do)
    return green(
        CANARY,
        _("It came through the whole way of an alarm %s ago.") % _ago(age.total_seconds()),
    )


def _auditor(facts: AuditorFacts | None) -> Finding:
    start = _("Start the station again (homeby run): until then nobody checks the watch.")
    if facts is None:
        return red(AUDITOR, _("No auditor has ever looked."), start)
    if facts.age_seconds > FRESH_SECONDS:
        return red(AUDITOR, _("No auditor has looked for %s.") % _ago(facts.age_seconds), start)
    if facts.agrees is None:
        return amber(
            AUDITOR,
            _("The auditor gives the watch two minutes to catch up after a start."),
            _("Look again in two minutes."),
        )
    if not facts.agrees:
        return red(
            AUDITOR,
            " ".join([_("The auditor disagrees with the watch."), *facts.sentences]),
            _("Go by the board and the telephone, not by the alarms, until it agrees again."),
        )
    sentence = _("From the logbook alone it agrees with the watch; it looked %s ago.")
    return green(AUDITOR, sentence % _ago(facts.age_seconds))


def _outside(facts: AuditorFacts | None, *, is_paused: bool) -> Finding:
    if facts is None or not facts.heartbeat_set:
        return amber(
            OUTSIDE,
            _("None is set: if this machine dies, no service outside notices."),
            _("Set heartbeat_url to an address of a healthchecks-compatible service."),
        )
    if is_paused:
        silent = _("While the watch is paused it does not say that all is well.")
        return amber(
            OUTSIDE,
            f"{silent} {facts.heartbeat_answer}".strip(),
            _("It goes on by itself when the pause ends."),
        )
    age, is_awake = facts.heartbeat_age_seconds, facts.age_seconds <= FRESH_SECONDS
    if age is not None and age <= _HEARTBEAT_LATE_SECONDS and is_awake:
        if abs(facts.ahead_seconds) > _APART_SECONDS:
            return _apart(facts.ahead_seconds)
        return green(OUTSIDE, _("It was answered %s ago.") % _ago(age))
    last = _("It was never answered.")
    if age is not None:
        last = _("It was last answered %s ago.") % _ago(age)
    if not (facts.agrees and is_awake):
        withheld = _("It is withheld, so that somebody outside is told.")
        return amber(
            OUTSIDE,
            f"{withheld} {last}",
            _("It goes on by itself once the auditor agrees."),
        )
    gone = age > _HEARTBEAT_GONE_SECONDS if age is not None else bool(facts.heartbeat_answer)
    return (red if gone else amber)(
        OUTSIDE,
        f"{last} {facts.heartbeat_answer}".strip(),
        _("Look at heartbeat_url and at the line to the network."),
    )


def _apart(ahead_seconds: float) -> Finding:
    span = instants.span(abs(ahead_seconds))
    if ahead_seconds > 0:
        sentence = _("It was answered, but by its clock ours is ahead by %s.") % span
    else:
        sentence = _("It was answered, but by its clock ours is behind by %s.") % span
    return amber(
        OUTSIDE, sentence, _("See which one is right; let the network keep the station's clock.")
    )
