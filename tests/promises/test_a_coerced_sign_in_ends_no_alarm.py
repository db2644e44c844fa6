"""Promise 3, threat 18 (`RELIABILITY.md` 12): whoever is forced to sign in types her duress PIN. It
looks done to whoever stands beside her, ends no alarm, and those who keep the watch hear of it.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache

from homeby.logbook import queries as logbook
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules.intake import Answer, Taken
from homeby.people.actions import proofs
from homeby.people.rules import STATION, Act, hash_of
from homeby.watch import queries as watch
from homeby.watch.actions import plans
from homeby.watch.models import Alarm
from homeby.watch.rules import (
    AlarmKind,
    AlarmState,
    Anchor,
    DeadlineKind,
    Ending,
    Phase,
    Target,
)
from homeby.web.intake import limits
from homeby.web.intake.proving import prove
from tests.promises.acts import pass_time, stand_down
from tests.promises.apart import keep_away
from tests.rooms.devices import Device, claim, kiosk
from tests.rooms.pages import Pages, text_of
from tests.world import World, step

ACTS = (Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN, Act.HELP)
PIN, DURESS = "4711", "9027"
KEPT_FROM = ("agent", "mate", "flatmate")


@pytest.fixture(autouse=True)
def _nobody_guessed() -> None:
    cache.clear()


@pytest.fixture
def tablet(world: World) -> Device:
    """The kiosk at the gate; Fox and Owl have a PIN and a duress PIN, somebody waits for Fox."""
    for who in ("agent", "mate", "head"):
        by = world.as_(who)
        proofs.set_pin(pin=PIN, duress=DURESS, by=by, now=world.now, tap=new_tap())
    world.give_kin("agent", "flatmate")
    return kiosk(world, acts=ACTS)


def says(tablet: Device, act: Act, pin: str, callsign: str = "Fox", **more: Any) -> Answer:
    """What somebody does at the kiosk."""
    claims = prove((claim(act, pin=pin, callsign=callsign, **more),), hash_of(tablet.key))
    (answer,) = tablet.send(*claims)
    return answer


def telling(world: World, *who: str) -> list[str]:
    """Who of these was told of the duress PIN."""
    return [one for one in who if any("duress" in m.outgoing.text for m in world.phone(one))]


def test_the_duty_officer_and_the_leaders_hear_of_it_and_nobody_else(
    world: World, tablet: Device
) -> None:
    mission = world.send_out("agent", "mate")
    assert says(tablet, Act.SIGN_IN, DURESS).sentence == "Recorded."
    world.fast_forward(minutes=180)
    assert telling(world, "head", "deputy") == ["head", "deputy"]
    first = next(m.outgoing for m in world.phone("head") if "duress" in m.outgoing.text)
    assert "DISTRESS" in first.subject
    assert "Fox signed in with the duress PIN at 09:00, Green gate, Village." in first.text
    assert "do not call or write to their phone first" in first.text
    assert telling(world, *KEPT_FROM, "guard", "outsider") == []
    assert mission.party.get(person_id=world.people["agent"]).state == "BACK"
    alarm = Alarm.objects.get(kind=AlarmKind.DURESS)
    assert (alarm.state, alarm.phase) == (AlarmState.OPEN, Phase.DISTRESS)


def test_an_open_alarm_goes_on_when_the_last_one_signs_in_by_force(
    world: World, tablet: Device
) -> None:
    mission = world.send_out("agent")
    world.fast_forward(minutes=200)
    opened = world.alarm()
    assert world.phone("flatmate"), "kin were told that she is late"
    world.received.clear()
    says(tablet, Act.SIGN_IN, DURESS)
    assert Mission.objects.get(pk=mission.pk).state == "BACK"
    alarm = world.alarm()
    assert (alarm.pk, alarm.kind, alarm.phase) == (opened.pk, AlarmKind.DURESS, Phase.DISTRESS)
    world.look()
    assert telling(world, "head", "deputy", *KEPT_FROM) == ["head", "deputy"]
    assert not any("BACK" in m.outgoing.subject for m in world.phone("head")), "that is not so"
    world.received.clear()
    stand_down(world)
    world.fast_forward(minutes=300)
    assert [m.outgoing.subject for one in KEPT_FROM for m in world.phone(one)] == []
    assert any("Stood down" in m.outgoing.subject for m in world.phone("head"))
    assert verify().difference is None


def test_a_silent_step_tells_nobody_near_her(world: World, tablet: Device) -> None:
    """Also by a plan whose every step names the party and kin, and where she has a role."""
    near = (Target.PARTY, Target.LEADER, Target.KIN)
    steps = tuple(step(Anchor.CALL_OUT, at, *near, Target.DUTY_OFFICER) for at in (0, 5, 10))
    fields = plans.PlanFields(name="All", kind=DeadlineKind.RETURN, steps=steps, is_default=True)
    plans.set_plan(plan_id=None, fields=fields, by=STATION, now=world.now, tap=new_tap())
    world.send_out("head", "agent")
    says(tablet, Act.CHECK_IN, DURESS)
    world.fast_forward(minutes=60)
    assert telling(world, "head", "deputy", "admin", *KEPT_FROM) == ["deputy"]
    assert [m.outgoing.subject for one in KEPT_FROM for m in world.phone(one)] == []


def test_it_ends_by_a_person_of_the_watch_only(world: World, tablet: Device) -> None:
    world.send_out("agent", "mate")
    says(tablet, Act.SIGN_IN, DURESS)
    says(tablet, Act.SIGN_IN, PIN)
    says(tablet, Act.SIGN_IN, PIN, callsign="Owl")
    world.sign_in("agent")
    world.fast_forward(minutes=600)
    alarm = Alarm.objects.get(kind=AlarmKind.DURESS)
    assert alarm.state == AlarmState.OPEN
    stand_down(world)
    alarm.refresh_from_db()
    assert alarm.ending == Ending.STOOD_DOWN
    world.fast_forward(minutes=600)
    assert watch.open_alarms(STATION) == [], "and it does not ask the party again"


def test_guesses_for_nobody_do_not_switch_it_off(world: World, tablet: Device) -> None:
    mission = world.send_out("agent")
    for one in range(limits.TRIES_OF_A_KIOSK):
        prove((claim(Act.SIGN_IN, callsign=f"Nobody {one}", pin="5050"),), hash_of(tablet.key))
    said = [says(tablet, Act.SIGN_IN, pin) for pin in (PIN, "5050")]
    assert not Alarm.objects.exists(), "the right PIN counts as wrong, and tells of nothing"
    said.append(says(tablet, Act.SIGN_IN, DURESS))
    assert len({(one.taken, one.sentence) for one in said}) == 1
    assert said[-1].taken == Taken.UNVERIFIED
    assert Mission.objects.get(pk=mission.pk).state == "OUT"
    kept = Unmatched.objects.values_list("why", "person_id", "kind", "mission_id")
    assert len(set(kept)) == 1
    world.look()
    assert telling(world, "head", "deputy", *KEPT_FROM) == ["head", "deputy"]


@pytest.mark.parametrize("act", [Act.SIGN_OUT, Act.CHECK_IN, Act.SIGN_IN, Act.HELP])
@pytest.mark.parametrize("is_out", [True, False])
def test_the_kiosk_answers_alike(world: World, tablet: Device, act: Act, is_out: bool) -> None:
    for who in ("agent", "mate"):
        mission = world.plan(who)
        if is_out:
            world.sign_out(mission, who)
    entry = claim(act).entry_id
    true = says(tablet, act, PIN, callsign="Owl")
    coerced = says(tablet, act, DURESS, entry_id=entry)
    again = says(tablet, act, DURESS, entry_id=entry)
    assert (coerced.taken, coerced.sentence) == (true.taken, true.sentence)
    assert (again.first, again.sentence) == (true.taken, true.sentence)
    outings = {m.party.get().state for m in Mission.objects.all()}
    assert len(outings) == 1, "it counts as it looks"
    assert Alarm.objects.filter(kind=AlarmKind.DURESS).count() == 1
    world.look()
    assert telling(world, "head", *KEPT_FROM) == ["head"]


def test_party_and_kin_read_what_a_true_sign_in_tells_them(world: World, tablet: Device) -> None:
    world.give_kin("mate", "sister")
    for who in ("agent", "mate"):
        world.send_out(who)
    world.fast_forward(minutes=200)
    world.received.clear()
    says(tablet, Act.SIGN_IN, PIN, callsign="Owl")
    says(tablet, Act.SIGN_IN, DURESS)
    world.fast_forward(minutes=120)
    for coerced, true in (("agent", "mate"), ("flatmate", "sister")):
        texts = [
            [(_bare(m.outgoing.subject), _bare(m.outgoing.text)) for m in world.phone(one)]
            for one in (coerced, true)
        ]
        assert texts[0] == texts[1]
        assert texts[0], "somebody was told, so the test has something to compare"


def _bare(text: str) -> str:
    return re.sub(r"Fox|Owl|A-\d+", "…", text)


def test_no_page_of_the_room_or_of_hers_tells_it(
    world: World, tablet: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages(world, monkeypatch)
    mission = world.send_out("agent", "head")
    says(tablet, Act.SIGN_IN, DURESS)
    says(tablet, Act.CHECK_IN, DURESS, callsign="Head")
    world.look()
    alarm = f"/alarms/{Alarm.objects.get(kind=AlarmKind.DURESS).pk}/"
    page = f"/missions/{mission.pk}/"
    for who, addresses in {
        "agent": ("/my/", "/missions/", page, "/alarms/", "/me/", "/me/pin/"),
        "head": ("/board/", "/alarms/", page, "/siren/", "/office/"),
        "deputy": ("/board/", "/siren/", f"/gate/{world.gate_id}/"),
    }.items():
        browser = pages.as_(who)
        for address in addresses:
            answer = browser.get(address)
            assert answer.status_code == 200, (who, address)
            said = text_of(answer)
            assert "DISTRESS" not in said.upper(), (who, address)
            assert "with the duress" not in said, (who, address)
            assert not re.search(r"Alarms\W+1\b", said), (who, address)
        if who != "deputy":
            assert browser.get(alarm).status_code == 404
    officer = pages.as_("deputy")
    for address in (alarm, "/alarms/", page):
        assert "Fox signed in with the duress PIN" in text_of(officer.get(address)), address


def test_entries_of_it_are_on_no_list(world: World, tablet: Device) -> None:
    world.send_out("agent")
    says(tablet, Act.SIGN_IN, DURESS)
    for who in ("agent", "head", "deputy", "admin"):
        lines = logbook.after_number(world.as_(who), number=0, limit=1000)
        assert not [line for line in lines if line.subject.startswith("duress:")], who
    lines = logbook.after_number(STATION, number=0, limit=1000)
    assert [line for line in lines if line.subject.startswith("duress:")]


def test_it_is_told_also_where_nothing_is_out(world: World, tablet: Device) -> None:
    says(tablet, Act.SIGN_IN, DURESS)
    world.look()
    assert telling(world, "head", "agent") == ["head"]


def test_told_at_once_for_a_queue_that_was_kept(world: World, tablet: Device) -> None:
    world.send_out("agent")
    at = world.now
    world.fast_forward(minutes=60)
    says(tablet, Act.CHECK_IN, DURESS, happened_at=at)
    world.look()
    (heard,) = [m for m in world.phone("head") if "duress" in m.outgoing.text]
    assert "checked in with the duress PIN at 09:00" in heard.outgoing.text
    assert heard.at == world.now


def test_nobody_is_rung_who_is_kept_away_from_her_however_long_it_lasts(
    world: World, tablet: Device
) -> None:
    keep_away(world, "agent", "head")
    world.send_out("agent", due_minutes=600)
    says(tablet, Act.SIGN_IN, DURESS)
    pass_time(world, minutes=300)
    rounds = [one for one in world.phone("deputy") if "Fox" in one.outgoing.text]
    assert len(rounds) > 3, "nobody takes it"
    assert not world.phone("head"), "he may be the one who forces her"
