"""The API: token, reading as the pages read, acts that count once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from homeby.logbook.models import Entry
from homeby.people.models import Person, PersonalToken
from homeby.people.rules import Right
from tests.promises.limited import kind
from tests.rooms.api_client import Programs
from tests.world import World


@pytest.fixture
def programs(world: World, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(world, monkeypatch)


def test_a_token_reads_missions_and_checks_in(world: World, programs: Programs) -> None:
    mission = world.send_out("agent", "mate")
    fox = programs.of("agent", Right.READ_MISSIONS, Right.GATE)
    (shown,) = fox.items("missions")
    assert shown["id"] == str(mission.pk)
    assert [one["callsign"] for one in shown["party"]] == ["Fox", "Owl"]
    assert shown["due_at"].endswith(("Z", "+00:00"))
    answer = fox.post(f"missions/{mission.pk}/check-in", note="at the hut")
    assert answer.status_code == 200, answer.content
    assert answer.json()["answer"].startswith("Noted: fine at")
    line = Entry.objects.get(entry_id=answer.json()["entry_id"])
    assert (line.kind, line.device) == ("MISSION_CHECKED_IN", f"token:{fox.token_id}")
    assert line.person_id == world.people["agent"]


def test_an_act_repeated_is_told_its_first_answer(world: World, programs: Programs) -> None:
    mission, guard = world.send_out("agent", "mate"), programs.of("guard")
    entry_id = uuid.uuid4()
    first = guard.post("sign-in", entry_id, people=[str(world.people["agent"])])
    assert first.status_code == 200
    world.fast_forward(minutes=3)
    before = Entry.objects.count()
    again = guard.post("sign-in", entry_id, people=[str(world.people["agent"])])
    assert (again.status_code, again.json()) == (200, first.json())
    assert Entry.objects.count() == before
    (shown,) = guard.items("missions")
    assert {one["callsign"]: one["state"] for one in shown["party"]} == {
        "Fox": "BACK",
        "Owl": "OUT",
    }
    assert shown["id"] == str(mission.pk)


def test_nobody_is_told_the_answer_to_somebody_elses_act(world: World, programs: Programs) -> None:
    world.send_out("agent", "mate")
    entry_id = uuid.uuid4()
    programs.of("guard").post("sign-in", entry_id, people=[str(world.people["agent"])])
    answer = programs.of("agent").post("sign-in", entry_id, people=[str(world.people["agent"])])
    assert (answer.status_code, answer.json()["code"]) == (409, "ID_TAKEN")
    assert "Welcome back" not in answer.content.decode()


def test_a_mission_from_plan_to_home(world: World, programs: Programs) -> None:
    head = programs.of("head")
    party = [str(world.people[who]) for who in ("agent", "mate")]
    kind(world, "SEARCH")
    fields: dict[str, Any] = {
        "what": "Patrol", "party": party, "leader_id": party[0], "zone": "Europe/Vienna",
        "due_at": programs.at(minutes=120),
    }  # fmt: skip
    strange = head.post("missions", **fields, kind="CANOE")
    assert (strange.status_code, "body.kind" in strange.content.decode()) == (422, True)
    planned = head.post("missions", **fields, kind="SEARCH")
    assert planned.status_code == 200, planned.content
    mission = f"missions/{planned.json()['entry_id']}"
    assert head.get(mission).json()["state"] == "PLANNED"
    assert head.get(mission).json()["kind"] == "SEARCH"
    left = head.post(f"{mission}/sign-out", people=party, gate_id=str(world.gate_id))
    assert left.status_code == 200, left.content
    called = programs.of("mate").post(f"{mission}/help", why="a broken leg")
    assert called.status_code == 200
    (alarm,) = head.items("alarms", state="OPEN")
    assert (alarm["phase"], alarm["mission_id"]) == ("DISTRESS", planned.json()["entry_id"])
    act = f"alarms/{alarm['id']}"
    assert head.post(f"{act}/take").status_code == 200
    assert head.get(act).json()["taken_by"] == "Head"
    given = head.post(f"{act}/hand-over", to=str(world.people["deputy"]))
    assert given.status_code == 200, given.content
    ended = head.post(f"{act}/stand-down", reason="they are with us")
    assert ended.status_code == 200, ended.content
    home = head.post("sign-in", people=party, heads=2)
    assert home.status_code == 200
    assert head.get(mission).json()["state"] == "BACK"
    lines = head.items(f"{mission}/entries")
    assert {"MISSION_PLANNED", "MISSION_SIGNED_OUT", "MISSION_BACK"} <= {x["kind"] for x in lines}
    (watch,) = head.items("watch-bill")
    assert (watch["callsign"], watch["deputy"], watch["to_at"]) == ("Head", "Deputy", None)


def test_a_token_does_no_more_than_its_rights(world: World, programs: Programs) -> None:
    mission = world.send_out("agent")
    narrow = programs.of("head", Right.READ_ALARMS)
    assert narrow.get("alarms").status_code == 200
    for path in ("people", "missions", f"missions/{mission.pk}", "entries", "watch-bill"):
        answer = narrow.get(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "NO_RIGHT"), path
    for path in (f"missions/{mission.pk}/check-in", "sign-in", "missions"):
        assert narrow.post(path).status_code == 403


def test_a_token_works_until_it_is_revoked_or_expires(world: World, programs: Programs) -> None:
    fox, brief = programs.of("agent"), programs.of("agent", days=1)
    assert fox.get("missions").status_code == 200
    programs.revoke(fox, by="admin")
    answer = fox.get("missions")
    assert (answer.status_code, answer.json()["code"]) == (401, "NO_TOKEN")
    assert "revoked" in answer.json()["sentence"]
    assert brief.get("missions").status_code == 200
    world.now += world.now.resolution + (
        PersonalToken.objects.get(pk=brief.token_id).expires_at - world.now
    )
    assert brief.get("missions").status_code == 401


def test_whoever_has_left_has_no_token_any_more(world: World, programs: Programs) -> None:
    fox = programs.of("agent")
    Person.objects.filter(pk=world.people["agent"]).update(is_active=False)
    assert fox.get("missions").status_code == 401


def test_the_last_use_is_noted_and_the_token_is_kept_as_a_hash(
    world: World, programs: Programs
) -> None:
    fox = programs.of("agent")
    row = PersonalToken.objects.get(pk=fox.token_id)
    assert row.used_at is None
    fox.get("missions")
    row.refresh_from_db()
    assert row.used_at == world.now
    assert fox.token not in str(list(PersonalToken.objects.values()))
    bodies = Entry.objects.filter(kind="TOKEN_MADE").values_list("content__body", flat=True)
    assert bodies
    assert not any(fox.token in (body or "") for body in bodies)
