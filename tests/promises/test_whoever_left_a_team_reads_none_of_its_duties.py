"""Leaving a team, or losing the role for it, ends what one reads of its duties: who answers what,
who is a minor, who is where when. What one is still on, and is asked for since, is seen."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import new_tap
from homeby.people.actions import teams
from homeby.people.actions.teams import Term
from homeby.people.models import Membership, RoleHeld
from homeby.people.rules import STATION, Role
from homeby.readiness.actions.duty_acts import plans_it
from homeby.readiness.models import Duty, DutyApproval, DutyPerson
from homeby.readiness.queries.duties import VISIBLE, own_lines, visible_duties
from homeby.readiness.rules.duty_planning import DutyAnswer
from tests.promises.planning_duties import ask, in_team, planned, row, say
from tests.rooms.pages import Pages
from tests.world import World


def leave(world: World, who: str) -> None:
    world.fast_forward(minutes=1)
    held = Membership.objects.get(person_id=world.people[who], to_at__isnull=True)
    teams.leave_team(membership_id=held.pk, by=STATION, now=world.now, tap=new_tap())
    world.fast_forward(minutes=1)


def lead(world: World, who: str) -> None:
    teams.give_role(person_id=world.people[who], role=Role.LEADER,
                    term=Term(team_id=world.team_id), by=world.as_("admin"), now=world.now,
                    tap=new_tap())  # fmt: skip


def sees(world: World, who: str, duty: Duty) -> bool:
    return visible_duties(world.as_(who)).filter(pk=duty.pk).exists()


def test_who_planned_for_a_team_and_leads_it_no_more_reads_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add("chief2", callsign="Heron")
    in_team(world, "chief2", "agent")
    lead(world, "chief2")
    duty = planned(world, by="chief2")
    ask(world, duty, "agent", by="chief2")
    say(world, duty, "agent", DutyAnswer.NO)
    viewer = world.as_("chief2")
    assert sees(world, "chief2", duty), "positive control"
    assert VISIBLE[DutyPerson](viewer).filter(answer="NO").exists(), "positive control"
    role = RoleHeld.objects.get(person_id=world.people["chief2"], to_at__isnull=True)
    teams.end_role(role_held_id=role.pk, by=world.as_("admin"), now=world.now, tap=new_tap())
    viewer = world.as_("chief2")
    assert sees(world, "chief2", duty), "she is of the team still"
    assert not VISIBLE[DutyPerson](viewer).filter(answer="NO").exists()
    assert not VISIBLE[DutyApproval](viewer).exists()
    assert not plans_it(viewer, duty)
    leave(world, "chief2")
    assert not sees(world, "chief2", duty)
    page = Pages(world, monkeypatch).as_("chief2")
    assert page.get(f"/calendar/{duty.pk}/").status_code == 404


@pytest.mark.parametrize("said", [DutyAnswer.NO, None])
def test_who_was_asked_and_left_does_not_read_who_is_on(
    world: World, said: DutyAnswer | None
) -> None:
    in_team(world, "agent", "mate")
    duty = planned(world)
    ask(world, duty, "agent", "mate")
    say(world, duty, "agent")
    if said:
        say(world, duty, "mate", said)
    assert row(world, duty, "agent").is_on, "positive control"
    assert sees(world, "mate", duty), "positive control"
    leave(world, "mate")
    assert not sees(world, "mate", duty)
    assert own_lines(world.as_("mate"), now=world.now) == []
    assert not VISIBLE[DutyPerson](world.as_("mate")).filter(duty=duty).exists()


def test_what_she_is_on_or_is_asked_for_since_she_sees(world: World) -> None:
    in_team(world, "agent", "mate")
    on, since = planned(world), planned(world, hours=72)
    ask(world, on, "mate")
    say(world, on, "mate")
    assert row(world, on, "mate").is_on, "positive control"
    leave(world, "mate")
    assert sees(world, "mate", on)
    assert not sees(world, "mate", since)
    ask(world, since, "mate")
    assert sees(world, "mate", since)
    say(world, since, "mate", DutyAnswer.NO)
    assert sees(world, "mate", since), (
        "who never was of the team, or is asked since, may think anew"
    )
