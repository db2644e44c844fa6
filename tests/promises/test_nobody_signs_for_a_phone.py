"""Threat 9: what a phone said bears its own signature, which no holder of the database can make."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from homeby import settings
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap, new_tap
from homeby.logbook.signed import text_of
from homeby.logbook.verification import verify
from homeby.missions import rules
from homeby.missions.models import Mission
from homeby.missions.queries.signed import Signatures, signatures
from homeby.missions.rules.intake import Claim, Taken
from homeby.people.actions.devices import DeviceFields, add_device, new_key
from homeby.people.rules import Act, DeviceKind, hash_of
from homeby.station import verifying
from homeby.web.intake.reading import read
from tests.rooms.devices import phone_of, send
from tests.world import World


def base64url(raw: bytes) -> str:
    """As browsers write it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def public_half(pair: ec.EllipticCurvePrivateKey) -> str:
    """What a phone brings of its key."""
    kinds = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    return base64url(pair.public_key().public_bytes(*kinds))


def signature_of(said: dict[str, Any], pair: ec.EllipticCurvePrivateKey) -> str:
    """As WebCrypto makes it: both numbers, one after the other."""
    made = pair.sign(text_of(said).encode(), ec.ECDSA(hashes.SHA256()))
    first, second = decode_dss_signature(made)
    return base64url(first.to_bytes(32, "big") + second.to_bytes(32, "big"))


@dataclass
class Signing:
    """A phone with a key that signs."""

    world: World
    who: str
    pair: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    key: str = field(default_factory=new_key)
    tap: Tap = field(default_factory=new_tap)
    count: int = 0

    def __post_init__(self) -> None:
        fields = DeviceFields(
            kind=DeviceKind.PHONE,
            name="Pocket",
            acts=tuple(Act),
            person_id=self.world.people[self.who],
            sign_key=public_half(self.pair),
        )
        by = self.world.as_(self.who)
        add_device(
            fields=fields, key_hash=hash_of(self.key), by=by, now=self.world.now, tap=self.tap
        )

    def said(self, act: str, **more: Any) -> dict[str, Any]:
        """An entry as it lies on the phone."""
        self.count += 1
        at = self.world.now.isoformat().replace("+00:00", "Z")
        return {
            "id": str(uuid.uuid4()),
            "act": act,
            "happened_at": at,
            "sequence": self.count,
        } | more

    def claims(self, *said: dict[str, Any], **outside: Any) -> list[Claim]:
        """What the station reads of them, signed."""
        whole = [{**one, "signature": signature_of(one, self.pair), **outside} for one in said]
        found = read(json.dumps({"entries": whole}).encode(), now=self.world.now)
        claims = [one for one in found if isinstance(one, Claim)]
        assert len(claims) == len(said), found
        return claims

    def say(self, act: str, **more: Any) -> Taken:
        """Send one."""
        (answer,) = send(self.world, self.key, *self.claims(self.said(act, **more)))
        return answer.taken


def is_well(found: Signatures, *, signed: int) -> bool:
    """Whether all are signed, and so many."""
    return (found.signed, found.wrong, found.missing) == (signed, [], [])


def test_all_that_a_phone_says_is_signed_and_verified(world: World) -> None:
    mission = world.plan("agent", "mate")
    phone, other = Signing(world, "agent"), phone_of(world, "mate")
    out = {"mission": str(mission.pk)}
    party = [str(world.people[one]) for one in ("agent", "mate")]
    assert phone.say("sign_out", people=party, **out) == Taken.COUNTED
    later = (world.now + dt.timedelta(hours=9)).isoformat()
    assert (
        phone.say("check_in", note="All \u201cfine\u201d, 3 \u00b5m\u2028snow", **out)
        == Taken.COUNTED
    )
    assert phone.say("more_time", due_at=later, **out) == Taken.COUNTED
    assert phone.say("help", note="A leg", since_ms=7, pin="1234", **out) == Taken.COUNTED
    assert phone.say("sign_in", **out) == Taken.COUNTED
    assert phone.say("check_in", mission=str(uuid.uuid4())) == Taken.UNVERIFIED
    other.say(Act.CHECK_IN)
    found = signatures()
    assert is_well(found, signed=found.signed)
    assert found.signed >= 5
    assert found.other >= 1
    assert verify().difference is None


def test_what_is_made_up_or_changed_in_its_name_is_found(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    mission = world.send_out("agent")
    phone = Signing(world, "agent")
    ref, label = f"mission:{mission.pk}", f"phone:{phone.tap.entry_id}"
    kept = phone.said("check_in", mission=str(mission.pk))
    send(world, phone.key, *phone.claims(kept))
    assert is_well(signatures(), signed=1)
    (real,) = phone.claims(kept)
    assert real.signed is not None

    def make_up(**more: Any) -> int:
        """By the Book itself, as somebody with the database and the program can."""
        tap = Tap(**{"entry_id": uuid.uuid4(), "device": label, "happened_at": world.now, **more})
        with logbook.writing(now=world.now, by=phone.world.people["agent"]) as book:
            page = book.entry(rules.MISSION_CHECKED_IN, subject=ref, tap=tap)
        return page.entry.number

    then = world.now
    world.fast_forward(minutes=5)
    unsigned = make_up()
    by_another = Signing(world, "mate")
    (false,) = by_another.claims(kept)
    wrong = [make_up(signed=real.signed, happened_at=then)]  # of another moment, and all else fits
    wrong += [make_up(signed=one) for one in (real.signed, false.signed)]
    found = signatures()
    assert (found.signed, found.missing, found.wrong) == (1, [unsigned], wrong)
    assert verify().difference is None  # the logbook itself cannot tell
    own = settings.current()
    assert verifying.run(settings=own, against="", as_json=False, say=lambda _said: None) == 0
    told = capsys.readouterr().out
    assert f"not signed: {unsigned}." in told
    assert f"as it stands here: {', '.join(map(str, wrong))}." in told


@pytest.mark.parametrize("sent", ["", "x" * 86, "A" * 85, 7, None, ["A"], "é" * 86])
def test_what_is_no_signature_refuses_nothing(world: World, sent: Any) -> None:
    world.send_out("agent")
    phone = Signing(world, "agent")
    mission = str(Mission.objects.get().pk)
    claims = phone.claims(phone.said("check_in", mission=mission), signature=sent)
    assert [one.taken for one in send(world, phone.key, *claims)] == [Taken.COUNTED]
    found = signatures()
    assert found.signed == 0
    assert len(found.missing + found.wrong) == 1


def test_no_pin_is_in_what_is_signed_and_only_such_a_key_signs(world: World) -> None:
    said = {"id": "1", "pin": "1234", "code": "5", "since_ms": 1, "act": "sign_in"}
    assert text_of(said) == '{"act":"sign_in","id":"1"}'
    larger = ec.generate_private_key(ec.SECP384R1())
    for wrong in (public_half(larger), "A" * 124, "é", "x" * 201):
        fields = DeviceFields(
            kind=DeviceKind.PHONE, name="P", acts=(Act.HELP,), sign_key=wrong,
            person_id=world.people["agent"],
        )  # fmt: skip
        with pytest.raises(Refused):
            add_device(fields=fields, key_hash="1" * 64, by=world.as_("agent"), now=world.now,
                       tap=new_tap())  # fmt: skip
