"""People and units."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import private, queries, rules
from homeby.people.actions import seasons
from homeby.people.actions.organisation import require
from homeby.people.actions.returning import bring_nothing_back
from homeby.people.models import Person, PersonKey
from homeby.people.rules import PersonKind, Role, Viewer


@logbook.once
def add_person(  # noqa: PLR0913 - the fields of a person
    *,
    name: str,
    callsign: str = "",
    kind: PersonKind = PersonKind.HUMAN,
    language: str = "en",
    key: str | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Add a person or unit with a data key of their own; where callsigns are drawn, one without a
    typed callsign gets a random one. The row's id is the tap's."""
    require(by, Role.ADMINISTRATOR, Role.LEADER)
    if problems := rules.problem_with_person(name=name, callsign=callsign):
        raise Refused(**problems)
    if key is not None and Person.objects.filter(key=key).exists():
        raise Refused(key=_("A person with the key %s is already here.") % key)
    with logbook.writing(now=now, by=by.person_id) as book:
        person = Person(
            id=tap.entry_id,
            name=name.strip(),
            callsign=callsign.strip() or seasons.for_new(kind),
            kind=kind,
            language=language,
            key=key,
        )
        add_person_row(book, person, tap=tap)
    return _("%s is added.") % person.shown_as


def add_person_row(book: logbook.Book, person: Person, *, tap: Tap | None = None) -> None:
    """Write a new person and their data key inside an open book (imports add many at a time)."""
    page = book.entry(
        rules.PERSON_ADDED,
        subject=f"person:{person.pk}",
        person=person.pk,
        tap=tap,
        answer=_("%s is added.") % person.shown_as,
    )
    page.add(person)
    page.add(PersonKey(person=person, wrapped=private.new_wrapped_key(person.pk)))


@logbook.once
def change_person(
    *, person_id: uuid.UUID, values: dict[str, Any], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Change name, callsign, rank, language or is_active of a person. Who comes back brings back
    nothing of what she held."""
    known = {"name", "callsign", "rank_id", "language", "is_active"}
    assert set(values) <= known, "unknown column"
    if by.person_id != person_id or set(values) - {"language"}:
        require(by, Role.ADMINISTRATOR, Role.LEADER)
    with logbook.writing(now=now, by=by.person_id) as book:
        person = Person.objects.select_for_update().get(pk=person_id)
        wanted = {"name": person.name, "callsign": person.callsign} | values
        problems = rules.problem_with_person(name=wanted["name"], callsign=wanted["callsign"])
        if problems:
            raise Refused(**problems)
        if values.get("is_active") is False:
            _not_the_last_administrator(person_id, now=now)
        page = book.entry(
            rules.PERSON_CHANGED,
            subject=f"person:{person_id}",
            person=person_id,
            tap=tap,
            answer=_("Saved."),
        )
        comes_back = values.get("is_active") is True and not person.is_active
        page.change(person, **values)
        if comes_back:
            bring_nothing_back(page, person_id)
    return _("Saved.")


def _not_the_last_administrator(person_id: uuid.UUID, *, now: dt.datetime) -> None:
    if queries.holders(Role.ADMINISTRATOR, now=now) == [person_id]:
        raise Refused(_("This is the last administrator; give the role to somebody else first."))


def person_to_erase(person_id: uuid.UUID, *, by: Viewer, now: dt.datetime) -> Person:
    """The row of a person who is to be erased, locked. Raises Refused for whoever was erased, is no
    human, is the last administrator, or is the viewer herself."""
    found = Person.objects.select_for_update().filter(pk=person_id, kind=PersonKind.HUMAN).first()
    key = PersonKey.objects.filter(person_id=person_id, wrapped__isnull=False)
    if found is None or (not found.is_active and not found.callsign and not key.exists()):
        raise Refused(_("There is nobody here to erase."))
    if by.person_id == person_id:
        raise Refused(_("Another administrator erases you; so that somebody can still log in."))
    _not_the_last_administrator(person_id, now=now)
    return found
