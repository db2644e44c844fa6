"""Who sees which mission, and what of it. Need to know (`RELIABILITY.md` 11): while somebody is out
the own party, the duty officer, the leader; whether she is back the leader and the duty officer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.missions.models import (
    DebriefItem,
    DelayReason,
    Extension,
    FirstReport,
    Gate,
    MinorApproval,
    MinorLimit,
    Mission,
    MissionKind,
    MissionUnit,
    PartyMember,
    Site,
    Unmatched,
)
from homeby.missions.queries.sealed import VISIBLE as _SEALED
from homeby.missions.queries.sealed_again import VISIBLE as _OPENINGS
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import WATCHERS, Role, Viewer
from homeby.watch import queries as watch


def visible_missions(viewer: Viewer | None) -> models.QuerySet[Mission]:
    """Whoever keeps watch sees all; a leader what is her team's, what she leads, and what she has
    planned or assigned while she is a leader; a member what she is on, unless the others went
    without her, and what she waits for as the buddy until they are back; whoever has an alarm what
    it is about; whoever keeps a special unit what is that unit's."""
    if viewer is None:
        return Mission.objects.none()
    if viewer.keeps_watch:
        return but_apart(viewer, _but_secret(viewer, Mission.objects.all()))
    if viewer.person_id is None:
        return Mission.objects.none()
    return but_apart(viewer, _but_secret(viewer, _hers(viewer)))


def _but_secret(viewer: Viewer, rows: models.QuerySet[Mission]) -> models.QuerySet[Mission]:
    """Without missions of secret units, but for those of her own party, those she leads, waits for
    as the buddy, or knows as whoever keeps the unit, and those about which an open alarm came to
    her. The duty officers of the whole organisation see each: they answer for whoever is out."""
    if viewer.is_station or viewer.has(Role.DUTY_OFFICER):
        return rows
    known = MissionUnit.objects.filter(Q(is_secret=False) | _keeps(viewer))
    return rows.filter(Q(unit__isnull=True) | Q(unit__in=known) | _her_own(viewer))


def _her_own(viewer: Viewer) -> Q:
    own = PartyMember.objects.filter(person_id__in=[viewer.person_id]).values("mission_id")
    waits = Q(buddy_id=viewer.person_id) & ~Q(state=MissionState.BACK)
    hers = Q(leader_id=viewer.person_id) | waits | Q(pk__in=own) | Q(pk__in=viewer.alarmed)
    if held := watch.refs_held(viewer):
        hers |= Q(pk__in=[ref.partition(":")[2] for ref in held])
    return hers


def _keeps(viewer: Viewer) -> Q:
    return Q(keepers__icontains=str(viewer.person_id))


def closed_missions(viewer: Viewer) -> models.QuerySet[Mission]:
    """The missions of secret units that are not for this viewer. There may be many: whoever keeps
    the watch, and asks with each page, has them found without a look at what she sees."""
    rows = Mission.objects.filter(unit__is_secret=True)
    if viewer.keeps_watch and not viewer.apart and not viewer.has(Role.DUTY_OFFICER):
        kept = MissionUnit.objects.filter(_keeps(viewer)).values("pk")
        return rows.exclude(Q(unit__in=kept) | _her_own(viewer))
    return rows.exclude(pk__in=visible_missions(viewer).filter(unit__is_secret=True).values("pk"))


def units_kept(viewer: Viewer) -> models.QuerySet[MissionUnit]:
    """The special units that the viewer keeps, as far as missions know them."""
    return MissionUnit.objects.filter(_keeps(viewer))


def keeps_unit(viewer: Viewer, unit_id: uuid.UUID | None) -> bool:
    """Whether the viewer keeps the special unit of a mission. One query, none without a unit."""
    if unit_id is None or viewer.person_id is None:
        return False
    return MissionUnit.objects.filter(_keeps(viewer), pk=unit_id).exists()


def visible_mission_units(viewer: Viewer | None) -> models.QuerySet[MissionUnit]:
    """An open one is known to everybody who logs in, a secret one to whoever stands in it."""
    if viewer is not None and viewer.is_station:
        return MissionUnit.objects.all()
    if viewer is None or viewer.person_id is None:
        return MissionUnit.objects.none()
    stands = Q(members__icontains=str(viewer.person_id))
    return MissionUnit.objects.filter(Q(is_secret=False) | stands)


_WENT = (MissionState.OUT, MissionState.BACK)
#: From so many missions of her teams on, a list finds its page sooner along the due times than by
#: putting all of them into order (`bench.visible`).
MANY = 2000


def _hers(viewer: Viewer) -> models.QuerySet[Mission]:
    """What a member or leader may see, one index look-up a way: all ways in one condition would
    have the database look through every mission there ever was."""
    assert viewer.person_id is not None, "asked for by whoever calls"
    own = PartyMember.objects.filter(person_id=viewer.person_id).values("mission_id")
    # Who stayed behind is not of the party that went: where it is, and when it is due, is not hers.
    own = own.exclude(state=MemberState.STAYED, mission__state__in=_WENT)
    waits = Q(buddy_id=viewer.person_id) & ~Q(state=MissionState.BACK)
    ways = [waits, *_ways(viewer)]
    of_teams = _of_teams(viewer)
    if of_teams and Mission.objects.filter(of_teams)[:MANY].count() == MANY:
        return Mission.objects.filter(of_teams | Q(pk__in=own.union(*_keys(ways))))
    return Mission.objects.filter(pk__in=own.union(*_keys([*ways, of_teams] if of_teams else ways)))


def _keys(ways: list[Q]) -> list[models.QuerySet[Any]]:
    return [Mission.objects.filter(way).values("pk") for way in ways]


def but_apart(viewer: Viewer, rows: models.QuerySet[Mission]) -> models.QuerySet[Mission]:
    """Without missions of people the viewer is kept away from, but for those she is on herself, and
    those whose open alarm came to her because nobody else was left."""
    if not viewer.apart:
        return rows
    own = PartyMember.objects.filter(person_id__in=[viewer.person_id]).values("mission")
    theirs = PartyMember.objects.filter(person_id__in=viewer.apart).values("mission")
    return rows.filter(Q(pk__in=own) | Q(pk__in=viewer.last_resort) | ~Q(pk__in=theirs))


def answers_for(viewer: Viewer, prefix: str = "") -> Q:
    """The missions for which this viewer answers: she sees who of them is back, too."""
    found = _of_teams(viewer, prefix)
    for way in _ways(viewer, prefix):
        found |= way
    return found


def _of_teams(viewer: Viewer, prefix: str = "") -> Q:
    teams = viewer.teams(*WATCHERS)
    return Q(**{f"{prefix}team_id__in": teams}) if teams else Q()


def _ways(viewer: Viewer, prefix: str = "") -> list[Q]:
    """By what she answers for a mission beside its team: a way each, which an index finds. That of
    units holds only missions of one: by an index of all, most of them of none, SQLite would rather
    look through every mission."""
    found = [Q(**{f"{prefix}leader_id": viewer.person_id})]
    kept = MissionUnit.objects.filter(_keeps(viewer))
    of_one = {f"{prefix}unit__isnull": False, f"{prefix}unit__in": kept.values("pk")}
    found.append(Q(**of_one))
    if viewer.has_somewhere(Role.LEADER):
        found.append(Q(**{f"{prefix}planned_by_id": viewer.person_id}))
        found.append(Q(**{f"{prefix}assigned_by_id": viewer.person_id}))
    if held := watch.refs_held(viewer):
        found.append(Q(**{f"{prefix}id__in": [ref.partition(":")[2] for ref in held]}))
    return found


def came_home(viewer: Viewer | None) -> models.QuerySet[PartyMember]:
    """The viewer's own part in the missions that she is back from and does not answer for: how it
    stands with the others there is not hers to know any more."""
    return own_parts(viewer).filter(state=MemberState.BACK)


def own_parts(viewer: Viewer | None) -> models.QuerySet[PartyMember]:
    """The viewer's own part in the missions for which she does not answer."""
    if viewer is None or viewer.keeps_watch or viewer.person_id is None:
        return PartyMember.objects.none()
    own = PartyMember.objects.filter(person_id=viewer.person_id)
    return own.exclude(answers_for(viewer, "mission__"))


def visible_party(viewer: Viewer | None) -> models.QuerySet[PartyMember]:
    """Of a visible mission everybody, for whoever answers for it; for one of its party herself and,
    while she is out, those who are not back: whether somebody else has come home is not hers to
    know. Once she is home that is herself alone. As she reads of them the others are
    `home.fellows`, without states."""
    found = PartyMember.objects.filter(mission__in=visible_missions(viewer))
    if viewer is not None and viewer.apart:
        away = Q(person_id__in=viewer.apart) & ~Q(mission_id__in=viewer.last_resort)
        found = found.exclude(away)
    if viewer is None or viewer.keeps_watch:
        return found
    own = Q(person_id__in=[viewer.person_id])
    over = PartyMember.objects.filter(own, state=MemberState.BACK).values("mission")
    there = ~Q(state=MemberState.BACK) & ~Q(mission__in=over)
    return found.filter(there | own | answers_for(viewer, "mission__"))


def _of_mission(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        return model._default_manager.filter(mission__in=visible_missions(viewer))

    return visible


def _known(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
        rows = model._default_manager.all()
        return rows if known else rows.none()

    return visible


def visible_first_reports(viewer: Viewer | None) -> models.QuerySet[FirstReport]:
    """Who was hurt is for leaders and duty officers of the team; everybody else sees the own report
    only, an administrator as well."""
    found = FirstReport.objects.filter(mission__in=visible_missions(viewer))
    acting = (Role.LEADER, Role.DUTY_OFFICER)
    if viewer is None or viewer.is_station or viewer.has(*acting):
        return found
    own = Q(person_id=viewer.person_id) if viewer.person_id else Q(pk__in=())
    return found.filter(own | Q(mission__team_id__in=viewer.teams(*acting)))


def visible_unmatched(viewer: Viewer | None) -> models.QuerySet[Unmatched]:
    """Unmatched acts are for whoever keeps watch."""
    if viewer is None or not viewer.keeps_watch:
        return Unmatched.objects.none()
    found = Unmatched.objects.exclude(person_id__isnull=False, person_id__in=viewer.apart)
    closed = closed_missions(viewer).values("pk")
    return found.exclude(mission_id__isnull=False, mission_id__in=closed)


visible_sites = _known(Site)
visible_gates = _known(Gate)
visible_reasons = _known(DelayReason)
visible_kinds = _known(MissionKind)
visible_debrief_items = _known(DebriefItem)
visible_extensions = _of_mission(Extension)

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Site: visible_sites,
    Gate: visible_gates,
    DelayReason: visible_reasons,
    MissionKind: visible_kinds,
    DebriefItem: visible_debrief_items,
    Mission: visible_missions,
    MissionUnit: visible_mission_units,
    PartyMember: visible_party,
    Extension: visible_extensions,
    FirstReport: visible_first_reports,
    Unmatched: visible_unmatched,
    MinorLimit: _known(MinorLimit),
    MinorApproval: _of_mission(MinorApproval),
    **_SEALED,
    **_OPENINGS,
}
