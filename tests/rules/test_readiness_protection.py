"""What may break a protected rest, and what limits a minor."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.readiness.rules.minors import Minor, Outing, against, age_on
from homeby.readiness.rules.protection import Claim, Override, may_break
from homeby.readiness.rules.rest import resting
from homeby.readiness.rules.rest_said import sentences
from tests.rules.readiness_samples import FOX, NOW, OWL, PACKS, ZONE, at, duties, local

RESTS = sentences(resting(duties((-17, -1)), PACKS["volunteers"], now=NOW), zone=ZONE, now=NOW)
WORD = Override(by=OWL, reason="nobody else has the key")


@pytest.mark.parametrize("claim", list(Claim))
def test_without_a_word_only_safety_and_the_way_home_pass(claim: Claim) -> None:
    passes = {Claim.LAST_FALLBACK, Claim.OWN_ALARM, Claim.OWN_RE_CHECK, Claim.WAY_HOME}
    found = may_break(claim, RESTS, person_id=FOX, override=None)
    assert found.allowed is (claim in passes)
    assert bool(found.sentences) is (claim not in passes)
    free = may_break(claim, [], person_id=FOX, override=None)
    assert free.allowed


@pytest.mark.parametrize(
    ("override", "claim", "allowed", "said"),
    [
        (WORD, Claim.MISSION, True, "Rest until"),
        (WORD, Claim.SHIFT, True, "Rest until"),
        (WORD, Claim.PAGE, False, "Rest until"),  # somebody else is told instead
        (
            Override(by=FOX, reason="I am fine"),
            Claim.MISSION,
            False,
            "Nobody overrides her own rest",
        ),
        (Override(by=OWL, reason="  "), Claim.MISSION, False, "Give the reason in 3 to 500"),
        (Override(by=OWL, reason="x" * 501), Claim.MISSION, False, "Give the reason in 3 to 500"),
        (None, Claim.MISSION, False, "Somebody may override this by name"),
    ],
)
def test_an_override_has_a_name_and_a_reason_and_is_kept(
    override: Override | None, claim: Claim, allowed: bool, said: str
) -> None:
    found = may_break(claim, RESTS, person_id=FOX, override=override)
    assert (found.allowed, found.overridden) == (allowed, allowed)
    assert any(said in one for one in found.sentences)


def outing(**said: Any) -> Outing:
    """A day out, in everything within the limits of a person of fifteen."""
    times = {"out_at": local("2026-06-06 09:00 +02:00"), "due_at": local("2026-06-06 16:00 +02:00")}
    return Outing(**{"zone": ZONE, "kind": "TRAINING", "people": 3, "adults": 2, **times, **said})


FIFTEEN, SEVENTEEN, ADULT = (
    Minor(callsign="Fox", born=dt.date(2026 - age, 1, 1)) for age in (15, 17, 18)
)


@pytest.mark.parametrize(
    ("who", "said", "rules"),
    [
        (FIFTEEN, {}, []),
        (FIFTEEN, {"adults": 1}, ["two-adults"]),
        (SEVENTEEN, {"adults": 1}, []),
        (SEVENTEEN, {"adults": 0}, ["alone"]),
        (SEVENTEEN, {"people": 1, "adults": 0}, ["alone"]),
        (SEVENTEEN, {"kind": "AVALANCHE"}, ["kinds"]),
        (FIFTEEN, {"due_at": local("2026-06-06 20:30 +02:00")}, ["hours-under-16", "length"]),
        (SEVENTEEN, {"due_at": local("2026-06-06 17:00 +02:00")}, []),
        (SEVENTEEN, {"due_at": local("2026-06-06 17:01 +02:00")}, ["length"]),
        (SEVENTEEN, {"due_at": local("2026-06-07 09:30 +02:00")}, ["hours", "length"]),
        (ADULT, {"people": 1, "adults": 0, "kind": "FIRE"}, []),
        (Minor(callsign="Owl", born=None), {"people": 1, "kind": "FIRE"}, []),
    ],
)
def test_what_speaks_against_a_minor(who: Minor, said: dict[str, Any], rules: list[str]) -> None:
    found = against(outing(**said), [who], PACKS["minors"])
    assert [one.rule.key for one in found] == rules
    for one in found:
        assert "Fox" in one.sentence
        assert "{" not in one.sentence


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28), 17),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1), 18),
        (dt.date(2008, 2, 29), dt.date(2024, 2, 29), 16),
        (dt.date(2008, 11, 27), dt.date(2026, 11, 27), 18),
        (dt.date(2008, 11, 28), dt.date(2026, 11, 27), 17),
    ],
)
def test_an_age_goes_by_days_and_a_leap_day_waits_for_march(
    born: dt.date, day: dt.date, age: int
) -> None:
    assert age_on(born, day) == age


def test_the_local_day_counts() -> None:
    """23:30 UTC is the next day in Zurich, on which she comes of age."""
    born = dt.date(2008, 11, 28)
    late = outing(out_at=at(3.5), due_at=at(5), people=1, adults=0)
    assert against(late, [Minor(callsign="Fox", born=born)], PACKS["minors"]) == []
