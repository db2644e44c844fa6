"""The kiosk without its browser: sealed entries, PINs and badges, the calls that its key opens."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.cache import cache

from homeby.logbook.models import EntryBody
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules.intake import Answer, Claim, Taken
from homeby.people.actions import proofs
from homeby.people.actions.devices import new_key, take_key
from homeby.people.rules import Act, PinFits, hash_of
from homeby.watch.models import Alarm
from homeby.web.intake import limits, sealed
from homeby.web.intake.proving import prove
from homeby.web.intake.reading import Wrong, read
from tests.rooms.devices import Device, claim, kiosk, phone_of, send
from tests.rooms.pages import Pages, source_of, text_of
from tests.world import World

ACTS = (Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN, Act.HELP)
NOT_YET = "It does not count yet: callsign and PIN, or the card, do not fit. Ask the gate keeper."


def seal(entry: dict[str, Any], *, entry_id: str, to: str = "") -> dict[str, str]:
    """As a tablet seals; `kiosk-seal.js` is judged against the station in the browser."""
    point = base64.urlsafe_b64decode((to or sealed.public_key()) + "=")
    fresh = ec.generate_private_key(ec.SECP256R1())
    ours = fresh.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    info = sealed.LABEL + ours + point
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info)
    nonce, text = os.urandom(12), json.dumps(entry).encode()
    aes = AESGCM(key.derive(fresh.exchange(ec.ECDH(), theirs)))
    blob = ours + nonce + aes.encrypt(nonce, text, entry_id.encode())
    return {"id": entry_id, "sealed": base64.urlsafe_b64encode(blob).decode().rstrip("=")}


def one_of(world: World, entry: dict[str, Any]) -> Claim | Wrong:
    """What the intake reads of one entry."""
    (found,) = read(json.dumps({"entries": [entry]}).encode(), now=world.now)
    return found


def says(tablet: Device, act: Act, **more: Any) -> Answer:
    """One entry at the kiosk, with what was shown judged first."""
    claims = prove((claim(act, **more),), hash_of(tablet.key))
    (answer,) = tablet.send(*claims)
    return answer


def state_of(mission: Mission) -> str:
    return str(Mission.objects.get(pk=mission.pk).state)


def has_pin(world: World, who: str, pin: str = "4711") -> None:
    proofs.set_pin(pin=pin, by=world.as_(who), now=world.now, tap=new_tap())


def badge(world: World, who: str, code: str = "04A2B8") -> uuid.UUID:
    tap = new_tap()
    person_id, by = world.people[who], world.as_("admin")
    proofs.add_badge(
        person_id=person_id, name="blue card", code=code, by=by, now=world.now, tap=tap
    )
    return tap.entry_id


@pytest.fixture(autouse=True)
def _nobody_guessed() -> None:
    cache.clear()


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_a_sealed_entry_is_read_as_an_open_one(world: World) -> None:
    entry_id = str(uuid.uuid4())
    entry = {"act": "sign_in", "callsign": "Fox", "pin": "4711"}
    found = one_of(world, seal(entry, entry_id=entry_id))
    assert isinstance(found, Claim)
    assert (str(found.entry_id), found.act, found.callsign) == (entry_id, Act.SIGN_IN, "Fox")
    assert "4711" not in repr(found)


def test_a_sealed_entry_counts_once_however_often_it_comes(world: World) -> None:
    world.plan("agent")
    tablet, entry_id = kiosk(world, acts=ACTS), str(uuid.uuid4())
    has_pin(world, "agent")
    kept_at = (world.now - dt.timedelta(minutes=50)).isoformat()
    entry = {"act": "sign_out", "callsign": "Fox", "pin": "4711", "happened_at": kept_at}
    said = []
    for _ in range(3):
        found = one_of(world, seal(entry, entry_id=entry_id))
        assert isinstance(found, Claim)
        said += tablet.send(*prove((found,), hash_of(tablet.key)))
    assert [(one.taken, one.first) for one in said] == [
        (Taken.COUNTED, None),
        (Taken.AGAIN, Taken.COUNTED),
        (Taken.AGAIN, Taken.COUNTED),
    ]
    assert Mission.objects.get().out_at == world.now - dt.timedelta(minutes=50)


def test_what_nobody_can_open_gets_a_sentence(world: World) -> None:
    entry_id, entry = str(uuid.uuid4()), {"act": "sign_in", "callsign": "Fox"}
    good = seal(entry, entry_id=entry_id)
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    foreign = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    bad: list[dict[str, Any]] = [
        good | {"id": str(uuid.uuid4())},
        good | {"sealed": good["sealed"][:-9]},
        good | {"sealed": "A" * 9000},
        good | {"sealed": "ä"},
        good | {"sealed": None},
        seal(entry, entry_id=entry_id, to=foreign),
    ]
    for one in bad:
        found = one_of(world, one)
        assert isinstance(found, Wrong), one
        assert found.sentence.startswith("Nobody can open this"), one


def test_whoever_has_a_pin_is_back_with_it_only(world: World) -> None:
    mission, tablet = world.send_out("agent"), kiosk(world, acts=ACTS)
    has_pin(world, "agent")
    assert says(tablet, Act.SIGN_IN, callsign="Fox").sentence == "Recorded."
    wrong = says(tablet, Act.SIGN_IN, callsign="Fox", pin="4712")
    assert (wrong.taken, wrong.sentence) == (Taken.UNVERIFIED, NOT_YET)
    assert state_of(mission) == "OUT"
    kept = sorted(Unmatched.objects.values_list("why", flat=True))
    assert kept == [
        "Fox has a PIN, and it was not typed.",
        "The PIN that was typed for Fox is not theirs.",
    ]
    assert says(tablet, Act.SIGN_IN, callsign="fox", pin="4711").taken == Taken.COUNTED
    assert state_of(mission) == "BACK"


@pytest.mark.parametrize("callsign", ["Fox", "Owl", "Nobody at all"])
def test_a_wrong_pin_tells_nobody_who_exists(world: World, callsign: str) -> None:
    world.send_out("agent")
    tablet = kiosk(world, acts=ACTS)
    has_pin(world, "agent")
    for act in (Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN):
        said = says(tablet, act, callsign=callsign, pin="9999")
        assert (said.taken, said.sentence) == (Taken.UNVERIFIED, NOT_YET)


def test_guessing_ends_after_five(world: World) -> None:
    mission, tablet = world.send_out("agent"), kiosk(world, acts=ACTS)
    has_pin(world, "agent")
    for pin in range(9000, 9000 + limits.TRIES):
        says(tablet, Act.SIGN_IN, callsign="Fox", pin=str(pin))
    assert says(tablet, Act.SIGN_IN, callsign="FOX", pin="4711").taken == Taken.UNVERIFIED
    assert state_of(mission) == "OUT"
    assert Unmatched.objects.count() == limits.TRIES + 1, "the way home is open: all is kept"


def test_help_needs_no_proof(world: World) -> None:
    world.send_out("agent")
    has_pin(world, "agent")
    says(kiosk(world, acts=ACTS), Act.HELP, callsign="Fox", pin="0000")
    assert Alarm.objects.get().phase == "DISTRESS"


def test_a_badge_says_who_it_is_until_it_is_removed(world: World) -> None:
    mission, tablet = world.plan("agent"), kiosk(world, acts=ACTS)
    has_pin(world, "agent")
    key = badge(world, "agent")
    assert says(tablet, Act.SIGN_OUT, code="04A2B8").taken == Taken.COUNTED
    assert says(tablet, Act.SIGN_IN, code="04a2b8").sentence == NOT_YET
    assert state_of(mission) == "OUT"
    proofs.remove_badge(badge_id=key, by=world.as_("guard"), now=world.now, tap=new_tap())
    assert says(tablet, Act.SIGN_IN, code="04A2B8").taken == Taken.UNVERIFIED
    assert "The card that was read is nobody's." in Unmatched.objects.values_list("why", flat=True)
    assert state_of(mission) == "OUT"


def test_a_phone_cannot_use_a_badge(world: World) -> None:
    mission = world.send_out("mate")
    badge(world, "mate")
    says(phone_of(world, "agent"), Act.SIGN_IN, code="04A2B8")
    assert state_of(mission) == "OUT"


def test_neither_pin_nor_badge_stands_in_the_logbook(world: World) -> None:
    has_pin(world, "agent", "847362")
    badge(world, "agent", "BADGE-847362")
    said = json.dumps(list(EntryBody.objects.values_list("body", flat=True)), default=str)
    assert "847362" not in said
    assert "pin_hash" not in said


@pytest.mark.parametrize("pin", ["123", "123456789", "0000", "1234", "9876", "12a4", "", "١٢٣٥"])
def test_a_pin_that_anybody_tries_is_refused(world: World, pin: str) -> None:
    with pytest.raises(Refused):
        has_pin(world, "agent", pin)


def test_a_sign_out_that_cannot_be_goes_to_a_person(world: World) -> None:
    """Nobody stands there any more to read why not, when a tablet sends what it had kept."""
    world.send_out("agent")
    world.plan("agent")
    said = says(kiosk(world, acts=ACTS), Act.SIGN_OUT, callsign="Fox")
    assert (said.taken, said.sentence) == (Taken.UNVERIFIED, "Ask the gate keeper.")
    kept = Unmatched.objects.get()
    assert (kept.kind, kept.person_id) == ("MISSION_SIGNED_OUT", world.people["agent"])
    assert "still out" in kept.why


def test_a_kiosk_takes_a_key_of_its_own_once(world: World) -> None:
    tablet, own = kiosk(world, acts=ACTS), new_key()
    hashes_of: dict[str, Any] = {"key_hash": hash_of(tablet.key), "now": world.now}
    take_key(own_hash=hash_of(own), **hashes_of, tap=new_tap())
    with pytest.raises(Refused):
        take_key(own_hash=hash_of(new_key()), **hashes_of, tap=new_tap())
    (old,) = send(world, tablet.key, claim(Act.SIGN_IN, callsign="Fox"))
    assert old.taken == Taken.UNVERIFIED
    (new,) = send(world, own, claim(Act.SIGN_IN, callsign="Fox"))
    assert new.taken == Taken.COUNTED


def test_the_calls_of_a_kiosk_name_nobody(world: World, pages: Pages) -> None:
    world.send_out("agent")
    tablet, browser = kiosk(world, acts=ACTS), pages.as_("admin")
    page = browser.get("/kiosk/")
    assert page.status_code == 200
    assert "Fox" not in source_of(page)
    bearer = {"Authorization": f"Bearer {tablet.key}"}
    own, kind = new_key(), "application/json"
    sent = json.dumps({"key_hash": hash_of(own)})
    bad = browser.post("/kiosk/key", "[]", content_type=kind, headers=bearer)
    assert bad.status_code == 400
    taken = browser.post("/kiosk/key", sent, content_type=kind, headers=bearer)
    assert taken.status_code == 200, text_of(taken)
    assert browser.get("/me/").status_code == 302, "whoever opened the link there is logged out"
    assert browser.get("/kiosk/state", headers=bearer).status_code == 401
    shown = browser.get("/kiosk/state", headers={"Authorization": f"Bearer {own}"})
    found = shown.json()
    assert (found["gate"], found["site"]) == ("Green gate", "Village")
    assert set(found) == {"gate", "site", "zone", "now", "speed", "watching", "acts", "seal"}
    assert "Fox" not in json.dumps(found)
    phone = phone_of(world, "agent")
    refused = browser.get("/kiosk/state", headers={"Authorization": f"Bearer {phone.key}"})
    assert refused.status_code == 401


def test_a_person_sets_her_pin_and_an_administrator_gives_her_a_badge(
    world: World, pages: Pages
) -> None:
    agent, person_id = pages.as_("agent"), world.people["agent"]
    same = {"pin": "4711", "once_more": "4712"}
    assert "not the same" in text_of(agent.post("/me/pin/", same))
    said = agent.post("/me/pin/", {"pin": "4711", "once_more": "4711"}, follow=True)
    assert "The PIN is set" in text_of(said)
    assert proofs.judge("4711", person_id=person_id) == PinFits.YES
    admin, address = pages.as_("admin"), f"/office/people/{person_id}/badges/"
    form = {"name": "blue card", "code": "04A2B8"}
    assert "blue card" in text_of(admin.post(address, form, follow=True))
    again = form | {"entry_id": str(uuid.uuid4())}
    assert "somebody's already" in text_of(admin.post(address, again))
    guard = pages.as_("guard")
    seen = text_of(guard.get(address))
    assert "blue card" in seen
    assert "Add a badge" not in seen
    assert "They have a PIN" not in seen
    act = {"act": "remove", "back": "/me/"}
    assert "needs the role" in text_of(
        guard.post(f"/office/act/pins/{person_id}/", act, follow=True)
    )
    admin.post(f"/office/act/pins/{person_id}/", act)
    assert proofs.judge("4711", person_id=person_id) == PinFits.NO
