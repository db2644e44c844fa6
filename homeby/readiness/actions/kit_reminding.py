"""Controlled kit is asked for until it is in its place: its holder first, by and by its keepers.

A round is safe to repeat and to interrupt: what was asked is in the row and in the outbox of the
same commit. Nobody is asked while her outing lasts (`STORY.md` 54, 55).
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions.queries.in_use import came_back
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import KitItem
from homeby.readiness.queries import days
from homeby.readiness.queries import kit as queries
from homeby.readiness.rules import kit as rules
from homeby.watch.actions.notices import notify


def remind(*, now: dt.datetime) -> int:
    """Ask everybody who is due to be asked for kit; gives how many things were asked for."""
    waiting = queries.to_remind(now=now)
    if not waiting:
        return 0
    over = came_back((one for _key, one in waiting if one is not None), now=now)
    zone, asked = days.here(), 0
    for key, mission in waiting:
        if mission is not None and mission not in over:
            continue  # still out
        since = over.get(mission) if mission is not None else None
        asked += _remind(key, since, zone, now=now)
    return asked


def _remind(
    key: uuid.UUID, since: dt.datetime | None, zone: dt.tzinfo, *, now: dt.datetime
) -> bool:
    with logbook.writing(now=now, by=None, device="station") as book:
        row = KitItem.objects.select_for_update().filter(pk=key, held_by__isnull=False).first()
        if row is None:
            return False
        due = row.remind_at or rules.ask_next(since or row.held_at or now, zone=zone)
        if due > now:
            return False
        page = book.entry(rules.KIT_REMINDED, subject=f"kit:{row.pk}", person=row.held_by_id)
        _ask(page, row)
        following = rules.ask_next(now, zone=zone)
        page.change(row, remind_at=following, reminded=row.reminded + 1)
    return True


def _ask(page: Page, row: KitItem) -> None:
    said = {"label": row.label, "name": row.name}

    def to_holder() -> tuple[str, str]:
        text = _(
            "You still have %(label)s (%(name)s). Bring it back when you can, or let somebody else "
            "do it; on its page you can also say: tomorrow."
        )
        return _("Still with you: %(label)s") % said, text % said

    def to_keepers() -> tuple[str, str]:
        text = _("%(label)s (%(name)s) has not come back, and its holder was asked several times.")
        return _("Not back: %(label)s") % said, text % said

    assert row.held_by_id is not None, "somebody has it"
    about, key = f"kit:{row.pk}", f"kit:{page.entry.entry_id}"
    notify(page, [row.held_by_id], to_holder, key=key, about=about, in_danger=False)
    if row.reminded >= rules.REMINDERS_ALONE:
        keepers = people.holders(Role.GATE_KEEPER, now=page.book.now)
        others = [one for one in keepers if one != row.held_by_id]
        notify(page, others, to_keepers, key=f"{key}/keepers", about=about, in_danger=False)


@logbook.once
def put_off(*, item_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Whoever has a thing brings it tomorrow: nobody asks for it before. Raises Refused."""
    answer = _("Good: tomorrow. Nobody asks for it before.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = KitItem.objects.select_for_update().filter(pk=item_id).first()
        if row is None or row.held_by_id != by.person_id:
            raise Refused(_("You do not have this."))
        page = book.entry(
            rules.KIT_PUT_OFF,
            subject=f"kit:{row.pk}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        page.change(row, remind_at=rules.ask_next(now, zone=days.here()))
    return answer
