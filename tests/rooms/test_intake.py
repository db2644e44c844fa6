"""Entries of devices: a known key counts, once; anything else goes to a person."""

from __future__ import annotations

import datetime as dt

from homeby.logbook.models import Entry
from homeby.logbook.verification import verify
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules import PlanTimes
from homeby.missions.rules.intake import Taken
from homeby.people.models import Device
from homeby.people.rules import Act
from homeby.watch.models import Deadline
from tests.rooms.devices import claim, phone_of, send
from tests.world import World

HOUR = dt.timedelta(hours=1)


def test_a_check_in_of_a_phone_counts_with_its_deadline_and_its_entry(world: World) -> None:
    mission = world.send_out(
        "agent", times=PlanTimes(due_at=world.now + 5 * HOUR, check_in_minutes=60)
    )
    phone = phone_of(world, "agent")
    world.now += dt.timedelta(minutes=30)
    said = phone.say(Act.CHECK_IN, mission_id=mission.pk, sequence=7)
    assert (said.taken, said.sentence) == (Taken.COUNTED, "Noted: fine at 09:30.")
    mission.refresh_from_db()
    assert mission.heard_at == world.now
    due = Deadline.objects.get(kind="CHECK_IN", state="OPEN")
    assert due.due_at == world.now + HOUR
    entry = Entry.objects.get(entry_id=said.entry_id)
    assert (entry.kind, entry.device_sequence) == ("MISSION_CHECKED_IN", 7)
    assert entry.device == f"phone:{phone.id}"
    assert entry.actor_id == world.people["agent"]
    assert verify().difference is None


def test_again_it_is_the_first_answer_and_one_entry(world: World) -> None:
    mission = world.send_out("agent")
    phone = phone_of(world, "agent")
    fine = claim(Act.CHECK_IN, mission_id=mission.pk)
    first, second = phone.send(fine, fine)
    (third,) = phone.send(fine)
    assert first.taken == Taken.COUNTED
    assert {second.taken, third.taken} == {Taken.AGAIN}
    assert first.sentence == second.sentence == third.sentence
    assert third.first == Taken.COUNTED
    assert Entry.objects.filter(kind="MISSION_CHECKED_IN").count() == 1


def test_a_key_stands_nowhere_but_as_a_hash(world: World) -> None:
    phone = phone_of(world, "agent")
    row = Device.objects.get(pk=phone.id)
    assert phone.key not in str([vars(row), *Entry.objects.values_list("content__body")])
    assert len(row.key_hash) == 64


def test_without_a_key_nothing_changes_and_a_person_sees_it(world: World) -> None:
    mission = world.send_out(
        "agent", times=PlanTimes(due_at=world.now + 5 * HOUR, check_in_minutes=60)
    )
    before = (Mission.objects.get(pk=mission.pk).heard_at, Deadline.objects.count())
    fine = claim(Act.CHECK_IN, mission_id=mission.pk, callsign="Fox", note="all well")
    for key in ("", "homeby-device-made-up"):
        (said,) = send(world, key, fine)
        assert said.sentence.startswith("Kept, but not counted")
    assert (Mission.objects.get(pk=mission.pk).heard_at, Deadline.objects.count()) == before
    (row,) = Unmatched.objects.filter(is_unverified=True)
    assert "Fox" in row.why
    assert "all well" in row.why
    (said,) = phone_of(world, "agent").send(fine)  # the same entry, by a key that is known
    assert said.taken == Taken.COUNTED


def test_a_revoked_key_changes_nothing_from_the_commit_on(world: World) -> None:
    mission = world.send_out("agent")
    phone = phone_of(world, "agent")
    assert phone.say(Act.CHECK_IN, mission_id=mission.pk).taken == Taken.COUNTED
    assert phone.revoke().startswith("Revoked.")
    for act in Act:
        assert phone.say(act, mission_id=mission.pk).taken == Taken.UNVERIFIED, act
    mission.refresh_from_db()
    assert mission.state == "OUT"
    assert Unmatched.objects.filter(is_unverified=True).count() == len(Act)
