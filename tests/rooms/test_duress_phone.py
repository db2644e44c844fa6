"""A phone that asks for its PIN: without it nobody is back or fine by it, and the duress PIN is
answered as the right one."""

from __future__ import annotations

import json
import uuid

import pytest
from django.core.cache import cache

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules.intake import Answer, Claim, Proof, Taken
from homeby.people.actions import proofs
from homeby.people.rules import Act, PinFits, hash_of
from homeby.watch.models import Alarm, Duress
from homeby.watch.rules import AlarmKind
from homeby.web.intake import limits
from homeby.web.intake.proving import prove
from homeby.web.intake.reading import read
from tests.rooms.devices import Device, claim, phone_of
from tests.rooms.pages import Pages
from tests.rooms.test_kiosk import seal
from tests.world import World

PIN, DURESS = "4711", "9027"
NOT_YET = "It does not count yet: the PIN does not fit, or was not typed. Say it once more."


@pytest.fixture(autouse=True)
def _nobody_guessed() -> None:
    cache.clear()


def asks(world: World, who: str = "agent", *, on_phone: bool = True) -> None:
    """From now on somebody's phone asks for her PIN."""
    by, tap = world.as_(who), new_tap()
    proofs.set_pin(pin=PIN, duress=DURESS, on_phone=on_phone, by=by, now=world.now, tap=tap)


def says(phone: Device, act: Act, mission: Mission, pin: str = "") -> Answer:
    """One entry of a phone, with what was typed judged first."""
    claims = prove((claim(act, mission_id=mission.pk, pin=pin),), hash_of(phone.key))
    (answer,) = phone.send(*claims)
    return answer


def state_of(mission: Mission) -> str:
    return str(Mission.objects.get(pk=mission.pk).state)


@pytest.mark.parametrize("pin", ["", "4712"])
def test_without_the_pin_a_person_looks_first(world: World, pin: str) -> None:
    asks(world)
    mission, phone = world.send_out("agent", due_minutes=600), phone_of(world, "agent")
    world.fast_forward(minutes=30)
    heard_at = Mission.objects.get().heard_at
    for act in (Act.CHECK_IN, Act.SIGN_IN):
        said = says(phone, act, mission, pin)
        assert (said.taken, said.sentence) == (Taken.UNVERIFIED, NOT_YET)
    assert state_of(mission) == "OUT"
    assert Mission.objects.get().heard_at == heard_at
    whys = {one.why for one in Unmatched.objects.all()}
    wrong, none = (
        "The PIN that was typed for Fox is not theirs.",
        "Fox has a PIN, and it was not typed.",
    )
    assert whys == {wrong if pin else none}
    assert says(phone, Act.CHECK_IN, mission, PIN).taken == Taken.COUNTED
    assert says(phone, Act.SIGN_IN, mission, PIN).taken == Taken.COUNTED
    assert state_of(mission) == "BACK"


def test_help_and_more_time_and_leaving_ask_for_none(world: World) -> None:
    asks(world)
    mission, phone = world.plan("agent"), phone_of(world, "agent")
    assert says(phone, Act.SIGN_OUT, mission).taken == Taken.COUNTED
    assert says(phone, Act.HELP, mission).taken == Taken.COUNTED
    assert Alarm.objects.get().kind == AlarmKind.HELP


def test_a_phone_that_does_not_ask_counts_as_before(world: World) -> None:
    asks(world, on_phone=False)
    mission, phone = world.send_out("agent"), phone_of(world, "agent")
    assert says(phone, Act.CHECK_IN, mission).taken == Taken.COUNTED
    assert says(phone, Act.SIGN_IN, mission).taken == Taken.COUNTED


@pytest.mark.parametrize("act", [Act.CHECK_IN, Act.SIGN_IN])
def test_the_phone_is_answered_alike_and_the_watch_hears(world: World, act: Act) -> None:
    answers = []
    for who, pin in (("mate", PIN), ("agent", DURESS)):
        asks(world, who)
        mission = world.send_out(who)
        said = says(phone_of(world, who), act, mission, pin)
        answers.append((said.taken, said.sentence.replace(world.callsign(who), "…")))
        assert state_of(mission) == ("BACK" if act is Act.SIGN_IN else "OUT")
    assert answers[0] == answers[1]
    assert Alarm.objects.get().kind == AlarmKind.DURESS
    world.look()
    (told,) = [m for m in world.phone("head") if "duress" in m.outgoing.text]
    assert "with the duress PIN at 09:00, on their own phone." in told.outgoing.text
    assert not [m for m in world.phone("agent") if "duress" in m.outgoing.text]


def test_guessing_on_a_phone_ends_after_five(world: World) -> None:
    asks(world)
    mission, phone = world.send_out("agent"), phone_of(world, "agent")
    for pin in range(5000, 5000 + limits.TRIES):
        says(phone, Act.SIGN_IN, mission, str(pin))
    assert says(phone, Act.SIGN_IN, mission, PIN).taken == Taken.UNVERIFIED
    assert state_of(mission) == "OUT"
    assert not Alarm.objects.exists()


@pytest.mark.parametrize("act", [Act.CHECK_IN, Act.SIGN_IN])
def test_wrong_tries_do_not_switch_the_duress_pin_off(world: World, act: Act) -> None:
    asks(world)
    mission, phone = world.send_out("agent", due_minutes=600), phone_of(world, "agent")
    for pin in range(5000, 5000 + limits.TRIES):
        says(phone, act, mission, str(pin))
    wrong, forced = says(phone, act, mission, "4999"), says(phone, act, mission, DURESS)
    assert (forced.taken, forced.sentence) == (wrong.taken, wrong.sentence)
    assert (forced.taken, forced.sentence) == (Taken.UNVERIFIED, NOT_YET)
    assert state_of(mission) == "OUT"
    assert len(set(Unmatched.objects.values_list("why", flat=True))) == 1
    assert Alarm.objects.get().kind == AlarmKind.DURESS
    assert Duress.objects.get().person_id == world.people["agent"]
    world.look()
    assert [m for m in world.phone("head") if "duress" in m.outgoing.text]
    assert not [m for m in world.phone("agent") if "duress" in m.outgoing.text]


def test_what_is_typed_in_the_pause_costs_alike_and_not_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(world)
    key, true = hash_of(phone_of(world, "agent").key), proofs.judge
    judged: list[str] = []

    def noted(pin: str, *, person_id: uuid.UUID | None) -> PinFits:
        judged.append(pin)
        return true(pin, person_id=person_id)

    monkeypatch.setattr(proofs, "judge", noted)
    for pin in range(5000, 5000 + limits.TRIES):
        prove((claim(Act.SIGN_IN, pin=str(pin)),), key)
    judged.clear()
    typed = [PIN, DURESS, "4999"] * (limits.LOOKS_A_MINUTE // 3) + [DURESS]
    found = [prove((claim(Act.SIGN_IN, pin=pin),), key)[0] for pin in typed]
    assert judged == typed[:-1], "each is judged, until so many came in a minute"
    assert {one.proof for one in found} == {Proof.WRONG}
    assert {pin for pin, one in zip(typed, found, strict=True) if one.forced} == {DURESS}
    assert found[-1].forced is None


def test_a_sealed_word_of_a_phone_is_opened_and_its_page_says_to_whom(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks(world)
    mission, phone = world.send_out("agent"), phone_of(world, "agent")
    page = Pages(world, monkeypatch).as_("agent").get("/my/")
    data = page.context["data"]
    assert data["asks_pin"] is True
    entry = {"act": "sign_in", "mission": str(mission.pk), "pin": DURESS}
    sent = seal(entry, entry_id=str(uuid.uuid4()), to=data["seal"])
    (found,) = read(json.dumps({"entries": [sent]}).encode(), now=world.now)
    assert isinstance(found, Claim)
    (answer,) = phone.send(*prove((found,), hash_of(phone.key)))
    assert answer.taken == Taken.COUNTED
    outside = sent | {"sequence": 3, "since_ms": 5, "signature": "A" * 86}
    (found,) = read(json.dumps({"entries": [outside]}).encode(), now=world.now)
    assert isinstance(found, Claim)
    assert found.signed is not None
    signed = {"act": "sign_in", "id": sent["id"], "mission": str(mission.pk), "sequence": 3}
    assert json.loads(found.signed.text) == signed, "no PIN is in what is signed"
    assert Alarm.objects.get().kind == AlarmKind.DURESS


def test_a_phone_that_said_at_which_gate_it_is_tells_the_place(world: World) -> None:
    asks(world)
    mission, phone = world.send_out("agent", due_minutes=600), phone_of(world, "agent")
    for gate_id in (world.gate_id, uuid.uuid4()):
        one = claim(Act.CHECK_IN, mission_id=mission.pk, pin=DURESS, gate_id=gate_id)
        phone.send(*prove((one,), hash_of(phone.key)))
        world.fast_forward(minutes=1)
    known, unknown = list(Duress.objects.order_by("noted_at"))
    assert known.place.startswith("Green gate, ")
    assert unknown.place == "", "what is no gate of ours is no place"
