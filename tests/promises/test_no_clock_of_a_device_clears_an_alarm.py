"""P16: what a device says of the past annotates and may close a missed check-in; no clock of a
device ends an alarm or moves an expected return."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from homeby.logbook.models import Entry
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules import PlanTimes
from homeby.missions.rules.intake import Taken
from homeby.people.models import Organisation
from homeby.people.rules import Act
from homeby.watch.models import Alarm, Deadline
from homeby.web.intake.reading import Wrong, read
from tests.rooms.devices import Device, claim, phone_of, send
from tests.rooms.pages import Pages, text_of
from tests.world import World

MINUTE = dt.timedelta(minutes=1)


def _out(world: World, *, due: int = 300, check_ins: int | None = 60) -> tuple[Mission, Device]:
    times = PlanTimes(due_at=world.now + due * MINUTE, check_in_minutes=check_ins)
    return world.send_out("agent", times=times), phone_of(world, "agent")


def _written(world: World, phone: Device, at: str, act: str = "check_in", sent: str = "") -> Taken:
    """One entry as the device writes it, with its clock's time, read as the door reads it."""
    (mission,) = Mission.objects.all()
    entry = {
        "id": "11111111-2222-4333-8444-555555555555",
        "act": act,
        "mission": str(mission.pk),
        "happened_at": at,
    }
    body = json.dumps({"entries": [entry]} | ({"sent_at": sent} if sent else {}))
    (found,) = read(body.encode(), now=world.now)
    assert not isinstance(found, Wrong), found
    (answer,) = send(world, phone.key, found)
    return answer.taken


def _body(kind: str) -> dict[str, object]:
    (entry,) = Entry.objects.filter(kind=kind).select_related("content")
    assert entry.content.body is not None
    return dict(json.loads(entry.content.body))


def test_a_time_to_come_is_bounded_and_kept_as_it_was_said(world: World) -> None:
    mission, phone = _out(world)
    world.now += 10 * MINUTE
    claimed = world.now + 3 * MINUTE
    phone.say(Act.CHECK_IN, mission_id=mission.pk, happened_at=claimed, claimed_at=claimed)
    mission.refresh_from_db()
    assert mission.heard_at == world.now
    body = _body("MISSION_CHECKED_IN")
    assert body["claimed_happened_at"] == claimed.isoformat()


def test_a_late_check_in_closes_the_missed_one_and_nothing_else(world: World) -> None:
    mission, phone = _out(world)
    due = (mission.due_at, mission.call_out_at)
    world.fast_forward(minutes=62)
    alarm = Alarm.objects.get(state="OPEN")
    said = phone.say(Act.CHECK_IN, mission_id=mission.pk, happened_at=world.now - 20 * MINUTE)
    assert said.taken == Taken.COUNTED
    alarm.refresh_from_db()
    mission.refresh_from_db()
    assert alarm.state == "OPEN", "only a person ends it"
    assert alarm.heard_at == world.now - 20 * MINUTE
    assert (mission.due_at, mission.call_out_at) == due
    times = Deadline.objects.filter(kind="RETURN", state="OPEN").values_list("due_at", flat=True)
    assert list(times) == [due[0]]


@pytest.mark.parametrize("clock", ["1901-01-01T00:00:00Z", "2026-11-19T08:00:00Z"])
def test_a_clock_in_the_past_closes_no_alarm(world: World, clock: str) -> None:
    mission, phone = _out(world, due=30)
    world.fast_forward(minutes=31)
    assert Alarm.objects.filter(state="OPEN").count() == 1
    heard_at = Mission.objects.get().heard_at
    assert _written(world, phone, clock) == Taken.COUNTED, "recorded, as a note of the past"
    assert Mission.objects.get().heard_at == heard_at
    said = phone.say(Act.SIGN_IN, happened_at=dt.datetime.fromisoformat(clock))
    assert said.taken == Taken.UNVERIFIED, "it is of an earlier outing, or the clock is wrong"
    assert Alarm.objects.get().state == "OPEN"
    assert Mission.objects.get(pk=mission.pk).state == "OUT"
    assert Unmatched.objects.get().kind == "MISSION_SIGNED_IN"


@pytest.mark.parametrize("days", [-3, 3])
def test_a_clock_that_is_three_days_wrong_is_put_right(world: World, days: int) -> None:
    mission, phone = _out(world)
    world.now += 50 * MINUTE
    wrong = dt.timedelta(days=days)
    at, sent = world.now - 10 * MINUTE + wrong, world.now + wrong
    assert _written(world, phone, at.isoformat(), sent=sent.isoformat()) == Taken.COUNTED
    mission.refresh_from_db()
    assert mission.heard_at == world.now - 10 * MINUTE
    assert _body("MISSION_CHECKED_IN")["claimed_happened_at"] == at.isoformat()


@pytest.mark.parametrize("clock", ["1901-01-01T00:00:00Z", "2031-01-01T00:00:00Z"])
def test_help_is_help_whatever_the_clock_says(world: World, clock: str) -> None:
    _mission, phone = _out(world)
    assert _written(world, phone, clock, act="help") == Taken.COUNTED
    assert Alarm.objects.get().phase == "DISTRESS"


def test_a_sign_in_that_was_kept_on_the_device_counts_for_its_own_outing(world: World) -> None:
    mission, phone = _out(world, check_ins=None)
    world.now += 100 * MINUTE
    at = world.now - 30 * MINUTE
    assert phone.say(Act.SIGN_IN, happened_at=at).taken == Taken.COUNTED
    mission.refresh_from_db()
    assert (mission.state, mission.back_at) == ("BACK", at)


def test_a_clock_before_all_clocks_stops_no_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first hour of the year 1 lies in no year at all, seen from west of Greenwich."""
    Organisation.objects.update(zone="America/New_York")
    for clock in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        at = dt.datetime.fromisoformat(clock)
        send(world, "", claim(Act.SIGN_IN, callsign="Fox", happened_at=at, claimed_at=at))
    head = Pages(world, monkeypatch).as_("head")
    page = text_of(head.get("/office/list/unmatched/"))
    assert "31 Dec 1969" in page, "where it is still evening"
    kept = Entry.objects.filter(kind="ENTRY_UNMATCHED").order_by("happened_at").first()
    assert kept is not None
    assert kept.content.body is not None
    assert json.loads(kept.content.body)["claimed_happened_at"].startswith("0001-01-01T00:00:00")
