"""A device key has narrow rights: its acts, for its person or at its gate. A stolen one does no
more than that, reads nothing, and is over with one tap (`RELIABILITY.md` 12: 4, 5, 7)."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions.intake import Batch, Trouble, take
from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.missions.rules.intake import Taken
from homeby.people.actions.devices import DeviceFields, add_device, new_key
from homeby.people.models import Device, Person
from homeby.people.rules import Act, DeviceKind, hash_of
from homeby.watch.models import Alarm
from tests.rooms.devices import claim, kiosk, phone_of, send
from tests.world import World

RECORDED = "Recorded."


def _state(mission: Mission) -> str:
    return str(Mission.objects.get(pk=mission.pk).state)


def test_a_kiosk_signs_out_and_in_by_callsign_and_tells_nothing(world: World) -> None:
    mission, tablet = world.plan("agent"), kiosk(world)
    out = tablet.say(Act.SIGN_OUT, callsign="fox")
    assert (out.taken, out.sentence) == (Taken.COUNTED, RECORDED)
    row = PartyMember.objects.get(mission=mission)
    assert (row.state, row.out_how, row.out_gate_id) == ("OUT", "DEVICE", world.gate_id)
    assert row.out_by_id == world.people["agent"]
    back = tablet.say(Act.SIGN_IN, callsign="Fox")
    assert (back.taken, back.sentence) == (Taken.COUNTED, RECORDED)
    assert _state(mission) == "BACK"


@pytest.mark.parametrize("callsign", ["Fox", "Owl", "Nobody at all", "", "Gate 1"])
@pytest.mark.parametrize("act", [Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN])
def test_a_stolen_kiosk_learns_of_nobody(world: World, act: Act, callsign: str) -> None:
    world.send_out("agent")
    world.plan("mate")
    tablet = kiosk(world, acts=(Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN))
    entry = claim(act, callsign=callsign)
    (said,), (again,) = tablet.send(entry), tablet.send(entry)
    if act is Act.SIGN_OUT and callsign != "Owl":  # she must know that nobody watches over her
        expected = (Taken.UNVERIFIED, "Ask the gate keeper.")
    else:
        expected = (Taken.COUNTED, RECORDED)
    assert (said.taken, said.sentence) == expected
    assert (again.taken, again.first, again.sentence) == (Taken.AGAIN, *expected)


@pytest.mark.parametrize("act", [Act.HELP, Act.MORE_TIME, Act.CHECK_IN])
def test_a_kiosk_does_nothing_but_its_calls(world: World, act: Act) -> None:
    mission, tablet = world.send_out("agent"), kiosk(world)
    said = tablet.say(act, mission_id=mission.pk, callsign="Fox")
    assert said.taken == Taken.REFUSED
    assert said.sentence.startswith("This device may not do that.")
    assert not Alarm.objects.exists()


def test_a_revoked_kiosk_signs_nobody_in(world: World) -> None:
    mission, tablet = world.send_out("agent"), kiosk(world)
    tablet.revoke(by="guard")
    said = tablet.say(Act.SIGN_IN, callsign="Fox")
    assert said.taken == Taken.UNVERIFIED
    assert _state(mission) == "OUT"
    assert Unmatched.objects.get().is_unverified


def test_a_phone_speaks_for_its_own_person_only(world: World) -> None:
    theirs = world.send_out("mate", due_minutes=60)
    phone = phone_of(world, "agent")
    world.fast_forward(minutes=61)
    for act in (Act.CHECK_IN, Act.HELP, Act.SIGN_OUT):
        assert phone.say(act, mission_id=theirs.pk).taken == Taken.UNVERIFIED, act
    said = phone.say(Act.SIGN_IN, mission_id=theirs.pk, person_ids=(world.people["mate"],))
    assert said.taken == Taken.UNVERIFIED
    assert "Owl" not in said.sentence
    assert _state(theirs) == "OUT"
    alarm = Alarm.objects.get(subject__ref=theirs.ref)
    assert (alarm.state, alarm.kind, alarm.heard_at) == ("OPEN", "OVERDUE", None)


def test_a_leader_signs_the_party_in_by_heads_and_names(world: World) -> None:
    mission = world.send_out("agent", "mate")
    phone, both = phone_of(world, "agent"), (world.people["agent"], world.people["mate"])
    said = phone.say(Act.SIGN_IN, mission_id=mission.pk, person_ids=both, heads=3)
    assert said.taken == Taken.UNVERIFIED, "whoever counted may be gone: a person asks"
    assert "3 heads" in said.sentence
    assert "nobody is signed in" in said.sentence
    assert _state(mission) == "OUT"
    said = phone.say(Act.SIGN_IN, mission_id=mission.pk, person_ids=both, heads=2)
    assert said.taken == Taken.COUNTED
    assert _state(mission) == "BACK"


def test_a_key_lends_no_role_of_its_person(world: World) -> None:
    """The head may see and grant everything at a desk; her phone, found by somebody, may not."""
    mission = world.send_out("agent")
    said = phone_of(world, "head").say(Act.CHECK_IN, mission_id=mission.pk, callsign="Fox")
    assert said.taken == Taken.UNVERIFIED


def test_a_key_of_somebody_who_left_changes_nothing(world: World) -> None:
    mission, phone = world.send_out("agent"), phone_of(world, "agent")
    Person.objects.filter(pk=world.people["agent"]).update(is_active=False)
    assert phone.say(Act.SIGN_IN).taken == Taken.UNVERIFIED
    assert _state(mission) == "OUT"


@pytest.mark.parametrize("who", ["agent", "guard", "head"])
def test_only_an_administrator_gives_a_kiosk_its_key(world: World, who: str) -> None:
    fields = DeviceFields(
        kind=DeviceKind.KIOSK, name="x", acts=(Act.SIGN_IN,), gate_id=world.gate_id
    )
    with pytest.raises(Refused):
        add_device(
            fields=fields,
            key_hash=hash_of(new_key()),
            by=world.as_(who),
            now=world.now,
            tap=new_tap(),
        )


def test_whoever_keeps_the_watch_revokes_and_nobody_else(world: World) -> None:
    phone = phone_of(world, "agent")
    with pytest.raises(Refused):
        phone.revoke(by="outsider")
    assert phone.revoke(by="agent")
    assert Device.objects.get().revoked_by_id == world.people["agent"]


def test_unknown_devices_cannot_bury_what_people_send(world: World) -> None:
    world.send_out("agent")
    gone = phone_of(world, "mate")
    gone.revoke(by="mate")
    sent = [[claim(Act.SIGN_IN, callsign="Fox") for _ in range(90)] for _ in range(3)]
    for claims in sent[:2]:
        assert {one.taken for one in send(world, "", *claims)} == {Taken.UNVERIFIED}
    batches = [
        Batch(claims=tuple(claims), key_hash=key, language="en", now=world.now)
        for claims, key in ((sent[2], ""), ([claim(Act.CHECK_IN)], hash_of(gone.key)))
    ]
    full, kept = take(batches)
    assert isinstance(full, Trouble), "nothing is confirmed, so that the device keeps it"
    assert full.sentence.startswith("Too much of unknown devices")
    assert isinstance(kept, list)
    assert kept[0].taken == Taken.UNVERIFIED, "a phone that was ours is not buried"
    assert Unmatched.objects.filter(kind="MISSION_SIGNED_IN").count() == 200
    (help_now,) = send(world, "", claim(Act.HELP, note="At the bridge"))
    assert help_now.taken == Taken.UNVERIFIED, "nothing else takes the place of a call for help"
    assert Message.objects.filter(text__contains="At the bridge").exists(), "and it rings"
    world.now += dt.timedelta(minutes=1)
    assert phone_of(world, "agent").say(Act.SIGN_IN).taken == Taken.COUNTED
    Unmatched.objects.update(settled_at=world.now, settled_by_id=world.people["head"])
    answers = send(world, "", *sent[2])
    assert [one.taken for one in answers] == [Taken.AGAIN] * 20 + [Taken.UNVERIFIED] * 70
