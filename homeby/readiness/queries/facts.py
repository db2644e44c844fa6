"""What is known of people beside their qualifications when it is judged who can go: whether they
are free, rested, allowed. One function for each fact; None: nobody keeps it here yet, and then it
is said that it is not known. No viewer anywhere: what comes out is judged, and shown to nobody.

A part that begins to keep such a fact fills the function of it, and nothing else changes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from homeby.missions.queries.done import busy_with_missions
from homeby.people.queries.apart import apart_from
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules.rest import Block
from homeby.readiness.rules.sleep import Span
from homeby.readiness.rules.who_can_go import Asked, Candidate, Unknown


def busy(
    person_ids: Collection[uuid.UUID], asked: Asked
) -> Mapping[uuid.UUID, tuple[Span, ...]] | None:
    """When these people have something else within the time that is asked for. Known so far: other
    missions they are out on, or planned for."""
    return busy_with_missions(
        person_ids, begins=asked.begins, ends=asked.ends, but=asked.mission_id
    )


def rest_blocks(
    person_ids: Collection[uuid.UUID], asked: Asked
) -> Mapping[uuid.UUID, tuple[Block, ...]] | None:
    """What the rule packs of rest say against these people at that time. Not kept yet."""
    return None


def not_before(
    person_ids: Collection[uuid.UUID], asked: Asked
) -> Mapping[uuid.UUID, dt.datetime] | None:
    """Before which instant a medic's word, or her own, keeps somebody here. Not kept yet."""
    return None


def last_asked(person_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, dt.datetime] | None:
    """When these people were asked last, so that whoever waited longest comes first. Not kept
    yet."""
    return None


def kept_off(person_ids: Collection[uuid.UUID], party: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Who is not crewed with this party, for whichever private reason; it is said of all in the
    same words. One query."""
    crew = set(party)
    return {key for key, away in apart_from(person_ids).items() if away & crew}


@dataclass(frozen=True, kw_only=True)
class Known:
    """People as the rules judge them, and what of them nobody keeps here."""

    candidates: list[Candidate]
    unknown: tuple[Unknown, ...]


def candidates(
    person_ids: Collection[uuid.UUID], asked: Asked, *, party: Collection[uuid.UUID]
) -> Known:
    """These people with all that is known of them, for a mission with this party. No viewer: the
    caller has asked who they may be. Three queries."""
    first_day = asked.begins.astimezone(queries.here()).date()
    held = queries.standings(person_ids, asked.needs, day=first_day)
    duties, blocks = busy(person_ids, asked), rest_blocks(person_ids, asked)
    waits, asked_at = not_before(person_ids, asked), last_asked(person_ids)
    off = kept_off(person_ids, party)
    found = [
        Candidate(
            person_id=key,
            validity=held.get(key, {}),
            busy=(duties or {}).get(key, ()),
            blocks=(blocks or {}).get(key, ()),
            not_before=(waits or {}).get(key),
            kept_off=key in off,
            last_asked_at=(asked_at or {}).get(key),
        )
        for key in person_ids
    ]
    facts = ((Unknown.BUSY, duties), (Unknown.REST, blocks), (Unknown.HEALTH, waits))
    return Known(candidates=found, unknown=tuple(name for name, fact in facts if fact is None))
