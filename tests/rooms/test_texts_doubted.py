"""Texts that come in, and what nobody may do by them: a PIN is kept nowhere, a captured or repeated
text counts once, a number that can be forged holds no alarm, and no machine rings without end."""

from __future__ import annotations

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.models import Extension, Unmatched
from homeby.people.actions import proofs
from homeby.watch.models import Alarm, Duress
from tests.rooms.test_texts import give_number, pages, taken
from tests.world import World

__all__ = ["pages"]


@pytest.mark.parametrize("text", ["late 2h {}", "help {}", "bakc {}", "{}", "late {}"])
def test_a_duress_pin_is_heard_in_whatever_is_texted_and_stands_nowhere(
    world: World, text: str
) -> None:
    give_number(world, "agent")
    world.send_out("agent")
    agent = world.as_("agent")
    proofs.set_pin(pin="4711", duress="9353", on_phone=True, by=agent, now=world.now, tap=new_tap())
    taken(text.format("4711"))
    assert not Duress.objects.exists()
    taken(text.format("9353"))
    assert Duress.objects.count() == 1
    assert Alarm.objects.filter(kind="DURESS", state="OPEN").exists()
    kept = [
        *Entry.objects.values_list("content__body", flat=True),
        *Extension.objects.values_list("why", flat=True),
        *Unmatched.objects.values_list("why", flat=True),
        *Message.objects.values_list("text", flat=True),
    ]
    assert "9353" not in str(kept)
    assert "4711" not in str(kept)


def test_of_help_nothing_is_left_out_that_is_no_pin(world: World) -> None:
    give_number(world, "agent")
    world.send_out("agent")
    proofs.set_pin(pin="4711", on_phone=True, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert taken("help at 4721 1153") == "counted"
    assert "4721 1153" in str(Entry.objects.get(kind="MISSION_ASKED_FOR_HELP").content.body)
