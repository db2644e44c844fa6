"""What the rules of rest, and health, say against people's being on a duty."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from homeby.people.rules import Viewer
from homeby.readiness.models import Duty, DutyPerson
from homeby.readiness.queries import rest
from homeby.readiness.rules import rest_said
from homeby.readiness.rules.duty_planning import DutyType
from homeby.readiness.rules.protection import Claim, may_break

Said = dict[uuid.UUID, tuple[str, ...]]


def rest_against_duty(
    viewer: Viewer, duty: Duty, person_ids: Collection[uuid.UUID], *, now: dt.datetime
) -> Said:
    """What is said to the viewer against each of these people's being on this duty, who has asked
    whose rest she may read: as `stands_against_duty`, without what else they are on that is not for
    her (`rest_read`). Two queries more."""
    found = stands_against_duty(duty, person_ids, now=now, to=viewer)
    return {key: _said(duty, key, one, now=now) for key, one in found.items()}


def stands_against_duty(
    duty: Duty, person_ids: Collection[uuid.UUID], *, now: dt.datetime, to: Viewer | None = None
) -> dict[uuid.UUID, rest.Against]:
    """What stands against each of these people's being on this duty, for as much of it as is still
    to come, and against the next one that she is on after it; nobody of whom nothing does, or whose
    rest was overridden by name. No viewer: it decides who may be on it; `to` as for `rest.against`.
    Nine queries."""
    begins, ends = max(now, duty.starts_at), duty.ends_at
    if ends <= begins:
        return {}
    going = rest.Going(begins, ends, rest.judged_as(duty.kind))
    return rest.against(person_ids, going, now=now, but=duty.pk, to=to)


def _said(
    duty: Duty, person_id: uuid.UUID, found: rest.Against, *, now: dt.datetime
) -> tuple[str, ...]:
    claim = Claim.TRAINING if duty.kind == DutyType.TRAINING else Claim.SHIFT
    zone, waits_until = duty.zone, found.not_before_at
    why = rest_said.sentences(found.blocks, zone=zone, now=now, not_before_at=waits_until)
    return may_break(claim, why, person_id=person_id, override=None).sentences


def said_of(viewer: Viewer, duty: Duty, *, now: dt.datetime) -> Said:
    """The same of everybody who is on it or was asked for it, as far as the viewer reads how people
    rest; without who could override it."""
    asked = DutyPerson.objects.filter(duty=duty, stood_down_at__isnull=True)
    keys = rest.reached(viewer, list(asked.values_list("person_id", flat=True)))
    return {key: one[:-1] for key, one in rest_against_duty(viewer, duty, keys, now=now).items()}
