"""Whoever has a thing out keeps it in the account, whatever another says of it: it stands in the
brief of a search and is asked for, and she hears of it. What is damaged is mended by a word."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.readiness.actions import kit
from homeby.readiness.actions.kit import CheckFields, ReturnFields
from homeby.readiness.models import KitItem
from homeby.readiness.queries import kit as queries
from homeby.readiness.rules.kit import KitState, Returned
from homeby.station import hourly
from tests.promises.carrying import FIRST_AID, add_kit
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


def take(world: World, who: str, item: uuid.UUID, mission: uuid.UUID | None = None) -> str:
    why = "It is here with me."
    by = world.as_(who)
    return kit.take(item_id=item, mission_id=mission, why=why, by=by, now=world.now, tap=new_tap())


def missing(world: World, who: str, item: uuid.UUID) -> str:
    return kit.report_missing(item_id=item, by=world.as_(who), now=world.now, tap=new_tap())


def brief(world: World, mission: uuid.UUID) -> list[tuple[str, bool]]:
    rows = queries.carried(world.as_("head"), mission, now=world.now)
    return [(one.label, one.is_holder_back) for one in rows]


def heard(world: World, who: str) -> list[str]:
    world.look()
    return [one.subject for one in world.phone(who)]


def test_what_another_reports_missing_stays_with_its_holder(world: World) -> None:
    item = add_kit(world)
    mission = world.send_out("agent", "mate").pk
    take(world, "agent", item, mission)
    missing(world, "outsider", item)
    row = KitItem.objects.get(pk=item)
    assert (row.state, row.held_by_id) == (KitState.MISSING, world.people["agent"])
    assert brief(world, mission) == [("FA-3", False)]
    assert "Missing: FA-3" in heard(world, "guard")
    with pytest.raises(Refused, match="reported missing already"):
        missing(world, "mate", item)
    with pytest.raises(Refused, match="brought back first"):
        kit.check(
            item_id=item, fields=CheckFields(), by=world.as_("guard"), now=world.now, tap=new_tap()
        )
    assert world.sign_in("agent", "mate", heads=2)
    world.now += dt.timedelta(days=1, hours=3)
    assert "Do you have FA-3?" in heard(world, "agent")
    assert hourly.go_round(now=world.now)
    assert "Still with you: FA-3" in heard(world, "agent"), "it is asked for as before"
    take(world, "agent", item)
    assert KitItem.objects.get(pk=item).state == KitState.OUT
    assert verify().difference is None


def test_she_alone_says_that_what_she_has_is_lost(world: World) -> None:
    item = add_kit(world)
    mission = world.send_out("agent", "mate").pk
    take(world, "agent", item, mission)
    missing(world, "mate", item)
    missing(world, "agent", item)
    row = KitItem.objects.get(pk=item)
    assert (row.state, row.held_by_id, row.mission_id) == (KitState.MISSING, None, None)
    assert brief(world, mission) == []


def test_a_brief_says_whose_holder_is_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    item = add_kit(world)
    mission = world.send_out("agent", "mate").pk
    take(world, "agent", item, mission)
    head = Pages(world, monkeypatch).as_("head")
    assert "its holder is back" not in text_of(head.get(f"/missions/{mission}/"))
    world.sign_in("agent")
    assert brief(world, mission) == [("FA-3", True)]
    assert "its holder is back" in text_of(head.get(f"/missions/{mission}/"))


def test_a_damaged_thing_is_ready_by_a_word_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = add_kit(world)
    take(world, "agent", item)
    kit.give_back(
        item_id=item, fields=ReturnFields(how=Returned.DAMAGED), by=world.as_("agent"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    guard = Pages(world, monkeypatch).as_("guard")
    at = f"/kit/{item}/"
    assert "It was damaged, and is mended" in text_of(guard.get(at))
    said = followed(guard, guard.post(at, sent(act="check")))
    assert "not ready yet. It is damaged: say that it is mended" in said
    assert KitItem.objects.get(pk=item).state == KitState.DAMAGED
    anyway = sent(act="check", why="Nothing else is here")
    assert "FA-3 is ready" in followed(guard, guard.post(at, anyway))
    assert KitItem.objects.get(pk=item).state == KitState.READY
    with pytest.raises(Refused, match="It is damaged"):
        kit.take(item_id=item, by=world.as_("mate"), now=world.now, tap=new_tap())
    said = followed(guard, guard.post(at, sent(act="check")))
    assert "say that it is mended" in said, "a look at it alone mends nothing"
    assert "FA-3 is ready" in followed(guard, guard.post(at, sent(act="check", mended="on")))
    assert "is mended" not in text_of(guard.get(at))


@pytest.mark.parametrize("contents", ["", "4 bandages"])
def test_what_went_out_damaged_is_so_until_somebody_says_it_is_mended(
    world: World, contents: str
) -> None:
    item = add_kit(world, replace(FIRST_AID, contents=contents))
    at: dict[str, Any] = {"item_id": item, "now": world.now}

    def bring(how: Returned) -> KitState:
        fields = ReturnFields(how=how)
        kit.give_back(fields=fields, by=world.as_("agent"), tap=new_tap(), **at)
        return KitState(KitItem.objects.get(pk=item).state)

    take(world, "agent", item)
    assert bring(Returned.DAMAGED) is KitState.DAMAGED
    take(world, "agent", item)
    with pytest.raises(Refused, match="It is damaged"):
        kit.take(by=world.as_("mate"), tap=new_tap(), **at)
    assert bring(Returned.AS_IT_WAS) is KitState.DAMAGED
    missing(world, "mate", item)
    kit.find(by=world.as_("mate"), tap=new_tap(), **at)
    assert KitItem.objects.get(pk=item).state == KitState.DAMAGED
    kit.check(fields=CheckFields(mended=True), by=world.as_("guard"), tap=new_tap(), **at)
    assert KitItem.objects.get(pk=item).state == KitState.READY
    take(world, "agent", item)
    assert bring(Returned.AS_IT_WAS) is not KitState.DAMAGED, "it went out whole"
