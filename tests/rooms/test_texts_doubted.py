"""Texts that come in, and what nobody may do by them: a PIN is kept nowhere, a captured or repeated
text counts once, a number that can be forged holds no alarm, and no machine rings without end."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
from typing import Any

import pytest
from django.test import Client

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.actions import intake
from homeby.missions.models import Extension, Mission, Unmatched
from homeby.people.actions import proofs
from homeby.watch.models import Alarm, Duress
from tests.rooms.test_texts import NUMBER, SECRET, give_number, pages, state, taken
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
    # As a word: in the ids and times of so many entries four figures stand by chance.
    assert not re.search(r"(?<![0-9a-f-])(9353|4711)(?![0-9a-f-])", str(kept))


def test_of_help_nothing_is_left_out_that_is_no_pin(world: World) -> None:
    give_number(world, "agent")
    world.send_out("agent")
    proofs.set_pin(pin="4711", on_phone=True, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert taken("help at 4721 1153") == "counted"
    assert "4721 1153" in str(Entry.objects.get(kind="MISSION_ASKED_FOR_HELP").content.body)


def signed(body: str, *, at: dt.datetime, secret: str = SECRET) -> tuple[str, str]:
    """A request as a gateway signed it, which anybody on the way may have captured."""
    seconds = str(int(at.timestamp()))
    wanted = hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256).hexdigest()
    return body, f"t={seconds},v1={wanted}"


def handed_over(request: tuple[str, str]) -> str:
    answer = Client().post(
        "/texts",
        request[0],
        content_type="application/json",
        headers={"Homeby-Signature": request[1]},
    )
    assert answer.status_code == 200, answer.content
    return str(answer.json()["taken"])


@pytest.mark.parametrize("more", [{}, {"id": "7"}])
@pytest.mark.parametrize("text", ["ok", "help"])
def test_a_captured_request_counts_once_however_often_it_is_sent(
    world: World, text: str, more: dict[str, Any]
) -> None:
    give_number(world, "agent")
    world.send_out("agent", due_minutes=5000)
    captured = signed(json.dumps({"from": NUMBER, "text": text} | more), at=world.now)
    assert handed_over(captured) == "counted"
    entries = Entry.objects.count()
    for minutes in (0, 11, 2000):
        world.now += dt.timedelta(minutes=minutes)
        assert handed_over(captured) == "again"
    assert Entry.objects.count() == entries


def test_signed_long_ago_and_of_no_time_it_counts_for_nothing_but_help(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    ago = world.now - dt.timedelta(minutes=11)
    assert handed_over(signed(json.dumps({"from": NUMBER, "text": "back"}), at=ago)) == "unverified"
    assert state(mission) == "OUT"
    dated = {"from": NUMBER, "text": "ok", "time": world.now.isoformat()}
    assert handed_over(signed(json.dumps(dated), at=ago)) == "counted", "it says when by itself"
    assert handed_over(signed(json.dumps({"from": NUMBER, "text": "help"}), at=ago)) == "counted"


@pytest.mark.parametrize("time", [None, {}, [], True, "", "1e9", float("nan"), "-5.5"])
def test_a_time_that_is_there_and_is_none_counts_for_nothing_but_help(
    world: World, time: object
) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    assert taken("back", time=time) == "unverified"
    assert state(mission) == "OUT"
    assert taken("help", time=time) == "counted"


def test_a_time_in_parts_of_a_second_is_a_time(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    world.now += dt.timedelta(minutes=60)
    ago = world.now - dt.timedelta(minutes=40)
    for add, time in ((0, ago.timestamp() + 0.5), (1, str(ago.timestamp() + 1.5))):
        assert taken("ok", time=time) == "counted"
        heard_at = Mission.objects.get(pk=mission.pk).heard_at
        assert heard_at is not None
        assert heard_at == ago + dt.timedelta(seconds=add + 0.5)


def test_a_gateway_that_counts_anew_and_gives_no_time_is_heard_again(world: World) -> None:
    give_number(world, "agent")
    world.send_out("agent", due_minutes=5000)
    assert [taken("ok", id="1"), taken("ok", id="1")] == ["counted", "again"]
    assert [taken("help", id="1"), taken("help", id="1")] == ["counted", "again"]
    world.now += dt.timedelta(minutes=11)
    assert taken("ok", id="1") == "again", "it may still be the same delivery"
    assert taken("help", id="1") == "counted", "HELP is heard again"
    dated = {"id": "1", "time": world.now.isoformat()}
    assert [taken("help", **dated), taken("help", **dated)] == ["counted", "again"]
    world.now += dt.timedelta(days=1)
    assert taken("ok", id="1") != "again"


def test_while_an_alarm_is_open_ok_without_the_pin_holds_no_step(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent", due_minutes=60)
    world.fast_forward(minutes=131)
    alarm = Alarm.objects.get(state="OPEN")
    before = (alarm.act_at, alarm.hold_until, alarm.heard_at)
    heard_at = Mission.objects.get(pk=mission.pk).heard_at
    assert taken("ok") == "unverified"
    alarm.refresh_from_db()
    assert (alarm.act_at, alarm.hold_until, alarm.heard_at) == before
    assert Mission.objects.get(pk=mission.pk).heard_at == heard_at
    assert Message.objects.filter(subject="Fox texts to be fine: confirm it").exists()
    proofs.set_pin(pin="4711", on_phone=True, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert taken("ok 4711") == "counted", "by her PIN it is she"
    alarm.refresh_from_db()
    assert alarm.heard_at == world.now


def test_a_phone_that_answers_by_itself_rings_and_is_answered_once_in_ten_minutes(
    world: World,
) -> None:
    give_number(world, "agent")
    world.send_out("agent", due_minutes=5000)
    rung = Message.objects.filter(subject__contains="it is not clear")
    for number in range(3):
        assert taken(f"I am driving and answer later ({number})") == "unverified"
    once = rung.count()
    assert once == rung.values("person_id").distinct().count() > 0
    assert Message.objects.filter(key__startswith="text-answer:").count() == 1
    assert Unmatched.objects.count() == 3, "each is kept all the same"
    assert taken("ok") == "counted"
    assert Message.objects.filter(key__startswith="text-answer:").count() == 2, "that is no loop"
    world.now += dt.timedelta(minutes=10)
    taken("back at 8")
    assert rung.count() == 2 * once
    assert Message.objects.filter(key__startswith="text-answer:").count() == 3


def test_whom_we_know_takes_no_place_of_numbers_that_nobody_knows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "UNVERIFIED_MAX", 2)
    give_number(world, "agent")
    world.send_out("agent")
    for _time in range(3):
        taken("hm")
    assert taken("buy now", **{"from": "+1 555 1234567"}) == "unverified"
