"""The tiles at the gate: whom an act can be for, and whether one tap on the tile is enough."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.queries import sheets
from homeby.missions.queries.home import UNSAID
from homeby.missions.queries.sheets import Summary
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Viewer

TILES_MAX = 200

#: A plan nobody left on disappears from the gate this long after its expected return.
FORGOTTEN = dt.timedelta(hours=12)

STATES = {
    "out": (MissionState.PLANNED, MissionState.OUT),
    "check-in": (MissionState.OUT,),
    "in": (MissionState.OUT,),
}


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One tile of `gate/pick.html`."""

    mission_id: uuid.UUID
    person_id: uuid.UUID | None  # whom a tap signs; None for a check-in and for a whole party
    label: str
    sub: str
    names: str
    phase: str
    due_at: dt.datetime | None
    zone: str
    direct: bool


def tiles(viewer: Viewer, act: str, *, text: str, exact: bool, now: dt.datetime) -> list[Tile]:
    """Whom this act can be for, soonest due first: missions, and at sign-in each person beside the
    party as a whole. A fixed number of queries.

    `exact`: no tile records at once, since a time or a link is to be said first.
    """
    due_after = now - FORGOTTEN if act == "out" else None
    rows = sheets.listed(viewer, now=now, states=STATES[act], text=text, due_after=due_after)
    known = sheets.summaries(viewer, rows[:TILES_MAX], now=now)
    found = [one for one in known if _ids(one, act)]
    if act == "check-in":
        return [_tile(one, act, _ids(one, act), direct=not exact, now=now) for one in found]
    if act == "in":
        return [tile for one in found for tile in _homecoming(one, exact=exact, now=now)]
    going = [key for one in found for key in _ids(one, act)]
    already = {outing.person_id for outing in missions.open_outings(going, told_to=viewer)}
    return [
        _tile(
            one, act, _ids(one, act), direct=not exact and _may_just_go(one, already, now), now=now
        )
        for one in found
    ]


def _homecoming(one: Summary, *, exact: bool, now: dt.datetime) -> list[Tile]:
    out = _ids(one, "in")
    if exact:
        return [_tile(one, "in", out, direct=False, now=now)]
    each = [_tile(one, "in", [key], direct=True, now=now) for key in out]
    together = [_tile(one, "in", out, direct=False, now=now)] if len(out) > 1 else []
    return [*together, *each]


def _ids(one: Summary, act: str) -> list[uuid.UUID]:
    if act == "out":
        return one.ids(MemberState.PLANNED)
    left = one.ids(UNSAID) if one.state == MissionState.OUT else []  # of her own party
    return one.ids(MemberState.OUT) + left


def _may_just_go(one: Summary, already_out: set[uuid.UUID], now: dt.datetime) -> bool:
    in_time = one.due_at is not None and one.due_at > now
    alone = len(_ids(one, "out")) == 1
    return (
        alone and in_time and not one.waits_for_approval and _ids(one, "out")[0] not in already_out
    )


def _tile(one: Summary, act: str, who: list[uuid.UUID], *, direct: bool, now: dt.datetime) -> Tile:
    names = [one.members[key][0] for key in who]
    about = [part for part in (one.what, one.place) if part]
    if act == "out" and one.waits_for_approval:
        about.append(_("waits for approval"))
    if act == "in" and len(who) > 1:
        about.insert(0, _("together, heads counted"))
    if act == "out" and one.due_at is not None and one.due_at <= now:
        about.append(_("expected back has passed"))
    return Tile(
        mission_id=one.mission_id,
        person_id=who[0] if direct and act != "check-in" else None,
        label=missions.party_title(names),
        sub=" · ".join(about),
        names=", ".join(names),
        phase=rules.phase_shown(state=one.state, alarm_phase=one.phase, due_at=one.due_at, now=now),
        due_at=one.due_at,
        zone=one.zone,
        direct=direct,
    )
