"""Who was named for a mission is kept with everybody it could have concerned, as known then, and
with one reason for the others in one tap (`STORY.md` 89); it is shown to nobody."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db.models import F

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import MemberState
from homeby.people.rules import STATION
from homeby.readiness.actions import mission_decisions
from homeby.readiness.models import MissionDecision
from homeby.readiness.queries import VISIBLE
from homeby.readiness.queries import mission_decisions as queries
from homeby.readiness.queries.duty_pool import InPool
from homeby.readiness.queries.mission_decisions import MissionChoice, mission_choices
from homeby.readiness.rules.duty_planning import NotPicked
from homeby.station import hourly
from tests.promises.apart import keep_away
from tests.promises.learning import hold, read
from tests.promises.planning_duties import away, in_team
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


def round_of_the_hour(world: World) -> list[MissionChoice]:
    assert hourly.go_round(now=world.now)
    return list(mission_choices(STATION))


def test_who_could_have_gone_is_kept_as_it_was_known(world: World) -> None:
    in_team(world, "agent", "mate", "deputy", "outsider")
    away(world, "mate", hours=0, lasts=48)
    keep_away(world, "deputy", "agent")
    mission = world.plan("agent", team_id=world.team_id)
    (one,) = round_of_the_hour(world)
    key = world.people
    assert (one.mission_id, one.reason) == (mission.pk, "")
    assert one.named == {key["agent"]}
    pool = {one.person_id: one for one in one.pool}
    assert set(pool) == {key[who] for who in ("agent", "mate", "deputy", "outsider")}
    assert (pool[key["mate"]].against, pool[key["mate"]].available) == ("LEAVE", False)
    assert not pool[key["deputy"]].fits
    assert (pool[key["outsider"]].fits, pool[key["outsider"]].against) == (True, "")
    assert pool[key["agent"]].against == "", "the mission itself is none"
    assert len(round_of_the_hour(world)) == 1, "once for a party and a time"
    world.sign_out(mission, "agent")
    assert len(round_of_the_hour(world)) == 1
    assert verify().difference is None


def test_another_party_or_time_is_another_decision(world: World) -> None:
    mission = world.plan("agent", "mate")
    round_of_the_hour(world)
    later = dt.timedelta(hours=3)
    Mission.objects.filter(pk=mission.pk).update(
        due_at=F("due_at") + later, call_out_at=F("call_out_at") + later
    )
    assert len(round_of_the_hour(world)) == 2
    PartyMember.objects.filter(mission=mission, person_id=world.people["mate"]).update(
        state=MemberState.STAYED
    )
    assert round_of_the_hour(world)[-1].named == {world.people["agent"]}
    assert [row.number for row in MissionDecision.objects.order_by("number")] == [1, 2, 3]


def test_one_tap_says_why_the_others_do_not_go(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(world)
    hold(world, "mate", "AID")
    mission = world.plan("agent")
    pages = Pages(world, monkeypatch)
    at = f"/missions/{mission.pk}/who-can-go/?need-0=AID"
    head = pages.as_("head")
    assert "Why the others do not go" in text_of(head.get(at))
    assert "Choose one of the reasons" in followed(head, head.post(at, sent(not_picked="NO")))
    said = "Kept. It is shown to nobody beside a name."
    tap = sent(not_picked="TURN_OF_OTHERS")
    assert said in followed(head, head.post(at, tap))
    assert said in followed(head, head.post(at, tap))
    _planned, one = mission_choices(STATION)
    assert (one.reason, one.by) == ("TURN_OF_OTHERS", world.people["head"])
    assert len(round_of_the_hour(world)) == 2, "it is kept already"
    for who in ("agent", "guard", "mate"):
        with pytest.raises(Refused, match=r"disposes of people|no such"):
            mission_decisions.say_why_not(
                mission_id=mission.pk, not_picked=NotPicked.OTHER, by=world.as_(who),
                now=world.now, tap=new_tap(),
            )  # fmt: skip
    for who in ("agent", "head", "admin"):
        assert not VISIBLE[MissionDecision](world.as_(who)).exists(), who
        assert list(mission_choices(world.as_(who))) == []


def test_a_mission_that_cannot_be_kept_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    missions = {world.plan(who).pk for who in ("agent", "mate", "deputy")}
    MissionDecision.objects.all().delete()  # as of missions planned before decisions were kept
    bad = min(missions)
    kept = queries.pool_of_mission

    def pool(mission: Mission, party: list[uuid.UUID], *, now: dt.datetime) -> list[InPool]:
        if mission.pk == bad:
            raise ValueError("as something nobody thought of")
        return kept(mission, party, now=now)

    rests: list[int] = []
    monkeypatch.setattr(queries, "pool_of_mission", pool)
    assert mission_decisions.keep_decided(now=world.now, rest=lambda: rests.append(1)) == 2
    assert set(MissionDecision.objects.values_list("mission_id", flat=True)) == missions - {bad}
    assert len(rests) == 3, "others write between two of them"
    monkeypatch.setattr(queries, "pool_of_mission", kept)
    assert mission_decisions.keep_decided(now=world.now) == 1
