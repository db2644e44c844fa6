"""The watch bill: who holds the watch now, who comes next, and where nobody does."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.watch import queries as watch
from homeby.watch.actions import bill as actions
from homeby.watch.queries import WatchRow
from homeby.web.choosing import watchers
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page, tap_of
from homeby.web.office import phones
from homeby.web.office.timed import WatchForm
from homeby.web.office.views import saved

PLANNERS = (Role.ADMINISTRATOR, Role.DUTY_OFFICER, Role.LEADER)
Names = Mapping[uuid.UUID, str]


@page(*OFFICE_ROLES)
def office_bill(door: Door) -> HttpResponse:
    """The bill, and the form that adds a watch."""
    sent = door.request.POST if door.request.method == "POST" else None
    offered = watchers(but=door.viewer.apart, now=door.now)
    form = WatchForm(sent, zone=door.zone, now=door.now, people=offered)
    if sent is not None and form.is_valid() and _planned(door, form):
        return redirect("office-bill")
    context = _bill(door) | {"form": form if door.viewer.has(*PLANNERS) else None}
    return render(door.request, "office/bill.html", context, status=422 if form.errors else 200)


def _planned(door: Door, form: WatchForm) -> bool:
    def save() -> str:
        return actions.plan_watch(
            watch=form.watch(), by=door.viewer, now=door.now, tap=tap_of(door.request)
        )

    return saved(door, form, save)


def _bill(door: Door) -> dict[str, Any]:
    rows = watch.bill_rows(door.viewer, now=door.now)
    officers = watch.officers_now(now=door.now)
    everybody = {key for row in rows for key in (row.watch.person_id, row.watch.deputy_id)}
    names = people.names({*everybody, *officers}, to=door.viewer)
    standing = [row for row in rows if row.watch.to_at is None]
    fixed = [row for row in rows if row.watch.to_at is not None]
    here = [row for row in rows if row.covers(door.now) and row.watch.holder_id in officers]
    return {
        "standing": _called([row.watch.person_id for row in standing], names) or _("nobody"),
        "standing_rows": [_line(row, names, door) for row in standing],
        "current": {
            "duty": _called(officers, names) or _("Nobody. Every duty officer and leader is told."),
            "deputy": _called([row.watch.deputy_id for row in here], names),
            "to_at": min((row.watch.to_at for row in here if row.watch.to_at), default=None),
            "mine": watch.holds_watch(door.viewer, now=door.now),
            "id": door.viewer.person_id,
        },
        "watches": _with_gaps([_line(row, names, door) for row in fixed], door.now),
        "phones": phones.lines(door),
        "may_remove": door.viewer.has(Role.ADMINISTRATOR, Role.DUTY_OFFICER),
    }


def _called(keys: Sequence[uuid.UUID | None], names: Names) -> str:
    return ", ".join(dict.fromkeys(names.get(key, "?") for key in keys if key is not None))


def _line(row: WatchRow, names: Names, door: Door) -> dict[str, Any]:
    return {
        "id": row.id,
        "duty": names.get(row.watch.person_id, "?"),
        "deputy": _called([row.watch.deputy_id], names),
        "from_at": row.watch.from_at,
        "to_at": row.watch.to_at,
        "aside": row.watch.aside_at is not None,
        "mine": row.watch.person_id == door.viewer.person_id,
        "gap": False,
    }


def _with_gaps(lines: list[dict[str, Any]], now: dt.datetime) -> list[dict[str, Any]]:
    """The fixed watches, and between them the stretches that only the standing watch covers."""
    found: list[dict[str, Any]] = []
    covered_until = now
    for line in lines:
        if line["from_at"] > covered_until:
            found.append({"gap": True, "from_at": covered_until, "to_at": line["from_at"]})
        found.append(line)
        covered_until = max(covered_until, line["to_at"])
    return found
