"""The word by which somebody breaks the rest of another: kept by name, with a reason, and told.
Said of her and of no duty, it is used up by the first duty or mission that it lets her be on."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeby.comms.actions.let_through import let_through
from homeby.logbook.actions import Book
from homeby.people.actions.rests import end_rest, rests_at
from homeby.people.queries.apart import read_as
from homeby.people.rules import Viewer
from homeby.readiness.models import RestOverride
from homeby.readiness.queries.rest import Going, against
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.overrides import HOLDS, Lifted
from homeby.readiness.rules.sleep import Span
from homeby.watch.actions.notices import notify_of_hours

#: How the keys of appointments for the debrief begin, which come at their own hour.
DEBRIEF = "debrief:"


@dataclass(frozen=True, kw_only=True)
class Given:
    """A word as it is given: why, what it lifts, and for a duty or mission of which span alone
    (None: for any); `over_another` names that duty where she is on another at that time."""

    reason: str
    lifts: Lifted
    span: Span | None = None
    over_another: uuid.UUID | None = None


def break_rest(
    book: Book,
    person_id: uuid.UUID,
    *,
    by: Viewer,
    word: Given,
    kind: str = kinds.REST_OVERRIDDEN,
    **entry: Any,
) -> None:
    """Keep by whose word what speaks against her counts no more, and of what; she hears of it.
    Messages reach her again at once, but where that for which it is said begins after the rest. Who
    plans a mission and goes herself keeps it with her reason, and is told of nothing."""
    assert by.person_id is not None, "it is said by name"
    page = book.entry(
        kind,
        subject=f"person:{person_id}",
        person=person_id,
        facts={"reason": word.reason},
        **entry,
    )
    if person_id == by.person_id:
        return
    page.add(
        RestOverride(
            id=uuid.uuid4(),
            person_id=person_id,
            by_id=by.person_id,
            at=book.now,
            reason=word.reason,
            begins_at=word.span[0] if word.span else None,
            ends_at=word.span[1] if word.span else None,
            lifts_rest=word.lifts.rest,
            lifts_health=word.lifts.health,
            over_another_id=word.over_another,
        )
    )
    if word.span is None or rests_at(person_id, word.span[0]):
        end_rest(page, person_id)
        let_through(page, person_id, but=DEBRIEF)
    name = read_as([by.person_id]).to(person_id)[by.person_id]

    def words() -> tuple[str, str]:
        text = _("By %(who)s: %(why)s. It stands on your page, with the name.")
        planned = kind == kinds.PLAN_OVERRIDDEN
        what = _("You are planned though you rest then") if planned else _("Your rest was broken")
        return what, text % {"who": name, "why": word.reason}

    key = f"rest:{page.entry.entry_id}"
    notify_of_hours(page, [person_id], words, key=key, about="rest")


def use_words(
    book: Book,
    person_ids: Collection[uuid.UUID],
    going: Going,
    *,
    span: Span,
    but: uuid.UUID | None,
) -> None:
    """These people are put on a duty or mission of that span, where `going` is what of it is still
    to come: a word that was said of one of them for no duty, and without which something spoke
    against it, counts for this one alone from now on. Called before anything is judged, so that of
    two who use one word at once the second finds it used."""
    rows = RestOverride.objects.select_for_update().filter(
        person_id__in=person_ids, begins_at__isnull=True, at__gte=book.now - HOLDS
    )
    found = list(rows.order_by("pk"))
    if not found:
        return
    needed = against({one.person_id for one in found}, going, now=book.now, but=but, unused=False)
    for row in found:
        if row.person_id in needed:
            page = book.entry(
                kinds.OVERRIDE_USED, subject=f"person:{row.person_id}", person=row.person_id
            )
            page.change(row, begins_at=span[0], ends_at=span[1])
