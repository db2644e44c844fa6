"""Need to know (promise 8): while somebody is out her own party, the duty officer and the leader
see it; whether she is back the leader and the duty officer; a role counts for its team and time."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.missions import queries as missions
from homeby.missions.models import Mission
from homeby.missions.queries import visible
from homeby.people import queries as people
from homeby.people.actions import teams
from homeby.people.models import Membership
from homeby.people.rules import STATION, Role
from homeby.watch import queries as watch
from homeby.watch.actions import alarms
from tests.promises.acts import pass_time
from tests.rooms.pages import Pages, text_of
from tests.world import World


def give(world: World, who: str, role: Role, *, team: uuid.UUID | None, minutes: int = 0) -> None:
    """A role for a team, for so many minutes (0: until it is ended)."""
    to_at = world.now + dt.timedelta(minutes=minutes) if minutes else None
    teams.give_role(
        person_id=world.people[who],
        role=role,
        term=teams.Term(team_id=team, to_at=to_at),
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )


def another_team(world: World) -> uuid.UUID:
    tap = new_tap()
    teams.add_team(name="Team 10", by=STATION, now=world.now, tap=tap)
    return tap.entry_id


def sees(world: World, who: str, mission: Mission) -> bool:
    """Whether somebody sees a mission, by its row, its list and what the watch has of it."""
    viewer = world.as_(who)
    found = missions.mission(viewer, mission.pk) is not None
    assert found is missions.visible_missions(viewer).filter(pk=mission.pk).exists()
    assert found or not missions.timeline(viewer, mission.pk)
    return found


def states(world: World, who: str, mission: Mission) -> dict[str, str]:
    """Whom of the party somebody sees, and in which state."""
    rows = missions.party(world.as_(who), mission.pk)
    return {row.person.shown_as: row.state for row in rows}


@pytest.mark.parametrize("many", [visible.MANY, 1])
def test_a_role_for_a_team_sees_that_team_and_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Nor when the team has so many missions that they are found another way."""
    monkeypatch.setattr(visible, "MANY", many)
    world.add("chief")
    other = another_team(world)
    give(world, "chief", Role.LEADER, team=world.team_id)
    own = world.send_out("agent", "mate", team_id=world.team_id, due_minutes=30)
    theirs = world.send_out("outsider", team_id=other, due_minutes=30)
    without = world.send_out("guard", due_minutes=30)
    assert [sees(world, "chief", one) for one in (own, theirs, without)] == [True, False, False]
    pass_time(world, minutes=45)
    opened = {one.subject.ref for one in watch.open_alarms(world.as_("chief"))}
    assert opened == {own.ref}
    assert len(watch.open_alarms(world.as_("head"))) == 3


def test_a_role_for_a_team_acts_for_that_team_only(world: World) -> None:
    world.add("chief")
    give(world, "chief", Role.LEADER, team=world.team_id)
    theirs = world.send_out("outsider", "mate", due_minutes=30)
    own = world.send_out("agent", "guard", team_id=world.team_id, due_minutes=30)
    pass_time(world, minutes=45)
    by_ref = {one.subject.ref: one for one in watch.open_alarms(world.as_("head"))}
    for mission, may in ((theirs, False), (own, True)):
        alarm = by_ref[mission.ref]
        assert watch.may_take(world.as_("chief"), alarm) is may
        assert watch.may_stand_down(world.as_("chief"), alarm) is may
    with pytest.raises(Refused, match="Only a duty officer, a leader"):
        alarms.stand_down(
            alarm_id=by_ref[theirs.ref].pk,
            reason="they rang me",
            by=world.as_("chief"),
            now=world.now,
            tap=new_tap(),
        )


def test_a_role_ends_with_its_time_in_the_same_minute(world: World) -> None:
    world.add("chief")
    give(world, "chief", Role.LEADER, team=world.team_id, minutes=60)
    mission = world.send_out("agent", "mate", team_id=world.team_id, due_minutes=300)
    world.now += dt.timedelta(minutes=59)
    assert sees(world, "chief", mission)
    world.now += dt.timedelta(minutes=1)
    assert not sees(world, "chief", mission)
    with pytest.raises(Refused, match="over already"):
        give(world, "chief", Role.LEADER, team=None, minutes=-60 * 24)
    with pytest.raises(Refused, match="for the whole organisation"):
        give(world, "chief", Role.ADMINISTRATOR, team=world.team_id)


def test_leaving_a_team_ends_what_she_saw_through_it(world: World) -> None:
    for who in ("agent", "outsider"):
        teams.join_team(
            person_id=world.people[who],
            team_id=world.team_id,
            by=STATION,
            now=world.now,
            tap=new_tap(),
        )
    assert people.person(world.as_("outsider"), world.people["agent"]) is not None
    row = Membership.objects.get(person_id=world.people["agent"])
    teams.leave_team(membership_id=row.pk, by=STATION, now=world.now, tap=new_tap())
    assert people.person(world.as_("outsider"), world.people["agent"]) is None
    assert people.person(world.as_("agent"), world.people["outsider"]) is None


def test_whether_she_is_back_her_party_does_not_see_and_the_leader_does(world: World) -> None:
    mission = world.send_out("deputy", "agent", "mate", due_minutes=300)
    with_her = {"Deputy": "", "Fox": "", "Owl": "OUT"}
    assert states(world, "mate", mission) == with_her
    world.sign_in("agent")
    assert states(world, "mate", mission) == with_her
    assert states(world, "head", mission)["Fox"] == "BACK"
    assert states(world, "deputy", mission)["Fox"] == "BACK"
    assert states(world, "agent", mission)["Fox"] == "BACK", "her own"
    assert states(world, "outsider", mission) == {}


def test_a_buddy_sees_them_until_they_are_back(world: World) -> None:
    mission = world.send_out("agent", "mate", buddy_id=world.people["outsider"], due_minutes=300)
    assert sees(world, "outsider", mission)
    world.sign_in("agent", "mate", heads=2)
    assert not sees(world, "outsider", mission)


def test_an_administrator_keeps_the_station_and_not_the_watch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = world.send_out("agent", "mate", due_minutes=30)
    admin = Pages(world, monkeypatch).as_("admin")
    assert not sees(world, "admin", mission)
    for address in ("/board/", "/board/rows/", f"/missions/{mission.pk}/"):
        assert admin.get(address).status_code == 404, address
    assert "Patrol" not in text_of(admin.get("/missions/"))
    pass_time(world, minutes=45)
    assert watch.open_alarms(world.as_("head"))
    assert watch.open_alarms(world.as_("admin")) == []


def test_whoever_has_the_alarm_sees_what_it_is_about_and_only_meanwhile(world: World) -> None:
    for who in ("head", "deputy", "guard"):
        world.breaks(who)
    mission = world.send_out("agent", "mate", due_minutes=30)
    pass_time(world, minutes=125)
    assert world.phone("admin"), "the watch turns to her last"
    (alarm,) = watch.open_alarms(world.as_("admin"))
    alarms.acknowledge(alarm_id=alarm.pk, by=world.as_("admin"), now=world.now, tap=new_tap())
    assert sees(world, "admin", mission)
    alarms.stand_down(
        alarm_id=alarm.pk,
        reason="they rang the office",
        by=world.as_("admin"),
        now=world.now,
        tap=new_tap(),
    )
    assert not sees(world, "admin", mission)
