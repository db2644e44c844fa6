"""Texts that come in (SMS, satellite messengers): what a known number says alone counts as if her
phone had said it; all else changes nothing and goes to a person; HELP is never missed."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from pydantic import SecretStr

from homeby import settings
from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import intake
from homeby.missions.models import Extension, Mission, PartyMember, Unmatched
from homeby.people.actions import contacts, proofs
from homeby.people.rules import STATION, ChannelName
from homeby.watch.models import Alarm
from tests.rooms.pages import Pages, text_of
from tests.world import World

SECRET = "shared with the gateway"
NUMBER = "+43 664 1234567"


@pytest.fixture(autouse=True)
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    told = settings.current().model_copy(update={"text_secret": SecretStr(SECRET)})
    monkeypatch.setattr(settings, "current", lambda: told)
    return Pages(world, monkeypatch)


def give_number(world: World, who: str, *, verified: bool = True, number: str = NUMBER) -> None:
    contacts.add_contact(
        person_id=world.people[who],
        channel=ChannelName.SMS,
        address=number,
        verified=verified,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )


def post(text: object, *, secret: str = SECRET, **more: Any) -> tuple[int, dict[str, Any]]:
    fields = {"from": "0043 664 1234567", "text": text, "id": uuid.uuid4().hex} | more
    answer = Client(enforce_csrf_checks=True).post(
        "/texts",
        json.dumps(fields),
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    return answer.status_code, answer.json()


def taken(text: object, **more: Any) -> str:
    status, said = post(text, **more)
    assert status == 200, said
    return str(said["taken"])


def answers() -> list[str]:
    rows = Message.objects.filter(key__startswith="text-answer:").order_by("created_at", "pk")
    return [row.text for row in rows]


def state(mission: Mission) -> str:
    return str(Mission.objects.get(pk=mission.pk).state)


def test_ok_late_and_back_do_what_the_phone_would_do(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    world.now += dt.timedelta(minutes=30)
    assert taken("Ok!") == "counted"
    entry = Entry.objects.get(kind="MISSION_CHECKED_IN")
    assert entry.device.startswith("sms:"), "marked by its channel"
    assert Mission.objects.get(pk=mission.pk).heard_at == world.now
    world.now += dt.timedelta(minutes=1)
    assert taken("late 2h, the river is high") == "counted"
    asked = Extension.objects.get()
    assert mission.due_at is not None
    assert asked.due_at == mission.due_at + dt.timedelta(hours=2)
    assert Mission.objects.get(pk=mission.pk).due_at == mission.due_at, "until somebody agrees"
    world.now += dt.timedelta(minutes=1)
    assert taken("ich bin zurück") == "counted"
    assert state(mission) == "BACK"
    assert PartyMember.objects.get().back_how == "DEVICE"
    said = answers()
    assert said[0].startswith("Noted: fine at")
    assert said[2].startswith("Welcome back, Fox.")
    assert verify().difference is None


def test_help_opens_an_alarm_whatever_stands_around_it(world: World) -> None:
    give_number(world, "agent")
    world.send_out("agent")
    assert taken("xx hHELP leg brkn nr saddle 4711") == "counted"
    alarm = Alarm.objects.get()
    assert (alarm.phase, alarm.state) == ("DISTRESS", "OPEN")
    assert "4711" in str(Entry.objects.get(kind="MISSION_ASKED_FOR_HELP").content.body)


def test_unclear_words_change_nothing_and_whoever_has_the_watch_reads_them(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    heard_at = Mission.objects.get(pk=mission.pk).heard_at
    for text in ("not back", "back at 8", "late", "we are back", "?" * 5000):
        assert taken(text) == "unverified", text
        world.now += dt.timedelta(minutes=10)
    assert state(mission) == "OUT"
    assert Mission.objects.get(pk=mission.pk).heard_at == heard_at
    rows = Unmatched.objects.all()
    assert rows.count() == 5
    assert all(row.person_id == world.people["agent"] for row in rows)
    told = Message.objects.filter(subject__contains="it is not clear")
    assert told.filter(text__contains="back at 8").exists()
    assert answers()[0].startswith("Somebody reads your message")


def test_a_number_of_nobody_or_not_confirmed_changes_nothing_and_help_rings(world: World) -> None:
    give_number(world, "agent", verified=False)
    mission = world.send_out("agent")
    for text in ("back", "ok", "late 2h"):
        assert taken(text) == "unverified"
    assert state(mission) == "OUT"
    assert Unmatched.objects.filter(is_unverified=True, person_id=None).count() == 3
    assert not answers(), "nobody we do not know is answered"
    assert taken("help us") == "unverified"
    assert Message.objects.filter(text__startswith="Somebody unknown asks for HELP").exists()
    before = Message.objects.count()
    taken("help us please", id="2")
    assert Message.objects.count() == before, "one number rings once in ten minutes"
    taken("help", **{"from": "+1 555 1234567"})
    assert Message.objects.count() > before, "and silences no other"


def test_while_an_alarm_is_open_back_is_provisional_and_stops_no_step(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent", due_minutes=60)
    world.fast_forward(minutes=131)
    alarm = Alarm.objects.get(state="OPEN")
    before = (alarm.act_at, alarm.phase)
    assert taken("back") == "unverified"
    alarm.refresh_from_db()
    assert ((alarm.act_at, alarm.phase), alarm.state) == (before, "OPEN")
    assert state(mission) == "OUT"
    assert Message.objects.filter(subject="Fox texts to be back: confirm it").exists()
    assert answers() == [
        "The duty officer reads that you are back, and confirms it. Stay reachable."
    ]
    proofs.set_pin(pin="4711", on_phone=True, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert taken("back 4711") == "counted", "by her PIN it is she"
    assert state(mission) == "BACK"
    alarm.refresh_from_db()
    assert alarm.state == "ENDED"


def test_of_two_with_one_number_the_one_who_is_out(world: World) -> None:
    give_number(world, "agent")
    give_number(world, "mate")
    mission = world.send_out("mate")
    assert taken("back") == "counted"
    assert state(mission) == "BACK"
    both = world.send_out("agent", "mate")
    assert taken("back") == "unverified"
    assert state(both) == "OUT"
    assert "several people" in Unmatched.objects.get().why


def test_the_same_id_twice_is_one_and_a_new_day_is_another(world: World) -> None:
    give_number(world, "agent")
    world.send_out("agent", due_minutes=5000)
    sent = {"id": "7", "time": world.now.isoformat()}
    assert [taken("ok", **sent), taken("ok", **sent)] == ["counted", "again"]
    assert Entry.objects.filter(kind="MISSION_CHECKED_IN").count() == 1
    assert len(answers()) == 1
    assert taken("help", **sent) == "counted", "a gateway that counts anew swallows no HELP"
    world.now += dt.timedelta(days=1)
    assert taken("ok", **sent | {"time": str(int(world.now.timestamp()))}) != "again"


def test_a_late_text_is_of_its_own_time_and_one_without_sense_counts_for_nothing(
    world: World,
) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    world.now += dt.timedelta(minutes=60)
    ago = world.now - dt.timedelta(minutes=40)
    assert taken("ok", time=int(ago.timestamp() * 1000)) == "counted"
    assert Mission.objects.get(pk=mission.pk).heard_at == ago
    for time in ("yesterday", "2026-13-45", "9" * 400, "12:00"):
        assert taken("ok", time=time) == "unverified", time
        assert taken("help", time=time) == "counted", time


def test_whoever_has_her_phone_ask_for_a_pin_is_asked_here(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    agent = world.as_("agent")
    proofs.set_pin(pin="4711", duress="9353", on_phone=True, by=agent, now=world.now, tap=new_tap())
    for text in ("back", "back 1111", "ok"):
        assert taken(text) == "unverified", text
    assert state(mission) == "OUT"
    bodies = str([*Entry.objects.values_list("content__body", flat=True)])
    assert "1111" not in bodies
    assert taken("back 9353") == "counted", "it looks as usual"
    assert Alarm.objects.filter(phase="DISTRESS", state="OPEN").exists()
    assert taken("late 1h") == "unverified", "they look back already"


def test_without_the_secret_or_with_rubbish_nothing_is_read(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    assert post("back", secret="wrong")[0] == 401
    assert post("back", secret="")[0] == 401
    rubbish: tuple[object, ...] = ("", None, [], {}, True)
    for text in rubbish:
        assert post(text)[0] == 422
    assert post("back", **{"from": ""})[0] == 422
    assert post("x" * 70_000)[0] == 413
    headers, kind = {"Authorization": f"Bearer {SECRET}"}, "application/json"
    for body in ("", "[]", "{", "null", "\x00", "[" * 20_000):
        answer = Client().post("/texts", body, content_type=kind, headers=headers)
        assert answer.status_code == 422, body
    assert Client().get("/texts").status_code == 405
    assert state(mission) == "OUT"
    assert not Unmatched.objects.exists()


def test_a_gateway_that_posts_a_form_is_understood(world: World) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    form = "From=%2B436641234567&Body=BACK&MessageSid=SM1"
    kind, headers = "application/x-www-form-urlencoded", {"Authorization": f"Bearer {SECRET}"}
    assert Client().post("/texts", form, content_type=kind, headers=headers).status_code == 200
    assert state(mission) == "BACK"


def test_a_flood_of_strangers_leaves_room_for_help_and_for_whom_we_know(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "UNVERIFIED_MAX", 3)
    give_number(world, "agent")
    mission = world.send_out("agent")
    strange = {"from": "+1 555 1234567"}
    for _time in range(3):
        taken("buy now", **strange)
    assert post("buy now", **strange)[0] == 503
    assert taken("help", **strange) == "unverified"
    assert taken("hm", id="1") == "unverified"
    assert taken("back") == "counted"
    assert state(mission) == "BACK"


def test_the_timeline_says_by_what_it_came(world: World, pages: Pages) -> None:
    give_number(world, "agent")
    mission = world.send_out("agent")
    taken("ok")
    assert "by text message" in text_of(pages.as_("head").get(f"/missions/{mission.pk}/"))
