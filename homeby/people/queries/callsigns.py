"""Finding people by what screens call them."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from homeby.logbook.queries import visible_entries
from homeby.people.models import Person
from homeby.people.rules import PERSON_ADDED, PERSON_CHANGED, STATION


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


def ever_called(person_id: uuid.UUID) -> set[str]:
    """All by which screens call a person, or ever called her, as far as the logbook has it. No
    viewer: for erasing it. Three queries."""
    known = over_time([person_id])
    held = Person.objects.filter(pk=person_id).values_list("callsign", "name")
    found = {one for pair in held for one in pair}
    found |= {said for _since, said in known.given.get(person_id, [])}
    return found - {""}


@dataclass(frozen=True, kw_only=True)
class OverTime:
    """What screens called people, then and now: by person the callsigns they were given, in the
    order of time, each from its instant on."""

    now: Mapping[uuid.UUID, str]
    given: Mapping[uuid.UUID, list[tuple[dt.datetime, str]]]

    def at(self, instant: dt.datetime) -> Mapping[uuid.UUID, str]:
        """The callsigns of that instant. Who had none, or whose words were erased, is called what
        she is called now: no name comes to light by it."""
        if not self.given:
            return self.now
        found = dict(self.now)
        for key, given in self.given.items():
            callsign = next((said for since, said in reversed(given) if since <= instant), "")
            found[key] = callsign or found[key]
        return found


def over_time(person_ids: Iterable[uuid.UUID | None]) -> OverTime:
    """What screens call these people, and called them, as the logbook has it. No viewer: for lines
    that their reader may see. Two queries."""
    rows = Person.objects.filter(pk__in={key for key in person_ids if key is not None})
    now = {row.pk: row.shown_as for row in rows}
    given: dict[uuid.UUID, list[tuple[dt.datetime, str]]] = {}
    entries = visible_entries(STATION).filter(person_id__in=now, content__body__isnull=False)
    changes = entries.filter(kind__in=[PERSON_ADDED, PERSON_CHANGED])
    for at, text in changes.order_by("number").values_list("recorded_at", "content__body"):
        for _how, table, key, values in json.loads(text or "{}").get("rows", []):
            if table == "people.person" and "callsign" in values:
                given.setdefault(uuid.UUID(key), []).append((at, values["callsign"]))
    return OverTime(now=now, given={key: said for key, said in given.items() if len(said) > 1})
