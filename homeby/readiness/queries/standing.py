"""Who holds what, who is whose mentor, what somebody lacks: asked by examinations and units.

This is the one place that answers such questions. What it knows so far is what examinations
recorded: promotions, and the mentors whom candidates named.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import cache

from homeby.readiness.models import Examiner, Promotion
from homeby.readiness.rules import currency, prerequisites
from homeby.readiness.rules.catalogue import Catalogue
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.prerequisites import Lack
from homeby.readiness.rules.qualifications import (
    Holding,
    Qualification,
    QualificationKind,
    Qualifications,
    Record,
)
from homeby.readiness.shipped import shipped_catalogue

#: What somebody may be examined for.
EXAMINED = (QualificationKind.RANK, QualificationKind.POSITION)
#: So many doubts are named at most.
DOUBTS_MAX = 12


@cache
def known() -> Qualifications:
    """The catalogue by key. No viewer: it holds nothing personal."""
    found = shipped_catalogue()
    assert isinstance(found, Catalogue), f"the shipped catalogue has faults: {found}"
    return found.qualifications


def named(key: str) -> str:
    """What a position or rank is called; its key where the catalogue has it no more."""
    found = known().get(key)
    return found.name if found is not None else key


def examined() -> list[Qualification]:
    """Every position and rank that somebody may be examined for, ranks first."""
    found = [one for one in known().values() if one.kind in EXAMINED]
    return sorted(found, key=lambda one: (EXAMINED.index(one.kind), one.family, one.name))


def records_of(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Record]:
    """What is recorded of each of these people. No viewer: it decides who may examine and what is
    missing, and callers show it to whom it concerns. One query."""
    wanted = dict.fromkeys(person_ids)
    held: dict[uuid.UUID, list[Holding]] = {key: [] for key in wanted}
    rows = Promotion.objects.filter(person_id__in=wanted).order_by("from_date", "pk")
    for key, what, day in rows.values_list("person_id", "what", "from_date"):
        held[key].append(Holding(key=what, from_date=day))
    return {key: Record(person_id=key, holdings=tuple(found)) for key, found in held.items()}


def standings(
    what: str, person_ids: Iterable[uuid.UUID], *, day: dt.date
) -> dict[uuid.UUID, Validity]:
    """How each of these people stands to a position or rank on a day. No viewer: see records_of."""
    records = records_of(person_ids)
    return {
        key: currency.validity(what, record, known(), day=day) for key, record in records.items()
    }


def holders_of(what: str, *, day: dt.date) -> list[uuid.UUID]:
    """Who holds a position or rank on a day. No viewer: see records_of. Two queries."""
    keys = Promotion.objects.filter(what=what).values_list("person_id", flat=True)
    found = standings(what, sorted(set(keys)), day=day)
    return [key for key, one in found.items() if one.standing is Standing.CURRENT]


def mentors_of(person_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Whose learner she is, or was: they neither examine nor approve alone. No viewer: it decides
    who may. One query."""
    rows = Examiner.objects.filter(examination__person_id=person_id, is_mentor=True)
    return frozenset(rows.values_list("person_id", flat=True))


def lacks(what: str, person_id: uuid.UUID, *, day: dt.date) -> list[str]:
    """What speaks against somebody's readiness for a position or rank, a sentence each; the
    certification is what an examination is for. No viewer: for herself and whoever decides."""
    if what not in known():
        return []
    record = records_of([person_id])[person_id]
    found = prerequisites.missing_for(what, record, known(), day=day)
    after = (Lack.CERTIFY, Lack.FINAL, Lack.TASK)
    return [one.sentence for one in found if one.lack not in after][:DOUBTS_MAX]


def missing_of(keys: Iterable[str], person_id: uuid.UUID, *, day: dt.date) -> list[str]:
    """Which of these qualifications somebody does not hold on a day, a sentence each. No viewer:
    for herself."""
    record = records_of([person_id])[person_id]
    found = ((one, currency.validity(one, record, known(), day=day)) for one in keys)
    return [
        currency.said(named(one), stands, day=day)
        for one, stands in found
        if stands.standing is not Standing.CURRENT
    ]
