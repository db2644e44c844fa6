"""Who is resting, by which rule, and until when. Pure: it advises and blocks no way home.

Rest starts from the release, not from the gate. A duty nobody was released from goes on. Duties
that overlap or touch are one. Where a rest was broken, the work before and after it counts
together, so that nobody rests less for having been called in between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from homeby.readiness.rules.duties import (
    Asked,
    Found,
    Past,
    RestFacts,
    half_day_from,
    hours,
    merged,
)
from homeby.readiness.rules.limits import JUDGES
from homeby.readiness.rules.packs import DutyKind, Pack, Rule, RuleKind
from homeby.readiness.rules.sleep import Span

#: What these limit is the duty itself, so that they judge none that they do not count.
_OF_THE_DUTY = frozenset({RuleKind.LONGEST_DUTY, RuleKind.HOURS_IN_DAYS, RuleKind.DAYS_IN_A_ROW})
#: What these demand starts with the release; before it, they say nothing.
FROM_RELEASE = frozenset(
    {
        RuleKind.REST_AFTER,
        RuleKind.NIGHT_REST,
        RuleKind.WORK_RATIO,
        RuleKind.DAILY_REST,
        RuleKind.WEEKLY_REST,
    }
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """What speaks against a duty: by which rule (None: not released yet, or with an end, that she
    is on another at that time), until when (None: no instant ends it; the duty must be shorter, or
    a release must come first).

    `length` and `count` are what was found, `since` is where that began. `before` is the planned
    duty that would come too early if this one were added. `told` is all that a reader learns of it
    who may not know of the duty behind it: "not before" (None: it is for her as it is).
    """

    pack: Pack | None
    rule: Rule | None
    until: dt.datetime | None
    length: dt.timedelta = dt.timedelta(0)
    count: int = 0
    since: dt.datetime | None = None
    before: dt.datetime | None = None
    told: dt.datetime | None = None


#: Where no hour may be told, "not before" goes on with the clock, as it does of whoever is hurt and
#: waits for a medic (`rest_known.not_before`).
SOON = dt.timedelta(hours=1)


def as_read(
    found: Sequence[Block],
    without: Sequence[Block],
    *,
    begins: dt.datetime,
    now: dt.datetime,
    zone: str,
) -> list[Block]:
    """What speaks against a duty as somebody may read it; `without` is what would, were it for the
    duties alone of which she may know. Of a rest by a rule she reads by which noon or midnight of
    this zone it is over: the exact end less the hours of the rule is when somebody came home."""
    soon = max(begins, now) + SOON

    def told(block: Block) -> dt.datetime:
        ends = block.until if block.rule is not None and block.before is None else None
        return soon if ends is None else half_day_from(ends, zone)

    return [one if one in without else replace(one, told=told(one)) for one in found]


def resting(facts: RestFacts, pack: Pack, *, now: dt.datetime) -> list[Block]:
    """What speaks against any duty at all now: who is resting, and until when."""
    return blocks(facts, pack, begins=now, ends=now, now=now)


def rest_until(found: Sequence[Block]) -> dt.datetime | None:
    """When the last of these blocks ends, as it is read; None where nothing blocks, or one has no
    end yet."""
    ends = [block.told or block.until for block in found]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def blocks(
    facts: RestFacts, pack: Pack, *, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> list[Block]:
    """What speaks against a duty from `begins` to `ends` (one instant: any duty that begins then),
    by the rules of this pack, in their order."""
    on_duty_since = not_released(facts, begins=begins, now=now)
    return _blocks(_Question(facts, Past(facts, now=now), begins, ends), pack, on_duty_since)


class _Question(NamedTuple):
    """What is asked of every rule of a pack, of a duty of this kind; `added`: a duty of the kind
    `added_as` besides, just before this one."""

    facts: RestFacts
    past: Past
    begins: dt.datetime
    ends: dt.datetime
    added: Span | None = None
    kind: DutyKind = DutyKind.WORK
    added_as: DutyKind = DutyKind.WORK


def _blocks(of: _Question, pack: Pack, on_duty_since: dt.datetime | None) -> list[Block]:
    facts, past, begins, ends, added, kind, added_as = of
    assert begins <= ends, "a duty ends after it begins"
    found = []
    silent = FROM_RELEASE
    if on_duty_since is None:  # a duty that has ended is not too long any more
        silent = frozenset({RuleKind.LONGEST_DUTY}) if begins == ends else frozenset()
    else:
        found.append(Block(pack=None, rule=None, until=None, since=on_duty_since))
    asked: dict[frozenset[DutyKind], Asked] = {}  # most rules count the same duties
    for rule in pack.rules:
        judge = JUDGES.get(rule.kind)
        if judge is None or rule.kind in silent:
            continue
        if rule.kind in _OF_THE_DUTY and kind not in rule.counts:
            continue
        of_these = asked.get(rule.counts)
        if of_these is None:
            spans = past.before(begins, counts=rule.counts, added=added, kind=added_as)
            of_these = Asked(begins=begins, ends=ends, past=spans, zone=facts.zone)
            asked[rule.counts] = of_these
        answer = judge(rule, of_these)
        if answer is not None:
            found.append(
                Block(
                    pack=pack,
                    rule=rule,
                    until=answer.until,
                    length=answer.length,
                    count=answer.count,
                    since=answer.since,
                )
            )
    return found


def not_released(facts: RestFacts, *, begins: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """Since when she is on a duty that goes on when another would begin; None if on none."""
    going_on = [
        duty.began_at
        for duty in facts.duties
        if duty.released_at is None
        and duty.began_at <= min(now, begins)
        and begins <= max(now, duty.expected_at or now)
    ]
    return min(going_on, default=None)


def both_directions(
    facts: RestFacts, pack: Pack, *, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> list[Block]:
    """What speaks against adding this duty: before it, and for the next one planned that begins
    after it does (not for one instant: of any duty that begins then nobody knows how long it
    lasts). Whatever the rules say, nobody is on two at one time."""
    return of_a_kind(DutyKind.WORK, facts, pack, begins=begins, ends=ends, now=now)


def of_a_kind(
    kind: DutyKind,
    facts: RestFacts,
    pack: Pack,
    *,
    begins: dt.datetime,
    ends: dt.datetime,
    now: dt.datetime,
) -> list[Block]:
    """The same of a duty of this kind; a limit that does not count it says nothing of it."""
    past = Past(facts, now=now)
    question = _Question(facts, past, begins, ends, kind=kind)
    found = _blocks(question, pack, not_released(facts, begins=begins, now=now))
    if begins == ends:
        return found
    found += _for_the_next(question, pack, now=now)
    return found or at_one_time(facts, begins=begins, ends=ends, now=now)


#: A mission of more has nights in it, and nobody knows when they sleep: of each of its days so much
#: is taken to be work, what its end asks of the next duty counts from its end, and its days are
#: days on duty, all of them.
ONE_DAY, _WORK = dt.timedelta(days=1), dt.timedelta(hours=12)
_OF_DAYS = frozenset({RuleKind.HOURS_IN_DAYS, RuleKind.WEEKLY_REST, RuleKind.DAYS_IN_A_ROW})
_OF_WORK = frozenset({RuleKind.HOURS_IN_DAYS, RuleKind.WEEKLY_REST})
#: So often a later begin is tried for a mission that a rule does not allow.
_TRIES = 20
_AFTER = frozenset({RuleKind.REST_AFTER, RuleKind.NIGHT_REST, RuleKind.DAYS_IN_A_ROW})


def of_a_mission(
    facts: RestFacts, pack: Pack, *, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> list[Block]:
    """What speaks against going on this mission, in both directions."""
    if ends - begins <= ONE_DAY:
        return both_directions(facts, pack, begins=begins, ends=ends, now=now)
    whole = _Question(facts, Past(facts, now=now), begins, ends)
    on_duty_since = not_released(facts, begins=begins, now=now)
    first = _blocks(whole._replace(ends=begins + _WORK), pack, on_duty_since)
    found = [one for one in first if one.rule is None or one.rule.kind not in _OF_DAYS]
    for rule in pack.rules:
        if rule.kind in _OF_DAYS and (on_duty_since is None or rule.kind not in FROM_RELEASE):
            found += _over_days(whole, pack, rule)
    following = _for_the_next(whole, pack, now=now)
    found += [one for one in following if one.rule is None or one.rule.kind in _AFTER]
    found += _next_after_days(whole, pack, now=now)
    return found or at_one_time(facts, begins=begins, ends=ends, now=now)


class _Days(NamedTuple):
    """The work of a mission day by day, and what was before it, for one rule."""

    rule: Rule
    work: list[Span]
    before: tuple[Span, ...]
    zone: str

    def broken(self, *, later: dt.timedelta = dt.timedelta(0)) -> tuple[Found, dt.datetime] | None:
        """What the rule finds in the first of its days that it does not allow, and when that day
        begins, were the mission so much later."""
        own: list[Span] = []
        for begins, ends in self.work:
            day = (begins + later, ends + later)
            past = merged([*self.before, *own])
            asked = Asked(begins=day[0], ends=day[1], past=past, zone=self.zone)
            answer = JUDGES[self.rule.kind](self.rule, asked)
            if answer is not None:
                return answer, day[0]
            if DutyKind.WORK in self.rule.counts:
                own.append(day)
        return None

    def until(self) -> dt.datetime | None:
        """When it would have to begin for the rule to allow it; None where it breaks the rule by
        itself, or no later begin was found."""
        if self._replace(before=()).broken():
            return None
        if self.rule.kind is RuleKind.WEEKLY_REST:  # with a whole rest before it
            return self.before[-1][1] + hours(self.rule.hours)
        later = dt.timedelta(0)
        for _try in range(_TRIES):
            found = self.broken(later=later)
            if found is None:
                return self.work[0][0] + later
            answer, begins = found
            if answer.until is None or answer.until <= begins:
                break
            later += answer.until - begins
        return None


def _over_days(whole: _Question, pack: Pack, rule: Rule) -> list[Block]:
    """What a rule about several days finds in a mission of several."""
    work = _work_of(whole.begins, whole.ends)
    if rule.kind is RuleKind.DAYS_IN_A_ROW:
        work = [(whole.begins, whole.ends)]
    before = whole.past.before(whole.begins, counts=rule.counts)
    days = _Days(rule, work, before, whole.facts.zone)
    found = days.broken()
    if found is None:
        return []
    said = {name: getattr(found[0], name) for name in ("length", "count", "since")}
    return [Block(pack=pack, rule=rule, until=days.until(), **said)]


def _work_of(begins: dt.datetime, ends: dt.datetime) -> list[Span]:
    """The work of a mission, as far as anybody knows: the first hours of each of its days."""
    found = []
    while begins < ends:
        found.append((begins, min(begins + _WORK, ends)))
        begins += ONE_DAY
    return found


def _next_after_days(whole: _Question, pack: Pack, *, now: dt.datetime) -> list[Block]:
    """What a rule of hours in days or of weekly rest finds in the next duty that is planned after a
    mission of several days, its work taken day by day; not what it finds without the mission."""
    after = min((one for one in whole.facts.duties if one.began_at > whole.begins), default=None)
    if after is None:
        return []
    next_at = after.began_at
    until = max(next_at, after.released_at or after.expected_at or next_at)
    of_next = _work_of(next_at, until) if until - next_at > ONE_DAY else [(next_at, until)]
    added = [(one, min(end, next_at)) for one, end in _work_of(*whole[2:4]) if one < next_at]
    goes_on = not_released(whole.facts, begins=next_at, now=now) is not None
    found = []
    for rule in pack.rules:
        is_silent = (goes_on and rule.kind in FROM_RELEASE) or after.kind not in rule.counts
        if rule.kind not in _OF_WORK or is_silent or DutyKind.WORK not in rule.counts:
            continue
        before = whole.past.before(next_at, counts=rule.counts)
        days = _Days(rule, of_next, merged([*before, *added]), whole.facts.zone)
        broken = days.broken()
        if broken is not None and days._replace(before=before).broken() is None:
            said = {
                name: getattr(broken[0], name) for name in ("until", "length", "count", "since")
            }
            found.append(Block(pack=pack, rule=rule, before=next_at, **said))
    return found


def at_one_time(
    facts: RestFacts, *, begins: dt.datetime, ends: dt.datetime, now: dt.datetime
) -> list[Block]:
    """The first duty that overlaps this one, such as one that begins in the same instant: no rule
    counts it as before or after, and no word about a rest lifts it."""
    there = min(  # asked of everybody against whom nothing else speaks: looked through once
        (
            (began_at, last)
            for began_at, released_at, expected_at, _kind in facts.duties
            if began_at < ends and begins < (last := released_at or max(now, expected_at or now))
        ),
        default=None,
    )
    return [] if there is None else [Block(pack=None, rule=None, until=there[1], since=there[0])]


def _for_the_next(question: _Question, pack: Pack, *, now: dt.datetime) -> list[Block]:
    """What the next duty that begins after this one would break if this one were added."""
    facts, past, begins, ends, _, kind, _ = question
    after = [duty for duty in facts.duties if duty.began_at > begins]
    if not after:
        return []
    following = min(after, key=lambda duty: duty.began_at)
    next_at = following.began_at
    until = max(next_at, following.released_at or following.expected_at or next_at)
    # What is added is released, so nobody is on duty since it.
    on_duty_since = not_released(facts, begins=next_at, now=now)
    next_one = _Question(facts, past, next_at, until, kind=following.kind)
    added = next_one._replace(added=(begins, ends), added_as=kind)
    then = _blocks(added, pack, on_duty_since)
    already = {one.rule for one in _blocks(next_one, pack, on_duty_since)} if then else set()
    return [replace(one, before=next_at) for one in then if one.rule not in already]
