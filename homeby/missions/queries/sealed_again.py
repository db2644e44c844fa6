"""What somebody can seal again: debriefs that a key of hers opens, or, for two officers, what an
opening of the archive is about; and who may take a reader's place."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.missions.models.openings import ArchiveOpening
from homeby.missions.models.sealed import ArchiveKey, ReaderKey, SealedFor, SealedText
from homeby.missions.queries.sealed import (
    visible_archive_keys,
    visible_debriefs,
    visible_reader_keys,
)
from homeby.missions.rules import openings as rules
from homeby.missions.rules.openings import Stage
from homeby.missions.rules.sealed import READERS
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Role, Viewer


def officer_of(viewer: Viewer | None) -> list[ArchiveKey]:
    """The archive keys, the present one first, of which the viewer has an envelope."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = visible_archive_keys(viewer).order_by("-made_at")
    return [one for one in rows if str(viewer.person_id) in one.officers]


def visible_openings(viewer: Viewer | None) -> models.QuerySet[ArchiveOpening]:
    """Those of which the viewer is an officer, that she asked for, or that are about her key."""
    rows = ArchiveOpening.objects.all()
    if viewer is not None and viewer.is_station:
        return rows
    if viewer is None or viewer.person_id is None:
        return rows.none()
    hers = models.Q(asked_by_id=viewer.person_id) | models.Q(key__person_id=viewer.person_id)
    return rows.filter(hers | models.Q(archive__in=[one.pk for one in officer_of(viewer)]))


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {ArchiveOpening: visible_openings}


def stage_of(row: ArchiveOpening, *, now: dt.datetime) -> Stage:
    """Whether it waits, may be used, or is over."""
    return rules.stage(
        asked_at=row.asked_at, hurried_at=row.hurried_at, ended_at=row.ended_at, now=now
    )


def openings(viewer: Viewer | None, *, now: dt.datetime) -> list[ArchiveOpening]:
    """Those that are not over, the oldest first. One query."""
    rows = visible_openings(viewer).filter(ended_at__isnull=True)
    found = rows.select_related("key", "archive").order_by("asked_at")
    return [one for one in found if stage_of(one, now=now) is not Stage.OVER]


def ready_opening(
    viewer: Viewer | None, opening_id: uuid.UUID, *, now: dt.datetime
) -> ArchiveOpening | None:
    """An opening that the viewer may use now as one of its officers."""
    rows = visible_openings(viewer).filter(pk=opening_id).select_related("key", "archive")
    found = rows.first()
    if found is None or viewer is None or str(viewer.person_id) not in found.archive.officers:
        return None
    return found if stage_of(found, now=now) is Stage.READY else None


def copies(
    viewer: Viewer,
    opening: ArchiveOpening | None = None,
    *,
    of: Collection[uuid.UUID] | None = None,
) -> list[SealedFor]:
    """Every reader's copy of what the viewer can open and what is still whole: by a key of hers, or
    by an opening that she may use now (`ready_opening`); `of` these debriefs alone. One query."""
    rows = SealedFor.objects.exclude(debrief__text__content=b"")
    if of is not None:
        rows = rows.filter(debrief__in=of)
    if opening is None:
        hers = SealedFor.objects.filter(key__person_id__in=[viewer.person_id])
        shown = visible_debriefs(viewer).filter(pk__in=hers.values("debrief_id"))
        rows = rows.filter(debrief__in=shown)
    else:
        about = SealedFor.objects.filter(key_id=opening.key_id).values("debrief_id")
        rows = rows.filter(debrief__in=about, debrief__archive_id=opening.archive_id)
    rows = rows.exclude(debrief__author_id__in=viewer.apart)
    rows = rows.select_related("debrief__mission", "debrief__author", "debrief__archive", "key")
    return list(rows.order_by("debrief__sealed_at", "debrief_id", "rank"))


class Followers:
    """Who may take a reader's place: whom the author could have chosen as what she chose that
    reader (a leader of the team, a welfare officer), never the author, nor whom she is kept away
    from; and that reader herself with a new key. Nobody's place is taken by a leader who was passed
    over for a welfare officer. No viewer: it decides, and is shown by `places`."""

    def __init__(self, rows: Iterable[SealedFor], *, now: dt.datetime) -> None:
        self._now = now
        self._apart = apart_from({row.debrief.author_id for row in rows})
        self._held: dict[tuple[Role, uuid.UUID | None], frozenset[uuid.UUID]] = {}

    def of(self, row: SealedFor) -> set[uuid.UUID]:
        """People, by their ids; whether they have a key is not asked here."""
        author = row.debrief.author_id
        found = {row.key.person_id}
        for role in [Role(row.role)] if row.role else READERS:
            team = row.debrief.mission.team_id if role is Role.LEADER else None
            found |= self._holders(role, team)
        return found - {author} - self._apart.get(author, frozenset())

    def _holders(self, role: Role, team_id: uuid.UUID | None) -> frozenset[uuid.UUID]:
        if (role, team_id) not in self._held:
            held = people.holders(role, now=self._now, team_id=team_id)
            self._held[role, team_id] = frozenset(held)
        return self._held[role, team_id]


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Somebody who may take a reader's place, her key, and in how many debriefs."""

    key: ReaderKey
    name: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Place:
    """A reader's key to which something is sealed that the viewer's key `by` opens (None: the
    archive), in how many debriefs, whether she reads no longer, and who may follow her."""

    by: ReaderKey | None
    key: ReaderKey
    name: str
    count: int
    is_left: bool
    followers: Sequence[Follower]


def places(
    viewer: Viewer, opening: ArchiveOpening | None = None, *, now: dt.datetime
) -> list[Place]:
    """Whose place can be taken in what the viewer can open, those who read no longer first."""
    rows = copies(viewer, opening)
    openers = {row.debrief_id: row.key for row in rows if row.key.person_id == viewer.person_id}
    groups: dict[tuple[Any, Any], list[SealedFor]] = {}
    for row in rows:
        if opening is None or row.key_id == opening.key_id:
            by = openers.get(row.debrief_id) if opening is None else None
            groups.setdefault((by, row.key), []).append(row)
    followers, keys = Followers(rows, now=now), _present_keys(viewer)
    here = {key for role in READERS for key in people.holders(role, now=now)}
    named = {key.person_id for _by, key in groups} | keys.keys()
    names = people.names(named, to=viewer)
    found = [
        Place(
            by=by,
            key=key,
            name=names.get(key.person_id, "?"),
            count=len(group),
            is_left=key.ended_at is not None
            or key.person_id not in here
            or any(_is_behind(row) for row in group),
            followers=_followers(group, followers, keys, names),
        )
        for (by, key), group in groups.items()
    ]
    return sorted(found, key=lambda one: (not one.is_left, one.name))


def _present_keys(viewer: Viewer) -> dict[uuid.UUID, ReaderKey]:
    rows = visible_reader_keys(viewer).filter(ended_at__isnull=True, person__is_active=True)
    return {row.person_id: row for row in rows}


def _followers(
    group: Sequence[SealedFor],
    followers: Followers,
    keys: Mapping[uuid.UUID, ReaderKey],
    names: Mapping[uuid.UUID, str],
) -> list[Follower]:
    count: dict[uuid.UUID, int] = {}
    for row in group:
        for one in followers.of(row) & keys.keys():
            if keys[one].pk != row.key_id or _is_behind(row):
                count[one] = count.get(one, 0) + 1
    found = [Follower(key=keys[one], name=names[one], count=n) for one, n in count.items()]
    own = group[0].key.person_id  # her own new key stands first
    return sorted(found, key=lambda one: (one.key.person_id != own, -one.count, one.name))


def _is_behind(row: SealedFor) -> bool:
    """Whether it is sealed to an archive key that another one followed."""
    return row.debrief.archive.ended_at is not None


@dataclass(frozen=True, kw_only=True)
class Again:
    """What is to be sealed again: for each debrief, by its id, the keys of readers it is sealed to
    next, the archive's aside; and all readers of any of them by their keys."""

    keys: Mapping[uuid.UUID, Sequence[ReaderKey]]
    names: Mapping[uuid.UUID, str]


def to_seal_again(
    viewer: Viewer, opening: ArchiveOpening | None, *, place: Place, follower: Follower,
    now: dt.datetime,
) -> Again:  # fmt: skip
    """Which debriefs `follower` takes over, and who reads each of them afterwards."""
    rows = copies(viewer, opening)
    may = Followers(rows, now=now)
    wanted = [
        row.debrief_id
        for row in rows
        if row.key_id == place.key.pk
        and follower.key.person_id in may.of(row)
        and (follower.key.pk != row.key_id or _is_behind(row))
    ]
    if place.by is not None:
        own = {row.debrief_id for row in rows if row.key_id == place.by.pk}
        wanted = [one for one in wanted if one in own]
    keys: dict[uuid.UUID, list[ReaderKey]] = {one: [] for one in wanted}
    for row in rows:
        if row.debrief_id in keys:
            keys[row.debrief_id].append(row.key)
    after = {one: keys_after(held, place.key, follower.key) for one, held in keys.items()}
    readers = {key.person_id for held in after.values() for key in held}
    return Again(keys=after, names=people.names(readers, to=viewer))


def keys_after(held: Iterable[ReaderKey], old: ReaderKey, new: ReaderKey) -> list[ReaderKey]:
    """The readers' keys once one follows another, each once, in the order in which they stand."""
    return list(dict.fromkeys(new if one.pk == old.pk else one for one in held))


def texts(
    viewer: Viewer, wanted: Sequence[uuid.UUID], opening: ArchiveOpening | None
) -> list[SealedText]:
    """What was sealed, of those of these that the viewer can open: as many as one request takes, at
    least one."""
    asked = list(dict.fromkeys(wanted))[: rules.BATCH_MOST]
    can = {row.debrief_id for row in copies(viewer, opening, of=asked)}
    ids = [one for one in asked if one in can]
    rows = SealedText.objects.filter(debrief_id__in=ids).select_related("debrief")
    by_id = {row.debrief_id: row for row in rows}
    found: list[SealedText] = []
    size = 0
    for one in ids:
        row = by_id.get(one)
        if row is None:
            continue
        size += len(bytes(row.content))
        if found and size > rules.BATCH_BYTES_MOST:
            break
        found.append(row)
    return found


def waits_for_again(viewer: Viewer, *, now: dt.datetime) -> int:
    """How many debriefs that the viewer can open are still sealed to somebody who reads no longer
    while somebody could follow."""
    return sum(one.count for one in places(viewer, now=now) if one.is_left and one.followers)
