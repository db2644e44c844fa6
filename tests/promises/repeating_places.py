"""One way to do each act on sites, gates, reasons and kit, for the tests that do it twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from homeby.logbook.rules import new_tap
from homeby.missions.actions import debrief_items, kinds, lessons, places, unmatched
from homeby.missions.models import Gate, Mission
from homeby.people.rules import STATION
from homeby.people.rules import Act as WithDevice
from homeby.watch.models import Alarm
from tests.promises.limited import kind
from tests.promises.repeating_duties import DUTIES
from tests.promises.repeating_kit import KIT
from tests.promises.repeating_people import Act, call
from tests.promises.repeating_rest import REST
from tests.promises.repeating_sealed import SEALED
from tests.promises.repeating_skills import SKILLS
from tests.promises.repeating_welfare import WELFARE
from tests.rooms.devices import claim, send
from tests.world import ZONE, World


def _site(world: World) -> Any:
    return Gate.objects.get(pk=world.gate_id).site_id


def _stand_help_down(world: World) -> Act:
    send(world, "", claim(WithDevice.HELP))
    key = Alarm.objects.get().pk
    return call(
        world, unmatched.stand_help_down, by="head", alarm_id=key, reason="A boy with a radio."
    )


def _reason(world: World) -> uuid.UUID:
    tap = new_tap()
    places.add_reason(
        code="snow", label="Snow", is_trouble=False, by=STATION, now=world.now, tap=tap
    )
    return tap.entry_id


def _asked(world: World) -> uuid.UUID:
    tap = new_tap()
    debrief_items.add_item(
        text="How was the snow?", place=1, by=world.as_("admin"), now=world.now, tap=tap
    )
    return tap.entry_id


def _back(world: World) -> Mission:
    mission = world.send_out("agent", due_minutes=60, place="Old Mill")
    world.sign_in("agent")
    return mission


def _offered(world: World) -> uuid.UUID:
    tap = new_tap()
    lessons.offer_lesson(
        mission_id=_back(world).pk, text="No bridge.", by=world.as_("agent"), now=world.now, tap=tap
    )
    return tap.entry_id


def _shared(world: World) -> uuid.UUID:
    tap = new_tap()
    lessons.decide_lesson(
        lesson_id=_offered(world), text="No bridge.", by=world.as_("head"), now=world.now, tap=tap
    )
    return tap.entry_id


PLACES: dict[str, Callable[[World], Act]] = (
    KIT
    | DUTIES
    | REST
    | WELFARE
    | SEALED
    | SKILLS
    | {
        "missions.unmatched.stand_help_down": _stand_help_down,
        "missions.places.change_site": lambda w: call(
            w,
            places.change_site,
            by="admin",
            site_id=Gate.objects.get().site_id,
            name="Old village",
            zone=ZONE,
        ),
        "missions.places.change_gate": lambda w: call(
            w, places.change_gate, by="admin", gate_id=w.gate_id, name="Red gate", is_by_phone=False
        ),
        "missions.places.change_reason": lambda w: call(
            w,
            places.change_reason,
            by="admin",
            reason_id=_reason(w),
            label="Deep snow",
            is_trouble=False,
        ),
        "missions.kinds.add_kind": lambda w: call(
            w, kinds.add_kind, by="admin", code="CANOE", name="By canoe", is_exercise=False
        ),
        "missions.kinds.change_kind": lambda w: call(
            w,
            kinds.change_kind,
            by="admin",
            kind_id=kind(w, "SEARCH"),
            name="Search by night",
            is_exercise=False,
        ),
        "missions.places.end_place": lambda w: call(
            w, places.end_place, by="admin", place=places.Place.GATE, key=w.gate_id, ended=True
        ),
        "missions.lessons.offer_lesson": lambda w: call(
            w,
            lessons.offer_lesson,
            by="agent",
            mission_id=_back(w).pk,
            text="No bridge.",
        ),
        "missions.lessons.decide_lesson": lambda w: call(
            w, lessons.decide_lesson, by="head", lesson_id=_offered(w), text="No bridge."
        ),
        "missions.lessons.end_lesson": lambda w: call(
            w, lessons.end_lesson, by="head", lesson_id=_shared(w)
        ),
        "missions.debrief_items.add_item": lambda w: call(
            w, debrief_items.add_item, by="admin", text="How was the snow?", place=1
        ),
        "missions.debrief_items.change_item": lambda w: call(
            w,
            debrief_items.change_item,
            by="admin",
            item_id=_asked(w),
            text="How deep was the snow?",
            place=2,
        ),
        "missions.places.add_site": lambda w: call(w, places.add_site, name="Hut", zone=ZONE),
        "missions.places.add_gate": lambda w: call(
            w, places.add_gate, site_id=_site(w), name="Blue gate"
        ),
        "missions.places.add_reason": lambda w: call(
            w, places.add_reason, code="river", label="High water", is_trouble=False
        ),
    }
)
