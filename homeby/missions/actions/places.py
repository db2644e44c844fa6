"""Sites, gates and reasons for delay: data of the organisation, never code."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.models import DebriefItem, DelayReason, Gate, MissionKind, Site
from homeby.people.actions.organisation import require
from homeby.people.rules import Role, Viewer


@logbook.once
def add_site(*, name: str, zone: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Add a site with its time zone; the row's id is the tap's."""
    require(by, Role.ADMINISTRATOR)
    if not name.strip():
        raise Refused(name=_("Give the site a name."))
    if Site.objects.filter(name=name.strip()).exists():
        raise Refused(name=_("There is a site of that name already."))
    try:
        instants.zone_info(zone)
    except instants.TimeProblem as trouble:
        raise Refused(zone=str(trouble)) from trouble
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.SITE_ADDED, subject=f"site:{tap.entry_id}", tap=tap, answer=_("Site added.")
        )
        page.add(Site(id=tap.entry_id, name=name.strip(), zone=zone))
    return _("Site added.")


@logbook.once
def add_gate(
    *,
    site_id: uuid.UUID,
    name: str,
    is_by_phone: bool = False,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Add a gate to a site; the row's id is the tap's."""
    require(by, Role.ADMINISTRATOR)
    if not name.strip():
        raise Refused(name=_("Give the gate a name."))
    if Gate.objects.filter(site_id=site_id, name=name.strip()).exists():
        raise Refused(name=_("This site has a gate of that name already."))
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.GATE_ADDED, subject=f"gate:{tap.entry_id}", tap=tap, answer=_("Gate added.")
        )
        page.add(Gate(id=tap.entry_id, site_id=site_id, name=name.strip(), is_by_phone=is_by_phone))
    return _("Gate added.")


@logbook.once
def add_reason(
    *, code: str, label: str, is_trouble: bool, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Add a reason for delay; one that is trouble raises a flag that a named person clears."""
    require(by, Role.ADMINISTRATOR)
    if not code.strip() or not label.strip():
        raise Refused(code=_("Give the reason a short code and a label."))
    if DelayReason.objects.filter(code=code.strip()).exists():
        raise Refused(code=_("There is a reason with that code already."))
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.REASON_ADDED, subject=f"reason:{tap.entry_id}", tap=tap, answer=_("Reason added.")
        )
        page.add(
            DelayReason(
                id=tap.entry_id, code=code.strip(), label=label.strip(), is_trouble=is_trouble
            )
        )
    return _("Reason added.")


@logbook.once
def change_site(
    *, site_id: uuid.UUID, name: str, zone: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Rename a site or correct its time zone; missions keep the zone in which they were planned."""
    require(by, Role.ADMINISTRATOR)
    if not name.strip():
        raise Refused(name=_("Give the site a name."))
    if Site.objects.filter(name=name.strip()).exclude(pk=site_id).exists():
        raise Refused(name=_("There is a site of that name already."))
    try:
        instants.zone_info(zone)
    except instants.TimeProblem as trouble:
        raise Refused(zone=str(trouble)) from trouble
    return _change(Site, site_id, rules.SITE_CHANGED, by, now, tap, name=name.strip(), zone=zone)


@logbook.once
def change_gate(
    *,
    gate_id: uuid.UUID,
    name: str,
    is_by_phone: bool,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Rename a gate, or say whether it is a telephone."""
    require(by, Role.ADMINISTRATOR)
    if not name.strip():
        raise Refused(name=_("Give the gate a name."))
    beside = Gate.objects.filter(site__gates=gate_id, name=name.strip()).exclude(pk=gate_id)
    if beside.exists():
        raise Refused(name=_("This site has a gate of that name already."))
    values = {"name": name.strip(), "is_by_phone": is_by_phone}
    return _change(Gate, gate_id, rules.GATE_CHANGED, by, now, tap, **values)


@logbook.once
def change_reason(
    *, reason_id: uuid.UUID, label: str, is_trouble: bool, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Change what people read of a reason and whether it raises a flag; its code stands in figures
    and stays."""
    require(by, Role.ADMINISTRATOR)
    if not label.strip():
        raise Refused(label=_("Write what people read."))
    values = {"label": label.strip(), "is_trouble": is_trouble}
    return _change(DelayReason, reason_id, rules.REASON_CHANGED, by, now, tap, **values)


class Place(StrEnum):
    """What the office can end and take up again; nothing of it is ever deleted."""

    SITE = "SITE"
    GATE = "GATE"
    REASON = "REASON"
    KIND = "KIND"
    DEBRIEF_ITEM = "DEBRIEF_ITEM"


_Model = type[Site | Gate | DelayReason | MissionKind | DebriefItem]
_ENDED: dict[Place, tuple[_Model, str]] = {
    Place.SITE: (Site, rules.SITE_CHANGED),
    Place.GATE: (Gate, rules.GATE_CHANGED),
    Place.REASON: (DelayReason, rules.REASON_CHANGED),
    Place.KIND: (MissionKind, rules.MISSION_KIND_CHANGED),
    Place.DEBRIEF_ITEM: (DebriefItem, rules.DEBRIEF_ITEM_CHANGED),
}


@logbook.once
def end_place(
    *, place: Place, key: uuid.UUID, ended: bool, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Offer a site, a gate, a reason or a kind no more, or again. What was recorded stays, and
    whoever comes home to an ended gate is signed in there all the same."""
    require(by, Role.ADMINISTRATOR)
    model, kind = _ENDED[place]
    return _change(model, key, kind, by, now, tap, ended_at=now if ended else None)


def _change(
    model: _Model,
    key: uuid.UUID,
    kind: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
    **values: Any,
) -> str:
    with logbook.writing(now=now, by=by.person_id) as book:
        row = model._default_manager.select_for_update().get(pk=key)
        subject = f"{_SUBJECTS[kind]}:{key}"
        page = book.entry(kind, subject=subject, tap=tap, answer=_("Saved."))
        page.change(row, **values)
    return _("Saved.")


_SUBJECTS = {
    rules.SITE_CHANGED: "site",
    rules.GATE_CHANGED: "gate",
    rules.REASON_CHANGED: "reason",
    rules.MISSION_KIND_CHANGED: "mission-kind",
    rules.DEBRIEF_ITEM_CHANGED: "debrief-item",
}
