"""What a change of team leaves is a list of single things, each with whoever sees to it, shown to
her and to both leaders. The rows behind a line settle it, and nothing else but somebody's word that
it stays as it is (`STORY.md` 102)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.actions import plan
from homeby.people.actions import teams
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import (
    duty_crew,
    examinations,
    examining,
    kit,
    kit_room,
    mentoring,
    team_changes,
)
from homeby.readiness.actions.examining import BoardFields
from homeby.readiness.actions.kit_room import KitFields
from homeby.readiness.actions.mentoring import MentorFields
from homeby.readiness.actions.team_changes import ChangeFields
from homeby.readiness.models import Mentorship, TeamChangeItem
from homeby.readiness.queries import team_changes as queries
from homeby.readiness.rules.duty_planning import StoodDown
from homeby.readiness.rules.special_units import Reason
from homeby.readiness.rules.team_changes import Side
from tests.promises.planning_duties import ask, in_team, planned, say
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def two_leaders(world: World) -> uuid.UUID:
    """The agent and her mate in Team 7, a leader of it and one of Team 8."""
    tap = new_tap()
    teams.add_team(name="Team 8", by=STATION, now=world.now, tap=tap)
    in_team(world, "agent", "mate")
    for who, team in (("seven", world.team_id), ("eight", tap.entry_id)):
        world.add(who, callsign=who.title())
        teams.give_role(
            person_id=world.people[who], role=Role.LEADER, term=teams.Term(team_id=team),
            by=STATION, now=world.now, tap=new_tap(),
        )  # fmt: skip
    return tap.entry_id


def examines(world: World) -> uuid.UUID:
    """The agent sits on the board that examines her mate."""
    tap, deputy = new_tap(), world.as_("deputy")
    examinations.request(
        what="RANK-PROBATIONER", asked_id=world.people["deputy"], by=world.as_("mate"),
        now=world.now, tap=tap,
    )  # fmt: skip
    key: dict[str, Any] = {"examination_id": tap.entry_id, "by": deputy, "now": world.now}
    examinations.approve(spoken=True, why="Ready.", tap=new_tap(), **key)
    board = [world.people["agent"], world.people["guard"]]
    fields = BoardFields(examiner_ids=board, held_date=world.now.date() + dt.timedelta(days=5),
                         parts="Knots", why="The first.")  # fmt: skip
    examining.set_board(fields=fields, tap=new_tap(), **key)
    return tap.entry_id


def carries(world: World) -> uuid.UUID:
    """The agent has a thing of the pool."""
    tap = new_tap()
    kit_room.set_kit(item_id=None, fields=KitFields(label="R-1", name="Long rope", place="Store"),
                  by=world.as_("head"), now=world.now, tap=tap)  # fmt: skip
    kit.take(item_id=tap.entry_id, by=world.as_("agent"), now=world.now, tap=new_tap())
    return tap.entry_id


def change(world: World, to: uuid.UUID, *, effective: dt.datetime) -> uuid.UUID:
    tap = new_tap()
    fields = ChangeFields(
        person_id=world.people["agent"], from_team_id=world.team_id, to_team_id=to,
        reason=Reason.NEEDED, effective_at=effective,
    )  # fmt: skip
    team_changes.ask(fields=fields, by=world.as_("agent"), now=world.now, tap=tap)
    for who, side in (("seven", Side.FROM), ("eight", Side.TO)):
        team_changes.answer(change_id=tap.entry_id, side=side, agrees=True, by=world.as_(who),
                            now=world.now, tap=new_tap())  # fmt: skip
    return tap.entry_id


def stands(world: World, key: uuid.UUID) -> dict[tuple[str, str], tuple[str, str]]:
    """By kind and what it is: how it stands, who sees to it, for the leader of the old team."""
    found = queries.change(world.as_("seven"), key, now=world.now)
    assert found is not None
    return {(one.kind, one.what.said): (one.state, one.owner) for one in found.items}


def test_the_rows_settle_what_a_change_left(world: World, pages: Pages) -> None:
    to = two_leaders(world)
    mission = world.plan("agent", "mate", due_minutes=3 * 24 * 60, team_id=world.team_id)
    shift, round_ = (planned(world, hours=hours, what=what, by=by) for hours, what, by in
                     ((60, "Day shift", "head"), (90, "Night round", "head")))  # fmt: skip
    for one in (shift, round_):
        ask(world, one, "agent")
        say(world, one, "agent")
    teacher = MentorFields(mentor_id=world.people["agent"])
    mentoring.begin(learner_id=world.people["mate"], fields=teacher, by=world.as_("head"),
                    now=world.now, tap=new_tap())  # fmt: skip
    rope, board = carries(world), examines(world)
    hour = world.now + dt.timedelta(hours=2)
    key = change(world, to, effective=hour)
    at, seven, eight = f"/team-changes/{key}/", pages.as_("seven"), pages.as_("eight")
    ahead = text_of(seven.get(at))
    assert "What it will leave" in ahead, "both leaders see it before they agree"
    assert "Day shift" in ahead
    assert "Long rope" in ahead
    world.now = hour
    assert team_changes.carry_out_due(now=world.now) == 1
    agent, leader = world.callsign("agent"), "Seven"
    pair = f"{agent} → {world.callsign('mate')}"
    assert stands(world, key) == {
        ("MISSION", mission.what): ("OPEN", leader),
        ("DUTY", "Day shift"): ("OPEN", leader),
        ("DUTY", "Night round"): ("OPEN", leader),
        ("MENTOR", pair): ("OPEN", agent),
        ("BOARD", ""): ("OPEN", agent),
        ("KIT", "Long rope"): ("OPEN", agent),
    }, "who is examined is nobody's but theirs who have a part in it"
    assert "6 to settle" in text_of(eight.get("/team-changes/"))
    assert "6 to settle" in text_of(pages.as_("agent").get("/team-changes/"))

    plan.cancel(mission_id=mission.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    duty_crew.stand_down(
        duty_id=shift.pk, person_id=world.people["agent"], why=StoodDown.NOT_NEEDED,
        by=world.as_("head"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    kit.take(item_id=rope, by=world.as_("mate"), why="Hers no more.", now=world.now, tap=new_tap())
    mentoring.end(mentorship_id=Mentorship.objects.get().pk, by=world.as_("agent"), now=world.now,
                  tap=new_tap())  # fmt: skip
    examinations.withdraw(examination_id=board, by=world.as_("mate"), now=world.now, tap=new_tap())
    after = {what: state for (_kind, what), (state, _owner) in stands(world, key).items()}
    assert after == {
        mission.what: "CANCELLED", "Day shift": "HANDED_OVER", "Night round": "OPEN",
        pair: "OVER", "": "OVER", "Long rope": "HANDED_OVER",
    }, "each is settled by what was really done"  # fmt: skip
    assert "1 to settle" in text_of(eight.get("/team-changes/"))

    left = TeamChangeItem.objects.get(kind="DUTY", ref=str(round_.pk))
    she = pages.as_("agent")
    assert "differently" in followed(she, she.post(at, sent(act=f"settle-{left.pk}")))
    assert "with you now" in followed(eight, eight.post(at, sent(act=f"take-{left.pk}")))
    assert stands(world, key)[("DUTY", "Night round")] == ("OPEN", "Eight")
    assert "Kept: it stays" in followed(seven, seven.post(at, sent(act=f"settle-{left.pk}")))
    assert stands(world, key)[("DUTY", "Night round")][0] == "STAYS"
    assert "to settle" not in text_of(eight.get("/team-changes/"))
    world.now = round_.ends_at
    assert stands(world, key)[("DUTY", "Night round")][0] == "OVER"
