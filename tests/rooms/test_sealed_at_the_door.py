"""Sealed entries at the door: opened for a kiosk of ours only, outside the loop; kept otherwise."""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections.abc import Sequence
from typing import Any

import pytest

from homeby.missions.actions.intake import Batch, Result
from homeby.missions.rules.intake import Answer, Taken
from homeby.people.rules import hash_of
from homeby.web.intake import proving, sealed
from homeby.web.intake.desk import ONE_WRITER, Desk
from homeby.web.intake.entries import Intake, _No
from tests.rooms.devices import kiosk, phone_of
from tests.rooms.test_kiosk import seal
from tests.world import START, World


def _taken(batches: Sequence[Batch]) -> list[Result]:
    return [
        [
            Answer(entry_id=one.entry_id, taken=Taken.COUNTED, sentence="Recorded.")
            for one in batch.claims
        ]
        for batch in batches
    ]


def _sent(*entries: Any) -> tuple[int, dict[str, Any]]:
    intake = Intake(desk=Desk(record=_taken, pace=ONE_WRITER, rest=lambda: None))
    body = json.dumps({"entries": entries}).encode()
    try:
        return asyncio.run(intake._take(body, key_hash="x", language="en", now=START))
    finally:
        intake.close()


@pytest.mark.parametrize("known", [True, False])
def test_a_stranger_has_nothing_opened(monkeypatch: pytest.MonkeyPatch, known: bool) -> None:
    opened, by = sealed.opened, []

    def noted(entry: Any) -> dict[str, Any]:
        by.append(threading.current_thread().name)
        return opened(entry)

    monkeypatch.setattr(sealed, "opened", noted)
    monkeypatch.setattr(proving, "opens_for", lambda _key_hash: known)
    keys = [str(uuid.uuid4()) for _ in range(3)]
    good = [seal({"act": "help", "callsign": "Fox"}, entry_id=one) for one in keys]
    bad = good[2] | {"sealed": "A" * 90}
    if not known:
        with pytest.raises(_No) as no:
            _sent(*good[:2], bad)
        assert no.value.status == 503, "the tablet keeps it"
        assert not by
        return
    status, told = _sent(*good[:2], bad)
    assert status == 200
    assert [one["taken"] for one in told["answers"]] == ["counted", "counted", "refused"]
    assert len(by) == 3, "each once"
    assert all(name.startswith("prover") for name in by)


def test_only_a_device_of_ours_seals(world: World) -> None:
    for device in (kiosk(world), phone_of(world, "agent")):
        assert proving.opens_for(hash_of(device.key))
        device.revoke()
        assert proving.opens_for(hash_of(device.key)), "what it kept goes to a person"
    for key_hash in (hash_of("made up"), ""):
        assert not proving.opens_for(key_hash)
