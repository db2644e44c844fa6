"""The kit room of the village: what hangs by the gates, what is out, what was used up."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.rules import new_tap
from homeby.people.rules import STATION, Viewer
from homeby.readiness.actions import kit
from homeby.readiness.actions.kit import ReturnFields
from homeby.readiness.actions.kit_room import KitFields, set_kit

GATES = "Big green gates, left of the door"
HOSPITAL = "Hospital, dispensary"
_AID = "6 bandages\n2 pairs of gloves\n1 tourniquet\n2 soldier pills"


def fill(*, mission_id: uuid.UUID, fox: Viewer, neji: Viewer, now: dt.datetime) -> None:
    """Six things, as they stand while the agent is out with two of them."""
    day = now.date()
    things = {
        "FA-1": KitFields(label="FA-1", name="First-aid kit", place=GATES, contents=_AID),
        "FA-2": KitFields(label="FA-2", name="First-aid kit", place=HOSPITAL, contents=_AID),
        "R-4": KitFields(label="R-4", name="Radio 4", place=GATES, is_controlled=True),
        "M-7": KitFields(
            label="M-7", name="Fox mask", place="Night squad, locker 7", is_controlled=True
        ),
        "ROPE-2": KitFields(
            label="ROPE-2",
            name="Rope, 40 m",
            place=GATES,
            inspect_days=90,
            inspected_date=day - dt.timedelta(days=80),
        ),
        "KEY-1": KitFields(
            label="KEY-1",
            name="Key of the archive",
            place="Head's office",
            is_controlled=True,
            may_leave=False,
        ),
    }
    items = {label: _add(fields, now=now) for label, fields in things.items()}
    _take(items["FA-2"], neji, now=now)
    used = ReturnFields(used={"bandages": 4, "tourniquet": 1})
    kit.give_back(item_id=items["FA-2"], fields=used, by=neji, now=now, tap=new_tap())
    for label in ("R-4", "M-7"):
        _take(items[label], fox, mission_id, now=now)


def _add(fields: KitFields, *, now: dt.datetime) -> uuid.UUID:
    tap = new_tap()
    set_kit(item_id=None, fields=fields, by=STATION, now=now, tap=tap)
    return tap.entry_id


def _take(
    item: uuid.UUID, by: Viewer, mission_id: uuid.UUID | None = None, *, now: dt.datetime
) -> None:
    kit.take(item_id=item, mission_id=mission_id, by=by, now=now, tap=new_tap())
