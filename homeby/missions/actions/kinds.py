"""Kinds of mission: data of the organisation, never code. What ends one stands with sites and gates
(`places.end_place`)."""

from __future__ import annotations

import datetime as dt
import re
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.models import MissionKind
from homeby.missions.rules.kinds import first_kinds
from homeby.people.actions.organisation import require
from homeby.people.rules import STATION, Role, Viewer

NAME_MAX = 200
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
#: The kinds with which a station begins come once, whatever becomes of them later.
_FIRST = uuid.UUID("a1f0c1d2-5b1e-4a1c-9f63-6b1f3ad4a5e7")


@logbook.once
def add_kind(
    *, code: str, name: str, is_exercise: bool, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Add a kind of mission; the row's id is the tap's. Rule packs name it by its code."""
    require(by, Role.ADMINISTRATOR)
    code = code.strip().upper().replace("-", "_").replace(" ", "_")
    problems = _with_name(name)
    if not _CODE.fullmatch(code):
        problems["code"] = _("Letters, digits and _, such as CAVE_RESCUE; at most 40.")
    elif MissionKind.objects.filter(code=code).exists():
        problems["code"] = _("There is a kind with that code already.")
    if problems:
        raise Refused(**problems)
    answer = _("Kind of mission added.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.MISSION_KIND_ADDED,
            subject=f"mission-kind:{tap.entry_id}",
            tap=tap,
            answer=answer,
        )
        page.add(
            MissionKind(id=tap.entry_id, code=code, name=name.strip(), is_exercise=is_exercise)
        )
    return answer


@logbook.once
def change_kind(
    *,
    kind_id: uuid.UUID,
    name: str,
    is_exercise: bool,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Change what people read of a kind, and whether it is an exercise; its code stays. What was
    counted of missions that are over stays as it was."""
    require(by, Role.ADMINISTRATOR)
    if problems := _with_name(name):
        raise Refused(**problems)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = MissionKind.objects.select_for_update().filter(pk=kind_id).first()
        if row is None:
            raise Refused(_("There is no such kind of mission; choose one of the list."))
        page = book.entry(
            rules.MISSION_KIND_CHANGED,
            subject=f"mission-kind:{kind_id}",
            tap=tap,
            answer=_("Saved."),
        )
        page.change(row, name=name.strip(), is_exercise=is_exercise)
    return _("Saved.")


def _with_name(name: str) -> dict[str, str]:
    if not name.strip():
        return {"name": _("Give the kind a name.")}
    if len(name.strip()) > NAME_MAX:
        return {"name": _("This is longer than %d characters.") % NAME_MAX}
    return {}


def add_first_kinds(*, now: dt.datetime) -> None:
    """The kinds with which a station begins: when it is founded, and once when a station that is
    older than kinds comes up to date."""
    there = set(MissionKind.objects.values_list("code", flat=True))
    for code, name, is_exercise in first_kinds():
        if code not in there:
            tap = Tap(entry_id=uuid.uuid5(_FIRST, code), device="station")
            add_kind(code=code, name=name, is_exercise=is_exercise, by=STATION, now=now, tap=tap)
