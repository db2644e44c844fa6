"""Whoever takes away her data takes what she may read of concerns with it, and nothing of one that
she does not know of."""

from __future__ import annotations

import json

import pytest

from homeby.logbook.rules import new_tap
from homeby.welfare.actions.check_starts import set_grace
from homeby.welfare.actions.door import Spoken, speak
from homeby.welfare.actions.steps import Writing, write
from homeby.welfare.models import Concern, LeftOutSignal
from homeby.welfare.rules.concerns import ConcernKind, NoteKind
from tests.promises.caring import left_out
from tests.promises.lived import DAY, Lived
from tests.promises.test_her_own_data_is_hers_to_take import packed
from tests.world import World

HERS, ANSWER, WORRY, NOTE = "Nobody zorbs me.", "I flum by.", "She grints.", "He quolls."


def test_her_words_and_signals_are_in_it_and_what_others_say_is_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = Lived(world, monkeypatch)
    lived.on()
    lived.without_her(0, 16)
    lived.until(16)
    lived.look()
    assert LeftOutSignal.objects.filter(person_id=world.people["agent"]).exists()
    world.now += DAY
    left_out(world, HERS)
    own = Concern.objects.get(kind=ConcernKind.OWN_WORD)
    for kind, words in ((NoteKind.ANSWER, ANSWER), (NoteKind.NOTE, NOTE)):
        world.now += DAY / 24
        writing = Writing(kind=kind, words=words)
        write(concern_id=own.pk, writing=writing, by=world.as_("carer"), now=world.now,
              tap=new_tap())  # fmt: skip
    about = Spoken(kind=ConcernKind.WORRY_ABOUT, person_id=world.people["agent"], words=WORRY)
    speak(spoken=about, by=world.as_("outsider"), now=world.now, tap=new_tap())
    set_grace(minutes=45, by=world.as_("agent"), now=world.now, tap=new_tap())
    found = packed(world)
    hers = found["about-me.json"]
    assert [one["kind"] for one in hers["concerns"]] == ["SIGNAL", "OWN_WORD"]
    notes = hers["concerns"][1]["notes"]
    assert [one["said"] for one in notes] == [{"words": HERS}, {"words": ANSWER}]
    assert notes[1]["by_id"] == world.callsign("carer")
    assert hers["concerns"][1]["answered_at"]
    assert [one["team__name"] for one in hers["signals"]] == ["Team 7"] * len(hers["signals"])
    assert hers["signals"]
    assert hers["looked_for_after"] == [{"minutes": 45}]
    assert hers["chances"][0]["team"] == "Team 7"
    text = json.dumps([one for name, one in found.items() if name.endswith(".json")])
    for hidden in (WORRY, NOTE, "WORRY_ABOUT"):
        assert hidden not in text, hidden
    (spoke,) = packed(world, "outsider")["about-me.json"]["concerns"]
    assert spoke["person_id"] == world.callsign("agent")
    assert [one["said"] for one in spoke["notes"]] == [{"words": WORRY}]
    assert "state" not in spoke, "how it ends is between her and them"
