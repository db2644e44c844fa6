"""P16: an offline entry counts once, however often and in whatever order it arrives."""

from __future__ import annotations

import datetime as dt

from homeby.logbook.models import Entry
from homeby.logbook.verification import verify
from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.missions.rules.intake import Taken
from homeby.people.rules import Act
from tests.rooms.devices import kiosk, phone_of
from tests.simulation.shuffled import MINUTE, both_orders
from tests.world import World


def test_shuffled_and_doubled_it_is_the_same_state(world: World) -> None:
    first, second, sent = both_orders(world, parties=9, seed=1)
    assert sent > 200
    assert first == second
    assert any(story[0][0] == "BACK" for story in first.values())
    assert any(story[0][0] == "OUT" for story in first.values())
    assert verify().difference is None


def test_a_sign_out_that_arrives_after_the_return_makes_nobody_missing(world: World) -> None:
    """The tablet at the gate was offline; the phone of whoever came back was not."""
    mission, start = world.plan("agent", due_minutes=60), world.now
    world.now += 50 * MINUTE
    back = phone_of(world, "agent").say(Act.SIGN_IN, happened_at=start + 40 * MINUTE)
    assert back.taken == "unverified"
    world.now += 30 * MINUTE
    kiosk(world).say(
        Act.SIGN_OUT,
        person_ids=(world.people["agent"],),
        mission_id=mission.pk,
        happened_at=start + 5 * MINUTE,
    )
    mission.refresh_from_db()
    assert (mission.state, mission.back_at) == ("BACK", start + 40 * MINUTE)
    world.fast_forward(minutes=5)
    assert not world.received


def _out(world: World) -> list[tuple[str, str]]:
    rows = PartyMember.objects.filter(state="OUT").select_related("person", "mission")
    return sorted((row.person.callsign, row.mission.what) for row in rows)


def test_whoever_left_too_is_missed_though_the_others_are_home(world: World) -> None:
    """They sign out one by one, and one is home before the station hears of the other."""
    mission, start = world.plan("agent", "mate", due_minutes=120), world.now
    agent, mate = phone_of(world, "agent"), phone_of(world, "mate")
    left = {"mission_id": mission.pk, "happened_at": start + 5 * MINUTE}
    world.now += 60 * MINUTE
    agent.say(Act.SIGN_OUT, **left)
    agent.say(Act.SIGN_IN, mission_id=mission.pk, happened_at=start + 50 * MINUTE)
    mission.refresh_from_db()
    assert mission.state == "BACK"
    assert mate.say(Act.SIGN_OUT, **left | {"happened_at": start + 4 * MINUTE}).taken == "counted"
    mission.refresh_from_db()
    assert (mission.state, mission.back_at) == ("OUT", None)
    assert mission.out_at == start + 4 * MINUTE, "the first who left"
    assert _out(world) == [("Owl", "Patrol")]
    world.fast_forward(minutes=130)
    assert world.received, "nobody may be out with nobody waiting for them"
    assert verify().difference is None


def test_whoever_would_leave_after_all_are_home_leaves_on_another_mission(world: World) -> None:
    mission, start = world.plan("agent", "mate", due_minutes=300), world.now
    agent, mate = phone_of(world, "agent"), phone_of(world, "mate")
    agent.say(Act.SIGN_OUT, mission_id=mission.pk)
    world.now += 60 * MINUTE
    agent.say(Act.SIGN_IN, mission_id=mission.pk)
    late = mate.say(
        Act.SIGN_OUT, mission_id=mission.pk, happened_at=world.now + dt.timedelta(minutes=1)
    )
    assert late.taken == "refused"
    assert "over" in late.sentence
    mission.refresh_from_db()
    assert (mission.state, mission.out_at) == ("BACK", start)


def test_a_kept_sign_out_counts_before_the_return_that_was_before_it(world: World) -> None:
    """Out again already, while a tablet still keeps the return from the outing before."""
    start = world.now
    first = world.send_out("agent", what="First", due_minutes=300)
    second = world.plan("agent", what="Second", due_minutes=400)
    phone, tablet = phone_of(world, "agent"), kiosk(world)
    clash = phone.say(Act.SIGN_OUT, mission_id=second.pk)
    assert clash.taken == "refused", "whoever stands there is asked"
    world.now += 90 * MINUTE
    kept = phone.say(Act.SIGN_OUT, mission_id=second.pk, happened_at=start + 60 * MINUTE)
    assert kept.taken == "counted"
    assert _out(world) == [("Fox", "First"), ("Fox", "Second")]
    tablet.say(Act.SIGN_IN, callsign="Fox", happened_at=start + 50 * MINUTE)
    assert _out(world) == [("Fox", "Second")], "it ends the one they were on then"
    first.refresh_from_db()
    assert first.back_at == start + 50 * MINUTE
    assert verify().difference is None


def test_a_kept_check_in_is_of_the_outing_they_were_on_then(world: World) -> None:
    start = world.now
    mission = world.send_out("agent", due_minutes=300)
    world.now += 60 * MINUTE
    world.sign_in("agent")
    tablet = kiosk(world, acts=(Act.CHECK_IN,))
    world.now += 10 * MINUTE
    tablet.say(Act.CHECK_IN, callsign="Fox", happened_at=start + 30 * MINUTE)
    noted = Entry.objects.get(kind="MISSION_CHECKED_IN")
    assert (noted.subject, noted.happened_at) == (mission.ref, start + 30 * MINUTE)
    assert not Unmatched.objects.exists()


def test_a_party_that_came_back_before_it_left_came_back_when_it_said(world: World) -> None:
    start = world.now
    mission = world.plan("agent", "mate", due_minutes=300)
    both = (world.people["agent"], world.people["mate"])
    phone = phone_of(world, "agent")
    world.now += 120 * MINUTE
    about = {"mission_id": mission.pk, "person_ids": both}
    early = phone.say(Act.SIGN_IN, heads=2, happened_at=start + 90 * MINUTE, **about)
    assert early.taken == Taken.UNVERIFIED
    phone.say(Act.SIGN_OUT, happened_at=start + 5 * MINUTE, **about)
    rows = PartyMember.objects.filter(mission=mission)
    assert {row.back_at for row in rows} == {start + 90 * MINUTE}
    assert Mission.objects.get().state == "BACK"
