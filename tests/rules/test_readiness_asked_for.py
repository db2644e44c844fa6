"""How often a skill is asked for, and what it keeps its holders from."""

from __future__ import annotations

import uuid

from homeby.readiness.rules.asked_for import Ask, Missed, counted

FOX, OWL = uuid.UUID(int=1), uuid.UUID(int=2)


def test_what_a_skill_kept_people_from_is_counted_for_that_skill_alone() -> None:
    asks = [
        Ask(key="MEDR", person_id=FOX, ref="duty:1"),
        Ask(key="RADIO", person_id=FOX, ref="duty:1"),
        Ask(key="MEDR", person_id=FOX, ref="mission:2"),
        Ask(key="MEDR", person_id=OWL, ref="duty:3"),
    ]
    missed = [
        Missed(person_id=FOX, kind="TRAINING", against="duty:1"),
        Missed(person_id=FOX, kind="TRAINING", against="mission:2"),
        Missed(person_id=OWL, kind="SHIFT", against="duty:1"),  # that one was another's
        Missed(person_id=OWL, kind="SHIFT", against="duty:9"),  # for no skill
    ]
    found = counted(asks, missed)
    assert (found["MEDR"].times, len(found["MEDR"].people)) == (3, 2)
    assert found["MEDR"].kept_from == {"TRAINING": 2}
    assert found["RADIO"].kept_from == {"TRAINING": 1}
    assert counted([], missed) == {}
