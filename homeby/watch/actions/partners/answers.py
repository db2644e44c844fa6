"""What a partner station answers: its own signature over it, and in it the newest message of ours
whose checkpoint it holds, under ours."""

from __future__ import annotations

import json
from typing import Any

from homeby.watch.actions.partners import signing
from homeby.watch.actions.partners.hearing import MESSAGE, SIGNATURE
from homeby.watch.models import Partner
from homeby.watch.rules import partners as rules
from homeby.watch.rules.partners import Said


def read(partner: Partner, said: Said, values: dict[str, Any] | None) -> dict[str, Any] | None:
    """The answer, where the partner signed it, for this message; None else."""
    text, signature = (values or {}).get(MESSAGE), (values or {}).get(SIGNATURE)
    if not isinstance(text, str) or not isinstance(signature, str):
        return None
    if not signing.is_signed(
        text, signature, purpose=signing.ANSWER, public_key=partner.public_key
    ):
        return None
    try:
        found = json.loads(text)
        told = (found["sender"], found["receiver"], found["sequence"], bool(found["verdict"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    right = (str(said.receiver), str(said.sender), said.sequence, True)
    return found if told == right else None


def our_own(answer: dict[str, Any]) -> Said | None:
    """The message of ours that the partner holds; None where none bears our signature."""
    text, signature = answer.get("seen"), answer.get("seen_signature")
    if not isinstance(text, str) or not isinstance(signature, str) or not text:
        return None
    key = signing.ours().public_key
    if not signing.is_signed(text, signature, purpose=signing.MESSAGE, public_key=key):
        return None
    try:
        return rules.read(text)
    except rules.Nonsense:
        return None
