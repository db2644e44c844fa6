"""With what an activity is decided, as a part of the forms that plan one: "by itself" first."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.people.rules import Viewer
from homeby.readiness.queries.decision_groups import group_of_mission, open_groups
from homeby.readiness.queries.duty_access import PLANNERS
from homeby.readiness.queries.special_units import plannable
from homeby.readiness.rules.decision_groups import NAME_MAX, Together

FIELDS = ("group", "group_name")


def group_field() -> forms.ChoiceField:
    """The groups that take in more."""
    return forms.ChoiceField(
        label=gettext_lazy("Decided together with"),
        required=False,
        help_text=gettext_lazy(
            "What is decided together, such as a roster of a month, counts as one decision when it "
            "is asked whether somebody is left out."
        ),
    )


def name_field() -> forms.CharField:
    """The name of a new one."""
    return forms.CharField(
        label=gettext_lazy("Or begin such a group"),
        required=False,
        max_length=NAME_MAX,
        help_text=gettext_lazy("By a name, such as Roster December or Expedition."),
    )


class GroupForm(forms.Form):
    """Into which group a duty is taken that stands by itself."""

    group = group_field()
    group_name = name_field()


def called(group: Any) -> str:
    """A group by its name, as its reader may know it."""
    return group.shown or _("a group without a name")


def of_mission(viewer: Viewer, mission: Any) -> str:
    """With what a mission was decided, for whoever plans for its team; nothing for others."""
    found = group_of_mission(viewer, mission)
    return called(found) if found is not None else ""


def offer(form: forms.Form, viewer: Viewer, *, now: dt.datetime, had: Any = None) -> None:
    """What the fields offer: to whoever plans for a team or special unit; `had` is the group that
    the activity is in."""
    if not (viewer.has_somewhere(*PLANNERS) or plannable(viewer, keeps=True)):
        drop(form)
        return
    found = {group.pk: _labelled(group) for group in open_groups(viewer, now=now)}
    if had is not None:
        found.setdefault(had.pk, _labelled(had))
    if not found:
        del form.fields["group"]
        return
    shown: Any = form.fields["group"]
    shown.choices = [("", _("by itself")), *((str(key), label) for key, label in found.items())]


def drop(form: forms.Form) -> None:
    """Ask nothing of it, so that it stays as it is."""
    for name in FIELDS:
        del form.fields[name]


def _labelled(group: Any) -> str:
    whose = group.team.name if group.team else group.unit.called if group.unit else ""
    return f"{called(group)} ({whose})" if whose else called(group)


def chosen(form: forms.Form) -> Together | None:
    """What was chosen; None where it was not asked."""
    if "group_name" not in form.fields:
        return None
    said = form.cleaned_data
    key = said.get("group")
    return Together(group_id=uuid.UUID(key) if key else None, name=said.get("group_name", ""))
