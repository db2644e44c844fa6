"""Whatever a device sends is read, or gets a sentence: nothing else ever leaves the reader."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.missions.rules.intake import Claim
from homeby.people.rules import Act
from homeby.web.intake.reading import CALLSIGN_MAX, NOTE_MAX, Unreadable, Wrong, read

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
ID = "11111111-2222-4333-8444-555555555555"


def one(**more: Any) -> Claim | Wrong:
    body = {"entries": [{"id": ID, "act": "check_in"} | more]}
    (found,) = read(json.dumps(body).encode(), now=NOW)
    return found


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from([ID, "help", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["id", "act", "mission", "person", "people", "callsign", "happened_at", "sequence", "note",
     "heads", "due_at", "anyway"]
)  # fmt: skip


@given(st.lists(st.dictionaries(NAMES, VALUES), min_size=1, max_size=5), VALUES)
def test_of_any_entry_comes_a_claim_or_a_sentence(entries: list[Any], sent_at: Any) -> None:
    body = json.dumps({"entries": entries, "sent_at": sent_at}).encode("utf-8", "surrogatepass")
    said = [""]
    try:
        found = read(body, now=NOW)
        said = [got.sentence if isinstance(got, Wrong) else "." for got in found]
        assert len(found) == len(entries)
    except Unreadable as unreadable:
        said = [str(unreadable)]
    assert all(sentence.endswith(".") for sentence in said)


@given(st.binary(max_size=300))
def test_of_any_bytes_comes_a_sentence(body: bytes) -> None:
    with pytest.raises(Unreadable, match=r"\.$"):
        read(body, now=NOW)


def test_what_somebody_says_is_cut_and_never_refused_for_its_length() -> None:
    found = one(note="й" * 5000, callsign="狐" * 5000)
    assert isinstance(found, Claim)
    assert (len(found.note), len(found.callsign)) == (NOTE_MAX, CALLSIGN_MAX)


def test_an_entry_is_read_as_it_was_meant() -> None:
    found = one(
        act="SIGN_IN",
        mission=ID,
        people=[ID],
        heads=1,
        sequence=7,
        happened_at="2026-11-20T09:00:00+01:00",
    )
    assert isinstance(found, Claim)
    assert (found.act, found.mission_id, found.heads) == (Act.SIGN_IN, uuid.UUID(ID), 1)
    assert found.happened_at == found.claimed_at == dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "x"},
        {"id": None},
        {"act": "fly"},
        {"mission": 5},
        {"people": "all"},
        {"people": [ID] * 61},
        {"sequence": -1},
        {"sequence": True},
        {"sequence": 2**63},
        {"heads": 1.5},
        {"note": "a\x00b"},
        {"note": "\ud800"},
        {"happened_at": "2026-11-20T09:00:00"},
        {"happened_at": "yesterday"},
        {"due_at": 5},
    ],
)
def test_what_is_wrong_is_named(wrong: dict[str, Any]) -> None:
    found = one(**wrong)
    assert isinstance(found, Wrong)
    (name,) = wrong
    assert f"“{name}”" in found.sentence or name in found.sentence
