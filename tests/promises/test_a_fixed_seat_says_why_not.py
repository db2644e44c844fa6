"""Whoever plans a duty reads why somebody cannot have a fixed seat of it, as far as it is hers to
know; and a leader who is there as something else, too, is put on it once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby import instants
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions.teams import Term, give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.models import Duty, DutyPerson, DutySeat
from tests.promises.apart import keep_away
from tests.promises.limited import choose_limits, is_minor
from tests.promises.planning_duties import in_team, on, planned
from tests.promises.rested import hurt, look_again
from tests.rooms.pages import Pages, sent, source_of
from tests.world import ZONE, World

NEUTRAL = "this is not possible. Ask whoever plans it."


def why(world: World, field: str = "fixed", **more: Any) -> str:
    """What is said beside a field of a plan that is refused; nothing of it is kept."""
    with pytest.raises(Refused) as refused:
        planned(world, **more)
    assert set(refused.value.problems) == {field}
    return refused.value.problems[field]


@pytest.fixture
def team(world: World) -> World:
    in_team(world, "agent", "mate", "outsider")
    return world


def test_a_leader_with_a_role_has_one_seat_and_reads_of_it_once(team: World) -> None:
    agent, mate = team.people["agent"], team.people["mate"]
    fixed = (("Deputy", mate), ("Incident commander", agent))
    duty = planned(team, leader_id=agent, fixed=fixed, seats="1")
    seats = DutySeat.objects.filter(duty=duty).order_by("number")
    assert [(one.role, one.is_fixed) for one in seats] == [
        ("Incident commander", True),
        ("Deputy", True),
        ("", False),
    ]
    taken = DutyPerson.objects.filter(duty=duty).values_list("person_id", "seat__role")
    assert dict(taken) == {agent: "Incident commander", mate: "Deputy"}
    team.look()
    assert len(team.phone("agent")) == 1
    assert verify().difference is None


def test_a_minor_with_a_fixed_seat_is_judged_beside_all_who_have_one(team: World) -> None:
    choose_limits(team)
    is_minor(team, "agent")
    agent, mate = team.people["agent"], team.people["mate"]
    times: dict[str, Any] = {"hours": 25, "lasts": 3}
    duty = planned(team, fixed=(("Runner", agent), ("Guide", mate)), **times)
    assert on(team, duty) == {"agent", "mate"}
    after = times | {"hours": 49}  # nobody is on two at one time
    led = planned(team, leader_id=agent, fixed=(("Guide", mate),), **after)
    assert on(team, led) == {"agent", "mate"}
    said = why(team, fixed=(("Runner", agent),), **times | {"hours": 73})
    assert "Fox" in said
    assert "ask her on its page" in said
    assert "on this page" not in said, "there is no page of it yet"
    assert Duty.objects.count() == 2


def test_the_rule_of_a_rest_is_said_and_of_several_duties_on_which_day(team: World) -> None:
    agent = team.people["agent"]
    planned(team, hours=24, lasts=12, leader_id=agent)
    said = why(team, "leader", hours=37, leader_id=agent)
    assert said.startswith("Fox: Rest until")
    assert "ask her on its page" in said
    second = planned(team, hours=24 + 7 * 24, lasts=12, leader_id=team.people["mate"])
    again = second.starts_at + dt.timedelta(hours=13)
    said = why(team, "leader", hours=37, leader_id=team.people["mate"], weeks=2)
    assert said.startswith(f"{instants.wall(again, ZONE, team.now)}: Owl: Rest until")


def test_health_says_until_when_and_who_is_kept_away_nothing(team: World) -> None:
    team.add("medic", Role.MEDIC, callsign="Doc")
    hurt(team, "agent", by="agent")
    look_again(team, not_before_at=team.now + dt.timedelta(days=3))
    agent, mate = team.people["agent"], team.people["mate"]
    said = why(team, fixed=(("Guide", agent),))
    assert "Fox: Not before" in said
    for word in ("hurt", "injur", "ARM", "medic", "health"):
        assert word not in said
    keep_away(team, "outsider", "mate")
    fixed = (("Guide", mate), ("Cook", team.people["outsider"]))
    assert why(team, fixed=fixed).endswith(NEUTRAL)
    lacking = why(team, fixed=(("Guide", mate),), rank_place=1)
    assert lacking.endswith(NEUTRAL), "and so does a rank that she lacks"


def test_whoever_leads_only_her_team_reads_nothing_of_the_rest_of_others(team: World) -> None:
    give_role(
        person_id=team.people["guard"], role=Role.LEADER, term=Term(team_id=team.team_id),
        by=STATION, now=team.now, tap=new_tap(),
    )  # fmt: skip
    team.add("stranger", callsign="Heron")
    for who in ("agent", "stranger"):
        planned(team, lasts=12, leader_id=team.people[who])
    for who, told in (("agent", "Rest until"), ("stranger", NEUTRAL)):
        said = why(team, "leader", hours=37, by="guard", leader_id=team.people[who])
        assert told in said, who


def test_nothing_typed_is_lost_and_what_is_folded_away_opens(
    team: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Pages(team, monkeypatch).as_("head")
    fresh = source_of(head.get("/calendar/new/"))
    assert '<details class="more">' in fresh
    folded = fresh.split('<details class="more">')[1].split("</details>")[0]
    for name in ("fixed", "also", "seats", "weeks", "leader"):
        assert f'name="{name}"' in folded, name
    typed = {
        "kind": "TRAINING", "what": "Ropes", "starts": "tomorrow 08:00", "ends": "nonsense",
        "place": "The old mill", "is_open": "on", "team": str(team.team_id), "weeks": "3",
        "seats": "2\n1 FAID", "fixed": "Deputy: Owl", "also": "FAID", "position": "FAID",
        "leader": str(team.people["agent"]), "mentor": str(team.people["mate"]),
        "time_is_fixed": "on",
    }  # fmt: skip
    back = head.post("/calendar/new/", sent(**typed))
    assert back.status_code == 422
    source = source_of(back)
    assert '<details class="more" open>' in source
    for kept in ('value="tomorrow 08:00"', 'value="nonsense"', 'value="The old mill"',
                 'value="3"', "2\n1 FAID", "Deputy: Owl"):  # fmt: skip
        assert kept in source, kept
    form = back.context["form"]
    for name, value in typed.items():
        shown = form[name].value()
        assert shown in (value, value == "on"), name
