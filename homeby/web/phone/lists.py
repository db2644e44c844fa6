"""The list of missions: its tabs, and what a row says."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeby.missions import rules
from homeby.missions.queries.sheets import Summary
from homeby.missions.rules import MissionState


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab of the list and the states it shows (none: all)."""

    key: str
    label: str | Promise
    states: tuple[MissionState, ...]


STANDING = Tab(key="", label=_("Out and planned"), states=(MissionState.OUT, MissionState.PLANNED))
TABS = (
    STANDING,
    Tab(key="out", label=_("Out"), states=(MissionState.OUT,)),
    Tab(key="planned", label=_("Planned"), states=(MissionState.PLANNED,)),
    Tab(key="back", label=_("Back"), states=(MissionState.BACK,)),
    Tab(key="unconfirmed", label=_("Out, unconfirmed"), states=(MissionState.UNCONFIRMED,)),
    Tab(key="all", label=_("All"), states=()),
)


def tab_of(key: str) -> Tab:
    """The tab of an address; without one, what is out and planned."""
    return next((tab for tab in TABS if tab.key == key), STANDING)


def query(tab: Tab, text: str) -> str:
    """What an address keeps while pages are turned: "show=back&q=fox&"."""
    kept = {name: value for name, value in (("show", tab.key), ("q", text)) if value}
    return f"{urlencode(kept)}&" if kept else ""


def tabs(counts: Mapping[str, int], chosen: Tab, *, text: str) -> list[dict[str, object]]:
    """The tabs with their counts; the unconfirmed only where there are any."""
    return [
        {
            "label": tab.label,
            "url": f"{reverse('missions')}?{query(tab, text)}".rstrip("?&"),
            "current": tab is chosen,
            "count": sum(counts.get(state, 0) for state in tab.states) if tab.states else None,
        }
        for tab in TABS
        if tab.key != "unconfirmed" or counts.get(MissionState.UNCONFIRMED)
    ]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of `missions/list.html`."""

    mission_id: uuid.UUID
    label: str
    what: str
    where: str
    phase: str
    zone: str
    out_at: dt.datetime | None
    due_at: dt.datetime | None
    back_at: dt.datetime | None
    waits_for_approval: bool
    trouble_open: bool


def row(one: Summary, *, now: dt.datetime) -> Row:
    """A mission as its row."""
    return Row(
        mission_id=one.mission_id,
        label=one.title,
        what=one.what,
        where=one.place,
        phase=rules.phase_shown(state=one.state, alarm_phase=one.phase, due_at=one.due_at, now=now),
        zone=one.zone,
        out_at=one.out_at,
        due_at=one.due_at,
        back_at=one.back_at,
        waits_for_approval=one.waits_for_approval,
        trouble_open=one.trouble_open,
    )
