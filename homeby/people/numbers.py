"""Whose a telephone number is, for what somebody texts. Addresses lie sealed under the key of each
person, so all that were confirmed are opened and compared; nobody reads one of them. Barred, as
`private` is, to board, gate and kiosk."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from homeby.people import private
from homeby.people.models import ContactPoint
from homeby.people.rules import ChannelName, Purpose


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whose confirmed contact point a number is. `asks_pin` where she wants to be back or fine on
    her phone by her PIN only; `has_pin` where she has one at all."""

    person_id: uuid.UUID
    contact_id: uuid.UUID
    language: str
    asks_pin: bool
    has_pin: bool


def in_digits(number: str) -> str:
    """A number as it is compared: its digits with the country, without "+" or "00"."""
    text = number.strip()
    digits = "".join(str(int(one)) for one in re.findall(r"\d", text))
    return digits[2:] if not text.startswith("+") and digits.startswith("00") else digits


def holders_of(number: str) -> list[Holder]:
    """Everybody active of whom this is a confirmed number, each once. Without its country a number
    is nobody's. At most three queries, and an opening for each number that is known here."""
    wanted = in_digits(number)
    if len(wanted) < 7:
        return []
    rows = ContactPoint.objects.filter(
        channel=ChannelName.SMS, verified_at__isnull=False, person__is_active=True
    )
    found = {row.pk: row for row in rows.select_related("person", "person__pin").order_by("pk")}
    opened = private.addresses(list(found), purpose=Purpose.DELIVER)
    held: dict[uuid.UUID, Holder] = {}
    for key, address in opened.items():
        if in_digits(address) == wanted:
            held.setdefault(found[key].person_id, _holder(found[key]))
    return list(held.values())


def _holder(row: ContactPoint) -> Holder:
    pin = getattr(row.person, "pin", None)
    return Holder(
        person_id=row.person_id,
        contact_id=row.pk,
        language=row.person.language,
        asks_pin=pin is not None and pin.asks_on_phone,
        has_pin=pin is not None and bool(pin.pin_hash),
    )
