"""HELP that fits no mission, or comes from a device that is not known any more, may be meant all
the same: whoever holds the watch hears of it, and cannot be buried in it (P1, threat 12)."""

from __future__ import annotations

import uuid

import pytest

from homeby.logbook.models import Entry
from homeby.missions.models import Unmatched
from homeby.missions.rules.intake import Taken
from homeby.people.rules import Act
from homeby.watch.actions import subjects
from tests.rooms.devices import claim, kiosk, phone_of, send
from tests.world import World


def _heard(world: World) -> list[str]:
    world.look()
    return [one.outgoing.subject for one in world.phone("head") if "HELP" in one.outgoing.subject]


def test_help_of_somebody_who_is_not_out_rings_the_watch(world: World) -> None:
    phone_of(world, "agent").say(Act.HELP, note="I fell near the hut.")
    assert _heard(world) == ["HELP that fits no mission: Fox"]
    assert "I fell near the hut." in world.phone("head")[-1].outgoing.text


def test_where_the_duty_officer_is_not_reached_the_deputy_and_leaders_hear_it(
    world: World,
) -> None:
    world.breaks("head", permanent=True)
    phone_of(world, "agent").say(Act.HELP)
    send(world, "", claim(Act.HELP))
    world.look()
    assert not world.phone("head")
    heard = [one.outgoing.subject for one in world.phone("deputy")]
    assert heard == ["HELP that fits no mission: Fox"], "nobody unknown wakes more than the watch"


def test_help_of_a_phone_that_was_revoked_rings_the_watch(world: World) -> None:
    world.send_out("agent")
    phone = phone_of(world, "agent")
    phone.revoke(by="guard")
    phone.say(Act.HELP)
    assert _heard(world) == ["HELP that fits no mission: Fox"]


def test_unknown_devices_ring_once_in_ten_minutes(world: World) -> None:
    for _ in range(30):
        send(world, "", claim(Act.HELP, callsign="Fox"))
    assert _heard(world) == ["HELP from somebody unknown"]
    world.fast_forward(minutes=11)
    send(world, "", claim(Act.HELP))
    assert len(_heard(world)) == 2


def test_they_do_not_silence_somebody_who_is_known(world: World) -> None:
    """Nor somebody whose key was revoked, nor does one unknown name at a kiosk silence another."""
    revoked = phone_of(world, "mate")
    revoked.revoke(by="guard")
    send(world, "", claim(Act.HELP, callsign="Owl"))
    phone_of(world, "agent").say(Act.HELP)
    revoked.say(Act.HELP)
    tablet = kiosk(world, acts=(Act.HELP,))
    tablet.say(Act.HELP, callsign="Falcon")
    tablet.say(Act.HELP, callsign="Eagle")
    assert sorted(_heard(world)) == [
        "HELP from somebody unknown",
        "HELP from somebody unknown",
        "HELP from somebody unknown",
        "HELP that fits no mission: Fox",
        "HELP that fits no mission: Owl",
    ]


@pytest.mark.parametrize("who", ["phone", "kiosk"])
def test_a_key_that_was_revoked_rings_once_in_ten_minutes_whatever_it_says(
    world: World, who: str
) -> None:
    device = phone_of(world, "agent") if who == "phone" else kiosk(world, acts=(Act.HELP,))
    device.revoke(by="guard" if who == "phone" else "admin")
    for number in range(20):
        mate = {"person_ids": (world.people["mate"],)} if number % 2 else {}
        device.say(Act.HELP, note=f"Note {number}", callsign=f"Falcon {number}", **mate)
    assert len(_heard(world)) == 1
    assert Unmatched.objects.count() == 20, "all of it is kept"
    world.fast_forward(minutes=11)
    device.say(Act.HELP)
    assert len(_heard(world)) == 2


def test_a_phone_rings_as_its_person_whomever_it_names(world: World) -> None:
    """As does a tablet that names ids of nobody."""
    phone, tablet = phone_of(world, "agent"), kiosk(world, acts=(Act.HELP,))
    for number in range(10):
        for device in (phone, tablet):
            device.say(Act.HELP, person_ids=(uuid.uuid4(),), note=f"Note {number}")
    assert len(_heard(world)) == 2


def test_of_whom_it_names_nobody_is_kept_from_hearing_it(world: World) -> None:
    """Whoever is named first is not rung about herself; the next call rings her all the same."""
    phone = phone_of(world, "agent")
    phone.revoke(by="guard")
    phone.say(Act.HELP, person_ids=(world.people["head"],))
    phone.say(Act.HELP)
    assert len(_heard(world)) == 1


def test_a_note_at_a_tablet_makes_no_further_ring_and_another_name_does(world: World) -> None:
    tablet = kiosk(world, acts=(Act.HELP,))
    for number in range(10):
        tablet.say(Act.HELP, callsign="Falcon", note=f"Note {number}")
    assert len(_heard(world)) == 1
    tablet.say(Act.HELP, callsign="Eagle")
    assert len(_heard(world)) == 2


def test_no_limit_of_a_phone_holds_it_back(world: World) -> None:
    for who in ("mate", "guard", "deputy", "admin"):
        phone_of(world, who).say(Act.HELP)
        world.look()
    assert len(_heard(world)) == 4


def test_help_that_our_own_code_cannot_judge_rings_with_its_sender(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent")

    def fails(*_words: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(subjects, "call_for_help", fails)
    phone = phone_of(world, "agent")
    said = phone.say(Act.HELP, note="I fell.")
    assert said.taken == Taken.UNVERIFIED
    row = Unmatched.objects.get()
    assert (row.person_id, row.is_unverified) == (world.people["agent"], False)
    assert Entry.objects.get(entry_id=said.entry_id).device == f"phone:{phone.id}"
    send(world, "", claim(Act.HELP))
    assert set(_heard(world)) == {"HELP that fits no mission: Fox", "HELP from somebody unknown"}


def test_whatever_else_fits_nothing_wakes_nobody(world: World) -> None:
    send(world, "", claim(Act.SIGN_IN, callsign="Fox"))
    phone_of(world, "agent").say(Act.CHECK_IN)
    world.look()
    assert not world.phone("head")
