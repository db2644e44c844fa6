"""When a mission is planned, what its party has already is shown; when a duty is planned, so are
missions: duties, examinations, rest, "not before"; of an outside calendar the times alone. It bars
nobody: who rests then is planned by somebody's name and reason, and hears it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry, Read
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.missions.queries.done import busy_with_missions
from homeby.missions.rules import Hurt
from homeby.people.actions import blocks
from homeby.people.actions.rests import rests_at
from homeby.people.rules import Right
from homeby.readiness.models import Examination, OwnTime, RestOverride
from homeby.readiness.queries.duty_advice import against
from homeby.readiness.queries.matrix import asked_for
from homeby.readiness.queries.plan_advice import AgainstPlan, Planned, against_plan
from homeby.readiness.rules.duty_planning import DutyType
from homeby.readiness.rules.examinations import ExaminationState
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.readiness.rules.whose import Whose
from tests.promises.limited import FIFTEEN, choose_limits, is_minor
from tests.promises.planning_duties import a_shift_of, away, in_team
from tests.promises.rested import hurt, release
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, followed, sent, source_of, text_of
from tests.world import ZONE, World

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def programs(world: World, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(world, monkeypatch)


def said(
    world: World, *party: str, hours: float, by: str = "head", leaves: float | None = None
) -> AgainstPlan:
    plan = Planned(
        party=[world.people[one] for one in party], due_at=world.now + hours * HOUR, zone=ZONE,
        sets_out_at=None if leaves is None else world.now + leaves * HOUR,
    )  # fmt: skip
    return against_plan(world.as_(by), plan, now=world.now)


def test_what_they_have_is_said_with_its_times_and_no_more(world: World) -> None:
    a_shift_of(world, "agent")  # from 24 to 32 hours on
    away(world, "mate", hours=24, lasts=4)
    OwnTime.objects.filter(person_id=world.people["mate"]).update(kind=OwnTimeKind.BUSY)
    away(world, "outsider", hours=24, lasts=4)
    world.plan("deputy", due_minutes=26 * 60)
    found = said(world, "agent", "mate", "outsider", "deputy", "guard", hours=27)
    assert found.sentences == (
        "Fox: has a duty from tomorrow 09:00 to tomorrow 17:00.",
        "Owl: is not available from tomorrow 09:00 to tomorrow 13:00.",
        f"{world.callsign('outsider')}: is not available from tomorrow 09:00 to tomorrow 13:00.",
        "Deputy: is on another mission until tomorrow 11:00.",
    ), "leave and an outside calendar are told apart by nobody"
    assert not found.overridden, "what she has is said, and asks for nobody's word"
    assert said(world, "agent", hours=10).sentences == ()
    assert said(world, "agent", "mate", hours=27, by="mate").sentences[0].startswith("Owl"), (
        "whoever does not lead them reads of herself alone"
    )


def test_a_mission_and_an_examination_stand_against_a_duty_and_a_rest_does(world: World) -> None:
    world.plan("agent", due_minutes=26 * 60)
    Examination.objects.create(
        id=new_tap().entry_id, person_id=world.people["mate"], what="SCOUT",
        asked_id=world.people["head"], asked_at=world.now, state=ExaminationState.SET,
        held_date=(world.now + 26 * HOUR).date(),
    )  # fmt: skip
    hurt(world, "outsider", by="outsider")
    times = (world.now + 24 * HOUR, world.now + 28 * HOUR)
    lines = against(world.as_("head"), DutyType.SHIFT, Whose(), times, now=world.now)
    assert "Are on a mission then: 1." in lines
    assert "Have an examination that day: 1." in lines
    soon = (world.now + 0.5 * HOUR, world.now + 2 * HOUR)
    lines = against(world.as_("head"), DutyType.SHIFT, Whose(), soon, now=world.now)
    assert lines == ["Rest then, or are not asked before it: 1."]
    mission = said(world, "mate", hours=26)
    assert mission.sentences == ("Owl: has an examination that day.",)


def test_from_when_they_set_out_it_counts_both_ways(
    world: World, pages: Pages, programs: Programs
) -> None:
    in_team(world, "agent", "mate")
    a_shift_of(world, "agent")  # from 24 to 32 hours on
    assert said(world, "agent", hours=96).sentences == (), "nobody said when they leave"
    clash = said(world, "agent", hours=96, leaves=20).sentences[0]
    assert clash == "Fox: has a duty from tomorrow 09:00 to tomorrow 17:00."
    (rest,) = said(world, "agent", hours=38, leaves=33).sentences
    assert rest.startswith("Fox: Rest until"), "she is home by then, and rests"
    head = pages.as_("head")
    typed = sent(leader=str(world.people["agent"]), where="Alps", expected_back="+96h",
                 sets_out="+97h", device="radio")  # fmt: skip
    assert "They set out before they are expected back" in text_of(head.post("/plan/", typed))
    looked = text_of(head.post("/plan/", typed | {"sets_out": "+20h"}))
    assert "Planned." in followed(head, head.post("/plan/", typed | {"sets_out": "+20h"})), looked
    mission = Mission.objects.get()
    assert mission.sets_out_at == world.now + 20 * HOUR
    assert "Sets out tomorrow 05:00" in text_of(head.get(f"/missions/{mission.pk}/"))
    times = (world.now + 22 * HOUR, world.now + 23 * HOUR)
    lines = against(world.as_("head"), DutyType.SHIFT, Whose(), times, now=world.now)
    assert "Are on a mission then: 1." in lines
    asked = asked_for(world.as_("head"), mission.pk, (), now=world.now)
    assert asked is not None
    assert asked.begins == mission.sets_out_at
    (busy,) = busy_with_missions([world.people["agent"]], begins=times[0], ends=times[1])
    assert (busy.begins, busy.ends) == (mission.sets_out_at, mission.due_at)
    change = f"/missions/{mission.pk}/plan/"
    assert f'value="{mission.sets_out_typed}"' not in source_of(head.get(change)), "as an instant"
    followed(head, head.post(change, typed | sent(sets_out="")))
    assert Mission.objects.get(pk=mission.pk).sets_out_at is None
    lines = against(world.as_("head"), DutyType.SHIFT, Whose(), times, now=world.now)
    assert "Are on a mission then: 1." not in lines
    planner = programs.of("head", Right.PLAN, Right.READ_MISSIONS)
    fields: Any = {
        "what": "Patrol", "party": [str(world.people["mate"])], "zone": ZONE, "device": "radio",
        "leader_id": str(world.people["mate"]), "due_at": programs.at(minutes=96 * 60),
        "sets_out_at": programs.at(minutes=97 * 60),
    }  # fmt: skip
    assert planner.post("missions", **fields).status_code == 422
    fields["sets_out_at"] = programs.at(minutes=60)
    answer = planner.post("missions", **fields)
    assert answer.status_code == 200, answer.content
    told = planner.get(f"missions/{answer.json()['entry_id']}").json()
    assert told["sets_out_at"] is not None


def test_a_minor_is_spoken_of_when_a_mission_is_planned(world: World) -> None:
    is_minor(world, "mate", born=FIFTEEN)
    choose_limits(world)
    found = said(world, "agent", "mate", hours=2).sentences
    assert any("needs 2 of age" in one for one in found)


def test_who_rests_is_planned_by_name_and_reason_and_hears_it(world: World, pages: Pages) -> None:
    mission = world.send_out("agent")
    world.now += 3 * HOUR
    world.sign_in("agent")
    release(world, mission, hurt=Hurt.WILL_NOT_SAY)
    hurt(world, "mate", by="mate")
    head = pages.as_("head")
    party = {"leader": str(world.people["agent"]), "members": str(world.people["mate"])}
    typed = sent(**party, where="North", expected_back="+2h")
    looked = text_of(head.post("/plan/", typed | {"look": "1"}))
    assert "Fox: " in looked
    assert "Owl: Not before" in looked, "and never why"
    for word in ("hurt", "injury", "medic", "arm "):
        assert word not in looked.split("Plan it")[0].split("Why all the same")[0][-400:]
    looks = Read.objects.filter(viewer_id=world.people["head"], kind="STATUS")
    assert {world.people[one] for one in ("agent", "mate")} <= {one.whose for one in looks}
    refused = head.post("/plan/", typed)
    assert "Say why all the same" in text_of(refused)
    assert Mission.objects.count() == 1
    kept = followed(head, head.post("/plan/", typed | {"why": "Nobody else knows the pass."}))
    assert "Planned." in kept
    assert Mission.objects.count() == 2
    entries = Entry.objects.filter(kind="PLAN_OVERRIDDEN")
    assert {one.person_id for one in entries} == {world.people["agent"], world.people["mate"]}
    assert {one.actor_id for one in entries} == {world.people["head"]}
    kept_rows = RestOverride.objects.values_list("person_id", "by_id", "reason")
    assert {row[:2] for row in kept_rows} == {
        (world.people[one], world.people["head"]) for one in ("agent", "mate")
    }, "it stands on her page, as when another breaks her rest"
    assert not rests_at(world.people["agent"], world.now), "what is said of it reaches her now"
    told = Message.objects.filter(subject="You are planned though you rest then")
    assert {one.person_id for one in told} == {world.people["agent"], world.people["mate"]}
    assert "Nobody else knows the pass." in told[0].text
    again = head.post("/plan/", typed | {"why": "Nobody else knows the pass."})
    assert again.status_code == 302
    assert (Mission.objects.count(), entries.count()) == (2, 2), "posted twice it counts once"
    assert verify().difference is None


def test_a_block_hides_from_nobody_that_she_is_planned(world: World, pages: Pages) -> None:
    mission = world.send_out("agent")
    world.now += 3 * HOUR
    world.sign_in("agent")
    release(world, mission, hurt=Hurt.WILL_NOT_SAY)
    in_team(world, "agent", "head")
    whom = world.people["head"]
    blocks.block(person_id=whom, by=world.as_("agent"), now=world.now, tap=new_tap())
    head = pages.as_("head")
    party = {"leader": str(world.people["agent"]), "members": str(world.people["mate"])}
    typed = sent(**party, where="North", expected_back="+2h")
    head.post("/plan/", typed | {"why": "Nobody else knows the pass."})
    told = Message.objects.filter(subject="You are planned though you rest then")
    assert [one.person_id for one in told] == [world.people["agent"]]


def test_a_program_plans_nobody_into_her_rest_without_a_reason(
    world: World, programs: Programs
) -> None:
    mission = world.send_out("agent")
    world.now += 3 * HOUR
    world.sign_in("agent")
    release(world, mission, hurt=Hurt.WILL_NOT_SAY)
    fox, entry_id = str(world.people["agent"]), new_tap().entry_id
    fields: dict[str, Any] = {
        "what": "Patrol", "party": [fox, str(world.people["mate"])], "leader_id": fox, "zone": ZONE,
        "due_at": programs.at(minutes=120),
    }  # fmt: skip
    head = programs.of("head")
    refused = head.post("missions", entry_id, **fields)
    assert refused.status_code == 422, refused.content
    assert [one["where"] for one in refused.json()["fields"]] == ["", "body.why"]
    assert "Fox: " in refused.json()["sentence"], "it says what speaks against it"
    assert Read.objects.filter(kind="STATUS", whose=world.people["agent"]).count() == 1
    assert Mission.objects.count() == 1
    assert not Entry.objects.filter(entry_id=entry_id).exists(), "nothing of it was kept"
    for _time in (1, 2):
        planned = head.post("missions", entry_id, **fields, why="Nobody else knows the pass.")
        assert (planned.status_code, planned.json()["answer"]) == (200, "Planned.")
    assert Mission.objects.count() == 2
    assert RestOverride.objects.get().reason == "Nobody else knows the pass."
    assert verify().difference is None
