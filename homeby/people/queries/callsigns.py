"""Finding people by what screens call them."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf

from homeby.logbook.queries import visible_entries
from homeby.people.models import Person
from homeby.people.rules import PERSON_ADDED, PERSON_CHANGED, STATION, PersonKind, Viewer
from homeby.people.rules_callsigns import ERASED_NAME, stand_in

#: So many are found by a stand-in at most; more than that is no search.
FOUND_MAX = 500
#: Whoever is shown by a stand-in: humans without a callsign, but those who were erased.
_WITHOUT = Q(callsign="", kind=PersonKind.HUMAN) & ~Q(name=ERASED_NAME)
#: The order of lists: by callsign; no name decides it but a unit's.
BY_CALLSIGN = (
    Case(
        When(_WITHOUT, then=Value("~")),
        default=Lower(Coalesce(NullIf("callsign", Value("")), "name")),
    ),
    F("pk"),
)


def has_text(text: str) -> Q:
    """Whose callsign, or what is shown in its place, holds this text; a person's name never does.
    One query."""
    shown = [key for key in without_callsign() if text.casefold() in stand_in(key).casefold()]
    units = Q(callsign="", name__icontains=text) & ~_WITHOUT
    return Q(callsign__icontains=text) | units | Q(pk__in=shown[:FOUND_MAX])


def without_callsign() -> list[uuid.UUID]:
    """Those who are shown by a stand-in and have not left. No viewer: ids only, for lists that
    their own viewer reads, and for doctor, which counts them. One query."""
    rows = Person.objects.filter(_WITHOUT, is_active=True).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def called(text: str) -> list[uuid.UUID]:
    """Whom screens call so, whatever the case of the letters. Ids only and no viewer: for acts of
    somebody who says something of a person without being told anything of them. One query."""
    wanted = " ".join(text.split()).casefold()
    rows = Person.objects.order_by("pk").only("pk", "callsign", "name", "kind")
    return [row.pk for row in rows if row.shown_as.casefold() == wanted]


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
    return (found | {stand_in(person_id)}) - {""}


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


def over_time(person_ids: Iterable[uuid.UUID | None], *, to: Viewer | None = None) -> OverTime:
    """What screens call these people, and called them, as the logbook has it. No viewer: for lines
    that their reader (`to`) may see; whom she is kept away from is shown by a stand-in. Two
    queries."""
    rows = Person.objects.filter(pk__in={key for key in person_ids if key is not None})
    now = {row.pk: row.shown_as for row in rows}
    given: dict[uuid.UUID, list[tuple[dt.datetime, str]]] = {}
    entries = visible_entries(STATION).filter(person_id__in=now, content__body__isnull=False)
    changes = entries.filter(kind__in=[PERSON_ADDED, PERSON_CHANGED])
    for at, text in changes.order_by("number").values_list("recorded_at", "content__body"):
        for _how, table, key, values in json.loads(text or "{}").get("rows", []):
            if table == "people.person" and "callsign" in values:
                given.setdefault(uuid.UUID(key), []).append((at, values["callsign"]))
    hidden = to.apart if to is not None else frozenset()
    now |= {key: stand_in(key) for key in hidden.intersection(now)}
    changed = {key: said for key, said in given.items() if len(said) > 1 and key not in hidden}
    return OverTime(now=now, given=changed)
