"""Reading what kin were told and asked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.people.rules import Viewer
from homeby.watch.models import Alarm, KinCare, KinNews
from homeby.watch.models import KinWorry as KinWorry
from homeby.watch.queries.visible import visible_subjects
from homeby.watch.rules import AlarmState, Phase
from homeby.watch.rules.kin import SearchStep


def _of_watch(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        watches = viewer is not None and viewer.keeps_watch
        return rows if watches else rows.none()

    return visible


def visible_worries(viewer: Viewer | None) -> models.QuerySet[KinWorry]:
    """Whoever keeps watch sees who is worried, but never who worries about herself: what kin ask
    is not shown to the member (`STORY.md` 39); nor about somebody whom she is kept away from."""
    found: models.QuerySet[KinWorry] = _of_watch(KinWorry)(viewer)
    own = viewer.person_id if viewer is not None else None
    if viewer is None or own is None:
        return found
    return found.exclude(person_id__in={own, *viewer.apart})


visible_care = _of_watch(KinCare)

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    KinNews: _of_watch(KinNews),
    KinCare: visible_care,
    KinWorry: visible_worries,
}


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What the watch knows that a kin page may need; `next_at` is the hour that was named to these
    kin, `speaker` who speaks with them now."""

    told: bool = False
    next_at: dt.datetime | None = None
    alarm_phase: Phase | None = None
    speaker: str = ""
    was_held: bool = False
    step: SearchStep | None = None
    step_at: dt.datetime | None = None
    worried_at: dt.datetime | None = None
    worry_id: uuid.UUID | None = None
    taken_up_at: dt.datetime | None = None


def kin_watch(ref: str, kin_id: uuid.UUID) -> Watched:
    """What the watch knows of a subject (of none: "") for one of its kin, whose secret link is the
    permission. Four queries."""
    news = KinNews.objects.filter(subject__ref=ref, kin_id=kin_id).first()
    alarm = Alarm.objects.filter(subject__ref=ref, state=AlarmState.OPEN).first()
    care = KinCare.objects.filter(subject__ref=ref).first() or KinCare()
    said = KinWorry.objects.filter(kin_id=kin_id).order_by("-first_at", "pk").first()
    worry = said if said is not None and said.answered_at is None else None
    return Watched(
        told=news is not None,
        next_at=news.next_at if news is not None else None,
        alarm_phase=Phase(alarm.phase) if alarm is not None else None,
        speaker=care.speaker if care.is_held else "",
        was_held=care.held_at is not None,
        step=SearchStep(care.step) if care.step else None,
        step_at=care.step_at,
        worried_at=worry.told_at if worry is not None else None,
        worry_id=worry.pk if worry is not None else None,
        taken_up_at=said.answered_at if said is not None else None,
    )


@dataclass(frozen=True, kw_only=True)
class KinSheet:
    """How it stands with the kin of a subject, for those who keep its watch."""

    told: int
    next_at: dt.datetime | None
    care: KinCare
    worries: tuple[KinWorry, ...]


def kin_sheet(viewer: Viewer | None, ref: str) -> KinSheet:
    """What kin of a subject were told, who speaks with them, and who is worried. Three queries."""
    rows = VISIBLE[KinNews](viewer).filter(subject__ref=ref)
    hours = [row.next_at for row in rows if row.next_at is not None]
    return KinSheet(
        told=len(rows),
        next_at=min(hours, default=None),
        care=visible_care(viewer).filter(subject__ref=ref).first() or KinCare(),
        worries=tuple(visible_worries(viewer).filter(subject_ref=ref).order_by("-first_at")),
    )


def open_worries(viewer: Viewer | None) -> list[KinWorry]:
    """Worries that nobody has taken up, the first said first: about people who are not out, and of
    missions that the viewer may see and is not of. One query."""
    if viewer is None:
        return []
    seen = visible_subjects(viewer)
    if viewer.person_id is not None:
        seen = seen.exclude(party__icontains=str(viewer.person_id))
    about = Q(subject_ref="") | Q(subject_ref__in=seen.values("ref"))
    rows = visible_worries(viewer).filter(about, answered_at__isnull=True)
    return list(rows.order_by("first_at", "pk"))
