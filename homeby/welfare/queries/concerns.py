"""Concerns, for welfare officers outside the team concerned, for whoever spoke, and for her whom
they are about once she knows. Nobody sees one by being leader, administrator or team-mate."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.queries.in_teams import members_of, own_teams
from homeby.people.queries.led import teams_of
from homeby.people.rules import Role, Viewer
from homeby.welfare.models import (
    Concern,
    ConcernNote,
    FollowUp,
    NotShownTo,
    OwnGrace,
    WelfareCheck,
)
from homeby.welfare.rules.concerns import (
    OF_BOTH,
    PASSED_ON_AFTER,
    SHE_READS,
    SPEAKER_READS,
    SPOKEN,
    ConcernKind,
    ConcernState,
    Known,
    NextStep,
    NoteKind,
)


def officer_concerns(viewer: Viewer | None) -> models.QuerySet[Concern]:
    """Those that the viewer looks after as a welfare officer: none about herself, of a team that
    she is in or leads, or that is kept from her. A leader of the whole organisation has none."""
    rows = Concern.objects.all()
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    if viewer.is_station:
        return rows
    if viewer.has(Role.LEADER) or not viewer.has_somewhere(Role.WELFARE_OFFICER):
        return rows.none()
    inside = {*own_teams(viewer), *viewer.teams(Role.LEADER)}
    rows = rows.exclude(person_id__in={viewer.person_id, *viewer.apart})
    rows = rows.exclude(_of_teams(inside))
    rows = rows.exclude(kind__in=OF_BOTH, person_id__in=members_of(inside))
    rows = rows.exclude(pk__in=NotShownTo.objects.filter(person=viewer.person_id).values("concern"))
    if viewer.has(Role.WELFARE_OFFICER):
        return rows
    return rows.filter(_of_teams(viewer.teams(Role.WELFARE_OFFICER)))


def _of_teams(teams: Collection[uuid.UUID]) -> Q:
    """About one of these teams; where none is named, about somebody who is in one of them."""
    named = Q(team_id__isnull=False, team_id__in=teams)
    return named | Q(team_id__isnull=True, person_id__in=members_of(teams))


def visible_concerns(viewer: Viewer | None) -> models.QuerySet[Concern]:
    """Those that she looks after, those she spoke of, and those about her that she knows of."""
    found = officer_concerns(viewer)
    if viewer is None or viewer.person_id is None:
        return found
    return Concern.objects.filter(Q(pk__in=found.values("pk"))) | _own(viewer)


def visible_notes(viewer: Viewer | None) -> models.QuerySet[ConcernNote]:
    """All of those that she looks after; of others what she said and the answer to it, and of what
    is about her what is for her."""
    looked_after = Q(concern__in=officer_concerns(viewer))
    if viewer is None or viewer.person_id is None:
        return ConcernNote.objects.filter(looked_after)
    me = viewer.person_id
    spoke = Q(concern__opened_by_id=me, concern__kind__in=SPOKEN, kind__in=SPEAKER_READS)
    hers = Q(concern__person_id=me, concern__known_at__isnull=False, kind__in=SHE_READS)
    return ConcernNote.objects.filter(looked_after | spoke | hers | Q(by_id=me))


def visible_follow_ups(viewer: Viewer | None) -> models.QuerySet[FollowUp]:
    """Of concerns that she looks after, and of those about her that she knows of."""
    found = Q(concern__in=officer_concerns(viewer))
    if viewer is not None and viewer.person_id is not None:
        found |= Q(concern__person_id=viewer.person_id, concern__known_at__isnull=False)
    return FollowUp.objects.filter(found)


def visible_checks(viewer: Viewer | None) -> models.QuerySet[WelfareCheck]:
    """Whoever holds the watch is told of a missed duty as a welfare officer is, and may look for
    her: the check, not the concern behind it. Her own, too; nobody's whom one is kept from."""
    rows = WelfareCheck.objects.all()
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    if viewer.is_station:
        return rows
    seen = Q(concern__in=officer_concerns(viewer))
    if viewer.person_id is not None:
        seen |= Q(concern__person_id=viewer.person_id)
    if viewer.has(Role.DUTY_OFFICER):
        seen |= ~Q(concern__person_id__in=viewer.apart)
    elif teams := viewer.teams(Role.DUTY_OFFICER):
        of_team = Q(concern__person_id__in=members_of(teams))
        seen |= of_team & ~Q(concern__person_id__in=viewer.apart)
    return rows.filter(seen)


def _not_shown(viewer: Viewer | None) -> models.QuerySet[NotShownTo]:
    return NotShownTo.objects.filter(concern__in=officer_concerns(viewer))


def visible_graces(viewer: Viewer | None) -> models.QuerySet[OwnGrace]:
    """Her own alone."""
    rows = OwnGrace.objects.all()
    if viewer is not None and viewer.is_station:
        return rows
    if viewer is None or viewer.person_id is None:
        return rows.none()
    return rows.filter(person_id=viewer.person_id)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Concern: visible_concerns,
    ConcernNote: visible_notes,
    FollowUp: visible_follow_ups,
    WelfareCheck: visible_checks,
    NotShownTo: _not_shown,
    OwnGrace: visible_graces,
}


def officers_outside(
    person_id: uuid.UUID,
    team_id: uuid.UUID | None,
    *,
    now: dt.datetime,
    kind: ConcernKind | None = None,
    not_to: Collection[uuid.UUID] = (),
    though_apart: bool = False,
) -> list[uuid.UUID]:
    """The welfare officers who may look after somebody in a matter of this team (None: of all teams
    of hers): the same people who see such a concern; of what somebody says of another (`kind`) none
    of either's team. `though_apart`: those she is kept away from as well, who see nothing. No
    viewer: it decides who is told."""
    hers = teams_of([person_id]).get(person_id, set())
    teams = {team_id} if team_id is not None else hers
    # Whoever is in no team has the officers of everybody: her own id is that of no team.
    officers = outside_of(teams or {person_id}, also=hers if kind in OF_BOTH else set(), now=now)
    apart = {} if though_apart else apart_from([person_id])
    away = {key for keys in apart.values() for key in keys}
    return sorted(officers - away - {person_id, *not_to})


def outside_of(
    teams: Collection[uuid.UUID], *, also: Collection[uuid.UUID] = (), now: dt.datetime
) -> set[uuid.UUID]:
    """The welfare officers of some teams who neither are in nor lead one of them, or of some more.
    No viewer: as `officers_outside`."""
    all_of_them = {*teams, *also}
    inside = _holders(Role.LEADER, all_of_them, now=now)
    inside |= set(members_of(all_of_them).values_list("person_id", flat=True))
    return _holders(Role.WELFARE_OFFICER, teams, now=now) - inside


def who_may_have(row: Concern, *, now: dt.datetime) -> list[uuid.UUID]:
    """The welfare officers who may look after a concern. No viewer: it decides who is told."""
    barred = list(row.not_shown_to.values_list("person_id", flat=True))
    kind = ConcernKind(row.kind)
    return officers_outside(row.person_id, row.team_id, now=now, kind=kind, not_to=barred)


def _holders(role: Role, teams: Collection[uuid.UUID], *, now: dt.datetime) -> set[uuid.UUID]:
    return {key for team in teams for key in people.holders(role, now=now, team_id=team)}


def known(row: Concern, *, now: dt.datetime) -> Known:
    """What was done about it. No viewer: an act judges by it."""
    notes = list(row.notes.values_list("kind", "step", "by_id"))
    answers = (row.person_id, NoteKind.STEP.value)  # a step that she chose is her word, too
    hers = {NoteKind.HER_WORD for kind, _step, by in notes if (by, kind) == answers}
    return Known(
        kind=ConcernKind(row.kind),
        done=frozenset({*(NoteKind(kind) for kind, _step, _by in notes), *hers}),
        steps=frozenset(NextStep(step) for _kind, step, _by in notes if step),
        may_ask=row.may_ask_at is not None,
        is_waited_for=row.asked.filter(answered_at__isnull=True, answer_by__gt=now).exists(),
    )


def follow_ups_due(*, now: dt.datetime) -> list[FollowUp]:
    """Those whose owner is to hear of them now, or the others a day later and then each week. No
    viewer: the hourly round asks."""
    rows = FollowUp.objects.filter(done_at__isnull=True, due_at__lte=now)
    first = Q(asked_at__isnull=True)
    later = Q(passed_on_at__isnull=True, asked_at__lte=now - PASSED_ON_AFTER)
    later |= Q(passed_on_at__lte=now - 7 * PASSED_ON_AFTER)
    return list(rows.filter(first | later).select_related("concern").order_by("due_at", "pk"))


def unanswered(*, now: dt.datetime) -> list[Concern]:
    """What was said and not answered in time, or has been nobody's for a day; asked for once a day.
    No viewer: the hourly round."""
    late = Q(answered_at__isnull=True, answer_by__lte=now)
    late |= Q(owner_id__isnull=True, opened_at__lte=now - PASSED_ON_AFTER)
    rows = Concern.objects.filter(late, state=ConcernState.OPEN)
    again = Q(asked_again_at__isnull=True) | Q(asked_again_at__lte=now - PASSED_ON_AFTER)
    return list(rows.filter(again).order_by("opened_at", "pk"))


def concern(viewer: Viewer | None, concern_id: uuid.UUID) -> Concern | None:
    """One that the viewer looks after as a welfare officer. One query."""
    return officer_concerns(viewer).filter(pk=concern_id).first()


def desk(viewer: Viewer | None) -> list[Concern]:
    """Those that are open: what nobody owns first, then what waits for an answer, the oldest first.
    One query."""
    rows = officer_concerns(viewer).filter(state=ConcernState.OPEN).select_related("person")
    return sorted(
        rows.order_by("opened_at", "pk"),
        key=lambda one: (one.owner_id is not None, one.answered_at is not None, one.opened_at),
    )


def ended(viewer: Viewer | None, *, limit: int = 50) -> list[Concern]:
    """Those that ended, the newest first. One query."""
    rows = officer_concerns(viewer).filter(state=ConcernState.ENDED).select_related("person")
    return list(rows.order_by("-ended_at", "pk")[:limit])


def open_follow_ups(viewer: Viewer | None) -> list[FollowUp]:
    """What the viewer looks after as an officer, the next first. One query."""
    rows = FollowUp.objects.filter(concern__in=officer_concerns(viewer), done_at__isnull=True)
    return list(rows.select_related("concern__person").order_by("due_at", "pk"))


def notes_of(viewer: Viewer | None, row: Concern) -> list[ConcernNote]:
    """What she may read of it, the oldest first. One query."""
    return list(visible_notes(viewer).filter(concern=row).order_by("at", "pk"))


def own(viewer: Viewer | None, concern_id: uuid.UUID) -> Concern | None:
    """One about the viewer that she knows of, or that she spoke of. One query."""
    return _own(viewer).filter(pk=concern_id).first()


def own_concerns(viewer: Viewer | None) -> list[Concern]:
    """The newest of those first, fifty at most. One query."""
    return list(_own(viewer).select_related("person").order_by("-opened_at", "pk")[:50])


def all_own_concerns(viewer: Viewer | None) -> list[Concern]:
    """All of those, the first first. One query."""
    return list(_own(viewer).order_by("opened_at", "pk"))


def _own(viewer: Viewer | None) -> models.QuerySet[Concern]:
    if viewer is None or viewer.person_id is None:
        return Concern.objects.none()
    spoke = Q(opened_by_id=viewer.person_id, kind__in=SPOKEN)
    hers = Q(person_id=viewer.person_id, known_at__isnull=False)
    return Concern.objects.filter(spoke | hers)
