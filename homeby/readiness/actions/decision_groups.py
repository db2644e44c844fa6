"""What is decided together: a duty or mission is planned into an open group or begins one, in the
commit of its decision, and stands by itself again as long as it has not begun."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.queries import answer_given
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.duty_acts import at_duty, keep_decision
from homeby.readiness.models import DecisionGroup, Duty, GroupedMission
from homeby.readiness.queries import decision_groups as queries
from homeby.readiness.queries.duty_access import may_plan
from homeby.readiness.rules import decision_groups as rules
from homeby.readiness.rules.decision_groups import Together
from homeby.readiness.rules.whose import Whose


def taken_in(
    book: Book,
    together: Together,
    *,
    whose: Whose,
    begins: Sequence[dt.datetime],
    by: Viewer,
    had: uuid.UUID | None = None,
) -> uuid.UUID | None:
    """The group in which what begins at these instants is decided, as part of a book: locked, and
    begun where it is new; None for what stands by itself. In the one that it `had` it stays, also
    where that takes in no more. Raises Refused."""
    if together.is_alone:
        return None
    field = "group" if together.group_id else "group_name"
    if problem := rules.problem_with_name(together):
        raise Refused(group_name=problem)
    if not may_plan(by, whose):
        raise Refused(
            **{field: _("Whoever plans for the whole team or special unit decides that.")}
        )
    group = _found(together, whose, by, had=had, now=book.now)
    spans = [*begins, group.first_at, group.last_at] if group is not None else begins
    if problem := rules.problem_with_span(spans):
        raise Refused(**{field: problem})
    if group is None:
        return _begin(book, together, whose, begins)
    page = book.entry(rules.DECISION_GROUP_JOINED, subject=f"decision-group:{group.pk}")
    _stretch(page, group, begins)
    return group.pk


def _found(
    together: Together, whose: Whose, by: Viewer, *, had: uuid.UUID | None, now: dt.datetime
) -> DecisionGroup | None:
    """The group that was chosen, or the open one of that name, locked; None where it is new."""
    rows = queries.open_groups(by, now=now)
    if together.group_id is None:
        name = together.name.strip()
        key = rows.filter(shown=name, **whose._asdict()).values_list("pk", flat=True).first()
    else:
        stays = together.group_id == had
        chosen = (
            (queries.planned_groups(by) if stays else rows).filter(pk=together.group_id).first()
        )
        if chosen is None:
            raise Refused(group=_("Choose from the list."))
        if chosen.whose != whose:
            raise Refused(group=_("This group is of another team or special unit; choose another."))
        key = chosen.pk
    return _locked(key) if key is not None else None


def _locked(key: uuid.UUID) -> DecisionGroup | None:
    return DecisionGroup.objects.select_for_update().filter(pk=key).first()


def _begin(
    book: Book, together: Together, whose: Whose, begins: Sequence[dt.datetime]
) -> uuid.UUID:
    group = DecisionGroup(
        id=uuid.uuid4(),
        name=together.name.strip(),
        begun_by_id=book.by,
        first_at=min(begins),
        last_at=max(begins),
        **whose._asdict(),
    )
    book.entry(rules.DECISION_GROUP_BEGUN, subject=f"decision-group:{group.pk}").add(group)
    return group.pk


def _stretch(page: Page, group: DecisionGroup, begins: Sequence[dt.datetime]) -> None:
    first, last = min([group.first_at, *begins]), max([group.last_at, *begins])
    if (first, last) != (group.first_at, group.last_at):
        page.change(group, first_at=first, last_at=last)


def moved_in_group(page: Page, duty: Duty, begins: dt.datetime) -> None:
    """As part of an entry, a duty begins at another time: its group, where it has one, reaches to
    it. Raises Refused where that is too far."""
    group = _locked(duty.group_id)
    if group is None:
        return
    if rules.problem_with_span([begins, group.first_at, group.last_at]):
        raise Refused(
            starts=_("This is too far from the others of its group; let it stand by itself first.")
        )
    _stretch(page, group, [begins])


@logbook.once
def leave_group(*, duty_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A duty that has not begun is no longer decided together with others. Raises Refused."""
    answer = _("It stands by itself now.")
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        if queries.group_of_duty(by, duty) is None:
            raise Refused(_("It stands by itself already."))
        if duty.starts_at <= now:
            raise Refused(_("It has begun: what was decided together stays so."))
        page = book.entry(rules.DECISION_GROUP_LEFT, subject=duty.ref, tap=tap, answer=answer)
        page.change(duty, group_id=duty.pk)
        keep_decision(page, duty, "GROUP", facts={})
    return answer


@logbook.once
def join_group(
    *, duty_id: uuid.UUID, together: Together, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A duty that has not begun is decided together with others from now on. Raises Refused."""
    answer = _("It is decided together with others.")
    if together.is_alone:
        raise Refused(group_name=_("Choose a group, or begin a new one by its name."))
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        if queries.group_of_duty(by, duty) is not None:
            raise Refused(_("It is decided together with others already."))
        if duty.starts_at <= now:
            raise Refused(_("It has begun: what was decided by itself stays so."))
        group = taken_in(book, together, whose=duty.whose, begins=[duty.starts_at], by=by)
        page = book.entry(rules.DECISION_GROUP_JOINED, subject=duty.ref, tap=tap, answer=answer)
        page.change(duty, group_id=group)
        keep_decision(page, duty, "GROUP", facts={})
    return answer


@dataclass(frozen=True, kw_only=True)
class MissionTogether:
    """A mission as its group sees it: whose it is, and when it is expected back."""

    mission_id: uuid.UUID
    whose: Whose
    due_at: dt.datetime
    together: Together


def plan_together(
    act: Callable[[], str], mission: MissionTogether, *, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Carry out the planning of a mission with what it is decided together with: both, or neither;
    the decision that is kept with it says so. Raises Refused."""
    if answer_given(tap.entry_id) is not None or _stands(mission):
        return act()
    own = replace(tap, entry_id=uuid.uuid5(tap.entry_id, "group"))
    with transaction.atomic():
        group_mission(mission=mission, by=by, now=now, tap=own)
        return act()


def _stands(mission: MissionTogether) -> bool:
    """Whether it is decided so already."""
    row = GroupedMission.objects.filter(mission_id=mission.mission_id).select_related("group")
    had, wanted = row.first(), mission.together
    if had is None or wanted.is_alone:
        return had is None and wanted.is_alone
    covers = had.group.first_at <= mission.due_at <= had.group.last_at
    return had.group_id == wanted.group_id and had.group.whose == mission.whose and covers


@logbook.once
def group_mission(*, mission: MissionTogether, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Have a mission that is planned, in the same commit, decided together with others or by
    itself. Raises Refused."""
    alone, ref = mission.together.is_alone, f"mission:{mission.mission_id}"
    answer = _("It stands by itself now.") if alone else _("It is decided together with others.")
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = GroupedMission.objects.select_for_update().filter(mission_id=mission.mission_id)
        row = rows.first()
        group = taken_in(
            book,
            mission.together,
            whose=mission.whose,
            begins=[mission.due_at],
            by=by,
            had=row.group_id if row is not None else None,
        )
        kind = rules.DECISION_GROUP_LEFT if alone else rules.DECISION_GROUP_JOINED
        page = book.entry(kind, subject=ref, tap=tap, answer=answer)
        if row is not None and group is not None:
            page.change(row, group_id=group)
        elif row is not None:
            page.remove(row)
        elif group is not None:
            key = uuid.uuid5(mission.mission_id, "group")
            page.add(GroupedMission(id=key, mission_id=mission.mission_id, group_id=group))
    return answer
