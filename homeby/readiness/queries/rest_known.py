"""What is known of people beside the rules of rest: outings, duties, releases, sleeps and health.
No viewer anywhere: it decides who rests, and `rest` says what of it whoever plans may read.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models

from homeby.database.asked import NOW, AskedOf
from homeby.missions.queries.duties import Outing, outings_of
from homeby.readiness.models import Injury, Release, RestOverride, SleepTold
from homeby.readiness.queries.duty_pool import ShiftSpan, shifts_of
from homeby.readiness.rules.injuries import InjuryState
from homeby.readiness.rules.overrides import HOLDS, Lifted, Word, counting

#: So far back duties are read where no rule asks: for how tired somebody is.
LOOK_BACK = dt.timedelta(days=130)


class Released(NamedTuple):
    """From which mission or shift somebody was released, and when; of many there are many."""

    mission_id: uuid.UUID | None
    duty_id: uuid.UUID | None
    released_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of one person, before any rule: her outings, the duties she is on (planned ones
    too), her releases, her sleeps, by whose words a rest of hers was broken, and when something was
    last said of an injury that counts.
    """

    outings: tuple[Outing, ...] = ()
    shifts: tuple[ShiftSpan, ...] = ()
    releases: tuple[Released, ...] = ()
    sleeps: tuple[SleepTold, ...] = ()
    words: tuple[Word, ...] = ()
    hurt_at: dt.datetime | None = None

    def counting(self, *, now: dt.datetime) -> list[Word]:
        """The words by which her rest was broken that count still."""
        since = [one.released_at for one in self.releases]
        if self.hurt_at is not None:
            since.append(self.hurt_at)
        return counting(self.words, since=since, now=now)


def known_of(
    person_ids: Collection[uuid.UUID],
    *,
    now: dt.datetime,
    back: dt.timedelta = LOOK_BACK,
    but: uuid.UUID | None = None,
    sleeps_of: Collection[uuid.UUID] | None = None,
) -> dict[uuid.UUID, Known]:
    """Of each of these people, of so long back; `but` leaves out a duty, of which it is asked
    whether she may be on it; sleeps of these alone, if so said. No viewer: it decides who rests.
    Seven queries at most, however many."""
    since = now - back
    shifts, hurt = shifts_of(person_ids, since=since, but=but), _hurt_at(person_ids, now=now)
    outings: dict[uuid.UUID, list[Outing]] = {}
    for one in outings_of(person_ids, since=since):
        outings.setdefault(one.person_id, []).append(one)
    releases: dict[uuid.UUID, list[Released]] = {}
    for row in _RELEASES.rows(person_ids, now=since):
        releases.setdefault(row[0], []).append(Released._make(row[1:]))
    sleeps = _by_person(_SLEEPS.rows(person_ids if sleeps_of is None else sleeps_of, now=now))
    broken = _by_person(_OVERRIDES.rows(person_ids, now=now))
    return {
        key: Known(
            outings=tuple(outings.get(key, ())),
            shifts=tuple(shifts.get(key, ())),
            releases=tuple(releases.get(key, ())),
            sleeps=tuple(sleeps.get(key, ())),
            words=tuple(_word(row) for row in broken.get(key, ())),
            hurt_at=hurt.get(key),
        )
        for key in person_ids
    }


def _word(row: RestOverride) -> Word:
    span = None
    if row.begins_at is not None and row.ends_at is not None:
        span = (row.begins_at, row.ends_at)
    lifts = Lifted(rest=row.lifts_rest, health=row.lifts_health)
    return Word(
        by=row.by_id,
        at=row.at,
        reason=row.reason,
        span=span,
        lifts=lifts,
        over_another=row.over_another_id,
    )


def _releases(keys: Collection[uuid.UUID]) -> models.QuerySet[Release, Any]:
    since = models.Q(released_at__gt=NOW)  # first: among very many keys SQLite looks longer
    rows = Release.objects.filter(since, person_id__in=keys)
    return rows.values_list("person_id", "mission_id", "duty_id", "released_at")


def _sleeps(keys: Collection[uuid.UUID]) -> models.QuerySet[SleepTold]:
    rows = SleepTold.objects.filter(person_id__in=keys, to_at__gt=NOW - dt.timedelta(days=16))
    return rows.order_by("told_at", "pk")


def _overrides(keys: Collection[uuid.UUID]) -> models.QuerySet[RestOverride]:
    rows = RestOverride.objects.filter(person_id__in=keys, at__gte=NOW - HOLDS)
    return rows.order_by("at", "pk")


_RELEASES, _SLEEPS, _OVERRIDES = AskedOf(_releases), AskedOf(_sleeps), AskedOf(_overrides)


def _counting(keys: Collection[uuid.UUID]) -> models.QuerySet[Injury]:
    """The injuries that are open, or for which somebody is not asked yet."""
    rows = Injury.objects.filter(person_id__in=keys)
    return rows.filter(models.Q(state=InjuryState.OPEN) | models.Q(not_before_at__gt=NOW))


def _hurt(keys: Collection[uuid.UUID]) -> models.QuerySet[Injury, Any]:
    rows = _counting(keys).annotate(noted_at=models.Max("notes__told_at"))
    return rows.values_list("person_id", "told_at", "noted_at")


def _cared_for(keys: Collection[uuid.UUID]) -> models.QuerySet[Injury, Any]:
    return _counting(keys).values_list("person_id", "check_at", "not_before_at")


_HURT, _CARED_FOR = AskedOf(_hurt), AskedOf(_cared_for)


def _hurt_at(
    person_ids: Collection[uuid.UUID], *, now: dt.datetime
) -> dict[uuid.UUID, dt.datetime]:
    found: dict[uuid.UUID, dt.datetime] = {}
    for key, told_at, noted_at in _HURT.rows(person_ids, now=now):
        found[key] = max(told_at, noted_at or told_at, found.get(key, told_at))
    return found


def _by_person(rows: Iterable[Any]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return found


def not_before(
    person_ids: Collection[uuid.UUID], *, now: dt.datetime
) -> dict[uuid.UUID, dt.datetime]:
    """Before which instant these people are not asked, for their health; never why. No viewer: it
    decides who can go. One query."""
    found: dict[uuid.UUID, dt.datetime] = {}
    for key, check_at, not_before_at in _CARED_FOR.rows(person_ids, now=now):
        ends = [at for at in (check_at, not_before_at) if at is not None]
        latest = max([*ends, now + dt.timedelta(hours=1) if check_at else now])
        found[key] = max(latest, found.get(key, latest))
    return found
