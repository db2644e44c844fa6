"""Finding people by what screens call them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from homeby.people.models import Person


def called(text: str) -> list[uuid.UUID]:
    """Whom screens call so, whatever the case of the letters. Ids only and no viewer: for acts of
    somebody who says something of a person without being told anything of them. One query."""
    wanted = " ".join(text.split()).casefold()
    rows = Person.objects.order_by("pk").values_list("pk", "callsign", "name")
    return [pk for pk, callsign, name in rows if (callsign or name).casefold() == wanted]


def inactive(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Of these people, whoever is no longer active, by what screens call them. One query."""
    rows = Person.objects.filter(pk__in=set(person_ids), is_active=False)
    return {row.pk: row.shown_as for row in rows}
