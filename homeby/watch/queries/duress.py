"""Reading what was done with duress PINs, for those who keep the watch and are not of that party:
whoever forces somebody may stand beside her, or read her screen."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from homeby.database.asked import Asked
from homeby.logbook.rules import SILENT_SUBJECT
from homeby.people.rules import Viewer
from homeby.watch.models import Alarm, Duress
from homeby.watch.rules import AlarmKind, AlarmState
from homeby.watch.rules.duress import about_of, silent_ref


def of_own_party(viewer: Viewer, prefix: str = "") -> Q:
    """The silent subjects that are hidden from this viewer, who is of the party."""
    if viewer.person_id is None:  # the station's own; nobody of a party
        return Q(pk__in=())
    party = {f"{prefix}party__icontains": str(viewer.person_id)}
    return Q(**{f"{prefix}ref__startswith": SILENT_SUBJECT}, **party)


def visible_duress(viewer: Viewer | None) -> models.QuerySet[Duress]:
    """Whoever keeps watch sees it, but for the party."""
    if viewer is None or not viewer.keeps_watch:
        return Duress.objects.none()
    return Duress.objects.exclude(of_own_party(viewer, "subject__"))


def refs_behind(alarm: Alarm) -> list[str]:
    """Of which subjects the lines of an alarm tell: of a silent one, that of the mission too."""
    return list(dict.fromkeys([alarm.subject.ref, about_of(alarm.subject.ref)]))


def hidden_from(viewer: Viewer) -> dt.datetime | None:
    """Since when a silent alarm is open about the viewer's own party: whoever forces her must not
    find that somebody looked. For what is left out of her pages only. One query."""
    if viewer.person_id is None:
        return None
    found = Alarm.objects.filter(kind=AlarmKind.DURESS, state=AlarmState.OPEN)
    found = found.filter(subject__party__icontains=str(viewer.person_id))
    found = found.filter(subject__duress__isnull=False)
    return min(found.values_list("subject__duress__noted_at", flat=True), default=None)


def silent_alarm(viewer: Viewer | None, ref: str) -> Alarm | None:
    """The open silent alarm beside this subject, if the viewer may know of it. At most one
    query."""
    if viewer is None or not viewer.keeps_watch:
        return None
    own = silent_ref(ref)
    found = Alarm.objects.filter(kind=AlarmKind.DURESS, state=AlarmState.OPEN)
    found = found.filter(Q(subject__ref=own) | Q(subject__ref__startswith=f"{own}/"))
    found = found.exclude(of_own_party(viewer, "subject__"))
    return found.select_related("subject").order_by("number").first()


_ANY_SILENT = Asked(lambda: Alarm.objects.filter(kind=AlarmKind.DURESS).values_list("pk")[:1])


def silent_refs(viewer: Viewer) -> list[tuple[str, dt.datetime]]:
    """Under which references logbook and outbox know the silent alarms of the viewer's own party,
    open or ended, and since when each is silent: of what was told before she may read. One query
    while there was none ever, up to two more."""
    if viewer.person_id is None or not _ANY_SILENT.any():
        return []
    rows = Alarm.objects.filter(kind=AlarmKind.DURESS)
    rows = rows.filter(subject__party__icontains=str(viewer.person_id))
    alarms = list(rows.values_list("pk", "subject__ref", "opened_at"))
    if not alarms:
        return []
    noted = Duress.objects.filter(subject__party__icontains=str(viewer.person_id))
    since: dict[str, dt.datetime] = {}
    for ref, at in noted.order_by("-noted_at").values_list("subject__ref", "noted_at"):
        since[about_of(ref)] = at
    return [(f"alarm:{key}", since.get(about_of(ref), at)) for key, ref, at in alarms]
