"""Who is asked for which skill, how often, and what it keeps them from (`STORY.md` row 84). Pure.

Counts of a skill, never of a person: it shows where one skill takes people away from everything
else, and orders nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

#: Figures of fewer people than this tell on each of them (`LEFTOUT.md` 5).
FEW = 5


@dataclass(frozen=True, kw_only=True)
class Ask:
    """Somebody who had a seat or a position for a skill; `ref` names the duty or mission."""

    key: str
    person_id: uuid.UUID
    ref: str


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A duty of a kind that somebody could not come to, for what she had then (`against`)."""

    person_id: uuid.UUID
    kind: str
    against: str


@dataclass(kw_only=True)
class Counts:
    """Of a skill: how often somebody was asked for it, how many people that were, and from how many
    duties of each kind it kept them."""

    times: int = 0
    people: set[uuid.UUID] = field(default_factory=set)
    kept_from: dict[str, int] = field(default_factory=dict)


def counted(asks: Iterable[Ask], missed: Iterable[Missed]) -> dict[str, Counts]:
    """The counts by the key of the skill. Whoever was asked for two skills at once counts for both,
    and so does what that kept her from."""
    found: dict[str, Counts] = {}
    skills: dict[tuple[str, uuid.UUID], set[str]] = {}
    for one in asks:
        counts = found.setdefault(one.key, Counts())
        counts.times += 1
        counts.people.add(one.person_id)
        skills.setdefault((one.ref, one.person_id), set()).add(one.key)
    for duty in missed:
        for key in skills.get((duty.against, duty.person_id), ()):
            kept = found[key].kept_from
            kept[duty.kind] = kept.get(duty.kind, 0) + 1
    return found
