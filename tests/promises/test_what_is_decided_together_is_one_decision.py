"""A roster, or an expedition of missions and duties, is planned as one decision: each of its
records says so (`LEFTOUT.md` 2, "One decision, one fact"), for whoever plans and nobody else."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.people.actions import retention
from homeby.people.rules import STATION, Right
from homeby.people.rules_private import Lasting
from homeby.readiness.actions.decision_groups import leave_group
from homeby.readiness.models import DecisionGroup, Duty, DutyDecision, GroupedMission
from homeby.readiness.queries.decision_groups import own_data, visible_groups
from homeby.readiness.queries.mission_decisions import mission_choices
from homeby.readiness.rules.decision_groups import Together
from homeby.retention.applying import retain
from tests.promises.apart import keep_away
from tests.promises.planning_duties import ask, in_team, move, planned, say
from tests.promises.special import found_unit, joined
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, followed, sent, source_of, text_of
from tests.world import World

NAME = "Roster of Advent"
DAY = 24.0


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    in_team(world, "agent", "mate")
    return Pages(world, monkeypatch)


def begun(world: World, name: str = NAME, **more: Any) -> Duty:
    return planned(world, together=Together(name=name), **more)


def plan_mission(world: World, client: Client, address: str = "/plan/", **more: Any) -> Mission:
    """A mission of the team as the page has it planned, or changed."""
    usual = {
        "leader": world.people["agent"], "members": [world.people["mate"]], "what": "Ridge",
        "where": "North ridge", "expected_back": "+30h", "conditions": "NORMAL",
        "team": world.team_id, "group_name": "",
    }  # fmt: skip
    followed(client, client.post(address, sent(**(usual | more))))
    return Mission.objects.get(what="Ridge")


def groups_said() -> set[uuid.UUID]:
    return {one.group_id for one in mission_choices(STATION)}


def test_duties_and_missions_of_one_group_say_so_in_each_record(world: World, pages: Pages) -> None:
    head = pages.as_("head")
    form = {"kind": "SHIFT", "what": "Night", "starts": "+24h", "ends": "+8h", "weeks": 1,
            "team": world.team_id}  # fmt: skip
    assert 'name="group"' not in source_of(head.get("/calendar/new/")), "nobody chooses among none"
    followed(head, head.post("/calendar/new/", sent(**form, group_name=NAME)))
    group = DecisionGroup.objects.get(name=NAME)
    assert f"{NAME} (Team 7)" in text_of(head.get("/calendar/new/"))
    followed(head, head.post("/calendar/new/", sent(**form | {"what": "Day"}, group=group.pk)))
    duties = Duty.objects.filter(group_id=group.pk)
    assert {one.what for one in duties} == {"Night", "Day"}
    kept = DutyDecision.objects.filter(duty__in=duties).values_list("facts", flat=True)
    assert {one["group"] for one in kept} == {str(group.pk)}
    mission = plan_mission(world, head, group=group.pk)
    assert groups_said() == {group.pk}, "in the commit of the plan"
    for address in (f"/missions/{mission.pk}/", f"/calendar/{duties[0].pk}/"):
        assert NAME in text_of(head.get(address))
        assert NAME not in text_of(pages.as_("agent").get(address)), "she plans nothing"
    assert own_data(world.as_("head"))[0]["name"] == NAME
    assert own_data(world.as_("agent")) == []
    assert verify().difference is None


def test_it_stands_by_itself_again_until_it_has_begun(world: World, pages: Pages) -> None:
    duty, late, head = begun(world), begun(world, hours=DAY * 2), pages.as_("head")
    assert duty.group_id == late.group_id, "the same name of one team is the same group"
    mission = plan_mission(world, head, group=duty.group_id)
    page = f"/calendar/{duty.pk}/"
    tap = sent(act="leave_group")
    assert "It stands by itself now" in followed(head, head.post(page, tap))
    assert "It stands by itself now" in followed(head, head.post(page, tap))
    duty.refresh_from_db()
    assert duty.group_id == duty.pk
    last = DutyDecision.objects.filter(duty=duty).order_by("number").last()
    assert last is not None
    assert (last.kind, last.facts["group"]) == ("GROUP", str(duty.pk))
    looks = pages.as_("agent")
    assert 'value="join_group"' not in source_of(looks.get(page)), "she plans nothing"
    empty = head.post(page, sent(act="join_group", group="", group_name=""))
    assert "begin a new one by its name" in text_of(empty)
    joins = sent(act="join_group", group=late.group_id, group_name="")
    assert "decided together with others" in followed(head, head.post(page, joins))
    assert "decided together with others" in followed(head, head.post(page, joins))
    assert Duty.objects.get(pk=duty.pk).group_id == late.group_id
    last = DutyDecision.objects.filter(duty=duty).order_by("number").last()
    assert last is not None
    assert (last.kind, last.facts["group"]) == ("GROUP", str(late.group_id))
    followed(head, head.post(page, sent(act="leave_group")))
    change = f"/missions/{mission.pk}/plan/"
    assert f"selected>{NAME} (Team 7)" in source_of(head.get(change))
    plan_mission(world, head, change, group=late.group_id)
    assert groups_said() == {late.group_id}
    world.now = late.starts_at + dt.timedelta(minutes=1)
    plan_mission(world, head, change, group=late.group_id, expected_back="+60h")
    assert groups_said() == {late.group_id}, "postponed, it stays in it, though the last has begun"
    before = GroupedMission.objects.count()
    plan_mission(world, head, change, group="")
    assert (before, GroupedMission.objects.count()) == (1, 0)
    assert groups_said() == {late.group_id, mission.pk}, "another decision, by itself"
    with pytest.raises(Refused, match="It has begun"):
        leave_group(duty_id=late.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    assert not visible_groups(world.as_("head")).exclude(pk=late.group_id).exists()


def test_whoever_plans_nothing_is_asked_nothing_and_changes_nothing(
    world: World, pages: Pages
) -> None:
    duty, head, agent = begun(world), pages.as_("head"), pages.as_("agent")
    mission = plan_mission(world, head, group=duty.group_id)
    change = f"/missions/{mission.pk}/plan/"
    assert "Decided together" not in text_of(agent.get(change))
    plan_mission(world, agent, change, vehicle="Van", group="", group_name="Mine")
    assert Mission.objects.get(pk=mission.pk).vehicle == "Van"
    assert groups_said() == {duty.group_id}
    plan_mission(world, agent, change, team="")
    assert groups_said() == {duty.group_id, mission.pk}, "its group is of a team that is not its"


def test_a_group_of_a_secret_unit_or_of_somebody_kept_away_tells_nothing(
    world: World, pages: Pages
) -> None:
    unit = found_unit(world, "Nightjar", is_secret=True)
    for who in ("agent", "head"):
        joined(world, unit, who)
    closed = begun(world, "Heron", by="deputy", team_id=None, unit_id=unit)
    deputy, head = pages.as_("deputy"), pages.as_("head")
    assert "Heron" in text_of(deputy.get(f"/calendar/{closed.pk}/"))
    for address in (f"/calendar/{closed.pk}/", "/calendar/new/", "/plan/"):
        assert "Heron" not in text_of(head.get(address)), "she does not keep the unit"
    hers = begun(world, "Traverse")
    ask(world, hers, "agent")
    say(world, hers, "agent")
    assert "Traverse" in text_of(deputy.get("/plan/"))
    keep_away(world, "deputy", "agent")
    assert "Traverse" not in text_of(deputy.get("/plan/"))
    mine = planned(world, by="deputy", together=Together(name="Traverse"))
    assert mine.group_id != hers.group_id, "she begins another, as if there were none"
    with pytest.raises(Refused, match="Choose from the list"):
        planned(world, by="deputy", together=Together(group_id=hers.group_id))
    kept = Entry.objects.filter(kind__startswith="DECISION_GROUP")
    assert {one.person_id for one in kept} == {None}


def test_a_group_that_somebody_kept_away_began_has_no_name(world: World, pages: Pages) -> None:
    duty, other = begun(world), begun(world, hours=DAY * 2)
    mission = plan_mission(world, pages.as_("head"), group=duty.group_id)
    keep_away(world, "deputy", "head")
    Mission.objects.filter(pk=mission.pk).update(planned_by_id=None)
    deputy, page = pages.as_("deputy"), f"/calendar/{duty.pk}/"
    change = f"/missions/{mission.pk}/plan/"
    for address in (page, f"/missions/{mission.pk}/", change, "/plan/", "/calendar/new/"):
        told = source_of(deputy.get(address))
        assert "a group without a name" in told, address
        assert NAME not in told, address
    assert "selected>a group without a name (Team 7)" in source_of(deputy.get(change))
    assert not visible_groups(world.as_("deputy")).exists()
    plan_mission(world, deputy, change, group=duty.group_id, expected_back="+50h")
    assert groups_said() == {duty.group_id}
    move(world, other, hours=1, by="deputy")
    assert planned(world, by="deputy", together=Together(name=NAME)).group_id != duty.group_id
    said = followed(deputy, deputy.post(page, sent(act="leave_group")))
    assert "It stands by itself now" in said
    assert "By itself again" not in text_of(deputy.get(page))


def test_a_group_is_of_one_team_and_of_thirteen_weeks(world: World, pages: Pages) -> None:
    duty, name = begun(world), Together(name=NAME)
    group = Together(group_id=duty.group_id)
    with pytest.raises(Refused, match="at most 13 weeks"):
        planned(world, hours=DAY * 7 * 14, together=group)
    with pytest.raises(Refused, match="at most 13 weeks"):
        planned(world, weeks=20, together=name)
    with pytest.raises(Refused, match="another team"):
        planned(world, team_id=None, together=group)
    with pytest.raises(Refused, match="not both"):
        planned(world, together=Together(group_id=duty.group_id, name="Other"))
    assert Duty.objects.count() == 1
    with pytest.raises(Refused, match="too far from the others"):
        move(world, duty, hours=DAY * 7 * 14)
    move(world, duty, hours=DAY * 7)
    assert DecisionGroup.objects.get().last_at == duty.starts_at
    world.now = duty.starts_at + dt.timedelta(minutes=1)
    assert begun(world).group_id != duty.group_id, "the last one has begun: it takes in no more"


def test_programs_plan_into_it_and_its_name_is_erased(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    duty, programs = begun(world), Programs(world, monkeypatch)
    party = [str(world.people[who]) for who in ("agent", "mate")]
    fields: Any = {"what": "Patrol", "party": party, "leader_id": party[0], "zone": "Europe/Vienna",
              "due_at": programs.at(minutes=300), "team_id": str(world.team_id)}  # fmt: skip
    head = programs.of("head", Right.PLAN)
    answer = head.post("missions", **fields, group_name=NAME)
    assert answer.status_code == 200, answer.content
    assert groups_said() == {duty.group_id}
    refused = programs.of("agent", Right.PLAN).post("missions", **fields, group_name=NAME)
    assert (refused.status_code, "group_name" in refused.content.decode()) == (422, True)
    retention.set_retention(
        lasting=Lasting.ENTRIES, days=30, by=world.as_("admin"), now=world.now, tap=new_tap()
    )
    for days in (20, 20):
        world.now += dt.timedelta(days=days)
        assert DecisionGroup.objects.get().name == NAME
        retain(by=None, now=world.now)
    assert DecisionGroup.objects.get().name == ""
    assert not Entry.objects.filter(
        kind="DECISION_GROUP_BEGUN", content__body__contains=NAME
    ).exists()
    assert verify().difference is None
