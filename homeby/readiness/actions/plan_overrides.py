"""Somebody is planned for a mission although she rests then, or is not asked before: whoever plans
takes it on by name and with a reason. Nothing is barred by it; it is kept and told to her."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.protection import REASON_LEAST, REASON_MOST
from homeby.watch.actions.notices import notify


def plan_over(
    act: Callable[[], str],
    *,
    person_ids: Sequence[uuid.UUID],
    reason: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Carry out the planning, and keep with it by whose word these people are planned all the
    same: both, or neither. Raises Refused."""
    reason = reason.strip()
    if not REASON_LEAST <= len(reason) <= REASON_MOST:
        raise Refused(
            why=_("Say why all the same, in %(least)d to %(most)d characters.")
            % {"least": REASON_LEAST, "most": REASON_MOST}
        )
    with transaction.atomic():
        answer = act()
        for key in person_ids:
            own = replace(tap, entry_id=uuid.uuid5(tap.entry_id, f"override {key}"))
            keep_override(person_id=key, reason=reason, by=by, now=now, tap=own)
    return answer


@logbook.once
def keep_override(
    *, person_id: uuid.UUID, reason: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """By whose word, and why, somebody is planned though she rests then; she is told."""
    answer = _("Kept, with your name and your reason.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.PLAN_OVERRIDDEN,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"reason": reason},
            tap=tap,
            answer=answer,
        )
        name = by.name

        def words() -> tuple[str, str]:
            text = _("By %(who)s: %(why)s. It stands in your logbook, with the name.")
            return _("You are planned though you rest then"), text % {"who": name, "why": reason}

        if person_id != by.person_id:
            notify(
                page, [person_id], words, key=f"rest:{page.entry.entry_id}", about="rest",
                in_danger=False,
            )  # fmt: skip
    return answer
