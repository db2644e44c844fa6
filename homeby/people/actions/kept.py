"""What a person writes down for a bad day: home, health, where she would be. Only she writes it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import kinds, private, rules_private
from homeby.people.models import Person, PersonKey
from homeby.people.queries.kept import TABLES, health_of
from homeby.people.rules import PersonKind, Purpose, Viewer
from homeby.people.rules_private import FIELDS, Kept


@logbook.once
def write_down(
    *, kept: Kept, values: Mapping[str, str], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Keep what the viewer says of herself, in place of what she said before; with every field
    empty it is removed. Nobody else writes it, and the entry does not say what it was about."""
    values = {name: values.get(name, "").strip() for name in FIELDS[kept]}
    if problems := rules_private.problems_with(kept, values):
        raise Refused(**problems)
    is_empty = not any(values.values())
    answer = _("Removed.") if is_empty else _("Kept, sealed under your key.")
    with logbook.writing(now=now, by=by.person_id) as book:
        person = _human(by)
        row = TABLES[kept]._default_manager.select_for_update().filter(person=person).first()
        kind = kinds.PRIVATE_REMOVED if is_empty else kinds.PRIVATE_WRITTEN
        page = book.entry(
            kind, subject=f"person:{person.pk}", person=person.pk, tap=tap, answer=answer
        )
        if is_empty:
            if row is not None:
                page.remove(row)
            return answer
        sealed = private.seal(person.pk, values)
        if row is None:
            page.add(TABLES[kept](person=person, sealed=sealed, written_at=now))
        else:
            page.change(row, sealed=sealed, written_at=now)
    return answer


def _human(by: Viewer) -> Person:
    """The viewer's own row, locked, so that two pages of hers follow one another."""
    rows = Person.objects.select_for_update()
    found = rows.filter(pk=by.person_id).first() if by.person_id is not None else None
    if found is None or found.kind != PersonKind.HUMAN:
        raise Refused(_("Only a person writes this, and only of herself."))
    if not PersonKey.objects.filter(person=found, wrapped__isnull=False).exists():
        raise Refused(_("The key to your private data was destroyed; nothing more can be kept."))
    return found


def note_opened(page: Page, *, kept: Iterable[Kept], purpose: Purpose) -> None:
    """Say in an entry what was opened and for what; never a word of it."""
    page.state(opened=sorted(kept), purpose=purpose)


@logbook.once
def open_health(*, person_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A medic opens what somebody says of her health: first it is written down, where the person
    herself reads it; the page then shows it. Raises Refused where there is nothing to open."""
    facts = health_of(by, person_id)
    if facts is None:
        raise Refused(_("There is nothing here that you may open."))
    answer = _("Opened; she sees in the logbook that you did.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.PRIVATE_OPENED,
            subject=f"person:{person_id}",
            person=person_id,
            tap=tap,
            answer=answer,
        )
        note_opened(page, kept=[Kept.HEALTH], purpose=Purpose.HEALTH)
    return answer
