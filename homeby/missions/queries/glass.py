"""Reading what was opened by breaking the glass: who holds one now, and which wait for a review."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.database.asked import Asked, AskedOf
from homeby.missions.models import BrokenGlass, Mission, PartyMember
from homeby.missions.queries.visible import closed_missions, visible_missions
from homeby.missions.rules.glass import GlassState, state_of
from homeby.people.rules import Role, Viewer
from homeby.watch import queries as watch
from homeby.watch.queries.told import was_told_of


def visible_glass(viewer: Viewer | None) -> models.QuerySet[BrokenGlass]:
    """Whoever keeps watch sees each, an administrator, too, who looks for misuse; a member those
    that opened what is hers. Of the party nobody sees it before the party was told, whatever she
    keeps: whoever forces her may read her screen."""
    if viewer is None:
        return BrokenGlass.objects.none()
    if viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR):
        found = BrokenGlass.objects.all()
        if viewer.person_id is not None:
            found = found.exclude(_untold(viewer.person_id))
            closed = closed_missions(viewer).values("pk")
            found = found.exclude(Q(mission__in=closed) & ~Q(holder_id=viewer.person_id))
        for one in viewer.apart:
            found = found.exclude(party__icontains=str(one))
        return found
    if viewer.person_id is None:
        return BrokenGlass.objects.none()
    hers = Q(party__icontains=str(viewer.person_id), party_told_at__isnull=False)
    return BrokenGlass.objects.filter(hers | Q(holder_id=viewer.person_id))


def _untold(person_id: uuid.UUID) -> Q:
    """What was opened of her party, but for what she opened herself, before the party is told."""
    return Q(party__icontains=str(person_id), party_told_at=None) & ~Q(holder_id=person_id)


_ANY_UNTOLD = Asked(lambda: BrokenGlass.objects.filter(party_told_at=None).values_list("pk")[:1])


def untold_refs(viewer: Viewer) -> list[tuple[str, dt.datetime]]:
    """Under which references logbook and outbox know those of which the viewer is not told yet, and
    since when. One query, one more where any party is not told yet."""
    if viewer.person_id is None or not _ANY_UNTOLD.any():
        return []
    rows = BrokenGlass.objects.filter(_untold(viewer.person_id))
    return [(f"glass:{key}", at) for key, at in rows.values_list("pk", "opened_at")]


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {BrokenGlass: visible_glass}


def _open(viewer: Viewer, now: dt.datetime) -> models.QuerySet[BrokenGlass]:
    """Those that the viewer holds now. With the role by which she keeps the watch it ends, too: who
    watches over no more than a team holds it only while that mission reaches her."""
    if viewer.person_id is None or not viewer.watches_some:
        return BrokenGlass.objects.none()
    rows = BrokenGlass.objects.filter(holder_id=viewer.person_id)
    rows = rows.filter(opened_at__lte=now, until_at__gt=now)
    if viewer.keeps_watch:
        return rows
    reached = [
        row.pk for row in rows.select_related("mission") if _reaches(viewer, row.mission, now)
    ]
    return rows.filter(pk__in=reached)


def broken_glass(viewer: Viewer, ref: str, *, now: dt.datetime) -> BrokenGlass | None:
    """The glass by which the viewer may read now what is closed about this mission; None where she
    holds none. One query."""
    room, _sep, key = ref.partition(":")
    if room != "mission":
        return None
    return _open(viewer, now).filter(mission_id=uuid.UUID(key)).order_by("-opened_at").first()


def opened_people(viewer: Viewer, *, now: dt.datetime) -> frozenset[uuid.UUID]:
    """Whose private data the viewer may read now by a broken glass. One query."""
    parties = _open(viewer, now).values_list("party", flat=True)
    return frozenset(uuid.UUID(key) for party in parties for key in party)


def opened_missions(viewer: Viewer, *, now: dt.datetime) -> set[uuid.UUID]:
    """The missions about which the viewer holds a broken glass now. One query."""
    return set(_open(viewer, now).values_list("mission_id", flat=True))


def held(viewer: Viewer) -> list[BrokenGlass]:
    """Those of the viewer's that nobody has reviewed, the newest first. One query."""
    if viewer.person_id is None or not viewer.watches_some:
        return []
    return _HELD.rows([viewer.person_id])


_HELD = AskedOf(
    lambda keys: (
        BrokenGlass.objects.filter(holder_id__in=keys, reviewed_at__isnull=True)
        .order_by("-opened_at")
        .select_related("mission")
    )
)


def unreviewed(viewer: Viewer | None) -> int:
    """How many wait for a review or are open. One query."""
    return visible_glass(viewer).filter(reviewed_at__isnull=True).count()


@dataclass(frozen=True, kw_only=True)
class GlassSheet:
    """A broken glass as pages show it."""

    row: BrokenGlass
    state: GlassState


def listed(viewer: Viewer | None) -> models.QuerySet[BrokenGlass]:
    """Every glass, those without a review first, then the newest. Paginate, then `glass_sheets`."""
    waits_first = models.Case(models.When(reviewed_at__isnull=True, then=0), default=1)
    return visible_glass(viewer).select_related("mission").order_by(waits_first, "-opened_at", "pk")


def glass_sheets(rows: Iterable[BrokenGlass], *, now: dt.datetime) -> list[GlassSheet]:
    """How it stands with each of these."""
    return [
        GlassSheet(
            row=row, state=state_of(until_at=row.until_at, reviewed_at=row.reviewed_at, now=now)
        )
        for row in rows
    ]


def sheet(viewer: Viewer | None, glass_id: uuid.UUID, *, now: dt.datetime) -> GlassSheet | None:
    """One of them, None where the viewer may not see it. One query."""
    rows = visible_glass(viewer).filter(pk=glass_id).select_related("mission")
    return next(iter(glass_sheets(rows, now=now)), None)


def _reaches(viewer: Viewer, mission: Mission, now: dt.datetime) -> bool:
    """Whether a mission reaches somebody who watches over a team: it is one of those she sees (of
    that team, or about which she has an alarm), she holds the watch of the station, or an open
    alarm about it was told to her."""
    return (
        visible_missions(viewer).filter(pk=mission.pk).exists()
        or watch.holds_watch(viewer, now=now)
        or was_told_of(viewer, mission.ref)
    )


@dataclass(frozen=True, kw_only=True)
class PartyToOpen:
    """The mission before whose glass somebody stands: what it is, and who is of its party."""

    mission_id: uuid.UUID
    ref: str
    what: str
    zone: str
    party: dict[uuid.UUID, str]

    @property
    def called(self) -> str:
        """The party by its callsigns."""
        return ", ".join(sorted(self.party.values()))


def party_to_open(
    viewer: Viewer | None, mission_id: uuid.UUID, *, now: dt.datetime
) -> PartyToOpen | None:
    """For whoever keeps the watch of everybody any mission; for whoever keeps that of a team what
    reaches her. Two queries, and up to six for the watch of a team."""
    if viewer is None or not viewer.watches_some:
        return None
    found = Mission.objects.select_related("unit").filter(pk=mission_id).first()
    is_secret = found is not None and found.unit is not None and found.unit.is_secret
    if found is None or not (
        (viewer.keeps_watch and not is_secret) or _reaches(viewer, found, now)
    ):
        return None
    rows = PartyMember.objects.filter(mission=found).select_related("person").order_by("pk")
    party = {row.person_id: row.person.shown_as for row in rows}
    if viewer.apart & set(party):
        return None
    return PartyToOpen(
        mission_id=found.pk,
        ref=found.ref,
        what="" if is_secret else found.what,  # officers who do not know of it are told
        zone=found.zone,
        party=party,
    )
