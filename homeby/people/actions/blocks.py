"""Blocking members: what they write through the system does not arrive, but for what is about
somebody's safety (`STORY.md` 105)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import kinds
from homeby.people.models import Block, Person
from homeby.people.queries import visible_people
from homeby.people.rules import PersonKind, Viewer

BLOCKS_MAX = 100


@logbook.once
def block(*, person_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From now on nothing of this member reaches the viewer but what is about safety. Nobody else
    learns of it; blocking the same one again changes nothing."""
    if person_id == by.person_id:
        raise Refused(person=_("You cannot block yourself."))
    if not visible_people(by).filter(pk=person_id, kind=PersonKind.HUMAN).exists():
        raise Refused(person=_("There is no such person."))
    answer = _("Blocked. Nobody is told.")
    with logbook.writing(now=now, by=by.person_id) as book:
        own = Person.objects.select_for_update().get(pk=by.person_id or uuid.UUID(int=0))
        rows = Block.objects.filter(person=own)
        if rows.count() >= BLOCKS_MAX:
            raise Refused(_("%d blocks are enough; take one back first.") % BLOCKS_MAX)
        page = book.entry(
            kinds.BLOCK_SET, subject=f"person:{own.pk}", person=own.pk, tap=tap, answer=answer
        )
        if not rows.filter(blocked_id=person_id).exists():
            page.add(Block(id=tap.entry_id, person=own, blocked_id=person_id, from_at=now))
    return answer


@logbook.once
def unblock(*, block_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take a block back; only whoever set it can."""
    answer = _("Taken back.")
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = Block.objects.select_for_update().filter(pk=block_id)
        row = rows.filter(person_id=by.person_id or uuid.UUID(int=0)).first()
        if row is None:
            raise Refused(_("This is here no more."))
        page = book.entry(
            kinds.BLOCK_ENDED,
            subject=f"person:{row.person_id}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        page.remove(row)
    return answer
