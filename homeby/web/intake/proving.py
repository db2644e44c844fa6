"""Who stands before a kiosk, by the PIN they typed or the badge they held to its reader."""

from __future__ import annotations

import dataclasses

from homeby.missions.rules.intake import Claim, Proof
from homeby.people.actions import proofs
from homeby.people.queries.callsigns import called
from homeby.people.queries.devices import devices_of_keys
from homeby.people.queries.proofs import holder_of_badge
from homeby.people.rules import DeviceFacts, DeviceKind, PinFits
from homeby.web.intake import limits


def prove(claims: tuple[Claim, ...], key_hash: str) -> tuple[Claim, ...]:
    """The claims with what was shown judged and taken out. Only a kiosk whose key works may show
    anything. A PIN costs a slow hash: call it in no transaction, and not in the loop."""
    device = devices_of_keys([key_hash]).get(key_hash)
    is_kiosk = device is not None and device.works and device.kind is DeviceKind.KIOSK
    if device is None or not is_kiosk:
        return tuple(dataclasses.replace(one, pin="", code="") for one in claims)
    return tuple(_proven(one, device) for one in claims)


def opens_for(key_hash: str) -> bool:
    """Whether what was sent with this key may be unsealed: by a kiosk of ours, also one whose key
    was revoked, for what it kept goes to a person."""
    device = devices_of_keys([key_hash]).get(key_hash) if key_hash else None
    return device is not None and device.kind is DeviceKind.KIOSK


def _proven(claim: Claim, device: DeviceFacts) -> Claim:
    bare = dataclasses.replace(claim, pin="", code="")
    if claim.code:
        holder = holder_of_badge(proofs.badge_hash(claim.code))
        if holder is None:
            return dataclasses.replace(bare, person_ids=(), callsign="", proof=Proof.WRONG)
        return dataclasses.replace(bare, person_ids=(holder,), proof=Proof.SHOWN)
    if not claim.pin:
        return bare
    who = called(claim.callsign) if claim.callsign else []
    tried = f"{device.id} {claim.callsign.casefold()}"
    if limits.pins_too_often(tried, kiosk=str(device.id)):
        return dataclasses.replace(bare, proof=Proof.WRONG)
    found = proofs.judge(claim.pin, person_id=who[0] if len(who) == 1 else None)
    if found is PinFits.NO:
        limits.pin_was_wrong(tried, kiosk=str(device.id))
        return dataclasses.replace(bare, proof=Proof.WRONG)
    limits.pin_was_right(tried)
    proof = Proof.DURESS if found is PinFits.DURESS else Proof.SHOWN
    return dataclasses.replace(bare, person_ids=(who[0],), proof=proof)
