"""The one spelling of a body, its hash and leaf, and the instant that an entry claims."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.instants import wall
from homeby.logbook.rules import (
    EARLIEST,
    FUTURE_LIMIT,
    KINDS,
    Refused,
    body_hash,
    bounded_happened_at,
    canonical,
    columns_in_body,
    declare,
    leaf_hash,
    new_tap,
    plain,
)
from homeby.missions.rules import MissionState

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
ZURICH = dt.timezone(dt.timedelta(hours=1))
KEY = uuid.UUID("00000000-0000-4000-8000-000000000001")


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (None, "null"),
        (True, "true"),
        (7, "7"),
        ('é "x"', '"é \\"x\\""'),
        (dt.datetime(2026, 11, 20, 13, 0, tzinfo=ZURICH), '"2026-11-20T12:00:00+00:00"'),
        (dt.date(2026, 11, 20), '"2026-11-20"'),
        (dt.time(13, 5), '"13:05:00"'),
        (b"\x00\xff", '"AP8="'),
        (memoryview(b"\x00\xff"), '"AP8="'),
        (KEY, f'"{KEY}"'),
        (Decimal("1.50"), '"1.50"'),
        (MissionState.OUT, '"OUT"'),
        ((1, 2), "[1,2]"),
        ({"b", "a"}, '["a","b"]'),
        ({"b": 1, "a": {"d": 2, "c": None}}, '{"a":{"c":null,"d":2},"b":1}'),
    ],
)
def test_every_value_has_one_spelling(value: object, spelled: str) -> None:
    assert canonical({"x": value}) == f'{{"x":{spelled}}}'


def test_a_time_without_a_zone_has_no_spelling() -> None:
    with pytest.raises(AssertionError, match="aware"):
        plain(dt.datetime(2026, 11, 20))  # noqa: DTZ001 - that is the point
    with pytest.raises(AssertionError, match="canonical"):
        plain(object())


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
_bodies = st.dictionaries(st.text(), _values, max_size=6)


@given(body=_bodies)
def test_reading_a_body_and_spelling_it_again_changes_nothing(body: dict[str, object]) -> None:
    text = canonical(body)
    assert canonical(json.loads(text)) == text
    assert canonical(dict(reversed(list(body.items())))) == text


@given(body=_bodies, salt=st.binary(min_size=16, max_size=16))
def test_the_hash_is_that_of_salt_and_body(body: dict[str, object], salt: bytes) -> None:
    text = canonical(body)
    assert body_hash(salt=salt, body=text) == hashlib.sha256(salt + text.encode()).digest()


def test_each_part_of_a_leaf_counts() -> None:
    parts = {"entry_id": KEY, "kind": "A", "recorded_at": NOW, "body": b"\x01" * 32}
    others = {
        "entry_id": uuid.uuid4(),
        "kind": "B",
        "recorded_at": NOW + dt.timedelta(microseconds=1),
        "body": b"\x02" * 32,
    }
    leaf = leaf_hash(**parts)  # type: ignore[arg-type]
    text = f"{KEY}|A|2026-11-20T12:00:00+00:00|".encode()
    assert leaf == hashlib.sha256(b"\x00" + text + b"\x01" * 32).digest()
    for name, value in others.items():
        assert leaf_hash(**(parts | {name: value})) != leaf  # type: ignore[arg-type]


def test_the_columns_of_an_entry_stand_in_its_body_too() -> None:
    entry = SimpleNamespace(
        entry_id=KEY,
        kind="MISSION_CHECKED_IN",
        subject="mission:1",
        person_id=KEY,
        actor_id=None,
        device="web",
        device_sequence=3,
        device_signature=b"signed",
        happened_at=NOW,
        recorded_at=NOW,
    )
    assert columns_in_body(entry) == {
        "entry_id": str(KEY),
        "kind": "MISSION_CHECKED_IN",
        "subject": "mission:1",
        "person_id": str(KEY),
        "actor_id": None,
        "device": "web",
        "device_sequence": 3,
        "device_signature": "c2lnbmVk",
        "happened_at": "2026-11-20T12:00:00+00:00",
        "recorded_at": "2026-11-20T12:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [
        (None, 0),
        (-60 * 24 * 365, -60 * 24 * 365),  # hours or years ago: a device that was off
        (-0.1, -0.1),
        (0, 0),
        (2, 2),  # a clock that runs a little ahead
        (2.01, 0),  # a wrong clock: the station's own time counts
        (60 * 24 * 365, 0),
    ],
)
def test_when_it_was_so(claimed: float | None, kept: float) -> None:
    at = None if claimed is None else NOW + dt.timedelta(minutes=claimed)
    assert bounded_happened_at(at, now=NOW) == NOW + dt.timedelta(minutes=kept)


@given(claimed=st.datetimes(timezones=st.just(dt.UTC)))
def test_no_device_clock_reaches_past_the_limit(claimed: dt.datetime) -> None:
    found = bounded_happened_at(claimed, now=NOW)
    assert found in (claimed, NOW, EARLIEST)
    assert EARLIEST <= found <= NOW + FUTURE_LIMIT
    assert wall(found, "America/Anchorage", NOW), "it can be said anywhere"


def test_a_kind_is_declared_once() -> None:
    kind = KINDS["ENTRY_ERASED"]
    with pytest.raises(AssertionError, match="twice"):
        declare(kind.name, kind.label, seen_by=kind.seen_by, erase=kind.erase)


def test_every_tap_has_an_id_of_its_own_and_a_refusal_its_sentences() -> None:
    assert new_tap().entry_id != new_tap().entry_id
    assert Refused("No.").problems == {"": "No."}
    assert Refused("No.", due="Too late.").problems == {"": "No.", "due": "Too late."}
    assert str(Refused(due="Too late.")) == "Too late."
