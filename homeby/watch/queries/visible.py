"""Who sees of whom the watch knows: subjects, their deadlines, their alarms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from homeby.comms.queries.told import alarms_told
from homeby.database.asked import AskedOf
from homeby.people.rules import WATCHERS, Role, Viewer
from homeby.watch import rules
from homeby.watch.models import Alarm, Deadline, Subject
from homeby.watch.queries.duress import of_own_party
from homeby.watch.rules import AlarmState
from homeby.watch.rules.duress import about_of


def visible_subjects(viewer: Viewer | None) -> QuerySet[Subject]:
    """Whoever keeps watch sees all, whoever watches over a team that team's; a member subjects she
    leads (missions show her own). The canary is nobody's: it stands on no board and in no figure,
    not even in the station's own; nor does the party of an exercise. Of a silent alarm the party
    itself sees nothing."""
    if viewer is None:
        return Subject.objects.none()
    people = Subject.objects.exclude(ref=rules.CANARY_REF)
    people = people.exclude(ref__startswith=rules.EXERCISE_REF)
    if viewer.apart:
        people = _but_apart(viewer, people)
    if viewer.closed_refs is not None:
        people = people.exclude(viewer.closed_refs.about("ref", of_subjects=True))
    if not (viewer.is_station or viewer.has(Role.DUTY_OFFICER)):
        people = people.filter(Q(is_gentle=False) | _responsible(viewer))
    if viewer.keeps_watch:
        return people.exclude(of_own_party(viewer))
    if viewer.person_id is None:
        return Subject.objects.none()
    seen = Q(team_id__in=viewer.teams(*WATCHERS)) & ~of_own_party(viewer)
    seen |= _responsible(viewer)
    if viewer.has(Role.ADMINISTRATOR):  # a partner station is no person
        seen |= Q(ref__startswith="partner:")
    return people.filter(Q(leader_id=viewer.person_id) | seen)


def _responsible(viewer: Viewer) -> Q:
    """What names the viewer, or a role of hers, as whoever has to do it."""
    found = Q(responsible__icontains=str(viewer.person_id))
    for role in viewer.roles:
        found |= Q(responsible__icontains=f'"{role}"')
    for role, team_id in viewer.team_roles:
        found |= Q(responsible__icontains=f'"{role}"', team_id=team_id)
    return found


def _but_apart(viewer: Viewer, rows: QuerySet[Subject]) -> QuerySet[Subject]:
    """Without those about whom are people the viewer is kept away from."""
    if viewer.apart_refs is not None:
        return rows.exclude(viewer.apart_refs.about("ref", of_subjects=True))
    for one in viewer.apart:
        rows = rows.exclude(Q(party__icontains=str(one)) | Q(named__icontains=str(one)))
    return rows


def has_it(viewer: Viewer) -> Q:
    """The alarms that the viewer has, or was offered."""
    me = viewer.person_id
    return Q(holder_id=me) | Q(co_holder_id=me) | Q(offered_to_id=me)


def visible_alarms(viewer: Viewer | None) -> QuerySet[Alarm]:
    """Alarms of visible subjects, and those the viewer holds or was offered. An administrator sees
    an open one of which she was told, too: the watch turns to her when it reaches nobody else. An
    open act of care is seen by a leader who was told of it, and by no other."""
    found = Alarm.objects.filter(subject__in=visible_subjects(viewer))
    if viewer is not None and viewer.person_id is not None:
        found |= Alarm.objects.filter(has_it(viewer))
        if viewer.has(Role.ADMINISTRATOR) and not viewer.keeps_watch:
            told = Alarm.objects.filter(pk__in=alarms_told(viewer.person_id))
            found |= told.filter(state=AlarmState.OPEN).exclude(of_own_party(viewer, "subject__"))
        elif viewer.has_somewhere(Role.LEADER) and not viewer.has(Role.DUTY_OFFICER):
            found |= _told_gently(viewer)
    return found.exclude(kind__in=rules.EXERCISES)


def _told_gently(viewer: Viewer) -> QuerySet[Alarm]:
    """The open acts of care that were told to the viewer, but of people she is kept away from."""
    assert viewer.person_id is not None, "somebody was told"
    found = Alarm.objects.filter(kind=rules.AlarmKind.CARE, state=AlarmState.OPEN)
    if not found.exists():
        return found.none()
    found = found.filter(pk__in=alarms_told(viewer.person_id))
    about = _but_apart(viewer, Subject.objects.all()) if viewer.apart else None
    return found if about is None else found.filter(subject__in=about)


def refs_held(viewer: Viewer) -> list[str]:
    """What the open alarms are about that the viewer has, or was offered. One query."""
    if viewer.person_id is None:
        return []
    return [about_of(ref) for (ref,) in _HELD.rows([viewer.person_id])]


def _held(keys: Sequence[Any]) -> QuerySet[Alarm, Any]:
    hers = Q(holder_id__in=keys) | Q(co_holder_id__in=keys) | Q(offered_to_id__in=keys)
    rows = Alarm.objects.filter(hers, state=AlarmState.OPEN).exclude(kind__in=rules.EXERCISES)
    return rows.values_list("subject__ref")


_HELD = AskedOf(_held)


def may_stand_down(viewer: Viewer, alarm: Alarm) -> bool:
    """Whether the viewer may end an alarm by standing it down: a duty officer or leader, of the
    whole organisation or of the team; an administrator one that she has taken."""
    if viewer.person_id is None:
        return False
    last = viewer.has(Role.ADMINISTRATOR) and viewer.person_id in alarm.takers
    return last or viewer.has_for(alarm.subject.team_id, Role.DUTY_OFFICER, Role.LEADER)


def visible_deadlines(viewer: Viewer | None) -> QuerySet[Deadline]:
    """Deadlines of visible subjects."""
    return Deadline.objects.filter(subject__in=visible_subjects(viewer))


def may_take(viewer: Viewer, alarm: Alarm) -> bool:
    """Whether the viewer may take an alarm: she watches over that team, or it was offered to her.
    Whoever was told of it may, too: that is looked at when it is taken."""
    own = viewer.person_id is not None and viewer.person_id in (
        alarm.offered_to_id,
        *alarm.takers,
        alarm.subject.leader_id,
    )
    told = viewer.has(Role.ADMINISTRATOR) and visible_alarms(viewer).filter(pk=alarm.pk).exists()
    named = bool(alarm.subject.responsible) and visible_alarms(viewer).filter(pk=alarm.pk).exists()
    return viewer.watches(alarm.subject.team_id) or own or told or named
