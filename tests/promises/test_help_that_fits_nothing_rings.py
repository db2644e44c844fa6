"""HELP that fits no mission, or comes from a device that is not known any more, may be meant all
the same: whoever holds the watch hears of it, and cannot be buried in it (P1, threat 12)."""

from __future__ import annotations

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
