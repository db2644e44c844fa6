"""What the limits of minors say of a duty, and of whoever could go on a mission, for the calendar
and the crew. No viewer anywhere: it decides who may, and whoever plans reads the sentences.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from homeby import instants
from homeby.missions.queries.minors import limits
from homeby.missions.rules import Conditions
from homeby.missions.rules.minors import Outing, against, by_limits
from homeby.people.queries.minors import minors_among
from homeby.people.queries.who import units
from homeby.people.rules_private import MinorFacts
from homeby.readiness.models import Duty, DutyApproval, DutyPerson
from homeby.readiness.rules.who_can_go import Asked

Said = dict[uuid.UUID, tuple[str, ...]]


def against_duty(duty: Duty, person_ids: Collection[uuid.UUID], *, with_others: bool) -> Said:
    """What the limits say against the minors among these people on a duty; nothing of one whom an
    adult has approved for the time that it has now. `with_others`: as she would be on it, beside
    those who are; without it nothing is said of her company, for nobody knows it yet. One query
    where there is no minor, else five."""
    young = minors_among(person_ids, on=_day(duty.starts_at, duty.zone))
    if not young:
        return {}
    approved = DutyApproval.objects.filter(duty=duty, frame=duty.frame)
    lifted = set(approved.values_list("person_id", flat=True))
    on = set(
        DutyPerson.objects.filter(
            duty=duty, picked_at__isnull=False, stood_down_at__isnull=True
        ).values_list("person_id", flat=True)
    )
    outing = Outing(
        out_at=duty.starts_at,
        due_at=duty.ends_at,
        zone=duty.zone,
        conditions=Conditions.NORMAL,
        adults=0,
        kind=duty.kind,
    )
    left = [one for one in young if one.person_id not in lifted]
    return _said(left, outing, on, with_others=with_others)


def against_going(
    person_ids: Collection[uuid.UUID], asked: Asked, party: Collection[uuid.UUID]
) -> Said:
    """The same of whoever could go on a mission beside its party; asked for no mission ("can I
    go?"), nothing is said of company. One query where there is no minor, else four."""
    young = minors_among(person_ids, on=_day(asked.begins, asked.zone))
    if not young:
        return {}
    outing = Outing(
        out_at=asked.begins,
        due_at=asked.ends,
        zone=asked.zone,
        conditions=asked.conditions,
        adults=0,
        kind=asked.kind,
    )
    humans = set(party) - units(party)
    return _said(young, outing, humans, with_others=bool(asked.mission_id.int))


def _said(
    young: Collection[MinorFacts], outing: Outing, there: set[uuid.UUID], *, with_others: bool
) -> Said:
    assert outing.out_at is not None, "a duty begins, and so does what is asked for"
    minors_there = minors_among(there, on=_day(outing.out_at, outing.zone)) if there else []
    of_age = there - {one.person_id for one in minors_there}
    rules = [one for one in limits() if with_others or one.adults is None]
    found: Said = {}
    for one in young:
        adults = len(of_age - {one.person_id}) if with_others else 1
        hers = Outing(**(vars(outing) | {"adults": adults}))
        heads = len(there | {one.person_id})
        said = (*against(hers, [one]), *by_limits(hers, [one], rules, people=heads))
        if said:
            found[one.person_id] = said
    return found


def _day(at: dt.datetime, zone: str) -> dt.date:
    return at.astimezone(instants.zone_info(zone)).date()
