"""Which keys of readers and which envelopes of the archive are due to be tried, for their holders
and for whoever can help."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.missions.models.sealed import ArchiveKey, ReaderKey
from homeby.missions.queries.sealed import (
    archive_key,
    own_key,
    visible_archive_keys,
    visible_reader_keys,
)
from homeby.missions.rules import openings as rules
from homeby.people import queries as people
from homeby.people.rules import STATION, Role, Viewer


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A key, or an envelope (its place, from 0), that its holder tries: when she last did, and when
    it is due again."""

    person_id: uuid.UUID
    public: str
    envelope: int | None
    tried_at: dt.datetime | None
    due_at: dt.datetime

    def is_due(self, now: dt.datetime) -> bool:
        """Whether its day has come."""
        return now >= self.due_at

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether it is so long past that others read so."""
        return rules.is_overdue(self.due_at, now=now)


def _of_key(row: ReaderKey) -> Trial:
    return Trial(
        person_id=row.person_id,
        public=row.public,
        envelope=None,
        tried_at=row.tried_at,
        due_at=rules.trial_due_at(row.made_at, row.tried_at),
    )


def envelope_trials(row: ArchiveKey | None) -> list[Trial]:
    """Those of an archive key, in the order of its envelopes; none where their public halves are
    not known."""
    if row is None or not row.shares:
        return []
    found = []
    for place, (officer, public) in enumerate(zip(row.officers, row.shares, strict=True)):
        tried = dt.datetime.fromisoformat(row.tried[place]) if row.tried[place] else None
        found.append(
            Trial(
                person_id=uuid.UUID(officer),
                public=public,
                envelope=place,
                tried_at=tried,
                due_at=rules.trial_due_at(row.made_at, tried),
            )
        )
    return found


def own_trials(viewer: Viewer) -> list[Trial]:
    """What the viewer has to try: her key, her envelope."""
    key = own_key(viewer)
    found = [] if key is None else [_of_key(key)]
    envelopes = envelope_trials(archive_key(viewer))
    return found + [one for one in envelopes if one.person_id == viewer.person_id]


def trials(viewer: Viewer | None) -> list[Trial]:
    """All of them, the one that is due first; for administrators and leaders, who see to it."""
    if viewer is None or not (
        viewer.is_station or viewer.has_somewhere(Role.ADMINISTRATOR, Role.LEADER)
    ):
        return []
    rows = visible_reader_keys(viewer).filter(ended_at__isnull=True, person__is_active=True)
    archive = visible_archive_keys(viewer).filter(ended_at__isnull=True).first()
    hidden = viewer.apart
    found = [*map(_of_key, rows), *envelope_trials(archive)]
    return sorted((one for one in found if one.person_id not in hidden), key=lambda one: one.due_at)


def named(viewer: Viewer, found: Sequence[Trial]) -> dict[uuid.UUID, str]:
    """What the viewer calls the holders. One query."""
    return people.names([one.person_id for one in found], to=viewer)


def due_and_not_asked(
    *, now: dt.datetime
) -> tuple[list[ReaderKey], ArchiveKey | None, set[uuid.UUID]]:
    """For the hourly round: keys that are due and of which nobody was asked since they fell due;
    the archive key, where that is so of an envelope of it, and its officers who are to be asked."""
    rows = visible_reader_keys(STATION).filter(ended_at__isnull=True, person__is_active=True)
    keys = [row for row in rows if _is_to_ask(_of_key(row).due_at, row.trial_asked_at, now=now)]
    archive = archive_key(STATION)
    asked = archive.trial_asked_at if archive else None
    due = [one for one in envelope_trials(archive) if _is_to_ask(one.due_at, asked, now=now)]
    return keys, archive, {one.person_id for one in due}


def _is_to_ask(due_at: dt.datetime, asked_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    return due_at <= now and (asked_at is None or asked_at < due_at)
