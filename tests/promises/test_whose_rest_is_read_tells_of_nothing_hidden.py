"""Promise 8: whoever may read how somebody rests learns nothing of a mission that is not for her (a
secret unit's, one with somebody she is kept away from, another team's): all she reads is what is
said of whoever is hurt, too. Whoever sees the mission reads why."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from homeby.logbook.rules import Refused
from homeby.missions.models import Mission, MissionUnit
from homeby.readiness.models import Duty
from homeby.readiness.queries import duty_rest, matrix, ready, rest
from homeby.readiness.queries.plan_advice import Planned, against_plan
from tests.promises.apart import keep_away
from tests.promises.learning import hold, read
from tests.promises.planning_duties import in_team, pick
from tests.promises.rested import hurt, release
from tests.promises.special import found_unit, joined
from tests.promises.test_the_rota_keeps_to_rest import of_team, shift
from tests.world import ZONE, World

#: What only a mission or duty of somebody can be the reason of.
TELLS = re.compile("On duty|nother duty|after a duty|of duty|mission until|not released")


def a_team(world: World) -> None:
    """A leader of one team, who plans for two of it."""
    read(world)
    of_team(world)
    in_team(world, "agent", "outsider")
    world.add("rook", callsign="Rook")
    for who in ("agent", "outsider"):
        hold(world, who, "AID")


def out_unseen(world: World, why: str) -> Mission:
    """The agent is out on what the leader of her team does not see."""
    unit = found_unit(world, "Nightjar", is_secret=True) if why == "secret" else None
    if unit is not None:
        joined(world, unit, "agent")
    if why == "apart":
        keep_away(world, "rook", "chief")
    mission = world.plan("agent", "rook", due_minutes=240)
    team = None if why == "another team" else world.team_id
    if unit is not None:
        MissionUnit.objects.create(id=unit, called="Shade-1", is_secret=True)
    Mission.objects.filter(pk=mission.pk).update(unit_id=unit, team_id=team)
    world.sign_out(mission, "agent", "rook")
    mission.refresh_from_db()
    return mission


def told(world: World, viewer: str, who: str, duty: Duty, asks: Mission) -> dict[str, list[str]]:
    """All that somebody reads of how another rests, by where she reads it."""
    key, by, now = world.people[who], world.as_(viewer), world.now
    seen = rest.for_planners(by, [key], now=now)[key]
    plan = Planned(party=[key], due_at=now + dt.timedelta(hours=2), zone=ZONE)
    asked = matrix.asked_for(by, asks.pk, ["AID"], now=now)
    assert asked is not None
    judged = matrix.who_can(by, asked, now=now).answer.outcomes
    with pytest.raises(Refused) as refused:
        pick(world, duty, who, by=viewer)
    return {
        "rest": [*seen.sentences, seen.tired],
        "ready": ready.ready(by, [key], now=now)[key],
        "duty": list(duty_rest.said_of(by, duty, now=now).get(key, ())),
        "pick": [str(refused.value)],
        "plan": list(against_plan(by, plan, now=now).sentences),
        "who can go": [text for one in judged if one.person_id == key for text in one.sentences],
    }


def alike(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without hours and names; and without that somebody is not available, as on leave."""
    return {
        where: [
            re.sub(r"\d\d:\d\d|Fox|Stranger", "…", one)
            for one in several
            if "not available" not in one
        ]
        for where, several in found.items()
    }


@pytest.mark.parametrize("why", ["secret", "apart", "another team"])
def test_nobody_reads_of_what_is_not_for_her(world: World, why: str) -> None:
    a_team(world)
    hers, other = shift(world, "agent", hours=0.5), shift(world, "outsider", hours=0.5)
    asks = world.plan("mate", due_minutes=300, team_id=world.team_id)
    mission = out_unseen(world, why)
    hurt(world, "outsider", by="outsider")
    world.now += dt.timedelta(minutes=12)
    found = told(world, "chief", "agent", hers, asks)
    assert all(found.values()), found
    assert not [one for several in found.values() for one in several if TELLS.search(one)]
    assert alike(found) == alike(told(world, "chief", "outsider", other, asks)), "it may be a hurt"
    open_to_her = told(world, "head", "agent", hers, asks)
    assert any("On duty since" in one for one in open_to_her["duty"]), "the officer reads why"
    assert any("On another duty until" in one for one in open_to_her["who can go"])
    for who in ("agent", "rook"):
        world.sign_in(who)
    release(world, mission)
    found = told(world, "chief", "agent", hers, asks)
    assert found["duty"][0].startswith("Not before"), (
        "how long she rests is told, and not after what"
    )
    assert re.search(r"(00|12):00", found["duty"][0]), "by half days: the hour tells of her return"
    assert not [one for several in found.values() for one in several if TELLS.search(one)]
    assert "Rest until" in told(world, "head", "agent", hers, asks)["duty"][0]
