"""What of the missions is the viewer's own, so that she can be shown who looked at it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from homeby.logbook.looks import Hers, Span
from homeby.logbook.reading import ReadKind, of_team, opened
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries import home
from homeby.missions.queries.visible import visible_missions
from homeby.missions.rules import MissionState
from homeby.people.queries import apart
from homeby.people.rules import WATCHERS, Viewer
from homeby.watch.queries import duress


@dataclass(frozen=True, kw_only=True)
class Outings:
    """Somebody's missions by their references, what each was, and when she was out."""

    named: dict[str, str] = field(default_factory=dict)
    out: tuple[Span, ...] = ()


def outings_of(
    viewer: Viewer | None, person_id: uuid.UUID, *, since: dt.datetime, until: dt.datetime
) -> Outings:
    """The missions somebody was ever on, as far as the viewer may see them, and when she was out in
    this time. One query."""
    rows = PartyMember.objects.filter(person_id=person_id, mission__in=visible_missions(viewer))
    columns = ("mission_id", "mission__what", "mission__team_id", "out_at", "back_at")
    found = list(rows.values_list(*columns))
    return Outings(
        named={f"mission:{key}": what for key, what, *_ in found},
        out=tuple(
            (out_at, back_at, team)
            for _, _, team, out_at, back_at in found
            if out_at is not None and out_at <= until and (back_at is None or back_at > since)
        ),
    )


def hers_of(viewer: Viewer, outings: Outings) -> Hers:
    """Of which looks the viewer may read, given her missions. Up to three queries."""
    unseen, kept_apart = apart.filed(viewer)
    return Hers(
        refs=tuple(outings.named),
        out=outings.out,
        hidden_from=duress.hidden_from(viewer),
        unseen=unseen,
        apart=kept_apart,
    )


def hidden_of(viewer: Viewer, *, now: dt.datetime) -> Hers:
    """Which looks are kept from the viewer, be it on a list of all looks. Up to three queries."""
    since = duress.hidden_from(viewer)
    if since is None or viewer.person_id is None:
        return hers_of(viewer, Outings())
    return hers_of(viewer, outings_of(viewer, viewer.person_id, since=since, until=now))


def note_list(viewer: Viewer | None, what: str) -> None:
    """Note that the viewer looks at a list of who is out, and of whom: for whoever keeps the watch
    it is of everybody; for whoever keeps that of a team, of who is out for it and of what else she
    sees; a member's own party is no look. Then two queries at most, or five."""
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return
    if viewer.keeps_watch:
        opened(ReadKind.BOARD, what=what)
        return
    teams = viewer.teams(*WATCHERS)
    for team in teams:
        opened(ReadKind.BOARD, what=of_team(what, team))
    others = home.in_states(viewer, visible_missions(viewer), [MissionState.OUT])
    others = others.exclude(team_id__in=teams)
    parties: dict[uuid.UUID, list[uuid.UUID]] = {}
    members = PartyMember.objects.filter(mission__in=others)
    for key, person_id in members.values_list("mission_id", "person_id"):
        parties.setdefault(key, []).append(person_id)
    for key, party in parties.items():
        opened(ReadKind.BOARD, what=f"mission:{key}", party=party)


def called(viewer: Viewer | None, mission_ids: Iterable[uuid.UUID]) -> dict[str, str]:
    """What these missions are, by reference, as far as the viewer may see them. One query."""
    rows = visible_missions(viewer).filter(Q(pk__in=set(mission_ids)))
    return {f"mission:{key}": what for key, what in rows.values_list("pk", "what")}


def leads(viewer: Viewer, mission_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether the viewer leads this mission, and the person is of its party. One query."""
    if viewer.person_id is None:
        return False
    rows = Mission.objects.filter(pk=mission_id, leader_id=viewer.person_id)
    return rows.filter(party__person_id=person_id).exists()
