"""Who rests until when by which rule, and what planners may know of it: the one seam for whoever
asks "who can go?"."""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from django.db import models

from homeby.people import queries as people
from homeby.people.queries.led import of_role
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import Release, RestOverride, RulePack, SleepTold
from homeby.readiness.queries import days
from homeby.readiness.queries.packs import pack_in_use
from homeby.readiness.queries.rest_known import Known, known_of, not_before
from homeby.readiness.queries.rest_read import open_to
from homeby.readiness.rules import overrides
from homeby.readiness.rules.duties import Duty, RestFacts, counted_as
from homeby.readiness.rules.fatigue import for_planner
from homeby.readiness.rules.injuries import Spent
from homeby.readiness.rules.kinds_of_rest import PackUse
from homeby.readiness.rules.overrides import Lifted, lifted
from homeby.readiness.rules.packs import Pack, look_back
from homeby.readiness.rules.rest import (
    Block,
    as_read,
    at_one_time,
    both_directions,
    of_a_kind,
    rest_until,
    resting,
)
from homeby.readiness.rules.rest_said import sentences
from homeby.readiness.rules.sleep import History, NoHistory, Sleep, Span, history

#: Who releases, and reads how people rest.
RELEASERS = (Role.LEADER, Role.DUTY_OFFICER)
#: A duty of which nobody released her counts as going on for so long after she was back.
UNRELEASED = dt.timedelta(hours=24)


def visible_releases(viewer: Viewer | None) -> models.QuerySet[Release]:
    """Her own; whoever releases sees all but of those she is kept away from."""
    sees = viewer is not None and viewer.has(*RELEASERS)
    found: models.QuerySet[Release] = _own_and(Release, viewer, sees=sees)
    return found


def _own_and(model: Any, viewer: Viewer | None, *, sees: bool) -> Any:
    rows = model._default_manager.all()
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    if viewer.is_station:
        return rows
    return (
        rows.exclude(person_id__in=viewer.apart)
        if sees
        else rows.filter(person_id=viewer.person_id)
    )


def visible_overrides(viewer: Viewer | None) -> models.QuerySet[RestOverride]:
    """As releases; a leader of a team sees those of its people."""
    rows: models.QuerySet[RestOverride] = _own_and(RestOverride, viewer, sees=True)
    if viewer is None or viewer.is_station:
        return rows
    if not viewer.has(*RELEASERS):  # of_role has her own among them
        rows = rows.filter(of_role(viewer, *RELEASERS, column="person_id"))
    return rows.exclude(by_id__in=viewer.apart)


def _visible_sleeps(viewer: Viewer | None) -> models.QuerySet[SleepTold]:
    found: models.QuerySet[SleepTold] = _own_and(SleepTold, viewer, sees=False)
    return found


def _visible_packs(viewer: Viewer | None) -> models.QuerySet[RulePack]:
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return RulePack.objects.all() if known else RulePack.objects.none()


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Release: visible_releases,
    RestOverride: visible_overrides,
    SleepTold: _visible_sleeps,
    RulePack: _visible_packs,
}


def rest_facts(known: Known, *, zone: str, now: dt.datetime) -> RestFacts:
    """Duties as the rules read them: until the release; where nobody released her, until she was
    released from something else within a day after she was back, else for that day, and from then
    on until she was back. A shift lasts until its own release; where
    there is none until its end, or until the release from a mission within it."""
    released = {mission or duty: at for mission, duty, at in known.releases}
    duties = []
    for _person, mission, out_at, back_at, due_at in known.outings:
        if out_at is None:
            continue
        end = released.get(mission)
        if end is None and back_at is not None:
            until = back_at + UNRELEASED
            end = min((at for at in released.values() if back_at <= at <= until), default=None)
            if end is None and now > until:
                end = back_at
        duties.append(Duty(out_at, end, due_at if back_at is None else None))
    ended_at = sorted(released.values())
    for key, begins, planned, kind in known.shifts:
        ends = released.get(key)
        if ends is None:
            before = bisect_left(ended_at, planned)  # the last release before its end
            is_within = before > 0 and ended_at[before - 1] > begins
            ends = ended_at[before - 1] if is_within else planned
        ends = max(begins, ends)
        over = ends if ends <= now else None
        duties.append(Duty(begins, over, ends, counted_as(kind)))
    return RestFacts(duties=tuple(duties), zone=zone)


def duty_spans(facts: RestFacts, *, now: dt.datetime) -> list[Span]:
    """The duties until now as spans; one that goes on ends after now."""
    later = now + dt.timedelta(hours=1)
    return [
        (duty.began_at, duty.released_at or later)
        for duty in facts.duties
        if duty.began_at < now and duty.began_at < (duty.released_at or later)
    ]


def sleep_history(known: Known, facts: RestFacts, *, now: dt.datetime) -> History | None:
    """What she told (`known.sleeps`) and what is assumed; None where that fits nothing."""
    told: list[Sleep] = []
    awake: list[Span] = []
    for one in known.sleeps:
        if not one.slept:
            awake.append((one.from_at, one.to_at))
            continue
        told = [old for old in told if old.awake_at <= one.from_at or old.asleep_at >= one.to_at]
        told.append(Sleep(one.from_at, one.to_at))
    try:
        duties = [*duty_spans(facts, now=now), *awake]
        return history(told=told, duties=duties, zone=facts.zone, now=now)
    except NoHistory:
        return None


def spent(known: Known, *, zone: str, now: dt.datetime) -> Spent:
    """How long somebody has been awake and on duty, where fatigue and injury meet."""
    facts = rest_facts(known, zone=zone, now=now)
    found = sleep_history(known, facts, now=now)
    state = found.state(now) if found is not None else None
    running = [begins for begins, ends in duty_spans(facts, now=now) if ends > now]
    return Spent(
        awake=now - state.since if state is not None and state.awake else None,
        on_duty=now - min(running) if running else dt.timedelta(0),
    )


@dataclass(frozen=True, kw_only=True)
class ForPlanners:
    """What whoever plans may know of one person: what speaks against a duty now, in sentences, each
    with its rule and its end; `not_before_at` the last of those ends (None: nothing blocks, or no
    instant ends it yet: see `is_free`); `tired` names hours awake and on duty; `held_by` is what a
    word would have to lift. Health is in none of them but as "not before"."""

    person_id: uuid.UUID
    is_free: bool
    sentences: tuple[str, ...]
    not_before_at: dt.datetime | None
    tired: str
    held_by: Lifted


def reached(viewer: Viewer | None, person_ids: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Of these people those of whose rest the viewer reads: of everybody or of her teams for those
    who release, of herself for anybody; nobody whom she is kept away from. One query at most."""
    if viewer is None or not (viewer.is_station or viewer.person_id is not None):
        return []
    wanted = [key for key in dict.fromkeys(person_ids) if key not in viewer.apart]
    if viewer.is_station or viewer.has(*RELEASERS):
        return wanted
    rows = people.visible_people(viewer).filter(of_role(viewer, *RELEASERS, column="pk"))
    led = set(rows.filter(pk__in=wanted).values_list("pk", flat=True))
    return [key for key in wanted if key == viewer.person_id or key in led]


def for_planners(
    viewer: Viewer | None, person_ids: Collection[uuid.UUID], *, now: dt.datetime
) -> dict[uuid.UUID, ForPlanners]:
    """Rest and health facts for planners, for these people at `now`: for those who release, of
    their own teams or of all, and of herself for anybody; nobody whom the viewer is kept away from.
    Of what somebody told of her sleep only she learns, of a duty that is not for the viewer nobody
    (`rest_read`). Fifteen queries at most, however many, besides those that ask what she sees."""
    wanted = reached(viewer, person_ids)
    if viewer is None or not wanted:
        return {}
    zone, pack = days.zone(), pack_in_use(PackUse.REST)
    care = not_before(wanted, now=now)
    mine = [key for key in wanted if key == viewer.person_id]
    own = known_of(wanted, now=now, back=look_back(pack), sleeps_of=mine)
    read = own | open_to(viewer, own)
    by = {word.by for one in read.values() for word in one.words}
    names = people.names(by - viewer.apart) if by else {}
    facts = {
        key: _one(key, (own[key], read[key]), care.get(key), pack, zone=zone, now=now)
        for key in wanted
    }
    return {
        key: replace(one, sentences=(*one.sentences, *_overridden(read[key], names, zone, now)))
        if one.sentences
        else one
        for key, one in facts.items()
    }


def _overridden(
    known: Known, names: Mapping[uuid.UUID, str], zone: str, now: dt.datetime
) -> list[str]:
    return overrides.said(known.counting(now=now), names=names, zone=zone, now=now)


@dataclass(frozen=True, kw_only=True)
class Against:
    """What speaks against a duty of somebody: what the rules in use say, and before which instant
    she is not asked for her health (None: nothing does); `two_at_once`: whether she is on another
    duty at that time."""

    blocks: tuple[Block, ...] = ()
    not_before_at: dt.datetime | None = None
    two_at_once: bool = False


class Going(NamedTuple):
    """From when until when somebody would go, and by which rules of what that is it is judged (a
    duty in the calendar: by `judged_as` its kind)."""

    begins: dt.datetime
    ends: dt.datetime
    judged: Callable[..., list[Block]] = both_directions


def judged_as(kind: str) -> Callable[..., list[Block]]:
    """How a duty of the calendar of this kind is judged: travel and stand-by by what counts
    them."""
    return partial(of_a_kind, counted_as(kind))


def against(
    person_ids: Collection[uuid.UUID],
    going: Going,
    *,
    now: dt.datetime,
    but: uuid.UUID | None = None,
    to: Viewer | None = None,
    unused: bool = True,
) -> dict[uuid.UUID, Against]:
    """What speaks against going, also for the next duty that is planned after it, for each of these
    people against whom something does; nothing that was overridden by name for it. `but`: as for
    `known_of`. `to`: who reads it (None: nobody), for two queries more. `unused`: whether a word
    that was said for no duty counts. No viewer: it decides who can go. Nine queries, however
    many."""
    begins, ends, judged = going
    zone, pack = days.zone(), pack_in_use(PackUse.REST)
    found = known_of(person_ids, now=now, back=look_back(pack), but=but, sleeps_of=())
    waits = not_before(person_ids, now=max(now, begins))
    times = {"begins": begins, "ends": ends, "now": now}
    said = {}
    for key, known in found.items():
        facts = rest_facts(known, zone=zone, now=now)
        blocks = tuple(judged(facts, pack, **times))
        twice = tuple(at_one_time(facts, **times)) if blocks and begins < ends else ()
        at = waits.get(key)
        words = [one for one in known.counting(now=now) if unused or one.span is not None]
        lifts = lifted(words, begins=begins, ends=ends, duty=but)
        if lifts.rest:
            blocks = () if lifts.two_at_once else twice
        elif all(one.rule is not None for one in blocks):
            blocks += twice  # whoever takes it on has read it
        waits_until = at if at is not None and at > begins and not lifts.health else None
        if blocks or waits_until is not None:
            said[key] = Against(blocks=blocks, not_before_at=waits_until, two_at_once=bool(twice))
    if to is None:
        return said
    for key, known in open_to(to, {key: found[key] for key in said}).items():
        facts = rest_facts(known, zone=zone, now=now)
        open_ones = [*judged(facts, pack, **times), *at_one_time(facts, **times)]
        read = as_read(said[key].blocks, open_ones, begins=begins, now=now, zone=zone)
        said[key] = replace(said[key], blocks=tuple(read))
    return said


def _one(
    key: uuid.UUID, both: tuple[Known, Known], care: dt.datetime | None, pack: Pack, *,
    zone: str, now: dt.datetime,
) -> ForPlanners:  # fmt: skip
    """`both`: what is known of her, and what of it is for the viewer."""
    known, read = both
    blocks = resting(rest_facts(known, zone=zone, now=now), pack, now=now)
    facts = rest_facts(read, zone=zone, now=now)
    open_ones = resting(facts, pack, now=now)
    blocks = as_read(blocks, open_ones, begins=now, now=now, zone=zone)
    said = sentences(blocks, zone=zone, now=now, not_before_at=care)
    ends = [end for end in (rest_until(blocks), care) if end is not None]
    tired = for_planner(
        history=sleep_history(read, facts, now=now), duties=duty_spans(facts, now=now), now=now
    )
    lifts = lifted(known.counting(now=now), begins=now, ends=now)
    return ForPlanners(
        person_id=key,
        is_free=(not blocks or lifts.rest) and (care is None or lifts.health),
        sentences=tuple(said),
        not_before_at=max(ends) if ends else None,
        tired=tired,
        held_by=Lifted(rest=bool(blocks), health=care is not None),
    )
