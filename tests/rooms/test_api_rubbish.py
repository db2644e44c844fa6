"""Bad input at the API: always a sentence, where, and what to do; never a 5xx."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from homeby.logbook.models import Entry
from homeby.missions.models import Mission
from homeby.people.rules import Right
from tests.rooms.api_client import Program, Programs
from tests.world import World

SCRIPTS = "Ана 田中さくら عبد Ζωή"


@pytest.fixture
def programs(world: World, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(world, monkeypatch)


@pytest.fixture
def head(programs: Programs) -> Program:
    return programs.of("head")


def problem(answer: Any, status: int, code: str) -> list[str]:
    """The one body of an answer that is not 2xx; gives where it is wrong."""
    assert answer.status_code == status, answer.content
    body = answer.json()
    assert set(body) == {"code", "sentence", "what_to_do", "fields"}
    assert body["code"] == code
    assert body["sentence"].endswith(".")
    assert body["what_to_do"].endswith((".", "makes one."))
    assert "Traceback" not in answer.content.decode()
    return [one["where"] for one in body["fields"]]


def test_bodies_that_are_no_json(world: World, head: Program) -> None:
    path = f"missions/{world.send_out('agent').pk}/check-in"
    good = json.dumps({"entry_id": str(uuid.uuid4())})
    before = Entry.objects.count()
    for body in (
        good[:-5],
        b"\xff\xfe",
        "[" * 60_000,
        '{"entry_id": "\\ud800"}',
        "1" * 5000,
        '{"entry_id": "\\u0000"}',
    ):
        problem(head.raw(path, body), 400, "NOT_UNDERSTOOD")
    problem(head.raw(path, "x" * 70_000), 413, "TOO_LARGE")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        problem(head.raw(path, good, kind), 415, "WRONG_TYPE")
    for body in ("[]", "null", '"x"', "{}", '{"entry_id": 7}', '{"entry_id": "x", "more": 1}'):
        problem(head.raw(path, body), 422, "WRONG_FIELDS")
    assert Entry.objects.count() == before


def test_addresses_that_lead_nowhere(head: Program) -> None:
    for path in (
        "nowhere",
        "missions/7",
        f"missions/{uuid.uuid4()}",
        f"alarms/{uuid.uuid4()}",
        f"people/{uuid.uuid4()}",
        f"missions/{uuid.uuid4()}/entries",
    ):
        problem(head.get(path), 404, "NOT_FOUND")
    problem(head.post("people"), 405, "WRONG_METHOD")
    problem(head.get("missions", cursor="%%%"), 422, "WRONG_FIELDS")
    problem(head.get("entries", cursor="OTk5OTk5OTk5OTk5OTk5OTk5OTk5"), 422, "WRONG_FIELDS")
    problem(head.get("missions", limit=0), 422, "WRONG_FIELDS")
    problem(head.get("missions", state="LOST"), 422, "WRONG_FIELDS")
    problem(head.get("missions", cursor="\x00"), 400, "NOT_UNDERSTOOD")


def test_keys_that_open_nothing(head: Program) -> None:
    for token in ("", "homeby-token-", "x" * 5000, "homeby-token-" + "a" * 43, "é\x00"):
        answer = Program(token=token, token_id=uuid.uuid4()).get("missions")
        problem(answer, 401, "NO_TOKEN")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def plan(programs: Programs, **more: Any) -> dict[str, Any]:
    party = [str(programs.world.people[who]) for who in ("agent", "mate")]
    return {
        "what": "Patrol",
        "party": party,
        "leader_id": party[0],
        "zone": "UTC",
        "due_at": programs.at(minutes=60),
        **more,
    }


def test_plans_that_mean_nothing(programs: Programs, head: Program) -> None:
    someone = str(uuid.uuid4())
    for wrong, where in (
        ({"what": "N" * 5000}, "body.what"),
        ({"due_at": "tomorrow"}, "body.due_at"),
        ({"due_at": "2026-11-20T20:00:00"}, "body.due_at"),
        ({"due_at": 1_800_000_000}, "body.due_at"),
        ({"due_at": "0001-01-01T00:00:00+14:00"}, "body.due_at"),
        ({"party": [someone]}, "body.party"),
        ({"leader_id": someone}, "body.leader_id"),
        ({"team_id": someone}, "body.team_id"),
        ({"latitude": 1e400}, "body.latitude"),
        ({"party": []}, "body.party"),
    ):
        assert where in problem(
            head.post("missions", **plan(programs, **wrong)), 422, "WRONG_FIELDS"
        )
    assert problem(head.post("missions", **plan(programs, zone="Mars")), 422, "REFUSED")
    assert problem(
        head.post("missions", **plan(programs, due_at=programs.at(minutes=-9))), 422, "REFUSED"
    )
    assert not Mission.objects.exists()


def test_four_scripts_come_back_as_they_went(programs: Programs, head: Program) -> None:
    answer = head.post("missions", **plan(programs, what=SCRIPTS))
    assert answer.status_code == 200, answer.content
    assert head.get(f"missions/{answer.json()['entry_id']}").json()["what"] == SCRIPTS


def test_a_device_clock_of_1901_moves_nothing(
    world: World, programs: Programs, head: Program
) -> None:
    mission = world.send_out("agent", "mate")
    before = head.get(f"missions/{mission.pk}").json()
    for claimed in ("1901-12-13T20:45:52Z", programs.at(minutes=3 * 24 * 60)):
        answer = head.post(f"missions/{mission.pk}/check-in", happened_at=claimed)
        assert answer.status_code == 200, answer.content
    after = head.get(f"missions/{mission.pk}").json()
    assert (after["due_at"], after["call_out_at"]) == (before["due_at"], before["call_out_at"])


def test_an_unknown_gate_stands_in_nobodys_way_home(
    world: World, programs: Programs, head: Program
) -> None:
    mission = world.send_out("agent", "mate")
    people = [str(world.people["agent"])]
    nowhere = str(uuid.uuid4())
    answer = head.post(f"missions/{mission.pk}/sign-out", people=people, gate_id=nowhere)
    problem(answer, 422, "WRONG_FIELDS")
    assert head.post("sign-in", people=people, gate_id=nowhere).status_code == 200
    assert head.post("sign-in", people=[str(uuid.uuid4())]).status_code == 200
    assert "heads" in str(head.post("sign-in", people=[*people, nowhere], heads=7).json())


def test_too_many_readings_wait_and_the_way_home_does_not(world: World, programs: Programs) -> None:
    mission, fox = world.send_out("agent", "mate"), programs.of("agent")
    many = [fox.get("alarms").status_code for _ in range(121)]
    assert many == [200] * 120 + [429]
    answer = fox.get("missions")
    problem(answer, 429, "TOO_MANY")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert programs.of("agent", Right.READ_MISSIONS).get("missions").status_code == 200
    programs.seconds += int(answer.headers["Retry-After"])
    assert fox.get("missions").status_code == 200
    for _ in range(3):
        assert fox.post(f"missions/{mission.pk}/check-in").status_code == 200


def test_a_flood_is_recorded_and_seen(world: World, programs: Programs) -> None:
    mission, fox = world.send_out("agent", "mate"), programs.of("agent")
    entry_id = uuid.uuid4()
    for _ in range(125):
        assert fox.post(f"missions/{mission.pk}/check-in", entry_id).status_code == 200
    assert Entry.objects.filter(kind="MISSION_CHECKED_IN").count() == 1
    assert Entry.objects.filter(kind="TOKEN_FLOODED").count() == 1
