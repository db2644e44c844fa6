"""HELP that fits no mission, or comes from a device that is not known any more, may be meant all
the same: whoever holds the watch hears of it, and cannot be buried in it (P1, threat 12)."""

from __future__ import annotations

import uuid

import pytest
from django.urls import reverse

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions.unmatched import settle_unmatched
from homeby.missions.models import Unmatched
from homeby.missions.rules.intake import Taken
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION, Act
from homeby.watch import queries as watch
from homeby.watch.actions import alarms, subjects, unplaced
from tests.rooms.devices import claim, kiosk, phone_of, send
from tests.rooms.pages import Pages, text_of
from tests.world import World

_KNOWN = "asks for HELP and is on no mission that is out"


def _heard(world: World, who: str = "head") -> list[str]:
    """By whom each message about HELP says that it is."""
    world.look()
    said = [one.outgoing for one in world.phone(who) if "HELP" in one.outgoing.text]
    return [one.subject.partition(": ")[2] for one in said if "Stood down" not in one.subject]


def _open() -> list[str]:
    """About whom alarms are open."""
    return sorted(one.subject.title for one in watch.open_alarms(STATION))


def _settle(world: World, by: str = "head") -> str:
    row = Unmatched.objects.filter(settled_at=None).first()
    assert row is not None, "something waits"
    return settle_unmatched(
        unmatched_id=row.pk, how="She is at home.", by=world.as_(by), now=world.now, tap=new_tap()
    )


def _take(world: World) -> None:
    world.look()
    alarms.acknowledge(
        alarm_id=world.alarm().pk, by=world.as_("head"), now=world.now, tap=new_tap()
    )


def test_help_of_somebody_who_is_not_out_rings_the_watch(world: World) -> None:
    world.give_kin("agent", "mother")
    said = phone_of(world, "agent").say(Act.HELP, note="I fell near the hut.")
    assert "The watch is being told now; call as well." in said.sentence
    assert _heard(world) == ["Fox"]
    text = world.phone("head")[-1].outgoing.text
    assert f"Fox {_KNOWN}" in text
    assert "I fell near the hut." in text
    world.fast_forward(minutes=60)
    assert not world.phone("agent"), "her telephone may be in other hands"
    assert not world.phone("mother"), "nobody has judged it"


def test_it_goes_on_until_a_person_takes_it_and_ends_when_all_of_it_is_settled(
    world: World,
) -> None:
    phone = phone_of(world, "agent")
    phone.say(Act.HELP)
    world.fast_forward(minutes=45)
    phone.say(Act.HELP)
    for who in ("head", "deputy"):
        assert len(_heard(world, who)) > 2, "it rings on, and further people"
    _settle(world)
    assert _open() == ["Fox"], "there is more of it"
    _settle(world)
    world.look()
    assert not _open()
    assert "She is at home." in world.phone("deputy")[-1].outgoing.text
    world.fast_forward(minutes=90)
    assert not _open(), "nobody is out: the watch does not ask again"


def test_it_stands_on_the_board_and_among_the_alarms(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Pages(world, monkeypatch).as_("head")
    phone_of(world, "agent").say(Act.HELP, note="I fell near the hut.")
    board = text_of(head.get("/board/"))
    assert "HELP that fits no mission: Fox. An alarm is open" in board
    assert "hut" not in board, "it hangs on walls"
    assert f"Fox {_KNOWN}" in text_of(head.get("/alarms/"))
    page = text_of(head.get(reverse("alarm", args=[world.alarm().pk])))
    assert "I fell near the hut." in page
    assert "Settle what was said" in page
    assert "Ask again at" not in page, "nobody is out"
    assert "Call each other now" not in page


def test_whoever_asked_does_not_settle_it(world: World) -> None:
    phone_of(world, "head").say(Act.HELP)
    world.look()
    assert _heard(world, "deputy") == ["Head"]
    with pytest.raises(Refused, match="the one who asked for HELP"):
        _settle(world)


def test_where_nobody_can_be_told_it_says_so(world: World) -> None:
    ContactPoint.objects.update(verified_at=None)
    said = phone_of(world, "agent").say(Act.HELP)
    assert "nobody can be told of it now" in said.sentence
    said = send(world, "", claim(Act.HELP))[0]
    assert "Do not wait for an answer: call." in said.sentence


def test_where_the_duty_officer_is_not_reached_others_hear_it(world: World) -> None:
    world.breaks("head", permanent=True)
    phone_of(world, "agent").say(Act.HELP)
    assert not _heard(world)
    assert _heard(world, "deputy") == ["Fox"]


def test_help_of_a_phone_that_was_revoked_rings_the_watch(world: World) -> None:
    world.send_out("agent")
    phone = phone_of(world, "agent")
    phone.revoke(by="guard")
    phone.say(Act.HELP)
    assert _heard(world) == ["Fox"]


def test_unknown_devices_ring_as_one_and_again_once_in_ten_minutes(world: World) -> None:
    for _ in range(30):
        send(world, "", claim(Act.HELP, callsign="Fox"))
    assert _heard(world) == ["?"]
    _take(world)
    for _ in range(11):
        world.fast_forward(minutes=1)
        send(world, "", claim(Act.HELP))
    assert len(_heard(world)) == 3, "whoever has taken it hears of more, once in ten"


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
    assert _open() == ["?", "Fox", "Owl", "“Eagle”", "“Falcon”"]
    assert _heard(world), "one message tells of all"


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
    assert len(_open()) == 1


def test_a_phone_rings_as_its_person_whomever_it_names(world: World) -> None:
    """As does a tablet that names ids of nobody."""
    phone, tablet = phone_of(world, "agent"), kiosk(world, acts=(Act.HELP,))
    for number in range(10):
        for device in (phone, tablet):
            device.say(Act.HELP, person_ids=(uuid.uuid4(),), note=f"Note {number}")
    assert len(_heard(world)) == 2


def test_of_whom_it_names_nobody_is_kept_from_hearing_it(world: World) -> None:
    """Whoever is named first is not rung about herself; once it speaks of others, she is."""
    phone = phone_of(world, "agent")
    phone.revoke(by="guard")
    phone.say(Act.HELP, person_ids=(world.people["head"],))
    assert not _heard(world)
    phone.say(Act.HELP)
    world.fast_forward(minutes=30)
    assert _heard(world)


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
    assert sorted(_heard(world)) == ["?", "Fox"]


def test_where_no_alarm_can_be_opened_everybody_is_told_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_words: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(unplaced, "call", fails)
    phone_of(world, "agent").say(Act.HELP, note="I fell.")
    world.look()
    for who in ("head", "deputy"):
        assert [one.outgoing.subject for one in world.phone(who)] == [
            "HELP that fits no mission: Fox"
        ]


def test_whatever_else_fits_nothing_wakes_nobody(world: World) -> None:
    send(world, "", claim(Act.SIGN_IN, callsign="Fox"))
    phone_of(world, "agent").say(Act.CHECK_IN)
    world.look()
    assert not world.phone("head")
