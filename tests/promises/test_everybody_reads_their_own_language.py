"""Whoever does something, and in whatever language: each who is told of it reads their own."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import translation

from homeby.comms.models import Message
from homeby.comms.rules import MessageKind
from homeby.logbook.rules import new_tap
from homeby.people.models import Kin, Person
from homeby.people.rules import MayKnow
from homeby.watch import texts
from tests.promises.acts import stand_down, take
from tests.promises.repeating import ACTS
from tests.world import World

pytestmark = pytest.mark.looks  # words are the same on either database
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def _all_read(code: str) -> None:
    """From now on everybody of the village and at home reads this language."""
    Person.objects.update(language=code)
    Kin.objects.update(language=code)


def _not_japanese(told: QuerySet[Message]) -> list[str]:
    """Which words of which messages are not in the language of whom they are for."""
    return [
        f"{one.kind}: {words!r}"
        for one in told.exclude(kind=MessageKind.CANARY)
        for words in (one.subject, one.text)
        if not JAPANESE.search(words)
    ]


@pytest.mark.parametrize("name", sorted(ACTS))
def test_whatever_is_done_is_told_in_the_language_of_the_reader(world: World, name: str) -> None:
    """Every act there is, done by somebody whose page is English."""
    act = ACTS[name](world)
    _all_read("ja")
    before = set(Message.objects.values_list("pk", flat=True))
    act(new_tap())
    assert not _not_japanese(Message.objects.exclude(pk__in=before))


def test_a_damaged_catalog_stops_no_message(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be said in somebody's language is said in English, to them and to all others."""
    _all_read("ja")
    real = texts.step

    def broken(*words: Any, **more: Any) -> tuple[str, str]:
        if translation.get_language() == "ja":
            raise KeyError("who")
        return real(*words, **more)

    monkeypatch.setattr(texts, "step", broken)
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=95)
    assert any(one.outgoing.subject.startswith("ALERT") for one in world.phone("head"))


def test_a_whole_alarm_is_told_to_each_in_their_own(world: World) -> None:
    """From the reminder by way of every step to the good news, the party, the watch and kin."""
    world.give_kin("agent", "aunt", MayKnow.OUT_AND_DUE)
    _all_read("ja")
    Person.objects.filter(pk=world.people["deputy"]).update(language="de")
    world.send_out("agent", "mate", due_minutes=30)
    world.fast_forward(minutes=150)
    take(world, "head")
    with translation.override("fr"):
        stand_down(world, "head", reason="見ました。")
    world.fast_forward(minutes=150)
    world.sign_in("agent", "mate", heads=2)
    world.look()
    for_deputy = Message.objects.filter(person_id=world.people["deputy"])
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert {MessageKind.REMINDER, MessageKind.ALARM, MessageKind.GOOD_NEWS} <= kinds
    alarms = for_deputy.filter(kind=MessageKind.ALARM).values_list("subject", flat=True)
    assert any(subject.startswith("BEREITSCHAFT") for subject in alarms)
    assert not _not_japanese(Message.objects.exclude(person_id=world.people["deputy"]))
    received = [one.outgoing.text for one in world.phone("head")]
    asked = [text for text in received if re.search(r"\d{6}$", text)]
    assert asked, "the head was asked to take it, with a code"
    assert [text for text in asked if not JAPANESE.search(text.splitlines()[-1])] == []
