"""Keys of sealed debriefs over the years: sealing again for another reader, opening the archive by
two of three officers, and the quarterly trial that each key and each envelope is still there. Pure.

The waits are those of the design of sealed reports: a day between the request and the opening, so
that the author and the readers hear of it before, and none where two officers say that a life is at
risk; a trial every quarter, so that a loss is noticed before it matters.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare

#: Between the request and the opening.
WAIT = dt.timedelta(hours=24)
#: After this an opening is over by itself, from when it may be used.
OPEN_FOR = dt.timedelta(days=7)
#: A key, or an envelope, is tried so often; so long after that it is overdue, and others read so.
TRIED_EVERY = dt.timedelta(days=91)
OVERDUE_AFTER = dt.timedelta(days=14)
#: So many are sealed again in one request, and so many bytes of them at most.
BATCH_MOST = 50
BATCH_BYTES_MOST = 8 * 1024 * 1024


class Why(StrEnum):
    """Why the archive is to be opened."""

    LEFT = "LEFT"  # the reader left, or reads no longer, and nobody else can open it
    LOST = "LOST"  # the reader has lost phone and paper
    RISK = "RISK"  # somebody is in danger


class Stage(StrEnum):
    """How far an opening has come."""

    WAITS = "WAITS"
    READY = "READY"
    OVER = "OVER"


def ref_of(opening_id: object) -> str:
    """The text by which the logbook knows an opening of the archive."""
    return f"archive-opening:{opening_id}"


def ready_at(asked_at: dt.datetime, hurried_at: dt.datetime | None) -> dt.datetime:
    """From when two officers may open: after the wait, or once both said that a life is at risk."""
    waited = asked_at + WAIT
    return waited if hurried_at is None else min(waited, hurried_at)


def stage(
    *, asked_at: dt.datetime, hurried_at: dt.datetime | None, ended_at: dt.datetime | None,
    now: dt.datetime,
) -> Stage:  # fmt: skip
    """Whether it waits, may be used, or is over, be it by time."""
    ready = ready_at(asked_at, hurried_at)
    if ended_at is not None or now >= ready + OPEN_FOR:
        return Stage.OVER
    return Stage.READY if now >= ready else Stage.WAITS


def trial_due_at(made_at: dt.datetime, tried_at: dt.datetime | None) -> dt.datetime:
    """When a key or an envelope is to be tried next."""
    return (tried_at or made_at) + TRIED_EVERY


def is_overdue(due_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether those read so who can help: past its day by more than a holiday."""
    return now >= due_at + OVERDUE_AFTER


def _of_office(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.OFFICE, erase=Erasure.NOTHING_PERSONAL)


def _of_author(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.NOTHING_PERSONAL)


DEBRIEF_SEALED_AGAIN = _of_author(
    "DEBRIEF_SEALED_AGAIN", "A sealed debrief was sealed again for another key"
)
DEBRIEF_BY_ARCHIVE = _of_author(
    "DEBRIEF_BY_ARCHIVE", "A sealed debrief was handed to two officers of the archive"
)
ARCHIVE_ASKED_FOR = _of_office("ARCHIVE_ASKED_FOR", "The archive was asked to be opened")
ARCHIVE_HURRIED = _of_office("ARCHIVE_HURRIED", "A life is at risk: the archive need not wait")
ARCHIVE_ENDED = _of_office("ARCHIVE_ENDED", "An opening of the archive is over")
READER_KEY_TRIED = _of_office("READER_KEY_TRIED", "A reader key was tried, and opened")
ENVELOPE_TRIED = _of_office("ENVELOPE_TRIED", "An envelope of the archive was tried, and opened")
TRIAL_ASKED_FOR = _of_office("TRIAL_ASKED_FOR", "A key is due to be tried: its holder was asked")
