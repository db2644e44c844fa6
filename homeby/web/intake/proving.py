"""Who stands before a kiosk, by the PIN they typed or the badge they held to its reader; and
whether whoever holds a phone knows the PIN of its person."""

from __future__ import annotations

import dataclasses
import uuid

from homeby.missions.rules.intake import Claim, Proof
from homeby.people.actions import proofs
from homeby.people.queries.callsigns import called
from homeby.people.queries.devices import devices_of_keys
from homeby.people.queries.proofs import holder_of_badge
from homeby.people.rules import DeviceFacts, DeviceKind, PinFits
from homeby.web.intake import limits


def prove(claims: tuple[Claim, ...], key_hash: str) -> tuple[Claim, ...]:
    """The claims with what was shown judged and taken out. Only a device whose key works may show
    anything, and a badge only a kiosk. A PIN costs a slow hash: call it in no transaction, and not
    in the loop."""
    device = devices_of_keys([key_hash]).get(key_hash)
    if device is None or not device.works:
        return tuple(dataclasses.replace(one, pin="", code="") for one in claims)
    return tuple(proven(one, device) for one in claims)


def opens_for(key_hash: str) -> bool:
    """Whether what was sent with this key may be unsealed: by a device of ours, also one whose key
    was revoked, for what it kept goes to a person."""
    return bool(key_hash) and key_hash in devices_of_keys([key_hash])


def proven(claim: Claim, device: DeviceFacts) -> Claim:
    """The same of one claim of a device that works. In no transaction, and not in the loop."""
    bare, is_kiosk = dataclasses.replace(claim, pin="", code=""), device.kind is DeviceKind.KIOSK
    if claim.code and is_kiosk:
        return _by_badge(claim, bare, device)
    if not claim.pin:
        return bare
    who = [device.person_id] if device.person_id else _named(claim)
    tried = f"{device.id} {claim.callsign.casefold() if is_kiosk else ''}"
    judged = _judged(bare, claim.pin, who[0] if len(who) == 1 else None, tried, device)
    if is_kiosk and judged.proof is not Proof.WRONG:
        return dataclasses.replace(judged, person_ids=(who[0],))
    return judged


def _by_badge(claim: Claim, bare: Claim, device: DeviceFacts) -> Claim:
    """One that she printed herself says who she is, as a callsign does; the PIN proves it."""
    found = holder_of_badge(proofs.badge_hash(claim.code))
    if found is None:
        return dataclasses.replace(bare, person_ids=(), callsign="", proof=Proof.WRONG)
    holder, is_printed = found
    if not is_printed:
        return dataclasses.replace(bare, person_ids=(holder,), proof=Proof.SHOWN)
    of_her = dataclasses.replace(bare, person_ids=(holder,))
    if not claim.pin:
        return of_her
    return _judged(of_her, claim.pin, holder, f"{device.id} {holder}", device)


def _named(claim: Claim) -> list[uuid.UUID]:
    return called(claim.callsign) if claim.callsign else []


def _judged(
    bare: Claim, pin: str, person_id: uuid.UUID | None, tried: str, device: DeviceFacts
) -> Claim:
    """The claim with what the PIN shows. After too many wrong ones only a duress PIN is looked for:
    whatever was typed is answered as wrong, in the time that a wrong one takes."""
    if limits.pins_too_often(tried, kiosk=str(device.id)):
        is_looked = limits.looks_for_duress(str(device.id))
        found = proofs.judge(pin, person_id=person_id) if is_looked else PinFits.NO
        forced = person_id if found is PinFits.DURESS else None
        return dataclasses.replace(bare, proof=Proof.WRONG, forced=forced)
    found = proofs.judge(pin, person_id=person_id)
    if found is PinFits.NO:
        limits.pin_was_wrong(tried, kiosk=str(device.id))
        return dataclasses.replace(bare, proof=Proof.WRONG)
    limits.pin_was_right(tried)
    proof = Proof.DURESS if found is PinFits.DURESS else Proof.SHOWN
    return dataclasses.replace(bare, proof=proof)
