"""What of people's duties one reader may know, where their rest is said to her: of a mission or
duty that is not for her (a secret unit's, another team's, one with somebody she is kept away from)
she learns neither the hours nor that there is one. What comes of it reads as "not before", which is
said of a hurt or an illness, too (`rules.rest.as_read`)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace

from homeby.people.rules import Viewer
from homeby.readiness.queries.rest_known import Known
from homeby.readiness.queries.times_read import closed_to


def open_to(viewer: Viewer, known: Mapping[uuid.UUID, Known]) -> dict[uuid.UUID, Known]:
    """What is known of these people without what they were, are or will be on that is not for the
    viewer; only of those of whom there is such a thing, and of herself never. Two queries at most,
    besides those that ask what she sees."""
    if viewer.is_station:
        return {}
    others = {key: one for key, one in known.items() if key != viewer.person_id}
    missions = {out.mission_id for one in others.values() for out in one.outings}
    duties = {shift[0] for one in others.values() for shift in one.shifts}
    closed = closed_to(viewer, missions, duties)
    return {key: _without(closed, one) for key, one in others.items() if _has(closed, one)}


def _has(closed: set[uuid.UUID], known: Known) -> bool:
    has_missions = any(one.mission_id in closed for one in known.outings)
    return has_missions or any(one[0] in closed for one in known.shifts)


def _without(closed: set[uuid.UUID], known: Known) -> Known:
    """Also without the words by which a rest was broken for the hours of such a thing."""
    spans = [(begins, ends) for key, begins, ends, _ in known.shifts if key in closed]
    outings = [one for one in known.outings if one.mission_id in closed]
    spans += [
        (one.out_at, one.back_at or one.due_at or one.out_at) for one in outings if one.out_at
    ]
    words = [
        one
        for one in known.words
        if one.span is None
        or not any(begins < one.span[1] and one.span[0] < ends for begins, ends in spans)
    ]
    return replace(
        known,
        outings=tuple(one for one in known.outings if one.mission_id not in closed),
        shifts=tuple(one for one in known.shifts if one[0] not in closed),
        releases=tuple(
            one
            for one in known.releases
            if one.mission_id not in closed and one.duty_id not in closed
        ),
        words=tuple(words),
    )
