"""Who holds what, who is whose mentor, what somebody lacks: asked by examinations and units.

This is the one place that answers such questions: from what is held by task book or paper, from
promotions, from mentors and learners, and from the mentors whom candidates named.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from homeby.readiness.models import Examiner, Mentorship, Promotion
from homeby.readiness.models import Holding as HoldingRow
from homeby.readiness.queries import qualifications as recorded
from homeby.readiness.rules import currency, prerequisites
from homeby.readiness.rules.catalogue import Catalogue
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.past_records import EXAMINED
from homeby.readiness.rules.prerequisites import Lack
from homeby.readiness.rules.qualifications import (
    Holding,
    Qualification,
    Qualifications,
    Record,
)
from homeby.readiness.shipped import shipped_catalogue

#: So many doubts are named at most.
DOUBTS_MAX = 12


def known() -> Qualifications:
    """The catalogue of the organisation by key; the shipped one, until it has loaded its own. No
    viewer: it holds nothing personal. One query."""
    return recorded.known() or _shipped()


@cache
def _shipped() -> Qualifications:
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
    missing, and callers show it to whom it concerns. Four queries."""
    found = recorded.records(list(dict.fromkeys(person_ids)))
    promoted: dict[uuid.UUID, list[Holding]] = {}
    rows = Promotion.objects.filter(person_id__in=found).order_by("from_date", "pk")
    for key, what, day in rows.values_list("person_id", "what", "from_date"):
        if all(what != one.key for one in found[key].holdings):  # before the catalogue was loaded
            promoted.setdefault(key, []).append(Holding(key=what, from_date=day))
    return {
        key: replace(record, holdings=(*record.holdings, *promoted.get(key, ())))
        for key, record in found.items()
    }


def standings(
    what: str, person_ids: Iterable[uuid.UUID], *, day: dt.date
) -> dict[uuid.UUID, Validity]:
    """How each of these people stands to a position or rank on a day. No viewer: see records_of."""
    records, catalogue = records_of(person_ids), known()
    return {
        key: currency.validity(what, record, catalogue, day=day) for key, record in records.items()
    }


def holders_of(what: str, *, day: dt.date) -> list[uuid.UUID]:
    """Who holds a position or rank on a day. No viewer: see records_of. Seven queries."""
    promoted = Promotion.objects.filter(what=what).values_list("person_id", flat=True)
    held = HoldingRow.objects.filter(qualification__key=what).values_list("person_id", flat=True)
    found = standings(what, sorted({*promoted, *held}), day=day)
    return [key for key, one in found.items() if one.standing is Standing.CURRENT]


def was_ever_held(what: str) -> bool:
    """Whether anybody ever held a position or rank, valid or not. No viewer: see records_of. Two
    queries."""
    held = HoldingRow.objects.filter(qualification__key=what)
    return held.exists() or Promotion.objects.filter(what=what).exists()


def mentors_of(person_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Whose learner she is, or was: they neither examine nor approve alone. No viewer: it decides
    who may. Two queries."""
    named_by_her = Examiner.objects.filter(examination__person_id=person_id, is_mentor=True)
    taught_her = Mentorship.objects.filter(learner_id=person_id)
    return frozenset(
        [
            *named_by_her.values_list("person_id", flat=True),
            *taught_her.values_list("mentor_id", flat=True),
        ]
    )


def lacks(what: str, person_id: uuid.UUID, *, day: dt.date) -> list[str]:
    """What speaks against somebody's readiness for a position or rank, a sentence each: an open
    task book and its final evaluation as well, for the certification alone is what an examination
    stands in for. No viewer: for herself and whoever decides."""
    catalogue = known()
    if what not in catalogue:
        return []
    record = recorded.aged(records_of([person_id])[person_id], day=day)
    found = prerequisites.missing_for(what, record, catalogue, day=day)
    found = [one for one in found if one.lack is not Lack.CERTIFY]
    found.sort(key=lambda one: one.lack is Lack.TASK)  # many, and the rest is to be read as well
    return [one.sentence for one in found][:DOUBTS_MAX]


def missing_of(keys: Iterable[str], person_id: uuid.UUID, *, day: dt.date) -> list[str]:
    """Which of these qualifications somebody does not hold on a day, a sentence each. No viewer:
    for herself."""
    record, catalogue = records_of([person_id])[person_id], known()
    found = ((one, currency.validity(one, record, catalogue, day=day)) for one in keys)
    return [
        currency.said(catalogue[one].name if one in catalogue else one, stands, day=day)
        for one, stands in found
        if stands.standing is not Standing.CURRENT
    ]
