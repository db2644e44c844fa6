"""Ranks: data of the organisation, in its order. One that is ended stays with whoever has it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions.organisation import require
from homeby.people.models import Person, Rank
from homeby.people.rules import Role, Viewer


@dataclass(frozen=True, kw_only=True)
class RankFields:
    """A rank: its name, what stands beside a callsign, its place in the order (1: highest)."""

    name: str
    short: str = ""
    place: int = 1


@logbook.once
def set_rank(
    *, rank_id: uuid.UUID | None, fields: RankFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Add a rank (its id is the tap's), or change the one of this id."""
    require(by, Role.ADMINISTRATOR)
    name, short = fields.name.strip(), fields.short.strip()
    if not name:
        raise Refused(name=_("Give the rank a name."))
    if len(name) > 60 or len(short) > 20:
        raise Refused(name=_("A name has at most 60 characters, its short form 20."))
    same = Rank.objects.filter(name=name).values_list("pk", flat=True)
    if any(key != rank_id for key in same):
        raise Refused(name=_("There is a rank of that name already."))
    with logbook.writing(now=now, by=by.person_id) as book:
        subject = f"rank:{rank_id or tap.entry_id}"
        page = book.entry(rules.RANK_SET, subject=subject, tap=tap, answer=_("Saved."))
        if rank_id is None:
            page.add(Rank(id=tap.entry_id, name=name, short=short, place=fields.place))
        else:
            row = Rank.objects.select_for_update().get(pk=rank_id)
            page.change(row, name=name, short=short, place=fields.place)
    return _("Saved.")


@logbook.once
def end_rank(*, rank_id: uuid.UUID, ended: bool, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Give a rank no more, or again; whoever has it keeps it."""
    require(by, Role.ADMINISTRATOR)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Rank.objects.select_for_update().get(pk=rank_id)
        facts = {"ended": ended}
        page = book.entry(
            rules.RANK_SET, subject=f"rank:{rank_id}", facts=facts, tap=tap, answer=_("Saved.")
        )
        page.change(row, ended_at=now if ended else None)
    return _("Saved.")


def wear(page: Page, *, person_id: uuid.UUID, name: str) -> None:
    """With an entry that is being written: this person has the rank of this name from now on, where
    the organisation gives one so called; else nothing changes."""
    rank = Rank.objects.filter(name__iexact=name, ended_at__isnull=True).first()
    if rank is not None:
        row = Person.objects.select_for_update().get(pk=person_id)
        page.change(row, rank_id=rank.pk)
